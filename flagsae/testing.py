"""Tests for authors of visualizers: `check_visualizer(Wave())` tests everything that the contract requires.

    from flagsae.testing import check_visualizer
    from flagsae_wave import Wave

    def test_it_keeps_the_contract():
        check_visualizer(Wave())

The contract is in `flagsae.visual.scene`. Neither pytest nor a model is needed.
"""

from __future__ import annotations

import contextlib
import io
from itertools import islice
from typing import Any

import numpy as np
from rich.protocol import is_renderable

from flagsae.visual.atoms import NEUTRAL
from flagsae.visual.capture import Colours, capture
from flagsae.visual.scene import MOST_FRAMES, Feature, Picture, Scene, Size

SIZES = Size(120, 40), Size(46, 20), Size(9, 2), Size(1, 1)
CONSOLES: tuple[tuple[Colours | None, bool], ...] = (("truecolor", False), ("standard", False), (None, True))
WIDTHS = 90, 24  # pixels of frames and of exported pictures


def check_visualizer(visualizer: Any) -> None:
    """Raises `AssertionError`, saying what is wrong, if a visualizer breaks the contract.

    It draws every scene of `scenes` in four sizes, in true colour, in 16 colours, and in ASCII without colour. Each
    drawing must fit and be equal when it is drawn again; drawing must not print, nor change the scene. The same holds
    for frames and files, if the visualizer makes any; they are made in two widths.
    """
    summary = getattr(visualizer, "summary", None)
    need(isinstance(summary, str) and summary.strip(), "it needs a summary: one line that says what it shows")
    need("\n" not in str(summary), "its summary has more than one line")
    need(callable(getattr(visualizer, "render", None)), "it needs a method render(scene, size)")
    for name, scene in scenes().items():
        before = _contents(scene)
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            for size in SIZES:
                _check_drawing(visualizer, name, scene, size)
            for width in WIDTHS:
                _check_frames(visualizer, name, scene, width)
                _check_files(visualizer, name, scene, width)
        printed = out.getvalue() + err.getvalue()
        need(not printed, f"it prints, with the scene {name!r}: {printed[:80]!r}")
        need(_contents(scene) == before, f"it changes the scene {name!r}")


def need(holds: Any, otherwise: str) -> None:
    """Like `assert`, but also checked under `python -O`."""
    if not holds:
        raise AssertionError(otherwise)


def _check_drawing(visualizer: Any, name: str, scene: Scene, size: Size) -> None:
    where = f"with the scene {name!r} in {size.columns} x {size.lines} cells"
    for colours, ascii_only in CONSOLES:
        drawn = visualizer.render(scene, size)
        need(is_renderable(drawn), f"it returns {type(drawn).__name__}, which Rich cannot draw, {where}")
        first = capture(drawn, size, colours=colours, ascii_only=ascii_only)
        again = capture(visualizer.render(scene, size), size, colours=colours, ascii_only=ascii_only)
        need(not first.too_wide, f"it is wider than its size, {where}")
        need(not first.too_high, f"it is higher than its size, {where}")
        need(first.lines, f"it draws nothing, {where}: say at least what is missing")
        need(first.lines == again.lines, f"it draws something else the second time, {where}")
        text = "".join(segment.text for line in first.lines for segment in line)
        need(not ascii_only or _ascii(text, scene), f"it draws {text!r} where there is only ASCII, {where}")


def _ascii(text: str, scene: Scene) -> bool:
    """Whether every non-ASCII character of a drawing is from the scene's own texts, which may be drawn unchanged."""
    own = "".join([scene.title, scene.words, *scene.images, *(feature.label for feature in scene.features), "…"])
    return all(letter.isascii() or letter in own for letter in text)


def _check_frames(visualizer: Any, name: str, scene: Scene, width: int) -> None:
    if not hasattr(visualizer, "frames"):
        return
    where = f"with the scene {name!r}, {width} pixels wide"
    frames, again = (list(islice(visualizer.frames(scene, width), MOST_FRAMES + 1)) for _ in range(2))
    need(len(frames) <= MOST_FRAMES, f"it has more than {MOST_FRAMES} frames, {where}")
    for frame in frames:
        need(isinstance(frame, np.ndarray) and frame.dtype == np.uint8, f"a frame is no array of uint8, {where}")
        need(frame.ndim == 3 and frame.shape[2] == 3 and frame.size, f"a frame is {frame.shape}, {where}")
        need(frame.shape == frames[0].shape, f"frames have several sizes, {where}")
        need(frame.shape[1] <= 2 * width + 2, f"a frame is {frame.shape[1]} pixels wide, {where}")
    same = len(frames) == len(again) and all(map(np.array_equal, frames, again))
    need(same, f"frames differ between two runs, {where}")


def _check_files(visualizer: Any, name: str, scene: Scene, width: int) -> None:
    if not hasattr(visualizer, "export"):
        return
    suffixes = getattr(visualizer, "suffixes", ())
    need(suffixes and not isinstance(suffixes, str), "one that exports needs suffixes, as in ('.html',)")
    for suffix in suffixes:
        where = f"with the scene {name!r} as {suffix}"
        need(suffix.startswith(".") and suffix == suffix.lower(), f"a suffix is like .html, not {suffix!r}")
        data = visualizer.export(scene, suffix, width)
        need(isinstance(data, bytes) and data, f"it exports {type(data).__name__}, where bytes are wanted, {where}")
        need(data == visualizer.export(scene, suffix, width), f"its file differs between two runs, {where}")


