"""The cut-outs that are shipped: eagles, arms and dragons of the flags, traced from large drawings.

`python data/make.py cutouts` makes their file. A charge names one as its art: `Charge("cut-out", ..., art="mexico")`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae import paths
from flagsae.checks import Array, Damaged, fields, listed, short, text
from flagsae.design.segment import NOTHING
from flagsae.errors import ModelError
from flagsae.flags.coarse import averaged
from flagsae.flags.palette import Palette, flag_palette
from flagsae.flags.regions import LabelMap, bounds
from flagsae.oklab import oklab
from flagsae.tensors import FORMAT, VERSION, opened, save

FILE = "cutouts.safetensors"
LOOK = 32  # rows and columns of a look
POOL = 2  # of a look: so many rows and columns are compared as one, as edges are off by a pixel from map to map
COLOUR = 0.2  # in OKLab: at this distance of their colours two squares count for 1 / e
ALIKE = 0.8  # least likeness to be one and the same; those of 215 other flags have .69 at most
PLAIN_BELOW = 1.5  # times the radius that a cut-out has on its flag's fine grid: on larger maps it is drawn whole
PLAIN = 0.5  # how far between the likeness that a plain disc, rectangle or lozenge has, and 1, it is at least

Squares: TypeAlias = tuple[NDArray[np.float32], NDArray[np.float32]]
HEADER = {**VERSION, "names": listed(text(100)), "colours": listed(listed(text(100), 1, NOTHING))}
ARRAYS = {
    "codes": Array("byte", ("B",)),
    "ends": Array("whole", ("N",), 1),
    "plain_codes": Array("byte", ("P",), empty=True),
    "plain_ends": Array("whole", ("N",), 0),
    "seats": Array("float", ("N", 3), -4, 4),
    "sizes": Array("float", ("N",), 0, 1000),
    "looks": Array("byte", ("N", LOOK, LOOK)),
    "least": Array("float", ("N",), 0, 1),
}


@dataclass(frozen=True, eq=False)
class Cutouts:
    """N cut-outs."""

    names: tuple[str, ...]
    """After their flags: "mexico"; a second one of a flag is "peru-2"."""
    colours: tuple[tuple[str, ...], ...]
    """Those of each, a name a slot: entries of the palette and shades of `flagsae.design.shades`."""
    codes: NDArray[np.uint8]
    """The binary forms of their arts, joined: B."""
    ends: NDArray[np.int64]
    """Where each of these ends: N."""
    plain_codes: NDArray[np.uint8]
    """The binary forms of their plain outlines, joined: P."""
    plain_ends: NDArray[np.int64]
    """Where each of these ends: N; where the one before ends if it has none."""
    seats: NDArray[np.float32]
    """Where each lies on its flag, beside what its fine grid shows of it: its centre, x and y from that of the box of
    what is shown, and its radius, all over half the longer side of that box; N x 3."""
    sizes: NDArray[np.float32]
    """The radius in pixels that each has on its flag's fine grid: N."""
    looks: NDArray[np.uint8]
    """What each looks like on the fine grid (`look`): N x LOOK x LOOK."""
    least: NDArray[np.float32]
    """How alike what is one of these must be: N (`least_likeness`)."""

    def number(self, name: str) -> int:
        """The number of a cut-out. Raises `Damaged` where there is none of that name."""
        if name not in self.names:
            raise Damaged(f"has an art that is no cut-out: {short(name)}")
        return self.names.index(name)

    def code(self, name: str, plain: bool = False) -> bytes:
        """The binary form of its art, or of its plain outlines where it has some. Raises as `number`."""
        number = self.number(name)
        codes, ends = (
            (self.plain_codes, self.plain_ends) if plain and self._is_plain(number) else (self.codes, self.ends)
        )
        return codes[ends[number - 1] if number else 0 : ends[number]].tobytes()

    def plain_below(self, name: str) -> float:
        """The radius in pixels up to which a map shows its plain outlines; 0 where it has none. Raises as `number`."""
        number = self.number(name)
        return PLAIN_BELOW * float(self.sizes[number]) if self._is_plain(number) else 0.0

    def _is_plain(self, number: int) -> bool:
        """Whether it has plain outlines."""
        return bool(self.plain_ends[number] > (self.plain_ends[number - 1] if number else 0))

    def known(self, labels: LabelMap, palette: Palette, aspect: float = 1.0) -> str:
        """The name of the cut-out that a map shows, "" where it is none of these.

        labels: h x w, indices of the palette, with NOTHING around it; aspect: width of a pixel over its height.
        """
        if not self.names or not (labels != NOTHING).any():
            return ""
        likeness = self.likeness(look(labels, aspect), palette)
        best = int(likeness.argmax())
        return self.names[best] if likeness[best] >= self.least[best] else ""

    def likeness(self, one: NDArray[np.uint8], palette: Palette) -> NDArray[np.float32]:
        """How alike a look is to each: the share of both together that has about the same colour in both, N, 0 to 1."""
        return _likeness(self._squares, _squares(one[None], palette))

    @cached_property
    def _squares(self) -> Squares:
        return _squares(self.looks, flag_palette())


