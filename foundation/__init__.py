"""The cellar: what every room may need, and nothing else."""
