"""Label maps as pictures of any size, and pictures as PNG."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from flagsae.errors import Parameter, UsageError
from flagsae.printable import printable
from flagsae.visual.vector.outline import Shape

MOST_PIXELS = 10**8  # of a picture, and of all pictures of an animation: 300 MB
BAND = 1 << 22  # samples of a picture that are computed at a time
SAMPLED = 4  # a GIF's common palette is made of every fourth pixel, across and down
FLAT = 0.1  # output pixels: largest distance between a curve and the chords drawn for it


def check_size(width: int, height: int, count: int = 1) -> None:
    """Raises `UsageError` if `count` pictures have more than `MOST_PIXELS` together. Called before allocating them."""
    if width * height * count > MOST_PIXELS:
        what = f"{count} pictures" if count > 1 else "a picture"
        reason = f"{what} of {width:,} x {height:,} pixels would not fit into memory: give a smaller "
        raise UsageError(reason, Parameter("size"))


def rasterize(
    shapes: Sequence[Shape], size: tuple[int, int], height: int, width: int, background: int = 0
) -> NDArray[np.uint8]:
    """The label at the centre of each pixel, height x width. size: h, w of the traced map."""
    filled = [shape for shape in shapes if not shape.seam]
    labels = np.array([background, *(shape.colour for shape in filled)])
    edges = _edges(filled, width / size[1], height / size[0])
    out = np.empty((height, width), np.uint8)
    for top, bottom in _bands(height, width):
        line, x, before, after = _changes(edges, len(filled), top, bottom, width)
        steps = np.bincount(
            line * (width + 1) + np.ceil(x - 0.5).astype(int),
            labels[after] - labels[before],
            (bottom - top) * (width + 1),
        )
        out[top:bottom] = background + steps.reshape(-1, width + 1)[:, :-1].cumsum(1)
    return out


def draw(
    shapes: Sequence[Shape], tints: NDArray[np.uint8], size: tuple[int, int], width: int, height: int
) -> NDArray[np.uint8]:
    """Shapes as a picture, height x width x 3, with smooth edges. tints: C x 3; size: h, w of the traced map.

    A row of pixels is sampled along 4 or 8 horizontal lines; along each, the share of a pixel that a shape covers is
    exact. At any point of a line only the uppermost shape counts, so the background does not show through where two
    neighbours meet.
    """
    check_size(width, height)
    filled = [shape for shape in shapes if not shape.seam]
    colours = np.concatenate([[[255, 255, 255]], tints[[shape.colour for shape in filled]].reshape(-1, 3)]).astype(int)
    lines = 8 if width <= 3000 else 4
    edges = _edges(filled, width / size[1], lines * height / size[0])
    out = np.empty((height, width, 3), np.uint8)
    for top, bottom in _bands(height, width * lines):
        line, x, before, after = _changes(edges, len(filled), top * lines, bottom * lines, width)
        pixel = np.minimum(x.astype(int), width - 1)
        share = np.round((x - pixel) * 256)  # how much of the pixel lies before the change, in 256ths
        place = line // lines * (width + 1) + pixel
        change = colours[after] - colours[before]
        for channel in range(3):
            steps = np.bincount(
                np.concatenate([place, place + 1]),
                np.concatenate([(256 - share) * change[:, channel], share * change[:, channel]]),
                (bottom - top) * (width + 1),
            )
            total = steps.reshape(-1, width + 1)[:, :-1].cumsum(1) / (256 * lines)
            out[top:bottom, :, channel] = colours[0, channel] + total + 0.5
    return out


def _bands(height: int, samples: int) -> Iterator[tuple[int, int]]:
    """(first row, row after the last) of bands with about `BAND` samples, so that posters fit into memory.

    samples: how many a row of pixels has.
    """
    rows = max(1, BAND // samples)
    for top in range(0, height, rows):
        yield top, min(height, top + rows)


def _edges(shapes: Sequence[Shape], sx: float, sy: float) -> NDArray[np.float64]:
    """The contours, scaled by sx and sy, as straight edges: n x 5, (x, y) of the upper end, (x, y) of the lower end,
    number of the shape, from 1."""
    if not shapes:
        return np.zeros((0, 5))
    pieces = np.concatenate([piece for shape in shapes for piece in shape.contours]) * (sx, sy)  # (S, 4, 2)
    owner = np.repeat(np.arange(1, len(shapes) + 1), [sum(map(len, shape.contours)) for shape in shapes])
    # Two neighbours have their common curve in opposite directions. Both are flattened in the same one, so that the
    # chords are equal to the last bit.
    back = (pieces[:, 0] > pieces[:, 3])[:, 0] | (pieces[:, 0, 0] == pieces[:, 3, 0]) & (pieces[:, 0] > pieces[:, 3])[
        :, 1
    ]
    pieces[back] = pieces[back, ::-1]
    line = (pieces[:, 0] == pieces[:, 1]).all(1) & (pieces[:, 2] == pieces[:, 3]).all(1)
    # n chords are off a cubic by at most 3/4 of its second differences, divided by n squared.
    bend = np.abs(np.diff(pieces, 2, axis=1)).max((1, 2))
    chords = np.where(line, 1, np.ceil(np.sqrt(0.75 * bend / FLAT)).clip(1)).astype(int)
    which = np.repeat(np.arange(len(pieces)), chords)
    t = (np.arange(len(which)) - np.repeat(chords.cumsum() - chords, chords)) / chords[which]
    weights = np.stack([(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t * t, t**3], 1)
    start = (weights[:, :, None] * pieces[which]).sum(1)
    end = np.where((np.append(which[1:], -1) == which)[:, None], np.roll(start, -1, 0), pieces[which, 3])
    down = (start[:, 1] < end[:, 1])[:, None]
    return np.concatenate([np.where(down, start, end), np.where(down, end, start), owner[which, None]], 1)


def _changes(
    edges: NDArray[np.float64], shapes: int, top: int, bottom: int, width: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Where the uppermost shape changes along each line from top to bottom: four arrays, line (from 0), x, the shape
    before, the shape after.

    Line n is at y = n + 1/2. shapes: how many; they are numbered from 1, the last uppermost; 0 is no shape.
    """
    low = np.ceil(edges[:, 1] - 0.5).clip(top, bottom).astype(int)
    crossed = np.ceil(edges[:, 3] - 0.5).clip(top, bottom).astype(int) - low
    which = np.repeat(np.arange(len(edges)), crossed)
    line = np.arange(len(which)) - np.repeat(crossed.cumsum() - crossed, crossed) + low[which]
    x0, y0, x1, y1, shape = edges[which].T
    x = (x0 + (line + 0.5 - y0) * (x1 - x0) / (y1 - y0)).clip(0, width)
    order = np.argsort(line * (width + 1.0) + x)
    line, x, shape = line[order] - top, x[order], shape[order].astype(int)
    upper = np.zeros(len(line), int)
    for first in range(1, shapes + 1, 52):  # a bit a shape: frexp finds the highest of 52 exactly
        bits = np.where((shape >= first) & (shape < first + 52), 1 << np.clip(shape - first, 0, 51), 0)
        inside = np.bitwise_xor.accumulate(bits)  # the even-odd rule; every line ends outside of all contours
        upper = np.where(inside > 0, first - 1 + np.frexp(inside.astype(float))[1], upper)
    before = np.append(0, upper[:-1])
    changed = before != upper
    return line[changed], x[changed], before[changed], upper[changed]


