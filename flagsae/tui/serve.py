"""`flagsae tui --serve`: the application in a browser, on this machine, for whoever has the address.

Each open page has a process of its own. textual-serve passes keys and screens between the two. This module has what is
around that: the page and its address, the check of what a page sends, and the end of the process. Nothing is loaded
from other machines.

Other accounts of this machine can reach the port, and so can every page in the user's browser. So the address holds a
secret token, and only the page that this server has delivered may connect.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import textual_serve
from aiohttp import WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from flagsae.errors import UsageError
from flagsae.tui import child

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")  # accepted in the Host header: another name leads here by DNS rebinding
TOKEN = 32  # bytes of the secret in the address

PAGES = 4  # open pages at a time: a process takes 150 MB, and one that trains 500 MB
DEFAULT_SIZE = (80, 24)  # columns and rows of a page that does not say how large it is
LARGEST_SIZE = (1000, 400)  # columns and rows: more than a wall of screens shows
LONGEST = 1 << 20  # bytes of one message from a page: enough for a long text that is pasted

PATIENCE = 3.0  # seconds that an application has to read a key, to end, or to make room for another page
GRACE = 1.0  # seconds after SIGTERM, for the checkpoint of a training run
CHECK = 0.02  # seconds between two checks whether all processes of a page have ended

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # the address is the secret
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "connect-src 'self' ws://127.0.0.1:* ws://localhost:*; frame-ancestors 'none'"
    ),
}
NO_TOKEN = "open the whole address that flagsae tui --serve has written: it ends with a secret\n"
NOT_OURS = "flagsae serves its own page on this machine only\n"
NO_PLACE = f"flagsae is open in {PAGES} pages already: close one of them."


def serve(port: int, command: Sequence[str]) -> int:
    """Serves the application that `command` starts until a signal comes; returns 128 + the signal's number.

    port: 0 takes a free one. The address is written to stderr. Raises `UsageError` if the port cannot be opened.
    """
    with _listen(port) as listening:
        pages = Pages(command)
        address = f"http://{HOST}:{listening.getsockname()[1]}/{pages.token}/"
        loop = asyncio.new_event_loop()
        signals: list[int] = []  # that were received

        def stop(number: int) -> None:
            signals.append(number)
            raise web.GracefulExit

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, stop, number)
        sys.stderr.write(f"flagsae is at {address} (Ctrl-C ends it)\n")
        # textual-serve prints the output of an application that failed: an error message, so it belongs on stderr.
        with contextlib.redirect_stdout(sys.stderr):
            web.run_app(
                pages.application(),
                sock=listening,
                loop=loop,
                handle_signals=False,
                print=None,
                access_log=None,  # it would contain the token
                shutdown_timeout=PATIENCE,
            )
    return 128 + signals[0] if signals else 0


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    # Otherwise the port cannot be opened again for a minute after a server on it has ended.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()  # before the address is printed: whoever reads it can connect at once
    except OSError as error:
        listening.close()
        reason = error.strerror or str(error)
        raise UsageError(f"cannot serve on port {port} ({reason}): give another --port, or --port 0") from None
    return listening


class Pages:
    """Delivers the page with the terminal at /TOKEN/, and runs one process for each open page."""

    def __init__(self, command: Sequence[str]) -> None:
        self.command = command
        self.token = secrets.token_urlsafe(TOKEN)
        self.places = asyncio.Semaphore(PAGES)  # free ones
        self.open: set[Application] = set()
        self.ending = False  # whether the server is shutting down

    def application(self) -> web.Application:
        made = web.Application(middlewares=[_from_here_only])
        made.add_routes(
            [
                web.get("/", self.without_token),
                web.get("/{token}/", self.page),
                web.get("/{token}/ws", self.session),
                web.static("/static", Path(textual_serve.__path__[0]) / "static"),
            ]
        )
        made.on_shutdown.append(self._close)
        return made

    async def _close(self, _: web.Application) -> None:
        self.ending = True
        await asyncio.gather(*(application.stop() for application in self.open))

    async def without_token(self, request: web.Request) -> web.StreamResponse:
        raise web.HTTPForbidden(text=NO_TOKEN)

    async def page(self, request: web.Request) -> web.StreamResponse:
        self._check(request)
        return web.FileResponse(Path(__file__).with_name("page.html"), headers=HEADERS)

    async def session(self, request: web.Request) -> web.WebSocketResponse:
        """A page's websocket: its process starts when this opens, and ends when it closes."""
        self._check(request)
        if "Origin" not in request.headers:  # every browser sends it
            raise web.HTTPForbidden(text=NOT_OURS)
        page = web.WebSocketResponse(heartbeat=15, timeout=1, max_msg_size=LONGEST)
        await page.prepare(request)
        try:
            # Wait for a place: a page that is reloaded connects again before its old process has ended.
            async with asyncio.timeout(PATIENCE):
                await self.places.acquire()
        except TimeoutError:
            await page.close(code=1013, message=NO_PLACE.encode())
            return page
        try:
            if not self.ending:
                await self._run(page, *size(*map(request.query.get, ("width", "height"))))
        finally:
            self.places.release()
        return page

    async def _run(self, page: web.WebSocketResponse, width: int, height: int) -> None:
        application = Application(self.command, page)
        self.open.add(application)
        try:
            await application.start(width, height)
            await _pass_on(page, application)
        finally:
            await application.stop()
            self.open.remove(application)

    def _check(self, request: web.Request) -> None:
        if not secrets.compare_digest(request.match_info["token"].encode(), self.token.encode()):
            raise web.HTTPForbidden(text=NO_TOKEN)


