"""Edits of flags by what people type, and whether what was asked for changed and all else is kept.

    python benchmarks/edits.py              # flags that sentences say
    python benchmarks/edits.py --errors     # and each that went wrong
    python benchmarks/edits.py --real       # the bundled flags, as they are read from their pictures

Each kind of edit is tried on flags on which it makes sense. What is judged is what `describe` says of the flag before
and after, as facts (noun, colours, edges, number, points, place), and the pictures: outside of what was to change they
must be the same. Nothing of the code that edits is used for that.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from flagsae.design import render, words
from flagsae.design.design import Design
from flagsae.design.edit import edited
from flagsae.design.phrases import Phrase
from flagsae.errors import SentenceError, UsageError
from flagsae.flags.palette import flag_palette

PALETTE = flag_palette()
FLAGS = 10  # for each kind
WIDTH = 306  # of the pictures that are compared
REACH = 1.08  # of a charge's own size: pixels so near to it may change with it
UNUSED = ("orange", "pink", "turquoise", "purple", "brown")  # of which one is on few flags
CHARGES = ("star", "sun", "disc", "ring", "crescent", "lozenge", "square", "chevron", "emblem", "cross", "saltire")
LINES = ("cross", "Nordic cross", "saltire", "diagonal band", "pall", "triangle", "border", "bar", "horizontal bar")
STRIPES = ("horizontal stripe", "vertical stripe")
SENTENCES = (
    "red field; green star in the centre",
    "white field; red disc in the centre",
    "three vertical stripes, blue, white, red",
    "three horizontal stripes, black, red, yellow",
    "red field; blue Nordic cross edged white",
    "blue field; yellow Nordic cross",
    "thirteen horizontal stripes, red and white; blue canton; 50 white stars in the canton",
    "red field; big yellow star in the upper hoist; yellow crescent at the fly",
    "red field; white crescent; white star",
    "nine horizontal stripes, blue and white; blue canton; white cross in the canton",
    "three horizontal stripes, black, red, green, edged white; emblem in the centre",
    "green field; big yellow lozenge; blue disc",
    "wedges of green and black; yellow saltire",
    "dark blue field; Union Jack in the canton; white seven-pointed star in the lower hoist",
    "quarters of white, red, blue, white; blue star in the upper hoist; red star in the lower fly",
    "two horizontal stripes, white, red; blue triangle at the hoist",
    "five horizontal stripes, blue and white; red triangle at the hoist; white star at the hoist",
    "blue field; white saltire",
    "white field; red cross",
    "three vertical stripes, green, white, red; emblem in the centre",
    "three horizontal stripes, light blue, white, light blue; small yellow sun in the centre",
    "blue field; twelve yellow stars in a ring in the centre",
    "diagonally halved green and light blue; black diagonal band edged yellow",
    "three horizontal stripes, orange, white, green; blue ring in the centre",
    "two horizontal stripes, red, green; yellow star in the centre",
    "three horizontal stripes, yellow, blue, red, the first twice as high",
    "three vertical stripes, green, yellow, red; green star in the centre",
    "green field; red disc edged white in the centre",
    "three horizontal stripes, red, white, black; two green stars in the centre",
    "blue field; yellow sun edged red at the hoist; three white stars at the fly",
    "red field; white border; three yellow stars in a row at the top",
    "white field; blue star edged yellow in the upper fly; green lozenge edged black at the hoist",
    "red field; white cross edged blue; yellow star in the upper hoist",
    "blue field; thick red saltire edged white",
    "yellow field; red pall edged black",
    "white field; green bar at the hoist; red crescent in the centre",
    "black field; yellow disc in the centre; four white stars in a row at the bottom",
    "two vertical stripes, white, green; red crescent in the centre; red star in the upper fly",
    "four horizontal stripes, red, yellow, green, blue",
    "five vertical stripes, black and yellow; red square at the fly",
)


def facts(design: Design) -> list[Phrase]:
    """What is on a flag, without sizes and forms, which words say by the room that a thing has."""
    return [replace(one, size="", form="", other=None) for one in words.said(design)]


@dataclass(frozen=True)
class Case:
    """An edit of a flag, and what must come of it."""

    design: Design
    text: str
    old: tuple[Phrase, ...]
    """Facts that must be gone."""
    new: Phrase | Callable[[list[Phrase]], bool]
    """The only fact that was not there before; or whether those are as asked."""
    nouns: tuple[str, ...] | None = None
    """What may be at the pixels that change: charges of these nouns; None for all of the flag."""
    holds: Callable[[Design, Design], bool] = lambda before, after: True
    """What else must hold."""
    regrouped: bool = False
    """Whether all facts may change, as `holds` looks at them."""


def verdict(case: Case, flag_of: Callable[[str], Design]) -> tuple[bool, bool, str]:
    """Whether what was asked for changed, whether all else is kept, and what came of it."""
    try:
        found = edited(case.design, case.text, PALETTE, flag_of)
    except SentenceError as error:
        return False, True, str(error)
    after = found.design
    # What would be hidden has another colour, and a note says so: then only the colours of grounds are compared.
    bare = _without_colours if any("would not be seen" in note for note in found.notes) else lambda one: one
    before_facts, after_facts = (Counter(repr(bare(one)) for one in facts(which)) for which in (case.design, after))
    gone = before_facts - after_facts
    come = [bare(one) for one in facts(after) if repr(bare(one)) in after_facts - before_facts]
    wanted = Counter(repr(bare(one)) for one in case.old)
    new = case.new
    right = [repr(one) for one in come] == [repr(bare(new))] if isinstance(new, Phrase) else new(come)
    asked = case.holds(case.design, after) and (case.regrouped or (not wanted - gone and right))
    kept = (case.regrouped or not gone - wanted) and _same_elsewhere(case.design, after, case.nouns)
    return asked, kept, words.say(after)


def _without_colours(one: Phrase) -> Phrase:
    return one if one.noun in (*STRIPES, "field", "quarters") else replace(one, colours=())


def _same_elsewhere(before: Design, after: Design, nouns: tuple[str, ...] | None) -> bool:
    """Whether two flags look the same but for where charges of some kinds are."""
    if nouns is None:
        return True
    one, other = picture(before), picture(after)
    changed = (one != other).any(-1)
    rows, columns = changed.shape
    down, along = (np.mgrid[:rows, :columns] + 0.5) / rows
    for design in (before, after):
        for x, y, across, high in circles(design, nouns):
            near = (np.abs(along - x * columns / rows) <= across * REACH + 1 / rows) & (
                np.abs(down - y) <= high * REACH + 1 / rows
            )
            changed &= ~near
    return not changed.any()


def picture(design: Design) -> NDArray[np.uint8]:
    return render.picture(design, PALETTE, WIDTH)


def circles(design: Design, nouns: tuple[str, ...]) -> Iterator[tuple[float, float, float, float]]:
    """x, y, and half the width and height in shares of the flag's height, of the charges of some kinds."""
    said = words.said(design)
    phrases = said[len(said) - len(design.charges) :]
    for charge, phrase in zip(design.charges, phrases, strict=True):
        if phrase.noun in nouns:
            wide = max(1.0, charge.numbers[0]) if charge.shape in ("lozenge", "rectangle") else 1.0
            for place in charge.places:
                yield place.x, place.y, place.radius * wide, place.radius
    for layer in design.layers:
        if layer.inside is not None:
            width, height = layer.numbers
            inside = replace(layer.inside, aspect=min(10.0, max(0.1, design.aspect * width / height)))
            for x, y, across, high in circles(inside, nouns):
                yield x * width, y * height, across * height, high * height


