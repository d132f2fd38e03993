"""The fifth floor: writes a run as a report, once in Arabic and once in English."""

from reports.publish import publish

__all__ = ["publish"]