def scale(picture: NDArray[np.uint8], width: int, height: int, *, flat: bool = False) -> NDArray[np.uint8]:
    """A picture (H x W x 3) at another size: area-averaged if it shrinks, bicubic if it grows, nearest pixel if
    `flat`, which makes no new colours. Returns height x width x 3; raises `UsageError` if that is too large."""
    check_size(width, height)
    shrinks = width <= picture.shape[1] and height <= picture.shape[0]
    smooth = Image.Resampling.BOX if shrinks else Image.Resampling.BICUBIC
    method = Image.Resampling.NEAREST if flat else smooth
    return np.array(Image.fromarray(picture).resize((width, height), method))


def png(picture: NDArray[np.uint8], about: Mapping[str, str]) -> bytes:
    """The bytes of a PNG file. picture: H x W x 3; about: written as its text entries."""
    text = PngInfo()
    for key, value in about.items():
        text.add_itxt(key, printable(value))
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG", optimize=True, pnginfo=text)
    return out.getvalue()


def gif(pictures: Sequence[NDArray[np.uint8]], seconds: float | Sequence[float], *, alike: bool = False) -> bytes:
    """The bytes of a GIF that repeats for ever. pictures: of one size; seconds: that each is shown, or all are.

    alike: whether the pictures share their colours: one palette for all makes half the file in a fifth of the time.
    """
    images = [Image.fromarray(picture) for picture in pictures]
    if alike:
        palette = Image.fromarray(np.vstack([picture[::SAMPLED, ::SAMPLED] for picture in pictures])).quantize(256)
        images = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    times = [seconds] * len(images) if isinstance(seconds, float | int) else seconds
    shown = [round(1000 * one) for one in times]
    out = io.BytesIO()
    images[0].save(out, "GIF", save_all=True, append_images=images[1:], duration=shown, loop=0, disposal=1)
    return out.getvalue()
