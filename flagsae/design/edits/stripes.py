"""Edits of the stripes of a ground: more, fewer, wider, upright; with the edges between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from flagsae.design import words
from flagsae.design.design import Design, Layer
from flagsae.design.layout import THIN

SAME_CUT = 0.02  # of the height: a canton that ends so near a stripe's edge ends there
ORDER = {"top": 0.0, "hoist": 0.0, "": 1.0, "bottom": 1.0, "fly": 1.0, "centre": 0.5}  # where a new stripe comes


@dataclass(frozen=True)
class Slot:
    """A stripe."""

    colour: str
    width: float
    """As a share of the flag, with half of the edges beside it."""


class Slots(list[Slot]):
    """The stripes of a ground, and the colours of the thin ones between them."""

    edges: tuple[str, ...] = ()


def slots_of(base: Layer) -> Slots:
    widths = [after - before for before, after in pairwise((0.0, *base.numbers, 1.0))]
    edges = words.ground_of([base])[0].edges if len(widths) > 2 else ()
    step = 2 if edges else 1
    found = Slots(Slot(*one) for one in zip(base.colours[::step], widths[::step], strict=True))
    found.edges = edges
    return found


def bands(figure: str, slots: Sequence[Slot], edges: Sequence[str] = ()) -> Layer:
    """A ground of stripes. figure: "stripes" or "bars"; edges: the colours between them in turn."""
    colours, wide = [slots[0].colour], [slots[0].width]
    for number, slot in enumerate(slots[1:]):
        if edges:
            colours.append(edges[number % len(edges)])
            wide.append(THIN * median(one.width for one in slots))
        colours.append(slot.colour)
        wide.append(slot.width)
    cuts = tuple(round(sum(wide[:end]) / sum(wide), 6) for end in range(1, len(wide)))
    return Layer(figure if len(colours) > 1 else "stripes", tuple(colours), cuts)


def merged(slots: Sequence[Slot]) -> list[Slot]:
    """Stripes of one colour that lie side by side as one, as wide as the widest of them."""
    found: list[Slot] = []
    for slot in slots:
        if found and found[-1].colour == slot.colour:
            found[-1] = replace(slot, width=max(slot.width, found[-1].width))
        else:
            found.append(slot)
    return found


def counted(slots: Sequence[Slot], count: int) -> list[Slot]:
    """So many stripes, equally wide: in the same turn of colours, and the same from both sides where they were."""
    colours = [slot.colour for slot in slots]
    period = next(
        length
        for length in range(1, len(colours) + 1)
        if all(colours[at] == colours[at % length] for at in range(len(colours)))
    )
    in_turn = 2 * period <= len(colours) + 1  # red, white, red and white; and not only its ends alike
    if in_turn or colours != colours[::-1]:
        new = [colours[at % period] for at in range(count)]
    else:  # the first half, mirrored
        half = (count + 1) // 2
        first = [colours[at % ((len(colours) + 1) // 2)] for at in range(half)]
        new = first + first[::-1][count % 2 :]
    return [Slot(colour, 1.0) for colour in new]


def with_stripe(slots: Sequence[Slot], colour: str, count: int, place: str) -> list[Slot]:
    """So many stripes more, of the usual width. colour: of each, "" for those that follow in turn."""
    usual = median(slot.width for slot in slots)
    if not colour:
        turn = [slot.colour for slot in counted(slots, len(slots) + count)][len(slots) :]
        symmetric = [slot.colour for slot in slots] == [slot.colour for slot in slots][::-1]
        if symmetric and len(slots) > 2:  # in turn all the same: red, white, red and white
            turn = [slots[(len(slots) + at) % 2].colour for at in range(count)]
        new = [Slot(one, usual) for one in turn]
    else:
        new = [Slot(colour, usual)] * count
    at = round(ORDER.get(place, 1.0) * len(slots))
    return [*slots[:at], *new, *slots[at:]]


def with_ground(design: Design, base: Layer) -> Design:
    """The design with other stripes; a canton that ended at a stripe's edge does so again."""
    old = design.layers[0]
    layers = [base]
    for layer in design.layers[1:]:
        if layer.inside is not None and old.figure == base.figure == "stripes" and old.numbers and base.numbers:
            width, height = layer.numbers
            if min(abs(height - cut) for cut in old.numbers) < SAME_CUT:
                height = min(base.numbers, key=lambda cut: abs(cut - height))
                layer = replace(layer, numbers=(width, height))
        layers.append(layer)
    return replace(design, layers=tuple(layers))
