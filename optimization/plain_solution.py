"""What the plain entry points answer, and what they all accept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from foundation.errors import InvalidInput
from optimization.limits import Limits, checked_limits
from optimization.solution import Proof, Status
from optimization.validation import is_whole


@dataclass(frozen=True, slots=True)
class PlainProgress:
    """How far a plain solve is: value and bound in the caller's units (NaN: none yet)."""

    value: float
    bound: float
    seconds: float


class PlainLimits(TypedDict, total=False):
    """The keyword-only limits of every entry point, as in `optimization.solve`."""

    time_limit: float | None
    gap: float
    threads: int
    seed: int
    progress: Callable[[PlainProgress], None] | None
    memory_limit: float | None


@dataclass(frozen=True, slots=True)
class PlainSolution:
    """
    An answer in the caller's own terms.

    Attributes
    ----------
    status
        As in `Solution`. Of data that had to be rounded, "proven_optimal" leaves a gap of a millionth at most.
    chosen
        Positions of the open sites, ascending; empty when there is no plan.
    assignment
        (customers,) position of the open site that serves each customer, -1 where unserved; ties
        go to the lowest position.
    value, bound
        In the caller's units: covered weight, weighted cost, largest cost, or cost of sites. NaN: none.
    gap
        |value - bound|.
    proof
        "checked": the bound was verified in whole numbers; "solver": only HiGHS says so; "none".
    quantum
        The unit of the whole numbers that were solved, in the caller's units; 1.0 for whole data. Where data were
        rounded to it, `bound` allows for that.
    unreachable
        Customers that no site can reach, where that makes the problem infeasible.
    certificate
        Of a p-median or a p-centre: arrays that `verify_p_median` and `verify_p_center` replay. Empty otherwise.
    """

    status: Status
    chosen: tuple[int, ...]
    assignment: NDArray[np.int64]
    value: float
    bound: float
    gap: float
    proof: Proof
    seconds: float
    quantum: float = 1.0
    unreachable: tuple[int, ...] = ()
    certificate: dict[str, NDArray[Any]] = field(default_factory=dict, compare=False, repr=False)


def limits_from(limits: PlainLimits, started: float) -> Limits:
    """Check the limits an entry point was given; one it does not know is refused."""
    unknown = sorted(set(limits) - set(PlainLimits.__annotations__))
    if unknown:
        raise InvalidInput(
            "There is no limit called '{name}'; there are {known}.",
            name=unknown[0],
            known=", ".join(PlainLimits.__annotations__),
        )
    tell = limits.get("progress")
    if tell is not None and not callable(tell):
        raise InvalidInput("progress is {found}; expected a function to call.", found=str(tell))
    return checked_limits(
        started=started,
        time_limit=limits.get("time_limit"),
        gap=limits.get("gap", 0.0),
        threads=limits.get("threads", 1),
        seed=limits.get("seed", 0),
        memory_limit=limits.get("memory_limit"),
    )


def reach_of(reach: Any) -> sparse.csr_array:
    """Return a reach as a CSR of ones: bool or 0/1 array, or scipy sparse; customers × sites."""
    refuse_masked(reach, name="reach")
    if sparse.issparse(reach):
        if reach.ndim != 2:
            raise InvalidInput("reach has {dims} dimensions; expected customers × sites.", dims=reach.ndim)
        given = reach if reach.format in {"csr", "csc", "coo"} else sparse.coo_array(reach)
        if given.dtype != np.bool_ and not _zeros_and_ones(given.data):
            raise InvalidInput("reach must hold true or false (1 or 0) only.")
        if given.format != "csr":
            given = given.astype(np.bool_)  # entries given twice are one: they do not add up
        matrix = sparse.csr_array(given)
        if np.count_nonzero(matrix.data) < matrix.nnz or not matrix.has_canonical_format:
            matrix = matrix.astype(np.bool_, copy=True)  # the caller's stays as it is; two entries for one are one
            matrix.sum_duplicates()
            matrix.eliminate_zeros()
    else:
        try:
            dense = np.asarray(reach)
            dense = np.asarray(dense, dtype=np.float64) if dense.dtype == object else dense
        except (TypeError, ValueError):  # rows of several lengths, or what is no number
            raise InvalidInput("{name} must be an array of numbers.", name="reach") from None
        if dense.ndim != 2:
            raise InvalidInput("reach has {dims} dimensions; expected customers × sites.", dims=dense.ndim)
        if dense.dtype != np.bool_ and not np.isin(dense, (0, 1)).all():
            raise InvalidInput("reach must hold true or false (1 or 0) only.")
        matrix = sparse.csr_array(dense.astype(np.int8))
    indices = matrix.indices.astype(np.int32, copy=False)
    ones = matrix.data if matrix.dtype == np.int8 else np.ones(matrix.nnz, dtype=np.int8)
    return sparse.csr_array((ones, indices, matrix.indptr), shape=matrix.shape)


def _zeros_and_ones(data: NDArray[Any]) -> bool:
    step = 1 << 22  # in pieces, so that a large matrix is not copied
    return all(bool(np.isin(data[at : at + step], (0, 1)).all()) for at in range(0, data.size, step))


