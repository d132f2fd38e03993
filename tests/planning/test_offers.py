"""Kinds that offer some services, and services bound to a governorate: visits go where they can be served."""

import dataclasses
import math

import numpy as np
import pytest

from foundation.errors import InvalidInput
from planning.aims import Aim, Objectives
from planning.capacity import CapacitySettings, Centres, Flow, Near, Opening, capacity_of, three_of
from planning.kinds import KindOfPlace
from planning.offers import ANY_PLACE, Offer, Part
from planning.programme import Tranche
from planning.siting import Request, site_programme
from planning.siting.choices import options_of
from planning.siting.offered import network_for
from planning.siting.request import instance_of
from planning.siting.standing import network_of
from planning.standards import Limits
from planning.travel import Travel, travel
from planning.visits import VisitSettings, offers_of, parts_of, visits_of
from planning.visits.settings import Calibration
from tests.planning.test_rules import KEPT, PILOT, country
from tests.planning.trying import all_plans, places_of
from tests.toy import toy_programme
from tests.toy_services import toy_records

YEARS = (2024, 2025)
DESK = KindOfPlace(
    "desk", "Desk", "مكتب", form="agency", standard=Limits(15.0, 25.0), services=("tax", "works"), counts_as=None
)
PLACE = dataclasses.replace(country(seed=5, points=18), records=toy_records())
TRAVEL = travel(PLACE)


def programme(**changes):
    whole = {
        "years": YEARS,
        "fixed": (PILOT,),
        "kinds": (DESK,),
        "tranches": (
            Tranche("centres", "Centres", "مراكز", 1, 2024, 2025),
            Tranche("desks", "Desks", "مكاتب", 1, 2024, 2024, kind="desk"),
        ),
        "zone_quotas": (),
        "private": None,
    }
    return toy_programme(**(whole | changes))


@pytest.fixture(scope="module")
def visits():
    return visits_of(PLACE, YEARS, VisitSettings(calibration=Calibration("none")))


def test_a_service_is_offered_by_the_kinds_that_name_it_and_by_those_that_name_none(visits):
    by_year = offers_of(visits, (DESK,))
    full = frozenset({"comprehensive", "partial"})
    assert visits.services == ("id-card", "permit", "tax", "works")
    # permit: labour is bound to its governorate until the national tax agency takes it over in 2025
    assert by_year[0] == (Offer(full), Offer(full, bound=True), ANY_PLACE, Offer(bound=True))
    assert by_year[1] == (Offer(full), Offer(full), ANY_PLACE, Offer(bound=True))
    own = KindOfPlace("comprehensive", "Centre", "مركز", services=("id-card",))
    assert offers_of(visits, (own,))[1][2] == Offer(frozenset({"partial"}))


def test_parts_sum_to_the_visits_and_to_the_visits_by_priority(visits):
    for worth, whole in ((None, visits.total()), (visits.priority, visits.weight())):
        parts = parts_of(visits, (DESK,), worth=worth)
        assert len({part.offer for part in parts}) == len(parts) == 4
        assert np.sum([part.amount for part in parts], axis=0) == pytest.approx(whole)


def journeys(options, kinds):
    """Plain loops: minutes of every point to every option, and each option's kind and governorate."""
    zone = PLACE.candidates["zone_id"].tolist()
    return [
        (TRAVEL.minutes[:, site], kinds[kind], zone[site])
        for site, kind in zip(options.site.tolist(), options.kind.tolist(), strict=True)
    ]


@pytest.mark.parametrize(
    "offer", [ANY_PLACE, Offer(frozenset({"comprehensive"})), Offer(bound=True), Offer(frozenset({"desk"}), True)]
)
def test_the_nearest_place_that_can_serve_is_found_as_by_hand(offer):
    request = Request(PLACE, programme(), ready_travel=TRAVEL)
    instance, options = instance_of(request, TRAVEL), options_of(PLACE, request.programme, request.standard)
    open_options = np.array([0, 2, 4, len(KEPT) + 1, len(KEPT) + 3])
    seen = network_for(instance, network_of(instance, open_options, year=2025), offer)
    table = journeys(options, options.kinds)
    assert seen.open_options.tolist() == open_options.tolist()
    for i, home in enumerate(PLACE.people["zone_id"]):
        best, at = math.inf, -1
        for option in open_options.tolist():
            minutes, kind, zone = table[option]
            able = (offer.kinds is None or kind in offer.kinds) and (not offer.bound or zone == home)
            if able and minutes[i] < best:
                best, at = minutes[i], option
        assert (seen.minutes[i], seen.nearest_option[i]) == (best, at)


