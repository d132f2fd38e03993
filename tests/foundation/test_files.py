from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sqlite3
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.errors import OutputRefused
from foundation.files import folder_written_aside, refuse_unless_free, sha256_of, write_text


@given(data=st.binary(max_size=300))
def test_the_hash_is_of_the_bytes(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("hash") / "f"
    path.write_bytes(data)
    assert sha256_of(path) == hashlib.sha256(data).hexdigest()


def test_a_large_file_is_hashed_in_pieces(tmp_path: Path) -> None:
    data = os.urandom(1 << 20) * 2 + b"tail"
    (tmp_path / "f").write_bytes(data)
    assert sha256_of(tmp_path / "f") == hashlib.sha256(data).hexdigest()


def test_text_is_written_as_given(tmp_path: Path) -> None:
    write_text(tmp_path / "f", "a\nb\r\nمركز", encoding="utf-8-sig")
    assert (tmp_path / "f").read_bytes() == "\ufeffa\nb\r\nمركز".encode()
    assert [entry.name for entry in tmp_path.iterdir()] == ["f"]


def test_text_replaces_whole_or_not_at_all(tmp_path: Path) -> None:
    write_text(tmp_path / "f", "old")
    with pytest.raises(UnicodeEncodeError):
        write_text(tmp_path / "f", "new \ud800")
    assert (tmp_path / "f").read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["f"]
    write_text(tmp_path / "f", "new")
    assert (tmp_path / "f").read_text() == "new"


def test_a_folder_appears_whole(tmp_path: Path) -> None:
    final = tmp_path / "deep" / "er" / "run"
    with folder_written_aside(final) as aside:
        (aside / "a").write_text("1")
        assert not final.exists()
        assert aside.parent == final.parent
        assert aside.name.startswith(".run.")
    assert (final / "a").read_text() == "1"
    assert [entry.name for entry in final.parent.iterdir()] == ["run"]
    assert stat.S_IMODE(final.stat().st_mode) == 0o755


class Stop(BaseException):
    pass


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt, SystemExit, Stop])
@pytest.mark.parametrize("before", [False, True])
def test_whatever_is_raised_leaves_nothing(tmp_path: Path, kind: type[BaseException], before: bool) -> None:
    final = tmp_path / "run"
    if before:
        final.mkdir()
    with pytest.raises(kind), folder_written_aside(final) as aside:  # noqa: PT012
        (aside / "sub").mkdir()
        (aside / "sub" / "a").write_text("1")
        raise kind
    assert list(tmp_path.rglob("*")) == ([final] if before else [])


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    with folder_written_aside(tmp_path / "run") as aside:
        (aside / "a").write_text("1")
    assert [entry.name for entry in tmp_path.iterdir()] == ["run"]


def test_a_folder_that_is_not_empty_is_refused_untouched(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / ".hidden").write_text("mine")
    with pytest.raises(OutputRefused, match="not an empty folder"), folder_written_aside(tmp_path / "run"):
        pytest.fail("the block must not run")
    assert [entry.name for entry in tmp_path.rglob("*")] == ["run", ".hidden"]


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("mine")
    with pytest.raises(OutputRefused, match="not an empty folder"), folder_written_aside(tmp_path / "run"):
        pytest.fail("the block must not run")
    assert (tmp_path / "run").read_text() == "mine"


def test_a_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with (
        pytest.raises(OutputRefused, match=r"Cannot write into .*--out"),
        folder_written_aside(tmp_path / "file" / "run"),
    ):
        pytest.fail("the block must not run")
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_no_permission_is_refused_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tempfile, "mkdtemp", refuse)
    with pytest.raises(OutputRefused, match="permission denied"), folder_written_aside(tmp_path / "run"):
        pytest.fail("the block must not run")


def test_two_writers_of_one_folder_do_not_mix(tmp_path: Path) -> None:
    final = tmp_path / "run"
    with pytest.raises(OSError, match="not empty"), folder_written_aside(final) as slow:  # noqa: PT012
        with folder_written_aside(final) as quick:
            (quick / "quick").write_text("1")
        (slow / "slow").write_text("1")
    assert [entry.name for entry in tmp_path.rglob("*")] == ["run", "quick"]


def test_parents_made_for_a_folder_that_fails_are_removed_again(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), folder_written_aside(tmp_path / "a" / "b" / "run") as aside:  # noqa: PT012
        assert aside.parent == tmp_path / "a" / "b"
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_parents_that_were_there_or_are_used_by_others_stay(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    with pytest.raises(RuntimeError), folder_written_aside(tmp_path / "runs" / "run"):
        raise RuntimeError
    assert [entry.name for entry in tmp_path.iterdir()] == ["runs"]
    with pytest.raises(RuntimeError), folder_written_aside(tmp_path / "new" / "run") as aside:  # noqa: PT012
        (aside.parent / "other").write_text("theirs")
        raise RuntimeError
    assert [entry.name for entry in (tmp_path / "new").iterdir()] == ["other"]


def test_a_link_to_an_empty_folder_has_that_folder_written(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "far", target_is_directory=True)
    with folder_written_aside(tmp_path / "link") as aside:
        (aside / "a").write_text("1")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "far" / "a").read_text() == "1"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["far", "link"]


def test_a_link_to_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "gone")
    with pytest.raises(OutputRefused, match="is a link"), folder_written_aside(tmp_path / "link"):
        pytest.fail("the block must not run")
    assert [entry.name for entry in tmp_path.iterdir()] == ["link"]


@pytest.mark.parametrize("name", ["x" * 256, "x" * 300 + "/run"])
def test_a_name_that_the_disk_does_not_take_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputRefused, match="too long"):
        refuse_unless_free(tmp_path / name)
    with pytest.raises(OutputRefused, match="too long"), folder_written_aside(tmp_path / name):
        pytest.fail("the block must not run")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["x" * 255, "م" * 127])
def test_the_longest_name_that_the_disk_takes_is_written(tmp_path: Path, name: str) -> None:
    with folder_written_aside(tmp_path / name) as aside:
        (aside / "a").write_text("1")
    assert [entry.name for entry in tmp_path.iterdir()] == [name]


class FeatureError(Exception):
    """As a library has its own kind for what the system said."""


def _wrapped() -> Exception:
    error = FeatureError("Could not add feature")
    error.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "x"), "no space is left on the disk"),
        (OSError(errno.EDQUOT, "x"), "the disk quota is used up"),
        (OSError(errno.EFBIG, "x"), "larger than the disk"),
        (sqlite3.OperationalError("database or disk is full"), "no space is left on the disk"),
        (_wrapped(), "no space is left on the disk"),
    ],
)
def test_a_full_disk_is_refused_whatever_a_library_calls_it(tmp_path: Path, error: Exception, said: str) -> None:
    with pytest.raises(OutputRefused, match=said), folder_written_aside(tmp_path / "run"):
        raise error
    assert list(tmp_path.iterdir()) == []


def test_a_library_that_says_nonsense_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FeatureError), folder_written_aside(tmp_path / "run"):
        raise FeatureError("no such table")
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=100_000))
    with pytest.raises(OutputRefused, match="no space"), folder_written_aside(tmp_path / "run"):
        raise FeatureError("no such table")
    with pytest.raises(KeyboardInterrupt), folder_written_aside(tmp_path / "run"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_read_is_not_said_of_the_place_written_to(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), folder_written_aside(tmp_path / "run"):
        raise FileNotFoundError(errno.ENOENT, "an input is gone")
