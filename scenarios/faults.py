"""What is wrong with the fields of a file: the faults its checker found, in sentences of the catalogue."""

from __future__ import annotations

from pydantic import ValidationError

from foundation.errors import Phrases, listed
from foundation.fields import fault_in_words


def faults_of(error: ValidationError) -> Phrases:
    """Say every fault, the first few of many; see `foundation.fields`."""
    return listed([fault_in_words(fault) for fault in error.errors(include_url=False)])
