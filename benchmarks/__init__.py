"""Measurements of the optimizer on generated and published instances; never imported by the rooms."""
