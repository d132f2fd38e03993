"""The parser's own complaints about the command line, in sentences of the catalogue."""

from __future__ import annotations

from foundation.errors import Phrase


def complaint(error: BaseException) -> Phrase:
    """Say what the parser complains of; kinds it may yet invent are quoted as they are."""
    kind = type(error).__name__
    option = getattr(error, "option_name", None)
    near = ", ".join(sorted(getattr(error, "possibilities", None) or ()))
    message = str(getattr(error, "format_message", lambda: error)()).rstrip(".")
    quoted = message.split("'")[1] if message.count("'") >= 2 else message
    if kind == "NoSuchOption" and near:
        return Phrase("There is no option {option}; near it are {near}.", {"option": str(option), "near": near})
    if kind == "NoSuchOption":
        return Phrase("There is no option {option}.", {"option": str(option)})
    if message.startswith("No such command"):
        return Phrase("There is no command '{command}'.", {"command": quoted})
    if message.startswith("Got unexpected extra argument"):
        words = message.partition("(s) (")[2].rstrip(")") or message.partition(" (")[2].rstrip(")")
        return Phrase("There is too much on the command line: {words}.", {"words": words})
    if message.startswith("Missing argument"):
        return Phrase("The argument {argument} is missing.", {"argument": quoted})
    if message.startswith("Missing option"):
        return Phrase("The option {option} is missing.", {"option": quoted})
    if "requires an argument" in message:
        return Phrase("The option {option} needs a value.", {"option": str(option or quoted)})
    if "does not take a value" in message:
        return Phrase("The option {option} takes no value.", {"option": str(option or quoted)})
    return Phrase("The command line is wrong: {words}.", {"words": message})