# Kinds of edits: for a flag the cases that make sense.

Cases = Iterator[Case]


def unused(design: Design) -> str:
    return next(name for name in UNUSED if name not in set(design.colours()))


def lone(design: Design, nouns: tuple[str, ...] = CHARGES) -> list[Phrase]:
    """Charges of which there is one kind with this noun, outside of cantons."""
    found = facts(design)[-len(design.charges) :] if design.charges else []
    every = Counter(one.noun for one in facts(design))
    return [one for one in found if one.noun in nouns and every[one.noun] == 1]


def beside(design: Design, one: Phrase) -> list[Phrase]:
    """Other charges at the place of one, which may stand on it."""
    return [other for other in facts(design) if other.place == one.place and repr(other) != repr(one)]


def figures(design: Design, nouns: tuple[str, ...] = LINES) -> list[Phrase]:
    """Figures of the ground, of which each noun is there once."""
    found = facts(design)
    found = found[1 : len(found) - len(design.charges)]
    every = Counter(one.noun.split()[-1] for one in facts(design))
    return [one for one in found if one.noun in nouns and every[one.noun.split()[-1]] == 1 and one.place != "canton"]


def recolour(design: Design) -> Cases:
    for old in list(design.colours())[:1]:
        new = unused(design)
        family = [name for name in design.colours() if name == old or name.split()[-1] == old.split()[-1]]
        if len(family) > 1 or any(one.noun == "Union Jack" for one in facts(design)):
            return
        yield Case(design, f"{old}->{new}", (), lambda come: True, holds=_mapped({old: new}), regrouped=True)


