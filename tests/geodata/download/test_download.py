"""Downloads against a stand-in on loopback: whole, cut off, slow, moved, refused; and a country folder at the end."""

from __future__ import annotations

import hashlib
import json

import pytest
import yaml

import geodata
from foundation.errors import InvalidInput, NotFound, OutputRefused, Unreachable
from geodata.download import Patience, download_country, nation, offer_country, read_services
from geodata.download.fetch import client, fetch, read_small, size_of
from geodata.download.places import places_csv
from tests.geodata.download.standin import Page, StandIn, geonames_zip, serve_uruguay

BODY = bytes(range(256)) * 800  # 204,800 bytes


@pytest.fixture
def standin():
    server = StandIn()
    yield server
    server.close()


@pytest.fixture
def naps():
    return []


@pytest.fixture
def patience(naps):
    return Patience(tries=3, seconds=0.4, pause=0.01, longest_pause=20.0, sleep=naps.append)


def fetched(standin, path, target, patience):
    seen = []
    with client(patience) as http:
        digest = fetch(http, standin.url + path, target, patience, lambda got, total: seen.append((got, total)))
    return digest, seen


def test_a_whole_file_arrives_with_its_hash_and_leaves_no_part(standin, tmp_path, patience):
    standin.pages["/a"] = Page(BODY)
    digest, seen = fetched(standin, "/a", tmp_path / "a", patience)
    assert (tmp_path / "a").read_bytes() == BODY
    assert digest == hashlib.sha256(BODY).hexdigest()
    assert seen[-1] == (len(BODY), len(BODY))
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_a_cut_off_file_is_gone_on_with_where_it_stopped(standin, tmp_path, patience, naps):
    page = standin.pages["/a"] = Page(BODY, faults=["cut:70000", "cut:50000"])
    fetched(standin, "/a", tmp_path / "a", patience)
    assert (tmp_path / "a").read_bytes() == BODY
    starts = [int(asked.removeprefix("bytes=").rstrip("-") or 0) if asked else 0 for asked in page.asked]
    assert starts[0] == 0
    assert 0 < starts[1] <= 70_000
    assert starts[1] < starts[2] <= 120_000
    assert len(naps) == 2


def test_a_later_call_goes_on_from_the_part_that_is_here(standin, tmp_path, patience):
    page = standin.pages["/a"] = Page(BODY, faults=["cut:70000", "503", "503", "503", "503"])
    with pytest.raises(Unreachable, match="HTTP 503"):
        fetched(standin, "/a", tmp_path / "a", patience)
    here = (tmp_path / "a.part").stat().st_size
    assert 0 < here <= 70_000
    page.faults.clear()
    fetched(standin, "/a", tmp_path / "a", patience)
    assert page.asked[-1] == f"bytes={here}-"
    assert (tmp_path / "a").read_bytes() == BODY


def test_a_file_that_changed_meanwhile_is_begun_again(standin, tmp_path, patience):
    standin.pages["/a"] = Page(BODY, faults=["cut:70000", "503", "503", "503", "503"])
    with pytest.raises(Unreachable):
        fetched(standin, "/a", tmp_path / "a", patience)
    other = BODY[::-1]
    standin.pages["/a"] = Page(other, etag='"two"')
    fetched(standin, "/a", tmp_path / "a", patience)
    assert (tmp_path / "a").read_bytes() == other


def test_a_server_without_ranges_is_fetched_from_the_start(standin, tmp_path, patience):
    standin.pages["/a"] = Page(BODY, ranges=False, faults=["cut:70000"])
    fetched(standin, "/a", tmp_path / "a", patience)
    assert (tmp_path / "a").read_bytes() == BODY


def test_a_server_without_ranges_that_cuts_here_and_there_is_given_up(standin, tmp_path, patience):
    standin.pages["/a"] = Page(bytes(9000), ranges=False, faults=[f"cut:{at}" for at in (500, 100, 400, 200, 300) * 20])
    with pytest.raises(Unreachable, match="could not be fetched"):
        fetched(standin, "/a", tmp_path / "a", patience)
    assert len(standin.pages["/a"].asked) == patience.tries


