"""The parts of verifying a run: what lies in its folder, and how it compares with what its inputs and proof give."""
