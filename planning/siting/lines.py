"""
The planner's conditions as the lines of the file they are: what each says, and how it may be loosened.

The rules of one line have names that begin alike (``at_most:badia:2025``), see the
modules that write them; `key_of` says with which line a rule belongs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from foundation.errors import Name, Phrase, listed
from planning.conditions import AreaRule, Budget, Conditions, SiteLimit
from planning.counted_words import centres, posts

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Number:
    """
    The number of a line that limits.

    Attributes
    ----------
    value
        As it stands in the file.
    sign
        1 where a larger number asks for less, -1 where a smaller one does.
    with_number, said
        The conditions with another number in its place, and the change in words.
    """

    value: int
    sign: int
    with_number: Callable[[int], Conditions]
    said: Callable[[int], Phrase]


@dataclass(frozen=True, slots=True)
class Line:
    """One condition: the names of its rules begin with `key`; `without` are the conditions without it."""

    key: str
    said: Phrase
    without: Conditions
    number: Number | None = None
    remove: Phrase | None = None


def key_of(rule_name: str) -> str:
    """Return the key of the line that a condition's rule belongs to: the first two parts of its name."""
    return ":".join(rule_name.split(":")[:2])


def lines_of(conditions: Conditions) -> Iterator[Line]:
    """Say every condition as a line."""
    for tie in conditions.together:
        rest = replace(conditions, together=_others(conditions.together, tie))
        said = Phrase(
            "centres at all of {sites} or at none ({name})",
            {"sites": listed(tie.sites, between=", "), "name": tie.name},
        )
        yield _removable(f"together:{tie.name}", said, rest, tie.name)
    for spacing in conditions.spacing:
        rest = replace(conditions, spacing=_others(conditions.spacing, spacing))
        said = Phrase("centres at least {km} km apart ({name})", {"km": f"{spacing.km:g}", "name": spacing.name})
        yield _removable(f"spacing:{spacing.name}", said, rest, spacing.name)
    for limit in conditions.site_limits:
        yield _site_line(conditions, limit)
    for area in conditions.areas:
        yield from _area_lines(conditions, area)
    if conditions.budget is not None:
        yield from _budget_lines(conditions, conditions.budget)
    for entry in conditions.staff:
        yield _staff_line(conditions, entry)
    for closure in conditions.closures:
        rest = replace(conditions, closures=_others(conditions.closures, closure))
        said = Phrase("the centre {site} that closes only for a successor", {"site": closure.site})
        yield Line(f"move:{closure.site}", said, rest, remove=Phrase("keep the centre {site}", {"site": closure.site}))


def _others(entries: tuple[T, ...], entry: T, *instead: T) -> tuple[T, ...]:
    at = entries.index(entry)
    return (*entries[:at], *instead, *entries[at + 1 :])


def _removable(key: str, said: Phrase, without: Conditions, name: str, number: Number | None = None) -> Line:
    return Line(key, said, without, number, Phrase("remove the rule {name}", {"name": name}))


def _in_rule(name: str, field: str, value: int) -> Callable[[int], Phrase]:
    def said(n: int) -> Phrase:
        values = {"name": name, "setting": f"{field}: {n}", "n": value}
        return Phrase("in the rule {name}, write {setting} instead of {n}", values)

    return said


def _site_line(conditions: Conditions, limit: SiteLimit) -> Line:
    rest = replace(conditions, site_limits=_others(conditions.site_limits, limit))
    key = f"at_sites:{limit.name}"
    values: dict[str, object] = {
        "sites": listed(limit.sites, between=", "),
        "name": limit.name,
        "centres": centres(limit.at_most),
    }
    if limit.at_most == 0:
        return _removable(key, Phrase("no centre at {sites} ({name})", values), rest, limit.name)

    def with_number(n: int) -> Conditions:
        other = replace(limit, at_most=n)
        return replace(conditions, site_limits=_others(conditions.site_limits, limit, other))

    number = Number(limit.at_most, 1, with_number, _in_rule(limit.name, "at_most", limit.at_most))
    return _removable(key, Phrase("at most {centres} at {sites} ({name})", values), rest, limit.name, number)


def _area_lines(conditions: Conditions, area: AreaRule) -> Iterator[Line]:
    """An area may have both limits; each is a line of its own."""
    title = Name(area.title_en, area.title_ar)
    for field, sign, sentence in (
        ("at_least", -1, "at least {centres} in {area} ({name})"),
        ("at_most", 1, "at most {centres} in {area} ({name})"),
    ):
        value: int | None = getattr(area, field)
        if value is None:
            continue

        def with_number(n: int | None, field: str = field) -> Conditions:
            other = replace(area, **{field: n})  # type: ignore[arg-type]
            empty = other.at_least is None and other.at_most is None
            return replace(conditions, areas=_others(conditions.areas, area, *(() if empty else (other,))))

        number = Number(value, sign, with_number, _in_rule(area.name, field, value))
        said = Phrase(sentence, {"centres": centres(value), "area": title, "name": area.name})
        remove = Phrase("in the rule {name}, remove {field}", {"name": area.name, "field": field})
        yield Line(f"{field}:{area.name}", said, with_number(None), number, remove)


def _budget_lines(conditions: Conditions, budget: Budget) -> Iterator[Line]:
    def with_budget(**changes: object) -> Conditions:
        other = replace(budget, **changes)  # type: ignore[arg-type]
        gone = not other.by_year and other.total is None
        return replace(conditions, budget=None if gone else other)

    for entry in budget.by_year:
        year, limit = entry

        def in_year(n: int, entry: tuple[int, int] = entry) -> Conditions:
            return with_budget(by_year=_others(budget.by_year, entry, (entry[0], n)))

        values: dict[str, object] = {"n": limit, "year": str(year)}
        number = Number(limit, 1, in_year, _in_money("budget", str(year), limit))
        yield Line(
            f"budget:{year}",
            Phrase("at most {n} JOD in {year}", values),
            with_budget(by_year=_others(budget.by_year, entry)),
            number,
            Phrase("remove the budget of {year}", values),
        )
    if budget.total is not None:
        number = Number(budget.total, 1, lambda n: with_budget(total=n), _in_money("budget", "total", budget.total))
        said = Phrase("at most {n} JOD in all years", {"n": budget.total})
        without = with_budget(total=None, discount_rate=0.0, base_year=None)
        yield Line("budget:total", said, without, number, Phrase("remove the total of the budget"))


def _staff_line(conditions: Conditions, entry: tuple[int, int]) -> Line:
    year, limit = entry

    def with_number(n: int) -> Conditions:
        return replace(conditions, staff=_others(conditions.staff, entry, (year, n)))

    values: dict[str, object] = {"posts": posts(limit), "year": str(year)}
    return Line(
        f"staff:{year}",
        Phrase("at most {posts} in {year}", values),
        replace(conditions, staff=_others(conditions.staff, entry)),
        Number(limit, 1, with_number, _in_money("staff", str(year), limit)),
        Phrase("remove the limit of posts in {year}", values),
    )


def _in_money(section: str, field: str, value: int) -> Callable[[int], Phrase]:
    def said(n: int) -> Phrase:
        values = {"section": section, "setting": f"{field}: {n}", "n": value}
        return Phrase("in {section}, write {setting} instead of {n}", values)

    return said
