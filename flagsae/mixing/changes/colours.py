"""A colour out of a whole flag, one in place of another, and one that is brought in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from flagsae.design import layout
from flagsae.design.design import CUT_OUT, Charge, Design, Layer
from flagsae.design.edits import figures, stripes
from flagsae.design.edits.charges import around
from flagsae.design.edits.colours import borders, recoloured
from flagsae.design.edits.contrast import (
    ALIKE,
    CLEAR,
    HIDDEN,
    STANDS,
    Contrast,
    shares,
    tinted,
    under_charge,
    under_layers,
)
from flagsae.design.edits.things import inner, put
from flagsae.design.shades import family, meant
from flagsae.flags.palette import Palette
from flagsae.mixing.changes import arranging

# In place of a colour that is taken away, or of a new thing: after those of the flag, in this order.
SPARE = ("white", "yellow", "blue", "green", "black", "red")
BESIDE = 0.02  # of the border of what is filled: a colour that has less of it need not be told from the new one
# How a colour comes in, by its amount over that of the flag; by eye.
DETAIL, FIELD = 0.5, 1.5  # up to the first it is a detail, from the second on the field has it
BANDS = 1 / 6  # of the height: each of two stripes at the top and the bottom of a field
BAND = 1 / 4  # of one, where charges leave the other edge no room
OFF = 0.2  # twice how far from the middle of the height charges are that leave one edge free
BETWEEN = 0.5  # of a stripe's width: new ones between the stripes of a flag
FRAME, THIN_FRAME = 0.09, 0.05  # of the height: a border; as a detail
HARDLY_WIDER, WIDER, MUCH_WIDER = 1.25, 1.6, 2.5  # times as wide: stripes that have the colour already
MOST_STRIPES = 4  # of a ground that gets one more
FEW = 6  # stripes: between more come none
DEPTH = 0.38  # of the width: a triangle at the hoist
EDGED = ("cross", "saltire", "band", "pall", "border", "rectangle", "triangle")  # figures that may have an edge
INNER = 0.45  # of a cross's arm: how wide another one on it is


def chosen(
    contrast: Contrast,
    beside: Collection[str],
    own: Sequence[str],
    barred: Collection[str],
    shunned: Collection[str] = (),
) -> str:
    """A colour that is seen beside others: of a flag's own in their order, or else a spare one.

    barred: families that it is not of; shunned: those that it is of only if no other is seen.
    """

    def least(name: str) -> float:
        return min((contrast.between(name, one) for one in beside), default=1.0)

    names = [name for name in dict.fromkeys((*own, *SPARE)) if name in contrast.labs and family(name) not in barred]
    clear = [name for name in names if least(name) >= CLEAR]
    clear.sort(key=lambda name: family(name) in shunned)
    return clear[0] if clear else max(names or SPARE, key=least)


def plain_colours(design: Design) -> list[str]:
    """The colours of a design without those of its cut-outs, that of which most is seen first."""

    def told(one: Design) -> Iterator[str]:
        for layer in one.layers:
            yield from layer.colours if layer.inside is None else told(layer.inside)
        for charge in one.charges:
            yield from charge.colours if charge.shape != CUT_OUT else ()

    return list(dict.fromkeys(told(design)))


def by_share(design: Design, palette: Palette) -> list[str]:
    """The colours of a design, that of which most is seen first; equal ones in the order of the design."""
    seen = shares(design, palette)
    names = list(design.colours())
    return sorted(names, key=lambda name: (-round(seen.get(name, 0.0), 3), names.index(name)))


# Out.


def without(
    design: Design, gone: Sequence[str], barred: Collection[str], palette: Palette, shunned: Collection[str] = ()
) -> Design:
    """The design without some of its colours. Stripes and edges that have them go; of all else that has them the shape
    stays, in a colour that is seen beside what it meets.

    gone: names; barred: families that nothing gets; shunned: those that something gets only if nothing else is seen.
    """
    design = _without_edges(_without_stripes(design, gone), gone)
    for name in [name for name in by_share(design, palette) if name in gone]:
        if name in design.colours():
            design = _filled(design, name, gone, barred, shunned, palette)
    return design


def _filled(
    design: Design,
    name: str,
    gone: Collection[str],
    barred: Collection[str],
    shunned: Collection[str],
    palette: Palette,
) -> Design:
    """The design with another colour wherever it has this one."""
    names = list(shares(design, palette))
    table = borders(design, palette, names)
    row = table[names.index(name)] if name in names else table[:0].sum(0)
    beside = [one for one, much in zip(names, row, strict=True) if much > BESIDE * row.sum() and one not in gone]
    plain = set(plain_colours(design))
    own = [one for one in by_share(design, palette) if one in plain and one not in gone]
    new = chosen(Contrast(design, palette), beside, own, barred, shunned)
    return tinted(recoloured(design, {name: new}), palette)


def _without_stripes(design: Design, gone: Collection[str]) -> Design:
    """Without those stripes of the ground that may go: two at least are left, and nothing stands in the middle of one
    that goes."""
    base = design.layers[0]
    if base.figure not in ("stripes", "bars") or not set(base.colours) & set(gone):
        return design
    slots = stripes.slots_of(base)
    left = stripes.merged([one for one in slots if one.colour not in gone])
    edges = [name for name in slots.edges if name not in gone]
    if len(left) < 2 or _stands_on(design, gone):
        return design
    return arranging.on_ground(design, stripes.bands(base.figure, left, edges))


def _stands_on(design: Design, gone: Collection[str]) -> bool:
    """Whether charges stand on a stripe of some colours, or on several stripes."""
    for group in arranging.clusters(design.charges, design.aspect):
        stripe = arranging.stripe_under([design.charges[number] for number in group], design)
        if stripe is None or stripe[0] in gone:
            return True
    return False


def _without_edges(design: Design, gone: Collection[str]) -> Design:
    """Without edges of some colours; what has nothing but edges left has the colour of these."""

    def left(charge: Charge) -> Charge:
        colours = tuple(name for name in charge.colours if name not in gone)
        if charge.shape == CUT_OUT or not colours or len(colours) == len(charge.colours):
            return charge
        return replace(charge, colours=colours, edge=charge.edge if len(colours) > 1 else 0.0)

    level = replace(design, charges=tuple(map(left, design.charges)))
    kept: list[Layer] = []
    for at, layer in enumerate(level.layers):
        if layer.inside is not None:
            inside = _without_edges(replace(layer.inside, tints=design.tints), gone)
            kept.append(replace(layer, inside=replace(inside, tints=())))
        elif at == 0 or layer.colours[0] not in gone or not _is_one_of_several(level, at, gone):
            kept.append(layer)
    return replace(level, layers=tuple(kept))


def _is_one_of_several(design: Design, at: int, gone: Collection[str]) -> bool:
    """Whether a layer is a figure of which others, its edges or what they lie around, keep their colour."""
    from flagsae.design import words

    _, rest = words.ground_of(design.layers)
    first = len(design.layers) - len(rest)
    for group in words.with_edges(rest):
        numbers = range(first, first + len(group))
        first += len(group)
        if at in numbers:
            return any(one.inside is None and one.colours[0] not in gone for one in group)
    return False


# In.


def with_colour(design: Design, colour: str, amount: float, palette: Palette) -> Design:
    """The design with a colour more, where a designer would have it: a detail, a stripe or the field by its amount.

    amount: over that of the flag. The same design where it is not seen anywhere.
    """
    design = tinted_with(design, colour, palette)
    ways = _as_field if amount >= FIELD else _as_part if amount > DETAIL else _as_detail
    found = next(ways(design, colour, palette), None)
    if found is None and ways is not _as_part:
        found = next(_as_part(design, colour, palette), None)
    return tinted(found or replace(design), palette)


def tinted_with(design: Design, colour: str, palette: Palette) -> Design:
    """The design with the tint of a colour that it may get."""
    probe = replace(design, charges=(*design.charges, Charge("disc", (colour,), (arranging.NOWHERE,))))
    return replace(design, tints=tinted(probe, palette).tints)


def _as_field(design: Design, colour: str, palette: Palette) -> Iterator[Design]:
    """Most of the ground gets it; what had it gets the ground's colour. Of stripes one that has it grows."""
    base = design.layers[0]
    contrast = Contrast(design, palette)
    yield from _wider(design, colour, MUCH_WIDER)
    seen = shares(replace(design, charges=()), palette)
    most = max(seen.get(name, 0.0) for name in base.colours)
    main = [name for name in base.colours if seen.get(name, 0.0) > most - 0.05]
    field = min(main, key=lambda name: contrast.between(name, colour)) if len(main) > 1 else main[0]
    if not meant(field, [colour]) or field != colour:
        yield recoloured(design, {field: colour, colour: field})


