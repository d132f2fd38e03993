"""
The second floor: what a ministry decides with, as pure functions on frames and arrays.

demand, travel, standards, programme, equity, siting; only `siting` knows the optimizer.
"""
