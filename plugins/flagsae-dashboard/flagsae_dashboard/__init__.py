"""A dictionary as a page: `flagsae features --view dashboard -o dictionary.html`.

The page is one file that opens from a disk, without a network. `contents` is all that it knows, as JSON; `page.js`
works out the rest (what fires with what, which flags are near) and draws it, and `style.css` says how. Titles and
labels are others' words: they come as JSON, the page sets them as text, and its policy lets nothing but its own script
run, which it knows by its hash.

Letters: n pictures, K features, H x W a picture.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from itertools import chain, zip_longest
from typing import Any

import numpy as np
from PIL import Image
from rich.console import Group, RenderableType
from rich.text import Text

from flagsae.flags.names import fold
from flagsae.sae.embedding import spread
from flagsae.visual import Feature, Picture, Scene, Size

POLICY = (
    "default-src 'none'; img-src data:; style-src '{style}'; script-src '{script}'; base-uri 'none'; form-action 'none'"
)
WIDEST = 320  # pixels of a picture
FLAT = 256  # colours of a picture that keeps them all
FEW = 64  # colours of one that has more, as atoms have, in which colours fade to grey
COVERED = 0.36  # of the map by its pictures, so that each has a place of its own
LARGEST = 0.09  # of the map's side, the width of a picture on it
ASPECTS = 0.5, 3  # of pictures: longer and taller ones are shown smaller
DIGITS = 4  # of an activation


class Dashboard:
    summary = "A page of the dictionary, its flags and their map: .html."
    suffixes = (".html",)

    def render(self, scene: Scene, size: Size) -> RenderableType:
        """The figures, how the page is written, and as many features as there is room for, the strongest first."""
        how = "flagsae features --view dashboard -o dictionary.html" if scene.places else "-o FILE.html"
        lines = [
            Text(_line(scene.title) or "a scene without a title", "bold"),
            Text(", ".join(f"{what} {number}" for what, number in figures(scene).items())),
            Text(f"the page: {how}", "dim"),
            *([Text()] if scene.code else []),
            *(Text(row) for row in _rows(scene)),
        ][: size.lines]
        for line in lines:
            line.no_wrap = True
            line.truncate(size.columns, overflow="ellipsis")
        return Group(*lines)

    def export(self, scene: Scene, suffix: str, width: int) -> bytes:
        """The page; it is as wide as its window, whatever `width`."""
        style, script = _asset("style.css"), _asset("page.js")
        parts = {
            "policy": POLICY.format(style=_digest(style), script=_digest(script)),
            "title": escape(_line(scene.title)),
            "style": style,
            "script": script,
            # Without "<", no word in it can end the element that it stands in.
            "data": json.dumps(contents(scene), separators=(",", ":")).replace("<", "\\u003c"),
        }
        page = re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], _asset("page.html"))
        return page.encode("utf-8", "replace")


def contents(scene: Scene) -> dict[str, Any]:
    """All that the page knows. Codes are pairs of a feature's number and its activation, the strongest first."""
    pictures = list(_pictures(scene))
    slugs = _slugs([picture.name for picture in pictures])
    aspect = _aspect(pictures)
    side, places = _map([scene.places[picture.number] for picture in pictures] if scene.places else [], aspect)
    return {
        "title": _line(scene.title),
        "words": _line(scene.words),
        "dictionary": bool(scene.places),
        "figures": figures(scene),
        "mean": _code(scene.code),
        "aspect": aspect,
        "side": side,
        "features": [
            {
                "index": feature.index,
                "label": _line(feature.label),
                "trusted": feature.trusted,
                "atom": _data_uri(feature.atom),
                "top": [_line(name) for name in feature.top],
                "made": [(_line(name), float(f"{weight:.{DIGITS}g}")) for name, weight in feature.made_of],
            }
            for feature in _features(scene)
        ],
        "pictures": [
            {
                "name": _line(picture.name),
                "slug": slug,
                "picture": _data_uri(picture.pixels),
                "place": place,
                "code": _code(picture.code),
            }
            for slug, picture, place in zip_longest(slugs, pictures, places)
        ],
    }


