"""Cuts what no other shape fits (eagles, arms, dragons) out of large pictures of the flags, for `make.py cutouts`.

Which part of a flag it is, its parse says; its edges are those of the large picture. What it does not cover
is the ground around it, and so are its holes.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from flagsae.colours import channels
from flagsae.design.art import encode
from flagsae.design.cutouts import LOOK, Cutouts, least_likeness, look
from flagsae.design.parse import cut_outs
from flagsae.design.parsing.native import native
from flagsae.design.segment import NOTHING, dilate, without
from flagsae.design.shades import TINTS
from flagsae.design.tracing import art_of
from flagsae.flags.dataset import Dataset, load_dataset
from flagsae.flags.flatten import flat_colours, nearest_colour
from flagsae.flags.palette import Palette, Picture, oklab
from flagsae.flags.pictures import read_picture
from flagsae.flags.regions import LabelMap, bounds, connected_regions, dissolve, holes_filled, region_areas

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


def cutout_masks(dataset: Dataset, position: int) -> tuple[LabelMap, list[Mask]]:
    """The label map of a flag as it is parsed, h x w, and its cut-outs, a mask of it each."""
    flags = dataset.flags
    fine, aspect = flags.fine[position], float(flags.aspect[position])
    labels = native(fine, aspect)
    masks = []
    for cut in cut_outs(fine, dataset.palette, aspect, flags.fine):
        mask, own = np.zeros(labels.shape, bool), cut.labels != NOTHING
        mask[cut.top : cut.top + own.shape[0], cut.left : cut.left + own.shape[1]] = own
        masks.append(mask)
    return labels, [mask for mask in masks if mask.sum() >= LEAST]


class CutOut:
    """One of a flag, as a map of colours. Lengths are in pixels of the large picture.

    picture: H x W x 3, large; fine: the flag's label map; mask: of the cut-out, as large.
    """

    def __init__(self, picture: Picture, fine: LabelMap, mask: Mask, palette: Palette) -> None:
        self.palette = palette
        core = enlarged(mask, picture.shape[:2])
        top, bottom, left, right = bounds(core)
        reach = round(BESIDE_REACH * max(bottom - top, right - left)) + AROUND
        box = np.s_[max(0, top - reach) : bottom + reach + 1, max(0, left - reach) : right + reach + 1]
        self.colours = flat_colours(picture[box])  # of its surroundings alone: those of small parts are among them
        own = sharpened(picture[box], self.colours)
        shape = (len(self.colours), len(palette))
        pairs = own.astype(np.int64) * shape[1] + enlarged(enlarged(fine, picture.shape[:2])[box], own.shape)
        self.votes = np.bincount(pairs.ravel(), minlength=shape[0] * shape[1]).reshape(shape)
        around = enlarged(enlarged(without(fine, holes_filled(dilate(mask, 2))), picture.shape[:2])[box], own.shape)
        ground = self.votes.argmax(0).astype(np.uint8)[around]
        cut = self._cut(own, enlarged(core[box], own.shape), ground)
        self.names, slots = self._named(cut)
        self.labels = slots[cut]
        """H x W of its surroundings: numbers of `names`, NOTHING elsewhere."""

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


@dataclass(frozen=True)
class Made:
    """One that is made."""

    slug: str
    """Of its flag."""
    colours: tuple[str, ...]
    """As of `Cutouts`."""
    code: bytes
    """Of its art."""
    look: NDArray[np.uint8]
    """What it looks like on the flag's label map."""


def of_flag(position: int, folder: Path) -> list[Made]:
    """The cut-outs of one of the flags that are shipped. folder: as of `made`."""
    dataset = load_dataset()
    name = dataset.flags.names[position].slug
    labels, masks = cutout_masks(dataset, position)
    aspect = float(dataset.flags.aspect[position]) * labels.shape[0] / labels.shape[1]
    found = []
    for mask in masks:
        cut = CutOut(read_picture(folder / f"{name}.png"), labels, mask, dataset.palette)
        if cut.names:
            art, slots = art_of(cut.labels)
            seen = look(np.where(mask, labels, NOTHING).astype(np.uint8), aspect)
            found.append(Made(name, tuple(cut.names[slot] for slot in slots), encode(art), seen))
    return found


def made(folder: Path) -> Cutouts:
    """The cut-outs of all flags that are shipped, those that look alike once. folder: of the large pictures, by their
    flags' slugs."""
    names: list[str] = []
    kept: list[Made] = []
    looks, least = np.zeros((0, LOOK, LOOK), np.uint8), np.zeros(0, np.float32)
    flags = load_dataset()
    with ProcessPoolExecutor(PROCESSES) as pool:
        for one in chain.from_iterable(pool.map(of_flag, range(len(flags.flags)), repeat(folder))):
            before = Cutouts(tuple(names), (), np.zeros(0, np.uint8), np.zeros(0, np.int64), looks, least)
            if before.known(one.look, flags.palette):
                continue
            count = sum(other.slug == one.slug for other in kept)
            names.append(f"{one.slug}-{count + 1}" if count else one.slug)
            kept.append(one)
            looks, least = np.concatenate([looks, one.look[None]]), np.append(least, least_likeness(one.look))
            print(names[-1], len(one.code), *one.colours, sep=", ", flush=True)
    codes = [one.code for one in kept]
    return Cutouts(
        tuple(names),
        tuple(one.colours for one in kept),
        np.frombuffer(b"".join(codes), np.uint8),
        np.cumsum([len(code) for code in codes]),
        looks,
        least.astype(np.float32),
    )