class ByHand:
    """What a plan serves, service by service."""

    def __init__(self, visits, kinds, standard):
        self.visits, self.offers = visits, offers_of(visits, kinds)
        self.site = {str(site): j for j, site in enumerate(PLACE.candidates["site_id"])}
        self.home = PLACE.people["zone_id"].tolist()
        settlement = PLACE.people["settlement"].tolist()
        self.usual = [standard.main.urban if kind == "urban" else standard.main.rural for kind in settlement]
        self.desk = [15.0 if kind == "urban" else 25.0 for kind in settlement]

    def able(self, t, s, i, places):
        """(minutes, limit) of the places that can serve."""
        offer = self.offers[t][s]
        for site, kind in places:
            zone = PLACE.candidates["zone_id"][self.site[site]]
            if (offer.kinds is None or kind in offer.kinds) and (not offer.bound or zone == self.home[i]):
                yield TRAVEL.minutes[i, self.site[site]], self.desk[i] if kind == "desk" else self.usual[i]

    def covered(self, open_):
        total = 0.0
        for t, year in enumerate(YEARS):
            for s in range(len(self.visits.services)):
                for i in range(len(self.home)):
                    if any(minutes <= limit for minutes, limit in self.able(t, s, i, open_[year])):
                        total += self.visits.amount["mid"][s, t, i]
        return total

    def travelled(self, open_):
        total = 0.0
        for s in range(len(self.visits.services)):
            for i in range(len(self.home)):
                found = min((minutes for minutes, _ in self.able(1, s, i, open_[YEARS[-1]])), default=math.inf)
                total += self.visits.amount["mid"][s, 1, i] * min(math.ceil(min(found, 120.0)), 120)
        return total / self.visits.total()[1].sum()


@pytest.mark.parametrize("what", ["covered", "mean_travel"])
def test_siting_by_visits_agrees_with_trying_every_plan(visits, what):
    request = Request(
        PLACE,
        programme(),
        objectives=Objectives(order=(Aim(what, "visits"),)),
        ready_travel=TRAVEL,
        demand={"visits": parts_of(visits, (DESK,))},
    )
    plan = site_programme(request)
    stage = plan.certificate.stages[0]
    hand = ByHand(visits, (DESK,), request.standard)
    worth = hand.covered if what == "covered" else lambda open_: -hand.travelled(open_)
    plans = list(all_plans(PLACE, request.programme, places_of(PLACE, request.programme)))
    best = max(worth(open_) for open_ in plans)
    assert len(plans) == 12
    assert plan.certificate.status == "proven_optimal"
    assert {one.proof for one in plan.certificate.stages} == {"checked"}
    assert abs(stage.value) == pytest.approx(abs(best), abs=0.05)
    final = plan.sites
    chosen = {
        year: [(str(r.site_id), str(r.kind)) for r in final.itertuples() if r.operating_year <= year] for year in YEARS
    }
    assert worth(chosen) == pytest.approx(best, abs=0.05)
    anywhere = max(ByHand(visits, (), request.standard).covered(open_) for open_ in plans)
    if what == "covered":
        assert anywhere > best + 1.0  # a desk that did everything would serve more


def test_a_service_the_country_does_not_have_is_refused_by_name():
    wrong = programme(kinds=(dataclasses.replace(DESK, services=("taxes",)),))
    with pytest.raises(InvalidInput, match="'taxes' is no service; the nearest name is 'tax'"):
        site_programme(Request(PLACE, wrong, ready_travel=TRAVEL))


def test_without_service_lines_a_list_of_services_is_only_read():
    wrong = programme(kinds=(dataclasses.replace(DESK, services=("anything",)),))
    plain = country(seed=5, points=18)
    assert plain.records.services.empty
    assert len(site_programme(Request(plain, wrong, ready_travel=TRAVEL)).sites) == 3


@pytest.mark.parametrize("policy", ["nearest", "with_room"])
def test_capacity_sends_each_flow_to_where_it_can_be_served(policy):
    # the desk (option 1) is near everybody; the centre (option 0) lies within the standard of the first point only
    minutes = np.array([[20.0, 5.0], [50.0, 5.0]])
    journeys_ = Travel(minutes, minutes * 1000.0)

    def seen(options):
        found = journeys_.nearest(np.array(options))
        within = found.minutes <= 30.0
        return dataclasses.replace(PLAIN, nearest_option=found.site, minutes=found.minutes, covered=within)

    near = Near(np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([20.0, 5.0, 5.0]))
    flows = [
        Flow({"mid": np.array([[30.0, 40.0]])}, (seen([0, 1]),), near),
        Flow(
            {"mid": np.array([[100.0, 200.0]])},
            (seen([0]),),
            Near(np.array([0]), np.array([0]), np.array([20.0])),
            Offer(frozenset({"comprehensive"})),
        ),
    ]
    centres = Centres(
        ("c", "d"), ("comprehensive", "desk"), np.array([0, 1]), np.array([80.0, np.inf]), np.ones(2, bool)
    )
    found = capacity_of(
        flows, centres, CapacitySettings(policy=policy, peak_hour_share=0.2), Opening(), peak_month_factor=1.0
    )
    year = found.final
    assert found.offers == (ANY_PLACE, Offer(frozenset({"comprehensive"})))
    assert year.by_flow.tolist() == [[30, 40], [100, 200]]
    assert year.visits.tolist() == [130, 240]
    assert year.split.served_by.tolist() == [80, 70]
    three = three_of(year.split)
    assert (three.served, three.over, three.out) == (150, 20, 200)
    assert year.split.out.tolist() == [0, 200]
    assert year.beyond.tolist() == [200, 0]  # from beyond the standard, to the centre all the same


PLAIN = network_of(instance_of(Request(PLACE, programme(), ready_travel=TRAVEL), TRAVEL), np.array([0, 1]), year=2025)


@pytest.mark.parametrize("shape", [(2, 17), (1, 18)])
def test_visits_of_another_shape_are_refused(shape):
    request = Request(PLACE, programme(), ready_travel=TRAVEL, demand={"visits": (Part(ANY_PLACE, np.ones(shape)),)})
    with pytest.raises(InvalidInput, match="years by demand points"):
        site_programme(request)
