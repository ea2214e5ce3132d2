"""The mutants, one module for each thing that can be wrong."""