def _as_detail(design: Design, colour: str, palette: Palette) -> Iterator[Design]:
    """An edge of the charges, or of a figure, or thin lines between stripes, or a thin border; of stripes one that has
    it grows."""
    contrast = Contrast(design, palette)
    yield from _wider(design, colour, HARDLY_WIDER)
    for number, charge in enumerate(design.charges):
        under = under_charge(design, number, palette)
        beside = [name for name, share in under.items() if share > STANDS]
        alone = charge.shape != CUT_OUT and len(charge.colours) == 1 and len(charge.places) <= 5
        if alone and _clear(contrast, colour, [charge.colours[0], *beside]):
            edged = replace(charge, colours=(*charge.colours, colour), edge=round(layout.EDGED / 3, 6))
            yield replace(design, charges=(*design.charges[:number], edged, *design.charges[number + 1 :]))
    yield from _on_figure(design, colour, contrast)
    yield from _between(design, colour, contrast, layout.THIN)
    yield _framed(design, colour, THIN_FRAME, palette)


def _as_part(design: Design, colour: str, palette: Palette) -> Iterator[Design]:
    """By what the flag is: a figure on its cross, a stripe, a triangle, the colour of its charges, a border."""
    contrast = Contrast(design, palette)
    base = design.layers[0]
    cantons = [layer for layer in design.layers if layer.inside is not None]
    yield from _wider(design, colour, WIDER)
    yield from _on_figure(design, colour, contrast)
    figured = [layer for layer in design.layers[1:] if layer.inside is None]
    if base.figure in ("stripes", "bars") and len(base.colours) > 1 and not figured and not cantons:
        yield from _striped(design, colour, contrast, palette)
    if len(base.colours) == 1 and base.figure == "stripes" and not figured and not cantons:
        yield from _banded(design, colour, contrast)
    if cantons or figured:
        yield from _on_charges(design, colour, contrast, palette)
    yield _framed(design, colour, FRAME, palette)


