"""`flagsae tui --serve`: the application in a browser, for this machine only.

textual-serve carries keys and screens between a web page and a process a page; the page, its address and the end are
ours. Nothing is asked of other machines, and no other machine's page may drive the application.
"""

from __future__ import annotations

import asyncio
import contextlib
import shlex
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from aiohttp import web
from textual_serve.app_service import AppService
from textual_serve.server import Server

from flagsae.errors import UsageError

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")  # what the page may be called: other names are those of other people's pages
PATIENCE = 3  # seconds that an application has to end when its page is closed
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "connect-src 'self' ws://127.0.0.1:* ws://localhost:*; frame-ancestors 'none'"
    ),
}


def serve(port: int, command: Sequence[str]) -> int:
    """Serves the application that `command` starts until a signal comes; returns 128 + the signal's number.

    port: 0 takes a free one. The address is written to stderr. Raises `UsageError` where the port cannot be had.
    """
    with _listen(port) as listening:
        address = f"http://{HOST}:{listening.getsockname()[1]}"
        pages = Pages(f"exec {shlex.join(command)}")
        loop = asyncio.new_event_loop()
        came: list[int] = []

        def stop(number: int) -> None:
            came.append(number)
            raise web.GracefulExit

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, stop, number)
        sys.stderr.write(f"flagsae is at {address} (Ctrl-C ends it)\n")
        # textual-serve prints what a failed application said: a message like any other.
        with contextlib.redirect_stdout(sys.stderr):
            made = pages._make_app()
            web.run_app(made, sock=listening, loop=loop, handle_signals=False, print=None, shutdown_timeout=PATIENCE)
    return 128 + came[0] if came else 0


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    # Otherwise a port stays taken for a minute after the last server on it.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()  # from now on: the address is about to be said
    except OSError as error:
        listening.close()
        reason = error.strerror or str(error)
        raise UsageError(f"cannot serve on port {port} ({reason}): give another --port, or --port 0") from None
    return listening


class Pages(Server):
    """A page with a terminal, and an application a page."""

    def __init__(self, command: str) -> None:
        super().__init__(command)
        self.applications: set[Application] = set()

    async def _make_app(self) -> web.Application:
        application = await super()._make_app()
        application.middlewares.append(_from_here_only)
        return application

    async def on_startup(self, app: web.Application) -> None:
        pass  # the address has been said

    async def on_shutdown(self, app: web.Application) -> None:
        await asyncio.gather(*(application.stop() for application in self.applications))

    async def handle_index(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(Path(__file__).with_name("page.html"), headers=HEADERS)

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        page = web.WebSocketResponse(heartbeat=15, timeout=1)
        await page.prepare(request)

        async def close() -> None:
            await page.close()

        application = Application(
            self.command,
            write_bytes=page.send_bytes,
            write_str=page.send_str,
            close=close,
            download_manager=self.download_manager,
        )
        size = [int(text) if text.isdecimal() else 0 for text in map(request.query.get, ("width", "height"), "00")]
        await application.start(size[0] or 80, size[1] or 24)
        self.applications.add(application)
        try:
            await self._process_messages(page, application)
        finally:
            await application.stop()
            self.applications.remove(application)
        return page


class Application(AppService):
    """A process that is gone when its page is."""

    def _build_environment(self, width: int = 80, height: int = 24) -> dict[str, str]:
        environment = super()._build_environment(width, height)
        return {**environment, "TEXTUAL_DRIVER": "flagsae.tui.served:ServedDriver"}

    async def run(self) -> None:
        await super().run()
        # One that failed to start has not asked for it.
        with contextlib.suppress(OSError, RuntimeError):
            await self.remote_close()

    async def stop(self) -> None:
        assert self._process is not None
        try:
            async with asyncio.timeout(PATIENCE):
                await super().stop()
                await self._process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()


@web.middleware
async def _from_here_only(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Any page in the user's browser can reach this port: only our own may."""
    host = request.host.rsplit(":", 1)[0]
    if host not in NAMES or request.headers.get("Origin", f"http://{request.host}") != f"http://{request.host}":
        raise web.HTTPForbidden(text="flagsae serves its own page on this machine only\n")
    return await handler(request)
