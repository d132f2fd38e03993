"""Services, agencies and records: what the built-in Jordan says, and what a pack may not say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

import geodata
from foundation.errors import InvalidInput
from geodata.checks_records import check_records
from geodata.contract import BY_NAME, PARTS, RECORDS
from geodata.records import Records, empty_table
from geodata.tables import read_table
from tests.geodata.packs import edit_lines
from tests.toy import toy_country
from tests.toy_pack import describe, write_toy_pack
from tests.toy_services import toy_records


@pytest.fixture(scope="module")
def records() -> Records:
    return geodata.load("jordan").records


# ---- the roadmap's three tables, kept apart


@pytest.mark.parametrize(
    ("agency", "services", "digitised"),
    [
        ("civil-status", 75, 9),
        ("income-tax", 38, 22),
        ("health-insurance", 67, 44),
        ("lands", 71, 47),
        ("amman-municipality", 120, 83),
        ("social-security", 47, 8),
        ("licensing", 72, 45),
        ("education", 34, 4),
        ("companies-control", 55, 38),
        ("local-administration", 56, 4),
        ("justice", 61, 26),
        ("customs", 53, 53),
        ("tenders", 19, 7),
        ("environment", 18, 1),
        ("standards", 20, 0),
        ("health", 85, 1),
        ("social-development", 84, 11),
        ("investment", 85, 47),
        ("industry-trade", 69, 36),
        ("interior", 60, 27),
        ("labour", 33, 6),
        ("higher-education", 12, 4),
    ],
)
def test_agencies_have_the_counts_of_the_roadmap(records, agency, services, digitised):
    row = records.agencies.set_index("agency_id").loc[agency]
    assert (row["services"], row["digitised"]) == (services, digitised)
    assert row["certainty"] == ("uncertain" if agency == "higher-education" else "printed")
    assert row["source"]


def test_missing_numbers_are_missing_and_not_zero(records):
    food = records.agencies.set_index("agency_id").loc["food-drug"]
    assert food["certainty"] == "missing"
    assert pd.isna(food["services"])
    assert pd.isna(food["digitised"])
    assert records.agencies.set_index("agency_id").loc["standards", "digitised"] == 0


def test_waves_serve_persons_and_businesses(records):
    waves = records.agency_waves.groupby(["wave", "serves"])["agency_id"].agg(set)
    assert waves["2022-23", "persons"] >= {"civil-status", "supreme-judge", "labour", "licensing"}
    assert waves["2022-23", "businesses"] >= {"investment", "customs", "aqaba-authority", "local-administration"}
    assert waves["2023-24", "persons"] == {
        "amman-municipality",
        "local-administration",
        "income-tax",
        "social-development",
        "national-aid-fund",
        "civil-service-bureau",
    }
    assert waves["2023-24", "businesses"] == {"labour", "food-drug", "standards", "tenders"}
    assert (records.agency_waves.query("agency_id == 'labour'")["note"] == "transitional").all()


def test_seventeen_lines_take_part_nine_of_them_wholly(records):
    entries = records.agency_seats.groupby("entry")["part"].first()
    assert len(entries) == 17
    assert (entries == "wholly").sum() == 9
    part = records.agency_seats.set_index("agency_id")["part"]
    assert part["education"] == "in_part"
    assert part["national-aid-fund"] == part["social-development"] == "wholly"


def test_bound_agencies_are_bound(records):
    agencies = records.agencies.set_index("agency_id")
    for agency, zones in (("aqaba-authority", "JO-AQ"), ("petra-authority", "JO-MN"), ("amman-municipality", "JO-AM")):
        assert tuple(agencies.loc[agency, ["jurisdiction", "home_zones"]]) == ("area", zones)
    assert agencies.loc["civil-status", "eligible"] == "nationals"
    assert agencies.loc["civil-service-bureau", "valid_to"] == 2023
    assert agencies.loc["civil-service-bureau", "successor"] == "service-commission"


# ---- rates, curves and records


def test_rates_are_recorded_volumes_over_people(records):
    rate = records.services.set_index("service_id")["use_rate"]
    assert rate["passport"] == pytest.approx(219_790 * 4 / 8_800_000, abs=1e-6)
    assert rate["vehicle-licence"] == pytest.approx(163_037 * 6 / 9_531_712, abs=1e-6)
    assert rate["non-conviction"] == pytest.approx(155_042 * 3 / 11_804_870, abs=1e-6)
    assert rate["work-permit"] == pytest.approx(312_930 / (0.306 * 11_734_000), abs=1e-5)
    civil = rate[["identity-card", "passport", "vital-events", "family-records"]].sum()
    assert civil == pytest.approx(1_600_000 * 12 / 7 / 8_800_000, abs=1e-5)


def test_every_rate_has_a_source_or_is_flagged(records):
    assert (records.services["source"] != "").all()
    assumed = records.services[records.services["basis"] == "assumed"]
    assert assumed["source"].str.contains("assum").sum() + assumed["note"].str.contains("assum").sum() >= len(
        assumed[~assumed["service_id"].isin(["driver-renewal"])]
    )
    assert 15 <= len(records.services) <= 25


def test_the_conflict_of_the_roadmap_s_own_counts_is_recorded(records):
    digital = records.digital[records.digital["conflict"]]
    assert sorted(digital["value"]) == [40.0, 227.0, 486.0]
    assert pytest.approx(0.297, abs=1e-3) == (486 + 227) / 2400


def test_planned_and_recorded_curves(records):
    curve = records.digital_curve.set_index(["curve", "at"])["share"]
    assert [curve["planned", float(year)] for year in (2022, 2023, 2024, 2025)] == [0.2, 0.4, 0.6, 1.0]
    assert curve["recorded"].min() == 0.40
    assert curve["recorded", 2025.0] == 0.80


def test_records_are_taken_over_whole(records):
    assert len(records.network_record) == 24
    assert len(records.centre_record) == 15
    assert len(records.service_record) == 23
    assert records.centre_record["services"].between(61, 173).all()
    last = records.network_record.query("date == '2025-09-30'").set_index("measure")["value"]
    assert last["transactions_cumulative"] == 4_117_550
    assert last["visitors_cumulative"] == 1_657_763
    assert last["transactions_cumulative"] / last["visitors_cumulative"] == pytest.approx(2.48, abs=0.005)
    loads = records.centre_loads.set_index("centre_id")[["low", "high"]]
    assert loads.loc["JO-AQ-centre-aqaba"].tolist() == [300, 500]
    assert loads.loc["JO-JA-centre-jerash"].tolist() == [400, 600]


def test_nationals_sum_to_the_census(records):
    people = records.growth.query("year == 2015").set_index("zone_id")["population"]
    share = records.nationals.set_index("zone_id")["share"]
    assert (people * share).sum() == pytest.approx(6_613_587, rel=1e-5)
    assert share["JO-AM"] < share["JO-IR"]


def test_refugees_are_those_outside_camps(records):
    assert records.refugees["persons"].sum() == 740_676 - 83_328 - 45_009 - 7_000 - 573 - 44
    assert records.refugees.set_index("zone_id").loc["JO-MA", "persons"] == 86_870


def test_growth_starts_and_ends_at_records(records):
    used = records.growth[records.growth["used"]]
    assert (used.groupby("zone_id")["year"].agg(list).map(tuple) == (1994, 2004, 2015, 2025)).all()
    assert used.query("year == 2015")["population"].sum() == 9_531_712
    assert used.query("year == 2025")["population"].sum() == 11_937_000


# ---- a pack may leave them out, and may not be wrong


def test_a_country_has_empty_frames_with_all_columns():
    country = toy_country()
    for part in RECORDS:
        frame = getattr(country.records, part.name)
        assert frame.empty
        assert list(frame.columns) == [field.name for field in part.fields]
    assert {part.name for part in RECORDS}.isdisjoint(part.name for part in PARTS)
    assert set(Records.__slots__) == {part.name for part in RECORDS}


def test_a_pack_without_services_loads(tmp_path: Path):
    assert geodata.load(write_toy_pack(tmp_path / "pack")).records.services.empty


def test_a_pack_with_services_loads_as_written(tmp_path: Path):
    pack = with_records(write_toy_pack(tmp_path / "pack"))
    found = geodata.load(pack).records
    wanted = toy_records()
    for part in RECORDS:
        pd.testing.assert_frame_equal(getattr(found, part.name), getattr(wanted, part.name), check_dtype=False)


def with_records(pack: Path, *, leave_out: tuple[str, ...] = ()) -> Path:
    """Add the toy's records to its pack."""
    import yaml

    records, settings = toy_records(), yaml.safe_load((pack / "country.yaml").read_text(encoding="utf-8"))
    for part in RECORDS:
        table = getattr(records, part.name)
        if part.name in leave_out:
            continue
        flags = {c: table[c].map({True: "true", False: "false"}) for c in table if pd.api.types.is_bool_dtype(table[c])}
        table.assign(**flags).to_csv(pack / f"{part.name}.csv", index=False, lineterminator="\n")
        settings["parts"][part.name] = part.name.replace("_", "-")
    (pack / "country.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    files = sorted(path.name for path in pack.iterdir() if path.name not in ("country.yaml", "datapackage.json"))
    describe(pack, files)
    return pack


@pytest.mark.parametrize(
    ("file", "row", "field", "value", "message"),
    [
        ("agencies.csv", 2, "jurisdiction", "world", "jurisdiction: 'world' is not one of"),
        ("agencies.csv", 2, "home_zones", "TO-A", "zone ids of the country for the jurisdiction 'area'"),
        ("agencies.csv", 5, "home_zones", "XX-1", "zone ids of the country"),
        ("agencies.csv", 2, "successor", "nobody", "successor: 'nobody' is not one of those in agencies.csv"),
        ("agencies.csv", 2, "successor", "tax", "another agency after the last year"),
        ("agencies.csv", 5, "valid_to", "1950", "at least the valid_from of its row"),
        ("services.csv", 2, "agency_id", "nobody", "agency_id: 'nobody' is not one of those in agencies.csv"),
        ("services.csv", 2, "eligible", "friends", "eligible: 'friends' is not one of"),
        ("services.csv", 2, "use_rate", "-0.1", "use_rate: '-0.1' is not 0 or more"),
        ("services.csv", 2, "needs_presence", "perhaps", "true or false"),
        ("service_factors.csv", 2, "score", "1.01", "score: '1.01' is not 1 or less"),
        ("service_factors.csv", 2, "factor", "economy", "there once only"),
        ("life_event_steps.csv", 2, "event_id", "nothing", "one of those in life_events.csv"),
        ("life_event_steps.csv", 2, "service_id", "nothing", "one of those in services.csv"),
        ("digital_curve.csv", 2, "share", "20", "share: '20' is not 1 or less"),
        ("network_record.csv", 2, "measure", "smiles", "measure: 'smiles' is not one of"),
        ("centre_loads.csv", 2, "high", "5", "at least the low of its row"),
        ("centre_loads.csv", 2, "centre_id", "nowhere", "one of those in centres.csv"),
        ("growth.csv", 2, "zone_id", "XX-1", "one of those in zones.csv"),
        ("nationals.csv", 2, "zone_id", "TO-B", "there once only"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_place(file, row, field, value, message):
    part = file.removesuffix(".csv")
    text = getattr(toy_records(), part).astype(str).replace({"True": "true", "False": "false", "<NA>": ""})
    text.loc[row - 2, field] = value
    data = text.to_csv(index=False, lineterminator="\n").encode()
    with pytest.raises(InvalidInput) as refused:
        _check(part, data)
    assert message in str(refused.value)
    assert file in str(refused.value)


FILES = {part.name: f"{part.name}.csv" for part in (*PARTS, *RECORDS)}


def _check(part: str, data: bytes) -> None:
    table = read_table(data, name=FILES[part], fields=BY_NAME[part].fields)
    check_records(_tables() | {part: table}, FILES)


@cache
def _tables() -> dict[str, pd.DataFrame]:
    country, records = toy_country(), toy_records()
    own = {"zones": pd.DataFrame(country.zones), "centres": pd.DataFrame(country.centres)}
    return own | {part.name: getattr(records, part.name) for part in RECORDS}


def test_the_toy_s_own_records_are_in_order():
    check_records(_tables(), FILES)


@pytest.fixture(scope="module")
def recorded_pack(tmp_path_factory) -> Path:
    """The toy's pack with its records, to be broken and put back."""
    return with_records(write_toy_pack(tmp_path_factory.mktemp("toy") / "pack"))


@contextmanager
def restored(pack: Path, file: str) -> Iterator[None]:
    """Put a file of the pack and its descriptor back afterwards."""
    before = {name: (pack / name).read_bytes() for name in (file, "datapackage.json")}
    yield
    for name, data in before.items():
        (pack / name).write_bytes(data)


def test_a_zone_left_out_is_refused(recorded_pack):
    with restored(recorded_pack, "refugees.csv"):
        edit_lines(recorded_pack, "refugees.csv", lambda lines: lines[:-1])
        with pytest.raises(InvalidInput, match=r"refugees\.csv: no row for TO-C"):
            geodata.load(recorded_pack)


def test_a_factor_that_skips_a_service_is_refused(recorded_pack):
    with restored(recorded_pack, "service_factors.csv"):
        edit_lines(recorded_pack, "service_factors.csv", lambda lines: lines[:-1])
        with pytest.raises(InvalidInput, match="the factor economy has no score for works"):
            geodata.load(recorded_pack)


def test_a_part_needs_the_part_it_points_to(tmp_path: Path):
    pack = with_records(write_toy_pack(tmp_path / "pack"), leave_out=("services", "life_event_steps"))
    with pytest.raises(InvalidInput, match="the part service_factors needs the part services"):
        geodata.load(pack)


def test_successors_in_a_circle_are_refused():
    records = toy_records()
    agencies = records.agencies.assign(
        valid_to=pd.array([2024, 2024, None, None], dtype="Int64"), successor=["tax", "civil", "", ""]
    )
    tables = {"agencies": agencies, "zones": pd.DataFrame({"zone_id": ["TO-A"]})}
    with pytest.raises(InvalidInput, match="without going in a circle"):
        check_records(tables, {"agencies": "agencies.csv"})


def test_empty_tables_are_typed_and_apart():
    first, second = empty_table("services"), empty_table("services")
    assert first is not second
    assert first.dtypes["use_rate"] == "float64"
    assert BY_NAME["services"].fields[0].name == "service_id"
