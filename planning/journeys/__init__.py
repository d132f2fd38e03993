"""Journeys: legs off the road, searches over it, sparse reach, edits, ready-made matrices. See planning.travel."""
