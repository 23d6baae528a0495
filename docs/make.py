"""Makes what the documentation shows: `python docs/make.py keys|cells|pictures|hero|notebook`.

keys writes the command table into docs/tui.md, cells the table of terminals into docs/cells.md. pictures draws the
screens for README.md and docs/tui.md as SVG, by the application itself, with wedges, in a terminal that is not there;
they are the same for the same code, data and model. hero draws the picture at the top of README.md: a sum with its
sentence, and below it the twelve most populous countries, mixed in pairs in that order, so that nobody has chosen them
by their looks. notebook draws the sums of the post of 2016, by its own network (`flagsae train --preset seed --name
seed` first) and by the default, for docs/results.md.
"""

from __future__ import annotations

import asyncio
import io
import os
import sys
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
TABLE = ("<!-- {0}: python docs/make.py {0} -->", "<!-- end of {0} -->")  # around a table that is written by a job
QUIET = 20  # tenths of a second without work, after which a screen is finished: work begins a little after what asks
SIZE = (120, 40)  # columns, lines of the pictures


def keys() -> None:
    from flagsae.tui.commands import tables

    put_table("tui.md", "keys", tables())


def cells() -> None:
    from flagsae.visual.terminal.terminals import table

    put_table("cells.md", "cells", table())


def put_table(page: str, job: str, table: str) -> None:
    """Writes a table into a page, between the marks of its job."""
    path = DOCS / page
    begin, end = (mark.format(job) for mark in TABLE)
    before, rest = path.read_text(encoding="utf-8").split(begin)
    _, after = rest.split(end)
    path.write_text(f"{before}{begin}\n\n{table}\n{end}{after}", encoding="utf-8")


async def draw(screen: str) -> str:
    from flagsae.tui.app import FlagsaeApp
    from flagsae.visual.terminal.kinds import detected

    app = FlagsaeApp(screen=screen, remember=False, cells=detected({}, "wedge"))

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


# The twelve most populous countries, by the United Nations' World Population Prospects 2024, in pairs.
SIX = (
    ("india", "china"),
    ("united-states", "indonesia"),
    ("pakistan", "nigeria"),
    ("brazil", "bangladesh"),
    ("russia", "ethiopia"),
    ("mexico", "japan"),
)
HERO = ("morocco", "colombia")
WIDE, GAP, LINE = 1560, 24, 44  # pixels: of the picture, between flags, and of a line of text
PAPER, INK = "#ffffff", "#333333"


def hero() -> None:
    from PIL import Image, ImageDraw, ImageFont

    import flagsae

    def flag(names: tuple[str, ...], width: int) -> Image.Image:
        data = flagsae.compose(*names).drawing(".png", 2 * width)
        with Image.open(io.BytesIO(data)) as picture:
            return picture.convert("RGB").resize((width, width * 2 // 3), Image.Resampling.LANCZOS)

    font, small = ImageFont.load_default(28), ImageFont.load_default(20)
    large, little = (WIDE - 4 * GAP) // 3, (WIDE - 7 * GAP) // 6
    first, second = GAP, GAP + large * 2 // 3 + 2 * LINE + GAP
    page = Image.new("RGB", (WIDE, second + little * 2 // 3 + LINE + GAP), PAPER)
    pen = ImageDraw.Draw(page)

    def put(names: tuple[str, ...], x: int, y: int, width: int, text: str, written: Any) -> None:
        picture = flag(names, width)
        page.paste(picture, (x, y))
        pen.rectangle((x, y, x + picture.width - 1, y + picture.height - 1), outline="#bbbbbb")
        pen.text((x + width // 2, y + picture.height + LINE // 2), text, INK, written, anchor="mm")

    mix = flagsae.compose(*HERO)
    for column, (names, text) in enumerate(((one,), flagsae.compose(one).title) for one in HERO):
        put(names, GAP + column * (large + GAP), first, large, text, font)
    put(HERO, GAP + 2 * (large + GAP), first, large, mix.title, font)
    for column, sign in ((1, "+"), (2, "=")):
        pen.text((GAP // 2 + column * (large + GAP), first + large // 3), sign, INK, font, anchor="mm")
    pen.text((WIDE // 2, second - GAP - LINE // 2), f"{mix.text[0].upper()}{mix.text[1:]}.", INK, font, anchor="mm")
    for column, names in enumerate(SIX):
        text = " + ".join(flagsae.compose(one).title for one in names)
        put(names, GAP + column * (little + GAP), second, little, text, small)
    page.save(DOCS / "pictures" / "hero.png", optimize=True)


POST = ("morocco", "colombia", "malaysia")


def notebook() -> None:
    import flagsae

    for count in range(1, len(POST) + 1):
        for model, suffix in (("seed", "-2016"), (None, "")):
            mix = flagsae.open(model=model).compose(*POST[:count])
            (DOCS / "pictures" / f"{'-'.join(POST[:count])}{suffix}.png").write_bytes(mix.drawing(".png", 1200))


if __name__ == "__main__":
    jobs = {"keys": keys, "cells": cells, "pictures": pictures, "hero": hero, "notebook": notebook}
    if sys.argv[1:2] not in [[job] for job in jobs]:
        sys.exit("usage: python docs/make.py keys|cells|pictures|hero|notebook")
    jobs[sys.argv[1]]()