def exchange(design: Design) -> Cases:
    names = list(design.colours())
    if len(names) >= 2 and len({name.split()[-1] for name in names}) == len(names):
        one, other = names[:2]
        yield Case(
            design,
            f"{one}<->{other}",
            (),
            lambda come: True,
            holds=_mapped({one: other, other: one}),
            regrouped=True,
        )


def _mapped(new: dict[str, str]) -> Callable[[Design, Design], bool]:
    """Whether a flag's picture is that of another with colours replaced."""

    def holds(before: Design, after: Design) -> bool:
        tints = render.inks(after, PALETTE) | render.inks(before, PALETTE)
        one = render.outlines(before, PALETTE)
        other = render.outlines(after, PALETTE)
        names, more = list(render.inks(before, PALETTE)), list(render.inks(after, PALETTE))
        return bool(tints) and [new.get(names[shape.colour], names[shape.colour]) for shape in one] == [
            more[shape.colour] for shape in other
        ]

    return holds


def other_shape(design: Design) -> Cases:
    for one in lone(design):
        if one.noun != "emblem" and not one.points and not beside(design, one):
            noun = "sun" if one.noun != "sun" else "disc"
            new = replace(one, noun=noun)
            yield Case(design, f"{one.noun}->{noun}", (one,), new, (one.noun, noun))


def charge_in_colour(design: Design) -> Cases:
    for one in lone(design):
        if one.noun != "emblem" and not beside(design, one):
            colour = unused(design)
            new = replace(one, colours=(colour,))
            yield Case(design, f"{colour} {one.noun}", (one,), new, (one.noun,))


def another_charge(design: Design) -> Cases:
    taken = {one.place for one in facts(design)}
    place = next((one for one in ("bottom-right", "top-right", "bottom-left") if one not in taken), "")
    if place and design.layers[0].figure in ("stripes", "bars") and not figures(design):
        colour = unused(design)
        where = {"bottom-right": "lower fly", "top-right": "upper fly", "bottom-left": "lower hoist"}[place]
        if not any(one.noun == "sun" for one in facts(design)):
            new = Phrase("sun", (colour,), place=place)
            yield Case(design, f"+{colour} sun in the {where}", (), new, ("sun",))


def free_charge(design: Design) -> Cases:
    if not any(one.noun == "star" for one in facts(design)):

        def seen(before: Design, after: Design) -> bool:
            return bool((picture(before) != picture(after)).any())

        yield Case(
            design, "+star", (), lambda come: [(one.noun, one.count) for one in come] == [("star", 1)], ("star",), seen
        )


def no_charge(design: Design) -> Cases:
    for one in lone(design):
        if not beside(design, one):
            yield Case(design, f"-{one.noun}", (one,), lambda come: not come, (one.noun,))


def no_colour(design: Design) -> Cases:
    names = [name for name in design.colours() if name != "grey"]
    if len(names) < 3 or len({name.split()[-1] for name in names}) < len(names):
        return
    colour = names[-1]
    with_it = tuple(one for one in facts(design) if colour in (*one.colours, *one.edges))
    yield Case(
        design,
        f"-{colour}",
        with_it,
        lambda come: all(colour not in (*one.colours, *one.edges) for one in come),
        holds=lambda before, after: colour not in set(after.colours()),
    )


