"""Features with some turned up or down: what is turned up takes the place of what excludes it.

A flag has one ground, a ground of stripes one number of them, a stripe one colour. So "red on top" up is "blue on top"
down, and of four stripes nothing is left when there are to be three.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TypeAlias

from flagsae.colours import PLAIN
from flagsae.design import facets
from flagsae.design.facets import GROUNDS, KINDS, MANY, NUMBERS, STRIPES, Facet, facet
from flagsae.design.settling.sharpened import noun_of, usual

_Claim: TypeAlias = tuple[str, str]  # a question about a flag, and its answer
# Kinds that tell of a thing, and how much each does.
TELLING = {"several": 0.8, "count": 0.8, "place": 0.8, "coloured": 0.8, "form": 0.6, "points": 0.6, "edged": 0.6}
TOGETHER = 0.4  # belief from which what stands with a thing comes with it
LEVEL, UPRIGHT = STRIPES
RIMS = {"on top": LEVEL, "at the bottom": LEVEL, "at the hoist": UPRIGHT, "at the fly": UPRIGHT}


def turned(features: Mapping[str, float], change: Mapping[str, float]) -> dict[str, float]:
    """Features after a change: no less than none, and no more than a flag has that has them."""
    change = implied(features, change)
    raised: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))  # question -> answer -> belief
    for name, value in change.items():
        if value > 0 and (one := facet(name)) is not None:
            for question, answer in _claims(one):
                raised[question][answer] = max(raised[question][answer], min(1.0, value / usual(one)))
    wanted = {}
    for name in (*features, *change):
        value, one = features.get(name, 0.0), facet(name)
        most = max(value, usual(one) if one is not None else 1.0)
        for question, answer in _claims(one) if one is not None else ():
            own = raised[question].get(answer, 0.0)
            others = max((belief for other, belief in raised[question].items() if other != answer), default=0.0)
            value *= 1 - max(0.0, others - own)
        if (new := min(most, value + change.get(name, 0.0))) > 0:
            wanted[name] = new
    return wanted


def implied(features: Mapping[str, float], change: Mapping[str, float]) -> dict[str, float]:
    """A change with what follows from it: a thing of which something is told is there, and what stands with a thing
    comes and goes with it."""
    found = dict(change)

    def raise_(kind: str, belief: float, **values: str) -> None:
        name = facets.name(kind, False, **values)
        found[name] = max(found.get(name, 0.0), belief * KINDS[kind].weight - features.get(name, 0.0))

    told = [(one, value / usual(one)) for name, value in change.items() if (one := facet(name)) and not one.canton]
    for one, belief in told:
        noun = noun_of(one)
        if belief > 0 and one.kind in TELLING and noun not in GROUNDS:
            raise_("thing", TELLING[one.kind] * min(1.0, belief), noun=noun)
    for one, belief in told:
        if one.kind != "with":
            continue
        for noun, other in ((one["noun"], one["other"]), (one["other"], one["noun"])):
            if belief >= TOGETHER:
                for kind in ("thing", "one"):
                    raise_(kind, 1.0, noun=noun)
                raise_("with", 1.0, noun=one["noun"], other=one["other"])
                for colour in (each["colour"] for each, much in told if each.kind == "coloured" and much > 0):
                    much = change.get(facets.name("coloured", noun=other, colour=colour), 0.0)
                    if much > 0 and colour in PLAIN:
                        raise_("coloured", much / KINDS["coloured"].weight, noun=noun, colour=colour)
            elif belief < 0 and other in {each["noun"] for each, much in told if each.kind == "thing" and much < 0}:
                had = features.get(facets.name("with", noun=one["noun"], other=one["other"]), 0.0) / usual(one)
                share = float(had > 0 and -belief >= TOGETHER * had)
                for name, value in features.items():
                    told_of = facet(name)
                    if told_of is not None and noun_of(told_of) == noun:
                        found[name] = min(found.get(name, 0.0), -share * value)
    return found


def _claims(one: Facet) -> Iterator[_Claim]:
    """The questions that have one answer, and those that a feature gives."""
    if one.canton:
        if one.kind == "thing":
            yield "in the canton", one["noun"]
        return
    if one.kind in ("one", "several", "count"):
        yield f"how many {noun_of(one)}", "one" if one.kind == "one" else "several"
    noun, slots, stripes = one.get("noun"), one.get("slots"), one.get("stripes")
    ground = slots.split(" ", 1)[1] if slots.endswith(STRIPES) else slots or stripes
    match one.kind:
        case "thing" | "coloured" if noun in GROUNDS and noun != "Union Jack":
            ground = noun
            if one.kind == "coloured" and noun == "field":
                yield "colour of the field", one["colour"]
        case "rim":
            ground = RIMS.get(one["rim"], "")
            yield one["rim"], one["colour"]
        case "next":
            ground = LEVEL if one["how"] == "over" else UPRIGHT
        case "colours":
            yield "colours", one["number"]
    if one.kind == "striped":
        count = one["number"] if NUMBERS.index(one["number"]) <= MANY else "many"
        yield f"number of {stripes}", count
    if slots.endswith(STRIPES):
        yield f"number of {ground}", slots.split(" ", 1)[0]
    if one.kind == "slot":
        yield f"{slots}, {one['ordinal']}", one["colour"]
    if ground:
        yield "ground", ground
