"""Art: the outlines of a cut-out, which is what no other shape fits: an eagle, a coat of arms, a dragon.

A charge names its art by a text. It is the name of a shipped cut-out ("mexico"), or "=" and the outlines themselves
(`encode`), so that a design stays something to compare, to hash and to write as JSON.

An art has slots, which are filled with one colour each, so that it can be recoloured. (0, 0) is the centre of its
bounding box, 1 half of the box's longer side, and y runs downwards.

A cut-out that is shipped has plain outlines beside its whole ones: what is left of it on its flag's fine grid, where a
line that is thinner than half a pixel has no pixel. A map of few pixels, each of one colour, is drawn with them.

The binary form is deflated, and holds each border between two slots once:

    6 x uint32      counts: slots, chains, pieces, curves among the pieces, contours, steps
    a bit a piece   whether it is a curve
    uint16          whole numbers from 0, 1, -1, 2, -2, ..., all low bytes before all high bytes; in this order
        chains      the pieces of each chain
        contours    the slot of each contour
        contours    the steps of each contour
        steps       2 x chain + 1 where it is followed backwards; as the difference from the step before
        2 x chains  x, y where each starts, as the difference from the end of the chain before
        2 x lines   of each piece that is a line: its end from its start
        6 x curves  of each other piece: control 1 and end from its start, control 2 from its end

Coordinates are whole numbers of `UNIT`. Areas are painted in the order of their contours; contours of one slot that
follow one another are filled together by the even-odd rule.
"""

from __future__ import annotations

import base64
import binascii
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.checks import Damaged, short
from flagsae.design.shapes import Outline

Ints: TypeAlias = NDArray[np.int64]
Areas: TypeAlias = tuple[tuple[int, tuple[Outline, ...]], ...]  # in painting order: a slot, and its contours

UNIT = 1 / 2048  # what coordinates are whole numbers of: at 2400 pixels across an eagle, a fifth of one
OUTLINES = "="  # a text begins with it where it has the outlines themselves
COUNTS = struct.Struct("<6I")
# Limits of what a text may hold. Mexico's arms, the largest that are shipped, have 30,000 characters and 6,000 pieces.
MOST_TEXT = 300_000  # characters
MOST_BYTES = 500_000  # before deflation
MOST_SLOTS = 64
MOST_CHAINS = 16_000  # so that the number of a step fits into 16 bits
MOST_PIECES = 20_000  # of all contours: a border between two slots counts twice
FARTHEST = 4.0  # from the centre, of a point


@dataclass(frozen=True, eq=False)
class Art:
    """The borders of an art, each once, and the contours that they make."""

    slots: int
    chains: tuple[Ints, ...]
    """S x 4 x 2 each: S cubic Béziers end to end, in `UNIT`s."""
    contours: tuple[tuple[int, tuple[tuple[int, bool], ...]], ...]
    """Of each in painting order: its slot, and its steps, which are a chain and whether it is followed forwards."""

    def areas(self) -> Areas:
        """The contours of each area."""

        def contour(steps: Sequence[tuple[int, bool]]) -> Outline:
            pieces = [self.chains[chain] if on else self.chains[chain][::-1, ::-1] for chain, on in steps]
            outline: Outline = np.concatenate(pieces).astype(np.float64) * UNIT
            outline.setflags(write=False)  # it is kept in a cache
            return outline

        return tuple(
            (slot, tuple(contour(steps) for _, steps in group))
            for slot, group in groupby(self.contours, key=lambda one: one[0])
        )


def fault(art: str, colours: int) -> str:
    """What is wrong with an art that is to have so many colours; "" where nothing is."""
    if not art:
        return "needs its art: the name of a cut-out that is shipped, or outlines"
    try:
        slots = slots_of(art)
    except Damaged as error:
        return str(error)
    return "" if colours == slots else f"has {colours} colours, not {slots}"


def slots_of(art: str) -> int:
    """How many slots an art has. Raises `Damaged` where a text is none."""
    if art.startswith(OUTLINES):
        return _drawn(art, False)[0]
    from flagsae.design.cutouts import shipped  # reads a file

    return len(shipped().colours[shipped().number(art)])


