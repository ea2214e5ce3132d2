"""The phases of a contract run, one module each, found by name; `registry` says how to write one."""

from contracts.phases import bodies, coverage, doors, examples, fuzzing, links, model, properties, reads

__all__ = ["bodies", "coverage", "doors", "examples", "fuzzing", "links", "model", "properties", "reads"]
