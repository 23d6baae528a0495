"""Designs as pictures: exact at any size."""

from __future__ import annotations

import numpy as np
import pytest

from flagsae.design.design import Charge, Design, Layer, Place
from flagsae.design.render import label_map, outlines, picture, size_of
from flagsae.design.shapes import SHAPES, grown
from flagsae.design.words import read
from flagsae.errors import DesignError
from flagsae.flags.palette import flag_palette
from flagsae.visual.vector.svg import svg

PALETTE = flag_palette()


def share(design: Design, colour: str) -> float:
    """Of the flag that has a colour."""
    return float((label_map(design, PALETTE, 400, round(400 * design.aspect)) == PALETTE.names.index(colour)).mean())


@pytest.mark.parametrize("aspect", [1.0, 1.5, 2.0])
def test_a_disc_is_round_in_the_flags_proportions(aspect: float) -> None:
    disc = Design((Layer("stripes", ("white",)),), (Charge("disc", ("red",), (Place(0.5, 0.5, 0.3),)),), aspect)
    red = label_map(disc, PALETTE, 600, round(600 * aspect)) == PALETTE.names.index("red")
    rows, columns = np.flatnonzero(red.any(1)), np.flatnonzero(red.any(0))
    assert len(rows) == len(columns) == 360
    assert red.sum() == pytest.approx(np.pi * 180**2, rel=2e-3)


@pytest.mark.parametrize(
    ("text", "colour", "part"),
    [
        ("red field", "red", 1),
        ("three horizontal stripes, yellow, blue, red, the first twice as high", "yellow", 1 / 2),
        ("four vertical stripes, red, white, red, blue", "red", 1 / 2),
        ("quarters of white, red, blue, white", "white", 1 / 2),
        ("diagonally halved red and blue", "blue", 1 / 2),
        ("green and black wedges", "black", 1 / 2),
        ("white field; red bar at the hoist", "red", 0.3),
        ("white field; blue canton", "blue", 0.42 * 0.5),
        ("white field; red cross", "red", 0.2 + 0.2 / 1.5 - 0.2 * 0.2 / 1.5),
        ("white field; red triangle at the fly", "red", 0.42 / 2),
        ("white field; red border", "red", 1 - 0.76 * (1 - 0.24 / 1.5)),
    ],
)
def test_areas_are_what_geometry_says(text: str, colour: str, part: float) -> None:
    assert share(read(text), colour) == pytest.approx(part, abs=2e-3)


def test_diagonals_run_as_they_are_said() -> None:
    up = label_map(read("green field; red diagonal band"), PALETTE, 60, 90)
    down = label_map(read("green field; red diagonal band from the upper hoist"), PALETTE, 60, 90)
    assert (up == down[:, ::-1]).mean() > 0.99 and up[55, 5] == up[5, 85] != up[5, 5]


def test_what_is_in_a_canton_stays_there() -> None:
    inside = Design((Layer("stripes", ("blue",)),), (Charge("disc", ("white",), (Place(0.9, 0.9, 0.4),)),))
    labels = label_map(Design((Layer("stripes", ("red",)), Layer("canton", (), (0.4, 0.5), inside))), PALETTE, 200, 300)
    red = labels == PALETTE.names.index("red")
    assert red[100:].all() and red[:, 120:].all() and not red[:100, :120].any()
    white = labels == PALETTE.names.index(
        "white"
    )  # round in the whole flag: half the canton is a quarter of the height
    assert white[:100].any(1).sum() == pytest.approx(50, abs=1) and white.any(0).sum() == pytest.approx(52, abs=2)


@pytest.mark.parametrize("name", [name for name, shape in SHAPES.items() if shape.even])
def test_an_edge_is_as_thick_everywhere(name: str) -> None:
    """The shape, larger, is the shape with its edges moved outwards: so it is drawn."""
    (outline,) = SHAPES[name].draw(*SHAPES[name].usual)
    inner = np.abs(outline[:, [0, 3]]).mean(1)  # the middle of each edge
    wider = grown(outline, 0.05)
    if name != "disc":
        assert len(wider) == len(outline) and inner.shape == (len(outline), 2)
        ratio = np.linalg.norm(wider[:, 0], axis=1) / np.linalg.norm(outline[:, 0], axis=1)
        corners = ratio[ratio > 1.0001]
        assert corners.std() < 0.15


def test_pictures_and_svg_are_of_one_design() -> None:
    design = read("dark blue field; Union Jack in the canton; big white seven-pointed star at the fly")
    assert picture(design, PALETTE, 900).shape == (600, 900, 3)
    text = svg(outlines(design, PALETTE), PALETTE.rgb, size_of(design), 900, {})
    assert text.count("<path") == len(outlines(design, PALETTE)) and "NaN" not in text


def test_a_colour_that_the_palette_has_not_is_said() -> None:
    with pytest.raises(DesignError, match="no colour 'mauve'"):
        outlines(Design((Layer("stripes", ("mauve",)),)), PALETTE)


def test_a_circle_is_closed_where_its_ends_lie_on_a_line_of_pixels() -> None:
    palette = flag_palette()
    field = Layer("stripes", ("red",))
    place = Place(0.49836601307189543, 101.5 / 204, 0.13511029411764705)
    ring = Charge("ring", ("white",), (place,), (0.7427528096022559,))
    labels = label_map(Design((field,), (ring,)), palette, 204, 306)
    white, red = (palette.names.index(name) for name in ("white", "red"))
    assert set(np.unique(labels)) == {white, red}
    assert (labels[:, 290] == red).all()
