"""Charges in words: stars, discs, crescents, and emblems.

What a figure is its shape code says, for its skin or for its silhouette. The rules add what only the whole charge can
tell. The scrolls, shields and beasts of a coat of arms have parts that look like crescents and discs: where much of
a charge is unclear it is an emblem, and only what stands beside it by itself is named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from flagsae.colours import COLOUR_WORDS
from flagsae.design.dictionaries import Dictionary
from flagsae.design.evidence import Colours, Evidence, evidence_of, speakers
from flagsae.design.part_vectors import shape_vector, stack
from flagsae.design.tree import Figure, Tree
from flagsae.design.vocabulary import Element, place_of
from flagsae.flags.regions import holes_filled

STARS = ("star 4", "star 5", "star 6", "star 7", "star 8")
HOLDERS = ("disc", "ring", "rectangle", "triangle", "lozenge", "cross", "crescent")  # other charges may stand on them

# What the code of a figure of each class must say at least, and may leave unexplained at most.
SURE = {"crescent": 0.7, "sun": 0.75, "disc": 0.65}  # of the others a half
REST = {
    "sun": 0.62,  # rays are rebuilt badly, and known well
    "star": 0.36,
    "crescent": 0.15,
    "cross": 0.2,
    "disc": 0.15,
    "ring": 0.15,
    "rectangle": 0.15,
    "triangle": 0.12,
    "saltire": 0.12,
    "lozenge": 0.15,
    "chevron": 0.2,
}
# Shares of the flag under which a figure of a class is a part of something else.
LEAST = {
    **dict.fromkeys(("cross", "saltire", "triangle", "rectangle", "lozenge", "ring"), 0.004),
    "chevron": 0.03,
    "star 4": 0.001,
}
LARGE_STAR = 0.004  # a star of this share is rebuilt well, unless it has many points
UNCLEAR = 0.15  # of a charge: with more that is unclear it is an emblem
SEAL = 0.3  # of a disc: with more that is unclear on it it is a seal, unless one colour has most of it
LEAST_EMBLEM = 0.0008
EMBLEM_COLOUR = 0.12  # share of an emblem's pixels from which a colour is one of its colours
MOST_KINDS = 3  # of figures in one charge; with more it is an emblem
ALIKE = (0.3, 3.4)  # how much the sizes of figures differ that are counted as equal


@dataclass(frozen=True)
class Named:
    """A figure's element, and those of what stands on it."""

    element: Element
    inside: tuple[Element, ...] = ()


