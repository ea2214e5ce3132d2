"""The phases of a contract run, one module each, found by name; `registry` says how to write one."""

from contracts.phases import coverage, examples, fuzzing, links, reads

__all__ = ["coverage", "examples", "fuzzing", "links", "reads"]
