"""Customers: registration, lists, real names, freezing, budgets."""
