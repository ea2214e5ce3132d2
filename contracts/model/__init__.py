"""The stateful model: random sequences of calls, each answer foretold by a small reference model of its own.

`rules` has one module an area, found by being there; `reference` is what they reckon with; `play` carries the calls and
compares; `machine` makes one state machine of all rules, and `searching` runs it.
"""
