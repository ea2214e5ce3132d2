"""Sequences of calls in which ids go from one operation's answers into another's requests, and what must become of
them; the phase `links` plays them."""
