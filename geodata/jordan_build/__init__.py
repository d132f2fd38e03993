"""Rebuild the built-in Jordan from its sources; run as ``python -m geodata.jordan_build``."""
