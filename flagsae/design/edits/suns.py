"""Suns that a design draws in pieces, as one charge each, so that an edit finds what `describe` says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flagsae.design.design import Charge, Design, Place
from flagsae.design.elements import RAY_REACH, Part, told
from flagsae.design.shapes import SHAPES


def with_suns(design: Design) -> Design:
    """The design with a sun in place of a disc and its rays, and of a cut-out that is nothing but a sun."""
    charges, others = told(design)
    own = charges[len(charges) - len(design.charges) :]  # without those of a canton
    suns: dict[int, Charge] = {}
    gone: set[int] = set()
    for which, (part, charge) in enumerate(zip(own, design.charges, strict=True)):
        if part is not None and part.noun == "sun" and charge.shape != "sun":
            unsaid = (at for at, one in enumerate(own) if one is None)
            rays = [at for at in unsaid if _near(design.charges[at], charge, design.aspect)]
            suns[which] = _sun(part, [charge, *(design.charges[at] for at in rays)], design.aspect)
            gone |= set(rays)
        elif part is None and charge.art:
            inside = [one for one in others if not one.canton and one.noun == "sun" and _holds(charge, one)]
            if len(inside) == 1:
                suns[which] = _sun(inside[0], [], design.aspect)
    if not suns:
        return design
    left = [suns.get(which, charge) for which, charge in enumerate(design.charges) if which not in gone]
    return replace(design, charges=tuple(left))


def _sun(part: Part, pieces: Sequence[Charge], aspect: float) -> Charge:
    (centre,) = part.places
    reach = [place.away(centre, aspect) + place.radius for piece in pieces for place in piece.places]
    place = Place(centre.x, centre.y, max(reach, default=centre.radius))
    return Charge("sun", part.shades[:1], (place,), SHAPES["sun"].usual)


def _near(ray: Charge, disc: Charge, aspect: float) -> bool:
    """Whether a piece that is not said by itself stands around a disc."""
    (centre,) = disc.places
    return all(place.away(centre, aspect) < RAY_REACH * centre.radius for place in ray.places)


def _holds(cut: Charge, sun: Part) -> bool:
    (box,), (place,) = cut.places, sun.places
    return abs(place.y - box.y) < box.radius