def size(width: Any, height: Any) -> tuple[int, int]:
    """The columns and rows that a page asks for, within limits; the default where it asks for no number."""

    def within(asked: Any, default: int, largest: int) -> int:
        try:
            return max(1, min(int(asked), largest))
        except (TypeError, ValueError, OverflowError):
            return default

    return within(width, DEFAULT_SIZE[0], LARGEST_SIZE[0]), within(height, DEFAULT_SIZE[1], LARGEST_SIZE[1])


async def _pass_on(page: web.WebSocketResponse, application: Application) -> None:
    """Passes a page's messages on, until the page is closed or the application has stopped reading.

    A message is JSON: ["stdin", text], ["resize", {"width": columns, "height": rows}], ["ping", number], ["blur"] or
    ["focus"]. All others are ignored.
    """
    async for message in page:
        if message.type != WSMsgType.TEXT:
            continue
        try:
            async with asyncio.timeout(PATIENCE):
                match json.loads(message.data):
                    case ["stdin", str(text)]:
                        await application.send_bytes(text.encode("utf-8", "replace"))
                    case ["resize", dict(asked)]:
                        await application.set_terminal_size(*size(asked.get("width"), asked.get("height")))
                    case ["ping", number]:
                        await page.send_json(["pong", number])
                    case ["blur"] | ["blur", _]:
                        await application.blur()
                    case ["focus"] | ["focus", _]:
                        await application.focus()
        except (ValueError, RecursionError):
            continue  # it is no JSON, so it does not come from our page
        except TimeoutError:
            return


class Application(AppService):
    """The process of one page. `stop` ends it, and every process that it has started."""

    def __init__(self, command: Sequence[str], page: web.WebSocketResponse) -> None:
        async def close() -> None:
            await page.close()

        super().__init__(
            "",
            write_bytes=page.send_bytes,
            write_str=page.send_str,
            close=close,
            download_manager=DownloadManager(),  # not served: the application writes its files itself
        )
        self.words = command
        self.starting: asyncio.Task[None]  # set by `start`

    async def start(self, width: int, height: int) -> None:
        self.starting = asyncio.create_task(super().start(width, height))
        await asyncio.shield(self.starting)

    async def _open_app_process(self, width: int = DEFAULT_SIZE[0], height: int = DEFAULT_SIZE[1]) -> Process:
        """Starts the process in a process group of its own, so that a signal reaches all processes of the page."""
        self._process = await asyncio.create_subprocess_exec(
            *self.words,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=child.environment(self._build_environment(width, height)),
            start_new_session=True,
        )
        self._stdin = self._process.stdin
        return self._process

    async def run(self) -> None:
        await super().run()
        # textual-serve closes the page when the application asks for it, which one that failed to start does not.
        with contextlib.suppress(OSError, RuntimeError):
            await self.remote_close()

    async def stop(self) -> None:
        """Asks the application to quit; then ends what is left of its process group by SIGTERM, and by SIGKILL."""
        await asyncio.wait([self.starting])  # a process that is still being started could not be found below
        process = self._process
        if process is None:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self.send_meta({"type": "quit"})
                await process.wait()
        # What may be left is the application, or a training run that is saving its checkpoint.
        if self._signal(signal.SIGTERM):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GRACE):
                    while self._signal(0):
                        await asyncio.sleep(CHECK)
            self._signal(signal.SIGKILL)
        await process.wait()
        if self._task is not None:  # it may be waiting for a page that has stopped reading
            self._task.cancel()
            await asyncio.wait([self._task])

    def _signal(self, number: int) -> bool:
        """Sends a signal to the process group; returns whether any process is left in it. 0 sends none."""
        assert self._process is not None
        try:
            os.killpg(self._process.pid, number)
        except (ProcessLookupError, PermissionError):
            return False
        return True


@web.middleware
async def _from_here_only(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuses requests of other pages: any page in the user's browser can reach this port."""
    host = request.host.rsplit(":", 1)[0]
    if host not in NAMES or request.headers.get("Origin", f"http://{request.host}") != f"http://{request.host}":
        raise web.HTTPForbidden(text=NOT_OURS)
    return await handler(request)
