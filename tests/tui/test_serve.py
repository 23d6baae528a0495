"""The application in a browser: for this machine only, and gone with its page."""

import asyncio
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest
from chromium import PROGRAM, browser
from PIL import Image
from terminals import PATIENCE

SMALL = [sys.executable, str(Path(__file__).with_name("small_app.py")), "--color", "truecolor"]
SERVE = "import sys; from flagsae.tui.serve import serve; raise SystemExit(serve(0, sys.argv[1:]))"
RED, BLUE = (255, 0, 0), (0, 0, 255)


class Served(subprocess.Popen[str]):
    """A server, its address, and the applications that it has started."""

    @property
    def address(self) -> str:
        if not hasattr(self, "line"):
            assert self.stderr is not None
            self.line = self.stderr.readline()
        return self.line.split()[3]

    def applications(self) -> list[int]:
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def end(self, number: int) -> tuple[int, str]:
        """Ends it by a signal: the exit code, and what it has said since it started."""
        self.send_signal(number)
        out, said = self.communicate(timeout=PATIENCE)
        assert out == ""
        return self.returncode, said


@contextmanager
def served(*command: str) -> Iterator[Served]:
    with Served(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.address.startswith("http://127.0.0.1:")
            yield server
        finally:
            server.kill()


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


async def connect(client: aiohttp.ClientSession, server: Served) -> aiohttp.ClientWebSocketResponse:
    """A page as the server sees it, and its first screen."""
    page = await client.ws_connect(f"{server.address}/ws?width=80&height=24")
    seen = b""
    while b"ready" not in seen:
        seen += (await page.receive(PATIENCE)).data
    return page


def stripes(picture: Image.Image) -> list[tuple[int, int, int]]:
    """The colours down the left edge, without repetition."""
    column = [picture.getpixel((2, y)) for y in range(picture.height)]
    return [colour for colour, before in zip(column, [None, *column], strict=False) if colour != before]  # type: ignore


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
            while "has ended" not in await page.value("document.body.innerText"):
                pass
            own = (server.address, server.address.replace("http:", "ws:"))
            assert await asyncio.to_thread(ended, application)
            assert page.requests and all(request.startswith(own) for request in page.requests)

    asyncio.run(session())
    assert server.end(signal.SIGINT) == (130, "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_no_application_outlives_its_server(server: Served, number: int) -> None:
    async def session() -> None:
        async with aiohttp.ClientSession() as client:
            pages = [await connect(client, server) for _ in range(2)]
            applications = server.applications()
            assert len(applications) == len(pages) == 2
            code, said = await asyncio.to_thread(server.end, number)
            assert (code, said) == (128 + number, "")
            assert not any(Path(f"/proc/{pid}").exists() for pid in applications)

    asyncio.run(session())


def test_it_ends_also_where_its_server_was_killed(server: Served) -> None:
    async def session() -> None:
        async with aiohttp.ClientSession() as client:
            page = await connect(client, server)
            (application,) = server.applications()
            server.kill()
            assert ended(application)
            await page.close()

    asyncio.run(session())


def test_it_ends_when_its_page_is_closed(server: Served) -> None:
    async def session() -> None:
        async with aiohttp.ClientSession() as client:
            page = await connect(client, server)
            (application,) = server.applications()
            await page.close()
            assert await asyncio.to_thread(ended, application)

    asyncio.run(session())


def test_other_peoples_pages_are_refused(server: Served) -> None:
    async def session() -> None:
        port = server.address.rsplit(":", 1)[1]
        async with aiohttp.ClientSession() as client:
            for host, origin, status in (
                (f"127.0.0.1:{port}", "", 200),
                (f"localhost:{port}", "", 200),
                (f"localhost:{port}", f"http://localhost:{port}", 200),
                (f"evil.example:{port}", "", 403),
                (f"127.0.0.1:{port}", "http://evil.example", 403),
                (f"127.0.0.1:{port}", "null", 403),
            ):
                headers = {"Host": host, **({"Origin": origin} if origin else {})}
                async with client.get(server.address, headers=headers) as answer:
                    assert answer.status == status, headers
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await client.ws_connect(f"{server.address}/ws", origin="http://evil.example")
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", int(port)))  # as if from another machine

    asyncio.run(session())
    assert server.applications() == []


def test_an_application_that_does_not_start_closes_its_page_and_says_why() -> None:
    async def session(server: Served) -> None:
        async with aiohttp.ClientSession() as client, client.ws_connect(f"{server.address}/ws") as page:
            assert (await page.receive(PATIENCE)).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)

    with served(sys.executable, "-c", SERVE, sys.executable, "-c", "raise SystemExit('no flags today')") as server:
        asyncio.run(session(server))
        code, said = server.end(signal.SIGTERM)
        assert code == 143 and "no flags today" in said


def test_the_options_reach_the_application() -> None:
    words = ["--screen", "map", "--charset", "ascii", "--data", "my flags", "$(echo), 'laos' + 0.5*france"]

    async def session(server: Served) -> list[str]:
        async with aiohttp.ClientSession() as client, client.ws_connect(f"{server.address}/ws"):
            while not server.applications():
                await asyncio.sleep(0)
            (pid,) = server.applications()
            while "--color=truecolor" not in (line := Path(f"/proc/{pid}/cmdline").read_text().split("\0")):
                await asyncio.sleep(0)
            return line

    with served(sys.executable, "-m", "flagsae", "tui", "--serve", "--port", "0", *words) as server:
        line = asyncio.run(session(server))
    assert line[1:-1] == [
        *("-m", "flagsae", "tui", "--data=my flags", "--screen=map", "--charset=ascii", "--color=truecolor"),
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