def test_a_wrong_range_is_not_joined(standin, tmp_path, patience):
    standin.pages["/a"] = Page(BODY, faults=["cut:70000", "shifted"])
    fetched(standin, "/a", tmp_path / "a", patience)
    assert (tmp_path / "a").read_bytes() == BODY


def test_a_silent_server_is_given_up_after_the_tries(standin, tmp_path, patience, naps):
    page = standin.pages["/a"] = Page(BODY, ranges=False, faults=["slow"] * 9)
    with pytest.raises(Unreachable, match="Try again later"):
        fetched(standin, "/a", tmp_path / "a", patience)
    assert len(page.asked) <= 4
    assert not (tmp_path / "a").exists()


def test_more_announced_than_sent_is_never_taken_for_whole(standin, tmp_path, patience):
    standin.pages["/a"] = Page(BODY, ranges=False, faults=["long:5"] * 9)
    with pytest.raises(Unreachable):
        fetched(standin, "/a", tmp_path / "a", patience)
    assert not (tmp_path / "a").exists()


def test_retry_after_is_obeyed_up_to_its_limit(standin, tmp_path, patience, naps):
    standin.pages["/a"] = Page(BODY, faults=["429:7"])
    fetched(standin, "/a", tmp_path / "a", patience)
    assert naps == [7.0]
    page = standin.pages["/b"] = Page(BODY, faults=["429:21"] * 3)
    with pytest.raises(Unreachable, match="HTTP 429"):
        fetched(standin, "/b", tmp_path / "b", patience)
    assert len(page.asked) == 1


def test_not_found_is_said_at_once(standin, tmp_path, patience, naps):
    with pytest.raises(NotFound, match="HTTP 404"):
        fetched(standin, "/none", tmp_path / "a", patience)
    assert naps == []


def test_redirects_are_followed_a_few_times_and_only_to_allowed_addresses(standin, tmp_path, patience):
    standin.pages["/a"] = Page(b"", faults=["to:/b"])
    standin.pages["/b"] = Page(BODY)
    fetched(standin, "/a", tmp_path / "a", patience)
    assert (tmp_path / "a").read_bytes() == BODY
    standin.pages["/round"] = Page(b"", faults=["to:/round"] * 20)
    with pytest.raises(InvalidInput, match="leads on more than 5 times"):
        fetched(standin, "/round", tmp_path / "c", patience)
    for bad in ("to:http://example.org/x", "to:ftp://127.0.0.1/x", "to:file:///etc/passwd"):
        standin.pages["/bad"] = Page(b"", faults=[bad])
        with pytest.raises(InvalidInput, match="no address to download from"):
            fetched(standin, "/bad", tmp_path / "d", patience)


def test_a_file_over_the_limit_is_refused_before_it_is_fetched(standin, tmp_path, naps):
    standin.pages["/a"] = Page(BODY)
    few = Patience(tries=2, seconds=1.0, most_bytes=1000, sleep=naps.append)
    with pytest.raises(InvalidInput, match="more than the 1000"):
        fetched(standin, "/a", tmp_path / "a", few)
    with client(few) as http, pytest.raises(InvalidInput, match="larger than the 500"):
        read_small(http, standin.url + "/a", few, most_bytes=500)


def test_the_size_is_known_before_the_file(standin, patience):
    standin.pages["/a"] = Page(BODY)
    standin.pages["/b"] = Page(BODY, ranges=False)
    with client(patience) as http:
        assert (size_of(http, standin.url + "/a", patience).total) == len(BODY)
        assert size_of(http, standin.url + "/a", patience).resumable
        assert not size_of(http, standin.url + "/b", patience).resumable
        assert size_of(http, standin.url + "/b", patience).total == len(BODY)


@pytest.mark.parametrize("asked", ["UY", "ury", " Uruguay "])
def test_a_country_is_found_by_its_codes_or_name(asked):
    assert nation(asked).iso3 == "URY"
    assert nation("jordan").name_ar == "الأردن"


def test_an_unknown_country_is_refused():
    with pytest.raises(NotFound, match="no country 'Ruritania'"):
        nation("Ruritania")


