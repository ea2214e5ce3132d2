"""What the emulated world is made of: accounts, money, time, and the sandbox that holds them. Knows the contract."""
