"""
Capacity: how many counters, staff and square metres the visits need, and who finds room.

Plain numbers and arrays in, frozen results out. Visits are per year, people in persons, waiting and
handling in minutes, hall in square metres.
"""

from planning.capacity.answer import Capacity, Centres, Flow, Near, YearOfCentres, capacity_of
from planning.capacity.erlang import (
    Queue,
    WaitingTarget,
    counters_needed,
    erlang_b,
    erlang_c,
    greatest_load,
    queue_of,
)
from planning.capacity.settings import Busy, CapacitySettings, Limit, Opening, busy_hour
from planning.capacity.sizing import Sizing, room_of, size_centres
from planning.capacity.split import (
    Split,
    Three,
    split_flow,
    split_nearest,
    three_of,
    three_of_group,
    whole_visits,
)
from planning.capacity.transport import Allocation, allocate

__all__ = [
    "Allocation",
    "Busy",
    "Capacity",
    "CapacitySettings",
    "Centres",
    "Flow",
    "Limit",
    "Near",
    "Opening",
    "Queue",
    "Sizing",
    "Split",
    "Three",
    "WaitingTarget",
    "YearOfCentres",
    "allocate",
    "busy_hour",
    "capacity_of",
    "counters_needed",
    "erlang_b",
    "erlang_c",
    "greatest_load",
    "queue_of",
    "room_of",
    "size_centres",
    "split_flow",
    "split_nearest",
    "three_of",
    "three_of_group",
    "whole_visits",
]
