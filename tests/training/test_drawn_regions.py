"""The part dictionaries from drawn regions to a file, small enough to be trained here."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from models import read_tensors

from flagsae.design.dictionaries import TOP_FLAGS, Dictionary
from flagsae.design.kinds import CHARGES, LAYOUTS, OTHER, SHAPES
from flagsae.design.part_model import PartModel, from_tensors, read_part_model, to_tensors
from flagsae.design.part_vectors import Floats
from flagsae.flags.dataset import Dataset, Flags
from flagsae.flags.regions import connected_regions
from flagsae.training.drawn_grounds import draw_layouts
from flagsae.training.drawn_shapes import DRAWINGS, draw_shape, draw_shapes
from flagsae.training.regions import (
    Owned,
    PartConfig,
    drawn_regions,
    living,
    own_regions,
    save_parts,
    train_dictionary,
    train_parts,
    with_flags,
)

SMALL = PartConfig(grounds=25, shapes=4, components=16, features=24, steps=60, batch=32, silent=5)


@pytest.fixture(scope="session")
def few(flags: Dataset) -> Flags:
    return flags.flags[[flags.name_table()[slug] for slug in ("france", "japan", "morocco", "sweden")]]


@pytest.fixture(scope="session")
def trained(few: Flags) -> PartModel:
    return train_parts(few, SMALL)


def read(dictionary: Dictionary, codes: Floats) -> np.ndarray:
    """The most likely class of each code, by the readout: n. codes: n x K."""
    return (codes @ dictionary.readout[:, :-1].T + dictionary.readout[:, -1]).argmax(1)


# Drawn regions.


@pytest.mark.parametrize("name", SHAPES)
def test_a_drawn_shape_is_one_region_with_a_margin(name: str) -> None:
    for seed in range(8):
        mask = draw_shape(name, np.random.default_rng(seed))
        regions = connected_regions(mask.astype(np.uint8))
        assert len(np.unique(regions[mask])) == 1 and mask.sum() >= 12
        assert not mask[[0, -1]].any() and not mask[:, [0, -1]].any()


def test_every_kind_of_charge_has_a_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(DRAWINGS) == {kind.name for kind in (*CHARGES, OTHER)}
    monkeypatch.delitem(DRAWINGS, "ring")
    with pytest.raises(NotImplementedError, match="no drawing of ring: add one to DRAWINGS"):
        next(draw_shapes(1, np.random.default_rng(0)))


def test_drawn_grounds_are_regions_of_a_known_class() -> None:
    drawn = list(draw_layouts(30, np.random.default_rng(0)))
    assert len({one.label for one in drawn}) > 8
    for one in drawn:
        assert len(np.unique(connected_regions(one.mask.astype(np.uint8))[one.mask])) == 1
        assert LAYOUTS[one.label] != "field" or one.mask.mean() > 0.05


def test_a_seed_draws_the_same_again() -> None:
    for draw, count in ((draw_shapes, 1), (draw_layouts, 10)):
        once, again = (list(draw(count, np.random.default_rng(seed))) for seed in (3, 3))
        other = list(draw(count, np.random.default_rng(4)))
        assert [one.label for one in once] == [one.label for one in again]
        assert all(np.array_equal(one.mask, two.mask) for one, two in zip(once, again, strict=True))
        assert not all(np.array_equal(one.mask, two.mask) for one, two in zip(once, other, strict=False))


# Training.


def test_own_regions_belong_to_flags(few: Flags) -> None:
    own = own_regions(few)
    layouts = np.bincount(own["layout"].flags, minlength=len(few))
    assert layouts[0] == 3 and layouts[1] == layouts[2] == 1 and layouts[3] == 5  # bars; fields; a cross on four
    assert set(own["shape"].flags.tolist()) == {1, 2}  # a disc and a star
    assert all(len(one.vectors) == len(one.flags) for one in own.values())


@pytest.mark.long
def test_a_small_dictionary_learns(few: Flags, trained: PartModel) -> None:
    for kind, classes in (("layout", LAYOUTS), ("shape", SHAPES)):
        dictionary = trained[kind]
        assert dictionary.kind == kind and dictionary.classes == classes
        assert 0 < len(dictionary) <= SMALL.features and dictionary.flags_count.min() >= 1
        # Units, but for the rounding of what is kept in a file: a hundredth of a standard deviation or so.
        assert np.linalg.norm(dictionary.decoder, axis=1) == pytest.approx(1, abs=4e-3)
        sums = dictionary.purity.sum(1)
        assert np.isclose(sums, 1, atol=1e-2).sum() > len(dictionary) / 2 and ((sums > 0.99) | (sums == 0)).all()
        assert dictionary.flags_count.max() <= len(few)


@pytest.mark.long
def test_the_same_seed_trains_the_same_model(few: Flags, trained: PartModel) -> None:
    once, again = to_tensors(trained), to_tensors(train_parts(few, SMALL))
    assert all(np.array_equal(once[name], again[name]) for name in once)


@pytest.mark.long
def test_a_dictionary_needs_no_flags_and_not_every_class() -> None:
    def drawn(seed: int) -> tuple[Floats, np.ndarray]:
        shapes = draw_shapes(6, np.random.default_rng(seed))
        return drawn_regions("shape", [one for one in shapes if SHAPES[one.label] in ("disc", "cross")])

    vectors, labels = drawn(0)
    small = replace(SMALL, features=8, steps=30)
    dictionary = train_dictionary("shape", SHAPES, vectors, labels, vectors[:0], small)
    assert np.isfinite(dictionary.readout).all()
    new, expected = drawn(1)
    assert (read(dictionary, dictionary.encode(new)) == expected).mean() > 0.9
    silent = with_flags(dictionary, Owned(vectors[:0], np.zeros(0, np.int64)))
    assert not silent.flags_count.any() and (silent.top_flags == -1).all()


def test_a_flag_counts_once_with_its_strongest_region(trained: PartModel) -> None:
    vectors, _ = drawn_regions("shape", list(draw_shapes(2, np.random.default_rng(1))))
    codes = trained.shape.encode(vectors)
    owners = np.arange(len(vectors)) % 20
    known = with_flags(trained.shape, Owned(vectors, owners))
    for feature in range(len(known)):
        strongest = np.array([codes[owners == flag, feature].max() for flag in range(20)])
        assert known.flags_count[feature] == (strongest > 0).sum()
        expected = np.sort(strongest)[::-1][:TOP_FLAGS]
        assert known.top_strength[feature] == pytest.approx(expected)
        assert all(strongest[position] == activation for position, activation in known.top(feature))
        assert (known.top_flags[feature] >= 0).sum() == (expected > 0).sum()


def test_features_that_fire_for_no_flag_are_left_out(few: Flags, trained: PartModel, tmp_path: Path) -> None:
    own = own_regions(few)["layout"]
    sweden = Owned(own.vectors[own.flags == 3], own.flags[own.flags == 3])
    every = with_flags(trained.layout, sweden)  # what fires for the other three flags alone is dead
    left, alive = living(every), np.flatnonzero(every.flags_count)
    assert 0 < len(left) == len(alive) < len(every)
    codes = every.encode(sweden.vectors)
    assert left.encode(sweden.vectors) == pytest.approx(codes[:, alive], abs=1e-5)
    assert not np.delete(codes, alive, axis=1).any()
    assert np.array_equal(left.readout, every.readout[:, [*alive, -1]])
    for new, old in enumerate(alive.tolist()):
        assert (left.label(new), left.top(new)) == (every.label(old), every.top(old))
    save_parts(replace(trained, layout=every), tmp_path / "parts.safetensors", "some-flags", SMALL)
    assert len(read_part_model(tmp_path / "parts.safetensors").layout) == len(every)  # files that have them still open


def test_the_file_keeps_how_it_was_trained(tmp_path: Path, trained: PartModel) -> None:
    path = tmp_path / "parts.safetensors"
    written = save_parts(trained, path, "some-flags", SMALL)
    tensors, header = read_tensors(path)
    assert header["config"] == vars(SMALL) and header["kind"] == "parts"
    again = from_tensors(tensors, header)
    assert (again.hash, again.dataset) == (written, "some-flags")
    assert np.array_equal(again.shape.decoder, trained.shape.decoder)
