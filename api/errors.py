"""
The one table from errors to exit codes and HTTP statuses.

The command line and the service both read it; `docs/api.md` and ``markaz --help`` print it.
A class that has no row of its own takes the row of its nearest parent.
"""

from __future__ import annotations

from dataclasses import dataclass

from foundation.errors import (
    BrokenProof,
    ImpossibleProgramme,
    InvalidInput,
    MarkazError,
    NotFinished,
    NotFound,
    OutputRefused,
    PortInUse,
    Unreachable,
    Unsupported,
)


@dataclass(frozen=True, slots=True)
class Row:
    """
    What one kind of error means at the door.

    Attributes
    ----------
    kind
        The class; its subclasses are meant too, unless they have a row of their own.
    code
        The stable word in error JSON.
    exit_code
        What the process ends with.
    http_status
        What the service answers with.
    meaning
        One English sentence, a key of the catalogue.
    """

    kind: type[BaseException]
    code: str
    exit_code: int
    http_status: int
    meaning: str


UNEXPECTED = Row(Exception, "unexpected", 1, 500, "An unexpected failure: a bug. Run again with --debug and report it.")
INTERRUPTED = Row(KeyboardInterrupt, "interrupted", 130, 503, "Stopped by Ctrl-C; nothing half-written is left.")

TABLE: tuple[Row, ...] = (
    Row(InvalidInput, "invalid_input", 3, 422, "What was given is wrong: a file, a field or a setting."),
    Row(Unsupported, "unsupported", 4, 422, "Well formed, but asks for something that is not offered."),
    Row(
        ImpossibleProgramme,
        "impossible_programme",
        5,
        422,
        "No plan meets all the demands together; the clash is named.",
    ),
    Row(NotFound, "not_found", 6, 404, "A run, a scenario or a file is not there."),
    Row(OutputRefused, "output_refused", 7, 500, "The output folder cannot be written, or is not empty."),
    Row(PortInUse, "port_in_use", 8, 500, "Another program already listens on the port."),
    Row(BrokenProof, "broken_proof", 9, 500, "A recheck disagrees with the answer; do not use it."),
    Row(NotFinished, "not_finished", 10, 504, "The time limit came before any plan was found; allow more seconds."),
    Row(Unreachable, "unreachable", 11, 502, "A service on the network does not answer as it should."),
    Row(MarkazError, "error", 1, 500, UNEXPECTED.meaning),
    INTERRUPTED,
    UNEXPECTED,
)

OK = (0, "Done.")
UNPROVEN = (12, "Nothing fails, but the run does not itself prove that its plan is the best.")
USAGE = (2, "The command line itself is wrong: an unknown command or option.")
READER_GONE = (141, "The program that read the output went away (a closed pipe).")
TERMINATED = (143, "Stopped by SIGTERM; nothing half-written is left.")


def row_for(error: BaseException) -> Row:
    """Return the row of the error's class, or of its nearest parent that has one."""
    rows = {row.kind: row for row in TABLE}
    for kind in type(error).__mro__:
        if kind in rows:
            return rows[kind]
    return UNEXPECTED


def exit_codes() -> tuple[tuple[int, str], ...]:
    """Return every exit code once, ascending, with its meaning (an English sentence of the catalogue)."""
    listed = {row.exit_code: row.meaning for row in TABLE if row.kind is not MarkazError}
    return tuple(sorted((listed | dict([OK, USAGE, UNPROVEN, READER_GONE, TERMINATED])).items()))
