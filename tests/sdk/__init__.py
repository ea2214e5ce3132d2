"""The vendor's own SDKs, unmodified, over real HTTP."""
