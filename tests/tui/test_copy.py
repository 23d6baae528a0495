"""The line that `c` copies on Mix, run in a shell, draws what is seen there."""

from __future__ import annotations

import shlex
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from shell import run
from toys import toy_run
from user import opened, session, until

from flagsae.flags.dataset import Dataset, save_dataset
from flagsae.tui.app import FlagsaeApp
from flagsae.tui.screens.mix import MixScreen


def pixels(line: str, folder: Path, width: int) -> np.ndarray:
    """What a copied line draws."""
    words = shlex.split(line)
    assert words[0] == "flagsae"
    end = words.index("--") if "--" in words else len(words)
    out = folder / "copied.png"
    done = run(*words[1:end], "-o", str(out), "--size", str(width), "-q", *words[end:])
    assert done.returncode == 0, (line, done.stderr)
    with Image.open(out) as picture:
        return np.asarray(picture.convert("RGB"))


async def check(app: FlagsaeApp, pilot: object, folder: Path) -> str:
    """Copies, runs, and compares the pixels; the line."""
    screen = app.screen
    assert isinstance(screen, MixScreen)
    done = lambda: not screen.drawing.busy and screen.mixed is not None and screen.mixed.final  # noqa: E731
    await until(pilot, done, "the drawing")  # type: ignore[arg-type]
    screen.action_copy()
    assert screen.mixed is not None
    shown = screen.mixed.picture
    same = (pixels(app.clipboard, folder, shown.shape[1]) == shown).all(-1)
    # A file of a design has soft edges.
    assert same.all() if screen.mixed.composite.exact is None else same.mean() > 0.95, app.clipboard
    return app.clipboard


@pytest.mark.long
@session
async def test_what_is_copied_draws_what_is_seen(tmp_path: Path) -> None:
    async with opened() as (app, pilot):
        screen = app.screen
        assert isinstance(screen, MixScreen)
        for sum_, design, method in (
            ("morocco + colombia", 0, ""),
            ("morocco + colombia", 3, ""),
            ("-laos + morocco", 0, ""),
            ("-0.5*laos + morocco + 2*f17", 0, "vote"),
            ("japan + 0.35*brazil - red", 0, "sum"),
        ):
            screen.method = method
            app.choose(expression=sum_)
            screen.design = design
            screen._draw()
            line = await check(app, pilot, tmp_path)
            assert ("--design" in line, "--decode" in line) == (design > 0, bool(method))
        for row in range(3):  # nothing is left: the picture stays, and so does its line
            screen.terms.change(row, 0.0)
        screen.show_terms()
        assert await check(app, pilot, tmp_path) == line
        screen.method = ""
        app.choose(expression="morocco + colombia")
        app.go_to_step(2)
        await until(pilot, lambda: app.workspace is app.workspaces.get(2), "the step")
        assert f"{app.epochs[2]:06}.safetensors" in await check(app, pilot, tmp_path)


@pytest.mark.long
@session
async def test_own_flags_and_own_models_are_named(
    toy: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "own flags.npz"
    save_dataset(toy, data)
    for name in ("first", "second"):
        toy_run(toy, name)
    async with opened(data=str(data), model="first", expression="morocco - japan") as (app, pilot):
        assert "--model first" in await check(app, pilot, tmp_path)