def _wider(design: Design, colour: str, times: float) -> Iterator[Design]:
    """With the stripes of a colour, of the few of a ground, so many times as wide."""
    base = design.layers[0]
    if base.figure not in ("stripes", "bars") or not 1 < len(base.colours) <= FEW:
        return
    slots = stripes.slots_of(base)
    there = meant(family(colour), [one.colour for one in slots])
    if there:
        wide = [replace(one, width=one.width * times) if one.colour in there else one for one in slots]
        yield arranging.on_ground(design, stripes.bands(base.figure, wide, slots.edges))


def _clear(contrast: Contrast, colour: str, beside: Sequence[str], least: float = ALIKE) -> bool:
    return all(contrast.between(colour, one) >= least for one in beside)


def _on_figure(design: Design, colour: str, contrast: Contrast) -> Iterator[Design]:
    """A narrower one on a cross, saltire or band, which then is its edge; or an edge for it."""
    at = next((at for at in reversed(range(1, len(design.layers))) if design.layers[at].figure in figures.HALF), None)
    if at is None:
        return
    layer = design.layers[at]
    if _clear(contrast, colour, layer.colours) and not arranging.over(design, layer):
        (narrow,) = figures.scaled([layer], INNER)
        new = replace(narrow, colours=(colour,))
        yield replace(design, layers=(*design.layers[: at + 1], new, *design.layers[at + 1 :]))
    below = design.layers[at - 1]
    if _clear(contrast, colour, [*layer.colours, *(below.colours if below.inside is None else ())]):
        wide = replace(figures.widened(layer, layout.EDGE), colours=(colour,))
        yield replace(design, layers=(*design.layers[:at], wide, *design.layers[at:]))


def _between(design: Design, colour: str, contrast: Contrast, width: float) -> Iterator[Design]:
    """Stripes between those of the ground. width: over that of the others."""
    base = design.layers[0]
    slots = stripes.slots_of(base) if base.figure in ("stripes", "bars") else stripes.Slots()
    if not 1 < len(slots) <= FEW or not _clear(contrast, colour, [one.colour for one in slots]):
        return
    usual = min(one.width for one in slots) * width
    colours, wide = [slots[0].colour], [slots[0].width]
    for slot in slots[1:]:
        colours += [colour, slot.colour]
        wide += [usual, slot.width]
    cuts = tuple(round(sum(wide[:end]) / sum(wide), 6) for end in range(1, len(wide)))
    yield stripes.with_ground(design, Layer(base.figure, tuple(colours), cuts))


