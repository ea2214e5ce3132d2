"""resellers."""
