"""The rules by area, one module each. A module that is here takes part: nothing else has to know of it."""