class ChargeReader:
    """Reads the charges of one flag with a dictionary of shapes. aspect: width of a pixel over its height."""

    def __init__(self, dictionary: Dictionary, colours: Colours, aspect: float) -> None:
        self.dictionary = dictionary
        self.colours = colours
        self.aspect = aspect
        self.kinds: dict[Figure, tuple[str, Evidence]] = {}  # of figures that were asked for

    def elements(self, tree: Tree) -> list[Element]:
        return merged([element for forest in tree.charges for element in self._charge(forest, tree)])

    def _charge(self, forest: Sequence[Figure], tree: Tree, on: str = "") -> list[Element]:
        """A few clear figures, or an emblem, or both. on: the figure on which the forest stands."""
        rayed = self._rayed(forest, tree)
        if rayed:
            sun, rest = rayed
            beside = self._charge(rest, tree, on) if sum(one.share for one in rest) > UNCLEAR * sun.share else []
            return merged([sun, *beside])
        named: list[Named] = []
        unclear: list[Figure] = []
        for figure in self._opaque(forest, tree) if on == "crescent" else forest:
            found = self._figure(figure, tree, on)
            if found:
                named.append(found)
            else:
                unclear.append(figure)
        named, unclear = self._corrected(named, unclear, tree)
        whole = sum(figure.share for figure in forest)
        unclear_share = sum(figure.share for figure in unclear)
        kinds = {(one.element.element, one.element.colours) for one in named}
        if unclear_share <= max(UNCLEAR * whole, LEAST_EMBLEM) and len(kinds) <= MOST_KINDS:
            return merged([element for one in named for element in (one.element, *one.inside)])
        beside = [one.element for one in named if _stands_alone(one.element, whole, unclear_share)]
        alike = {element.colours: sum(one.colours == element.colours for one in beside) for element in beside}
        kept = [one for one in beside if alike[one.colours] >= 3 or one.share > 0.003]
        return [*merged(kept), self._emblem(unclear or list(forest), unclear_share, tree)]

    def _figure(self, figure: Figure, tree: Tree, on: str) -> Named | None:
        """A figure with what stands on it; None where it is unclear."""
        name, evidence = self.kind(figure)
        if (
            name == "other"
            or figure.share < LEAST.get(name, 0)
            or (name == "chevron" and on not in ("", "triangle"))
            or (name == "sun" and on)
        ):
            return None
        classes = STARS if name == "star" else (name,)
        element = Element(
            name,
            self._layers(name, figure),
            share=figure.share,
            features=speakers(self.dictionary, [evidence], *classes),
            points=int(_star(evidence).split()[1]) if name == "star" else 0,
            **_at([figure], tree),
        )
        inside = self._charge(figure.inside, tree, name) if name in HOLDERS and figure.inside else []
        if name == "crescent":
            inside = [one for one in inside if one.element == "star"]
        if len(element.colours) > 1:
            inside = [] if self._halved(figure) else [one for one in inside if one.element != name]
        unclear_share = sum(one.share for one in inside if one.element == "emblem") / figure.share
        if name == "ring" and inside:
            return None
        if unclear_share > SEAL:
            main = figure.colours.argmax()
            if name == "disc" and figure.colours[main] > 0.5 * figure.colours.sum():
                element = replace(element, colours=(self.colours[int(main)],))
            elif not (name == "lozenge" and figure.share > 0.15):
                return None
        return Named(element, tuple(inside))

    def kind(self, figure: Figure) -> tuple[str, Evidence]:
        """The class of a figure by its skin or its silhouette, whichever is clearer; "other" where none is sure."""
        if figure not in self.kinds:
            self.kinds[figure] = self._kind(figure)
        return self.kinds[figure]

    def _kind(self, figure: Figure) -> tuple[str, Evidence]:
        masks = [figure.skin] if (figure.skin == figure.whole).all() else [figure.skin, figure.whole]
        found = evidence_of(self.dictionary, stack((shape_vector(mask, self.aspect) for mask in masks), 0))
        sure = [(*_class(evidence), evidence, number > 0) for number, evidence in enumerate(found)]
        sure = [one for one in sure if self._fits(one[0], one[1], one[2], figure, silhouette=one[3])]
        if not sure:
            return "other", found[0]
        name, _, evidence, _ = max(sure, key=lambda one: one[1] - 2 * one[2].rest)
        return name, evidence

    def _fits(self, name: str, odds: float, evidence: Evidence, figure: Figure, *, silhouette: bool) -> bool:
        """Whether a class is sure enough, and the figure as it can be in a flag."""
        if name == "other" or odds < SURE.get(name, 0.5) or evidence.rest > REST[name]:
            return False
        if name == "star":
            star = _star(evidence)
            if star == "star 4":  # any splinter looks like one
                return evidence.odds[star] > 0.8 and evidence.rest < 0.12 and figure.share > LEAST[star]
            blurred = figure.share < LARGE_STAR or star in ("star 7", "star 8")
            return evidence.odds[star] > 0.4 and (blurred or evidence.rest < 0.2)
        tall, wide = (float(np.std(place)) for place in np.nonzero(figure.whole))
        ratio = wide * self.aspect / max(tall, 0.1)
        if name == "cross":
            return 0.6 < ratio < 1.7
        if name == "sun":
            # One that rises is wide. What has many points and many colours is a coat of arms.
            plain = figure.colours.max() > 0.6 * figure.colours.sum()
            round_ = 0.7 < ratio < 1.5 or (ratio > 1.5 and evidence.rest < 0.3)
            return round_ and (plain or not (silhouette or figure.share < 0.001))
        return True

    def _corrected(self, named: list[Named], unclear: list[Figure], tree: Tree) -> tuple[list[Named], list[Figure]]:
        """Among equal stars a blurred one is a star; splinters about a sun are its rays."""
        stars = [one.element for one in named if one.element.element == "star"]
        if len(stars) >= 5:
            size = float(np.median([star.share for star in stars]))
            blurred = [
                figure
                for figure in unclear
                if (self.colours[figure.colour],) == stars[0].colours and 0.7 < figure.share / size < 1.4
            ]
            named = [*named, *(Named(replace(stars[0], share=one.share, **_at([one], tree))) for one in blurred)]
            unclear = [figure for figure in unclear if figure not in blurred]
        sun = max((one.element.share for one in named if one.element.element == "sun"), default=0.0)
        return named, [figure for figure in unclear if figure.share > 0.15 * sun]

    def _rayed(self, forest: Sequence[Figure], tree: Tree) -> tuple[Element, list[Figure]] | None:
        """A sun whose rays stand by themselves, and the rest of the forest: a disc with small figures all round."""
        if len(forest) < 7:
            return None
        core = max(forest, key=lambda figure: figure.share)
        name, evidence = self.kind(core)
        if name not in ("disc", "ring", "sun"):
            return None
        radius = (core.share * core.pixels * self.aspect / np.pi) ** 0.5
        colours = {core.colour, *(inner.colour for inner in core.inside)}
        rays, angles = [], []
        for figure in forest:
            down = figure.middle[0] - core.middle[0]
            along = (figure.middle[1] - core.middle[1]) * self.aspect
            near = radius < np.hypot(down, along) < 2.3 * radius and figure.share < 0.2 * core.share
            if near and figure.colour in colours and self.kind(figure)[0] != "star":
                rays.append(figure)
                angles.append(float(np.arctan2(down, along)))
        if len(rays) < 6 or np.diff(sorted([*angles, min(angles) + 2 * np.pi])).max() > 2:
            return None
        face = _largest(core.inside) if name == "ring" else None
        colour = self.colours[(face or core).colour]
        share = core.share + sum(figure.share for figure in rays)
        features = speakers(self.dictionary, [evidence], name)
        sun = Element("sun", (colour,), share=share, features=features, **_at([core, *rays], tree))
        return sun, [figure for figure in forest if figure is not core and figure not in rays]

    def _opaque(self, forest: Sequence[Figure], tree: Tree) -> list[Figure]:
        """Figures within a figure, without those through which the ground is seen."""
        ground = set(np.unique(tree.ground).tolist())
        out: list[Figure] = []
        for figure in forest:
            seen_through = figure.colour in ground and figure.inside and self.kind(figure)[0] == "other"
            out += self._opaque(figure.inside, tree) if seen_through else [figure]
        return out

    def _layers(self, name: str, figure: Figure) -> tuple[str, ...]:
        """The colour of a figure, and that of its edge: one in another of the same outline is edged by it. Two halves
        of a figure give it two colours."""
        skin = self.colours[figure.colour]
        inner = _largest(figure.inside)
        if inner is None or inner.share < 0.3 * figure.share:
            return (skin,)
        if self.kind(inner)[0] == name:
            return tuple(dict.fromkeys((self._layers(name, inner)[0], skin)))
        return tuple(dict.fromkeys((skin, self.colours[inner.colour]))) if self._halved(figure) else (skin,)

    def _halved(self, figure: Figure) -> bool:
        """Whether the skin and what is inside of it are two parts beside each other."""
        inner = _largest(figure.inside)
        if inner is None or inner.inside or inner.share < 0.3 * figure.share:
            return False
        return bool(holes_filled(figure.skin).sum() < 0.75 * figure.whole.sum())

    def _emblem(self, figures: Sequence[Figure], share: float, tree: Tree) -> Element:
        total: dict[str, int] = {}
        for figure in figures:
            for colour, pixels in enumerate(figure.colours.tolist()):
                total[self.colours[colour]] = total.get(self.colours[colour], 0) + pixels
        least = EMBLEM_COLOUR * sum(total.values())
        colours = sorted(
            (name for name in total if total[name] > least and name in COLOUR_WORDS), key=lambda n: -total[n]
        )
        evidence = evidence_of(self.dictionary, stack((shape_vector(one.whole, self.aspect) for one in figures), 0))
        features = speakers(self.dictionary, evidence, "other")
        return Element("emblem", tuple(colours), share=share, features=features, **_at(figures, tree))


