"""Other readings of a scenario's programme, asked for by ``compare``."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from planning.programme import Programme
from planning.siting import Request
from scenarios.files import Scenario


def variants_of(scenario: Scenario, request: Request) -> Iterator[tuple[str, str, Request]]:
    """Yield each variant's name, its title (an English sentence of the catalogue) and what it asks."""
    for name in scenario.settings.compare:
        other, title = _other_way(request.programme)
        yield name, title, dataclasses.replace(request, programme=other)


def _other_way(programme: Programme) -> tuple[Programme, str]:
    """Turn around whether a fixed centre meets its governorate's quota."""
    quotas = tuple(dataclasses.replace(q, fixed_count=not q.fixed_count) for q in programme.zone_quotas)
    now_counted = any(q.fixed_count for q in quotas)
    title = (
        "The pilot centre counts for the capital's quota"
        if now_counted
        else "The pilot centre does not count for the capital's quota"
    )
    return dataclasses.replace(programme, zone_quotas=quotas), title