def _striped(design: Design, colour: str, contrast: Contrast, palette: Palette) -> Iterator[Design]:
    """On stripes: between those that are the same from both sides; else a triangle at the hoist, or one more."""
    base = design.layers[0]
    slots = stripes.slots_of(base)
    own = [one.colour for one in slots]
    if own == own[::-1] and len(own) > 2:
        yield from _between(design, colour, contrast, BETWEEN)
    free = all(around([one], design.aspect)[0] > DEPTH for one in design.charges)
    if base.figure == "stripes" and free and _clear(contrast, colour, own):
        triangle = Layer("triangle", (colour,), (0.0, 0.0, 1.0, DEPTH, 0.5))
        yield replace(design, layers=(*design.layers, triangle))
    if len(slots) <= MOST_STRIPES and _clear(contrast, colour, [own[-1]]) and not design.charges:
        new = stripes.with_stripe(slots, colour, 1, "")
        yield stripes.with_ground(design, stripes.bands(base.figure, new, slots.edges))
    yield from _between(design, colour, contrast, BETWEEN)


def banded(design: Design, colour: str, palette: Palette) -> Design | None:
    """With stripes at the top and the bottom of a plain field; None where they would not be seen, or it is none."""
    plain = len(design.layers) == 1 and len(design.layers[0].colours) == 1
    return next(_banded(design, colour, Contrast(design, palette)), None) if plain else None


def _banded(design: Design, colour: str, contrast: Contrast) -> Iterator[Design]:
    """On a plain field: stripes at its top and bottom, or at one of them."""
    base = design.layers[0]
    if not _clear(contrast, colour, base.colours):
        return
    own = base.colours[0]
    if design.charges:
        _, _, top, bottom = around(design.charges, design.aspect)
        if abs(top + bottom - 1) > OFF:
            low = top + bottom < 1  # the charges are in the upper half
            cut = 1 - BAND if low else BAND
            free = arranging.within(design, 0.0, 1.0, *((0.0, cut) if low else (cut, 1.0)))
            yield stripes.with_ground(free, Layer("stripes", (own, colour) if low else (colour, own), (cut,)))
    cuts = (round(BANDS, 6), round(1 - BANDS, 6))
    shrunk = arranging.within(design, 0.0, 1.0, *cuts)
    yield stripes.with_ground(shrunk, Layer("stripes", (colour, own, colour), cuts))


def _on_charges(design: Design, colour: str, contrast: Contrast, palette: Palette) -> Iterator[Design]:
    """The charges of the flag, or else of its canton, get the colour."""
    for path in ((), *((at,) for at, layer in enumerate(design.layers) if layer.inside is not None)):
        level = inner(design, path)
        plain = [at for at, one in enumerate(level.charges) if one.shape != CUT_OUT]
        if not plain or any(
            not _clear(
                contrast,
                colour,
                [name for name, share in under_charge(level, at, palette).items() if share > STANDS],
                CLEAR,
            )
            for at in plain
        ):
            continue
        charges = tuple(
            replace(one, colours=(colour, *one.colours[1:])) if at in plain else one
            for at, one in enumerate(level.charges)
        )
        if charges != level.charges:
            yield put(design, path, replace(level, charges=charges))


def _framed(design: Design, colour: str, thick: float, palette: Palette) -> Design:
    """A border; what it would cover stands within it."""
    across = thick / design.aspect
    layer = Layer("border", (colour,), (round(across, 6), thick, round(1 - across, 6), round(1 - thick, 6)))
    shrunk = arranging.within(design, across, 1 - across, thick, 1 - thick)
    return replace(shrunk, layers=(*shrunk.layers, *told_apart(shrunk, layer, len(shrunk.layers), (), palette)))


def told_apart(design: Design, own: Layer, at: int, barred: Collection[str], palette: Palette) -> tuple[Layer, ...]:
    """A figure that is to be a design's layer of that number, with an edge where it would not be seen on what lies
    under it."""
    below = replace(design, layers=(*design.layers[:at], own))
    under = under_layers(tinted(below, palette), [at], palette)
    contrast = Contrast(tinted(below, palette), palette)
    alike = sum(share for name, share in under.items() if contrast.between(name, own.colours[0]) < ALIKE)
    if alike <= HIDDEN or own.figure not in EDGED:
        return (own,)
    beside = [own.colours[0], *(name for name, share in under.items() if share >= STANDS)]
    edge = chosen(contrast, beside, by_share(design, palette), barred)
    if own.figure == "border":  # which has its edge inside
        return replace(figures.widened(own, layout.EDGE / 2), colours=(edge,)), own
    return figures.edged(own, (edge,))