def _contents(scene: Scene) -> list[Any]:
    """A copy of everything in a scene, to compare later."""
    pictures = [*scene.images.values(), *(feature.atom for feature in scene.features)]
    strengths = [None if feature.strength is None else feature.strength.tobytes() for feature in scene.features]
    return [
        [None if picture is None else picture.tobytes() for picture in pictures],
        strengths,
        [*scene.images],
        dict(scene.code),
        [dict(code) for code in scene.codes],
        [*scene.places],
        [(feature.index, feature.label, *feature.top) for feature in scene.features],
    ]


# Scenes.


def scenes() -> dict[str, Scene]:
    """Scenes to try visualizers on: small versions of what commands make, incomplete ones and odd ones."""
    star, bands, cross = _star(), _bands(), _cross()
    strength = (np.indices((17, 26))[0] / 8 - 1).astype(np.float32)
    added = _tinted(strength, (193, 39, 45))
    red = Feature(84, "red field", added, strength, ("Morocco", "Tunisia"), True)
    blue = Feature(3, "unsure: blue band", _tinted(-strength, (0, 48, 135)), -strength, ("Colombia",))
    unknown = Feature(17)
    random = np.random.default_rng(1)
    noise = random.integers(0, 256, (30, 40, 3), np.uint8)
    dot = np.full((1, 1, 3), 200, np.uint8)
    code, other = {84: 0.92, 3: 0.31, 17: 0.04}, {3: 0.75, 17: 0.4}
    both = {84: 0.92, 3: -0.44, 17: -0.36}
    flags = {"Morocco": star, "Colombia": bands, "Åland": cross}
    sheet = np.hstack([added, added])
    nowhere = float("nan")
    return {
        "flag": Scene(
            "Morocco", {"flag": star, "rebuilt from 3 features": star}, code, [red, blue, unknown], "A star."
        ),
        "sum": Scene(
            "Morocco - Colombia",
            {"sum": cross, "Morocco": star, "-Colombia": bands},
            both,
            [red, blue, unknown],
            "White field; red cross.",
            [both, code, other],
        ),
        "feature": Scene(
            "f84: red field", {"adds": red.atom, **flags} if red.atom is not None else {}, {84: 1.0}, [red]
        ),
        "dictionary": Scene(
            "3 features of 3 flags",
            {"atoms": sheet, **flags},
            {84: 0.6, 3: 0.4, 17: 0.2},
            [blue, unknown, red],
            "3 features, 1 with a label to be trusted",
            [{84: 0.6, 3: 0.4, 17: 0.2}, code, other, {84: 0.1}],
            [(nowhere, nowhere), (0.0, 0.5), (1.0, 1.0), (0.4, 0.0)],
        ),
        "empty": Scene("nothing"),
        "no pictures": Scene("", {}, {3: 0.5, 4: 0.25}, [Feature(3, "red field")], "words"),
        "no features": Scene("bare", {"noise": noise}, {1000: 1e-9, 7: 1e9}),
        "no atoms": Scene("words only", {"dot": dot}, {1: 1.0}, [Feature(1, "a cross"), Feature(2)]),
        "no code": Scene("an atom", {"dot": dot}, {}, [Feature(1, "a cross", noise)]),
        "minus": Scene("less", {"dot": dot}, {1: -1.0, 2: 0.5}, [Feature(1, "one", noise), Feature(2, "two", noise)]),
        "names": Scene("日本 \x1b[31m\n\tflag", {"a": noise, "日本": dot, "\x1b]0;x\x07": noise}, {}, (), "日本 " * 90),
        "hollow": Scene("hollow", {"none": noise[:0], "long": noise[:1], "tall": noise[:, :1]}),
        "many": Scene("many", {str(n): noise for n in range(20)}, {n: n / 9 for n in range(1, 400)}),
    }


def _star() -> Picture:
    """A green star in a red field, roughly Morocco's flag: 68 x 102 x 3."""
    y, x = np.mgrid[0:68, 0:102] - np.array([33.5, 50.5])[:, None, None]
    turn, far = np.arctan2(x, -y) * 5 / (2 * np.pi) % 1, np.hypot(x, y)
    inside = far < 8 + 14 * np.abs(2 * turn - 1)
    return np.where(inside[..., None], (0, 98, 51), (193, 39, 45)).astype(np.uint8)


def _bands() -> Picture:
    """Yellow, blue and red stripes, as in Colombia's flag: 68 x 102 x 3."""
    rows = np.repeat([[252, 209, 22], [0, 48, 135], [206, 17, 38]], [34, 17, 17], 0)
    return np.repeat(rows[:, None], 102, 1).astype(np.uint8)


def _cross() -> Picture:
    """A red cross on white: 68 x 102 x 3."""
    picture = np.full((68, 102, 3), 255, np.uint8)
    picture[28:40] = picture[:, 30:42] = (206, 17, 38)
    return picture


def _tinted(strength: Any, colour: tuple[int, int, int]) -> Picture:
    """The colour where strength is 1, mid grey where it is 0 or less."""
    share = np.clip(strength, 0, 1)[..., None]
    return np.round(share * np.array(colour) + (1 - share) * NEUTRAL).astype(np.uint8)
