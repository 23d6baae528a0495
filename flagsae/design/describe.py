"""A flag in words: "red field; green star in the centre".

The words come from part codes (`flagsae.design.dictionaries`). Each region of the ground and each figure of a charge is
encoded, and a linear readout turns its code into probabilities of classes. Rules then combine the classes of all
regions as a person would: several bands of one kind are stripes (`flagsae.design.grounds`), a charge without a clear
figure is an emblem (`flagsae.design.charges`). A rule uses classes, colours, places and sizes, never a flag's name.

Each element lists the features that were evidence for it, and how strong they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from flagsae.colours import COLOUR_WORDS, plain_word
from flagsae.design.charges import ChargeReader, merged
from flagsae.design.evidence import MOST_SPEAKERS, speakers
from flagsae.design.grounds import GroundReader
from flagsae.design.part_model import PartModel
from flagsae.design.part_regions import pixel_aspect
from flagsae.design.tree import Tree, fused_canton, tree_of
from flagsae.design.vocabulary import Element, phrase, sentence
from flagsae.flags.dataset import Flags
from flagsae.flags.palette import Palette
from flagsae.printable import printable

# All by eye.
COLOUR_SHARE = 0.01  # of the flag: a colour that covers less is not named, unless it is the colour of a named figure
PANEL = 0.25  # of the flag: around a larger rectangle the field is a border
RAYS = 6  # regions of the ground in the colour of a disc in the centre that make it a sun
RAY_FILL = 0.7  # of its box: a region that fills more is a stripe and no ray


@dataclass(frozen=True)
class Description:
    """A flag in words. `str` gives the sentence."""

    name: str
    """The slug of the flag."""
    elements: tuple[Element, ...]
    """What is on it, the ground first."""
    colours: tuple[str, ...]
    """The colours that a person would name, the largest first."""

    @property
    def text(self) -> str:
        """All elements as one sentence: `red field; green star in the centre`."""
        return sentence(self.elements)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<{printable(self.name)}: {self.text}>"

    @property
    def record(self) -> dict[str, Any]:
        """The same for JSON: name, text, elements, colours."""
        elements = [
            {
                "element": element.element,
                "text": phrase(element),
                "colours": list(element.colours),
                "place": element.place,
                "count": element.count,
                "share": round(element.share, 4),
                "features": [
                    {
                        "feature": speaker.feature,
                        "dictionary": speaker.dictionary,
                        "label": speaker.label,
                        "weight": speaker.weight,
                    }
                    for speaker in element.features
                ],
            }
            for element in self.elements
        ]
        return {"name": self.name, "text": self.text, "elements": elements, "colours": list(self.colours)}


def describe(
    flags: Flags, palette: Palette, model: PartModel, known: NDArray[np.uint8] | None = None
) -> list[Description]:
    """Describes n flags.

    palette: of the flags' label maps; known: N x 3H x 3W, fine label maps of flags that a canton may show.
    """
    colours = tuple(plain_word(name) for name in palette.names)
    ground = GroundReader(model.layout, colours)
    out = []
    for position, labels in enumerate(flags.fine):
        charges = ChargeReader(model.shape, colours, pixel_aspect(flags, position))
        elements = tuple(_elements(tree_of(labels, known), ground, charges))
        shares = np.bincount(labels.ravel(), minlength=len(colours)) / labels.size
        out.append(Description(flags.names[position].slug, elements, named_colours(shares, colours, elements)))
    return out


def named_colours(shares: NDArray[np.floating], words: Sequence[str], elements: Iterable[Element]) -> tuple[str, ...]:
    """The colours that a person would name, the largest first.

    shares: C, of the flag's area; words: C, for the palette indices; elements: those of the flag, whose colours are
    named however small they are.
    """
    total: dict[str, float] = {}
    for word, share in zip(words, shares.tolist(), strict=True):
        if share:
            total[word] = total.get(word, 0.0) + share
    named = {colour for element in elements if element.element != "emblem" for colour in element.colours}
    kept = [word for word in total if word in COLOUR_WORDS and (total[word] >= COLOUR_SHARE or word in named)]
    return tuple(sorted(kept, key=lambda word: -total[word]))


def _elements(tree: Tree, ground: GroundReader, charges: ChargeReader) -> list[Element]:
    """What is on a flag: the ground, what lies over it, the canton, the charges."""
    if tree.canton is None:
        tree = fused_canton(tree)
    if tree.canton is not None:
        quarter = _as_quarter(tree, tree.canton, ground, charges)
        if quarter:
            return quarter
    over = ground.elements(tree.ground, tree.covered())
    figures = charges.elements(tree)
    corner = next((element.box for element in over if element.element == "canton"), None)
    if corner:  # a canton that the tree has as a region of its ground
        figures = [replace(one, place="canton") if _inside(one.box, corner) else one for one in figures]
    elements = [*over, *_canton(tree, ground, charges), *figures]
    return _bordered(_radiant(elements, ground, tree))


def _inside(box: tuple[float, float, float, float], corner: tuple[float, float, float, float]) -> bool:
    """Whether a box (top, bottom, left, right) lies inside one in the upper hoist corner."""
    return box[1] <= corner[1] and box[3] <= corner[3]


def _as_quarter(tree: Tree, canton: Tree, ground: GroundReader, charges: ChargeReader) -> list[Element] | None:
    """The elements of a flag whose plain canton is a quarter, or a piece of a stripe that a bar crosses.

    Returns None where the canton is a canton after all.
    """
    if len(np.unique(canton.ground)) > 1:
        return None
    (rows, columns), whole = canton.size, tree.ground.copy()
    whole[:rows, :columns] = canton.ground
    covered = tree.covered()
    covered[:rows, :columns] = canton.covered()
    elements = ground.elements(whole, covered)
    if elements[0].element != "quarters" and not (elements[-1].kind == "bar" and elements[-1].place == "centre"):
        return None
    inner = [_within(one, canton, tree, "top-left") for one in charges.elements(canton)]
    return [*elements, *merged([*inner, *charges.elements(tree)])]


def _canton(tree: Tree, ground: GroundReader, charges: ChargeReader) -> list[Element]:
    """The canton, described as a small flag: its ground first, then what lies over it and stands on it."""
    if tree.canton is None:
        return []
    rows, columns = tree.canton.size
    share = rows * columns / tree.ground.size
    first, *rest = ground.elements(tree.canton.ground, tree.canton.covered())
    said = speakers(ground.dictionary, [ground.corner(tree.size, rows, columns)], "canton", "quarter")
    kind = first.kind if first.element == "field" else first.element
    features = (said[:1] + first.features)[:MOST_SPEAKERS]
    corner = (0.0, rows / tree.size[0], 0.0, columns / tree.size[1])
    canton = Element("canton", first.colours, "canton", 1, first.share * share, features, kind, box=corner)
    inner = charges.elements(tree.canton)
    if kind == "union jack":  # pieces of its crosses look like charges, but no piece looks like a star
        inner = [one for one in inner if one.element == "star"]
    return [canton, *(_within(one, tree.canton, tree, "canton") for one in (*rest, *inner))]


def _within(element: Element, canton: Tree, tree: Tree, place: str) -> Element:
    """An element of a canton with its share and box measured on the whole flag. place: its place there."""
    down, along = (small / large for small, large in zip(canton.size, tree.size, strict=True))
    top, bottom, left, right = element.box
    box = (top * down, bottom * down, left * along, right * along)
    return replace(element, place=place, share=element.share * down * along, box=box)


def _radiant(elements: list[Element], ground: GroundReader, tree: Tree) -> list[Element]:
    """Replaces a disc in the centre by a sun where regions of the ground are its rays, which run to the frame."""
    out = []
    for element in elements:
        if element.element == "disc" and element.place == "centre":
            bands = ground.bands(tree.ground, tree.covered())
            rays = [band for band in bands if band.colour == element.colours[0] and band.fill < RAY_FILL]
            if len(rays) >= RAYS:
                share = element.share + sum(band.share for band in rays)
                element = replace(element, element="sun", share=share, box=(0.0, 1.0, 0.0, 1.0))
        out.append(element)
    return out


def _bordered(elements: list[Element]) -> list[Element]:
    """Replaces a plain field with a large rectangle on it by a field, the rectangle, with a border around it."""
    panel = next((one for one in elements if one.element == "rectangle" and one.share > PANEL), None)
    if panel is None or elements[0].element != "field":
        return elements
    field = replace(panel, element="field", place="all")
    border = replace(elements[0], element="border", share=1 - panel.share)
    return [field, border, *(one for one in elements[1:] if one is not panel)]
