"""Listening: one process on one port, loopback unless told otherwise, stopped by SIGINT or SIGTERM."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import logging
import signal
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

from api.cli.terminal import console
from api.plain import bare, plainly
from api.settings import Settings
from foundation.errors import InvalidInput, PortInUse
from foundation.language import Language
from foundation.reasons import reason_of

if TYPE_CHECKING:
    from uvicorn import Server

SECONDS_TO_FINISH = 5  # what a request still running at the stop is given


def serve_forever(settings: Settings, said: Language) -> None:
    """
    Serve until SIGINT or SIGTERM, then finish what is running and return.

    Raises
    ------
    PortInUse
        When another program listens there.
    InvalidInput
        When the host is not one of this machine, or the port is not allowed.
    """
    _log_plainly()
    listener = listening_socket(settings.host, settings.port)
    with contextlib.closing(listener):
        import uvicorn  # after the port is known to be free: this takes seconds

        from api.http.app import create_app

        app = create_app(settings)
        app.state.shelf.runs()  # the first visitor should not wait for it
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=SECONDS_TO_FINISH,
            ws="none",
        )
        server = uvicorn.Server(config)
        with _stops_when_told(server):
            _say_where(settings, listener, said)
            server.run(sockets=[listener])


def _say_where(settings: Settings, listener: socket.socket, said: Language) -> None:
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    address = f"http://{shown}:{listener.getsockname()[1]}/"
    screen = console()
    where = said.text("Serving the runs in {folder} at {address}", folder=str(settings.runs), address=address)
    screen.print(plainly(said, where))
    if not _is_loopback(listener):
        screen.print(
            said.text(
                "Others can reach this service, and it has no passwords. It answers only to these names: {names}. "
                "Set MARKAZ_ALLOWED_HOSTS to change them.",
                names=", ".join(sorted(settings.hosts)),
            )
        )
    screen.print(said.text("Stop it with Ctrl-C."))
    screen.file.flush()


class _OneLine(logging.Formatter):
    """Warnings about runs name folders and quote files: nothing of them may turn or colour the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the message made harmless, and below it the trace where there is one, line by line."""
        return "\n".join(bare(line) for line in super().format(record).splitlines())


def _log_plainly() -> None:
    log = logging.getLogger("markaz")
    if not any(isinstance(handler.formatter, _OneLine) for handler in log.handlers):
        handler = logging.StreamHandler()
        handler.setFormatter(_OneLine())
        log.addHandler(handler)


def listening_socket(host: str, port: int) -> socket.socket:
    """Bind and listen, or raise what `serve_forever` raises."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise InvalidInput("There is no host '{host}' to listen on. Use --host 127.0.0.1.", host=host) from error
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(
                "Port {port} on {host} is in use by another program. Choose another with --port.",
                port=str(port),
                host=host,
            ) from error
        raise InvalidInput(
            "Cannot listen on {host}, port {port}: {reason}. Choose others with --host and --port.",
            host=host,
            port=str(port),
            reason=reason_of(error),
        ) from error
    return listener


def _is_loopback(listener: socket.socket) -> bool:
    return ipaddress.ip_address(listener.getsockname()[0].partition("%")[0]).is_loopback


@contextlib.contextmanager
def _stops_when_told(server: Server) -> Iterator[None]:
    """
    Make a stop by signal an ordinary end, whenever it comes.

    Before uvicorn listens to signals, ours asks it to stop as soon as it has started. It
    stops gracefully, and then raises the signal again for whoever handled it before: us,
    to whom it is no news.
    """

    def stop(_number: int, _frame: object) -> None:
        server.should_exit = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
