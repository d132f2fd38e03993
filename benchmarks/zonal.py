"""
Sums of people by zone from a raster of 100 m, measured: ours beside rasterstats, on the same file and outlines.

    python -m benchmarks.zonal

Needs rasterstats installed (never a dependency). Ours is measured whole, the child process of the gate and its
checks included, and once more by the reader alone, as rasterstats is; `exact` sums the share of every cell
(exactextract), which rasterstats does not offer. All but that give the very same sums.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from benchmarks.jordan_like import ground, write_raster
from benchmarks.travel import CRS
from geodata.gate import read_through_gate
from geodata.population import cells
from geodata.population.rows import LIMITS

Sums = NDArray[np.float64]


def timed(name: str, sums: Callable[[], Sums], *, times: int = 3) -> tuple[Sums, float]:
    """Return the sums and the least seconds of some runs."""
    least = np.inf
    for _ in range(times):
        began = time.perf_counter()
        found = sums()
        least = min(least, time.perf_counter() - began)
    print(f"{name}: {least:.2f} s", flush=True)
    return found, least


def main() -> None:
    """Measure and print."""
    from rasterstats import zonal_stats

    known = ground()
    outlines = list(shapely.to_wkb(known.pack.zones.geometry.to_numpy()))
    plane = list(known.pack.zones.geometry.segmentize(0.05).to_crs(CRS))  # as ours cuts long edges
    with tempfile.TemporaryDirectory() as folder:
        raster = Path(folder) / "people.tif"
        print("raster of {} x {} cells, 12 zones".format(*write_raster(raster, known)))

        def ours() -> Sums:
            answer = read_through_gate(
                "geodata.population.cells:zone_sums",
                raster,
                kinds=("geotiff",),
                library="raster",
                given={"zones": outlines},
                limits=LIMITS,
            )
            return answer.arrays["sums"].astype(np.float64)

        def alone() -> Sums:
            given = {"zones": np.array(outlines, dtype=object)}
            return np.asarray(cells.zone_sums(raster, scratch=Path(folder), given=given)[0]["sums"])  # type: ignore[arg-type]

        def exact() -> Sums:
            told = {"resolution_m": 1000.0, "density_per_km2": 300.0, "cluster_people": 5000.0, "exact": True}
            given = {"zones": np.array(outlines, dtype=object)}
            return np.asarray(cells.blocks(raster, scratch=Path(folder), given=given, **told)[0]["exact"])  # type: ignore[arg-type]

        def theirs() -> Sums:
            return np.array([one["sum"] or 0.0 for one in zonal_stats(plane, str(raster), stats=["sum"])])

        whole, seconds = timed("ours, through the gate", ours)
        same, reader = timed("ours, the reader alone", alone)
        other, rasterstats = timed("rasterstats", theirs)
        shares, _ = timed("ours, blocks and settlement types and exact shares of cells", exact, times=1)
    print(f"rasterstats takes {rasterstats / reader:.1f} times the reader, {rasterstats / seconds:.1f} times the whole")
    np.testing.assert_array_equal(whole, same)
    print(f"greatest difference of a zone: rasterstats {np.abs(other - whole).max():.1f} people, ", end="")
    print(f"exact shares {np.abs(shares - whole).max():.1f}")


if __name__ == "__main__":
    main()
