"""Cuts what no other shape fits (eagles, arms, dragons) out of large pictures of the flags, for `make.py cutouts`.

Which part of a flag it is, its parse says; its edges are those of the large picture. What it does not cover
is the ground around it, and so are its holes. Its plain outlines are those of what the parse has cut out.

A cut-out is left out where its plain outlines are nearer to the large picture than its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from flagsae.colours import channels
from flagsae.design import quick
from flagsae.design.art import UNIT, Art, encode
from flagsae.design.cutouts import LOOK, Cutouts, least_likeness, look
from flagsae.design.parse import cut_outs
from flagsae.design.parsing.cut import CutOut as Cut
from flagsae.design.parsing.native import native
from flagsae.design.segment import NOTHING, dilate, without
from flagsae.design.shades import TINTS, entry_of
from flagsae.design.shapes import flattened
from flagsae.design.tracing import art_of
from flagsae.flags.dataset import Dataset, load_dataset
from flagsae.flags.flatten import flat_colours, flatten, nearest_colour
from flagsae.flags.palette import Palette, Picture
from flagsae.flags.pictures import read_picture
from flagsae.flags.regions import LabelMap, bounds, connected_regions, dissolve, holes_filled, region_areas
from flagsae.oklab import oklab

Mask = NDArray[np.bool_]

PROCESSES = 2  # that make them
LEAST = 40  # pixels of the label map: a smaller cut-out is not worth to be shipped
# All by eye, at pictures 1224 pixels wide. Pixels are those of the finer map.
FINER = 2  # times finer than the pictures is the map that is traced
SPECK = 24  # pixels: smaller regions are dissolved
BLENDED = 0.08  # in OKLab: so far from the one colour around it, a pixel belongs to a line of another
LINE_SHARE = 0.35  # least share of that colour in it
LINE_GAIN = 0.4  # times the squared distance from a line's colour, so that what is half blended is line
AROUND = 12  # pixels around its mask in which a cut-out's edges may be
WITHIN = 0.5  # of a region: with more in the mask it is a part of the cut-out
SEEN_THROUGH = 0.9  # of a region: with more in the colour of the ground it is like it
ENCLOSED = 0.85  # of a region's edge, along pieces that reach the ground outside: it is a hole between them
ONE_COLOUR = 0.9  # of a cut-out: with more in one colour it is a figure and no arms
SEVERAL = 0.2  # of what is like the ground in it: with more in a second colour of the ground, it is the ground
BESIDE = 28  # pixels from a cut-out to what is a part of it too, and so on: leaves of a wreath that the fine grid lost
BESIDE_LARGEST = 0.2  # of the cut-out: what is larger is something else
BESIDE_REACH = 0.15  # of the longer side of its box, beyond which there is no part of it
ODD, ODD_THICK = 240, 6  # pixels, and half as thick: a piece that has run into the ground, and is not that of an edge
VAGUE = 0.06  # in OKLab: so much farther than the nearest entry may be the one that it has on the fine grid
CLEARER = 0.06  # in OKLab: so much nearer, or where another slot has the entry itself, a shade is a colour's name


def cuts_of(dataset: Dataset, position: int) -> tuple[LabelMap, list[Cut]]:
    """The label map of a flag as it is parsed, h x w, and what is cut out of it."""
    flags = dataset.flags
    fine, aspect = flags.fine[position], float(flags.aspect[position])
    found = cut_outs(fine, dataset.palette, aspect, flags.fine)
    return native(fine, aspect), [cut for cut in found if (cut.labels != NOTHING).sum() >= LEAST]


class CutOut:
    """One of a flag, as a map of colours. Lengths are in pixels of the large picture.

    picture: H x W x 3, large; fine: the flag's label map; cut: what is cut out of that.
    """

    def __init__(self, picture: Picture, fine: LabelMap, cut: Cut, palette: Palette) -> None:
        self.palette = palette
        seen = np.full_like(fine, NOTHING)
        seen[cut.top : cut.top + cut.labels.shape[0], cut.left : cut.left + cut.labels.shape[1]] = cut.labels
        core = enlarged(seen != NOTHING, picture.shape[:2])
        top, bottom, left, right = bounds(core)
        reach = round(BESIDE_REACH * max(bottom - top, right - left)) + AROUND
        self.top, self.left = max(0, top - reach), max(0, left - reach)
        box = np.s_[self.top : bottom + reach + 1, self.left : right + reach + 1]
        self.colours = flat_colours(picture[box])  # of its surroundings alone: those of small parts are among them
        own = sharpened(picture[box], self.colours)

        def here(labels: NDArray[Any]) -> NDArray[Any]:
            """A map of the flag at the size of this one."""
            return enlarged(enlarged(labels, picture.shape[:2])[box], own.shape)

        shape = (len(self.colours), len(palette))
        self.votes = counted(own, here(fine), shape)
        self.ground = here(without(fine, holes_filled(dilate(seen != NOTHING, 2))))
        """Palette indices of what is around it and below it, as large as `labels`."""
        self.shown = enlarged(flatten(picture[box], palette)[0], own.shape)
        """Palette indices of what the large picture shows there."""
        found = self._cut(own, here(seen != NOTHING), self.votes.argmax(0).astype(np.uint8)[self.ground])
        self.names, slots = self._named(found)
        self.labels = slots[found]
        """H x W of its surroundings: numbers of `names`, NOTHING elsewhere."""
        self.plain = self._slots(cut.labels, here(seen))
        """What is cut out of the flag's label map, h x w: numbers of `names`, NOTHING elsewhere."""

    def _slots(self, labels: LabelMap, seen: LabelMap) -> LabelMap:
        """The label map of a cut-out as numbers of `names`: of those in an entry's colour, the one that is most often
        where it is. Entries that none has become further names. seen: the map at the size of this one."""
        both = (seen != NOTHING) & (self.labels != NOTHING)
        pairs = counted(self.labels[both], seen[both], (NOTHING, len(self.palette)))
        numbers = np.full(NOTHING + 1, NOTHING, np.uint8)
        for entry in np.unique(labels[labels != NOTHING]).tolist():
            name = self.palette.names[entry]
            having = [slot for slot, own in enumerate(self.names) if entry_of(own) == name]
            if not having:
                having, self.names = [len(self.names)], (*self.names, name)
            numbers[entry] = max(having, key=lambda slot: pairs[slot, entry])
        return numbers[labels]

    def _cut(self, labels: LabelMap, core: Mask, ground: LabelMap) -> LabelMap:
        near = dilate(core, AROUND)
        regions = connected_regions(labels)
        areas = region_areas(regions)

        def share(pixels: Mask) -> NDArray[np.float64]:
            return np.bincount(regions[pixels], minlength=len(areas)) / areas

        inside = share(near) > WITHIN
        ground_like = share(labels == ground) > SEEN_THROUGH
        kept = inside & ~self._holes(labels, regions, inside, ground_like)
        kept |= self._beside(regions, areas, kept, ground_like)
        own = kept[regions]
        own |= _pieces(~inside[regions] & core & (labels != ground), labels)
        return np.where(own, labels, NOTHING).astype(np.uint8)

    @staticmethod
    def _beside(
        regions: NDArray[np.int32], areas: NDArray[np.int64], kept: NDArray[np.bool_], ground: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Which regions are near to those that are kept, or to others that are near: small ones that are no ground."""
        own = kept[regions]
        if not own.any():
            return kept
        top, bottom, left, right = bounds(own)
        reach = round(BESIDE_REACH * max(bottom - top, right - left))
        box = np.s_[max(0, top - reach) : bottom + reach + 1, max(0, left - reach) : right + reach + 1]
        within = np.bincount(regions[box].ravel(), minlength=len(areas)) == areas
        small = within & ~ground & ~kept & (areas < BESIDE_LARGEST * own.sum())
        part, pixels = small[regions[box]] | own[box], own[box]
        blobs = connected_regions(dilate(part, BESIDE // 2).astype(np.uint8))
        joined = np.isin(blobs, np.unique(blobs[pixels])) & part
        found = np.zeros_like(kept)
        found[np.unique(regions[box][joined])] = True
        return found & small

    @staticmethod
    def _holes(
        labels: LabelMap, regions: NDArray[np.int32], inside: NDArray[np.bool_], ground: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Which regions inside, of those in the colour of the ground, are holes through which it is seen.

        All are in a figure of one colour, and where the ground is of several colours and they are too; elsewhere those
        that only what reaches the ground outside encloses, as wings and twigs do. Others are parts of arms.
        """
        inner, areas = inside & ground, region_areas(regions)
        own = np.bincount(labels[(inside & ~ground)[regions]], minlength=1)
        seen = np.sort(np.bincount(labels[inner[regions]], minlength=2))
        if own.max() > ONE_COLOUR * own.sum() or seen[-2] > SEVERAL * seen.sum():
            return inner
        one = np.concatenate([regions[:, 1:].ravel(), regions[1:].ravel()])
        two = np.concatenate([regions[:, :-1].ravel(), regions[:-1].ravel()])
        apart = one != two
        pairs = np.concatenate([np.stack([one, two], 1)[apart], np.stack([two, one], 1)[apart]])
        outer = np.zeros(len(areas), bool)
        outer[pairs[~inside[pairs[:, 1]], 0]] = True
        edge = np.bincount(pairs[:, 0], minlength=len(areas))
        reaching = np.bincount(pairs[:, 0], outer[pairs[:, 1]], len(areas))
        return inner & (reaching > ENCLOSED * edge)

    def _named(self, cut: LabelMap) -> tuple[tuple[str, ...], NDArray[np.uint8]]:
        """The names of its colours, the most frequent first, and the number of the name for each flat colour.

        A name is a palette entry, or a shade that belongs to it. Colours with one name become one.
        """
        counts = np.bincount(cut.ravel(), minlength=NOTHING + 1)[:NOTHING]
        lab, rgb = oklab(self.colours), oklab(self.palette.rgb)
        away = self.palette.distances(lab)
        found: dict[str, int] = {}
        numbers = np.full(NOTHING + 1, NOTHING, np.uint8)
        for colour in np.argsort(-counts, kind="stable")[: np.count_nonzero(counts)].tolist():
            entry, near = int(self.votes[colour].argmax()), int(away[colour].argmin())
            entry = entry if away[colour, entry] < away[colour, near] + VAGUE else near
            name = self.palette.names[entry]
            choices = {name: float(np.linalg.norm(lab[colour] - rgb[entry]))}
            for shade, (of, tint) in TINTS.items():
                if of == name:
                    tinted = oklab(np.array(channels(tint.removeprefix("#")), float))
                    choices[shade] = float(np.linalg.norm(lab[colour] - tinted)) + CLEARER * (name not in found)
            numbers[colour] = found.setdefault(min(choices, key=lambda one: choices[one]), len(found))
        return tuple(found), numbers


def counted(some: LabelMap, others: LabelMap, shape: tuple[int, int]) -> NDArray[np.int64]:
    """How many pixels have each pair of labels in two maps."""
    pairs = some.astype(np.int64) * shape[1] + others
    return np.bincount(pairs.ravel(), minlength=shape[0] * shape[1]).reshape(shape)


def sharpened(picture: Picture, colours: NDArray[np.uint8]) -> LabelMap:
    """The flat colour of each pixel of a picture that is FINER times as large, so that edges lie where the blends of
    colours along them say. colours: n x 3."""
    labels = nearest_colour(picture, colours)
    rgb = colours.astype(np.float64)
    lines = _lines(picture, labels, colours)
    labels = np.where(lines == NOTHING, labels, lines)
    height, width = labels.shape
    size = (FINER * width, FINER * height)
    large = np.array(Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC)).astype(np.float64)
    padded = np.pad(labels, 1, mode="edge")
    best = np.full(large.shape[:2], np.inf)
    found = np.zeros(large.shape[:2], np.uint8)
    for down in range(3):
        for along in range(3):
            beside = enlarged(padded[down : down + height, along : along + width], found.shape)
            away = ((large - rgb[beside]) ** 2).sum(2)
            away *= np.where(enlarged(lines, found.shape) == beside, LINE_GAIN, 1)
            nearer = away < best
            best[nearer], found[nearer] = away[nearer], beside[nearer]
    return dissolve(found, SPECK)


