"""The application in a browser: for whoever has its address on this machine, and gone with its page."""

import asyncio
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import aiohttp
import pytest
import yarl
from chromium import PROGRAM, browser
from PIL import Image
from terminals import PATIENCE

from flagsae.cli import application
from flagsae.tui import serve

SMALL = [sys.executable, str(Path(__file__).with_name("small_app.py")), "--color", "truecolor"]
SERVE = "import sys; from flagsae.tui import serve; raise SystemExit(serve.serve(0, sys.argv[1:]))"
HURRIED = f"from flagsae.tui import serve; serve.PATIENCE = serve.GRACE = 0.3; {SERVE}"
# In the place of an application: one that ends when it is told anything, and one that never does, nor what it starts.
WAITING = ["sh", "-c", "echo __GANGLION__; head -c 1 > /dev/null"]
STUCK = ["sh", "-c", "trap '' TERM HUP INT; sleep 1000 & echo __GANGLION__; wait"]
RED, BLUE = (255, 0, 0), (0, 0, 255)


class Served(subprocess.Popen[str]):
    """A server, its address, and the applications that it has started."""

    @property
    def address(self) -> str:
        if not hasattr(self, "line"):
            assert self.stderr is not None
            self.line = self.stderr.readline()
        return self.line.split()[3]

    @property
    def origin(self) -> str:
        return "/".join(self.address.split("/")[:3])

    def applications(self) -> list[int]:
        return children(self.pid)

    def end(self, number: int) -> tuple[int, str]:
        """Ends it by a signal: the exit code, and what it has said since it started."""
        self.send_signal(number)
        out, said = self.communicate(timeout=PATIENCE)
        assert out == ""
        return self.returncode, said


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def served(*command: str) -> Iterator[Served]:
    with Served(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.address.startswith("http://127.0.0.1:")
            yield server
        finally:
            server.kill()


@pytest.fixture
def hurried() -> Iterator[Callable[..., Served]]:
    """A server of some command that waits for nobody long."""
    with ExitStack() as servers:
        yield lambda *command: servers.enter_context(served(sys.executable, "-c", HURRIED, *command))


@pytest.fixture
def server() -> Iterator[Served]:
    with served(sys.executable, "-c", SERVE, *SMALL) as server:
        yield server


def ended(pid: int) -> bool:
    """Whether a process ends while we wait."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], PATIENCE)[0])
    finally:
        os.close(descriptor)


async def connect(
    client: aiohttp.ClientSession, server: Served, size: str = "width=80&height=24"
) -> aiohttp.ClientWebSocketResponse:
    """A page as the server sees it."""
    return await client.ws_connect(f"{server.address}ws?{size}", origin=server.origin)


async def shows(page: aiohttp.ClientWebSocketResponse, text: bytes) -> None:
    """Waits until the page shows it."""
    seen = b""
    while text not in seen:
        message = await page.receive(PATIENCE)
        assert message.type in (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT), message
        seen += message.data if message.type == aiohttp.WSMsgType.BINARY else b""


async def ready(client: aiohttp.ClientSession, server: Served) -> aiohttp.ClientWebSocketResponse:
    page = await connect(client, server)
    await shows(page, b"ready")
    return page


def stripes(picture: Image.Image) -> list[tuple[int, int, int]]:
    """The colours down the left edge, without repetition."""
    column = [picture.getpixel((2, y)) for y in range(picture.height)]
    return [colour for colour, before in zip(column, [None, *column], strict=False) if colour != before]  # type: ignore


@pytest.mark.long
@pytest.mark.skipif(PROGRAM is None, reason="no browser: apt-get install chromium")
def test_a_browser_shows_it_and_its_keys_arrive(server: Served, tmp_path: Path) -> None:
    async def session() -> None:
        async with browser(tmp_path) as page:
            await page.open(server.address)
            # Three half blocks, red above blue, are six stripes of pure colour without seams.
            picture = await page.wait_for(lambda picture: RED in stripes(picture))
            found = stripes(picture)
            start = found.index(RED)
            assert found[start : start + 6] == [RED, BLUE] * 3 and found.count(RED) == found.count(BLUE) == 3
            await page.press("k")
            await page.wait_for(lambda picture: RED not in stripes(picture))
            (application,) = server.applications()
            await page.press("q")
            await page.says("has ended")
            own = (f"{server.origin}/", f"{server.origin}/".replace("http:", "ws:"))
            assert await asyncio.to_thread(ended, application)
            assert page.requests and all(request.startswith(own) for request in page.requests)

    asyncio.run(session())
    assert server.end(signal.SIGINT) == (130, "")


@pytest.mark.long
@pytest.mark.skipif(PROGRAM is None, reason="no browser: apt-get install chromium")
def test_a_page_that_finds_no_place_says_so(hurried: Callable[..., Served], tmp_path: Path) -> None:
    server = hurried(*WAITING)

    async def session() -> None:
        async with aiohttp.ClientSession() as client:
            pages = [await connect(client, server) for _ in range(4)]
            async with browser(tmp_path) as page:
                await page.open(server.address)
                await page.says(serve.NO_PLACE)
            for visitor in pages:
                await visitor.close()

    asyncio.run(session())


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_no_application_outlives_its_server(server: Served, number: int) -> None:
    async def session() -> None:
        async with aiohttp.ClientSession() as client:
            pages = [await ready(client, server) for _ in range(2)]
            applications = server.applications()
            assert len(applications) == len(pages) == 2
            code, said = await asyncio.to_thread(server.end, number)
            assert (code, said) == (128 + number, "")
            assert not any(Path(f"/proc/{pid}").exists() for pid in applications)

    asyncio.run(session())


@pytest.mark.parametrize("hangs", [False, True])
def test_it_ends_also_where_its_server_was_killed(server: Served, hangs: bool) -> None:
    async def session() -> None:
        async with aiohttp.ClientSession() as client:
            page = await ready(client, server)
            (application,) = server.applications()
            if hangs:
                await page.send_json(["stdin", "h"])
                await shows(page, b"hanging")
            server.kill()
            assert await asyncio.to_thread(ended, application)
            await page.close()

    asyncio.run(session())


def test_it_ends_when_its_page_is_closed(server: Served) -> None:
    async def session() -> None:
        async with aiohttp.ClientSession() as client:
            page = await ready(client, server)
            (application,) = server.applications()
            await page.close()
            assert await asyncio.to_thread(ended, application)

    asyncio.run(session())


def test_only_our_page_with_the_token_is_served(server: Served) -> None:
    async def session() -> None:
        port = int(server.origin.rsplit(":", 1)[1])
        token = server.address.split("/")[3]
        here, evil = f"127.0.0.1:{port}", "http://evil.example"
        page, socket_ = f"/{token}/", f"/{token}/ws"
        async with aiohttp.ClientSession() as client:
            for path, host, origin, status in (
                (page, here, "", 200),
                (page, f"localhost:{port}", "", 200),
                (page, f"localhost:{port}", f"http://localhost:{port}", 200),
                (page, f"evil.example:{port}", "", 403),
                (page, here, evil, 403),
                (page, here, "null", 403),
                ("/", here, "", 403),
                (f"/{token[:-1]}/", here, "", 403),
                ("/%C3%A9%FF/", here, "", 403),
                ("/static/js/textual.js", here, "", 200),
                ("/static/", here, "", 403),
                ("/download/1", here, "", 404),
                (socket_, here, "", 403),  # no browser's
                (socket_, here, evil, 403),
                (f"/{token}x/ws", here, f"http://{here}", 403),
                ("/ws", here, f"http://{here}", 404),
            ):
                headers = {"Host": host, **({"Origin": origin} if origin else {})}
                address = yarl.URL(f"{server.origin}{path}", encoded=True)
                if path.endswith("ws"):
                    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                        await client.ws_connect(address, headers=headers)
                    assert refused.value.status == status, (path, headers)
                    continue
                async with client.get(address, headers=headers) as answer:
                    assert answer.status == status, (path, headers)
                    assert path != page or status != 200 or answer.headers["Referrer-Policy"] == "no-referrer"
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", port))  # as if from another machine

    asyncio.run(session())
    assert server.applications() == []


@pytest.mark.long
def test_of_thirty_pages_at_once_four_are_open(hurried: Callable[..., Served]) -> None:
    server = hurried(*WAITING)

    async def session() -> None:
        async with aiohttp.ClientSession() as client:
            pages = await asyncio.gather(*(connect(client, server) for _ in range(30)))
            waiting = [asyncio.create_task(page.receive()) for page in pages]
            refused = 0
            while refused < 26:
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED, timeout=PATIENCE)
                done = [task for task in waiting if task.done()]
                assert done and all(task.result().extra == serve.NO_PLACE for task in done)
                refused += len(done)
                waiting = [task for task in waiting if not task.done()]
            applications = server.applications()
            assert len(applications) == len(waiting) == 4
            for task in waiting:
                task.cancel()
            await asyncio.gather(*(page.close() for page in pages))
            for application in applications:
                assert await asyncio.to_thread(ended, application)
            again = await connect(client, server)  # there is room
            while not server.applications():
                await asyncio.sleep(0)
            await again.close()

    asyncio.run(session())
    assert server.end(signal.SIGTERM) == (143, "")


@pytest.mark.long
@pytest.mark.parametrize("end", ["closed", "typing", "stopped", "server"])
def test_what_is_stuck_is_killed_with_all_that_it_started(hurried: Callable[..., Served], end: str) -> None:
    server = hurried(*STUCK)

    async def session() -> None:
        async with aiohttp.ClientSession() as client:
            page = await connect(client, server)
            processes: list[int] = []
            while len(processes) < 2:  # it and its child
                processes = [pid for own in server.applications() for pid in (own, *children(own))]
                await asyncio.sleep(0)
            if end == "stopped":
                os.kill(processes[0], signal.SIGSTOP)
            if end == "typing":  # more than a pipe holds
                for _ in range(4):
                    await page.send_json(["stdin", "k" * 100_000])
            elif end == "server":
                assert await asyncio.to_thread(server.end, signal.SIGTERM) == (143, "")
            else:
                await page.close()
            for process in processes:
                assert await asyncio.to_thread(ended, process)
            await page.close()

    asyncio.run(session())


@pytest.mark.long
def test_what_an_application_leaves_behind_may_save_its_work(tmp_path: Path) -> None:
    """As a training run does, which writes a checkpoint when it is told to end."""
    saving = "trap 'echo saved > checkpoint; exit' TERM; sleep 1000 & echo __GANGLION__; wait"
    leaving = f'cd {tmp_path}; sh -c "{saving}" & head -c 1 > /dev/null'
    patient = f"from flagsae.tui import serve; serve.GRACE = {PATIENCE}; {SERVE}"

    async def session(server: Served) -> None:
        async with aiohttp.ClientSession() as client:
            page = await connect(client, server)
            processes: list[int] = []
            while len(processes) < 4:  # it, what it waits for, what saves, and what that waits for
                processes = [pid for own in server.applications() for pid in (own, *children(own))]
                processes += [pid for own in processes[1:] for pid in children(own)]
                await asyncio.sleep(0)
            await page.close()
            for process in processes:
                assert await asyncio.to_thread(ended, process)

    with served(sys.executable, "-c", patient, "sh", "-c", leaving) as server:
        asyncio.run(session(server))
    assert (tmp_path / "checkpoint").read_text() == "saved\n"


def test_nonsense_from_a_page_hurts_nobody(server: Served) -> None:
    async def session() -> None:
        async with aiohttp.ClientSession() as client:
            page = await connect(client, server, "width=1000000000&height=-7")
            await shows(page, b"ready")
            for text in (
                *("", "{", "[]", "{}", "1", '"stdin"', '["stdin"]', '["stdin", 3]', '["resize", 3]', '["shutdown", 1]'),
                *('["stdin", "\\ud800"]', "[" * 100_000, "1" * 5000),
                '["resize", {"width": 1000000000, "height": -1000000000}]',
                '["resize", {"width": "wide", "height": [1]}]',
                '["resize", {"width": 1e999, "height": NaN}]',
                '["resize", {}]',
            ):
                await page.send_str(text)
            await page.send_bytes(b"\xff")
            await page.send_json(["resize", {"width": 80, "height": 24}])
            await page.send_json(["stdin", "k"])
            await shows(page, b"a key came")
            await page.send_str("x" * (serve.LONGEST + 1))
            while (message := await page.receive(PATIENCE)).type != aiohttp.WSMsgType.CLOSE:
                pass
            assert message.data == aiohttp.WSCloseCode.MESSAGE_TOO_BIG

    asyncio.run(session())
    assert server.end(signal.SIGTERM) == (143, "")


def test_a_terminal_has_a_size_that_one_can_draw() -> None:
    asked: list[tuple[object, object, tuple[int, int]]] = [
        (120, 40, (120, 40)),
        ("120", "40", (120, 40)),
        (None, None, (80, 24)),
        (10**9, -(10**9), (1000, 1)),
        ("9" * 5000, float("nan"), (80, 24)),
        (float("inf"), "0", (80, 1)),
        ([1], {}, (80, 24)),
    ]
    for width, height, given in asked:
        assert serve.size(width, height) == given


def test_an_application_that_does_not_start_closes_its_page_and_says_why() -> None:
    async def session(server: Served) -> None:
        async with aiohttp.ClientSession() as client, await connect(client, server) as page:
            assert (await page.receive(PATIENCE)).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)

    with served(sys.executable, "-c", SERVE, sys.executable, "-c", "raise SystemExit('no flags today')") as server:
        asyncio.run(session(server))
        code, said = server.end(signal.SIGTERM)
        assert code == 143 and "no flags today" in said


def test_the_options_reach_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[tuple[int, Sequence[str]]] = []
    monkeypatch.setattr(serve, "serve", lambda *given: served.append(given) or 0)
    words = ["--screen", "map", "--charset", "ascii", "--data", "my flags", "$(echo), 'laos' + 0.5*france"]
    monkeypatch.setattr(sys, "argv", ["flagsae"])
    with pytest.raises(SystemExit):
        application.run(application.application("tui"), ["tui", "--serve", "--port", "0", *words])
    ((port, line),) = served
    assert port == 0 and line[1:] == [
        *("-P", "-m", "flagsae", "tui", "--data=my flags", "--screen=map", "--charset=ascii", "--color=truecolor"),
        *("--", "$(echo), 'laos' + 0.5*france"),
    ]


def test_a_port_in_use_is_said_in_a_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        words = [sys.executable, "-m", "flagsae", "tui", "--serve", "--port", str(port)]
        result = subprocess.run(words, capture_output=True, text=True)
    assert result.returncode == 2 and result.stdout == ""
    assert result.stderr == (
        f"flagsae: cannot serve on port {port} (Address already in use): give another --port, or --port 0\n"
    )
