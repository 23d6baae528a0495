"""Regions as vectors and codes: what does not matter to a vector, and what is known of the shipped features."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from flagsae import paths
from flagsae.design.dictionaries import TOP_FLAGS, Dictionary, strongest_region
from flagsae.design.kinds import CLASSES, SHAPES
from flagsae.design.part_model import PartModel, from_tensors, load_part_model, to_tensors
from flagsae.design.part_regions import Region, pixel_aspect, regions_of
from flagsae.design.part_vectors import (
    BOX_GRID,
    BOX_WEIGHT,
    HARMONICS,
    LAYOUT_GRID,
    RADII,
    SHAPE_GRID,
    Mask,
    layout_vector,
    shape_vector,
    stack,
)
from flagsae.design.tree import tree_of
from flagsae.errors import ModelError
from flagsae.flags.dataset import Dataset
from flagsae.training.drawn_shapes import star

PICTURE = LAYOUT_GRID[0] * LAYOUT_GRID[1]
BOX = slice(2 * PICTURE, 2 * PICTURE + BOX_GRID[0] * BOX_GRID[1])
SHAPE = SHAPE_GRID[0] * SHAPE_GRID[1]
ROUND = slice(SHAPE, SHAPE + RADII * HARMONICS)  # of a shape's vector: how its edge runs round


@pytest.fixture(scope="module")
def parts() -> PartModel:
    return load_part_model()


def a_star(radius: float, x: float, y: float, turn: float = 0.0, size: tuple[int, int] = (204, 306)) -> Mask:
    cos, sin = np.cos(turn), np.sin(turn)
    corners = star(5, 0.382) @ np.array([[cos, sin], [-sin, cos]]) * radius + (x, y)
    image = Image.new("1", size[::-1])
    ImageDraw.Draw(image).polygon([tuple(corner) for corner in corners.tolist()], fill=1)
    return np.array(image)


def a_stripe(first: int, last: int) -> Mask:
    mask = np.zeros((204, 306), bool)
    mask[first:last] = True
    return mask


def cosine(one: np.ndarray, other: np.ndarray) -> float:
    return float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))


# Vectors.


def test_a_stripe_looks_the_same_within_its_box_wherever_it_lies() -> None:
    upper, lower = layout_vector(a_stripe(0, 68)), layout_vector(a_stripe(150, 204))
    assert upper[BOX] == pytest.approx(lower[BOX]) and (upper[BOX] == BOX_WEIGHT).all()
    assert cosine(upper[:PICTURE], lower[:PICTURE]) < 0.1


def test_a_layout_is_the_mask_with_and_without_its_holes() -> None:
    frame = ~a_stripe(0, 0)
    frame[50:150, 50:250] = False
    vector = layout_vector(frame)
    assert vector[:PICTURE].mean() == pytest.approx(frame.mean(), abs=0.01)
    assert (vector[PICTURE : 2 * PICTURE] == 1).all()


def test_a_star_is_the_same_wherever_and_however_large_it_is() -> None:
    large, small = shape_vector(a_star(80, 100, 100)), shape_vector(a_star(25, 250, 160))
    assert cosine(large, small) > 0.98


def test_a_turned_star_has_the_same_harmonics() -> None:
    upright, turned = shape_vector(a_star(60, 150, 100)), shape_vector(a_star(60, 150, 100, turn=0.5))
    assert cosine(upright[ROUND], turned[ROUND]) > 0.99
    assert cosine(upright[:SHAPE], turned[:SHAPE]) < 0.9


def test_pixels_need_not_be_square() -> None:
    wide = np.array(Image.fromarray(a_star(60, 150, 100)).resize((153, 204), Image.Resampling.NEAREST))
    assert cosine(shape_vector(wide, aspect=2.0), shape_vector(a_star(60, 150, 100))) > 0.98
    assert cosine(shape_vector(wide), shape_vector(a_star(60, 150, 100))) < 0.9


# The regions of a flag.


def test_regions_stand_where_they_are_on_the_flag(flags: Dataset) -> None:
    position = flags.name_table()["united-states"]
    fine = flags.flags.fine[position]
    regions = list(regions_of(tree_of(fine, flags.flags.fine)))
    kinds = [region.kind for region in regions]
    assert kinds.count("layout") == 14 and kinds.count("shape") > 40  # stripes and canton; stars
    stars = np.any([region.on(fine.shape) for region in regions if region.kind == "shape"], axis=0)
    rows, columns = np.nonzero(stars)
    assert rows.max() < 0.55 * fine.shape[0] and columns.max() < 0.45 * fine.shape[1]
    assert flags.palette.names[np.bincount(fine[stars]).argmax()] == "white"


def test_a_region_may_begin_outside_of_the_flag() -> None:
    mask = np.pad(np.ones((2, 2), bool), 1)
    assert Region("shape", mask, -1, -1).on((4, 5)).nonzero()[0].tolist() == [0, 0, 1, 1]


# Codes.


def test_few_features_fire_for_a_region(parts: PartModel) -> None:
    random = np.random.default_rng(0)
    for dictionary in (parts.layout, parts.shape):
        vectors = dictionary.mean + random.normal(size=(50, len(dictionary.mean))).astype(np.float32)
        codes = dictionary.encode(vectors)
        assert codes.dtype == np.float32 and codes.shape == (50, len(dictionary))
        assert (codes >= 0).all() and (codes > 0).any()
        assert ((codes > 0).sum(1) <= dictionary.active).all()
        assert dictionary.encode(stack([], len(dictionary.mean))).shape == (0, len(dictionary))


def test_codes_are_read_as_what_a_person_sees(parts: PartModel) -> None:
    for dictionary, vector, name in (
        (parts.layout, layout_vector(a_stripe(68, 136)), "stripe"),
        (parts.layout, layout_vector(~a_stripe(0, 0)), "field"),
        (parts.shape, shape_vector(a_star(40, 150, 100)), "star 5"),
    ):
        speaker = int(dictionary.encode(vector[None])[0].argmax())
        assert dictionary.label(speaker)[0] == name and dictionary.trusted(speaker)
        assert dictionary.speaks(speaker)[0][0] == name


# What features mean.


def a_dictionary(parts: PartModel) -> Dictionary:
    """Three features whose meaning is made up: a pure one, a mixed one, one that fires for flags alone."""
    purity = np.zeros((3, len(parts.shape.classes)), np.float32)
    purity[0, :2] = 0.75, 0.25
    purity[1, :4] = 0.2, 0.1, 0.4, 0.3
    return replace(parts.shape, purity=purity)


def test_a_label_is_the_class_that_a_feature_fires_for(parts: PartModel) -> None:
    dictionary = a_dictionary(parts)
    assert [dictionary.label(feature) for feature in (0, 2)] == [("star 4", 0.75), ("nothing drawn", 0.0)]
    assert dictionary.label(1)[0] == "star 6"
    assert [dictionary.trusted(feature) for feature in range(3)] == [True, False, False]
    assert dictionary.shares(0) == [("star 4", 0.75), ("star 5", 0.25)] and dictionary.shares(2) == []


def test_what_a_feature_speaks_for_is_measured_against_the_average_class(parts: PartModel) -> None:
    spoken = parts.shape.speaks(121)
    assert [weight for _, weight in spoken] == sorted((weight for _, weight in spoken), reverse=True)
    assert sum(weight for _, weight in spoken) == pytest.approx(0, abs=1e-3)
    assert {name for name, _ in spoken} == set(parts.shape.classes)


def test_features_know_the_flags_for_which_they_fire(flags: Dataset, parts: PartModel) -> None:
    assert parts.dataset == flags.hash
    for dictionary in (parts.layout, parts.shape):
        for feature in range(len(dictionary)):
            top = dictionary.top(feature)
            assert len(top) == min(TOP_FLAGS, dictionary.flags_count[feature]) > 0  # none is dead
            assert len({position for position, _ in top}) == len(top)
            assert all(one >= other > 0 for (_, one), (_, other) in pairwise(top))
        feature = int(dictionary.flags_count.argmax())
        position, activation = dictionary.top(feature)[0]
        mask = strongest_region(dictionary, feature, flags.flags, position)
        regions = regions_of(tree_of(flags.flags.fine[position], flags.flags.fine))
        vectors = [one.vector(pixel_aspect(flags.flags, position)) for one in regions if one.kind == dictionary.kind]
        assert dictionary.encode(np.stack(vectors))[:, feature].max() == pytest.approx(activation, abs=1e-3)
        assert mask.shape == flags.flags.fine[position].shape and mask.any()


def test_nothing_is_shown_of_a_flag_for_which_a_feature_does_not_fire(flags: Dataset, parts: PartModel) -> None:
    japan, star = flags.name_table()["japan"], 121
    assert parts.shape.label(star)[0] == "star 5"
    assert not strongest_region(parts.shape, star, flags.flags, japan).any()


def test_atoms_look_like_their_labels(parts: PartModel) -> None:
    ring = next(
        feature
        for feature in np.argsort(-parts.shape.flags_count, kind="stable")
        if parts.shape.label(int(feature))[0] == "ring" and parts.shape.trusted(int(feature))
    )
    atom = parts.shape.atoms()[ring]
    assert atom.shape == SHAPE_GRID and atom[11:13, 11:13].mean() < 0 < atom.max()
    assert parts.layout.atoms().shape == (len(parts.layout), *LAYOUT_GRID)


# The file.


def test_a_model_outlives_its_file(parts: PartModel) -> None:
    header = {"classes": {"layout": parts.layout.classes, "shape": parts.shape.classes}, "active": parts.layout.active}
    again = from_tensors(to_tensors(parts), {**header, "dataset": "d", "hash": "h"})
    assert (again.dataset, again.hash) == ("d", "h")
    for kind in ("layout", "shape"):
        assert again[kind].kind == kind
        assert all(np.array_equal(value, getattr(parts[kind], name)) for name, value in vars(again[kind]).items())


def test_a_damaged_file_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "parts.safetensors").write_bytes(b"nothing of the kind")
    monkeypatch.setattr(paths, "shipped", lambda name: tmp_path / name)
    with pytest.raises(ModelError, match="install flagsae again"):
        load_part_model.__wrapped__()


def test_classes_without_a_trained_dictionary_are_an_error_that_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CLASSES, "shape", (*SHAPES, "anchor"))
    with pytest.raises(ModelError, match=r"its classes of shape are not this version's; `python data/make.py parts`"):
        load_part_model.__wrapped__()
