"""The section `travel`: every field changes the answer or is refused by name; runs verify from themselves alone."""

from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from foundation.errors import InvalidInput, MarkazError, NotFound, Unsupported
from foundation.files import sha256_of
from foundation.language import language
from foundation.strict_yaml import dump_yaml
from planning.results import value_of
from planning.siting import site_programme
from planning.travel import travel
from scenarios import load_scenario, run_scenario, verify_run
from scenarios.studies.case import Case
from scenarios.studies.travel import study as travel_study
from scenarios.travelling import journeys_for
from scenarios.work import read_inputs, request_of
from scenarios.write import write_manifest
from tests.toy import long_matrix, toy_country
from tests.toy_pack import describe, toy_scenario, write_toy_pack

BUS = {"wait_minutes": 10, "speed_kmh": 40, "first_bus": 6, "last_bus": 18, "visit_minutes": 60}
FILES = [f"{name}.csv" for name in ("zones", "districts", "people", "groups", "places", "candidates", "centres")]
FILES += ["offices.csv", "road_nodes.csv", "road_edges.csv", "zone_shapes.geojson", "travel_rules.yaml"]
EVERYBODY = [{"share": 0.4}]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Hold a toy whose zone TO-A is a capital city, with a second class of roads and two routes."""
    folder = tmp_path_factory.mktemp("travel")
    pack = write_toy_pack(folder / "pack")
    nodes, edges = (pd.read_csv(pack / f"road_{name}.csv") for name in ("nodes", "edges"))
    nodes["in_capital_city"] = nodes["node_id"].str.startswith("TO-A").map({True: "true", False: "false"})
    edges["oneway"] = "false"
    edges["route"] = ["1"] * 6 + ["2"] * 5
    edges.loc[8:, "road_class"] = "track"
    rules = yaml.safe_load((pack / "travel_rules.yaml").read_text("utf-8"))
    for name in ("speeds", "detours"):
        rules[name]["track"] = dict(rules[name]["main"])
    nodes.to_csv(pack / "road_nodes.csv", index=False)
    edges.to_csv(pack / "road_edges.csv", index=False)
    (pack / "travel_rules.yaml").write_text(yaml.safe_dump(rules), encoding="utf-8")
    describe(pack, FILES)
    toy_scenario(folder)
    return folder


def load(folder, section, **changes):
    raw = yaml.safe_load((folder / "toy.yaml").read_text("utf-8")) | changes
    raw = raw | ({} if section is None else {"travel": section})
    path = folder / "changed.yaml"
    path.write_text(dump_yaml(raw), encoding="utf-8")
    return load_scenario(str(path))


def judged(folder, section):
    scenario = load(folder, section)
    country, _ = read_inputs(scenario)
    return journeys_for(scenario, request_of(scenario, country))


@pytest.fixture(scope="module")
def base(folder):
    return judged(folder, None).minutes


def at(factors, **more):
    return {"congestion": {"judged_at": "one", "periods": [{"id": "one", "factors": factors} | more]}}


SLOWER = [
    {"speeds": [{"kmh": 30}]},
    {"speeds": [{"classes": ["track"], "kmh": 30}]},
    {"speeds": [{"classes": ["main"], "zones": ["TO-B"], "factor": 0.5}]},
    {"speeds": [{"zones": ["capital_city"], "factor": 0.5}]},
    at({"capital_city": 3.9}),
    at({"TO-B": 2.0}),
    at({"TO-B": {"main": 2.0}}),
    at({"TO-C": {"track": 1.0, "rest": 2.0}}),
    at({"capital_city": {"main": 3.9, "rest": 3.9}}),
    {"closures": [{"between": ["TO-B-05", "TO-B-06"]}]},
    {"closures": [{"route": "2"}]},
    {"closures": [{"near": {"lon": 36.75, "lat": 32.0, "radius_m": 200}}]},
    {"off_road": {"urban_kmh": 10}},
    {"off_road": {"rural_kmh": 10}},
    {"off_road": {"walk_kmh": 5}},
    {"off_road": {"friction": 3}},
    {"off_road": {"longest_leg_km": 4}},
]
FASTER = [
    {"speeds": [{"factor": 2.0}]},
    at({"capital_city": 1.0}),
    {"roads": [{"what": "upgraded", "between": ["TO-B-05", "TO-B-06"], "kmh": 120}]},
    {"roads": [{"what": "upgraded", "route": "2", "minutes": 2}]},
    {"roads": [{"what": "upgraded", "near": {"lon": 36.75, "lat": 32.0}, "kmh": 100, "class": "main"}]},
    {"roads": [{"what": "added", "from": "TO-A-00", "to": "TO-C-11", "class": "main", "kmh": 120, "km": 130}]},
    {"roads": [{"what": "added", "from": [36.05, 32.0], "to": [37.45, 32.0], "class": "main", "minutes": 20}]},
    {"roads": [{"what": "added", "line": [[36.05, 32.0], [37.45, 32.0]], "class": "main", "kmh": 150}]},
]


@pytest.mark.parametrize("section", SLOWER, ids=str)
def test_what_slows_makes_some_journeys_longer_and_none_shorter(folder, base, section):
    minutes = judged(folder, section).minutes
    assert (minutes >= base).all()
    assert (minutes > base).any()


@pytest.mark.parametrize("section", FASTER, ids=str)
def test_what_quickens_makes_some_journeys_shorter_and_none_longer(folder, base, section):
    minutes = judged(folder, section).minutes
    assert (minutes <= base).all()
    assert (minutes < base).any()


def test_the_class_the_length_and_the_direction_of_a_new_road_count(folder):
    road = {"what": "added", "from": "TO-A-00", "to": "TO-C-11", "class": "main", "kmh": 120}
    free = {"speeds": [{"classes": ["track"], "kmh": 20}]}
    one, other = (judged(folder, free | {"roads": [road | changed]}).minutes for changed in ({}, {"km": 200}))
    assert (one <= other).all()
    assert (one < other).any()
    back = judged(folder, free | {"roads": [road | {"oneway": True}]}).minutes
    assert (back >= one).all()
    assert (back > one).any()
    slow, quick = ({name: road[name] for name in ("what", "from", "to")} | {"class": c} for c in ("track", "main"))
    slow, quick = (judged(folder, free | {"roads": [each]}).minutes for each in (slow, quick))
    assert (quick < slow).any()


def test_the_upgrade_of_a_class_takes_its_speed_from_the_table_as_stated_before(folder):
    up = {"roads": [{"what": "upgraded", "between": ["TO-C-10", "TO-C-11"], "class": "main"}]}
    slow = {"speeds": [{"classes": ["track"], "kmh": 20}]}
    before, after = judged(folder, slow).minutes, judged(folder, slow | up).minutes
    assert (after <= before).all()
    assert (after < before).any()


def test_an_hour_names_its_period_and_the_end_of_one_is_the_next(folder):
    periods = [
        {"id": "day", "from": 7, "to": 22, "factors": {"capital_city": 3.0}},
        {"id": "night", "from": 22, "to": 7, "factors": {"capital_city": 1.2}},
    ]
    found = {hour: judged(folder, {"congestion": {"judged_at": hour, "periods": periods}}).minutes for hour in (7, 22)}
    for hour, name in ((7, "day"), (22, "night")):
        named = judged(folder, {"congestion": {"judged_at": name, "periods": periods}}).minutes
        np.testing.assert_array_equal(named, found[hour])
    assert (found[22] < found[7]).any()
    midnight = judged(folder, {"congestion": {"judged_at": 0.5, "periods": periods}}).minutes
    np.testing.assert_array_equal(midnight, found[22])


def test_usual_congestion_is_that_of_the_data(folder, base):
    section = {"congestion": {"judged_at": "usual", "periods": [{"id": "peak", "factors": {"capital_city": 3.9}}]}}
    np.testing.assert_array_equal(judged(folder, section).minutes, base)


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ({}, "section travel says nothing"),
        ({"speeds": [{"classes": ["main"]}]}, "one of kmh and factor"),
        ({"speeds": [{"kmh": 30, "factor": 0.5}]}, "one of kmh and factor"),
        ({"speeds": [{"kmh": 0}]}, "write 1 or more"),
        ({"speeds": [{"kmh": 30, "hours": 3}]}, "'travel.speeds.0.hours' is not a known field"),
        (at({"TO-A": 0.5}), "write 1 or more"),
        (at({"TO-A": {"main": 0.5}}), "write 1 or more"),
        (at({"TO-A": {}}), "at least 1 entries"),
        (at({"TO-A": "slow"}), "factors.TO-A"),
        (at({}), "at least 1 entries"),
        (at({"TO-A": 2.0}, id="usual"), "none of them 'usual'"),
        (at({"TO-A": 2.0}, id="two"), r"judged_at is 'one', which .* the id of a period \(two\), or 'usual'"),
        (at({"TO-A": 2.0}, **{"from": 7}), "both from and to"),
        (
            {"congestion": {"judged_at": 12, "periods": [{"id": "a", "from": 7, "to": 9, "factors": {"TO-A": 2.0}}]}},
            r"judged_at is '12', .* the id of a period \(a\), an hour that lies in one \(7-9\), or 'usual'",
        ),
        (
            {
                "congestion": {
                    "judged_at": "a",
                    "periods": [
                        {"id": name, "from": start, "to": end, "factors": {"TO-A": 2.0}}
                        for name, start, end in (("a", 22, 7), ("b", 6, 9))
                    ],
                }
            },
            "Two periods of congestion hold at hour 6",
        ),
        ({"closures": [{}]}, "one of between, route and near"),
        ({"closures": [{"route": "1", "between": ["a", "b"]}]}, "one of between, route and near"),
        ({"closures": [{"route": "1", "years": [2024]}]}, "A closure in some years only is not offered"),
        ({"roads": [{"what": "upgraded", "route": "1"}]}, "kmh, minutes or a class"),
        ({"roads": [{"what": "upgraded", "route": "1", "kmh": 90, "minutes": 2}]}, "not both"),
        ({"roads": [{"what": "upgraded", "route": "1", "kmh": 90, "km": 3}]}, "The fields km have no use"),
        ({"roads": [{"what": "upgraded", "route": "1", "kmh": 90, "oneway": False}]}, "oneway have no use"),
        ({"roads": [{"what": "added", "from": "a", "to": "b"}]}, "needs its class"),
        ({"roads": [{"what": "added", "from": "a", "class": "main"}]}, "needs from and to, or a line"),
        ({"roads": [{"what": "added", "from": "a", "to": "b", "class": "main", "route": "1"}]}, "route have no use"),
        ({"roads": [{"what": "added", "line": [[36, 32], [37, 32]], "km": 9, "class": "main"}]}, "km have no use"),
        ({"matrix": {"file": "m.csv"}, "speeds": [{"kmh": 30}]}, "speeds have no use beside 'matrix'"),
        ({"gtfs": "bus.zip"}, "'gtfs' is not offered"),
        ({"off_road": {}}, "off_road says nothing"),
        ({"off_road": {"walk_kmh": 5, "urban_kmh": 30}}, "remove urban_kmh and rural_kmh"),
        ({"without_car": {"shares": EVERYBODY}}, "'travel.without_car.bus' is missing"),
        ({"without_car": {"shares": EVERYBODY, "bus": BUS | {"last_bus": 5}}}, "first bus before last"),
        ({"without_car": {"shares": [{"share": 1.1}], "bus": BUS}}, "write 1 or less"),
    ],
)
def test_what_cannot_be_is_refused_when_the_file_is_read_in_both_languages(folder, section, told):
    with pytest.raises(InvalidInput, match=told) as caught:
        load(folder, section)
    said = language("ar").text(caught.value.template, **caught.value.values)
    assert not any(part in said for part in ("have no use", "needs", "says nothing", "not offered", "one of", "write"))


@pytest.mark.parametrize(
    ("section", "kind", "told"),
    [
        (
            {"speeds": [{"classes": ["motorway"], "kmh": 90}]},
            InvalidInput,
            "no road class motorway; known are main, track",
        ),
        ({"speeds": [{"zones": ["TO-D"], "kmh": 90}]}, NotFound, "speeds: zones: there is no zone 'TO-D'"),
        (
            at({"TO-D": 2.0}),
            NotFound,
            r"^congestion: factors: there is no zone 'TO-D'\. Spelled most like it: TO-C, TO-B, TO-A\. The ids of the "
            r"country's zones are capital_city, TO-A \(Alpha\), TO-B \(Beta\), TO-C \(Gamma\)\.$",
        ),
        (at({"TO-B": {"lane": 2.0}}), InvalidInput, "no road class lane"),
        (at({"TO-C": {"main": 2.0}}), InvalidInput, "No road of the class main lies in TO-C"),
        (
            {"congestion": {"judged_at": "usual", "periods": [{"id": "a", "factors": {"TO-D": 2.0}}]}},
            NotFound,
            "no zone 'TO-D'",
        ),
        (
            {"closures": [{"between": ["TO-A-00", "TO-B-5"]}]},
            NotFound,
            "no road node 'TO-B-5'. Spelled most like it: TO-B-05",
        ),
        ({"closures": [{"between": ["TO-A-00", "TO-C-11"]}]}, InvalidInput, "from TO-A-00 roads lead to TO-A-01"),
        ({"closures": [{"route": "3"}]}, NotFound, "no route '3'.*Known are 1, 2"),
        ({"closures": [{"near": {"lon": 36.75, "lat": 33.0}}]}, InvalidInput, "touches no road"),
        (
            {"closures": [{"route": "1"}], "roads": [{"what": "upgraded", "route": "1", "kmh": 90}]},
            NotFound,
            "no route '1'",
        ),
        ({"roads": [{"what": "upgraded", "route": "1", "kmh": 20}]}, InvalidInput, "makes no road faster"),
        ({"roads": [{"what": "upgraded", "route": "1", "class": "lane"}]}, InvalidInput, "no road class lane"),
        (
            {"roads": [{"what": "added", "from": [32.0, 36.0], "to": "TO-A-00", "class": "main"}]},
            InvalidInput,
            "km from the nearest road node",
        ),
        ({"matrix": {"file": "none.csv"}}, NotFound, "There is no file"),
        (
            {"without_car": {"shares": [{"share": 0.5, "zones": ["TO-A"]}], "bus": BUS}},
            InvalidInput,
            "No share without a car is stated for people of TO-B",
        ),
        (
            {"without_car": {"shares": [*EVERYBODY, {"share": 0.5, "groups": ["tall"]}], "bus": BUS}},
            InvalidInput,
            "no group 'tall'",
        ),
    ],
)
def test_what_is_not_there_is_refused_before_anything_is_solved(folder, section, kind, told):
    with pytest.raises(kind, match=told) as caught:
        judged(folder, section)
    assert "{" not in language("ar").text(caught.value.template, **caught.value.values)
    assert language("ar").text(caught.value.template, **caught.value.values) != str(caught.value)


def test_a_closure_of_some_years_is_unsupported_not_merely_wrong(folder):
    with pytest.raises(MarkazError, match="second scenario"):
        load(folder, {"closures": [{"route": "1", "years": [2024]}]})
    assert issubclass(Unsupported, InvalidInput)


WHOLE = {
    "speeds": [{"classes": ["track"], "kmh": 40}],
    "congestion": {
        "judged_at": "day",
        "periods": [
            {"id": "day", "from": 7, "to": 22, "factors": {"capital_city": 2.0, "TO-B": 1.1}},
            {"id": "night", "from": 22, "to": 7, "factors": {"capital_city": 1.2}},
        ],
    },
    "closures": [{"between": ["TO-A-02", "TO-A-03"]}],
    "roads": [
        {"what": "added", "from": "TO-A-02", "to": "TO-B-05", "class": "main", "kmh": 90},
        {"what": "upgraded", "between": ["TO-C-10", "TO-C-11"], "class": "main"},
    ],
    "off_road": {"friction": 1.2, "longest_leg_km": 30},
    "without_car": {
        "shares": [*EVERYBODY, {"share": 0.7, "groups": ["elderly"], "source": "made up for tests"}],
        "bus": BUS,
    },
}


@pytest.fixture(scope="module")
def whole(folder, tmp_path_factory):
    return run_scenario(load(folder, WHOLE, compare=[]), out=tmp_path_factory.mktemp("whole") / "run")


def test_a_run_with_every_field_is_verified_from_itself_alone(whole, tmp_path):
    moved = shutil.copytree(whole.path, tmp_path / "elsewhere")
    checks = verify_run(type(whole)(moved, whole.info, whole.results))
    assert [str(check.detail) for check in checks if not check.ok] == []
    again = load_scenario(str(moved / "scenario.yaml"))
    assert again.settings.travel == load_scenario(str(whole.path / "scenario.yaml")).settings.travel
    assert again.settings.travel.without_car.shares[1].source == "made up for tests"


def test_what_the_plan_is_judged_by_stands_beside_the_data_and_the_other_hours(whole, folder):
    table = pd.read_csv(whole.path / "travel_conditions.csv", encoding="utf-8-sig")
    assert table["condition"].unique().tolist() == ["data", "plan", "day", "night"]
    assert whole.info["travel"]["judged_at"] == "day"
    wide = table.set_index(["condition", "scope", "scope_id"])
    for (name, scope, scope_id), row in wide.iterrows():
        if name == "plan":
            for ours, theirs in (("covered", "covered"), ("people", "population"), ("unreachable", "unreachable")):
                assert row[ours] == value_of(whole.results, theirs, year=2025, scope=scope, scope_id=scope_id)
            mean = value_of(whole.results, "mean_minutes", year=2025, scope=scope, scope_id=scope_id)
            assert row["mean_minutes"] == pytest.approx(mean)
    figures = ["people", "covered", "unreachable", "mean_minutes"]
    assert (wide.loc["plan"][figures] == wide.loc["day"][figures]).all(axis=None)
    assert wide.loc[("night", "nation", "TO"), "mean_minutes"] < wide.loc[("day", "nation", "TO"), "mean_minutes"]
    country, _ = read_inputs(load(folder, None))
    open_ = np.flatnonzero(country.candidates["site_id"].isin(whole.sites["site_id"]))
    near = travel(country).nearest(open_).minutes
    people, reached = country.people["people"].to_numpy(), np.isfinite(near)
    mean = near[reached] @ people[reached] / people[reached].sum()
    assert wide.loc[("data", "nation", "TO"), "mean_minutes"] == pytest.approx(mean)


def test_the_changed_roads_are_listed_once_with_their_minutes(whole):
    roads = pd.read_csv(whole.path / "travel_roads.csv", encoding="utf-8-sig")
    assert roads[["change", "start", "end", "road_class"]].to_numpy().tolist() == [
        ["closed", "TO-A-02", "TO-A-03", "main"],
        ["added", "TO-A-02", "TO-B-05", "main"],
        ["upgraded", "TO-C-10", "TO-C-11", "main"],
    ]
    assert roads["minutes_after"].isna().tolist() == [True, False, False]
    assert roads["minutes_before"].isna().tolist() == [False, True, False]
    assert roads.loc[2, "minutes_before"] == pytest.approx(roads.loc[2, "minutes_after"] * 60 / 40, abs=0.1)


def test_people_without_a_car_are_counted_and_their_shares_say_their_basis(whole):
    table = pd.read_csv(whole.path / "without_car.csv", encoding="utf-8-sig")
    nation = table[(table["scope"] == "nation") & (table["group"] == "all")].iloc[0]
    zones = table[(table["scope"] == "governorate") & (table["group"] == "all")]
    assert zones["people"].sum() == nation["people"] == whole.info["totals"]["population"]
    assert zones["covered_without_car"].sum() == nation["covered_without_car"] > 0
    assert nation["covered_with_car"] + nation["covered_without_car"] < whole.info["totals"]["covered"]
    assert nation["share_without_car"] < nation["share_with_car"]
    said = whole.info["travel"]["without_car"]
    assert [share["basis"] for share in said["shares"]] == ["assumed", "reported"]
    assert said["basis"] == "assumed"


def test_the_example_of_the_docs_holds_on_the_built_in_country(tmp_path):
    page = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text("utf-8")
    example = re.search(r"```yaml\n(travel:\n  speeds.*?)```", page, flags=re.S)
    path = toy_scenario(tmp_path, country="jordan", **yaml.safe_load(example.group(1)))
    raw = yaml.safe_load(path.read_text("utf-8"))
    raw["programme"]["fixed"][0]["site"] = "JO-AM-muqabalain"
    path.write_text(dump_yaml(raw), encoding="utf-8")
    scenario = load_scenario(str(path))
    country, _ = read_inputs(scenario)
    found, plain = journeys_for(scenario, request_of(scenario, country)), travel(country)
    assert found.shape == plain.shape
    assert (found.minutes > plain.minutes).any()
    assert (found.minutes < plain.minutes).any()


SHORT_DAY = BUS | {"last_bus": 8}
NO_CAR = {"shares": EVERYBODY, "bus": SHORT_DAY}
MORE = {"share": 0.9, "source": "made up for tests"}
CARLESS = {
    "share": {"shares": [{"share": 0.5}]},
    "zones": {"shares": [*EVERYBODY, MORE | {"zones": ["TO-B"]}]},
    "districts": {"shares": [*EVERYBODY, MORE | {"districts": ["TO-B-1"]}]},
    "settlements": {"shares": [*EVERYBODY, MORE | {"settlements": ["rural"]}]},
    "groups": {"shares": [*EVERYBODY, MORE | {"groups": ["elderly"]}]},
    "source": {"shares": [{"share": 0.4, "source": "made up for tests"}]},
    "wait_minutes": {"bus": SHORT_DAY | {"wait_minutes": 30}},
    "speed_kmh": {"bus": SHORT_DAY | {"speed_kmh": 20}},
    "first_bus": {"bus": SHORT_DAY | {"first_bus": 7}},
    "last_bus": {"bus": SHORT_DAY | {"last_bus": 7.25}},
    "visit_minutes": {"bus": SHORT_DAY | {"visit_minutes": 110}},
}


@pytest.fixture(scope="module")
def sited(folder):
    """Hold a toy plan that every case below is counted on."""
    scenario = load(folder, {"without_car": NO_CAR}, compare=[])
    country, _ = read_inputs(scenario)
    request = request_of(scenario, country)
    journeys = journeys_for(scenario, request)
    return Case(scenario, country, request, journeys, site_programme(request))


@pytest.mark.parametrize("name", CARLESS)
def test_every_field_of_people_without_a_car_changes_their_table(folder, sited, name):
    def told(part):
        found = travel_study(dataclasses.replace(sited, scenario=load(folder, {"without_car": part}, compare=[])))
        table = found.tables["without_car.csv"]
        return table.to_csv(), [share["basis"] for share in found.record["travel"]["without_car"]["shares"]]

    before, after = told(NO_CAR), told(NO_CAR | CARLESS[name])
    assert before != after
    assert (before[0] != after[0]) == (name != "source")  # a source changes what the figures rest on, not the figures


def test_the_reach_of_a_place_on_the_map_counts(folder, base):
    here = {"lon": 36.755, "lat": 32.0}
    wide = judged(folder, {"closures": [{"near": here | {"radius_m": 5_000}}]}).minutes
    assert (wide > base).any()
    fast = {"what": "upgraded", "kmh": 120}
    far, near = (
        judged(folder, {"roads": [fast | {"near": here | {"radius_m": metres}}]}).minutes for metres in (200, 20_000)
    )
    assert (near <= far).all()
    assert (near < far).any()


def test_pairs_that_a_matrix_lacks_are_no_route_only_where_that_is_said(folder):
    section = matrix_of(folder, "gaps.csv")
    everywhere = np.arange(len(toy_country().candidates))
    assert np.flatnonzero(np.isinf(judged(folder, section).nearest(everywhere).minutes)).tolist() == [59]
    with pytest.raises(InvalidInput, match="lacks 12 of 720 pairs"):
        judged(folder, {"matrix": section["matrix"] | {"missing": "refuse"}})


def test_a_run_without_the_section_says_nothing_of_it(run):
    assert "travel" not in run.info
    assert run.info["settings"]["travel"] is None
    assert not (run.path / "travel_conditions.csv").exists()


def matrix_of(folder, name, *, metres=True):
    country, _ = read_inputs(load(folder, None))
    found = travel(country)
    frame = long_matrix(country, found)
    frame = frame if metres else frame.drop(columns="metres")
    (folder / name).parent.mkdir(exist_ok=True)
    frame.to_csv(folder / name, index=False)
    return {"matrix": {"file": name, "missing": "no_route"}}


def test_a_matrix_takes_the_place_of_the_roads_and_goes_with_the_run(folder, tmp_path):
    roads = run_scenario(load(folder, None, compare=[]), out=tmp_path / "roads")
    section = matrix_of(folder, "sub/minutes.csv") | {"without_car": {"shares": EVERYBODY, "bus": BUS}}
    made = run_scenario(load(folder, section, compare=[]), out=tmp_path / "matrix")
    digest = sha256_of(folder / "sub/minutes.csv")
    shutil.rmtree(folder / "sub")
    assert made.info["sites"] == roads.info["sites"]
    assert {"name": "matrix/minutes.csv", "sha256": digest} in [
        {key: one[key] for key in ("name", "sha256")} for one in made.info["inputs"]
    ]
    assert sha256_of(made.path / "inputs/matrix/minutes.csv") == digest
    assert made.info["settings"]["travel"]["matrix"]["file"] == "sub/minutes.csv"
    assert [check for check in verify_run(made) if not check.ok] == []
    again = run_scenario(load_scenario(str(made.path / "scenario.yaml")), out=tmp_path / "again")
    assert again.info["run_id"] == made.info["run_id"] != roads.info["run_id"]
    assert again.info["sites"] == made.info["sites"]
    file = made.path / "inputs/matrix/minutes.csv"
    frame = pd.read_csv(file)
    frame.assign(minutes=frame["minutes"] * 2).to_csv(file, index=False)
    (made.path / "manifest.json").unlink()
    write_manifest(made.path)  # who changes the matrix may change the list of files too
    wrong = {str(check.name) for check in verify_run(made) if not check.ok}
    assert wrong == {"The run can be checked from its own files"}  # the proof is not one of these arrays


def test_a_matrix_outside_the_run_is_not_read_when_it_is_verified(folder, tmp_path):
    made = run_scenario(load(folder, matrix_of(folder, "m.csv"), compare=[]), out=tmp_path / "run")
    path = made.path / "scenario.yaml"
    path.write_text(path.read_text("utf-8").replace("inputs/matrix/m.csv", "../m.csv"), encoding="utf-8")
    assert any("reads other inputs" in str(check.detail) for check in verify_run(made))


def test_buses_need_the_metres_of_a_matrix(folder):
    section = matrix_of(folder, "short.csv", metres=False) | {"without_car": {"shares": EVERYBODY, "bus": BUS}}
    with pytest.raises(InvalidInput, match=r"short\.csv has no metres"):
        judged(folder, section)


def test_a_matrix_that_lacks_points_names_them(folder):
    section = matrix_of(folder, "few.csv") | {"matrix": {"file": "few.csv"}}
    with pytest.raises(InvalidInput, match="lacks 12 of 720 pairs, among them the point p059"):
        judged(folder, section)
    assert toy_country().people["point_id"].iloc[-1] == "p059"