def number(design: Design) -> Cases:
    for one in lone(design, ("star", "disc", "sun")):
        count = 7 if one.count != 7 else 5
        yield Case(design, f"{count} {one.noun}s", (one,), replace(one, count=count), (one.noun,))
    stars = [one for one in facts(design) if one.noun == "star" and one.place == "canton" and one.count > 1]
    for one in stars:
        yield Case(design, "13 stars", (one,), replace(one, count=13), ("star",))


def _counts(one: Phrase, count: int) -> Callable[[list[Phrase]], bool]:
    """Whether there are so many of a thing; the middle of all may be elsewhere."""
    bare = replace(one, count=count, place="", colours=())
    return lambda come: [repr(replace(other, place="", colours=())) for other in come] == [repr(bare)]


def one_more(design: Design) -> Cases:
    for one in lone(design, ("star", "sun", "ring")):
        yield Case(design, f"+{one.noun}", (one,), _counts(one, one.count + 1), (one.noun,))


def one_fewer(design: Design) -> Cases:
    for one in (*lone(design), *(one for one in facts(design) if one.place == "canton" and one.noun == "star")):
        if one.count > 1:
            yield Case(design, f"-1 {one.noun}", (one,), _counts(one, one.count - 1), (one.noun,))


def elsewhere(design: Design) -> Cases:
    for one in lone(design):
        place = "fly" if one.place != "fly" else "hoist"
        if not beside(design, one):
            new = replace(one, place=place)
            yield Case(design, f"{one.noun} at the {place}", (one,), new, (one.noun,))


def larger(design: Design) -> Cases:
    for one in lone(design):

        def grown(before: Design, after: Design) -> bool:
            sizes = [
                max(place.radius for charge in which.charges for place in charge.places) for which in (before, after)
            ]
            return sizes[1] > 1.04 * sizes[0]

        if len(design.charges) == 1:
            yield Case(design, f"bigger {one.noun}", (), lambda come: not come, (one.noun,), grown)


def edges(design: Design) -> Cases:
    for one in lone(design):
        colour = unused(design)
        if one.noun != "emblem":
            new = replace(one, edges=(colour,))
            yield Case(design, f"{one.noun} edged {colour}", (one,), new, (one.noun,))


def no_edges(design: Design) -> Cases:
    edged = [one for one in facts(design) if one.edges]
    if len(edged) == 1:
        (one,) = edged
        yield Case(design, "no edge", (one,), replace(one, edges=()), None)


def points(design: Design) -> Cases:
    for one in lone(design, ("star",)):
        if one.points == 6:
            continue
        new = replace(one, points=6)
        yield Case(design, "six-pointed star", (one,), new, ("star",))


def other_way(design: Design) -> Cases:
    ground = facts(design)[0]
    if ground.noun in STRIPES:
        noun = STRIPES[1 - STRIPES.index(ground.noun)]
        yield Case(design, f"stripes->{noun.split()[0]}", (ground,), replace(ground, noun=noun))


def more_stripes(design: Design) -> Cases:
    ground = facts(design)[0]
    if ground.noun in STRIPES and ground.count < 8:
        colour = unused(design)
        more = replace(ground, colours=(*ground.colours, colour), count=ground.count + 1)
        yield Case(design, f"+{colour} stripe", (ground,), more)


def fewer_stripes(design: Design) -> Cases:
    ground = facts(design)[0]
    if ground.noun in STRIPES and ground.count > 2:
        fewer = replace(ground, colours=ground.colours[:-1], count=ground.count - 1)
        yield Case(design, "-stripe", (ground,), fewer)


def another_figure(design: Design) -> Cases:
    if not figures(design) and not any(one.noun == "border" for one in facts(design)):
        colour = unused(design)
        yield Case(design, f"+{colour} border", (), Phrase("border", (colour,)))


def no_figure(design: Design) -> Cases:
    for one in figures(design):
        yield Case(design, f"-{one.noun}", (one,), lambda come: not come)


