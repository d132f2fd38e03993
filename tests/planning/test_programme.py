import pytest

from foundation.errors import InvalidInput
from planning.programme import FixedCentre, PrivateLabel, Programme, Tranche, ZoneQuota


def _tranche(name="fifteen", count=15, begun=2023, operating=2024):
    return Tranche(name, name, name, count, begun, operating)


def test_the_roadmap_counts_operate_and_begin_in_different_years():
    programme = Programme(
        years=(2022, 2023, 2024, 2025),
        tranches=(_tranche(), _tranche("additional", 5, 2024, 2025)),
        fixed=(FixedCentre("pilot", 2022, 2022),),
    )
    assert [programme.operating(y) for y in programme.years] == [1, 1, 16, 21]
    assert [programme.begun(y) for y in programme.years] == [1, 16, 21, 21]
    assert programme.begun_year_of(2025) == 2024
    assert programme.final_year == 2025


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"years": (2022, 2024)}, "consecutive"),
        ({"tranches": ()}, "no tranche"),
        ({"tranches": (_tranche(begun=2025),)}, "before it is begun"),
        ({"tranches": (_tranche(operating=2030),)}, "outside 2022-2025"),
        ({"tranches": (_tranche(count=0),)}, "expected 1 or more"),
        ({"tranches": (_tranche(), _tranche())}, "named twice"),
        ({"fixed": (FixedCentre("a", None, 2022), FixedCentre("a", None, 2023))}, "'a' is named twice"),
        ({"fixed": (FixedCentre("a", None, 2026),)}, "after the last year"),
        ({"zone_quotas": (ZoneQuota(1, 2030),)}, "from a year of the programme"),
        ({"private": PrivateLabel(16, 2023, 2024)}, "more than the tranches open"),
    ],
)
def test_a_programme_that_does_not_hold_together_is_refused(change, message):
    whole = {"years": (2022, 2023, 2024, 2025), "tranches": (_tranche(),)} | change
    with pytest.raises(InvalidInput, match=message):
        Programme(**whole)


def test_all_faults_are_named_at_once():
    with pytest.raises(InvalidInput, match=r"expected 1 or more.*16 private"):
        Programme(years=(2024,), tranches=(_tranche(count=0),), private=PrivateLabel(16, 2023, 2024))


def test_a_centre_that_opens_later_than_its_tranche_is_begun_as_long_before():
    """At most so many may open in 2024 (begun 2023) or in any later year; a kind of its own takes its own time."""
    programme = Programme(years=(2022, 2023, 2024, 2025), tranches=(_tranche(),))
    assert [programme.begun_year_of(year) for year in (2024, 2025)] == [2023, 2024]
    assert programme.begun_year_of(2023) == 2023  # before any tranche nothing is known of building
