"""What a person would name on a flag, from its design: `elements`.

`words.said` has a phrase for everything that a design draws, however small. Here that is gathered as people say it: a
disc with rays around it is a sun, what lies within an emblem is part of it, a blurred star among stars is one of them,
and a speck is not named at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import cos, hypot, radians, sin
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.colours import plain_word
from flagsae.design import layout, quick, radiance, words
from flagsae.design.design import Charge, Design, Layer, Place
from flagsae.design.figures import SIDES
from flagsae.design.phrases import GROUNDS, Phrase, phrase_text
from flagsae.design.segment import dilate
from flagsae.design.shades import entry_of
from flagsae.design.vocabulary import Element, place_of
from flagsae.errors import DesignError, SentenceError
from flagsae.flags.regions import LabelMap

HEIGHT = 102  # of the map on which shares are measured, in pixels; by eye
# What is named, and what is part of something else; by eye, on the bundled flags.
SCRAPS = ("triangle", "rectangle", "square", "lozenge", "chevron", "disc", "cross", "saltire", "ring")  # may be bits
# Of the flag, and of an emblem's shorter side: what is so small and so near to an emblem is a detail of it.
DETAIL, DETAIL_REACH = 0.003, 0.4
FEW_POINTS = (3, 4)  # of a star that may be one
SPECK = 0.0015  # of the flag: a scrap that covers less is not named
RAYS, RAY_REACH, RAY_SIZE = 4, 2.6, 0.5  # pieces around a disc: with so many, so near and so small, it is a sun
BEAMS = 6  # figures of a disc's colour: from so many it is a sun whose rays run to the frame
EDGED, EDGE = (
    ("rectangle", "square", "lozenge", "triangle", "star"),
    0.6,
)  # shapes; of the radius of what may be its edge
SPOKES, CENTRED = 1.05, 0.1  # radii of a ring: of a sun in it that is its spokes, and from its centre
BLURRED = (0.4, 1.5)  # radii of a star, that what is a blurred one has: one of these,
ROUND = ("star", "sun", "disc", "lozenge", "square", "rectangle", "cross")
HOLDERS = ("disc", "lozenge", "rectangle", "square")  # that stars stand on
CONSTELLATION = 5  # stars: among so many an unclear figure of their colour and size is one of them
CROSS = 4  # stars: among so many a smaller one is one of them
ALIKE = 1.9  # radii of stars of one kind that are counted together: their areas differ by 3.4
INNER = 0.75  # of the radius of the whole: larger is no piece of it
FOUR, MEET = 4, 1.0  # triangles; radii that the tip of each may be away from the middle of all
SCRAP = 0.004  # of the flag: a smaller piece beside a figure of its colour is part of it
HALF, HALF_BEYOND = 0.45, 1.06  # of a disc, at least, that is half of it; radii of it within which the half lies
ENCLOSED = 0.95  # of the pixels around something, that belong to what encloses it
SMALL = 0.04  # of the height: the points of a star that is smaller cannot be counted
NAMES = {  # of elements, where they are not the nouns of phrases
    "horizontal stripe": "horizontal stripes",
    "vertical stripe": "vertical stripes",
    "diagonally halved": "diagonal",
    "diagonal band": "diagonal",
    "wedges": "field",
    "Nordic cross": "nordic cross",
    "bar": "vertical stripes",
    "serrated bar": "vertical stripes",
    "horizontal bar": "horizontal stripes",
    "square": "rectangle",
    "Union Jack": "field",
}
KINDS = {
    "diagonally halved": "halves",
    "diagonal band": "diagonal band",
    "wedges": "wedges",
    "bar": "bar",
    "serrated bar": "serrated bar",
    "horizontal bar": "bar",
    "Union Jack": "union jack",
}
MOST_POINTS = 8  # of a star: with more it is a sun, as data/ATTRIBUTES.md has it


Box: TypeAlias = tuple[float, float, float, float]  # top, bottom, left, right, as shares of height and width


@dataclass(frozen=True, eq=False)
class Part:
    """What one phrase says."""

    phrase: Phrase
    numbers: tuple[int, ...]
    """Of its layers and charges, on the map of shares."""
    places: tuple[Place, ...] = ()
    """On the whole flag; of a charge."""
    shades: tuple[str, ...] = ()
    """All colours of a charge."""
    canton: bool = False
    """Whether it is in the canton."""
    art: str = ""
    """Of a cut-out, its outlines."""

    @property
    def noun(self) -> str:
        return self.phrase.noun

    @property
    def radius(self) -> float:
        return max((place.radius for place in self.places), default=0.0)


class _Look:
    """A design taken apart into phrases, with a map of which lies where."""

    def __init__(self, design: Design, *, sizes: bool = True) -> None:
        """sizes: whether the sizes of charges are said."""
        self.aspect, self.sizes = design.aspect, sizes
        self.seen: LabelMap = np.zeros((HEIGHT, max(1, round(HEIGHT * design.aspect))), np.uint16)
        self.count = 0
        self.charges: list[int] = []  # the number of each, those of a canton first
        stretch = self.seen.shape[1] / HEIGHT / design.aspect
        self.parts = list(self._parts(design, design.aspect, self.seen, stretch, (1.0, 1.0)))
        self.shares = self._shares()

    def _shares(self) -> NDArray[np.float64]:
        """Of the flag, that each number covers."""
        return np.bincount(self.seen.ravel(), minlength=self.count + 1) / self.seen.size

    def share(self, part: Part) -> float:
        return float(self.shares[list(part.numbers)].sum())

    def around(self, part: Part) -> LabelMap:
        """The numbers of what is seen along the edge of a part: n."""
        mask = np.isin(self.seen, part.numbers)
        return self.seen[dilate(mask, 1) & ~mask]

    def encloses(self, outer: Part, inner: Part) -> bool:
        """Whether a part is seen all around another."""
        around = self.around(inner)
        return bool(len(around) and np.isin(around, outer.numbers).mean() > ENCLOSED)

    def split(self, part: Part, box: Box) -> int:
        """Gives what is seen of a part within a box a number of its own."""
        height, width = self.seen.shape
        top, bottom, left, right = np.rint(np.array(box) * (height, height, width, width)).astype(int).tolist()
        within = self.seen[max(0, top) : bottom, max(0, left) : right]
        self.count += 1
        within[np.isin(within, part.numbers)] = self.count
        self.shares = self._shares()
        return self.count

    def box(self, part: Part) -> Box:
        """Of what is seen of it; of all of it, where something else hides it."""
        mask = np.isin(self.seen, part.numbers)
        if not mask.any():
            xs, ys = [one.x for one in part.places] or [0.5], [one.y for one in part.places] or [0.5]
            return min(ys), max(ys), min(xs), max(xs)
        rows, columns = np.nonzero(mask.any(1))[0], np.nonzero(mask.any(0))[0]
        high, wide = mask.shape
        return int(rows[0]) / high, int(rows[-1] + 1) / high, int(columns[0]) / wide, int(columns[-1] + 1) / wide

    def _parts(
        self, design: Design, aspect: float, view: LabelMap, stretch: float, size: tuple[float, float]
    ) -> Iterator[Part]:
        """size: width and height of the part of the flag that the design fills."""
        _, rest = words.ground_of(design.layers)
        grounds = design.layers[: len(design.layers) - len(rest)]
        phrases = iter(words.said(design, aspect, sizes=self.sizes))
        for group in [grounds, *words.with_edges(rest)]:
            inside = group[-1].inside
            if inside is None:
                yield Part(next(phrases), (self._paint(group, view, stretch),))
                continue
            width, height = group[-1].numbers
            rows, columns = round(height * view.shape[0]), round(width * view.shape[1])
            within = (size[0] * width, size[1] * height)
            for part in self._parts(inside, aspect * width / height, view[:rows, :columns], stretch, within):
                yield replace(part, phrase=next(phrases), canton=True)
        for charge in design.charges:
            number = self._paint([charge], view, stretch)
            self.charges.append(number)
            across, down = size
            places = tuple(Place(one.x * across, one.y * down, one.radius * down, one.turn) for one in charge.places)
            yield Part(next(phrases), (number,), places, charge.colours, art=charge.art)

    def _paint(self, drawn: Sequence[Layer | Charge], view: LabelMap, stretch: float) -> int:
        self.count += 1
        for one in drawn:
            numbers = dict.fromkeys(one.colours, self.count)
            if isinstance(one, Layer):
                quick.paint_layer(one, numbers, view)
            else:
                quick.paint_charge(one, numbers, view, stretch)
        return self.count


class _Gathering:
    """What is said of a design's parts together."""

    def __init__(self, look: _Look) -> None:
        self.look = look
        self.parts = list(look.parts)

    def all(self) -> list[Part]:
        self.jacks()
        self.edged()
        self.pinwheels()
        self.halves()
        self.scraps()
        self.stars()
        self.pieces()
        self.wheels()
        self.suns()
        self.cut_suns()
        self.radiant()
        self.blurred()
        self.parts = [one for one in self.parts if not self.is_speck(one)]
        self.stars()
        self.among()
        self.emblems()
        self.edges()
        self.sides()
        return self.parts

    def join(self, kept: Part, others: Sequence[Part], phrase: Phrase, places: tuple[Place, ...] = ()) -> Part:
        """Puts a part with another phrase in the place of several."""
        numbers = (*kept.numbers, *(number for one in others for number in one.numbers))
        shades = tuple(dict.fromkeys((*kept.shades, *(shade for one in others for shade in one.shades))))
        new = replace(kept, phrase=phrase, numbers=numbers, places=places or kept.places, shades=shades)
        self.parts = [new if one is kept else one for one in self.parts if not any(one is other for other in others)]
        return new

    def away(self, part: Part, place: Place) -> float:
        """How far a part's farthest copy is from a place, in shares of the height."""
        return max(self.apart(one, place) for one in part.places)

    def apart(self, a: Place, b: Place) -> float:
        """The distance of two places, in shares of the height."""
        return a.away(b, self.look.aspect)

    def charges(self, *nouns: str) -> list[Part]:
        return [one for one in self.parts if one.places and (not nouns or one.noun in nouns)]

    def jacks(self) -> None:
        """Nothing but stars stands on a Union Jack: what looks like it are pieces of its crosses."""
        if any(one.canton and one.noun == "Union Jack" for one in self.parts):
            self.parts = [one for one in self.parts if not one.canton or one.noun in ("Union Jack", "star")]

    def edged(self) -> None:
        """A shape on a slightly larger one of its kind has it as its edge."""
        for inner in self.charges(*EDGED):
            for outer in self.charges(inner.noun):
                ratio = inner.radius / outer.radius
                alike = (inner.canton, len(inner.places)) == (outer.canton, len(outer.places))
                if outer is inner or not alike or not EDGE < ratio < 1 or inner.shades[0] == outer.shades[0]:
                    continue
                if all(min(self.apart(a, b) for b in outer.places) < CENTRED * outer.radius for a in inner.places):
                    edges = (*inner.phrase.edges, *outer.phrase.colours, *outer.phrase.edges)
                    self.join(inner, [outer], replace(inner.phrase, edges=edges, size=outer.phrase.size))
                    break

    def pinwheels(self) -> None:
        """Four triangles whose tips meet are a square with a saltire, for which there is no word."""
        for four in self.charges("triangle"):
            if len(four.places) != FOUR or four.phrase.form != "ring":
                continue
            x, y = (sum(getattr(one, axis) for one in four.places) / FOUR for axis in "xy")
            # How far each tip is from their middle, in radii.
            tips = [
                hypot((one.x - x) * self.look.aspect / one.radius + sin(turn), (one.y - y) / one.radius - cos(turn))
                for one, turn in ((one, radians(one.turn)) for one in four.places)
            ]
            if max(tips) < MEET:
                self.join(four, [], replace(four.phrase, noun="emblem", count=1, form="", size="", edges=()))

    def halves(self) -> None:
        """What fills half of a disc, and no more, is its other colour."""
        for disc in self.charges("disc"):
            for half in self.charges("emblem"):
                if len(disc.places) > 1 or len(half.shades) > 1 or half.canton != disc.canton:
                    continue
                (centre,) = disc.places
                top, bottom, left, right = self.look.box(half)
                up, along = centre.radius * HALF_BEYOND, centre.radius * HALF_BEYOND / self.look.aspect
                inside = centre.y - up < top and bottom < centre.y + up
                inside = inside and centre.x - along < left and right < centre.x + along
                shares = self.look.share(half), self.look.share(disc)
                if inside and HALF * sum(shares) < shares[0] < (1 - HALF) * sum(shares):  # not both are hidden
                    self.join(disc, [half], disc.phrase)

    def scraps(self) -> None:
        """A small piece in the colour of a figure that it touches belongs to it, as the end of a band."""
        for scrap in self.charges("emblem"):
            if not scrap.phrase.colours or self.look.share(scrap) > SCRAP:
                continue
            beside = set(self.look.around(scrap).tolist())
            figures = [one for one in self.parts[1:] if not one.places and one.phrase.colours == scrap.phrase.colours]
            touched = next((one for one in figures if not beside.isdisjoint(one.numbers)), None)
            if touched is not None:
                self.join(touched, [scrap], touched.phrase)

    def wheels(self) -> None:
        """A ring with a sun in it is a wheel, for which there is no word."""
        for ring in self.charges("ring"):
            spokes = [
                one
                for one in self.charges("sun", "star", "disc", "emblem")
                if (one.canton, one.shades[:1]) == (ring.canton, ring.shades[:1])
                and len(one.places) == len(ring.places) == 1
                and one.radius <= SPOKES * ring.radius
                and self.away(one, ring.places[0]) < CENTRED * ring.radius
            ]
            if any(one.noun in ("sun", "star") for one in spokes):
                phrase = replace(ring.phrase, noun="emblem", edges=(), size="", points=0)
                self.join(ring, spokes, phrase)

    def suns(self) -> None:
        for disc in self.charges("disc"):
            if len(disc.places) > 1:
                continue
            (centre,) = disc.places
            rays = [
                one
                for one in self.charges(*SCRAPS, "star", "emblem")
                if one is not disc
                and one.canton == disc.canton
                and one.shades[:1] == disc.shades[:1]
                and one.radius < RAY_SIZE * centre.radius
                and centre.radius < self.away(one, centre) < RAY_REACH * centre.radius
            ]
            if sum(len(one.places) for one in rays) >= RAYS:
                self.join(disc, rays, replace(disc.phrase, noun="sun", edges=(), size=""))

    def cut_suns(self) -> None:
        """Suns in what no shape fits."""
        for emblem in self.charges("emblem"):
            if not emblem.art:
                continue
            (centre,) = emblem.places
            for slot, square in radiance.suns_of(emblem.art):
                across = centre.radius / self.look.aspect
                top, bottom = (centre.y + side * centre.radius for side in square[:2])
                left, right = (centre.x + side * across for side in square[2:])
                box = (top, bottom, left, right)
                shade = emblem.shades[slot]
                place = Place((left + right) / 2, (top + bottom) / 2, (bottom - top) / 2)
                told = (one for one in self.charges("star", "sun") if one.shades[0] == shade)
                if any(self.away(one, place) < CENTRED * one.radius for one in told):
                    continue
                number = self.look.split(emblem, box)
                where = "canton" if emblem.canton else place_of(box)
                sun = Part(Phrase("sun", (shade,), place=where), (number,), (place,), (shade,), emblem.canton)
                rest = [emblem] if self.look.share(emblem) > SPECK else []
                at = next(which for which, one in enumerate(self.parts) if one is emblem)
                self.parts[at : at + 1] = [*rest, sun]
                if not rest:
                    break

    def radiant(self) -> None:
        """A disc in the centre from which figures of its colour run to the frame is a sun."""
        for disc in self.charges("disc"):
            colours = disc.phrase.colours
            rays = [one for one in self.parts[1:] if not one.places and one.phrase.colours == colours]
            if disc.phrase.place == "centre" and len(rays) >= BEAMS:
                two = {*colours, *self.parts[0].phrase.colours}
                rest = [one for one in self.charges("emblem") if two.issuperset(one.shades)]
                self.join(disc, [*rays, *rest], replace(disc.phrase, noun="sun", size=""))

    def blurred(self) -> None:
        """Figures of the colour and size of many stars are stars too."""
        for stars in self.charges("star"):
            if len(stars.places) < CONSTELLATION or not any(one is stars for one in self.parts):
                continue
            alike = [
                one
                for one in self.charges(*ROUND, "emblem")
                if one is not stars
                and (one.canton, one.shades) == (stars.canton, stars.shades)
                and len(one.places) < len(stars.places)
                and BLURRED[0] < one.radius / stars.radius < BLURRED[1]
                and (one.noun != "emblem" or is_among(one, stars))
            ]
            if alike:
                self.join_copies(stars, alike)

    def join_copies(self, kept: Part, others: Sequence[Part]) -> None:
        places = (*kept.places, *(place for one in others for place in one.places))
        where = "canton" if kept.canton else _middle(places)
        self.join(kept, others, replace(kept.phrase, count=len(places), size="", form="", place=where), places)

    def pieces(self) -> None:
        """Leaves out what is part of something else: bits of an emblem, and the ground seen through a star."""
        grounds = {shade for one in self.parts if not one.places for shade in (*one.phrase.colours, *one.phrase.edges)}
        for whole in self.charges("star", "sun", "crescent", "ring", "emblem"):
            bits = [
                one
                for one in self.charges(*SCRAPS, *(("emblem",) if whole.noun == "star" else ()))
                if one.radius < INNER * whole.radius
                and (one.noun != "emblem" or self.look.encloses(whole, one))
                and (is_bit(one, whole) or (grounds.issuperset(one.shades) and one.shades[0] not in whole.shades))
                and all(
                    any(self.away(replace(one, places=(spot,)), place) < place.radius for place in whole.places)
                    for spot in one.places
                )
            ]
            details = (one for one in self.charges() if self.is_detail(one, whole))
            bits += [one for one in details if not any(one is bit for bit in bits)]
            if bits:
                self.join(whole, bits, whole.phrase)

    def is_detail(self, part: Part, whole: Part) -> bool:
        """Whether a part is a detail of an emblem, as the stars above a coat of arms."""
        if (
            whole.noun != "emblem"
            or part is whole
            or part.noun in ("emblem", "lettering")
            or self.look.share(part) > DETAIL
        ):
            return False
        top, bottom, left, right = self.look.box(whole)
        near = DETAIL_REACH * min(bottom - top, right - left)
        return all(left - near < one.x < right + near and top - near < one.y < bottom + near for one in part.places)

    def is_speck(self, part: Part) -> bool:
        scrap = part.noun in (*SCRAPS, "emblem") or (part.noun == "star" and part.phrase.points in FEW_POINTS)
        return bool(part.places) and scrap and self.look.share(part) < SPECK

    def stars(self) -> None:
        """Counts stars of one kind and about one size together."""
        for stars in self.charges("star"):
            if not any(one is stars for one in self.parts):
                continue
            alike = [
                one
                for one in self.charges("star")
                if one is not stars
                and (one.canton, one.shades) == (stars.canton, stars.shades)
                and len(one.places) <= len(stars.places)
                and self.holder(one) is self.holder(stars)
                and (is_alike(one, stars) or (is_among(one, stars) and one.phrase.points == stars.phrase.points))
            ]
            if alike:
                self.join_copies(stars, alike)

    def among(self) -> None:
        """Stars have the place of those unlike them among which they stand: all are one constellation."""
        for stars in self.charges("star"):
            others = [one for one in self.charges("star") if one.shades == stars.shades and is_among(one, stars)]
            if others and not stars.canton:
                where = _middle([place for one in (stars, *others) for place in one.places])
                self.parts = [
                    replace(part, phrase=replace(part.phrase, place=where))
                    if any(part is one for one in (stars, *others))
                    else part
                    for part in self.parts
                ]

    def holder(self, part: Part) -> Part | None:
        """What a part stands on."""
        found = [one for one in self.charges(*HOLDERS) if len(one.places) == 1 and one is not part]
        return next((one for one in reversed(found) if self.away(part, one.places[0]) < one.radius), None)

    def emblems(self) -> None:
        """Emblems of one place are one."""
        for emblem in self.charges("emblem"):
            same = [
                one
                for one in self.charges("emblem")
                if one is not emblem and (one.phrase.place, one.canton) == (emblem.phrase.place, emblem.canton)
            ]
            if same and any(one is emblem for one in self.parts):
                colours = emblem.phrase.colours if all(one.shades == emblem.shades for one in same) else ()
                self.join(emblem, same, replace(emblem.phrase, colours=colours))

    def sides(self) -> None:
        """Triangles that come after one another are said in the order of their sides."""
        out: list[Part] = []

        def order(part: Part) -> int:
            return SIDES.index(part.phrase.place) if part.phrase.place in SIDES else len(SIDES)

        for is_triangle, run in groupby(self.parts, lambda one: one.noun == "triangle" and not one.places):
            several = list(run)
            out += sorted(several, key=order) if is_triangle else several
        self.parts = out

    def edges(self) -> None:
        """A pall below another, with a triangle between them, is its edge."""
        palls = [one for one in self.parts if one.noun == "pall"]
        if len(palls) == 2:
            under, over = palls
            edges = (*over.phrase.edges, *under.phrase.colours, *under.phrase.edges)
            self.join(over, [under], replace(over.phrase, edges=edges))


