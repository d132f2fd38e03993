"""A scenario file that is wrong: one line that says all of it, in the language asked for."""

from __future__ import annotations

import re

import pytest
import yaml

from foundation.errors import InvalidInput, MarkazError
from foundation.language import language
from foundation.strict_yaml import dump_yaml
from scenarios import load_scenario
from tests.toy_pack import toy_scenario

ISOLATED = re.compile("[\u2066\u2068][^\u2069]*\u2069")
LATIN = re.compile("[A-Za-z]{2,}")


def _refused(tmp_path, change) -> MarkazError:
    raw = yaml.safe_load(toy_scenario(tmp_path).read_text(encoding="utf-8"))
    change(raw)
    path = tmp_path / "changed.yaml"
    path.write_text(dump_yaml(raw), encoding="utf-8")
    with pytest.raises(MarkazError) as caught:
        load_scenario(str(path))
    return caught.value


def _outside_isolates(error: MarkazError) -> list[str]:
    """Latin words of the Arabic sentence that stand in no isolate."""
    said = language("ar").error(error)
    while ISOLATED.search(said):
        said = ISOLATED.sub("", said)
    return LATIN.findall(said)


def _set(*path, value):
    def change(raw):
        for key in path[:-1]:
            raw = raw[key]
        raw[path[-1]] = value

    return change


def _private(offered: int, operating: int) -> dict[str, int]:
    return {"count": 1, "offered": offered, "operating": operating}


WRONG = [
    (_set("colour", value="red"), "'colour' is not a known field"),
    (_set("years", value="2023"), "'years' is '2023'; write a list"),
    (_set("years", 0, value="x"), "'years.0' is 'x'; write a whole number"),
    (_set("years", 0, value=1000), "'years.0' is 1000; write 1950 or more"),
    (_set("name", value="../evil"), "'name' is '../evil'; write Latin letters, digits"),
    (_set("name", value=""), "'name' is ''; write at least 1 characters"),
    (_set("title", value=None), "'title' is empty; write 'key: value' lines below it"),
    (_set("programme", "tranches", 0, "count", value=2.5), "'programme.tranches.0.count' is 2.5; write a whole number"),
    (_set("programme", "tranches", 0, "count", value=10**30), "write 100000 or less"),
    (_set("standard", value={"urban_minutes": float("inf")}), "'standard.urban_minutes' is inf; write"),
    (_set("load", value={"residents_per_centre": 10**30}), "'load.residents_per_centre' is 1"),
    (_set("objectives", value={"travel_tolerance_person_minutes": 10**19}), "_minutes' is 10000000000000000000; write"),
    (_set("objectives", value={"coverage_tolerance_person_years": 10**19}), "_years' is 10000000000000000000; write"),
    (_set("solver", value={"time_limit_seconds": 1e300}), "'solver.time_limit_seconds'"),
    (_set("compare", value=["everything"]), "write one of: quota_other_way"),
    (_set("years", value=[2023, 2025]), "years must be consecutive"),
    (_set("programme", "fixed", 0, "begun", value=2024), "operates in 2023, before it is begun"),
    (_set("programme", "private", value=_private(2024, 2023)), "before they are offered in 2024"),
    (_set("programme", "private", value=_private(2023, 2031)), "operating is 2031, outside 2023-2025"),
    (_set("programme", "private", value=_private(2020, 2024)), "offered is 2020, outside 2023-2025"),
    (
        _set("programme", "quotas", value=[{"each": "governorate", "at_least": n, "from": 2024} for n in (1, 2)]),
        "two quotas begin in 2024; keep the one that asks for more",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), WRONG)
def test_a_fault_is_said_in_plain_words_in_both_languages(tmp_path, change, said):
    error = _refused(tmp_path, change)
    assert isinstance(error, InvalidInput)
    assert said in str(error)
    assert "Input should" not in str(error)
    assert "\n" not in str(error)
    assert _outside_isolates(error) == []


def test_many_faults_are_capped_and_counted(tmp_path):
    error = _refused(tmp_path, lambda raw: raw.update({f"field{at}": 1 for at in range(30)}))
    assert str(error).endswith("; and 22 more.")
    assert str(error).count("is not a known field") == 8
    assert "و\u206622\u2069 غيرها" in language("ar").error(error)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\na: 2\n", "'a' is written twice"),
        ("a:\n\t- 1\n", "a tab stands where YAML wants spaces"),
        ("a: b: c\n", "a ': ' is not expected here"),
        ("a: [1, 2\nb: 3\n", "expected ',' or ']'"),
        ("a: {b: 1\nc: 3\n", "expected ',' or '}'"),
        ("a\nb: 1\n", "give the line above its ':'"),
        ("? a\nb\n", "':'"),
        ("a: 1\n b: 2\n", "a ': ' is not expected here"),
        ("a:\n   - 1\n  - 2\n", "the indent does not fit"),
        ('a: "\\q"\n', "an unknown escape"),
        ("a: @b\n", "a value cannot begin with this character"),
        ("%YAML 9\n---\na: 1\n", "line"),
        ("- 1\n", "found a list"),
        ("7\n", "found a single value"),
        ("", "found nothing"),
        ("a: \x07\n", "a character that text must not hold"),
        ("a: " + "9" * 5000 + "\n", "a number of more than 100 digits"),
        ("a: &x 1\n", "anchors"),
        ("a: !t 1\n", "tags"),
    ],
)
def test_what_is_wrong_with_the_yaml_is_said_in_both_languages(tmp_path, text, said):
    path = tmp_path / "s.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        load_scenario(str(path))
    assert said in str(caught.value)
    assert _outside_isolates(caught.value) in ([], ["YAML"])


def test_a_folder_a_link_in_a_circle_and_a_file_that_may_not_be_read(tmp_path):
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    for name, said in (
        ("folder.yaml", "is a folder, not a file"),
        ("loop.yaml", "is a link that leads nowhere"),
        ("x" * 300 + ".yaml", "its name is too long"),
    ):
        with pytest.raises(MarkazError) as caught:
            load_scenario(str(tmp_path / name))
        assert said in str(caught.value)
        assert _outside_isolates(caught.value) == []
