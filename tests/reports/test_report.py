"""What the pages say is what the run holds: parsed back from the HTML and compared."""

import math
import re
from dataclasses import replace

import pytest

from foundation.basis import Basis
from foundation.language import language
from planning.results import value_of
from reports.document import List, Note
from reports.figures import Found
from reports.parts import centres, method, opening, tables, travel
from reports.parts.own_sites import own_sites
from reports.writing import Writer, plain

CODES = ("en", "ar")
NATION = {"scope": "nation", "scope_id": "TO"}
TABLES = [
    "stages",
    "coverage-governorates",
    "coverage-settlements",
    "coverage-groups",
    "groups-governorates",
    "bands",
    "travel-governorates",
    "worst-places",
    "theil",
    "inequality",
    "centres",
    "rule-prices",
    "coverage-years",
    "farthest",
    "unreachable",
    "variants",
    "programme",
    "methods",
    "sources",
]


def same(shown: float | None, exact: float) -> bool:
    return shown is None if math.isnan(exact) else shown == exact


def expected_cells(run, measures, **where) -> list[float]:
    return [value_of(run.results, one.measure, year=where.pop("year", 2025), **where) for one in measures]


@pytest.mark.parametrize("code", CODES)
def test_every_table_is_there_in_the_order_of_the_report(written, code):
    assert list(written[code].page.tables) == TABLES


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(
    ("name", "measures"),
    [
        ("coverage-governorates", tables.COVERAGE),
        (
            "travel-governorates",
            (
                tables.MEAN,
                tables.MEDIAN,
                tables.P90,
                tables.MEAN_KM,
                tables.EDE,
                tables.GINI,
                tables.CENTRES,
                tables.PER_CENTRE,
            ),
        ),
    ],
)
def test_figures_of_governorates_are_those_of_the_results_table(toy_run, written, code, name, measures):
    shown = written[code].page.tables[name].values()
    for row, zone in zip(shown, ("TO-A", "TO-B", "TO-C"), strict=False):
        for cell, one in zip(row[1:], measures, strict=True):
            exact = value_of(toy_run.results, one.measure, year=2025, scope="governorate", scope_id=zone)
            assert same(cell, exact), (zone, one.measure)
    for cell, one in zip(shown[-1][1:], measures, strict=True):
        assert same(cell, value_of(toy_run.results, one.measure, year=2025, **NATION)), one.measure


@pytest.mark.parametrize("code", CODES)
def test_governorates_and_settlement_types_sum_to_the_nation(written, code):
    page = written[code].page
    for name in ("coverage-governorates", "coverage-settlements"):
        rows = page.tables[name].values()
        for column in (1, 3, 5, 6):  # population, within, outside, no route
            assert sum(row[column] for row in rows[:-1]) == rows[-1][column]
        for row in rows:
            assert row[1] == row[3] + row[5] + row[6]


@pytest.mark.parametrize("code", CODES)
def test_groups_and_bands_are_those_of_the_results_table(toy_run, written, code):
    page = written[code].page
    for position, group in enumerate(("all", "elderly", "disabled")):
        groups, bands = page.tables["coverage-groups"].values()[position], page.tables["bands"].values()[position]
        where = {**NATION, "group": group, "year": 2025}
        assert groups[1] == value_of(toy_run.results, "population", **where)
        assert groups[2] == value_of(toy_run.results, "lived_density_per_km2", **where)
        assert groups[3] == value_of(toy_run.results, "covered", **where)
        measures = ("within_30", "within_60", "within_90", "beyond_90", "unreachable")
        assert bands[1:] == [value_of(toy_run.results, measure, **where) for measure in measures]
        assert bands[3] + bands[4] + bands[5] == groups[1]


@pytest.mark.parametrize("code", CODES)
def test_years_are_those_of_the_results_table(toy_run, written, code):
    table = written[code].page.tables["coverage-years"]
    assert [row[0].text for row in table.rows] == ["2023", "2024", "2025"]
    for row, year in zip(table.values(), (2023, 2024, 2025), strict=True):
        assert row[1] == toy_run.info["programme"]["begun"][str(year)]
        assert row[2] == value_of(toy_run.results, "centres", year=year, **NATION)
        assert row[3] == value_of(toy_run.results, "covered", year=year, **NATION)
        assert row[4] == value_of(toy_run.results, "covered_share", year=year, **NATION)


@pytest.mark.parametrize("code", CODES)
def test_the_five_numbers_are_the_totals(toy_run, written, code):
    keys, totals = written[code].page.keys, toy_run.info["totals"]
    assert [float(value) for value, _ in keys] == [
        5,
        totals["covered"] / totals["population"],
        totals["out_of_standard"],
        totals["unreachable"],
        toy_run.info["worst_off"]["covered_share"],
    ]
    assert keys[3][1] == f"{totals['unreachable']:,}"


