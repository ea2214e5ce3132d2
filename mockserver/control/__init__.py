"""The control API: sandboxes, clock, state, journal. Knows everything below, and no web framework."""

from mockserver.control import sandboxes, state  # noqa: F401  (registration)
