"""A real browser without a window, spoken to by its DevTools protocol."""

import asyncio
import base64
import io
import itertools
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from PIL import Image

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
OPTIONS += " --disable-component-update --disable-sync --remote-debugging-port=0 --window-size=900,560"
PATIENCE = 30  # seconds, on a busy machine


class Page:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket, self.session = socket, ""
        self.numbers = itertools.count(1)
        self.requests: list[str] = []  # every address that the page has asked for

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters}
        await self.socket.send_json({**message, "sessionId": self.session} if self.session else message)
        answer = await self.receive("id", number)
        assert "error" not in answer, answer
        return dict(answer["result"])

    async def receive(self, key: str, value: object) -> dict[str, Any]:
        """The next message of some kind; others are passed over, but for what they say of requests."""
        while True:
            message: dict[str, Any] = json.loads((await self.socket.receive(PATIENCE)).data)
            if message.get("method") == "Network.requestWillBeSent":
                self.requests.append(message["params"]["request"]["url"])
            elif message.get("method") == "Network.webSocketCreated":
                self.requests.append(message["params"]["url"])
            if message.get(key) == value:
                return message

    async def open(self, address: str) -> None:
        target = await self.call("Target.createTarget", url="about:blank")
        attached = await self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self.session = attached["sessionId"]
        for domain in ("Network", "Page"):
            await self.call(f"{domain}.enable")
        await self.call("Page.navigate", url=address)
        await self.receive("method", "Page.loadEventFired")

    async def value(self, script: str) -> Any:
        return (await self.call("Runtime.evaluate", expression=script, returnByValue=True))["result"].get("value")

    async def press(self, key: str) -> None:
        for kind in ("keyDown", "keyUp"):
            await self.call("Input.dispatchKeyEvent", type=kind, key=key, text=key if kind == "keyDown" else "")

    async def picture(self) -> Image.Image:
        data = (await self.call("Page.captureScreenshot"))["data"]
        return Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")

    async def wait_for(self, seen: Callable[[Image.Image], bool]) -> Image.Image:
        """The first picture of the page in which it is seen."""
        end = time.monotonic() + PATIENCE
        while not seen(picture := await self.picture()):
            assert time.monotonic() < end, await self.value("document.body.innerText")
        return picture

    async def says(self, text: str) -> None:
        """Waits until the page says it."""
        end = time.monotonic() + PATIENCE
        while text not in (said := await self.value("document.body.innerText")):
            assert time.monotonic() < end, said


@asynccontextmanager
async def browser(profile: Path) -> AsyncIterator[Page]:
    assert PROGRAM is not None
    words = [*OPTIONS.split(), f"--user-data-dir={profile}", "about:blank"]
    process = subprocess.Popen([PROGRAM, *words], stderr=subprocess.PIPE, start_new_session=True)
    assert process.stderr is not None
    try:
        line = b""
        while b"DevTools listening on " not in line:
            line = await asyncio.wait_for(asyncio.to_thread(process.stderr.readline), PATIENCE)
            assert line, "the browser did not start"
        address = line.decode().split()[-1]
        async with aiohttp.ClientSession() as client, client.ws_connect(address, max_msg_size=0) as socket:
            yield Page(socket)
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # and its renderers
        process.wait()
        process.stderr.close()