def outlines(art: str, plain: bool = False) -> Areas:
    """The areas of an art, or of its plain outlines where it has some. Raises `Damaged` where a text is none."""
    return _drawn(art, plain)[1]


def pieces_of(art: str, plain: bool = False) -> int:
    """How many curves and lines its contours have. As `outlines`."""
    return sum(len(contour) for _, contours in outlines(art, plain) for contour in contours)


def plain_below(art: str) -> float:
    """The radius in pixels, up to which an art is drawn with its plain outlines on a map of one colour a pixel; 0 where
    it has none. Raises `Damaged` where a text is none."""
    if art.startswith(OUTLINES):
        return 0.0
    from flagsae.design.cutouts import shipped

    return shipped().plain_below(art)


@lru_cache(256)
def _drawn(art: str, plain: bool) -> tuple[int, Areas]:
    """The number of slots, and the areas."""
    drawing = _read(art, plain)
    return drawing.slots, drawing.areas()


def _read(art: str, plain: bool) -> Art:
    if art.startswith(OUTLINES):
        return decode(unpacked(art))
    from flagsae.design.cutouts import shipped

    drawing = decode(shipped().code(art, plain))
    if drawing.slots != slots_of(art):
        raise Damaged("has an art whose slots are not those of its colours")
    return drawing


def text(code: bytes) -> str:
    """The text of an art's binary form."""
    return OUTLINES + base64.b64encode(code).decode("ascii")