def figures(scene: Scene) -> dict[str, str]:
    """What can be counted of a scene, by what it is."""
    pictures, features = list(_pictures(scene)), _features(scene)
    if not scene.places:
        return {"pictures": str(len(pictures)), "features": str(len(features))}
    firing = [sum(activation > 0 for activation in picture.code.values()) for picture in pictures]
    alive = {index for picture in pictures for index, activation in picture.code.items() if activation > 0}
    return {
        "features": str(len(features)),
        "flags": str(len(pictures)),
        "active per flag": f"{sum(firing) / max(1, len(firing)):.1f}",
        "dead": str(sum(feature.index not in alive for feature in features)),
        "trusted labels": str(sum(feature.trusted for feature in features)),
    }


# Of a scene.


@dataclass(frozen=True)
class Shown:
    """A picture of the page. number: among those of the scene; pixels: H x W x 3."""

    number: int
    name: str
    pixels: Picture
    code: Mapping[int, float]


def _pictures(scene: Scene) -> Iterator[Shown]:
    """All that have pixels, but for a dictionary's sheet, the first: its atoms stand by themselves."""
    codes = scene.codes or [scene.code]
    for number, (name, pixels) in enumerate(scene.images.items()):
        if pixels.size and not (scene.places and number == 0):
            yield Shown(number, name, pixels, codes[number] if number < len(codes) else {})


def _features(scene: Scene) -> list[Feature]:
    """Those that are known, then those of which a code has only the number."""
    known = {feature.index: feature for feature in scene.features}
    for index in chain(scene.code, *scene.codes):
        known.setdefault(index, Feature(index))
    return list(known.values())


def _rows(scene: Scene) -> Iterator[str]:
    """The features of the code, the strongest first: number, activation, label."""
    labels = {feature.index: _line(feature.label) for feature in scene.features}
    for index, activation in sorted(scene.code.items(), key=lambda item: (-abs(item[1]), item[0])):
        yield f"f{index:<5}{activation:7.3g}  {labels.get(index, '')}".rstrip()


def _code(code: Mapping[int, float]) -> list[tuple[int, float]]:
    order = sorted(code.items(), key=lambda item: (-abs(item[1]), item[0]))
    return [(index, float(f"{activation:.{DIGITS}g}")) for index, activation in order]


def _aspect(pictures: Sequence[Shown]) -> float:
    """Width over height of the first picture."""
    if not pictures:
        return 1.5
    height, width = pictures[0].pixels.shape[:2]
    return round(min(max(width / height, ASPECTS[0]), ASPECTS[1]), DIGITS)


def _map(places: Sequence[tuple[float, float]], aspect: float) -> tuple[float, list[tuple[float, float]]]:
    """The width of a picture on the map, as a share of its side, and the middles of all, none over another."""
    if not places:
        return LARGEST, []
    side = min(LARGEST, (COVERED / len(places) * aspect) ** 0.5)
    middles = spread(np.array(places), (side, side / aspect), (1, 1))
    return round(side, DIGITS), [(x, y) for x, y in np.round(middles, DIGITS).tolist()]


def _slugs(names: Sequence[str]) -> list[str]:
    """What the address calls each picture: no two the same."""
    taken: dict[str, None] = {}
    for number, name in enumerate(names):
        slug = fold(name) or "picture"
        taken[slug if slug not in taken else f"{slug}.{number}"] = None
    return list(taken)


# Of the page.


def _data_uri(picture: Picture | None) -> str | None:
    """A picture as a PNG with a palette, in the page itself."""
    if picture is None or not picture.size:
        return None
    image = Image.fromarray(picture)
    image.thumbnail((WIDEST, 4 * WIDEST), Image.Resampling.BOX)
    few = image.getcolors(FLAT) is not None
    out = io.BytesIO()
    image.quantize(FLAT if few else FEW, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"


def _digest(text: str) -> str:
    """As a policy names what may run."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _asset(name: str) -> str:
    return (files(__name__) / name).read_text("utf-8")


def _line(text: str) -> str:
    return " ".join(text.split())
