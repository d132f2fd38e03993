"""The ground floor of numbers: arrays in, certified answer out; knows no geography."""
