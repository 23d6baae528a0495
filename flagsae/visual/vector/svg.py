"""Shapes as an SVG file, with a title and metadata."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import NDArray

from flagsae.visual.vector.network import Path
from flagsae.visual.vector.outline import DECIMALS, Shape


def svg(
    shapes: Sequence[Shape], tints: NDArray[np.uint8], size: tuple[int, int], width: int, about: Mapping[str, str]
) -> str:
    """An SVG document with the proportions of the traced map.

    tints: C x 3, the colours of the shapes' numbers; size: h, w of the traced map; width: in pixels, the size at
    which it is shown by default; about: its metadata, of which "Title" is also its title.
    """
    rows, columns = size
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{max(1, round(width * rows / columns))}" '
        f'viewBox="0 0 {columns} {rows}" preserveAspectRatio="none" fill-rule="evenodd">',
        f"<title>{_text(about.get('Title', ''))}</title>",
        '<metadata xmlns:about="urn:flagsae:about">',
        *(f"<about:entry name={quoteattr(_plain(key))}>{_text(value)}</about:entry>" for key, value in about.items()),
        "</metadata>",
    ]
    for shape in shapes:
        colour = "#{:02x}{:02x}{:02x}".format(*tints[shape.colour])
        paint = f'fill="none" stroke="{colour}" stroke-width="{shape.seam:g}"' if shape.seam else f'fill="{colour}"'
        outline = "".join(_commands(path, shape.seam > 0) for path in shape.contours)
        lines.append(f'<path {paint} d="{outline}"/>')
    return "\n".join([*lines, "</svg>", ""])


def _text(value: str) -> str:
    return escape(_plain(value))


def _plain(value: str) -> str:
    """A text in which characters that XML does not allow are replaced."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\N{REPLACEMENT CHARACTER}", value)


def _commands(path: Path, is_open: bool) -> str:
    """The path data of a contour, in relative coordinates.

    All differences are between rounded points (integers, in units of the last decimal), so that rounding errors do
    not add up along the path.
    """
    unit = 10**DECIMALS
    points = np.round(path * unit).astype(int).tolist()
    (x, y) = points[0][0]
    words = ["M" + _numbers((x, y), unit)]
    letter = ""
    for start, one, two, (right, down) in points:
        step = (right - x, down - y)
        numbers: tuple[int, ...]
        if start == one and two == [right, down]:
            if step == (0, 0):
                continue
            new, numbers = ("h", step[:1]) if not step[1] else ("v", step[1:]) if not step[0] else ("l", step)
        else:
            new, numbers = "c", (one[0] - x, one[1] - y, two[0] - x, two[1] - y, *step)
        words.append((new if new != letter else " ") + _numbers(numbers, unit))
        letter, x, y = new, right, down
    return "".join(words).replace(" -", "-") + ("" if is_open else "z")


def _numbers(values: Sequence[int], unit: int) -> str:
    return " ".join(
        f"{value / unit:g}".replace("0.", ".", 1) if abs(value) < unit else f"{value / unit:g}" for value in values
    )
