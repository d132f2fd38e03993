"""The parts of a report, each a pure function from the material and a writer to blocks."""
