"""The sections of a scenario file, one module each: strict models that build planning's frozen types."""
