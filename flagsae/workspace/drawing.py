"""Draws composites as pictures and files, at any size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae.errors import UsageError
from flagsae.mixing.compose import Composite
from flagsae.visual.paint import check_size, draw, gif, png, scale
from flagsae.visual.vector.layers import shapes
from flagsae.visual.vector.svg import svg

FRAME = 0.3  # seconds that a step of a morph is shown in its middle, by eye
REST = 1.2  # seconds that it rests at each end
EVEN, SLOW = 0.25, 2.0  # the inverse of a smooth start and stop: 1 in the middle; at most so many times as long
GAP = 40  # of a sheet: a gap is as wide as a column over this

Pixels: TypeAlias = NDArray[np.uint8]  # h x w x 3, sRGB


def picture(composite: Composite, width: int) -> Pixels:
    """Draws a composite `width` pixels wide: h x width x 3. A design is drawn from its outlines, sharp at any size."""
    whole = composite.picture()
    rows, columns = whole.shape[:2]
    height = max(1, round(width * rows / columns))
    if composite.design is None and composite.exact is not None and width > columns:
        from flagsae.design import render
        from flagsae.flags.palette import flag_palette

        return render.picture(composite.exact, flag_palette(), width, height)
    if composite.design is None or width <= columns:
        return scale(whole, width, height)
    return draw(shapes(composite.design.layers()), composite.design.tints, (rows, columns), width, height)


def file_of(composite: Composite, suffix: str, size: int, about: dict[str, str]) -> bytes:
    """The content of a PNG or SVG file of a composite, `size` pixels wide; of an edited flag in its own proportions.
    about: texts to store in the file.

    suffix: ".svg"; any other gives a PNG. Raises `UsageError` for an SVG of a composite that has no outlines.
    """
    if composite.says:
        about = {**about, "flagsae:recipe": composite.says}
    if composite.name:
        about = {**about, "Title": composite.name}
    if composite.exact is not None:
        from flagsae.design import render
        from flagsae.flags.palette import flag_palette

        return render.file_of(composite.exact, flag_palette(), suffix, size, about)
    if suffix == ".svg":
        if composite.design is None:
            raise UsageError(
                f"an SVG needs flat colour, which the {composite.kind} preset does not have: write a .png file"
            )
        design = composite.design
        return svg(shapes(design.layers()), design.tints, design.ground.shape, size, about).encode()
    return png(picture(composite, size), about)


def sheet(composites: Sequence[Composite], size: int, columns: int, about: dict[str, str]) -> bytes:
    """A PNG of composites in rows on white, `size` pixels wide. columns: in a row; about: texts to store in the file.

    Raises `UsageError` if it would be too large.
    """
    check_sheet(len(composites), size, columns, composites[0].picture().shape)
    gap = max(1, size // (GAP * columns))
    width = max(1, (size - gap * (columns + 1)) // columns)
    return png(in_rows([picture(composite, width) for composite in composites], columns, gap), about)


def check_sheet(count: int, size: int, columns: int, canvas: tuple[int, ...]) -> None:
    """Raises `UsageError` if a sheet of `count` pictures would be too large. canvas: height, width of a picture."""
    check_size(size, round(size * canvas[0] / canvas[1] / columns * -(-count // columns)))


def in_rows(pictures: Sequence[Pixels], columns: int, gap: int) -> Pixels:
    """Puts pictures of one size in rows on white. columns: in a row; gap: pixels between and around them."""
    high, width = pictures[0].shape[:2]
    rows = -(-len(pictures) // columns)
    whole = np.full((rows * (high + gap) + gap, columns * (width + gap) + gap, 3), 255, np.uint8)
    for position, tile in enumerate(pictures):
        row, column = divmod(position, columns)
        top, left = gap + row * (high + gap), gap + column * (width + gap)
        whole[top : top + high, left : left + width] = tile
    return whole


def animation(composites: Sequence[Composite], size: int) -> bytes:
    """An endless GIF of composites, one after another and back again, `size` pixels wide: it rests at both ends, and is
    slower near them than on the way.

    Raises `UsageError` if it would be too large.
    """
    check_animation(len(composites), size, composites[0].picture().shape)
    frames = [picture(composite, size) for composite in composites]
    times = eased(len(frames))
    return gif([*frames, *frames[-2:0:-1]], [*times, *times[-2:0:-1]])


def eased(count: int) -> list[float]:
    """How long each of so many steps of a morph is shown, in seconds."""
    way = [step / (count - 1) for step in range(1, count - 1)]
    return [REST, *(FRAME * min(SLOW, EVEN / (share * (1 - share))) for share in way), REST]


def check_animation(count: int, size: int, canvas: tuple[int, ...]) -> None:
    """Raises `UsageError` if an animation of `count` pictures would be too large. canvas: height, width of one."""
    check_size(size, round(size * canvas[0] / canvas[1]), count)


def about(title: str, expression: str, model_hash: str) -> dict[str, str]:
    """The texts that a picture's file stores about its origin."""
    return {
        "Title": title,
        "Software": "flagsae",
        "flagsae:expression": expression or title,
        "flagsae:model": model_hash,
    }
