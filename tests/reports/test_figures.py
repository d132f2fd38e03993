"""The results table is looked up, never guessed at."""

import math

import pandas as pd
import pytest

from foundation.basis import Basis
from foundation.errors import InvalidInput
from reports.figures import index_results

COLUMNS = ["year", "scope", "scope_id", "group", "measure", "value", "unit", "basis"]
ROWS = [
    (2024, "nation", "TO", "all", "covered", 5.0, "persons", "modelled"),
    (2025, "nation", "TO", "all", "covered", 7.0, "persons", "modelled"),
    (2025, "nation", "TO", "all", "office_covered", float("nan"), "persons", "modelled"),
    (2025, "governorate", "TO-A", "elderly", "covered", 0.0, "persons", "modelled"),
]


def test_the_final_year_and_the_nation_are_meant_unless_told_otherwise():
    figures = index_results(pd.DataFrame(ROWS, columns=COLUMNS), nation_id="TO")
    assert figures.get("covered").value == 7.0
    assert figures.get("covered", year=2024).value == 5.0
    assert figures.get("covered", scope="governorate", scope_id="TO-A", group="elderly").value == 0.0
    assert figures.years() == [2024, 2025]
    assert figures.groups() == ["elderly"]


def test_absent_and_empty_are_nan_without_a_basis():
    figures = index_results(pd.DataFrame(ROWS, columns=COLUMNS), nation_id="TO")
    for found in (figures.get("office_covered"), figures.get("nothing of the kind")):
        assert math.isnan(found.value)
        assert found.basis is None
    assert figures.get("covered").basis is Basis.MODELLED


def test_a_figure_that_stands_twice_is_refused():
    with pytest.raises(InvalidInput, match="twice"):
        index_results(pd.DataFrame([*ROWS, ROWS[0]], columns=COLUMNS), nation_id="TO")