def _lines(picture: Picture, labels: LabelMap, colours: NDArray[np.uint8]) -> LabelMap:
    """The colours of lines that are too thin to have a pixel of their own colour: NOTHING elsewhere.

    All around such a pixel is one colour, and it is a blend of that and of the line's.
    """
    padded = np.pad(labels, 2, mode="edge")
    height, width = labels.shape
    around = [padded[y : y + height, x : x + width] for y in range(5) for x in range(5)]
    alone = np.logical_and.reduce([one == labels for one in around])
    lab, flat = oklab(picture), oklab(colours)
    odd = alone & (np.sqrt(((lab - flat[labels]) ** 2).sum(2)) > BLENDED)
    found = np.full(labels.shape, NOTHING, np.uint8)
    pixels, base = picture[odd].astype(np.float64), colours[labels[odd]].astype(np.float64)
    best = np.full(len(pixels), np.inf)
    chosen = np.full(len(pixels), NOTHING, np.uint8)
    for number, colour in enumerate(colours.astype(np.float64)):
        along = colour - base
        share = ((pixels - base) * along).sum(1) / np.maximum((along**2).sum(1), 1)
        off = ((pixels - base - share[:, None] * along) ** 2).sum(1)
        fits = (share > LINE_SHARE) & (share < 1.2) & (off < best)
        best[fits], chosen[fits] = off[fits], number
    found[odd] = chosen
    return found


