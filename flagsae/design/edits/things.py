"""The things on a flag, each as it is said and with where a design has it; and how they are found and replaced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from flagsae.design import layout, words
from flagsae.design.design import CUT_OUT, Charge, Design, Layer
from flagsae.design.edits.lexicon import ANY
from flagsae.design.elements import told
from flagsae.design.phrases import NOUNS, Phrase
from flagsae.design.shades import meant

# What else is found by a noun, where there is none of itself.
KIN = {
    "cross": ("Nordic cross",),
    "bar": ("horizontal bar",),
    "horizontal bar": ("bar",),
    "rectangle": ("square",),
    "lozenge": ("square",),
    "saltire": ("diagonal band",),
}
DETAIL = 0.2  # of a charge's radius: what on it is smaller, and has the ground's colour, is a part of it
STRIPES = ("horizontal stripe", "vertical stripe")
BANDS = ("horizontal bar", "bar", "diagonal band")  # what people call stripes too


@dataclass(frozen=True)
class Thing:
    """What one phrase says."""

    phrase: Phrase
    part: str
    """"ground", "figure", "canton" or "charge"."""
    path: tuple[int, ...]
    """Numbers of the cantons that it lies in: layers of the design, then of the canton in it."""
    at: tuple[int, ...]
    """Numbers of its layers, the widest first; or of its charge."""


def things(design: Design, path: tuple[int, ...] = (), aspect: float = 0.0) -> list[Thing]:
    """Everything on a flag, the ground first. path, aspect: of a design that is a canton's."""
    aspect = aspect or design.aspect
    phrases = words.said(design, aspect)
    _, rest = words.ground_of(design.layers)
    at = len(design.layers) - len(rest)
    place = "canton" if path else ""
    found = [Thing(replace(phrases[0], place=place), "ground", path, tuple(range(at)))]
    for group in words.with_edges(rest):
        numbers = tuple(range(at, at + len(group)))
        at += len(group)
        inside = group[-1].inside
        if inside is None:
            phrase = words.figure_phrase(group)
            found.append(Thing(replace(phrase, place=place or phrase.place), "figure", path, numbers))
            continue
        width, height = group[-1].numbers
        own, *others = things(inside, (*path, *numbers), aspect * width / height)
        jack = own.phrase.noun == "Union Jack"
        found.append(Thing(Phrase("Union Jack" if jack else "canton", own.phrase.colours), "canton", path, numbers))
        found += [own, *others] if own.phrase.noun in STRIPES else others
    first = len(phrases) - len(design.charges)
    for number, phrase in enumerate(phrases[first:]):
        found.append(Thing(replace(phrase, place=place or phrase.place), "charge", path, (number,)))
    return found


def named(design: Design) -> Iterator[tuple[Thing, str]]:
    """All but the ground, each with the noun that is told of it; "" of what is told as a part of another."""
    parts = iter(told(design)[0])
    for thing in things(design):
        if thing.part == "charge":
            part = next(parts, None)
            yield thing, part.noun if part is not None else ""
        elif thing.part != "ground":
            yield thing, thing.phrase.noun


def matching(what: Phrase, plain: bool, all_things: Sequence[Thing]) -> list[Thing]:
    """The things that a phrase means: of its noun, and as it says besides. plain: whether it means stripes in any
    direction."""
    nouns = (*STRIPES,) if plain and what.noun in STRIPES else (what.noun,)
    named = [one for one in all_things if _is(one, nouns)]
    if not named:
        kin = BANDS if plain and what.noun in STRIPES else KIN.get(what.noun, ())
        named = [one for one in all_things if _is(one, kin)]
    return [one for one in named if fits(what, one.phrase)]


def _is(thing: Thing, nouns: Iterable[str]) -> bool:
    if ANY in nouns or "" in nouns:
        return thing.part == "charge"
    return thing.phrase.noun in nouns or (thing.part == "canton" and "canton" in nouns)