@pytest.mark.parametrize("code", CODES)
def test_centres_stand_in_the_order_of_the_run_with_its_figures(toy_run, written, code):
    table = written[code].page.tables["centres"]
    sites = toy_run.info["sites"]
    assert [row[0].text for row in table.rows] == [site[f"name_{code}"] for site in sites]
    for row, site in zip(table.rows, sites, strict=True):
        assert [float(row[k].value) for k in (8, 9, 10)] == [
            site["people_gained"],
            site["cumulative_covered"],
            site["residents_nearest"],
        ]
        assert (row[5].text, row[6].text) == (str(site["begun_year"]), str(site["operating_year"]))
        assert row[7].badges == ["reported" if site["fixed"] else "modelled"]
        assert row[11].badges == ["modelled"]  # every position of the toy is


@pytest.mark.parametrize("code", CODES)
def test_those_left_out_are_named_and_counted(toy_run, written, code):
    page, info = written[code].page, toy_run.info
    farthest = page.tables["farthest"]
    assert [row[0].text for row in farthest.rows] == [place[f"place_{code}"] for place in info["farthest"]]
    assert [row[2:] for row in farthest.values()] == [[p["people"], p["minutes"], p["km"]] for p in info["farthest"]]
    cut_off = page.tables["unreachable"].values()
    assert sum(row[2] for row in cut_off[:-1]) == cut_off[-1][2] == info["totals"]["unreachable"]


def test_both_languages_show_the_same_figures_under_the_same_badges(written):
    arabic, english = written["ar"].page, written["en"].page
    assert list(arabic.tables) == list(english.tables)
    for name, table in english.tables.items():
        other = arabic.tables[name]
        assert other.values() == table.values(), name
        assert [cell.badges for cell in other.head] == [cell.badges for cell in table.head], name
        digits = [[re.sub(r"[^\d.,%]", "", c.text) for c in row if c.value] for row in table.rows]
        assert [[re.sub(r"[^\d.,%]", "", c.text) for c in row if c.value] for row in other.rows] == digits, name
    assert [value for value, _ in arabic.keys] == [value for value, _ in english.keys]
    assert [text.badges for text in arabic.texts] == [text.badges for text in english.texts]


@pytest.mark.parametrize("code", CODES)
def test_every_figure_of_a_table_falls_under_one_badge(written, code):
    for name, table in written[code].page.tables.items():
        for row in table.rows:
            for cell, head in zip(row, table.head, strict=True):
                if cell.value is None:
                    continue
                if cell.value == "":
                    assert cell.text == ("not computed" if code == "en" else "لم يُحسب"), name
                    assert not cell.badges
                else:
                    assert len(cell.badges) + len(head.badges) == 1, (name, head.text, cell.text)


@pytest.mark.parametrize("code", CODES)
def test_every_sentence_with_a_figure_is_badged(written, code):
    """Years, limits and file names aside: a paragraph of the report that states a figure says its kind."""
    told = {"map", "years", "method", "sources", "verify"}  # what is said there is no result
    for text in written[code].page.texts:
        plain_rule = text.classes.startswith("note") or text.classes in {"overline", "subtitle"}
        if text.section in told or plain_rule or not re.search(r"\d", text.text):
            continue
        assert text.badges or re.search(r"^(اختيرت الخطة|The plan was chosen)", text.text), text


@pytest.mark.parametrize("code", CODES)
def test_shown_numbers_are_the_exact_ones_rounded(written, code):
    for table in written[code].page.tables.values():
        for row in table.rows:
            for cell in row:
                if not cell.value or cell.text.startswith((">", "<")):
                    continue
                shown = re.search(r"[\d,]+(\.\d+)?", cell.text)
                decimals = len(shown[1]) - 1 if shown[1] else 0
                exact = float(cell.value) * (100 if "%" in cell.text else 1)
                assert abs(float(shown[0].replace(",", "")) - exact) <= 0.5000001 * 10**-decimals, cell


def changed(toy_run, material, **info):
    return replace(material, info={**toy_run.info, **info})


@pytest.mark.parametrize("code", CODES)
def test_offices_unknown_everywhere_are_one_sentence_and_never_zero(written, code):
    page = written[code].page
    assert "offices" not in page.tables
    said = [text.text for text in page.texts if text.section == "offices"]
    assert len(said) == 1
    assert ("was not computed" if code == "en" else "لم يُحسب") in said[0]
    assert ("not zero" if code == "en" else "وليس ذلك صفرًا") in said[0]


