"""
Fetching one file over HTTP: in pieces, resumed where it was cut off, and whole or not at all.

What is half there lies beside it as ``<name>.part`` with what identifies it (``<name>.part.json``):
a resumed piece is only joined to the same file (RFC 9110, `If-Range`).
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.parse import urljoin

import httpx

from foundation.errors import InvalidInput, MarkazError, NotFound, OutputRefused, Phrase, Unreachable
from foundation.reasons import reason_of
from geodata.download.services import check_address

_T = TypeVar("_T")
Report = Callable[[int, int | None], None]  # bytes so far, and in all if it is known


@dataclass(frozen=True, slots=True)
class Patience:
    """
    How long and how often a server is waited for.

    Attributes
    ----------
    tries
        Times without more bytes than ever before, until it is given up; a try that brought some starts the count anew.
    seconds
        Longest silence, connecting or between two pieces.
    pause
        First pause after a failure, doubled each time.
    longest_pause
        Also the longest `Retry-After` that is obeyed; one that asks for more ends the download.
    most_bytes
        Largest file that is taken.
    """

    tries: int = 5
    seconds: float = 60.0
    pause: float = 1.0
    longest_pause: float = 120.0
    most_bytes: int = 20_000_000_000
    redirects: int = 5
    sleep: Callable[[float], None] = field(default=time.sleep)


@dataclass(frozen=True, slots=True)
class Size:
    """What a server says of a file before it is fetched; `total` None when it does not say."""

    total: int | None
    resumable: bool


_FAILURES: dict[type[httpx.TransportError], str] = {
    httpx.ConnectTimeout: "no connection was made in time",
    httpx.TimeoutException: "nothing came in time",
    httpx.ConnectError: "no connection could be made: the address is not known here, or nobody answers at it",
    httpx.ProxyError: "the proxy of this network refused",
    httpx.NetworkError: "the connection broke off",
    httpx.RemoteProtocolError: "the server broke off, or does not speak HTTP",
}


class _Again(Exception):
    """Worth another try, after `wait` seconds if the server said so."""

    def __init__(self, reason: Phrase, wait: float | None = None) -> None:
        self.reason, self.wait = reason, wait
        super().__init__(str(reason))


def client(patience: Patience) -> httpx.Client:
    """Return a client that follows no redirect by itself and takes files as they are."""
    headers = {"User-Agent": "markaz", "Accept-Encoding": "identity"}
    return httpx.Client(timeout=httpx.Timeout(patience.seconds), headers=headers, follow_redirects=False)


def read_small(http: httpx.Client, url: str, patience: Patience, *, most_bytes: int = 20_000_000) -> bytes:
    """Fetch a catalogue into memory; more than `most_bytes` is refused."""

    def once() -> bytes:
        with _answer(http, url, {}, patience) as answer:
            whole = b""
            for piece in answer.iter_raw():
                whole += piece
                if len(whole) > most_bytes:
                    raise InvalidInput("{url} is larger than the {most} bytes expected.", url=url, most=most_bytes)
            expected = _length(answer)
            if expected is not None and len(whole) != expected:
                raise _Again(_cut_off(len(whole), expected))
            return whole

    return _patiently(once, url, patience)


def size_of(http: httpx.Client, url: str, patience: Patience) -> Size:
    """Ask for a file's size by its first byte, without fetching it."""

    def once() -> Size:
        with _answer(http, url, {"Range": "bytes=0-0"}, patience) as answer:
            if answer.status_code == httpx.codes.PARTIAL_CONTENT:
                return Size(_content_range(answer)[1], True)
            return Size(_length(answer), False)

    return _patiently(once, url, patience)


def fetch(http: httpx.Client, url: str, target: Path, patience: Patience, report: Report) -> str:
    """
    Fetch `url` to `target`, going on where an earlier attempt was cut off; return its sha256.

    Raises
    ------
    NotFound
        When the server says so (404, 410).
    Unreachable
        When it stays silent, breaks off or refuses, however often it was asked. The part that
        is there stays, and another call goes on from it.
    InvalidInput
        When the file is too large or is not the size that was announced.
    OutputRefused
        When the disk does not take it.
    """
    part = target.with_name(target.name + ".part")
    try:
        _patiently(lambda: _go_on(http, url, part, patience, report), url, patience, size=lambda: _size(part))
        digest = hashlib.sha256()
        with part.open("rb") as whole:
            for piece in iter(lambda: whole.read(1 << 20), b""):
                digest.update(piece)
        part.replace(target)
        _note_of(part).unlink(missing_ok=True)
    except OSError as error:
        if isinstance(error, MarkazError):
            raise
        raise OutputRefused(
            "{path} cannot be written: {reason}. Free some space or give another folder.",
            path=str(target),
            reason=reason_of(error),
        ) from error
    return digest.hexdigest()


def _go_on(http: httpx.Client, url: str, part: Path, patience: Patience, report: Report) -> None:
    """Fetch what is missing of `part`; raise `_Again` when it was cut off."""
    have, mark = _resumable(part, url)
    headers = {"Range": f"bytes={have}-", "If-Range": mark} if have else {}
    with _answer(http, url, headers, patience, resuming=bool(have)) as answer:
        if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink(missing_ok=True)
            raise _Again(Phrase("the file on the server is another than the part that is here"))
        total = _length(answer)
        if answer.status_code == httpx.codes.PARTIAL_CONTENT:
            start, total = _content_range(answer)
            if start != have:
                part.unlink(missing_ok=True)
                raise _Again(
                    Phrase("asked for bytes from {have}, got them from {start}", {"have": have, "start": start})
                )
        else:
            have = 0
        if total is not None and total > patience.most_bytes:
            raise InvalidInput(
                "{url} holds {bytes} bytes, more than the {most} that are taken.",
                url=url,
                bytes=total,
                most=patience.most_bytes,
            )
        _write_note(part, url, answer)
        have = _append(part, have, answer, patience, url, lambda got: report(got, total))
        if total is not None and have < total:
            raise _Again(_cut_off(have, total))
        if total is not None and have > total:
            part.unlink(missing_ok=True)
            raise _Again(Phrase("{have} bytes came where {total} were announced", {"have": have, "total": total}))


