"""Label maps as vector shapes: what is straight, round and sharp in toy maps, what holds on real flags."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from numpy.typing import NDArray

from flagsae.flags.dataset import Dataset
from flagsae.visual import paint
from flagsae.visual.paint import draw, rasterize
from flagsae.visual.vector.outline import Path, Shape, trace
from flagsae.visual.vector.svg import svg

REAL = (
    *("morocco", "south-africa", "united-kingdom", "japan", "turkey", "brazil"),
    *("united-states", "seychelles", "nepal", "bhutan", "wales", "mexico"),
)
TINTS = np.array([[255, 255, 255], [200, 16, 46], [0, 56, 168], [0, 122, 61]], np.uint8)
NOWHERE = 99  # a label that no map has


def blank(height: int = 120, width: int = 180) -> NDArray[np.uint8]:
    return np.zeros((height, width), np.uint8)


def inside(polygon: NDArray[np.float64], height: int = 120, width: int = 180) -> NDArray[np.bool_]:
    """Which pixels have their middle in a polygon."""
    y, x = np.mgrid[:height, :width] + 0.5
    found = np.zeros((height, width), bool)
    for (x0, y0), (x1, y1) in zip(polygon, np.roll(polygon, -1, 0), strict=True):
        if y0 != y1:
            found ^= ((y > y0) != (y > y1)) & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    return found


def disc(x: float, y: float, radius: float) -> NDArray[np.bool_]:
    rows, columns = np.mgrid[:120, :180] + 0.5
    return (columns - x) ** 2 + (rows - y) ** 2 < radius**2


def star(x: float, y: float, radius: float) -> NDArray[np.float64]:
    angle = -np.pi / 2 + np.arange(10) * np.pi / 5
    size = np.where(np.arange(10) % 2, 0.381966 * radius, radius)
    return np.stack([x + size * np.cos(angle), y + size * np.sin(angle)], 1)


def shape_of(shapes: list[Shape], colour: int) -> Shape:
    (found,) = (shape for shape in shapes if shape.colour == colour and not shape.seam)
    return found


def is_line(pieces: Path) -> NDArray[np.bool_]:
    return (pieces[:, 0] == pieces[:, 1]).all(1) & (pieces[:, 2] == pieces[:, 3]).all(1)


def along(path: Path) -> NDArray[np.float64]:
    """Points on a path."""
    t = np.linspace(0, 1, 21)[:, None]
    weights = np.concatenate([(1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3], 1)
    return (weights @ path).reshape(-1, 2)


@pytest.mark.parametrize("slug", REAL)
def test_a_real_flag_comes_back(flags: Dataset, slug: str) -> None:
    """The least is 99.25 %, the United Kingdom's: its map has rows twice. Half of the flags have over 99.9 %."""
    labels = flags.find([slug]).fine[0]
    shapes = trace(labels)
    assert (rasterize(shapes, labels.shape, *labels.shape, NOWHERE) == labels).mean() >= 0.992
    for size in ((68, 102), (511, 777), (800, 1200)):
        assert (rasterize(shapes, labels.shape, *size, NOWHERE) != NOWHERE).all()


def test_edges_along_the_pixels_stay_where_they_are() -> None:
    labels = blank()
    labels[40:80] = 1
    labels[:, 50:70] = 2
    labels[10:21, 100:111] = 3
    labels[14:16, 104:106] = 1
    labels[100:101, 90:150] = 3
    shapes = trace(labels)
    for factor in (1, 3):
        large = labels.repeat(factor, 0).repeat(factor, 1)
        assert (rasterize(shapes, labels.shape, *large.shape, NOWHERE) == large).all()
    assert all(is_line(contour).all() for shape in shapes for contour in shape.contours)


@pytest.mark.parametrize("radius", [4.0, 11.3, 48.6])
def test_a_disc_is_round(radius: float) -> None:
    (contour,) = shape_of(trace(disc(90.3, 60.4, radius).astype(np.uint8)), 1).contours
    assert not is_line(contour).any() and len(contour) == 4
    from_middle = np.hypot(*(along(contour) - (90.3, 60.4)).T)
    assert np.abs(from_middle - radius).max() < (0.1 if radius > 5 else 0.4)


def test_a_disc_over_two_fields_is_round() -> None:
    labels = blank()
    labels[60:] = 2
    labels[disc(90, 60, 40)] = 1
    (contour,) = shape_of(trace(labels), 1).contours
    assert np.abs(np.hypot(*(along(contour) - (90, 60)).T) - 40).max() < 0.3


