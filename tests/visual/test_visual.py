"""Terminal pixels against rich-pixels, and label maps at any size."""

import io

import numpy as np
import pytest
from PIL import Image
from rich.console import Console
from rich_pixels import Pixels

from flagsae.flags.dataset import Dataset
from flagsae.visual.paint import draw, png, scale
from flagsae.visual.terminal.blocks import half_blocks, letters
from flagsae.visual.vector.outline import trace


def cells(pixels: Pixels) -> list[tuple[tuple, tuple]]:
    """The (top, bottom) colours of each cell, whatever runs they are written in."""
    out = []
    for segment in pixels._segments.segments:
        for character in segment.text.replace("\n", ""):
            assert segment.style is not None
            bottom = tuple(segment.style.bgcolor.triplet)
            out.append((tuple(segment.style.color.triplet) if character == "▀" else bottom, bottom))
    return out


@pytest.mark.parametrize("slug", ["morocco", "united-states", "brazil"])
def test_half_blocks_show_what_rich_pixels_shows(flags: Dataset, slug: str) -> None:
    picture = scale(flags.find([slug]).canvas[0], 48, 32)
    ours, theirs = half_blocks(picture), Pixels.from_image(Image.fromarray(picture))
    expected = [(tuple(picture[2 * r, c]), tuple(picture[2 * r + 1, c])) for r in range(16) for c in range(48)]
    assert cells(ours) == expected
    assert len(theirs._segments.segments) > len(ours._segments.segments)


def test_three_stripes_take_few_bytes(flags: Dataset) -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, color_system="truecolor", width=110)
    console.print(half_blocks(scale(flags.find(["france"]).canvas[0], 102, 68)))
    assert len(out.getvalue()) <= 10_000
    assert out.getvalue().count("\n") == 34


def test_an_odd_number_of_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="even"):
        half_blocks(np.zeros((3, 4, 3), np.uint8))


def test_letters_name_the_colours(flags: Dataset) -> None:
    assert letters(scale(flags.find(["france"]).canvas[0], 9, 1)) == "BBBwwwRRR"


@pytest.mark.parametrize("size", [(30, 20), (306, 204), (1200, 800), (1001, 667)])
def test_a_label_map_has_its_colours_at_any_size(flags: Dataset, size: tuple[int, int]) -> None:
    japan = flags.find(["japan"])
    picture = draw(trace(japan.fine[0]), japan.tints[0], (204, 306), *size)
    assert picture.shape == (size[1], size[0], 3)
    disc = (picture[..., 1] < 128).mean()
    assert disc == pytest.approx((japan.fine[0] == flags.palette.names.index("red")).mean(), abs=0.02)
    assert picture[0, 0].tolist() == [255, 255, 255]


@pytest.mark.long
def test_enlarged_edges_are_sharp_and_straight(flags: Dataset) -> None:
    france = flags.find(["france"])
    picture = draw(trace(france.fine[0]), france.tints[0], (204, 306), 1200, 800)
    assert (picture == picture[0]).all()  # three bars: every row alike
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) <= 5  # three colours, and a pixel on an edge


def test_a_png_says_what_it_is() -> None:
    data = png(np.zeros((4, 6, 3), np.uint8), {"Title": "Côte d'Ivoire + Japan", "flagsae:model": "abc"})
    image = Image.open(io.BytesIO(data))
    assert image.size == (6, 4)
    assert image.info["Title"] == "Côte d'Ivoire + Japan" and image.info["flagsae:model"] == "abc"