def _at(figures: Sequence[Figure], tree: Tree) -> dict[str, Any]:
    """Place and box of figures, for their element."""
    boxes = [
        (top / tree.size[0], bottom / tree.size[0], left / tree.size[1], right / tree.size[1])
        for top, bottom, left, right in (figure.box for figure in figures)
    ]
    box = _around(boxes)
    return {"place": place_of(box), "box": box}


def _around(boxes: Sequence[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    tops, bottoms, lefts, rights = zip(*boxes, strict=True)
    return min(tops), max(bottoms), min(lefts), max(rights)


def merged(elements: Sequence[Element]) -> list[Element]:
    """Figures of one kind, colour and rough size are one element with a count; emblems at one place are one emblem."""
    out: list[Element] = []
    for element in elements:
        for position, known in enumerate(out):
            if (known.element, known.colours[:1]) != (element.element, element.colours[:1]):
                continue
            box = _around([known.box, element.box])
            emblem = element.element == "emblem"
            if emblem and known.place == element.place:
                out[position] = replace(known, share=known.share + element.share, place=place_of(box), box=box)
                break
            if (not emblem or known.colours == element.colours) and ALIKE[
                0
            ] < element.share / known.share * known.count < ALIKE[1]:
                out[position] = replace(
                    known,
                    colours=max(known.colours, element.colours, key=len),
                    count=known.count + element.count,
                    share=known.share + element.share,
                    place=place_of(box),
                    box=box,
                )
                break
        else:
            out.append(element)
    return out


def _class(evidence: Evidence) -> tuple[str, float]:
    """The most probable class, with all stars as one."""
    odds = {name: value for name, value in evidence.odds.items() if name not in STARS}
    odds["star"] = sum(evidence.odds[name] for name in STARS)
    best = max(odds, key=lambda name: odds[name])
    return best, odds[best]


def _star(evidence: Evidence) -> str:
    return max(STARS, key=lambda name: evidence.odds[name])


def _largest(figures: Sequence[Figure]) -> Figure | None:
    return max(figures, key=lambda figure: figure.share, default=None)


def _stands_alone(element: Element, whole: float, unclear_share: float) -> bool:
    """Whether a figure beside an emblem is no part of it. whole, unclear_share: of the charge, of what is unclear."""
    return (
        (element.element == "star" and element.share < 0.3 * whole)
        or (element.element == "sun" and element.share > 0.5 * unclear_share)
        or (element.element == "disc" and element.share > 0.02)
    )
