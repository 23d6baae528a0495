"""The built-in visualizers: a flag in blocks and in letters, beside its parents, and its code as bars and as heat.

Each lays out lines of Rich segments for a size in cells and for what the console can show: without colour, pictures
become letters and the heat map becomes a scale of characters.

Shapes: H x W a picture, h x w an atom.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.color import Color
from rich.console import RenderableType
from rich.segment import Segment
from rich.style import Style

from flagsae.colours import LETTERS
from flagsae.visual.atoms import NEUTRAL, SMALLEST
from flagsae.visual.resize import fit
from flagsae.visual.scene import Feature, Picture, Scene, Size
from flagsae.visual.terminal.blocks import ANCHORS, packed, rows
from flagsae.visual.terminal.charts import short
from flagsae.visual.terminal.lines import (
    BOLD,
    FAINT,
    GAP,
    Drawing,
    Inks,
    Line,
    beside,
    cut,
    grid,
    lettered,
    padded,
    say,
    wrapped,
)
from flagsae.visual.terminal.plan import plan

NO_PICTURE = "this scene has no picture"


# Visualizers.


class Blocks:
    summary = "The picture as large as fits, two pixels a character."

    def render(self, scene: Scene, size: Size) -> RenderableType:
        return whole(scene.picture, size)


class Parents:
    summary = "The picture beside its parents, or what to compare it with."
    MOST = 41  # pictures: a dictionary has hundreds, too small to see, and their layout would take seconds

    def render(self, scene: Scene, size: Size) -> RenderableType:
        pictures = dict(islice(((name, one) for name, one in scene.images.items() if one.size), self.MOST))
        words = wrapped(scene.words, size.columns, 2) if size.lines >= 10 else []
        below: list[Line] = [[], *([Segment(text, FAINT)] for text in words)] if words else []
        shapes = [picture.shape[:2] for picture in pictures.values()]
        best = plan(shapes, size.columns, size.lines - len(below))
        if best is None:
            return whole(scene.picture, size)
        titles = [scene.title, *list(pictures)[1:]]

        def draw(inks: Inks) -> list[Line]:
            first, *others = (
                [*inks.picture(picture, *cells), [Segment(cut(title, cells[0]), FAINT)]]
                for picture, title, cells in zip(pictures.values(), titles, best.cells, strict=False)
            )
            rest = grid(others, best.across)
            return [*(beside([first, rest]) if best.beside else [*first, [], *rest]), *below]

        return Drawing(size, draw)


class Bars:
    summary = "The code: a bar for each feature that fires, and its label."
    ATOM = 9, 3  # columns, lines
    FEW = 5  # atoms are only drawn where this many features (or all of them) still fit
    LONGEST = 64  # columns of a bar at most

    def render(self, scene: Scene, size: Size) -> RenderableType:
        if not scene.code:
            return say("nothing is known of the code behind this picture", size)
        order = sorted(scene.code, key=lambda index: (-abs(scene.code[index]), index))
        pictured = any(_atom(feature) is not None for feature in scene.features)
        step = self.ATOM[1] + 1  # lines a feature: its atom and an empty line
        tall = pictured and size.columns >= 40 and (size.lines + 1) // step >= min(len(order), self.FEW)
        room, step = ((size.lines + 1) // step, step) if tall else (size.lines, 1)
        shown = order if len(order) <= room else order[: (size.lines - 1) // step]
        rest = order[len(shown) :]

        def draw(inks: Inks) -> list[Line]:
            lines = [line for index in shown for line in self._feature(scene, index, size.columns, tall, inks)]
            if rest:
                others = ", ".join(f"f{index} {self._number(scene, index)}" for index in rest)
                lines.append([Segment(cut(f"and {len(rest)} more: {others}", size.columns), FAINT)])
            return lines

        return Drawing(size, draw)

    def _feature(self, scene: Scene, index: int, columns: int, tall: bool, inks: Inks) -> list[Line]:
        """One line: name, bar, activation and label. If `tall`, four: the label and its top flags get lines of their
        own beside the atom, with an empty line below."""
        known = next((feature for feature in scene.features if feature.index == index), Feature(index))
        columns -= (self.ATOM[0] + GAP) * tall
        name = f"f{index}".ljust(max(len(f"f{other}") for other in scene.code) + 1)
        number = f" {self._number(scene, index)}"
        room = columns - len(name) - len(number)
        full = max(map(abs, scene.code.values()))
        long = min(room if tall else columns // 4, self.LONGEST)
        bar = inks.bar(scene.code[index], full, max(0, long), min(scene.code.values()) < 0)
        head = [Segment(name, BOLD), *bar, Segment(number)]
        if not tall:
            return [[*head, Segment(f"  {cut(known.label, room - long - 2)}")]]
        like = f"as in {', '.join(known.top)}" if known.top else ""
        words: list[Line] = [head, [Segment(cut(known.label, columns))], [Segment(cut(like, columns), FAINT)]]
        atom = _atom(known)
        drawn = [] if atom is None else inks.picture(atom, *self.ATOM)
        return [*beside([padded(drawn, *self.ATOM), words]), []]

    def _number(self, scene: Scene, index: int) -> str:
        return f"{scene.code[index]:{'+' * (min(scene.code.values()) < 0)}.2f}"


class Heat:
    summary = "Where the features write: the lighter, the more they add."
    ADDED, TAKEN = " .:-=+*#%@", " 123456789"  # without colour: characters from zero to full strength
    # Colours from zero to full strength, by eye: black to white through red where features add, through blue where
    # they take away.
    WARM = (16, 16, 28), (84, 26, 92), (190, 58, 62), (238, 150, 44), (252, 242, 188)
    COLD = (16, 16, 28), (22, 62, 112), (62, 142, 190), (196, 238, 246)
    SCALE = 16  # columns of the colour scale in the legend
    SLIGHT = 0.05  # share of the strongest: the legend only names "taken away" where more than that is

    def render(self, scene: Scene, size: Size) -> RenderableType:
        found = _heat(scene)
        if found is None:
            return say("nothing is known of the atoms behind this picture", size)
        heat, count = found
        full = max(float(np.abs(heat).max()), SMALLEST)
        by = "the feature" if count == 1 else f"{count} features"
        taken = bool((heat < -self.SLIGHT * full).any())
        legend = size.lines >= 3 and size.columns >= self.SCALE + 16
        columns, lines = fit(heat.shape[0], heat.shape[1], size.columns, size.lines - legend * (1 + taken))

        def draw(inks: Inks) -> list[Line]:
            # Bilinear: bicubic overshoots, and would show negative values beside strong positive ones.
            image = Image.fromarray((heat / full).astype(np.float32))
            drawn = self._shade(np.array(image.resize((columns, 2 * lines), Image.Resampling.BILINEAR)), inks)
            scales = [(1, f"0 to {short(full, 2)}, added to a colour's score by {by}"), (-1, "taken away")][: 1 + taken]
            for sign, words in scales * legend:
                ramp = self._shade(np.tile(sign * np.linspace(0, 1, self.SCALE), (2, 1)), inks)[0]
                drawn.append([*ramp, Segment(f"  {cut(words, size.columns - self.SCALE - 2)}", FAINT)])
            return drawn

        return Drawing(size, draw)

    def _shade(self, share: NDArray[np.floating], inks: Inks) -> list[Line]:
        """Strengths from -1 to 1 as rows of cells. share: (2 * lines) x columns, two values a cell."""
        if inks.colour:
            picture = np.where((share < 0)[..., None], _ramp(-share, self.COLD), _ramp(share, self.WARM))
            return rows(np.round(picture).astype(np.uint8))
        steps = np.round((share[::2] + share[1::2]) / 2 * (len(self.ADDED) - 1)).astype(int)
        return [
            [Segment("".join((self.TAKEN if step < 0 else self.ADDED)[abs(step)] for step in line))] for line in steps
        ]


class Palette:
    summary = "The colours of the picture: shares, names and codes."
    MOST = 16  # colours listed one by one; where there are more, colours with the same name are averaged
    LEAST = 0.001  # share of the picture below which a colour is left out
    COVERED = 0.9  # share of the picture that the listed colours must cover, or it is no flat picture

    def render(self, scene: Scene, size: Size) -> RenderableType:
        picture = scene.picture
        if picture is None:
            return say(NO_PICTURE, size)
        found = self._shares(picture)
        shown = found if len(found) <= size.lines else found[: size.lines - 1]
        step = max(1, min(4, size.lines // max(1, len(shown))))
        name = max(len(colour.name) for colour in LETTERS.values())

        def draw(inks: Inks) -> list[Line]:
            lines: list[Line] = []
            for colour, share, mixed in shown:
                letter = _nearest(colour)
                code = "about " * mixed + "#" + bytes(colour).hex()
                ink = Style.from_color(Color.from_rgb(*colour)) if inks.colour else Style()
                swatch = Segment("██ " if inks.colour and not inks.ascii else f"{letter}  ", ink)
                words = f"{LETTERS[letter].name.ljust(name)} {100 * share:5.1f} % "
                room = max(0, size.columns - 3 - len(words) - len(code) - 1)
                room = room if room >= 4 else max(0, size.columns - 3 - len(words))
                drawn = inks.bar(share, found[0][1], min(room, 64), False, ink)
                thick = max(1, step - 1)  # lines of a bar: all but one, which stays empty
                for line in range(thick):
                    head = [swatch, Segment(words if line == 0 else " " * len(words))]
                    lines.append([*head, *drawn, *([Segment(f" {code}", FAINT)] if line == 0 else [])])
                lines += [[] for _ in range(step - thick)]
            if len(shown) < len(found):
                rest = sum(share for _, share, _ in found[len(shown) :])
                lines.append([Segment(f"and {len(found) - len(shown)} more, {100 * rest:.1f} %", FAINT)])
            return lines

        return Drawing(size, draw)

    def _shares(self, picture: Picture) -> list[tuple[tuple[int, int, int], float, bool]]:
        """(colour, its share of the picture, whether it is the mean of several), the largest share first."""
        numbers, counts = np.unique(packed(picture), return_counts=True)
        shares = counts / counts.sum()
        colours = np.stack([numbers >> 16, numbers >> 8 & 255, numbers & 255], axis=1).astype(np.float64)
        large = shares >= self.LEAST
        if large.sum() <= self.MOST and shares[large].sum() > self.COVERED:
            found = [(_rgb(c), float(n), False) for c, n in zip(colours[large], shares[large], strict=True)]
        else:
            names = _anchor(colours)
            found = [
                (_rgb(np.average(colours[own], axis=0, weights=counts[own])), float(shares[own].sum()), True)
                for own in (names == name for name in np.unique(names))
            ]
        return sorted(found, key=lambda one: (-one[1], one[0]))


class Letters:
    summary = "A letter for each colour: for terminals without colour."

    def render(self, scene: Scene, size: Size) -> RenderableType:
        picture = scene.picture
        if picture is None:
            return say(NO_PICTURE, size)
        height, width = picture.shape[:2]
        drawn, legend = lettered(picture, *fit(height, width, size.columns, size.lines)), list[str]()
        for most in (1, 2) if size.lines >= 6 else ():  # try a legend of one line, then of two
            columns, lines = fit(height, width, size.columns, size.lines - 1 - most)
            drawn = lettered(picture, columns, lines)
            used = {letter for line in drawn for segment in line for letter in segment.text}
            meanings = ", ".join(f"{letter} {colour.name}" for letter, colour in LETTERS.items() if letter in used)
            legend = wrapped(meanings, size.columns, 2)
            if len(legend) <= most:
                break
        below: list[Line] = [[], *([Segment(line, FAINT)] for line in legend)] if legend else []
        return Drawing(size, lambda inks: [*drawn, *below])


# What is drawn of a scene.


def whole(picture: Picture | None, size: Size) -> Drawing:
    """A picture as large as fits in `size`; a line of text where there is none."""
    if picture is None or not picture.size:
        return say(NO_PICTURE, size)
    columns, lines = fit(picture.shape[0], picture.shape[1], size.columns, size.lines)
    return Drawing(size, lambda inks: inks.picture(picture, columns, lines))


def _atom(feature: Feature) -> Picture | None:
    return feature.atom if feature.atom is not None and feature.atom.size else None


def _heat(scene: Scene) -> tuple[NDArray[np.float64], int] | None:
    """(what the features of a code write at each place, h x w; how many features those are), None if none is known.

    A single feature's own negative parts are kept. Of several, only what each adds is summed, negative where the
    feature has a minus in the code.
    """
    parts = []
    for feature in scene.features:
        amount = scene.code.get(feature.index, 0.0)
        strength = feature.strength
        if strength is None and (atom := _atom(feature)) is not None:
            strength = np.abs(atom.astype(np.float32) - NEUTRAL).max(2) / 127  # distance from grey
        if amount and strength is not None and strength.size:
            parts.append((amount, strength.astype(np.float64)))
    parts = [part for part in parts if part[1].shape == parts[0][1].shape]
    if not parts:
        return None
    if len(parts) == 1:
        return parts[0][0] * parts[0][1], 1
    return sum((amount * strength.clip(0) for amount, strength in parts), np.zeros_like(parts[0][1])), len(parts)


# Colours.


def _anchor(colours: NDArray[np.number[Any]]) -> NDArray[np.int64]:
    """The row of `ANCHORS` (and so of `LETTERS`) that is nearest to each colour. colours: n x 3. Returns n."""
    return ((colours.astype(np.float32)[:, None] - ANCHORS) ** 2).sum(2).argmin(1)


def _nearest(colour: tuple[int, int, int]) -> str:
    return list(LETTERS)[int(_anchor(np.array([colour]))[0])]


def _rgb(colour: NDArray[np.float64]) -> tuple[int, int, int]:
    red, green, blue = np.round(colour).astype(int).tolist()
    return red, green, blue


def _ramp(share: NDArray[np.floating], colours: Sequence[tuple[int, int, int]]) -> NDArray[np.float64]:
    """Colours interpolated between evenly spaced ones, H x W x 3. share: H x W, 0 the first colour, 1 the last."""
    places = np.linspace(0, 1, len(colours))
    return np.stack([np.interp(share, places, channel) for channel in zip(*colours, strict=True)], axis=-1)
