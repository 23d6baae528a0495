"""Makes what the documentation shows of the application: `python docs/make.py keys|pictures`.

keys writes the command table into docs/tui.md. pictures draws the screens for README.md and docs/tui.md as SVG, by
the application itself in a terminal that is not there; they are the same for the same code, data and model.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
BEGIN, END = "<!-- keys: python docs/make.py keys -->", "<!-- end of keys -->"
QUIET = 20  # tenths of a second without work, after which a screen is finished: work begins a little after what asks
SIZE = (120, 40)  # columns, lines of the pictures


def keys() -> None:
    from flagsae.tui.commands import tables

    page = DOCS / "tui.md"
    text = page.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    page.write_text(f"{before}{BEGIN}\n\n{tables()}\n{END}{after}", encoding="utf-8")


async def draw(screen: str) -> str:
    from flagsae.tui.app import FlagsaeApp

    app = FlagsaeApp(screen=screen, remember=False)

    async def settle(pilot: Any) -> None:
        quiet = 0
        while quiet < QUIET:
            busy = any(worker.is_running for worker in app.workers) or app.current_mode != screen
            quiet = 0 if busy else quiet + 1
            await pilot.pause(0.1)

    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        return app.drawn()


def pictures() -> None:
    from flagsae.tui.commands import SCREENS

    os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"
    (DOCS / "pictures").mkdir(exist_ok=True)
    for name in SCREENS:
        path = DOCS / "pictures" / f"{name}.svg"
        path.write_text(asyncio.run(draw(name)), encoding="utf-8")
        sys.stderr.write(f"{path.name}: {path.stat().st_size // 1000} kB\n")


if __name__ == "__main__":
    jobs = {"keys": keys, "pictures": pictures}
    if sys.argv[1:2] not in [[job] for job in jobs]:
        sys.exit("usage: python docs/make.py keys|pictures")
    jobs[sys.argv[1]]()