def test_the_built_in_services_are_all_https():
    services = read_services()
    assert all(
        getattr(services, part).catalogue.startswith("https://")
        for part in type(services).model_fields
        if part != "schema_"
    )


def test_a_list_of_services_is_strict(tmp_path):
    listed = {"schema": 1, "population": {"catalogue": "http://example.org", "source": "a"}, "rods": {}}
    (tmp_path / "s.yaml").write_text(yaml.safe_dump(listed))
    with pytest.raises(InvalidInput, match="rods"):
        read_services(tmp_path / "s.yaml")


def test_a_country_is_offered_fetched_and_read(standin, tmp_path, patience):
    serve_uruguay(standin, tmp_path / "served")
    offer = offer_country("UY", services=tmp_path / "served" / "services.yaml", patience=patience)
    assert [remote.part for remote in offer.files] == ["population", "roads", "zones", "places"]
    assert offer.sizes == tuple(
        len(standin.pages[p].body) for p in ("/people.tif", "/uy-latest.osm.pbf", "/zones.geojson", "/UY.zip")
    )
    assert offer.files[0].vintage == "2025"
    folder = tmp_path / "uruguay"
    done = download_country(offer, folder, patience=patience)
    assert done.sha256["population.tif"] == hashlib.sha256(standin.pages["/people.tif"].body).hexdigest()
    assert "CC BY 3.0" in (folder / "zones.geojson.licence.txt").read_text()
    report = geodata.check(folder)
    assert report.ok, report.lines("en")
    country = geodata.load(folder)
    assert list(country.zones["zone_id"]) == ["UY-AA", "UY-BB", "UY-CC"]
    assert int(country.people["people"].sum()) == int(report.zones["people"].sum()) > 100_000
    assert set(country.places["name_en"]) == {
        "Puerto Alto",
        "San Bruno",
        "Villa del Río",
        "Cerro Chato",
        "Las Piedras",
        "Paso Hondo",
    }
    assert "بويرتو ألتو" in set(country.places["name_ar"])
    assert country.name_ar == "أورغواي"


def test_a_second_call_fetches_only_what_is_missing(standin, tmp_path, patience):
    serve_uruguay(standin, tmp_path / "served")
    offer = offer_country("UY", services=tmp_path / "served" / "services.yaml", patience=patience)
    folder = tmp_path / "uruguay"
    download_country(offer, folder, patience=patience)
    before = len(standin.pages["/people.tif"].asked)
    (folder / "roads.osm.pbf").write_bytes(b"spoilt")
    download_country(offer, folder, patience=patience)
    assert len(standin.pages["/people.tif"].asked) == before
    assert (folder / "roads.osm.pbf").read_bytes() == standin.pages["/uy-latest.osm.pbf"].body


def test_a_wrong_checksum_is_named_and_the_file_removed(standin, tmp_path, patience):
    listed = serve_uruguay(standin, tmp_path / "served")
    standin.pages["/uy-latest.osm.pbf.md5"].body = b"0" * 32 + b"  x\n"
    offer = offer_country("UY", services=tmp_path / "served" / "services.yaml", patience=patience)
    with pytest.raises(InvalidInput, match=r"roads\.osm\.pbf is not what its server says"):
        download_country(offer, tmp_path / "u", patience=patience)
    assert not (tmp_path / "u" / "roads.osm.pbf").exists()
    assert not (tmp_path / "u" / "country.yaml").exists()
    listed["places"]["sha256"] = "0" * 64
    (tmp_path / "s.yaml").write_text(yaml.safe_dump(listed))
    md5 = hashlib.md5(standin.pages["/uy-latest.osm.pbf"].body).hexdigest()
    standin.pages["/uy-latest.osm.pbf.md5"].body = md5.encode()
    pinned = offer_country("UY", services=tmp_path / "s.yaml", patience=patience)
    with pytest.raises(InvalidInput, match=r"places.zip is not .*sha256 0000"):
        download_country(pinned, tmp_path / "u", patience=patience)


