"""run.json: what a run says of itself, as a mapping; docs/run-folder.md lists the fields."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from foundation.errors import Phrase
from foundation.language import language
from geodata.country import Country
from planning.plan import Plan, Stage
from planning.programme import ZoneQuota
from planning.results import value_of
from planning.sites import centres_open
from planning.siting.lines import lines_of
from scenarios.files import Scenario
from scenarios.origins import credited, origins
from scenarios.run import SCHEMA
from scenarios.stage_words import STAGES, objectives_record, stage_title, standard_record
from scenarios.stamp import Stamp
from scenarios.studies.case import Study

__all__ = ["STAGES", "both", "run_record", "variant_record"]

_LOAD_NOTE = (
    "A limit on the residents of each centre is not part of this solve: who uses which centre under a limit is a "
    "capacity question (someone within reach may still not be served), a second formulation. Centres above the stated "
    "load are flagged instead."
)


def both(name: str, sentence: str | Phrase, **values: object) -> dict[str, str]:
    """Say a sentence in both languages: ``{name_en: ..., name_ar: ...}``."""
    said = sentence if isinstance(sentence, Phrase) else Phrase(sentence, values)
    return {f"{name}_{code}": language(code).phrase(said) for code in ("en", "ar")}


def run_record(
    scenario: Scenario,
    country: Country,
    plan: Plan,
    *,
    run_id: str,
    inputs: list[dict[str, str]],
    variants: list[Any],
    stamp: Stamp,
    studies: Sequence[Study] = (),
) -> dict[str, Any]:
    """Write run.json's mapping; no NaN or infinity is left in it (null instead)."""
    zones = country.zones.set_index("zone_id")
    sites = plan.sites.astype(object).where(plan.sites.notna(), None)
    record = {
        "schema": SCHEMA,
        "run_id": run_id,
        "scenario": {"name": scenario.name, "title_en": scenario.title_en, "title_ar": scenario.title_ar},
        "country": {
            "code": country.code,
            "name_en": country.name_en,
            "name_ar": country.name_ar,
            "capital_zone": country.capital_zone,
            "population_year": country.population_year,
            "metric_crs": country.metric_crs,
        },
        "created": stamp.created,
        "years": list(plan.programme.years),
        "standard": standard_record(plan),
        "objectives": objectives_record(plan),
        "programme": _programme(plan),
        "certificate": {
            "status": plan.certificate.status,
            "stages": [_stage(stage) for stage in plan.certificate.stages],
            "not_tried": [
                {"objective": stage.name, **both("title", stage_title(stage.name))}
                for stage in plan.problem.stages[len(plan.certificate.stages) :]
            ],
        },
        "totals": _totals(plan, country, plan.programme.final_year) | {"population_year": country.population_year},
        "totals_by_year": {
            str(year): _totals(plan, country, year) | {"centres": centres_open(plan.sites, plan.programme, year)}
            for year in plan.programme.years
        },
        "worst_off": _worst_off(plan, zones),
        "sites": sites.to_dict("records"),
        "load": {
            "residents_per_centre": plan.load.residents_per_centre,
            "basis": "assumed",
            "flagged": int(plan.sites["load_flag"].sum()),
            **both("note", _LOAD_NOTE),
        },
        "own_sites": _own_sites(country, plan),
        "variants": variants,
        "farthest": plan.notes["farthest"],
        "inputs": inputs,
        "sources_note": credited(country),
        "origins": origins(country, matrix=scenario.matrix_file is not None),
        "versions": stamp.versions,
        "settings": stamp.settings(scenario),
        "seconds": stamp.seconds,
    }
    for made in studies:
        record |= made.record
    return {name: _plain(value) for name, value in record.items()}


def variant_record(plan: Plan, base: Plan, country: Country, *, name: str, title: str) -> dict[str, Any]:
    """Say how another reading of the programme would have answered."""
    ids, base_ids = list(plan.sites["id"]), set(base.sites["id"])
    base_years = base.sites.set_index("id")["operating_year"]
    final = plan.programme.final_year
    return {
        "id": name,
        **both("title", title),
        "status": plan.certificate.status,
        "covered": int(_nation(plan, country, "covered", final)),
        "covered_person_years": sum(int(_nation(plan, country, "covered", year)) for year in plan.programme.years),
        "mean_minutes": next((s.value for s in plan.certificate.stages if s.objective == "mean_travel"), None),
        "sites_differ": [site for site in ids if site not in base_ids],
        "sites_left": [site for site in base.sites["id"] if site not in set(ids)],
        "years_differ": [
            {"id": site, "operating_year": int(year), "base_operating_year": int(base_years[site])}
            for site, year in zip(ids, plan.sites["operating_year"], strict=True)
            if site in base_ids and year != base_years[site]
        ],
    }


