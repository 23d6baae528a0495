"""The cut-outs that are shipped, and how they are found again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file

from flagsae import paths
from flagsae.design.art import outlines, slots_of
from flagsae.design.cutouts import ALIKE, FILE, LOOK, look, read_cutouts, shipped
from flagsae.design.design import Charge, Design, Layer, Place
from flagsae.design.kept import design_of
from flagsae.design.parse import cut_outs
from flagsae.design.parsing.named import in_palette, named
from flagsae.design.parsing.native import native
from flagsae.design.parsing.shapes import Map
from flagsae.design.render import figures_of, label_map, picture
from flagsae.design.segment import NOTHING
from flagsae.design.shades import PALETTE, TINTS
from flagsae.errors import DesignError, ModelError
from flagsae.flags.dataset import Dataset
from flagsae.flags.palette import fit_palette, flag_palette
from flagsae.tensors import save

COLOURS = flag_palette()


def test_every_cut_out_that_is_shipped_can_be_drawn() -> None:
    cutouts = shipped()
    assert paths.shipped(FILE).stat().st_size < 1_000_000 and len(set(cutouts.names)) == len(cutouts.names) > 90
    for name, colours in zip(cutouts.names, cutouts.colours, strict=True):
        assert slots_of(name) == len(colours) and set(colours) <= {*PALETTE, *TINTS}
        whole, plain = outlines(name), outlines(name, plain=True)
        assert {slot for slot, _ in (*whole, *plain)} == set(range(len(colours)))
        for areas, most in ((whole, 1.1), (plain, 1.6)):  # the box of a part that is seen is not that of the whole
            ends = np.concatenate([one[:, 0] for _, contours in areas for one in contours])
            assert np.abs(ends).max() < most


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


@pytest.mark.parametrize("slug", ["mexico", "fiji", "wales"])
def test_a_flag_has_it_by_its_name_and_where_it_is(flags: Dataset, slug: str) -> None:
    position = flags.name_table()[slug]
    design = design_of(flags.flags[[position]], flags.palette, flags.flags.fine)
    assert design is not None
    (arms,) = [charge for charge in design.charges if charge.shape == "cut-out"]
    assert arms.art == slug and len(json.dumps(design.record())) < 1500
    fine = flags.flags.fine[position]
    assert (label_map(design, flags.palette, *fine.shape) == fine).mean() > 0.985
    # A map of few pixels has its plain outlines, a larger one the whole ones.
    few, many = (sum(map(len, contours_of(arms, 1 / rows))) for rows in (len(fine), 4 * len(fine)))
    assert few < many == sum(map(len, contours_of(arms, 0.0)))


def contours_of(charge: Charge, pixel: float) -> list[NDArray[np.float64]]:
    return [contour for _, contours in figures_of(charge, 1.5, pixel) for contour in contours]


def test_what_is_alike_but_elsewhere_or_in_other_colours_keeps_its_own_outlines(flags: Dataset) -> None:
    position = flags.name_table()["fiji"]
    fine, aspect = flags.flags.fine[position], float(flags.flags.aspect[position])
    (cut,) = cut_outs(fine, COLOURS, aspect, flags.flags.fine)
    map = Map(fine, COLOURS.names, fine.shape[1] / fine.shape[0] / aspect, fine)
    found = named(cut, map, shipped(), COLOURS)
    assert found is not None and found.art == "fiji"
    moved = replace(cut, labels=np.where(np.arange(cut.labels.shape[1]) % 4, cut.labels, NOTHING).astype(np.uint8))
    assert named(moved, map, shipped(), COLOURS) is None
    few = fit_palette(COLOURS.rgb, np.ones(len(COLOURS)), 4, COLOURS, 0)
    assert {in_palette(colour, few) for colour in (*PALETTE, *TINTS)} <= {*few.names, *TINTS}


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


@pytest.mark.parametrize("change", ["ends", "plain_ends", "colours", "looks"])
def test_a_damaged_file_is_said(change: str, tmp_path: Path) -> None:
    cutouts, tensors = shipped(), load_file(paths.shipped(FILE))
    colours = [list(one) for one in cutouts.colours]
    if change == "colours":
        colours.pop()
    else:
        tensors[change] = tensors[change][::-1] if "ends" in change else tensors[change][:, 1:]
    save(tmp_path / FILE, tensors, {"format": 1, "names": list(cutouts.names), "colours": colours})
    with pytest.raises(ModelError, match=r"is damaged .* install flagsae again"):
        read_cutouts(tmp_path / FILE)
