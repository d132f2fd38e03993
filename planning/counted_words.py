"""Counted things that several sentences of planning say."""

from __future__ import annotations

from foundation.errors import Counted


def centres(n: int) -> Counted:
    """Say a number of centres."""
    return Counted("{n} centre", "{n} centres", n)


def places(n: int) -> Counted:
    """Say a number of places of some kind."""
    return Counted("{n} place", "{n} places", n)


def posts(n: int) -> Counted:
    """Say a number of posts of staff."""
    return Counted("{n} post", "{n} posts", n)
