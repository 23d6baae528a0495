"""What the picture of a feature of a dictionary shows: its atom, and of the flags for which it fires what it leaves
open, as the colour of the field under a crescent."""

from __future__ import annotations

from collections.abc import Mapping

from flagsae.design import facets
from flagsae.design.facets import GROUNDS, KINDS, STRIPES, Facet, facet
from flagsae.design.settling.sharpened import noun_of, usual
from flagsae.design.settling.turning import implied
from flagsae.design.vocabulary import PLACES

SAID = 0.15  # of an atom's strongest belief: what is weaker is not pictured
SURE = 0.6  # likewise, of what makes a thing small: several of it, at the edge
SHOWN = 0.45  # belief in a thing that is pictured besides the strongest
FILLED = 0.3  # times what flags usually have counts what the atom leaves open
PLAIN_FIELD = 0.35  # belief in a field, for a thing of which no ground is told
CENTRE = PLACES["centre"]
LARGE = ("star", "sun", "disc", "ring", "crescent", "lozenge", "emblem", "rectangle", "square")  # alone they are large
OF_EMBLEMS = ("look", "emblem colour")
GROUND_KINDS = ("striped", "many stripes", "slot", "rim", "next")


def pictured(atom: Mapping[str, float], typical: Mapping[str, float]) -> dict[str, float]:
    """The features of the picture, for `sharpened`. Both are name -> amount, of any scale."""
    own, usually = _beliefs(atom), _beliefs(typical)
    told = {one: belief for one, belief in own.items() if belief >= (SURE if _is_detail(one) else SAID)}
    told = {one: belief for one, belief in told.items() if not (one.kind == "size" and noun_of(one) in LARGE)}
    emblem = max((belief for one, belief in told.items() if one.kind in OF_EMBLEMS and not one.canton), default=0.0)
    if emblem >= SHOWN:  # arms are there where their looks are told
        thing = Facet("thing", (("noun", "emblem"),))
        told[thing] = max(told.get(thing, 0.0), emblem)
    found = implied({}, _amounts(told))
    canton = any(one.canton and belief >= SHOWN for one, belief in told.items())
    if canton:
        found[facets.name("thing", noun="canton")] = KINDS["thing"].weight
    elif not any(one.get("noun") == "canton" and belief >= SHOWN for one, belief in told.items()):
        found = {name: value for name, value in found.items() if not name.endswith(facets.CANTON)}
    nouns = {one["noun"] for one in map(facet, found) if one and one.kind == "thing"}
    for one, belief in usually.items():
        if _tells_ground(one) or one.kind in ("colour", "share") or _fills(one, nouns):
            _add(found, FILLED * belief, one)
    if not any(_tells_ground(one) and belief >= SHOWN for one, belief in told.items()):
        _add(found, PLAIN_FIELD, Facet("thing", (("noun", "field"),)))
    for one, belief in (*told.items(), *((one, FILLED * belief) for one, belief in usually.items())):
        if one.kind == "below" and not one.canton:
            _add(found, belief, Facet("coloured", (("colour", one["colour"]), ("noun", "field"))))
    for one, belief in told.items():  # which is not seen on a field of its own colour
        if one.kind == "coloured" and noun_of(one) not in GROUNDS and belief >= SHOWN:
            for kind in ("coloured", "colour", "share"):
                name = facets.name(kind, colour=one["colour"], noun="field")  # all but one leave the noun out
                found[name] = FILLED * found.get(name, 0.0)
    first = next((one for one, _ in sorted(told.items(), key=lambda pair: -pair[1]) if noun_of(one) in LARGE), None)
    if first is not None and not canton and not _is_placed(noun_of(first), told):
        _add(found, 1.0, Facet("size", (("size", "big"), ("noun", noun_of(first)))))
    return found


def _is_detail(one: Facet) -> bool:
    """Whether a feature says that a thing is not one in the middle."""
    elsewhere = one.kind == "place" and one["spot"] != CENTRE and noun_of(one) in LARGE
    return elsewhere or one.kind in ("several", "count", "many", "form")


def _is_placed(noun: str, told: Mapping[Facet, float]) -> bool:
    """Whether a thing is not one in the middle."""
    return any(
        noun_of(one) == noun and (one.kind in ("several", "on") or (one.kind == "place" and one["spot"] != CENTRE))
        for one, belief in told.items()
        if belief >= SHOWN
    )


def _add(found: dict[str, float], belief: float, one: Facet) -> None:
    name = facets.name(one.kind, one.canton, **dict(one.values))
    found[name] = found.get(name, 0.0) + belief * usual(one)


def _amounts(beliefs: Mapping[Facet, float]) -> dict[str, float]:
    return {
        facets.name(one.kind, one.canton, **dict(one.values)): usual(one) * belief for one, belief in beliefs.items()
    }


def _beliefs(amounts: Mapping[str, float]) -> dict[Facet, float]:
    """Amounts over what features usually weigh; the third largest 1, so that one that is told often does not count for
    all."""
    found = {one: value / usual(one) for name, value in amounts.items() if value > 0 and (one := facet(name))}
    most = sorted(found.values())[-3:][:1] or [1.0]
    return {one: min(1.0, value / most[0]) for one, value in found.items()}


def _tells_ground(one: Facet) -> bool:
    return not one.canton and (one.kind in GROUND_KINDS or noun_of(one) in (*GROUNDS[:6], *STRIPES))


def _fills(one: Facet, things: set[str]) -> bool:
    """Whether a feature says how a thing that is there usually looks."""
    return one.kind in ("coloured", "way", "place", "emblem colour") and (noun_of(one) in things or not noun_of(one))
