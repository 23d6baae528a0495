"""Sentences drawn from the grammar at random, drawn as flags, and said again.

    python benchmarks/sentences.py --count 10000 --seed 0 [--pictures]

prints the share for which `say(read(sentence)) == sentence`, by the words in them, and the first that came back as
another. The sentences use every noun, place, size, count and edge that `describe` has words for.

--pictures: each is drawn as a picture of 600 x 400 pixels, which is parsed: about a second a sentence. Those are left
out, and counted, of which not all can be seen: in a colour that is no palette's, on its own colour, below something
else, or only as a part of something else.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.colours import COLOURS
from flagsae.design import kept, quick, render
from flagsae.design.design import Design
from flagsae.design.elements import elements
from flagsae.design.figures import Polygon
from flagsae.design.layout import form_of
from flagsae.design.phrases import LINES, NOUNS, Phrase, write
from flagsae.design.quick import Mask
from flagsae.design.shapes import flattened
from flagsae.design.vocabulary import PLACES
from flagsae.design.words import read, say
from flagsae.flags.dataset import Dataset, load_dataset
from flagsae.flags.names import Name
from flagsae.flags.regions import LabelMap

Colours: TypeAlias = Callable[[int], tuple[str, ...]]

NAMES = [*(colour.name for colour in COLOURS if colour.counted), "pink", "turquoise"]
SPOTS = [place for place in PLACES if place not in ("all", "canton")]
CHARGES = (
    *("star", "sun", "disc", "ring", "crescent", "lozenge"),
    *("rectangle", "square", "emblem", "cross", "saltire", "chevron"),
)
FIGURES = ("cross", "Nordic cross", "saltire", "diagonal band", "border", "triangle", "pall", "bar", "horizontal bar")
WIDTH = 600  # pixels of a picture
LEAST = 0.002  # of the flag, that each thing on a picture covers
HIDDEN, COVERED = 0.02, 0.3  # of a thing: at most on its own colour, at least not covered by what stands on it
GRID = 100  # rows of the map on which that is seen
SHOWN = 5  # sentences that came back as another


def sentence(chance: random.Random) -> str:
    """A sentence as `say` would write it."""

    def colours(count: int) -> tuple[str, ...]:
        return tuple(chance.sample(NAMES, count))

    found = [_ground(chance, colours)]
    over = chance.random()
    if over < 0.12:
        found += _canton(chance, colours)
    elif over < 0.5:
        noun = chance.choice(FIGURES)
        places = {
            "triangle": ("hoist", "hoist", "fly", "top", "bottom"),
            "bar": ("hoist", "centre", "fly"),
            "horizontal bar": ("top", "centre", "bottom"),
        }.get(noun, ("",))
        way = chance.choice(("", "top-left")) if noun == "diagonal band" else ""
        edges = colours(chance.choice((0, 0, 1, 2))) if NOUNS[noun].edged else ()
        size = chance.choice(("", "", "tiny", "small", "big")) if noun in LINES else ""
        found.append(Phrase(noun, colours(1), edges, size=size, place=chance.choice(places), way=way))
    taken: set[str] = set()
    for _ in range(chance.choice((0, 1, 1, 2))):
        place = chance.choice([one for one in SPOTS if one not in taken])
        taken.add(place)
        noun = chance.choice(CHARGES)
        count = chance.choice((1, 1, 1, 1, 2, 3, 4, 5, 7, 12))
        edges = colours(1) if NOUNS[noun].edged and chance.random() < 0.2 else ()
        points = chance.choice((0, 0, 4, 6, 7, 8, 12)) if noun == "star" else 0
        size = chance.choice(("", "", "big", "small", "tiny"))
        form = chance.choice(("", "row", "column", "ring")) if count > 2 else ""
        form = "" if form == form_of(count, place) else form
        found.append(Phrase(noun, colours(1), edges, count, points, size, form, place=place))
        if count == 1 and noun in ("disc", "crescent", "square") and chance.random() < 0.4:  # and stars on it
            stars = 1 if noun == "crescent" else chance.choice((1, 3, 7))
            found.append(Phrase("star", colours(1), count=stars, place=place))
    return write(found)


def _ground(chance: random.Random, colours: Colours) -> Phrase:
    kind = chance.choices(("field", "horizontal stripe", "vertical stripe", "other"), (5, 4, 3, 2))[0]
    if kind == "field":
        return Phrase("field", colours(1))
    if kind == "other":
        noun = chance.choice(("quarters", "diagonally halved", "wedges", "Union Jack"))
        way = chance.choice(("", "top-left")) if noun == "diagonally halved" else ""
        return Phrase(noun, colours({"quarters": 4, "Union Jack": 0}.get(noun, 2)), way=way)
    count = chance.choice((2, 3, 3, 3, 4, 5, 6, 9, 13))
    if count > 4:
        two = colours(2)
        stripes = tuple(two[position % 2] for position in range(count))
    else:
        stripes = colours(count)
    edges: tuple[str, ...] = ()
    other = None
    if count < 7 and chance.random() < 0.3:
        other = (chance.randrange(count), chance.choice((2.0, 3.0, 4.0) if count == 2 else (2.0, 3.0, 4.0, 0.5)))
    elif chance.random() < 0.2:
        edges = colours(1)
    return Phrase(kind, stripes, edges, count, other=other)


def _canton(chance: random.Random, colours: Colours) -> list[Phrase]:
    if chance.random() < 0.3:
        return [Phrase("Union Jack", place="canton")]
    if chance.random() < 0.2:
        stripes = colours(3)
        return [Phrase("horizontal stripe", stripes, count=3, place="canton")]
    on = chance.random()
    found = [Phrase("canton", colours(1))]
    if on < 0.5:
        found.append(
            Phrase(
                chance.choice(("star", "sun", "disc")),
                colours(1),
                count=chance.choice((1, 3, 7, 20, 50)),
                place="canton",
            )
        )
    elif on < 0.8:
        found.append(Phrase(chance.choice(("cross", "saltire")), colours(1), place="canton"))
    return found


def named(design: Design) -> str:
    """What a person would name on a flag."""
    return "; ".join(one.text for one in elements(design) if one.kind != "piece")


def unseen(text: str) -> str:
    """Why not all that a sentence says is seen on a picture; "" where it is."""
    design = read(text)
    if design.tints:
        return "in a colour that is no palette's"
    if any(one.share <= LEAST for one in elements(design) if one.kind != "piece"):
        return "covered, or tiny"
    if hides(design):
        return "on its own colour, or below something else"
    return "" if named(design) == text else "said otherwise"


def hides(design: Design) -> bool:
    """Whether a part of a figure or charge lies on its own colour, or most of a charge below others."""
    number = {name: at for at, name in enumerate(design.colours(), 1)}
    view = np.zeros((GRID, round(GRID * design.aspect)), np.uint8)  # the number of the colour that is seen
    charges = np.zeros((GRID, round(GRID * design.aspect)), np.uint16)  # the number of the charge
    sizes: list[int] = [0]
    if not _laid(design, design.aspect, number, view, charges, sizes):
        return True
    left = np.bincount(charges.ravel(), minlength=len(sizes))
    return any(seen < COVERED * size for seen, size in zip(left[1:], sizes[1:], strict=True))


def _laid(
    design: Design, aspect: float, number: dict[str, int], view: LabelMap, charges: NDArray[np.uint16], sizes: list[int]
) -> bool:
    """Paints a design, or its canton; False as soon as a part of it lies on its own colour."""
    height, width = view.shape

    def shows(colour: str, mask: Mask, charge: int = 0) -> bool:
        same = (view[mask] == number[colour]).sum()
        view[mask], charges[mask] = number[colour], charge
        return bool(same <= HIDDEN * mask.sum())

    def filled(contours: Iterable[Polygon]) -> Mask:
        return quick.filled([one * (width, height) for one in contours], height, width)

    for layer in design.layers:
        if layer.inside is not None:
            wide, high = layer.numbers
            part = (slice(round(high * height)), slice(round(wide * width)))
            before = view[part].copy()
            if not _laid(layer.inside, aspect * wide / high, number, view[part], charges[part], sizes):
                return False
            if (view[part] == before).mean() > HIDDEN:
                return False
        elif layer.figure == "jack":
            quick.paint_layer(layer, number, view)
        else:
            areas = render.areas(layer)
            for colour in dict.fromkeys(name for name, _ in areas) if len(layer.colours) == 1 else ():
                masks = [filled(contours) for name, contours in areas if name == colour]
                if not shows(colour, np.logical_or.reduce(masks)):
                    return False
            for colour, contours in areas if len(layer.colours) > 1 else ():
                if not shows(colour, filled(contours)):
                    return False
    for charge in design.charges:
        for place in charge.places:
            sizes.append(0)
            for colour, outlines in render.figures_of(replace(charge, places=(place,)), aspect):
                mask = filled(map(flattened, outlines))
                sizes[-1] = max(sizes[-1], int(mask.sum()))
                if not shows(colour, mask, len(sizes) - 1):
                    return False
    return True


def from_picture(text: str, dataset: Dataset) -> str:
    """What is said of a picture of the flag that a sentence says."""
    flag = dataset.make_flag(Name("drawn", "Drawn"), render.picture(read(text), dataset.palette, WIDTH))
    design = kept.design_of(flag, dataset.palette, dataset.flags.fine)
    return named(design) if design is not None else "no design"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--count", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--pictures", action="store_true", help="through pictures that are parsed")
    asked = options.parse_args()
    dataset = load_dataset() if asked.pictures else None
    chance = random.Random(asked.seed)
    tried: Counter[str] = Counter()
    same: Counter[str] = Counter()
    unlike: list[tuple[str, str]] = []
    left_out: Counter[str] = Counter()
    for _ in range(asked.count):
        text = sentence(chance)
        while dataset is not None and (why := unseen(text)):
            left_out[why] += 1
            text = sentence(chance)
        again = say(read(text)) if dataset is None else from_picture(text, dataset)
        names = [name for name in NOUNS if name in text]
        tried.update(["all", *names])
        if text == again:
            same.update(["all", *names])
        else:
            unlike.append((text, again))
    for name, count in tried.most_common():
        print(f"{name:20} {count:6}  said again: {same[name] / count:.4f}")
    if left_out:
        print(f"left out as not all is seen: {', '.join(f'{count} {why}' for why, count in left_out.most_common())}")
    for text, again in unlike[:SHOWN]:
        print(f"\n{text}\n{again}")


if __name__ == "__main__":
    main()
