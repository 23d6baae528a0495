"""Composites as pictures and files: what `compose` and `sample` have in common."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flagsae.cli import screen
from flagsae.cli.operands import sparse
from flagsae.cli.screen import write
from flagsae.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from flagsae.compose import Composite

SUFFIXES = (".png", ".svg", ".gif", ".json")
FRAME = 400  # milliseconds that a step of a morph is shown


def picture(composite: Composite, width: int) -> NDArray[np.uint8]:
    """A composite at that width. A design is drawn from its outlines, sharp at any size."""
    from flagsae.visual.paint import draw, scale

    whole = composite.picture()
    rows, columns = whole.shape[:2]
    height = max(1, round(width * rows / columns))
    if composite.design is None or width <= columns:
        return scale(whole, width, height)
    from flagsae.visual.layers import shapes

    return draw(shapes(composite.design.layers()), composite.design.tints, (rows, columns), width, height)


def file_of(composite: Composite, suffix: str, size: int, about: dict[str, str]) -> bytes:
    """A composite as a PNG or an SVG."""
    if suffix == ".svg":
        if composite.design is None:
            raise UsageError("an SVG needs flat colour, which the seed preset does not have: give -o FILE.png")
        from flagsae.visual.layers import shapes
        from flagsae.visual.svg import svg

        design = composite.design
        text = svg(shapes(design.layers()), design.tints, design.ground.shape, size, about)
        return text.encode()
    from flagsae.visual.paint import png

    return png(picture(composite, size), about)


def sheet(composites: Sequence[Composite], size: int, columns: int, about: dict[str, str]) -> bytes:
    """Composites in rows on white, `size` pixels wide, as a PNG."""
    import numpy as np

    from flagsae.visual.paint import png

    gap = max(1, size // (40 * columns))
    width = max(1, (size - gap * (columns + 1)) // columns)
    tiles = [picture(composite, width) for composite in composites]
    high = tiles[0].shape[0]
    rows = -(-len(tiles) // columns)
    whole = np.full((rows * (high + gap) + gap, columns * (width + gap) + gap, 3), 255, np.uint8)
    for position, tile in enumerate(tiles):
        row, column = divmod(position, columns)
        top, left = gap + row * (high + gap), gap + column * (width + gap)
        whole[top : top + high, left : left + width] = tile
    return png(whole, about)


def animation(composites: Sequence[Composite], size: int) -> bytes:
    """Composites one after the other, and back, as an endless GIF."""
    from PIL import Image

    frames = [Image.fromarray(picture(composite, size)) for composite in composites]
    frames += frames[-2:0:-1]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=FRAME, loop=0, disposal=1)
    return out.getvalue()


class Folder:
    """Names files after what they show, each once."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.taken: set[str] = set()

    def file(self, title: str, suffix: str = ".png") -> str:
        from flagsae.names import fold

        stem = base = fold(title)[:80].strip("-") or "flag"
        number = 2
        while stem in self.taken:
            stem, number = f"{base}-{number}", number + 1
        self.taken.add(stem)
        return f"{self.path}{stem}{suffix}"


def suffix_of(output: str) -> str:
    """.png for stdout and folders."""
    from pathlib import PurePath

    return PurePath(output).suffix.lower() or ".png"


def save(
    title: str,
    expression: str,
    composites: Sequence[Composite],
    folder: Folder,
    size: int,
    model_hash: str,
    quiet: bool,
) -> None:
    """Writes composites of one sum: each into a folder, or the only one into a file; nothing where none is named."""
    if folder.path.lower().endswith(".json"):
        lines = [line(title, expression, composite, model_hash) for composite in composites]
        write("".join(lines).encode(), folder.path, quiet)
    elif folder.path:
        for composite in composites:
            path = folder.file(title) if folder.path.endswith("/") else folder.path
            data = file_of(composite, suffix_of(path), size, about(title, expression, model_hash))
            write(data, path, quiet)


def about(title: str, expression: str, model_hash: str) -> dict[str, str]:
    """What a file says of itself."""
    return {
        "Title": title,
        "Software": "flagsae",
        "flagsae:expression": expression or title,
        "flagsae:model": model_hash,
    }


def fields(title: str, expression: str, composite: Composite, model_hash: str) -> dict[str, object]:
    """A composite's record."""
    known = {"expression": expression} if expression else {}
    return {"name": title, **known, "code": sparse(composite.code), "model": model_hash}


def line(title: str, expression: str, composite: Composite, model_hash: str) -> str:
    """A composite's record as a line of a JSON file."""
    return screen.line(fields(title, expression, composite, model_hash))
