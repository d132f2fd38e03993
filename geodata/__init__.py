"""The ground floor of places: sources in, checked frames out. `load` is the way in."""
