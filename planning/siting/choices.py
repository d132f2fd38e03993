"""From a country and a programme to its options: what may stand where, and what stands there already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foundation.errors import InvalidInput
from geodata.country import Country
from planning.kinds import BASE, PARTIAL, KindOfPlace
from planning.programme import Programme
from planning.siting import options as o
from planning.siting.naming import check_names
from planning.siting.options import NEVER, Options
from planning.siting.places import PlaceJourneys
from planning.siting.where import may_stand, rounds_of
from planning.standards import Standard
from planning.travel import Reach, Travel


def options_of(country: Country, programme: Programme, standard: Standard) -> Options:
    """
    List the options of a programme: first the centres of every site, then each further kind where it may stand.

    Raises
    ------
    InvalidInput
        For a fixed centre that cannot be, a name the country does not know, or a kind's remote limit where
        the standard knows no remote places.
    """
    check_names(country, programme)
    _check_remote(programme, standard)
    ids = [str(site) for site in country.candidates["site_id"]]
    position = {site: i for i, site in enumerate(ids)}
    _check_fixed(country, programme, position)
    recorded = _partial_centres(country, standard, position)
    rows = _base_rows(country, programme, recorded, len(ids))
    for number, kind in enumerate(_further(programme), start=2):
        rows += _rows_of_kind(country, programme, kind, number, recorded)
    _fix(rows, programme, position)
    _replace(rows, programme)
    _close(rows, programme, position)
    return _arrays(country, programme, standard, rows)


def places_of(options: Options, journeys: Travel | Reach) -> PlaceJourneys:
    """Say at which sites each option is visited."""
    return PlaceJourneys(journeys, options.stop_first, options.stop_site)


@dataclass(slots=True)
class _Row:
    """One option while it is put together."""

    site: int
    kind: KindOfPlace
    number: int
    stops: list[int]
    may_stand: bool
    earliest: int = 0
    latest: int = NEVER
    open_from: int = NEVER
    closes_from: int = NEVER
    replaces: int = -1

    @property
    def standing(self) -> bool:
        return self.kind.form != "mobile"


_RECORDED = KindOfPlace(PARTIAL, "Partial centre", "مركز جزئي", counts_as=None)


def _further(programme: Programme) -> list[KindOfPlace]:
    return [kind for kind in programme.kinds if kind.id != BASE]


def _check_fixed(country: Country, programme: Programme, position: dict[str, int]) -> None:
    partial = {str(c.site_id) for c in country.centres.itertuples() if c.kind == PARTIAL}
    for centre in programme.fixed:
        if centre.site_id not in position:
            raise InvalidInput(
                "The programme fixes '{site}', which is no candidate site. Use a site_id of the candidates table.",
                site=centre.site_id,
            )
        if centre.site_id in partial:
            raise InvalidInput(
                "The programme fixes '{site}', a partial centre, which is never counted. Remove it from fixed.",
                site=centre.site_id,
            )


def _partial_centres(country: Country, standard: Standard, position: dict[str, int]) -> dict[int, int]:
    """Site -> year from which a recorded partial centre is open; `NEVER` where it does not count, or is not open."""
    found = {}
    for centre in country.centres.itertuples():
        if centre.kind != PARTIAL or centre.site_id not in position:
            continue
        counts = standard.partial_counts and centre.status == "open" and centre.opened_year == centre.opened_year
        found[position[centre.site_id]] = int(centre.opened_year) if counts else NEVER
    return found


def _base_rows(country: Country, programme: Programme, recorded: dict[int, int], sites: int) -> list[_Row]:
    """One row a site; a recorded partial centre is no place for a comprehensive one."""
    kind = programme.kind(BASE)
    fits = may_stand(country, kind.where)
    rows = []
    for site, earliest in enumerate(_earliest(country)):
        if site in recorded:
            rows.append(_Row(site, _RECORDED, o.PARTIAL, [site], False, earliest, open_from=recorded[site]))
        else:
            years = (max(earliest, kind.opens_from or 0), kind.opens_to or NEVER)
            rows.append(_Row(site, kind, o.COMPREHENSIVE, [site], bool(fits[site]), *years))
    return rows


def _rows_of_kind(
    country: Country, programme: Programme, kind: KindOfPlace, number: int, recorded: dict[int, int]
) -> list[_Row]:
    """Where a kind may stand or is fixed; an upgrade only where what it upgrades stands."""
    ids = [str(site) for site in country.candidates["site_id"]]
    fixed = {f.site_id: f.kind for f in programme.fixed}
    rounds = rounds_of(country, kind.round) if kind.round is not None else {i: [i] for i in range(len(ids))}
    fits = may_stand(country, kind.where)
    rows = []
    for site, earliest in enumerate(_earliest(country)):
        here = PARTIAL if site in recorded else fixed.get(ids[site])
        allowed = bool(fits[site]) and site in rounds
        if kind.upgrades is not None:
            allowed = allowed and here == kind.upgrades
        elif kind.form != "mobile":
            allowed = allowed and here != PARTIAL
        if allowed or here == kind.id:
            years = (max(earliest, kind.opens_from or 0), kind.opens_to or NEVER)
            rows.append(_Row(site, kind, number, rounds.get(site, [site]), allowed, *years))
    return rows


def _earliest(country: Country) -> list[int]:
    return [int(year) for year in country.candidates["earliest_year"].fillna(0)]


def _fix(rows: list[_Row], programme: Programme, position: dict[str, int]) -> None:
    """Mark what is fixed open; where it may not close, nothing else may stand but its upgrade."""
    at = {(row.site, row.kind.id): row for row in rows}
    closing = {closure.site for closure in programme.conditions.closures}
    for centre in programme.fixed:
        site = position[centre.site_id]
        mine = at[site, centre.kind]
        mine.open_from = centre.operating
        for row in rows:
            if row.site == site and row is not mine and row.standing and mine.standing:
                row.may_stand &= row.kind.upgrades == centre.kind or centre.site_id in closing


def _replace(rows: list[_Row], programme: Programme) -> None:
    """Let what an upgrade replaces close when it opens, which is after that has stood."""
    for row in rows:
        if row.kind.upgrades is None or not row.may_stand:
            continue
        for number, old in enumerate(rows):
            if old.site == row.site and old.kind.id == row.kind.upgrades and old.open_from < NEVER:
                after = programme.years[0] if old.open_from < programme.years[0] else old.open_from + 1
                row.earliest = max(row.earliest, after)
                row.replaces, old.closes_from = number, min(old.closes_from, row.earliest)


def _close(rows: list[_Row], programme: Programme, position: dict[str, int]) -> None:
    """Mark what the planner lets close."""
    for closure in programme.conditions.closures:
        for row in rows:
            if row.site == position[closure.site] and row.open_from < NEVER and row.kind.id != PARTIAL:
                if row.closes_from < NEVER:
                    raise InvalidInput(
                        "Site '{site}' may close, and may be upgraded as well. Keep one of the two.", site=closure.site
                    )
                row.closes_from = closure.not_before


def _check_remote(programme: Programme, standard: Standard) -> None:
    for kind in programme.kinds:
        if kind.standard is not None and kind.standard.remote is not None and standard.remote is None:
            raise InvalidInput(
                "The kind '{id}' has remote_minutes, and the standard does not say where is remote. Add remote and "
                "remote_minutes to the standard, or leave them out of the kind.",
                id=kind.id,
            )


def _arrays(country: Country, programme: Programme, standard: Standard, rows: list[_Row]) -> Options:
    kinds = (programme.kind(BASE), _RECORDED, *_further(programme))
    settlement = standard.settlements(country)
    own = [np.full(settlement.size, np.nan) if k.standard is None else k.standard.of(settlement) for k in kinds]
    costs = [row.kind.cost for row in rows]
    return Options(
        site=_ints(row.site for row in rows),
        kind=_ints(row.number for row in rows),
        open_from=_ints(row.open_from for row in rows),
        closes_from=_ints(row.closes_from for row in rows),
        earliest=_ints(row.earliest for row in rows),
        latest=_ints(row.latest for row in rows),
        may_stand=np.array([row.may_stand for row in rows], dtype=bool),
        counted=np.array([row.kind.counted for row in rows], dtype=bool),
        standing=np.array([row.standing for row in rows], dtype=bool),
        kinds=tuple(kind.id for kind in kinds),
        own_limits=np.array(own),
        capital=_ints(0 if cost is None else cost.capital for cost in costs),
        running=_ints(0 if cost is None else cost.running for cost in costs),
        staff=_ints(row.kind.staff or 0 for row in rows),
        stop_first=np.concatenate([[0], np.cumsum([len(row.stops) for row in rows])]).astype(np.int64),
        stop_site=_ints(stop for row in rows for stop in row.stops),
        replaces=_ints(row.replaces for row in rows),
    )


def _ints(values: Iterable[int]) -> NDArray[np.int64]:
    return np.array(list(values), dtype=np.int64)