def _pieces(pixels: Mask, labels: LabelMap) -> Mask:
    """The pixels without pieces that are small or thin."""
    blobs = connected_regions(np.where(pixels, labels, NOTHING))
    large = region_areas(blobs) >= ODD
    thick = np.zeros_like(large)
    thick[blobs[pixels & ~dilate(~pixels, ODD_THICK)]] = True
    return pixels & (large & thick)[blobs]


def enlarged(small: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """A map at a larger size, by the nearest pixel."""
    rows, columns = ((np.arange(new) * 2 + 1) * old // (2 * new) for new, old in zip(shape, small.shape, strict=True))
    return small[rows[:, None], columns]


@dataclass(frozen=True, eq=False)
class Made:
    """One that is made."""

    slug: str
    """Of its flag."""
    colours: tuple[str, ...]
    """As of `Cutouts`, and so are the others."""
    code: bytes
    plain: bytes
    seat: NDArray[np.float64]
    size: float
    look: NDArray[np.uint8]
    least: float


def of_flag(position: int, folder: Path) -> list[Made]:
    """The cut-outs of one of the flags that are shipped. folder: as of `made`."""
    dataset = load_dataset()
    name = dataset.flags.names[position].slug
    picture = read_picture(folder / f"{name}.png")
    fine, cuts = cuts_of(dataset, position)
    aspect = float(dataset.flags.aspect[position]) * fine.shape[0] / fine.shape[1]  # of a pixel
    made = (CutOut(picture, fine, cut, dataset.palette) for cut in cuts)
    found = [made_of(name, one, cut, aspect, len(picture), fine) for one, cut in zip(made, cuts, strict=True)]
    return [one for one in found if one is not None]


def made_of(slug: str, own: CutOut, cut: Cut, aspect: float, height: int, fine: LabelMap) -> Made | None:
    """A cut-out in all its forms; None where there is nothing of it, or nothing gained. aspect: width of a pixel of the
    fine map over its height; height: of the large picture."""
    if (own.labels == NOTHING).all():
        return None
    (art, slots), (shown, shown_slots) = art_of(own.labels), art_of(own.plain, aspect)
    order = list(dict.fromkeys([*shown_slots, *slots]))  # the main colour of what is seen is the first
    # x and y of the centre of each, and half of its longer side, in pixels of the finer map.
    row = FINER * height / fine.shape[0]
    (high, wide), (top, bottom, left, right) = cut.labels.shape, bounds(own.labels != NOTHING)
    box = np.array([(cut.left + wide / 2) * aspect, cut.top + high / 2, max(wide * aspect, high) / 2]) * row
    box[:2] -= FINER * np.array([own.left, own.top])
    circle = np.array([left + right + 1, top + bottom + 1, max(right - left, bottom - top) + 1]) / 2
    seat = np.append(circle[:2] - box[:2], circle[2]) / box[2]
    moved = [np.round((chain - seat[:2] / UNIT) / seat[2]).astype(np.int64) for chain in shown.chains]
    whole = renumbered(art, slots, order)
    plain = renumbered(Art(shown.slots, tuple(moved), shown.contours), shown_slots, order)
    entries = [own.palette.names.index(entry_of(own.names[slot])) for slot in order]
    off = wrong(own, (whole, plain), entries, circle)
    if off[0] >= off[1]:
        return None
    seen = look(cut.labels, aspect)
    size = box[2] * seat[2] / row
    colours = tuple(own.names[slot] for slot in order)
    return Made(slug, colours, encode(whole), encode(plain), seat, size, seen, least_likeness(seen))


def renumbered(art: Art, slots: Sequence[int], order: Sequence[int]) -> Art:
    """An art whose slots are in another order. slots: what each is now."""
    contours = tuple((order.index(slots[slot]), steps) for slot, steps in art.contours)
    return Art(len(order), art.chains, contours)


def wrong(own: CutOut, arts: Sequence[Art], entries: Sequence[int], circle: NDArray[np.float64]) -> list[float]:
    """The share of pixels that each of some arts has in another colour than the large picture, of those that one of
    them covers.

    entries: of the palette, of each slot; circle: x and y of their centre and their radius on the map of `own`.
    """
    maps = np.repeat(own.ground[None], len(arts), 0)
    covered = np.zeros(own.shown.shape, bool)
    for drawn, art in zip(maps, arts, strict=True):
        for slot, contours in art.areas():
            mask = quick.filled([flattened(path) * circle[2] + circle[:2] for path in contours], *own.shown.shape)
            drawn[mask] = entries[slot]
            covered |= mask
    return [float((drawn != own.shown)[covered].mean()) for drawn in maps]


def made(folder: Path) -> Cutouts:
    """The cut-outs of all flags that are shipped, those that look alike once. folder: of the large pictures, by their
    flags' slugs."""
    names: list[str] = []
    kept: list[Made] = []
    palette = load_dataset().palette
    with ProcessPoolExecutor(PROCESSES) as pool:
        for one in chain.from_iterable(pool.map(of_flag, range(len(load_dataset().flags)), repeat(folder))):
            if joined(names, kept).known(one.look, palette):
                continue
            count = sum(other.slug == one.slug for other in kept)
            names.append(f"{one.slug}-{count + 1}" if count else one.slug)
            kept.append(one)
            print(names[-1], len(one.code), len(one.plain), *one.colours, sep=", ", flush=True)
    return joined(names, kept)


def joined(names: Sequence[str], kept: Sequence[Made]) -> Cutouts:
    """Cut-outs as a file has them."""
    arrays: dict[str, Any] = {}
    for kind, ends, codes in (
        ("codes", "ends", [one.code for one in kept]),
        ("plain_codes", "plain_ends", [one.plain for one in kept]),
    ):
        arrays[kind] = np.frombuffer(b"".join(codes), np.uint8)
        arrays[ends] = np.cumsum([len(code) for code in codes], dtype=np.int64)
    return Cutouts(
        tuple(names),
        tuple(one.colours for one in kept),
        **arrays,
        seats=np.array([one.seat for one in kept], np.float32).reshape(-1, 3),
        sizes=np.array([one.size for one in kept], np.float32),
        looks=np.array([one.look for one in kept], np.uint8).reshape(-1, LOOK, LOOK),
        least=np.array([one.least for one in kept], np.float32),
    )
