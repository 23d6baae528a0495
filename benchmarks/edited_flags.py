"""Flags changed by one thing: a stripe or a star more or fewer, two colours exchanged, a charge elsewhere."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from facts import ALIKE, cut_outs, facts, words
from numpy.typing import NDArray

from flagsae.colours import COLOUR_WORDS
from flagsae.design.design import Charge, Design, Layer, Place
from flagsae.design.edits.colours import recoloured
from flagsae.design.layout import ANCHORS
from flagsae.design.render import label_map
from flagsae.flags.palette import Palette
from flagsae.flags.regions import LabelMap

GRID = 102, 153  # on which it is seen whether there is room
ROOM = 1.2  # radii of a charge: as much around it must be of one colour where it is put
HIDDEN = 0.02  # of a charge's area: so much of it at most may lie on its own colour
LEAST = 0.01  # of the flag: the area of a colour that is exchanged
STEPS = 41  # along each side, at which a place for one star more is looked for


@dataclass(frozen=True)
class Edited:
    """A flag that was changed by one thing."""

    name: str
    """Of the flag, and of the edit."""
    edit: str
    design: Design


Edit: TypeAlias = Callable[[Design, random.Random, Palette], Design | None]


def edited(known: Sequence[tuple[str, Design]], count: int, seed: int, palette: Palette) -> list[Edited]:
    """So many edits of known designs, of which those with a cut-out are left out: each kind of edit of each flag where
    it can be made, again and again with other choices. As many as can be found where there are fewer."""
    plain = [(name, design) for name, design in known if not cut_outs(design)]
    found: dict[tuple[str, str, Design], Edited] = {}
    for turn in range(count):
        before = len(found)
        for name, design in plain:
            for edit, change in EDITS.items():
                if len(found) == count:
                    return list(found.values())
                changed = change(design, random.Random(f"{seed} {turn} {name} {edit}"), palette)
                if changed is not None and facts(changed) != facts(design):
                    found.setdefault((name, edit, changed), Edited(f"{name}, {edit}", edit, changed))
        if len(found) == before:
            break
    return list(found.values())


# Stripes.


def _more_stripes(design: Design, chance: random.Random, palette: Palette) -> Design | None:
    """One stripe more, in the colour that comes next or in a new one."""
    base = design.layers[0]
    colours = base.colours
    if not _equal(base):
        return None
    periods = (period for period in range(2, len(colours)) if _comes_again(colours, period))
    period = next(periods, 0)
    if period:
        new = colours[len(colours) % period]
    else:
        taken = words(tuple(design.colours()))
        new = chance.choice([word for word in COLOUR_WORDS if word not in taken and word in palette.names] or [""])
    return _with_stripes(design, (*colours, new), palette) if new else None


def _fewer_stripes(design: Design, _: random.Random, palette: Palette) -> Design | None:
    base = design.layers[0]
    return _with_stripes(design, base.colours[:-1], palette) if _equal(base) and len(base.colours) > 2 else None


def _equal(base: Layer) -> bool:
    """Whether it has several stripes of one width."""
    widths = [after - before for before, after in pairwise((0.0, *base.numbers, 1.0))]
    striped = base.figure in ("stripes", "bars") and len(base.colours) > 1
    return striped and max(widths) - min(widths) < ALIKE * min(widths) / 2


def _comes_again(colours: Sequence[str], period: int) -> bool:
    return all(colour == colours[position % period] for position, colour in enumerate(colours))


def _with_stripes(design: Design, colours: tuple[str, ...], palette: Palette) -> Design | None:
    base = replace(
        design.layers[0], colours=colours, numbers=tuple(one / len(colours) for one in range(1, len(colours)))
    )
    changed = replace(design, layers=(base, *design.layers[1:]))
    apart = all(one != other for one, other in pairwise(words(colours)))
    return changed if apart and _shows(changed, palette) else None


def _shows(design: Design, palette: Palette) -> bool:
    """Whether no charge of the flag lies on its own colour."""
    for position, charge in enumerate(design.charges):
        below = _labels(replace(design, charges=design.charges[:position]), palette)
        covered = _covered(charge, design.aspect, palette)
        if _named(below, palette, charge.colours[-1])[covered].mean() > HIDDEN:
            return False
    return True


# Stars.


def _more_stars(design: Design, chance: random.Random, palette: Palette) -> Design | None:
    for part, position, remade in _stars(design, chance):
        charge = part.charges[position]
        place = _free(part, charge, palette)
        if place is not None:
            return remade(replace(charge, places=(*charge.places, place)))
    return None


def _fewer_stars(design: Design, chance: random.Random, _: Palette) -> Design | None:
    for part, position, remade in _stars(design, chance):
        charge = part.charges[position]
        left = list(charge.places)
        left.pop(chance.randrange(len(left)))
        return remade(replace(charge, places=tuple(left)) if left else None)
    return None


def _stars(design: Design, chance: random.Random) -> Iterator[tuple[Design, int, Callable[[Charge | None], Design]]]:
    """Each charge of stars, on the flag or in a canton, in random order: the design that it is in, in its true
    proportions, the charge's position there, and what makes the whole design with another charge in its place."""
    found: list[tuple[Design, int, Callable[[Charge | None], Design]]] = []

    def remade(part: Design, position: int, charge: Charge | None) -> Design:
        new = () if charge is None else (charge,)
        return replace(part, charges=(*part.charges[:position], *new, *part.charges[position + 1 :]))

    def in_canton(place: int, part: Design, position: int, charge: Charge | None) -> Design:
        canton = replace(design.layers[place], inside=remade(part, position, charge))
        return replace(design, layers=(*design.layers[:place], canton, *design.layers[place + 1 :]))

    for position, charge in enumerate(design.charges):
        if charge.shape == "star":
            found.append((design, position, partial(remade, design, position)))
    for place, layer in enumerate(design.layers):
        if layer.inside is None:
            continue
        width, height = layer.numbers
        part = replace(layer.inside, aspect=design.aspect * width / height)
        for position, charge in enumerate(part.charges):
            if charge.shape == "star":
                found.append((part, position, partial(in_canton, place, part, position)))
    return iter(chance.sample(found, len(found)))