def look(labels: LabelMap, aspect: float = 1.0) -> NDArray[np.uint8]:
    """A cut-out in a square that it fills, in its true proportions: the label that most of each square has, or NOTHING;
    LOOK x LOOK. Arguments as of `Cutouts.known`."""
    top, bottom, left, right = bounds(labels != NOTHING)
    box = labels[top : bottom + 1, left : right + 1]
    high, wide = box.shape[0], box.shape[1] * aspect
    size = tuple(max(1, round(LOOK * side / max(high, wide))) for side in (high, wide))
    found = np.unique(box)
    shares = averaged(np.stack([box == label for label in found]), (size[0], size[1]))
    small = np.full((LOOK, LOOK), NOTHING, np.uint8)
    y, x = ((LOOK - side) // 2 for side in size)
    small[y : y + size[0], x : x + size[1]] = found[shares.argmax(0)]
    return small


def least_likeness(one: NDArray[np.uint8]) -> float:
    """How alike another look must be to be the same: more than plain shapes of any colour that fill the same box."""
    palette = flag_palette()
    top, bottom, left, right = bounds(one != NOTHING)
    y, x = (np.linspace(-1, 1, last - first + 1) for first, last in ((top, bottom), (left, right)))
    shapes = np.stack([np.hypot(y[:, None], x), np.abs(y)[:, None] + np.abs(x), 0 * y[:, None] + 0 * x]) <= 1
    plain = np.full((len(palette), len(shapes), LOOK, LOOK), NOTHING, np.uint8)
    colours = np.arange(len(palette), dtype=np.uint8)[:, None, None, None]
    plain[..., top : bottom + 1, left : right + 1] = np.where(shapes, colours, NOTHING)
    likeness = _likeness(_squares(plain.reshape(-1, LOOK, LOOK), palette), _squares(one[None], palette)).max()
    return max(ALIKE, float(likeness + PLAIN * (1 - likeness)))


def _likeness(some: Squares, one: Squares) -> NDArray[np.float32]:
    (colours, covered), (own_colours, own_covered) = some, one
    apart = ((colours - own_colours) ** 2).sum(2)
    common = (np.minimum(covered, own_covered) * np.exp(-apart / COLOUR**2)).sum(1)
    likeness: NDArray[np.float32] = common / np.maximum(covered, own_covered).sum(1)
    return likeness


def _squares(looks: NDArray[np.uint8], palette: Palette) -> Squares:
    """The squares of looks, POOL rows and columns each: the mean colour of each in OKLab, n x S x 3, and how much of it
    is covered, n x S. looks: n x LOOK x LOOK."""
    size = LOOK // POOL
    tiles = looks.reshape(-1, size, POOL, size, POOL).swapaxes(2, 3).reshape(-1, size * size, POOL * POOL)
    seen = tiles != NOTHING
    lab = oklab(palette.rgb).astype(np.float32)[np.where(seen, tiles, 0)] * seen[..., None]
    covered = seen.mean(2, dtype=np.float32)
    return lab.mean(2) / np.maximum(covered, 1 / POOL**2)[..., None], covered


def read_cutouts(path: Path) -> Cutouts:
    """The cut-outs of a file. Raises `ModelError` where it is damaged."""
    try:
        with opened(path) as file:
            header = file.checked(fields(HEADER))
            found = file.arrays(ARRAYS, {"N": len(header["names"])})
            follow = [np.diff(found[ends], prepend=0) for ends in ("ends", "plain_ends")]
            if len(header["colours"]) != len(header["names"]) or (follow[0] < 1).any() or (follow[1] < 0).any():
                raise Damaged("its cut-outs do not follow one another")
    except Damaged as error:
        raise ModelError(f"{path} is damaged ({error}): install flagsae again") from None
    names, colours = tuple(header["names"]), tuple(map(tuple, header["colours"]))
    return Cutouts(names, colours, **found)


def save_cutouts(cutouts: Cutouts, path: Path) -> None:
    header = {"format": FORMAT, "names": list(cutouts.names), "colours": [list(one) for one in cutouts.colours]}
    save(path, {name: getattr(cutouts, name) for name in ARRAYS}, header)


@lru_cache
def shipped() -> Cutouts:
    """The cut-outs that are shipped. Raises `ModelError` where their file is damaged."""
    return read_cutouts(paths.shipped(FILE))
