"""What every call passes before business: one step, one module, one function. Knows the domain and the contract."""