def test_a_crescent_has_two_points_and_two_arcs() -> None:
    labels = (disc(80.3, 60.2, 45) & ~disc(92.3, 60.2, 36)).astype(np.uint8)
    (contour,) = shape_of(trace(labels), 1).contours
    spots = along(contour)
    outer, inner = np.hypot(*(spots - (80.3, 60.2)).T) - 45, np.hypot(*(spots - (92.3, 60.2)).T) - 36
    off = np.minimum(np.abs(outer), np.abs(inner))
    assert off.max() < 0.8 and np.quantile(off, 0.9) < 0.3
    arriving, leaving = contour[:, 3] - contour[:, 2], np.roll(contour[:, 1] - contour[:, 0], -1, 0)
    cosine = (arriving * leaving).sum(1) / np.hypot(*arriving.T) / np.hypot(*leaving.T)
    assert (cosine < 0.5).sum() == 2 and (cosine[cosine > 0.5] > 0.99).all()


def test_a_long_bend_that_winds_is_followed_to_its_end() -> None:
    angle = np.linspace(0, 6 * np.pi, 600)
    middle, half = 40 + 4 * angle, 1 + 8 * angle / angle[-1]
    around = np.stack([np.cos(angle), np.sin(angle)], 1)
    edges = np.vstack([(middle + half)[:, None] * around, ((middle - half)[:, None] * around)[::-1]])
    labels = inside(edges + 130, 260, 260).astype(np.uint8)
    assert (rasterize(trace(labels), (260, 260), 260, 260) == labels).mean() > 0.985


def test_a_diagonal_is_one_line() -> None:
    labels = inside(np.array([(0, 0), (151.2, 0), (0, 97.3)])).astype(np.uint8)
    (contour,) = shape_of(trace(labels), 1).contours
    assert is_line(contour).all() and len(contour) == 3
    for corner in ((0, 0), (151.2, 0), (0, 97.3)):
        assert np.abs(contour[:, 0] - corner).max(1).min() < 0.2


def test_lines_stay_straight_where_three_fields_meet() -> None:
    labels = blank()
    labels[40:80] = 1
    labels[80:] = 2
    triangle = np.array([(0, 0), (83.4, 60), (0, 120)])
    labels[inside(triangle)] = 3
    shapes = trace(labels)
    (contour,) = shape_of(shapes, 3).contours
    assert is_line(contour).all() and len(contour) == 5  # two of the points are where the stripes begin
    tip = contour[:, 0][contour[:, 0, 0].argmax()]
    assert np.hypot(*(tip - (83.4, 60))) < 0.5
    for x, y in contour[:, 0]:
        assert abs(x - 83.4 * min(y, 120 - y) / 60) < 0.4
    ys = {y for shape in shapes for path in shape.contours for y in path[:, 0, 1]}
    assert {40, 80} <= ys and not any(39 < y < 41 and y != 40 for y in ys)  # the stripes' edges are level


@pytest.mark.parametrize(("radius", "ground"), [(40.0, 0), (40.0, 2), (14.0, 0)])
def test_a_star_has_its_corners(radius: float, ground: int) -> None:
    corners = star(90.4, 58.7, radius)
    labels = blank()
    labels[60:] = ground
    labels[inside(corners)] = 1
    (contour,) = shape_of(trace(labels), 1).contours
    assert is_line(contour).all()
    assert len(contour) == (10 if not ground else 12)  # it crosses the grounds' border twice
    away = np.hypot(*(contour[:, None, 0] - corners).transpose(2, 0, 1)).min(0)
    assert away.max() < 0.8


@pytest.mark.parametrize("slug", ["south-africa", "seychelles", "brazil", "mexico"])
def test_neighbours_share_their_edges(flags: Dataset, slug: str) -> None:
    labels = flags.find([slug]).fine[0]
    height, width = labels.shape
    pieces = [piece for shape in trace(labels) if not shape.seam for path in shape.contours for piece in path]
    every = {piece.tobytes() for piece in pieces}
    for piece in pieces:
        (x0, y0), (x1, y1) = piece[[0, 3]]
        framed = (x0 == x1 and x0 in (0, width)) or (y0 == y1 and y0 in (0, height))
        assert framed or piece[::-1].tobytes() in every