def other_figure(design: Design) -> Cases:
    for one in figures(design, ("cross", "Nordic cross", "saltire", "pall")):
        noun = "saltire" if one.noun != "saltire" else "cross"
        yield Case(design, f"{one.noun}->{noun}", (one,), replace(one, noun=noun))


def figure_in_colour(design: Design) -> Cases:
    for one in figures(design):
        colour = unused(design)
        yield Case(design, f"{one.noun}->{colour}", (one,), replace(one, colours=(colour,)))


def no_canton(design: Design) -> Cases:
    inside = tuple(one for one in facts(design) if one.place == "canton" or one.noun == "canton")
    if any(layer.inside is not None for layer in design.layers):
        yield Case(design, "-canton", inside, lambda come: not come)
    elif not any(one.place in ("canton", "top-left", "hoist") for one in facts(design)):
        yield Case(design, "+union jack", (), Phrase("Union Jack", place="canton"))


def mirror(design: Design) -> Cases:
    if not any(layer.inside is not None or layer.figure == "pall" for layer in design.layers):

        def holds(before: Design, after: Design) -> bool:
            turned = picture(before)[:, ::-1]
            symmetric = all(one.noun not in ("emblem",) for one in facts(before))
            return not symmetric or float((np.abs(turned.astype(int) - picture(after)).max(-1) > 90).mean()) < 0.01

        yield Case(design, "mirror", (), lambda come: True, None, holds, True)


def their_colours(design: Design) -> Cases:
    if len(set(design.colours())) == 3 and not any(one.noun == "Union Jack" for one in facts(design)):

        def holds(before: Design, after: Design) -> bool:
            shapes = [[shape.contours for shape in render.outlines(one, PALETTE)] for one in (before, after)]
            same = all(
                len(one) == len(other) and all((a == b).all() for a, b in zip(one, other, strict=True))
                for one, other in zip(*shapes, strict=True)
            )
            return same and set(after.colours()) == {"black", "red", "yellow"}

        yield Case(design, "colours germany", (), lambda come: True, None, holds, True)


KINDS = (
    *(recolour, exchange, their_colours, no_colour),
    *(other_shape, charge_in_colour, another_charge, free_charge, no_charge),
    *(number, one_more, one_fewer, elsewhere, larger, edges, no_edges, points),
    *(other_way, more_stripes, fewer_stripes, another_figure, no_figure, other_figure, figure_in_colour),
    *(no_canton, mirror),
)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--errors", action="store_true")
    options.add_argument("--real", action="store_true")
    options.add_argument("--flags", type=int, default=FLAGS, help="for each kind")
    asked = options.parse_args()
    flags = real_flags() if asked.real else [(text, words.read(text)) for text in SENTENCES]

    def flag_of(name: str) -> Design:
        return words.read("three horizontal stripes, black, red, yellow")

    print(f"{'kind':20} {'tried':>6} {'asked':>6} {'kept':>6}")
    total: Counter[str] = Counter()
    for kind in KINDS:
        results: list[tuple[bool, bool]] = []
        for name, design in flags:
            for case in kind(design):
                if len(results) == asked.flags:
                    break
                done, kept, said = verdict(case, flag_of)
                results.append((done, kept))
                if asked.errors and not (done and kept):
                    what = "asked" if not done else "kept"
                    print(f"  not {what}: {name}\n    {words.say(case.design)} [{case.text}]\n    {said}")
        right, rest = sum(one for one, _ in results), sum(other for _, other in results)
        total.update(tried=len(results), asked=right, kept=rest)
        print(f"{kind.__name__:20} {len(results):6} {right:6} {rest:6}")
    print(f"{'all':20} {total['tried']:6} {total['asked'] / total['tried']:6.3f} {total['kept'] / total['tried']:6.3f}")
    return total["tried"] - min(total["asked"], total["kept"])


def real_flags() -> list[tuple[str, Design]]:
    """The bundled flags, in an order that mixes them."""
    from flagsae.workspace.collection import open_collection

    flags = open_collection()
    order = np.random.default_rng(0).permutation(len(flags))
    found = []
    for flag in order[:120].tolist():
        with suppress(UsageError):
            found.append((flags.slug(flag), flags.design(flag)))
    return found


if __name__ == "__main__":
    sys.exit(main() > 0)
