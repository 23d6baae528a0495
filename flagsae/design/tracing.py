"""Art traced from a label map: of the large drawings for the cut-outs that are shipped, and of one's own pictures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from flagsae.checks import Damaged
from flagsae.design.art import UNIT, Art, encode, text
from flagsae.design.segment import NOTHING
from flagsae.flags.regions import LabelMap, bounds, connected_regions, dissolve
from flagsae.visual.vector.network import OUTSIDE, TRANSPARENT, Step
from flagsae.visual.vector.outline import borders

MARGIN = 4  # pixels of nothing around a map: what touches the frame of a traced map is cut straight there
SPECKS = (1, 6, 20, 60, 200)  # pixels: where a map has too many regions for an art, those that are smaller dissolve
MOST_REGIONS = 2000  # Turkmenistan's carpet, with the most of all that are shipped, has 500


def traced(labels: LabelMap, aspect: float = 1.0) -> tuple[str, tuple[int, ...]]:
    """The text of a cut-out's art, and the label of each of its slots.

    labels: h x w, with a pixel at least that is not NOTHING; aspect: width of a pixel over its height.
    """
    art, entries = art_of(labels, aspect)
    return text(encode(art)), entries


def art_of(labels: LabelMap, aspect: float = 1.0) -> tuple[Art, tuple[int, ...]]:
    """The art of a cut-out, and the label of each of its slots, the largest first. As `traced`."""
    top, bottom, left, right = bounds(labels != NOTHING)
    box = labels[top : bottom + 1, left : right + 1]
    for simpler in _simpler(np.pad(box, MARGIN, constant_values=NOTHING)):
        art, entries = _traced(simpler, aspect)
        try:
            encode(art)
        except Damaged:
            continue
        return art, entries
    raise AssertionError("a rectangle is no large art")


def _simpler(labels: LabelMap) -> Iterator[LabelMap]:
    """A map without its smallest regions, then without larger ones; in the end one rectangle in its main colour."""
    seen = labels != NOTHING
    for least in SPECKS:
        without = dissolve(labels, least)
        if (without != NOTHING).any() and connected_regions(without).max() < MOST_REGIONS:
            yield without
    main = int(np.bincount(labels[seen]).argmax())
    box = np.full_like(labels, NOTHING)
    box[MARGIN:-MARGIN, MARGIN:-MARGIN] = main
    yield box


def _traced(labels: LabelMap, aspect: float) -> tuple[Art, tuple[int, ...]]:
    """The art of a map with a margin. The main colour fills the whole silhouette, below the others: so that nothing
    shines through where two of them meet."""
    counts = np.bincount(labels[labels != NOTHING])
    entries = tuple(int(one) for one in np.argsort(-counts, kind="stable") if counts[one])
    network, paths = borders(labels, NOTHING)
    high, wide = (size - 2 * MARGIN for size in labels.shape)
    scale = np.array([aspect, 1.0]) / (max(wide * aspect, high) / 2 * UNIT)
    chains = []
    for path in paths:
        whole = np.round((path - (MARGIN + wide / 2, MARGIN + high / 2)) * scale).astype(np.int64)
        chains.append(whole[(whole != whole[:, :1]).any((1, 2))])  # without pieces that have no length
    slot_of = {label: slot for slot, label in enumerate(entries)} | {TRANSPARENT: 0}
    contours = []
    for label, cycle in network.cycles():
        steps = tuple((chain, on) for chain, on in cycle if len(chains[chain]))
        framed = OUTSIDE in network.sides[cycle[0][0]]  # the frame of the margin
        if steps and not framed and label != entries[0]:
            contours.append((slot_of[label], steps))
    contours.sort(key=lambda one: one[0])
    return _renumbered(Art(len(entries), tuple(chains), tuple(contours))), entries


def _renumbered(art: Art) -> Art:
    """An art with its chains in the order in which its contours need them, and without the others: it packs best."""
    order: dict[int, int] = {}
    contours = []
    for slot, steps in art.contours:
        renumbered: list[Step] = [(order.setdefault(chain, len(order)), on) for chain, on in steps]
        contours.append((slot, tuple(renumbered)))
    return Art(art.slots, tuple(art.chains[chain] for chain in order), tuple(contours))