def _programme(plan: Plan) -> dict[str, Any]:
    programme = plan.programme
    quotas = [_quota(q) for q in programme.zone_quotas]
    private = None
    if programme.private is not None:
        private = {
            "count": programme.private.count,
            "offered": programme.private.offered,
            "operating": programme.private.operating,
            "labelled": int((plan.sites["operator"] == "private").sum()),
            "later": int(
                (
                    (plan.sites["operator"] == "private") & (plan.sites["operating_year"] > programme.private.operating)
                ).sum()
            ),
        }
    return {
        "operating": {str(year): programme.operating(year) for year in programme.years},
        "begun": {str(year): programme.begun(year) for year in programme.years},
        "quotas": quotas,
        "rules": [{"key": line.key, **both("text", line.said)} for line in lines_of(programme.conditions)],
        "kinds": [
            {"id": kind.id, "title_en": kind.title_en, "title_ar": kind.title_ar, "form": kind.form}
            for kind in programme.kinds
        ],
        "steps": [
            {
                "id": t.id,
                "title_en": t.title_en,
                "title_ar": t.title_ar,
                "count": t.count,
                "begun": t.begun,
                "operating": t.operating,
                "kind": t.kind,
                "at_most": t.at_most,
            }
            for t in programme.tranches
        ],
        "private": private,
    }


def _own_sites(country: Country, plan: Plan) -> dict[str, Any] | None:
    """Say what became of the planner's own candidate sites; None when there are none."""
    own = country.candidates[country.candidates["origin"] == "planner"]
    if own.empty:
        return None
    chosen = set(plan.sites["site_id"])
    late = own["earliest_year"].fillna(0) > plan.programme.final_year
    return {
        "read": len(own),
        "chosen": [str(site) for site in own["site_id"] if site in chosen],
        "too_late": [str(site) for site in own.loc[late, "site_id"]],
    }


def _quota(quota: ZoneQuota) -> dict[str, str]:
    said: dict[str, str] = {}
    for code in ("en", "ar"):
        tongue = language(code)
        said[f"text_{code}"] = tongue.text(
            "At least {centres} operating in each governorate from {year}"
            if quota.fixed_count
            else "At least {centres} operating in each governorate from {year}, fixed sites not counted",
            centres=tongue.plural("{n} centre", "{n} centres", quota.at_least),
            year=tongue.year(quota.from_year),
        )
    return said


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "objective": stage.objective,
        **both("title", stage_title(stage.objective)),
        "unit": stage.unit,
        "status": stage.status,
        "value": stage.value,
        "bound": stage.bound,
        "gap": stage.gap,
        "checked_bound": stage.checked_bound,
        "proof": stage.proof,
        "rechecked": stage.rechecked,
        "start": stage.start,
        "moved": stage.moved,
        "seconds": round(stage.seconds, 3),
    }


def _nation(plan: Plan, country: Country, measure: str, year: int) -> float:
    return value_of(plan.results, measure, year=year, scope="nation", scope_id=country.code)


def _totals(plan: Plan, country: Country, year: int) -> dict[str, int]:
    names = ("population", "covered", "out_of_standard", "unreachable")
    return {name: int(_nation(plan, country, name, year)) for name in names}


def _worst_off(plan: Plan, zones: pd.DataFrame) -> dict[str, Any]:
    final = plan.results[
        (plan.results["year"] == plan.programme.final_year)
        & (plan.results["scope"] == "governorate")
        & (plan.results["group"] == "all")
        & (plan.results["measure"] == "covered_share")
    ].dropna(subset="value")
    worst = final.sort_values(["value", "scope_id"]).iloc[0]
    zone = str(worst["scope_id"])
    return {
        "zone_id": zone,
        "name_en": zones.loc[zone, "name_en"],
        "name_ar": zones.loc[zone, "name_ar"],
        "covered_share": float(worst["value"]),
    }


def _plain(value: Any) -> Any:
    """Make a value JSON: numpy numbers become Python's, NaN and infinity become null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is pd.NA or value is pd.NaT:
        return None
    return value