def test_the_page_of_a_network_in_place_of_a_file_is_removed_and_heals_once_the_server_answers(
    standin, tmp_path, patience
):
    serve_uruguay(standin, tmp_path / "served")
    page = standin.pages["/people.tif"]
    right, page.body = page.body, b"<html>Please log in</html>"
    folder = tmp_path / "uruguay"
    offer = offer_country("UY", services=tmp_path / "served" / "services.yaml", patience=patience)
    with pytest.raises(InvalidInput, match=r"population\.tif is not what was asked for: .*no GeoTIFF") as caught:
        download_country(offer, folder, patience=patience)
    assert "download it again" in str(caught.value)
    assert not (folder / "population.tif").exists()
    page.body = right
    offer = offer_country("UY", services=tmp_path / "served" / "services.yaml", patience=patience)
    download_country(offer, folder, patience=patience)
    assert (folder / "population.tif").read_bytes() == right


@pytest.mark.parametrize("record", ["[1]", '{"country": "URY", "files": [1]}', "[" * 50_000])
def test_a_record_that_is_none_is_refused(standin, tmp_path, patience, record):
    serve_uruguay(standin, tmp_path / "served")
    offer = offer_country("UY", services=tmp_path / "served" / "services.yaml", patience=patience)
    (tmp_path / "u").mkdir()
    (tmp_path / "u" / "download.json").write_text(record)
    with pytest.raises(OutputRefused, match="cannot be used"):
        download_country(offer, tmp_path / "u", patience=patience)


def test_a_folder_of_something_else_is_refused(standin, tmp_path, patience):
    serve_uruguay(standin, tmp_path / "served")
    offer = offer_country("UY", services=tmp_path / "served" / "services.yaml", patience=patience)
    (tmp_path / "u").mkdir()
    (tmp_path / "u" / "letter.txt").write_text("mine")
    with pytest.raises(OutputRefused, match="not empty"):
        download_country(offer, tmp_path / "u", patience=patience)
    assert [p.name for p in (tmp_path / "u").iterdir()] == ["letter.txt"]


def test_a_year_that_is_not_there_is_said_with_those_that_are(standin, tmp_path, patience):
    serve_uruguay(standin, tmp_path / "served")
    services = tmp_path / "served" / "services.yaml"
    with pytest.raises(NotFound, match="no population of 1999; the catalogue has 2024, 2025, 2099"):
        offer_country("UY", services=services, year=1999, patience=patience)
    with pytest.raises(NotFound):
        offer_country("PY", services=services, patience=patience)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"[]",
        b'{"data": [{"popyear": "x"}]}',
        b'{"data": [{"popyear": 2025, "files": ["file:///etc/passwd.tif"]}]}',
    ],
)
def test_a_catalogue_in_another_form_is_refused_by_name(standin, tmp_path, patience, body):
    serve_uruguay(standin, tmp_path / "served")
    standin.pages["/pop?iso3=URY"].body = body
    with pytest.raises(InvalidInput, match=r"JSON|another form|no address"):
        offer_country("UY", services=tmp_path / "served" / "services.yaml", patience=patience)


def test_places_leave_out_mountains_and_ruins(tmp_path):
    (tmp_path / "UY.zip").write_bytes(geonames_zip())
    assert places_csv(tmp_path / "UY.zip", "UY", tmp_path / "places.csv") == 6
    assert "Cerro," not in (tmp_path / "places.csv").read_text("utf-8")
    (tmp_path / "bad.zip").write_bytes(b"PK no zip")
    with pytest.raises(InvalidInput, match="no zip file: it does not begin like one"):
        places_csv(tmp_path / "bad.zip", "UY", tmp_path / "x.csv")
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 and then no zip")
    with pytest.raises(InvalidInput, match="not the zip of GeoNames"):
        places_csv(tmp_path / "bad.zip", "UY", tmp_path / "x.csv")


def test_the_record_of_a_download_names_its_sources(standin, tmp_path, patience):
    serve_uruguay(standin, tmp_path / "served")
    offer = offer_country("UY", services=tmp_path / "served" / "services.yaml", patience=patience)
    download_country(offer, tmp_path / "u", patience=patience)
    record = json.loads((tmp_path / "u" / "download.json").read_text("utf-8"))
    assert record["files"]["roads.osm.pbf"]["url"] == standin.url + "/uy-latest.osm.pbf"
    assert record["files"]["zones.geojson"]["vintage"] == "2019"
