"""The cut-outs that are shipped, and how they are found again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from flagsae import paths
from flagsae.design.art import outlines, slots_of
from flagsae.design.cutouts import ALIKE, FILE, LOOK, look, read_cutouts, shipped
from flagsae.design.design import Charge, Design, Layer, Place
from flagsae.design.parse import cut_outs
from flagsae.design.parsing.native import native
from flagsae.design.render import picture
from flagsae.design.segment import NOTHING
from flagsae.design.shades import PALETTE, TINTS
from flagsae.errors import DesignError, ModelError
from flagsae.flags.dataset import Dataset
from flagsae.flags.palette import flag_palette
from flagsae.tensors import save

COLOURS = flag_palette()


def test_every_cut_out_that_is_shipped_can_be_drawn() -> None:
    cutouts = shipped()
    assert paths.shipped(FILE).stat().st_size < 1_000_000 and len(set(cutouts.names)) == len(cutouts.names) > 90
    for name, colours in zip(cutouts.names, cutouts.colours, strict=True):
        assert slots_of(name) == len(colours) and set(colours) <= {*PALETTE, *TINTS}
        assert {slot for slot, _ in outlines(name)} == set(range(len(colours)))
        ends = np.concatenate([one[:, 0] for _, contours in outlines(name) for one in contours])
        assert np.abs(ends).max() < 1.1


def test_a_charge_names_one() -> None:
    colours = shipped().colours[shipped().number("wales")]
    wales = Charge("cut-out", colours, (Place(0.5, 0.5, 0.4),), art="wales")
    drawn = picture(Design((Layer("stripes", ("white",)),), (wales,)), COLOURS, 300)
    assert 0.1 < (np.abs(drawn.astype(int) - COLOURS.rgb[PALETTE.index("red")]).max(2) < 40).mean() < 0.3
    with pytest.raises(DesignError, match="no cut-out: 'whales'"):
        Charge("cut-out", colours, (Place(0.5, 0.5, 0.4),), art="whales")


@pytest.mark.parametrize("slug", ["albania", "bhutan", "fiji"])
def test_one_is_found_again_on_its_flag(flags: Dataset, slug: str) -> None:
    position = [name.slug for name in flags.flags.names].index(slug)
    labels, aspect = flags.flags.fine[position], float(flags.flags.aspect[position])
    height, width = native(labels, aspect).shape
    cuts = cut_outs(labels, flags.palette, aspect, flags.flags.fine)
    assert slug in [shipped().known(one.labels, flags.palette, aspect * height / width) for one in cuts]


def test_other_shapes_are_none_of_them() -> None:
    y, x = np.mgrid[-1:1:60j, -1:1:60j]
    for inside in (
        np.hypot(x, y) < 0.9,
        np.abs(x) + np.abs(y) < 0.9,
        np.abs(x) < 0.3,
        (np.abs(x) < 0.3) | (np.abs(y) < 0.3),
    ):
        for colour in range(len(COLOURS)):
            assert shipped().known(np.where(inside, colour, NOTHING).astype(np.uint8), COLOURS) == ""
    assert shipped().known(np.full((5, 5), NOTHING, np.uint8), COLOURS) == ""


def test_a_look_has_true_proportions() -> None:
    wide = look(np.zeros((10, 40), np.uint8), 0.5) != NOTHING
    assert wide.sum(0).tolist() == [LOOK // 2] * LOOK
    assert shipped().likeness(shipped().looks[3], COLOURS).argmax() == 3 and ALIKE < 1


@pytest.mark.parametrize("change", ["ends", "colours", "looks"])
def test_a_damaged_file_is_said(change: str, tmp_path: Path) -> None:
    cutouts, tensors = shipped(), load_file(paths.shipped(FILE))
    colours = [list(one) for one in cutouts.colours]
    if change == "colours":
        colours.pop()
    else:
        tensors[change] = tensors[change][::-1] if change == "ends" else tensors[change][:, 1:]
    save(tmp_path / FILE, tensors, {"format": 1, "names": list(cutouts.names), "colours": colours})
    with pytest.raises(ModelError, match=r"is damaged .* install flagsae again"):
        read_cutouts(tmp_path / FILE)