def cost_of(cost: ArrayLike) -> NDArray[np.float64]:
    """Return a cost matrix as floats: customers × sites, non-negative, inf where there is no route."""
    if sparse.issparse(cost):
        raise InvalidInput("cost is sparse; expected a full array of customers × sites, inf where there is no route.")
    matrix = numbers_of(cost, name="cost")
    if matrix.ndim != 2:
        raise InvalidInput("cost has {dims} dimensions; expected customers × sites.", dims=matrix.ndim)
    if np.isnan(matrix).any():
        raise InvalidInput("cost holds NaN; write inf where there is no route.")
    if (matrix < 0).any():
        raise InvalidInput("cost holds negative numbers; costs must be 0 or more.")
    return matrix


def weights_of(weights: ArrayLike | None, customers: int, *, name: str = "weights") -> NDArray[np.float64]:
    """Return (customers,) finite non-negative numbers, of whatever `name` they are; ones when None."""
    if weights is None:
        return np.ones(customers)
    values = numbers_of(weights, name=name)
    if values.shape != (customers,):
        raise InvalidInput(
            "{name} has {found} entries in the shape {shape}; expected {expected}, one each.",
            name=name,
            found=values.size,
            shape=str(values.shape),
            expected=customers,
        )
    if not np.isfinite(values).all() or (values < 0).any():
        raise InvalidInput("{name} must be finite and not negative, with no NaN.", name=name)
    refuse_overflow(values, 1.0, name=name)
    return values


def numbers_of(values: ArrayLike, *, name: str) -> NDArray[np.float64]:
    """Return an array of real numbers as floats, or refuse what is none."""
    refuse_masked(values, name=name)
    try:
        array = np.asarray(values)
        if array.dtype.kind in "biuf" or array.dtype == object:
            return np.asarray(array, dtype=np.float64)
    except (TypeError, ValueError):
        pass
    raise InvalidInput("{name} must be an array of numbers.", name=name)


def refuse_masked(values: Any, *, name: str) -> None:
    """Refuse an array with entries masked out: what stands under a mask is no figure of the caller's."""
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        raise InvalidInput("{name} is a masked array; fill what is masked (a cost without a route is inf).", name=name)


def refuse_overflow(values: NDArray[np.float64], times: float, *, name: str) -> None:
    """Refuse finite numbers whose sum, `times` over, is beyond what a float holds; inf among them is left out."""
    with np.errstate(over="ignore"):
        total = float(values.max(initial=0.0, where=np.isfinite(values))) * max(1, values.shape[0]) * max(1.0, times)
    if not np.isfinite(total):
        raise InvalidInput("{name} are too large to be added up; use a coarser unit.", name=name)


def count_of(p: int, fixed: Sequence[int], sites: int) -> tuple[int, NDArray[np.int64]]:
    """Check p and the fixed sites; return (p, lower bounds)."""
    if sites == 0:
        raise InvalidInput("There are no sites; give at least one.")
    if isinstance(p, bool) or not isinstance(p, (int, float, np.number)) or not 1 <= p <= sites or int(p) != p:
        raise InvalidInput("p is {p}; expected a whole number from 1 to the {sites} sites.", p=str(p), sites=sites)
    lower = fixed_of(fixed, sites)
    if lower.sum() > p:
        raise InvalidInput("{count} sites are fixed open, more than p = {p}.", count=int(lower.sum()), p=int(p))
    return int(p), lower


def fixed_of(fixed: Sequence[int], sites: int) -> NDArray[np.int64]:
    """Return lower bounds with ones at the fixed sites."""
    if not isinstance(fixed, Iterable):
        raise InvalidInput("fixed is {found}; expected a list of positions of sites.", found=str(fixed))
    lower = np.zeros(sites, dtype=np.int64)
    for site in fixed:
        if not is_whole(site):
            raise InvalidInput("fixed holds {kind}; expected positions of sites.", kind=type(site).__name__)
        if not 0 <= site < sites:
            raise InvalidInput("fixed names site {site}; there are sites 0 to {last}.", site=int(site), last=sites - 1)
        lower[int(site)] = 1
    return lower


def nothing_found(
    status: Status,
    customers: int,
    *,
    seconds: float,
    proof: Proof = "none",
    unreachable: tuple[int, ...] = (),
    certificate: dict[str, NDArray[Any]] | None = None,
) -> PlainSolution:
    """Return an answer without a plan."""
    nan = float("nan")
    unserved = np.full(customers, -1, dtype=np.int64)
    return PlainSolution(
        status, (), unserved, nan, nan, nan, proof, seconds, unreachable=unreachable, certificate=certificate or {}
    )


def nearest(cost: NDArray[np.float64], chosen: tuple[int, ...]) -> NDArray[np.int64]:
    """Return the position of the cheapest open site of each customer, lowest position first; -1 for none."""
    if not chosen:
        return np.full(cost.shape[0], -1, dtype=np.int64)
    among = cost[:, chosen]
    best = among.argmin(axis=1)
    served = np.isfinite(among[np.arange(cost.shape[0]), best])
    return np.where(served, np.asarray(chosen)[best], -1)
