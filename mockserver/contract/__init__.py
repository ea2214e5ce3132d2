"""The contract: what is documented of every operation, read from `schemas/`. Knows nobody else."""