def _free(design: Design, charge: Charge, palette: Palette) -> Place | None:
    """Where one more of a charge has room, as near to the others as can be."""
    labels = _labels(design, palette)
    model = charge.places[0]
    x, y = (sum(getattr(place, axis) for place in charge.places) / len(charge.places) for axis in "xy")
    spots = [(along, down) for along in np.linspace(0, 1, STEPS) for down in np.linspace(0, 1, STEPS)]
    spots.sort(key=lambda spot: ((spot[0] - x) * design.aspect) ** 2 + (spot[1] - y) ** 2)
    for along, down in spots:
        place = replace(model, x=float(along), y=float(down))
        if _has_room(labels, place, design.aspect, palette, charge.colours[-1]):
            return place
    return None


# Colours and places.


def _exchanged(design: Design, chance: random.Random, palette: Palette) -> Design | None:
    """Two colours exchanged wherever they are."""
    shares = np.bincount(_labels(design, palette).ravel(), minlength=len(palette)) / (GRID[0] * GRID[1])
    names = [one for one in design.colours() if one in palette.names and shares[palette.names.index(one)] > LEAST]
    pairs = [(a, b) for a in names for b in names if words((a,)) < words((b,))]
    if not pairs or any(layer.figure == "jack" for layer in _all_layers(design)):
        return None
    one, other = chance.choice(pairs)
    return recoloured(design, {one: other, other: one})


def _all_layers(design: Design) -> Iterator[Layer]:
    for layer in design.layers:
        yield layer
        if layer.inside is not None:
            yield from _all_layers(layer.inside)


def _moved(design: Design, chance: random.Random, palette: Palette) -> Design | None:
    """A charge, or several that belong together, at another place of the flag."""
    ways = [(position, spot) for position in range(len(design.charges)) for spot in ANCHORS.values()]
    for position, (along, down) in chance.sample(ways, len(ways)):
        charge = design.charges[position]
        rest = (*design.charges[:position], *design.charges[position + 1 :])
        x, y = (sum(getattr(place, axis) for place in charge.places) / len(charge.places) for axis in "xy")
        places = tuple(replace(one, x=one.x - x + along, y=one.y - y + down) for one in charge.places)
        labels = _labels(replace(design, charges=rest), palette)
        colour = charge.colours[-1]
        if all(_has_room(labels, place, design.aspect, palette, colour) for place in places):
            moved = replace(design, charges=(*rest, replace(charge, places=places)))
            before, after = facts(replace(design, charges=(charge,)))[-1], facts(moved)[-1]
            if len(after.places) == 1 and not after.places & before.places:
                return moved
    return None


# What there is to see.


def _labels(design: Design, palette: Palette) -> LabelMap:
    return label_map(design, palette, *GRID)


def _covered(charge: Charge, aspect: float, palette: Palette) -> NDArray[np.bool_]:
    """The pixels that a charge lies on."""
    alone = replace(charge, colours=("black",) * len(charge.colours))
    return _labels(Design((Layer("stripes", ("white",)),), (alone,), aspect), palette) == palette.names.index("black")


def _named(labels: LabelMap, palette: Palette, colour: str) -> NDArray[np.bool_]:
    """The pixels whose word is that of a colour."""
    named = words(palette.names)
    return np.array([one == words((colour,))[0] for one in named])[labels]


def _has_room(labels: LabelMap, place: Place, aspect: float, palette: Palette, colour: str) -> bool:
    """Whether a circle around a place lies on the flag, and all in one colour that is another than the charge's."""
    radius = ROOM * place.radius
    if not (radius < place.y < 1 - radius and radius / aspect < place.x < 1 - radius / aspect):
        return False
    y, x = (np.indices(GRID) + 0.5) / np.array(GRID)[:, None, None]
    inside = labels[((x - place.x) * aspect) ** 2 + (y - place.y) ** 2 < radius**2]
    return bool(len(inside) and (inside == inside[0]).all()) and words((palette.names[inside[0]],)) != words((colour,))


EDITS: dict[str, Edit] = {
    "a stripe more": _more_stripes,
    "a stripe fewer": _fewer_stripes,
    "a star more": _more_stars,
    "a star fewer": _fewer_stars,
    "colours exchanged": _exchanged,
    "a charge elsewhere": _moved,
}
