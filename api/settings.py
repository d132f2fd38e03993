"""
The door's settings: defaults, then ``MARKAZ_*`` from the environment, then the command line.

Validated once, here, into a frozen value; everything behind the door is handed values.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from foundation.errors import InvalidInput
from foundation.fields import shown, wanted


class Settings(BaseSettings):
    """
    What the door needs to know.

    Attributes
    ----------
    runs
        The folder of run folders.
    language
        What the command line speaks; the pages open in Arabic and have a switch.
    host, port
        Where `serve` listens; port 0 takes any free one.
    allowed_hosts
        Names a request may call this service by (its Host header), comma-separated. With a
        port (``plans.example:8443``) that port is meant, else the one it listens on.
        The host it listens on is always among them, unless that is a wildcard.
    """

    model_config = SettingsConfigDict(env_prefix="MARKAZ_", frozen=True, extra="forbid")

    runs: Path = Path("runs")
    language: Literal["en", "ar"] = "en"
    host: str = Field("127.0.0.1", min_length=1)
    port: int = Field(8000, ge=0, le=65535)
    allowed_hosts: str = "localhost,127.0.0.1,::1"

    @property
    def hosts(self) -> frozenset[str]:
        """The names a request may call this service by, in lower case; one may carry a port of its own."""
        named = {name.strip().replace("[", "").replace("]", "").lower() for name in self.allowed_hosts.split(",")}
        return frozenset(named | {self.host.lower()}) - {"", "0.0.0.0", "::"}  # noqa: S104 - wildcards are no names


def load_settings(**given: object) -> Settings:
    """
    Read the settings; `given` (what the command line said; None is "not said") goes before the environment.

    Raises
    ------
    InvalidInput
        Naming the first setting that is wrong, and where to change it.
    """
    said: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    try:
        return Settings(**said)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "?"
        raise InvalidInput(
            "The setting '{name}' is {value}: {problem}. Change --{name}, or {variable} in the environment.",
            name=name,
            value=shown(first["input"]),
            problem=wanted(first),
            variable=f"MARKAZ_{name.upper()}",
        ) from error