def test_thin_lines_hold_together() -> None:
    labels = blank()
    labels[np.arange(20, 90), np.arange(30, 100)] = 1  # its pixels touch at their corners alone
    labels[100, 20:160] = 1
    labels[np.arange(10, 110), 130 + np.arange(100) // 5] = 1
    shape = shape_of(trace(labels), 1)
    large = rasterize([shape], labels.shape, 960, 1440, NOWHERE) == 1
    assert large[804, 160:1280].all()
    assert all(large[8 * n + 8, 8 * n + 88] for n in range(25, 85))  # not up to its very tips
    assert all(large[8 * n : 8 * n + 8].any() for n in range(11, 108))


def test_the_transparent_belongs_to_no_shape() -> None:
    labels = blank()
    labels[disc(90, 60, 50)] = 1
    labels[disc(90, 60, 30)] = 0
    labels[disc(90, 60, 15)] = 2
    labels[:, 90:][disc(90, 60, 15)[:, 90:]] = 3
    shapes = trace(labels, transparent=0)
    assert {shape.colour for shape in shapes} == {1, 2, 3}
    drawn = rasterize(shapes, labels.shape, *labels.shape, 0)
    assert (drawn == labels).mean() > 0.998
    stack = [*trace(np.full((120, 180), 2, np.uint8)), *shapes]
    assert (rasterize(stack, labels.shape, 120, 180, NOWHERE)[60, [65, 115, 2]] == 2).all()
    (seam,) = (shape for shape in shapes if shape.seam)
    (line,) = seam.contours
    assert np.abs(line[:, :, 0] - 90).max() < 0.3 and 47 < np.ptp(line[:, :, 1]) + 20 < 50  # not up to the outline


def test_shapes_are_ordered_scaled_and_moved() -> None:
    labels = blank()
    labels[disc(90, 60, 30)] = 1
    labels[disc(90, 60, 10)] = 2
    shapes = trace(labels)
    assert [shape.colour for shape in shapes if not shape.seam] == [0, 1, 2]
    assert all(shape.seam for shape in shapes[:2])  # under the edges of the disc and of the spot
    placed = shape_of(shapes, 2).placed(0.5, 20, 30)
    assert along(placed.contours[0]).mean(0) == pytest.approx((65, 60), abs=0.1)
    assert np.ptp(along(placed.contours[0])[:, 0]) == pytest.approx(10, abs=0.3)
    assert shapes[0].placed(0.5, 0, 0).seam == shapes[0].seam / 2


def test_two_traces_are_alike(flags: Dataset) -> None:
    labels = flags.find(["mexico"]).fine[0]
    one, two = trace(labels), trace(labels.copy())
    assert [shape.colour for shape in one] == [shape.colour for shape in two]
    for left, right in zip(one, two, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(left.contours, right.contours, strict=True))


CHESS = (np.indices((20, 30)).sum(0) % 2).astype(np.uint8)


@pytest.mark.parametrize(
    "labels",
    [
        np.full((5, 7), 3, np.uint8),
        np.zeros((1, 1), np.uint8),
        np.arange(30, dtype=np.uint8)[None] % 3,
        np.arange(30, dtype=np.uint8)[:, None] % 3,
        CHESS,
        CHESS.repeat(6, 0).repeat(6, 1),
        np.arange(12, dtype=np.uint8).reshape(3, 4),
        np.eye(9, dtype=np.uint8),
    ],
    ids=["plain", "pixel", "row", "column", "chess", "large chess", "all different", "diagonal"],
)
def test_odd_maps_are_covered(labels: NDArray[np.uint8]) -> None:
    height, width = labels.shape
    shapes = trace(labels)
    for factor in (1, 3):
        assert (rasterize(shapes, labels.shape, factor * height, factor * width, NOWHERE) != NOWHERE).all()
    assert draw(shapes, np.zeros((40, 3), np.uint8), labels.shape, 4 * width, 4 * height).max() == 0
    assert trace(labels, transparent=int(labels[0, 0])) is not None


@pytest.mark.long
def test_specks_do_not_matter(flags: Dataset) -> None:
    chance = np.random.default_rng(0)
    labels = flags.find(["south-africa"]).fine[0].copy()
    labels.ravel()[chance.integers(0, labels.size, 800)] = chance.integers(0, 6, 800)
    noise = chance.integers(0, 4, (30, 40)).astype(np.uint8)
    for one, least in ((labels, 0.99), (noise, 0.8)):
        drawn = rasterize(trace(one), one.shape, *one.shape, NOWHERE)
        assert (drawn == one).mean() > least and (drawn != NOWHERE).all()


def test_a_picture_has_smooth_edges_and_no_seams() -> None:
    labels = blank()
    labels[:] = 1
    labels[inside(np.array([(0, 120), (170, 0), (180, 0), (180, 120)]))] = 2
    shapes = trace(labels)
    picture = draw(shapes, TINTS, labels.shape, 450, 300).astype(int)
    many = rasterize(shapes, labels.shape, 2400, 3600, NOWHERE)
    mean = TINTS[many].reshape(300, 8, 450, 8, 3).mean((1, 3))
    assert np.abs(picture - mean).max() < 20 and np.abs(picture - mean).mean() < 0.1
    one, two = TINTS[1:3].astype(int)
    share = (picture[..., 0] - one[0]) / (two[0] - one[0])
    assert np.abs(picture - one - share[..., None] * (two - one)).max() <= 1.5  # no white
    assert set(np.unique(share)) > {0, 1} and ((share == 0) | (share == 1)).mean() > 0.98


def test_a_large_picture_is_drawn_band_by_band(flags: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    wales = flags.find(["wales"])
    shapes, size = trace(wales.fine[0]), wales.fine[0].shape
    whole = draw(shapes, wales.tints[0], size, 500, 333), rasterize(shapes, size, 333, 500)
    monkeypatch.setattr(paint, "BAND", 30_000)
    assert (draw(shapes, wales.tints[0], size, 500, 333) == whole[0]).all()
    assert (rasterize(shapes, size, 333, 500) == whole[1]).all()


def test_any_number_of_shapes_may_lie_on_each_other() -> None:
    (square,) = trace(np.ones((60, 60), np.uint8))
    pile = [Shape(n, square.placed(1 - n / 70, 0, 0).contours) for n in range(70)]
    drawn = rasterize(pile, (60, 60), 70, 70, NOWHERE)
    assert (drawn.diagonal() == np.arange(69, -1, -1)).all()


ABOUT = {"Title": 'Côte d\'Ivoire + <"Japan"> & co', "flagsae:model": "a\x07b", "<\"&'>": "…"}


@pytest.mark.parametrize("slug", REAL)
def test_an_svg_is_small_and_says_what_it_is(flags: Dataset, slug: str) -> None:
    flag = flags.find([slug])
    document = svg(trace(flag.fine[0]), flag.tints[0], flag.fine[0].shape, 1200, ABOUT)
    assert len(document.encode()) <= 30_000
    root = ET.fromstring(document)
    name = "{http://www.w3.org/2000/svg}"
    assert root.attrib["width"] == "1200" and root.attrib["height"] == "800" and root.attrib["viewBox"] == "0 0 306 204"
    assert root.findtext(f"{name}title") == ABOUT["Title"]
    entries = root.findall(f"{name}metadata/*")
    assert {entry.attrib["name"]: entry.text for entry in entries} == ABOUT | {
        "flagsae:model": "a\N{REPLACEMENT CHARACTER}b"
    }
    colours = {path.attrib["fill"] for path in root.findall(f"{name}path")} - {"none"}
    assert colours == {"#{:02x}{:02x}{:02x}".format(*tint) for tint in flag.tints[0][np.unique(flag.fine[0])]}


def parsed(outline: str) -> list[NDArray[np.float64]]:
    """The points of path data with the commands M, h, v, l, c and z: of each contour n x 2, lines as three."""
    contours: list[list[NDArray[np.float64]]] = []
    at = np.zeros(2)
    for command, text in re.findall("([Mhvlcz])([^Mhvlcz]*)", outline):
        numbers = [float(word) for word in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", text)]
        if command == "M":
            at = np.array(numbers)
            contours.append([at])
        elif command == "c":
            for three in np.array(numbers).reshape(-1, 3, 2):
                contours[-1] += list(at + three)
                at = at + three[2]
        elif command != "z":
            steps = np.array(numbers).reshape(-1, 2 if command == "l" else 1)
            for step in steps:
                new = at + {"h": [step[0], 0], "v": [0, step[0]]}.get(command, step)
                contours[-1] += [at, new, new]
                at = new
    return [np.array(contour) for contour in contours]


def test_an_svg_has_the_shapes_that_are_drawn(flags: Dataset) -> None:
    flag = flags.find(["brazil"])
    shapes = [shape.placed(0.7, 3.1, -2) for shape in trace(flag.fine[0])]
    root = ET.fromstring(svg(shapes, flag.tints[0], flag.fine[0].shape, 306, {}))
    paths = root.findall("{http://www.w3.org/2000/svg}path")
    assert len(paths) == len(shapes)
    for path, shape in zip(paths, shapes, strict=True):
        assert (path.attrib["fill"] == "none") == bool(shape.seam)
        contours = parsed(path.attrib["d"])
        assert len(contours) == len(shape.contours)
        for points, contour in zip(contours, shape.contours, strict=True):
            moving = contour[(np.round(contour[:, 0], 2) != np.round(contour[:, 3], 2)).any(1)]
            assert np.abs(points[1:] - moving[:, 1:].reshape(-1, 2)).max() < 0.0051