def _middle(places: Sequence[Place]) -> str:
    """The name of the place of several together; none where they are all over the flag."""
    xs, ys = [one.x for one in places], [one.y for one in places]
    where = place_of((min(ys), max(ys), min(xs), max(xs)))
    return "" if where == "all" else where


def is_alike(one: Part, stars: Part) -> bool:
    """Whether a star has the size of others, and as many points where these can be counted."""
    as_large = 1 / ALIKE < one.radius / stars.radius < ALIKE
    return as_large and (one.phrase.points == stars.phrase.points or min(one.radius, stars.radius) < SMALL)


def is_among(one: Part, stars: Part) -> bool:
    """Whether a figure lies among several stars, as the smallest of the Southern Cross."""
    xs, ys = [spot.x for spot in stars.places], [spot.y for spot in stars.places]
    inside = all(min(xs) < spot.x < max(xs) and min(ys) <= spot.y < max(ys) for spot in one.places)
    return inside and len(stars.places) >= CROSS and one.radius < stars.radius


def is_bit(part: Part, whole: Part) -> bool:
    """Whether a part that lies within another is a bit of it: a disc is more often what an emblem stands on."""
    return whole.noun == "emblem" and part.noun != "disc"


def told(design: Design) -> tuple[list[Part | None], list[Part]]:
    """What is said of each charge, those of a canton first, and what else is seen in cut-outs.

    None stands for a charge that is said as a part of another, or not at all.
    """
    look = _Look(design, sizes=False)
    parts = {part.numbers[0]: part for part in _Gathering(look).all() if part.places}
    charges = [parts.pop(number, None) for number in look.charges]
    return charges, list(parts.values())


