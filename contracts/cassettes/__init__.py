"""Recorded traffic: cassettes, how they are made and played, and what differs between two of them."""