@pytest.mark.parametrize(
    ("offices", "why"),
    [
        ({"recorded": 0, "placed": 0}, "the country's data record no office"),
        ({"recorded": 4, "placed": 0}, "the positions of the recorded offices are not known"),
        ({"recorded": 4, "placed": 3}, "the planner's own table, which leads to no office"),
    ],
)
def test_why_nobody_was_counted_at_the_offices_is_the_true_reason(toy_run, material, offices, why):
    told = changed(toy_run, material, origins={"offices": offices})
    for code in CODES:
        (said,) = travel.offices(Writer(language(code)), told).blocks
        assert (why in plain(said.text)) == (code == "en")


def test_offices_known_somewhere_are_a_table(material):
    figures = material.figures
    key = (figures.final_year, "governorate", "TO-A", "all", "office_covered")
    known = replace(figures, table={**figures.table, key: Found(1234.0, Basis.MODELLED)})
    section = travel.offices(Writer(language("en")), replace(material, figures=known))
    shown = [row.cells[2].value for row in section.blocks[-1].rows]
    assert shown[0] == 1234.0
    assert all(math.isnan(value) for value in shown[1:])
    assert "not computed" in plain(section.blocks[1].text)


@pytest.mark.parametrize("code", CODES)
def test_groups_have_the_distance_by_road_in_every_governorate(toy_run, written, code):
    rows = written[code].page.tables["groups-governorates"].values()
    for row, zone in zip(rows, ("TO-A", "TO-B", "TO-C"), strict=False):
        for cell, group in zip(row[-4:-1], ("all", "elderly", "disabled"), strict=True):
            where = {"year": 2025, "scope": "governorate", "scope_id": zone, "group": group}
            assert same(cell, value_of(toy_run.results, "mean_km", **where)), where
        where = {"year": 2025, "scope": "governorate", "scope_id": zone, "group": "all"}
        assert same(row[-1], value_of(toy_run.results, "density_per_km2", **where)), where


@pytest.mark.parametrize("flagged", [0, 1, 2, 3, 11, 100])
@pytest.mark.parametrize("code", CODES)
def test_the_opening_says_that_reach_is_not_capacity(toy_run, material, code, flagged):
    load = {**toy_run.info["load"], "flagged": flagged}
    blocks = opening.opening(Writer(language(code)), changed(toy_run, material, load=load))
    told = [block for block in blocks if getattr(block, "role", "") == "proof"][1:]
    assert len(told) == (flagged > 0)
    if told:
        largest = max(toy_run.info["sites"], key=lambda site: site["residents_nearest"])
        said = plain(told[0].text)
        assert largest[f"name_{code}"] in said
        assert f"{largest['residents_nearest']:,}" in said
        assert told[0].basis == (Basis.ASSUMED, Basis.MODELLED)
        if code == "ar":
            forms = {1: "مركز واحد", 2: "مركزان", 3: "مراكز كلٌّ", 11: "مركزًا كلٌّ", 100: "مركز كلٌّ"}
            assert forms[flagged] in said


@pytest.mark.parametrize("code", CODES)
def test_both_means_are_told_wherever_they_meet(toy_run, written, code):
    stage = next(s for s in toy_run.info["certificate"]["stages"] if s["unit"] == "minutes")
    mean = value_of(toy_run.results, "mean_minutes", year=2025, **NATION)
    document = written[code].document
    notes = {}
    for section in document.sections:
        for block in section.blocks:
            for note in (*getattr(block, "notes", ()), block):
                if isinstance(note, Note):
                    notes.setdefault(section.id, []).append(plain(note.text))
    for part in ("proof", "travel", "variants"):
        assert any(f"{stage['value']:.2f}" in said and f"{mean:.2f}" in said for said in notes[part]), part


@pytest.mark.parametrize("code", CODES)
def test_the_years_of_a_fixed_centre_have_one_badge(toy_run, material, code):
    writer = Writer(language(code))
    for status, basis in (("open", Basis.REPORTED), ("planned", Basis.ASSUMED)):
        sites = [{**site, "status": status} for site in toy_run.info["sites"]]
        held = changed(toy_run, material, sites=sites)
        fixed = [position for position, site in enumerate(sites) if site["fixed"]]
        rows = centres.centres(writer, held).blocks[1].rows
        assert fixed
        assert {rows[position].cells[7].basis for position in fixed} == {basis}
        name = sites[fixed[0]][f"name_{code}"]
        items = next(block for block in method.assumptions(writer, held).blocks if isinstance(block, List)).items
        assert [item.basis for item in items if name in plain(item.text)] == [(basis,)]


def test_the_operator_is_of_the_plan_and_the_status_on_record(written):
    heads = [cell.text for cell in written["en"].page.tables["centres"].head]
    assert heads[3].startswith("Operator in the plan")
    assert heads[4].startswith("Status on record")