def elements(design: Design) -> tuple[Element, ...]:
    """What is on a flag, the ground first. Of what words draw everything is said, however small."""
    look = _Look(design)
    parts = look.parts if is_drawn_by_words(design) else _Gathering(look).all()
    return tuple(one for part in parts for one in _elements(part, look))


def is_drawn_by_words(design: Design) -> bool:
    """Whether a design is just what its own sentence draws."""
    try:
        drawn = layout.flag(words.said(design))
    except (DesignError, SentenceError):
        return False
    return (drawn.layers, drawn.charges) == (design.layers, design.charges)


def _elements(part: Part, look: _Look) -> Iterator[Element]:
    phrase, share = part.phrase, look.share(part)
    name = NAMES.get(phrase.noun, phrase.noun)
    kind = KINDS.get(phrase.noun, "")
    shades = (*phrase.colours, *(() if name.endswith("stripes") else phrase.edges))
    if phrase.noun in ("emblem", "disc") and not phrase.edges:
        shades = part.shades
    place = phrase.place or "all"
    if phrase.place == "canton" and not part.places and (phrase.noun in GROUNDS or phrase.noun == "Union Jack"):
        name, kind = "canton", kind or name
    if phrase.noun == "canton":
        place = "canton"
    if phrase.noun == "Union Jack":
        shades = ("dark blue", "white", "red")
    if name == "star" and phrase.points > MOST_POINTS:
        name = "sun"
    yield Element(
        name,
        _plain(shades),
        place,
        phrase.count,
        share,
        kind=kind,
        points=(phrase.points or 5) if name == "star" else 0,
        edges=_plain(phrase.edges) if name.endswith("stripes") else (),
        box=look.box(part),
        noun=phrase.noun,
        text=phrase_text(phrase),
    )
    if phrase.noun == "Union Jack":
        for piece in ("cross", "saltire"):
            yield Element(piece, ("red", "white"), place, share=share, kind="piece", noun=piece)


def _plain(shades: Sequence[str]) -> tuple[str, ...]:
    """Plain words for a design's colours."""
    return tuple(plain_word(entry_of(shade)) for shade in shades)