def fits(what: Phrase, phrase: Phrase) -> bool:
    """Whether a thing has the colours, place, size and points that another phrase says."""
    own = (*phrase.colours, *phrase.edges)
    return (
        all(meant(colour, own) for colour in what.colours)
        and what.place in ("", phrase.place)
        and what.size in ("", phrase.size)
        and what.points in (0, phrase.points or (5 if phrase.noun == "star" else 0))
    )


# Designs within designs.


def inner(design: Design, path: Sequence[int]) -> Design:
    """The design of a canton, in the proportions that it has on the flag."""
    for number in path:
        layer = design.layers[number]
        assert layer.inside is not None
        width, height = layer.numbers
        design = replace(layer.inside, aspect=min(10, max(0.1, design.aspect * width / height)), tints=design.tints)
    return design


def put(design: Design, path: Sequence[int], new: Design) -> Design:
    """The design with a canton's design replaced by another."""
    if not path:
        return new
    number, *deeper = path
    inside = design.layers[number].inside
    assert inside is not None
    layer = replace(design.layers[number], inside=put(inside, deeper, replace(new, aspect=inside.aspect, tints=())))
    return with_layer(design, number, layer)


def with_layer(design: Design, number: int, layer: Layer) -> Design:
    return replace(design, layers=(*design.layers[:number], layer, *design.layers[number + 1 :]))


def with_charge(design: Design, number: int, charge: Charge | None) -> Design:
    """The design with a charge replaced, or without it."""
    new = () if charge is None else (charge,)
    return replace(design, charges=(*design.charges[:number], *new, *design.charges[number + 1 :]))


def details(level: Design, number: int) -> list[int]:
    """What on a charge belongs to it: small charges in the ground's colour, through which the ground seems to show."""
    (place, *others) = level.charges[number].places
    if others:
        return []
    return [
        at
        for at, charge in enumerate(level.charges)
        if at > number
        and set(charge.colours) <= set(level.layers[0].colours)
        and all(
            one.radius < DETAIL * place.radius and one.away(place, level.aspect) < place.radius for one in charge.places
        )
    ]


def without_details(level: Design, number: int) -> Design:
    gone = details(level, number)
    return replace(level, charges=tuple(one for at, one in enumerate(level.charges) if at not in gone))


def without(design: Design, thing: Thing) -> Design:
    """The design without a thing."""
    level = inner(design, thing.path)
    if thing.part == "charge":
        level = without_details(level, thing.at[0])
        return put(design, thing.path, with_charge(level, thing.at[0], None))
    left = tuple(one for at, one in enumerate(level.layers) if at not in thing.at)
    return put(design, thing.path, replace(level, layers=left))


def with_layers(level: Design, thing: Thing, new: Sequence[Layer]) -> Design:
    """The design that a figure is in, with other layers in the place of its own."""
    first, last = thing.at[0], thing.at[-1]
    return replace(level, layers=(*level.layers[:first], *new, *level.layers[last + 1 :]))


def upwards(found: Iterable[Thing]) -> list[Thing]:
    """Things in an order in which each can be taken away, or become several, before the next: the numbers of those that
    follow stay as they are."""
    return sorted(found, key=lambda one: (one.path, one.part == "charge", one.at), reverse=True)


# What phrases mean.


def noun_of(phrase: Phrase) -> str:
    """As people call it: stripes without their direction."""
    return "stripe" if phrase.noun in STRIPES else phrase.noun


def lies_across(phrase: Phrase) -> bool:
    """Whether a phrase says a figure of the ground, and no charge."""
    return layout.is_figure(replace(phrase, count=max(1, phrase.count)))


def takes_edges(design: Design, thing: Thing) -> bool:
    """Whether it may have edges, as cut-outs have none."""
    if thing.part == "charge" and inner(design, thing.path).charges[thing.at[0]].shape == CUT_OUT:
        return False
    return thing.part != "canton" and NOUNS[thing.phrase.noun].edged