@pytest.mark.parametrize("code", CODES)
def test_the_planner_s_own_sites_are_named(toy_run, material, code):
    writer, site = Writer(language(code)), toy_run.info["sites"][0]
    assert own_sites(writer, changed(toy_run, material, own_sites=None)) == []
    own = {"read": 3, "chosen": [site["id"]], "too_late": ["own-9"]}
    read, chosen, late = (plain(one.text) for one in own_sites(writer, changed(toy_run, material, own_sites=own)))
    assert "3" in read
    assert site[f"name_{code}"] in chosen
    assert "own-9" in late
    none = own_sites(writer, changed(toy_run, material, own_sites={**own, "chosen": [], "too_late": []}))
    assert len(none) == 2


@pytest.mark.parametrize("code", CODES)
def test_tables_are_named_and_their_heads_have_a_scope(written, code):
    page = written[code].page
    for table in page.tables.values():
        assert table.caption.strip()
        assert [cell.attributes["scope"] for cell in table.head] == ["col"] * len(table.head)
        for row in table.rows:
            assert (row[0].tag, row[0].attributes["scope"]) == ("th", "row")
            assert {cell.tag for cell in row[1:]} == {"td"}
    for tag, attributes in page.tags:
        if tag == "img":
            assert len(attributes["alt"]) > 20


def test_terms_are_the_official_ones(written):
    html = written["ar"].html
    for term in (
        "خارج معيار الوصول",
        "لا طريق إليه في البيانات",
        "المحافظة الأدنى تغطيةً",
        "إثبات الحل",
        "الأشخاص ذوو الإعاقة",
        "المئين التسعون",
        "رخصة استخدام البيانات",
    ):
        assert term in html
    for wrong in ("محروم", "الأسوأ", "معاقون", "ترخيص البيانات", "تشغيل النموذج"):
        assert wrong not in html


@pytest.mark.parametrize("code", CODES)
def test_the_run_s_own_sentences_keep_their_isolates(written, code):
    assert "\ufffd" not in written[code].html


def test_no_english_sentence_is_left_in_the_arabic_report(written):
    """Words from the data that exist in English only are marked; nothing else is in Latin letters."""
    document = written["ar"].document
    for section in document.sections:
        for block in section.blocks:
            for span in _spans(block):
                if span.lang is None and not span.code and not span.isolated:
                    allowed = re.sub(r"map\.html|sha256|CC BY|GeoNames", "", span.text)
                    assert not re.search(r"[A-Za-z]{2,}", allowed), span


def _spans(value):
    from reports.document import Span

    if isinstance(value, Span):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _spans(item)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _spans(getattr(value, name))


def test_the_proof_claims_no_more_than_the_certificate(toy_run, material):
    from reports.parts.proof import proof

    writer = Writer(language("en"))
    stages = [dict(stage) for stage in toy_run.info["certificate"]["stages"]]
    stages[1] |= {"start": 0.7, "moved": 2}
    stages[2] |= {"status": "within_gap", "proof": "solver", "bound": 20.0, "checked_bound": None}
    stages[3] |= {"status": "best_found", "bound": None, "proof": "none"}
    info = {**toy_run.info, "certificate": {"status": "best_found", "stages": stages}}
    section = proof(writer, replace(material, info=info))
    said = [plain(item.text) for item in section.blocks[3].items]
    assert said[0].endswith("person-years reached; no plan does better.")
    assert "it went from 70.00% to 76.42%, by changing 2 choices of place and year" in said[1]
    assert "no plan does better than 20.00 minutes" in said[2]
    assert "no bound is known" in said[3]
    assert "no plan does better" not in said[3]
    assert "no better plan exists" not in plain(section.blocks[1].text)


def test_nobody_out_of_reach_is_said_in_words(toy_run, material):
    from reports.parts.left_out import left_out

    empty = replace(material, cut_off=(), info={**toy_run.info, "farthest": [], "long_legs": None})
    said = [plain(block.text) for block in left_out(Writer(language("en")), empty).blocks if hasattr(block, "text")]
    assert "Every inhabited place has a route in the data." in said
    assert "No inhabited place with a road lies outside the standard." in said


def test_a_centre_above_the_load_is_flagged(toy_run, material):
    sites = [{**site, "load_flag": position == 1} for position, site in enumerate(toy_run.info["sites"])]
    load = {**toy_run.info["load"], "flagged": 1}
    section = centres.centres(Writer(language("en")), changed(toy_run, material, sites=sites, load=load))
    marks = [plain(row.cells[10].mark) for row in section.blocks[1].rows]
    assert marks == ["", "above the assumed load", "", "", ""]
    assert "1 centre lies above it." in plain(section.blocks[2].text)