def _append(
    part: Path, have: int, answer: httpx.Response, patience: Patience, url: str, report: Callable[[int], None]
) -> int:
    with part.open("r+b" if have else "wb") as out:
        out.seek(have)
        out.truncate()
        for piece in answer.iter_raw():
            out.write(piece)
            have += len(piece)
            if have > patience.most_bytes:
                raise InvalidInput("{url} does not end within the {most} bytes that are taken.", url=url,
                                   most=patience.most_bytes)  # fmt: skip
            report(have)
    return have


def _patiently(once: Callable[[], _T], url: str, patience: Patience, *, size: Callable[[], int] = lambda: 0) -> _T:
    """Try until it works; a try that brought more bytes than any before does not count as a failure."""
    failures, most, pause = 0, size(), patience.pause
    while True:
        try:
            return once()
        except (httpx.TransportError, _Again) as error:
            now = size()
            failures, pause = (1, patience.pause) if now > most else (failures + 1, pause)
            most = max(most, now)
            wait = error.wait if isinstance(error, _Again) else None
            if failures >= patience.tries or (wait or 0) > patience.longest_pause:
                raise Unreachable(
                    "{url} could not be fetched: {reason}. Try again later; what is here already is kept.",
                    url=url,
                    reason=error.reason if isinstance(error, _Again) else _why(error),
                ) from error
            patience.sleep(pause if wait is None else wait)
            pause = min(2 * pause, patience.longest_pause)


@contextmanager
def _answer(
    http: httpx.Client, url: str, headers: dict[str, str], patience: Patience, *, resuming: bool = False
) -> Iterator[httpx.Response]:
    """Open an answer, following redirects to allowed addresses only; the body is not read yet."""
    at = url
    for _ in range(patience.redirects + 1):
        with http.stream("GET", at, headers=headers) as answer:
            if answer.is_redirect:
                following = urljoin(at, answer.headers.get("location", ""))
                if at.startswith("https:") and following.startswith("http:"):
                    raise InvalidInput("{url} leads to an unprotected address. Not followed.", url=url)
                check_address(following)
                at = following
                continue
            _judge(answer, url, resuming=resuming)
            yield answer
            return
    raise InvalidInput("{url} leads on more than {n} times. Not followed.", url=url, n=patience.redirects)


def _judge(answer: httpx.Response, url: str, *, resuming: bool) -> None:
    status = answer.status_code
    if status in {httpx.codes.OK, httpx.codes.PARTIAL_CONTENT}:
        return
    if resuming and status == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
        return
    if status in {httpx.codes.NOT_FOUND, httpx.codes.GONE}:
        raise NotFound("{url} is not there (HTTP {status}). The service may have moved it.", url=url, status=status)
    if status in {httpx.codes.TOO_MANY_REQUESTS, httpx.codes.REQUEST_TIMEOUT} or status >= 500:
        raise _Again(Phrase("it answers HTTP {status}", {"status": str(status)}), _retry_after(answer))
    raise InvalidInput("{url} answers HTTP {status}. Not taken.", url=url, status=status)


def _retry_after(answer: httpx.Response) -> float | None:
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isdecimal() else None


def _length(answer: httpx.Response) -> int | None:
    text = answer.headers.get("content-length", "")
    return int(text) if text.isdecimal() else None


def _content_range(answer: httpx.Response) -> tuple[int, int | None]:
    """Read ``bytes 5-9/10`` as (5, 10); a server that says it otherwise is asked again from the start."""
    unit, _, rest = answer.headers.get("content-range", "").partition(" ")
    span, _, total = rest.partition("/")
    start = span.partition("-")[0]
    if unit != "bytes" or not start.isdecimal():
        raise _Again(Phrase("a piece came that does not say which it is"))
    return int(start), int(total) if total.isdecimal() else None


def _why(error: httpx.TransportError) -> Phrase:
    """Say why nothing came, as far as the transport tells kinds of failure apart."""
    for kind, said in _FAILURES.items():
        if isinstance(error, kind):
            return Phrase(said)
    return reason_of(error)


def _cut_off(have: int, total: int) -> Phrase:
    return Phrase("cut off after {have} of {total} bytes", {"have": have, "total": total})


def _note_of(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _write_note(part: Path, url: str, answer: httpx.Response) -> None:
    strong = answer.headers.get("etag", "")
    mark = strong if strong and not strong.startswith("W/") else answer.headers.get("last-modified", "")
    _note_of(part).write_text(json.dumps({"url": url, "mark": mark}), encoding="utf-8")


def _resumable(part: Path, url: str) -> tuple[int, str]:
    """Return how many bytes of the same file are here, and the mark that identifies it; 0 when it cannot be resumed."""
    try:
        note = json.loads(_note_of(part).read_text("utf-8"))
        mark = str(note["mark"])
        return (_size(part), mark) if note["url"] == url and mark else (0, "")
    except (OSError, ValueError, KeyError, TypeError):
        return 0, ""


def _size(part: Path) -> int:
    try:
        return part.stat().st_size
    except OSError:
        return 0