def unpacked(art: str) -> bytes:
    """The binary form of a text that has the outlines themselves."""
    if len(art) > MOST_TEXT:
        raise Damaged(f"has an art of {len(art):,} characters, not {MOST_TEXT:,} at most")
    try:
        return base64.b64decode(art.removeprefix(OUTLINES).encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise Damaged(f"has an art that is no base64: {short(art)}") from None


def encode(art: Art) -> bytes:
    """The binary form of an art. Raises `Damaged` where it is too large."""
    chains = [np.asarray(chain, np.int64) for chain in art.chains]
    pieces = np.concatenate([np.zeros((0, 4, 2), np.int64), *chains])
    _limited(len(chains), sum(len(chains[chain]) for _, steps in art.contours for chain, _ in steps), art.slots)
    line = _are_lines(pieces)
    start, one, two, end = pieces.transpose(1, 0, 2)
    bounds = np.array([(chain[0, 0], chain[-1, 3]) for chain in chains]).reshape(-1, 2, 2)
    before = np.vstack([np.zeros((1, 2), np.int64), bounds[:-1, 1]]) if len(bounds) else bounds[:, 1]
    steps = np.array([2 * chain + (not on) for _, steps in art.contours for chain, on in steps], np.int64)
    numbers = [
        np.array([len(chain) for chain in chains], np.int64),
        np.array([slot for slot, _ in art.contours], np.int64),
        np.array([len(steps) for _, steps in art.contours], np.int64),
        np.diff(steps, prepend=0),
        (bounds[:, 0] - before).T.ravel(),
        (end - start)[line].T.ravel(),
        np.hstack([one - start, end - start, two - end])[~line].T.ravel(),
    ]
    values = np.concatenate(numbers)
    folded = np.where(values < 0, -2 * values - 1, 2 * values).astype("<u2")
    planes = folded.view(np.uint8).reshape(-1, 2).T.tobytes()
    counts = (art.slots, len(chains), len(pieces), int((~line).sum()), len(art.contours), len(steps))
    return zlib.compress(COUNTS.pack(*counts) + np.packbits(~line).tobytes() + planes, 9)


def decode(code: bytes) -> Art:
    """The art of a binary form. Raises `Damaged` where there is none, or one that is too large."""
    try:
        inflating = zlib.decompressobj()
        raw = inflating.decompress(code, MOST_BYTES)
    except zlib.error:
        raise Damaged("has an art that cannot be inflated") from None
    if not inflating.eof or inflating.unused_data or len(raw) < COUNTS.size:
        raise Damaged("has an art that is cut short, or too long")
    slots, chains, pieces, curves, contours, steps = COUNTS.unpack_from(raw)
    sizes = (chains, contours, contours, steps, 2 * chains, 2 * (pieces - curves), 6 * curves)
    bits = -(-pieces // 8)
    if curves > pieces or not contours or COUNTS.size + bits + 2 * sum(sizes) != len(raw):
        raise Damaged("has an art whose counts are wrong")
    body = np.frombuffer(raw, np.uint8, offset=COUNTS.size)
    line = np.unpackbits(body[:bits], count=pieces) == 0
    planes = body[bits:].reshape(2, -1).astype(np.int64)
    folded = planes[0] + 256 * planes[1]
    numbers = np.where(folded % 2, -(folded // 2) - 1, folded // 2)
    lengths, slot, many, step, starts, lines, bends = np.split(numbers, np.cumsum(sizes)[:-1])
    right = (lengths > 0).all() and lengths.sum() == pieces and line.sum() == pieces - curves
    step = step.cumsum()
    right = right and (many > 0).all() and many.sum() == steps and ((step >= 0) & (step < 2 * chains)).all()
    if not right or not ((slot >= 0) & (slot < slots)).all():
        raise Damaged("has an art whose counts are wrong")
    _limited(chains, int(lengths[step // 2].sum()), slots)
    paths = _paths(lengths, starts.reshape(2, -1).T, line, lines.reshape(2, -1).T, bends.reshape(6, -1).T)
    if np.abs(paths).max(initial=0) * UNIT > FARTHEST:
        raise Damaged("has an art that reaches beyond its box")
    first = np.append(0, lengths.cumsum())
    ends = np.stack([paths[first[:-1], 0], paths[first[1:] - 1, 3]], 1)[step // 2]  # steps x 2 x 2
    ends = np.where((step % 2)[:, None, None] == 1, ends[:, ::-1], ends)
    last = many.cumsum()
    following = np.arange(1, steps + 1)
    following[last - 1] = last - many
    if (ends[:, 1] != ends[following, 0]).any():
        raise Damaged("has an art whose outlines are not closed")
    walked = [(int(one) // 2, one % 2 == 0) for one in step.tolist()]
    return Art(
        slots,
        tuple(np.split(paths, first[1:-1])),
        tuple(
            (int(which), tuple(walked[end - count : end]))
            for which, end, count in zip(slot.tolist(), last.tolist(), many.tolist(), strict=True)
        ),
    )


def _limited(chains: int, pieces: int, slots: int) -> None:
    for what, count, most in (
        ("borders", chains, MOST_CHAINS),
        ("curves", pieces, MOST_PIECES),
        ("slots", slots, MOST_SLOTS),
    ):
        if count > most:
            raise Damaged(f"has an art of {count:,} {what}, not {most:,} at most")


def _are_lines(pieces: Ints) -> NDArray[np.bool_]:
    lines: NDArray[np.bool_] = ((pieces[:, 0] == pieces[:, 1]) & (pieces[:, 2] == pieces[:, 3])).all(1)
    return lines


def _paths(lengths: Ints, starts: Ints, line: NDArray[np.bool_], lines: Ints, bends: Ints) -> Ints:
    """The pieces of all chains, P x 4 x 2. The other arguments are as in the binary form; starts: C x 2, lines: L x 2,
    bends: (P - L) x 6."""
    one, end, two = (np.zeros((len(line), 2), np.int64) for _ in range(3))
    end[line] = two[line] = lines
    two[line] = 0
    one[~line], end[~line], two[~line] = bends[:, :2], bends[:, 2:4], bends[:, 4:]
    first = lengths.cumsum() - lengths
    moved = end.copy()
    moved[first] += starts  # all ends follow from one another, and from the starts
    ends = moved.cumsum(0)
    begin = ends - end
    return np.stack([begin, begin + one, ends + two, ends], 1)
