"""Describes charges: stars, discs, crescents, and emblems.

The kind of a figure (`flagsae.design.kinds`) comes from the shape codes of its skin and of its silhouette. The rules
here add what only the whole charge shows. Some parts of a coat of arms look like crescents or discs. So where the kind
of much of a charge is unclear, the charge is an emblem, and only figures that stand apart are named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from flagsae.colours import COLOUR_WORDS
from flagsae.design.dictionaries import Dictionary
from flagsae.design.evidence import Colours, Evidence, evidence_of, speakers
from flagsae.design.kinds import CHARGES, OTHER, ChargeKind
from flagsae.design.part_vectors import shape_vector, stack
from flagsae.design.tree import Figure, Tree
from flagsae.design.vocabulary import Element, place_of
from flagsae.flags.regions import holes_filled

# Thresholds by eye, on the errors that `python benchmarks/descriptions.py --errors` lists; those of single kinds are in
# `flagsae.design.kinds`. Shares are of the flag's area unless said otherwise. "Rest" is the share of a figure's vector
# that its code does not explain; a figure is "unclear" if no kind is sure.

# The kind of a figure.
REST_PENALTY = 2  # weight of the rest: skin or silhouette decides, whichever has the higher probability - 2 * rest
# A four-pointed star needs more than other kinds, as any splinter looks like one:
SPLINTER_SURE = 0.8  # least probability
SPLINTER_REST = 0.12  # most rest
SPLINTER_LEAST = 0.001  # least area
STAR_SURE = 0.4  # least probability of the number of points that is most probable
STAR_REST = 0.2  # most rest of a star that its code should rebuild well: one that is large and has few points
LARGE_STAR = 0.004  # least area of a large star
MANY_POINTS = ("star 7", "star 8")
CROSS_WIDTH = (0.6, 1.7)  # width of a cross over its height: a longer one is a sword or a band
SUN_WIDTH = (0.7, 1.5)  # width of a sun over its height: it is round
RISING_REST = 0.3  # most rest of a wider sun: a rising one, of which only a part is visible
SUN_PLAIN = 0.6  # of its pixels: a sun has more in one colour, else it is a coat of arms with a jagged outline
SMALL_SUN = 0.001  # a smaller one may have any colours
LEAST_HEIGHT = 0.1  # pixels: standard deviation of a figure's rows that is taken for a figure of one row

# Whether a charge is a group of figures or an emblem.
UNCLEAR = 0.15  # of a charge: with more that is unclear it is an emblem
SEAL = 0.3  # of a figure: with more on it that is unclear it is a seal, unless most of it has one colour
SEAL_PLAIN = 0.5  # of a disc's pixels: with more in one colour it is a disc with something on it
LARGE_LOZENGE = 0.15  # a larger lozenge is one, whatever is on it
LEAST_EMBLEM = 0.0008  # a charge with less that is unclear is no emblem
EMBLEM_COLOUR = 0.12  # of an emblem's pixels: a colour with more is one of its colours
MOST_KINDS = 3  # kinds of figures in one charge: with more it is an emblem
INNER = 0.3  # of a figure: the largest figure on it gives it a second colour if it covers more
HALF = 0.75  # of a figure's silhouette: a skin that covers less, holes filled, is one half of it and no edge

# Figures that stand beside an emblem and are no part of it.
BESIDE_STAR = 0.3  # of the charge: a smaller star
BESIDE_SUN = 0.5  # of what is unclear: a larger sun
BESIDE_DISC = 0.02  # a larger disc
BESIDE_ALIKE, BESIDE_LEAST = 3, 0.003  # of these: so many of one colour, or larger; others are details of the emblem

# Which figures belong together.
ALIKE = (0.3, 3.4)  # sizes of figures whose ratio lies between these count as equal
CONSTELLATION = 5  # stars: among so many an unclear figure of their colour and size is a blurred star
STAR_SIZES = (0.7, 1.4)  # size of the blurred star over the median of the others
SUN_SPLINTER = 0.15  # of the largest sun: smaller unclear figures are its rays
RAYS = 6  # small figures around a disc: with so many the disc is a sun
RAY_REACH = 2.3  # radii of the disc: the middles of its rays are nearer
RAY_SHARE = 0.2  # of the disc: a ray is smaller
RAY_GAP = 2  # radians: the widest gap between neighbouring rays


@dataclass(frozen=True)
class Named:
    """A figure that is clear enough to be named."""

    element: Element
    """The figure."""
    inside: tuple[Element, ...] = ()
    """What stands on it."""


class ChargeReader:
    """Describes the charges of one flag with a dictionary of shapes.

    colours: the word for each palette index; aspect: width of a pixel over its height.
    """

    def __init__(self, dictionary: Dictionary, colours: Colours, aspect: float) -> None:
        self.dictionary = dictionary
        self.colours = colours
        self.aspect = aspect
        self.kinds: dict[Figure, tuple[ChargeKind, Evidence]] = {}  # cache, as rules ask often

    def elements(self, tree: Tree) -> list[Element]:
        """The elements of all charges of a flag or canton, without those in its canton."""
        return merged([element for forest in tree.charges for element in self._charge(forest, tree)])

    def _charge(self, forest: Sequence[Figure], tree: Tree, on: str = "") -> list[Element]:
        """The elements of one charge: a few clear figures, or an emblem, or both.

        forest: its outer figures; on: the kind of the figure that they stand on, "" for the ground.
        """
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
        kept = [one for one in beside if alike[one.colours] >= BESIDE_ALIKE or one.share > BESIDE_LEAST]
        return [*merged(kept), self._emblem(unclear or list(forest), unclear_share, tree)]

    def _figure(self, figure: Figure, tree: Tree, on: str) -> Named | None:
        """Names a figure and what stands on it; None where it is unclear. on: as for `_charge`."""
        kind, evidence = self.kind(figure)
        name = kind.name
        if (
            kind is OTHER
            or figure.share < kind.least
            or (name == "chevron" and on not in ("", "triangle"))
            or (name == "sun" and on)
        ):
            return None
        element = Element(
            name,
            self._layers(name, figure),
            share=figure.share,
            features=speakers(self.dictionary, [evidence], *kind.classes),
            points=kind.points[kind.classes.index(_class(kind, evidence))] if kind.points else 0,
            **_at([figure], tree),
        )
        inside = self._charge(figure.inside, tree, name) if kind.holder and figure.inside else []
        if name == "crescent":
            inside = [one for one in inside if one.element == "star"]
        if len(element.colours) > 1:
            inside = [] if self._halved(figure) else [one for one in inside if one.element != name]
        unclear_share = sum(one.share for one in inside if one.element == "emblem") / figure.share
        if name == "ring" and inside:
            return None
        if unclear_share > SEAL:
            main = figure.colours.argmax()
            if name == "disc" and figure.colours[main] > SEAL_PLAIN * figure.colours.sum():
                element = replace(element, colours=(self.colours[int(main)],))
            elif not (name == "lozenge" and figure.share > LARGE_LOZENGE):
                return None
        return Named(element, tuple(inside))

    def kind(self, figure: Figure) -> tuple[ChargeKind, Evidence]:
        """The kind of a figure by its skin or its silhouette, whichever is clearer; `OTHER` where neither is sure."""
        if figure not in self.kinds:
            self.kinds[figure] = self._kind(figure)
        return self.kinds[figure]

    def _kind(self, figure: Figure) -> tuple[ChargeKind, Evidence]:
        masks = [figure.skin] if (figure.skin == figure.whole).all() else [figure.skin, figure.whole]
        found = evidence_of(self.dictionary, stack((shape_vector(mask, self.aspect) for mask in masks), 0))
        sure = [(*_most_probable(evidence), evidence, number > 0) for number, evidence in enumerate(found)]
        sure = [one for one in sure if self._fits(one[0], one[1], one[2], figure, silhouette=one[3])]
        if not sure:
            return OTHER, found[0]
        kind, _, evidence, _ = max(sure, key=lambda one: one[1] - REST_PENALTY * one[2].rest)
        return kind, evidence

    def _fits(self, kind: ChargeKind, odds: float, evidence: Evidence, figure: Figure, *, silhouette: bool) -> bool:
        """Whether a figure can be of a kind: it is probable enough, and the figure's size, proportions and colours are
        possible for it.

        odds: probability of all classes of the kind; evidence: of the skin or, if `silhouette`, of the silhouette.
        """
        if kind is OTHER or odds < kind.sure or evidence.rest > kind.rest:
            return False
        name = kind.name
        if name == "star":
            star = _class(kind, evidence)
            if star == "star 4":
                splinter = evidence.odds[star] <= SPLINTER_SURE or evidence.rest >= SPLINTER_REST
                return not splinter and figure.share > SPLINTER_LEAST
            blurred = figure.share < LARGE_STAR or star in MANY_POINTS
            return evidence.odds[star] > STAR_SURE and (blurred or evidence.rest < STAR_REST)
        tall, wide = (float(np.std(place)) for place in np.nonzero(figure.whole))
        ratio = wide * self.aspect / max(tall, LEAST_HEIGHT)
        if name == "cross":
            return CROSS_WIDTH[0] < ratio < CROSS_WIDTH[1]
        if name == "sun":
            plain = figure.colours.max() > SUN_PLAIN * figure.colours.sum()
            rising = ratio > SUN_WIDTH[1] and evidence.rest < RISING_REST
            shaped = SUN_WIDTH[0] < ratio < SUN_WIDTH[1] or rising
            return shaped and (plain or not (silhouette or figure.share < SMALL_SUN))
        return True

    def _corrected(self, named: list[Named], unclear: list[Figure], tree: Tree) -> tuple[list[Named], list[Figure]]:
        """Corrects (named, unclear) by what is beside them: among equal stars a blurred figure is named a star, and
        beside a sun small unclear figures are dropped, as rays of it."""
        stars = [one.element for one in named if one.element.element == "star"]
        if len(stars) >= CONSTELLATION:
            size = float(np.median([star.share for star in stars]))
            blurred = [
                figure
                for figure in unclear
                if (self.colours[figure.colour],) == stars[0].colours
                and STAR_SIZES[0] < figure.share / size < STAR_SIZES[1]
            ]
            named = [*named, *(Named(replace(stars[0], share=one.share, **_at([one], tree))) for one in blurred)]
            unclear = [figure for figure in unclear if figure not in blurred]
        sun = max((one.element.share for one in named if one.element.element == "sun"), default=0.0)
        return named, [figure for figure in unclear if figure.share > SUN_SPLINTER * sun]

    def _rayed(self, forest: Sequence[Figure], tree: Tree) -> tuple[Element, list[Figure]] | None:
        """Finds a sun whose rays are separate figures, which is a disc with small figures all around it.

        Returns (the sun, the other figures of the forest), or None.
        """
        if len(forest) < RAYS + 1:
            return None
        core = max(forest, key=lambda figure: figure.share)
        kind, evidence = self.kind(core)
        if kind.name not in ("disc", "ring", "sun"):
            return None
        radius = (core.share * core.pixels * self.aspect / np.pi) ** 0.5
        colours = {core.colour, *(inner.colour for inner in core.inside)}
        rays, angles = [], []
        for figure in forest:
            down = figure.middle[0] - core.middle[0]
            along = (figure.middle[1] - core.middle[1]) * self.aspect
            near = radius < np.hypot(down, along) < RAY_REACH * radius and figure.share < RAY_SHARE * core.share
            if near and figure.colour in colours and self.kind(figure)[0].name != "star":
                rays.append(figure)
                angles.append(float(np.arctan2(down, along)))
        if len(rays) < RAYS or np.diff(sorted([*angles, min(angles) + 2 * np.pi])).max() > RAY_GAP:
            return None
        face = _largest(core.inside) if kind.name == "ring" else None
        colour = self.colours[(face or core).colour]
        share = core.share + sum(figure.share for figure in rays)
        features = speakers(self.dictionary, [evidence], *kind.classes)
        sun = Element("sun", (colour,), share=share, features=features, **_at([core, *rays], tree))
        return sun, [figure for figure in forest if figure is not core and figure not in rays]

    def _opaque(self, forest: Sequence[Figure], tree: Tree) -> list[Figure]:
        """The figures of a forest, without those through which the ground is seen: what is inside takes their place."""
        ground = set(np.unique(tree.ground).tolist())
        out: list[Figure] = []
        for figure in forest:
            seen_through = figure.colour in ground and figure.inside and self.kind(figure)[0] is OTHER
            out += self._opaque(figure.inside, tree) if seen_through else [figure]
        return out

    def _layers(self, name: str, figure: Figure) -> tuple[str, ...]:
        """The colours of a figure, the main one first.

        Two where a figure of the same kind lies on it, of which it is the edge, or where its skin is one half of it.
        """
        skin = self.colours[figure.colour]
        inner = _largest(figure.inside)
        if inner is None or inner.share < INNER * figure.share:
            return (skin,)
        if self.kind(inner)[0].name == name:
            return tuple(dict.fromkeys((self._layers(name, inner)[0], skin)))
        return tuple(dict.fromkeys((skin, self.colours[inner.colour]))) if self._halved(figure) else (skin,)

    def _halved(self, figure: Figure) -> bool:
        """Whether a figure's skin and the figure inside it lie beside each other, as two halves do."""
        inner = _largest(figure.inside)
        if inner is None or inner.inside or inner.share < INNER * figure.share:
            return False
        return bool(holes_filled(figure.skin).sum() < HALF * figure.whole.sum())

    def _emblem(self, figures: Sequence[Figure], share: float, tree: Tree) -> Element:
        """An emblem made of some figures. share: of the flag's area."""
        total: dict[str, int] = {}
        for figure in figures:
            for colour, pixels in enumerate(figure.colours.tolist()):
                total[self.colours[colour]] = total.get(self.colours[colour], 0) + pixels
        least = EMBLEM_COLOUR * sum(total.values())
        colours = sorted(
            (name for name in total if total[name] > least and name in COLOUR_WORDS), key=lambda n: -total[n]
        )
        evidence = evidence_of(self.dictionary, stack((shape_vector(one.whole, self.aspect) for one in figures), 0))
        features = speakers(self.dictionary, evidence, *OTHER.classes)
        return Element("emblem", tuple(colours), share=share, features=features, **_at(figures, tree))


