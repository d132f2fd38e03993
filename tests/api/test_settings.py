from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from api.settings import load_settings
from foundation.errors import InvalidInput


def test_defaults_are_this_machine_only() -> None:
    settings = load_settings()
    assert (settings.host, settings.port, settings.runs) == ("127.0.0.1", 8000, Path("runs"))
    assert settings.hosts == {"localhost", "127.0.0.1", "::1"}


def test_the_environment_goes_before_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKAZ_PORT", "8123")
    monkeypatch.setenv("MARKAZ_RUNS", "/elsewhere")
    assert load_settings().port == 8123
    assert load_settings().runs == Path("/elsewhere")


def test_the_command_line_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKAZ_PORT", "8123")
    assert load_settings(port="9000", host=None).port == 9000


@pytest.mark.parametrize("port", ["-1", "65536", "eight", ""])
def test_a_port_that_is_none_is_refused_by_name(port: str) -> None:
    with pytest.raises(InvalidInput, match=r"'port'.*MARKAZ_PORT"):
        load_settings(port=port)


@pytest.mark.parametrize("port", [0, 65535])
def test_the_limits_of_a_port_are_inclusive(port: int) -> None:
    assert load_settings(port=port).port == port


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(InvalidInput, match="'colour'"):
        load_settings(colour="red")


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        load_settings().port = 1  # type: ignore[misc]


def test_hosts_are_read_in_lower_case_without_brackets() -> None:
    settings = load_settings(allowed_hosts=" Plans.example , [::1],,", host="10.0.0.5")
    assert settings.hosts == {"plans.example", "::1", "10.0.0.5"}


@pytest.mark.parametrize("wildcard", ["0.0.0.0", "::"])
def test_a_wildcard_is_no_host_name(wildcard: str) -> None:
    assert wildcard not in load_settings(host=wildcard).hosts
