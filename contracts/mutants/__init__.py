"""How strong the contract suite is: small wrong variants of the emulator, each of which it ought to find.

`registry.MUTANTS` has them, `runner` holds the suite against each; `python -m contracts.mutants` prints what survives.
"""
