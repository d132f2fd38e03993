"""
A stand-in for the services on loopback: true file formats, and every way a server goes wrong.

A path is served by a `Page`; its `faults` are spent one a request, in order.
"""

from __future__ import annotations

import io
import json
import threading
import time
import zipfile
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import geopandas as gpd
import yaml

from tests.geodata.folders import PLANE, TOWNS, at, town_points, write_people, zone_shapes
from tests.geodata.osm_files import write_pbf


@dataclass
class Page:
    """
    One path.

    Attributes
    ----------
    faults
        Each is spent by one request: "404", "503", "429:7" (Retry-After 7), "cut:1000" (closes
        after so many bytes), "slow" (sends one byte, then nothing for a while), "long:5" (announces
        5 bytes more than come), "to:/elsewhere" (redirects), "shifted" (answers another range).
    """

    body: bytes
    etag: str = '"one"'
    ranges: bool = True
    faults: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # the Range header of each request


class StandIn:
    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                page = outer.pages.get(self.path)
                if page is None:
                    self._plain(404)
                    return
                page.asked.append(self.headers.get("Range", ""))
                fault = page.faults.pop(0) if page.faults else ""
                kind, _, detail = fault.partition(":")
                if kind.isdigit():
                    self._plain(int(kind), **({"Retry-After": detail} if detail else {}))
                elif kind == "to":
                    self._plain(302, Location=detail)
                else:
                    self._body(page, kind, detail)

            def _plain(self, status: int, **headers: str) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def _body(self, page: Page, kind: str, detail: str) -> None:
                start, total = 0, len(page.body)
                asked, mark = self.headers.get("Range", ""), self.headers.get("If-Range", page.etag)
                partial = page.ranges and asked.startswith("bytes=") and mark == page.etag
                stop = total
                if partial:
                    first, _, last = asked.removeprefix("bytes=").partition("-")
                    start, stop = int(first), int(last) + 1 if last else total
                    if start >= total:
                        self._plain(416)
                        return
                piece = page.body[start:stop]
                said = start + 1 if kind == "shifted" and partial else start
                self.send_response(206 if partial else 200)
                self.send_header("ETag", page.etag)
                if partial:
                    self.send_header("Content-Range", f"bytes {said}-{stop - 1}/{total}")
                extra = int(detail) if kind == "long" else 0
                self.send_header("Content-Length", str(len(piece) + extra))
                if kind:
                    self.close_connection = True
                self.end_headers()
                if kind == "cut":
                    piece = piece[: int(detail)]
                if kind == "slow":
                    self.wfile.write(piece[:1])
                    self.wfile.flush()
                    time.sleep(1.0)
                    return
                self.wfile.write(piece)

            def log_message(self, *_: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """A client that went away is what these tests are about."""

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()


def geonames_zip(iso2: str = "UY") -> bytes:
    rows = []
    points = town_points().to_crs(4326)
    arabic = ["بويرتو ألتو", "", "", "", "", ""]
    for number, (town, place, name_ar) in enumerate(zip(TOWNS, points, arabic, strict=True)):
        cells = [""] * 19
        cells[0], cells[1], cells[2], cells[3] = str(100 + number), town[0], town[0], f"Otro,{name_ar}"
        cells[4], cells[5], cells[6], cells[7], cells[8] = f"{place.y:.5f}", f"{place.x:.5f}", "P", "PPL", iso2
        cells[14] = str(town[3])
        rows.append("\t".join(cells))
    rows.append("\t".join(["900", "Cerro", "Cerro", "", "-33", "-56", "T", "MT", iso2, *[""] * 5, "0", *[""] * 4]))
    rows.append("\t".join(["901", "Ruina", "Ruina", "", "-33", "-56", "P", "PPLQ", iso2, *[""] * 5, "0", *[""] * 4]))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{iso2}.txt", "\n".join(rows) + "\n")
        archive.writestr("readme.txt", "stand-in")
    return packed.getvalue()


def _roads(path):
    """A primary road between all towns, a node about each two kilometres."""
    points, ways, number = {}, {}, 0
    for first in range(len(TOWNS)):
        for second in range(first + 1, len(TOWNS)):
            (x0, y0), (x1, y1) = at(*TOWNS[first][1:3]), at(*TOWNS[second][1:3])
            steps = 40
            line = gpd.GeoSeries(
                gpd.points_from_xy(
                    [x0 + (x1 - x0) * k / steps for k in range(steps + 1)],
                    [y0 + (y1 - y0) * k / steps for k in range(steps + 1)],
                ),
                crs=PLANE,
            ).to_crs(4326)
            nodes = []
            for k, point in enumerate(line):
                if k == 0 or k == steps:
                    name = 1 + (first if k == 0 else second)
                else:
                    number += 1
                    name = 1000 + number
                points[name] = (point.x, point.y)
                nodes.append(name)
            ways[10 + len(ways)] = (nodes, {"highway": "primary"})
    return write_pbf(path, points, ways).read_bytes()


def serve_uruguay(standin: StandIn, folder) -> dict[str, str]:
    """Put the files of an invented Uruguay on the stand-in; return the list of services as a mapping."""
    import hashlib

    folder.mkdir(parents=True, exist_ok=True)
    zones = gpd.GeoDataFrame(
        {"shapeName": ["Oeste", "Este", "Norte"], "shapeISO": ["UY-AA", "UY-BB", "UY-CC"], "shapeID": ["1", "2", "3"]},
        geometry=zone_shapes(),
        crs=PLANE,
    ).to_crs(4326)
    roads = _roads(folder / "roads.osm.pbf")
    md5 = hashlib.md5(roads).hexdigest()
    pages = {
        "/people.tif": write_people(folder / "people.tif").read_bytes(),
        "/uy-latest.osm.pbf": roads,
        "/uy-latest.osm.pbf.md5": f"{md5}  uy-latest.osm.pbf\n".encode(),
        "/zones.geojson": zones.to_json(drop_id=True).encode(),
        "/UY.zip": geonames_zip(),
        "/pop?iso3=URY": json.dumps(
            {
                "data": [
                    {"popyear": "2024", "files": [f"{standin.url}/old.tif"]},
                    {"popyear": "2025", "files": [f"{standin.url}/people.tif"]},
                    {"popyear": "2099", "files": [f"{standin.url}/projected.tif"]},
                ]
            }
        ).encode(),
        "/index.json": json.dumps(
            {
                "features": [
                    {"properties": {"iso3166-1:alpha2": ["AR", "UY"], "urls": {"pbf": f"{standin.url}/big.pbf"}}},
                    {"properties": {"iso3166-1:alpha2": ["UY"], "urls": {"pbf": f"{standin.url}/uy-latest.osm.pbf"}}},
                    {"properties": {"id": "europe", "urls": {}}},
                ]
            }
        ).encode(),
        "/adm/URY": json.dumps(
            {
                "boundaryLicense": "CC BY 3.0",
                "boundaryYearRepresented": "2019",
                "boundarySource": "somebody",
                "gjDownloadURL": f"{standin.url}/zones.geojson",
            }
        ).encode(),
    }
    standin.pages |= {path: Page(body) for path, body in pages.items()}
    terms = {"source": "made up", "licence": "CC0", "licence_url": "https://example.org"}
    listed = {
        "schema": 1,
        "population": {"catalogue": standin.url + "/pop?iso3={iso3}", **terms},
        "roads": {"catalogue": standin.url + "/index.json", **terms},
        "zones": {"catalogue": standin.url + "/adm/{iso3}", **terms},
        "places": {"catalogue": standin.url + "/{iso2}.zip", **terms},
    }
    (folder / "services.yaml").write_text(yaml.safe_dump(listed), encoding="utf-8")
    return listed