def _at(figures: Sequence[Figure], tree: Tree) -> dict[str, Any]:
    """The fields `place` and `box` of an element that is made of some figures."""
    boxes = [
        (top / tree.size[0], bottom / tree.size[0], left / tree.size[1], right / tree.size[1])
        for top, bottom, left, right in (figure.box for figure in figures)
    ]
    box = _around(boxes)
    return {"place": place_of(box), "box": box}


def _around(boxes: Sequence[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    """The box around some boxes: top, bottom, left, right."""
    tops, bottoms, lefts, rights = zip(*boxes, strict=True)
    return min(tops), max(bottoms), min(lefts), max(rights)


def merged(elements: Sequence[Element]) -> list[Element]:
    """Merges figures of one kind, colour and similar size into one element with a count, and the emblems of one place
    into one emblem."""
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


def _most_probable(evidence: Evidence) -> tuple[ChargeKind, float]:
    """The most probable kind, and the probability of its classes together."""
    odds = {kind: sum(evidence.odds[name] for name in kind.classes) for kind in (*CHARGES, OTHER)}
    best = max(odds, key=lambda kind: odds[kind])
    return best, odds[best]


def _class(kind: ChargeKind, evidence: Evidence) -> str:
    """The most probable class of a kind."""
    return max(kind.classes, key=lambda name: evidence.odds[name])


def _largest(figures: Sequence[Figure]) -> Figure | None:
    return max(figures, key=lambda figure: figure.share, default=None)


def _stands_alone(element: Element, whole: float, unclear_share: float) -> bool:
    """Whether a figure beside an emblem is no part of it.

    whole: share of the flag that the charge covers; unclear_share: the same of what is unclear of it.
    """
    return (
        (element.element == "star" and element.share < BESIDE_STAR * whole)
        or (element.element == "sun" and element.share > BESIDE_SUN * unclear_share)
        or (element.element == "disc" and element.share > BESIDE_DISC)
    )
