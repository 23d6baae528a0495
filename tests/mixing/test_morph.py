"""Flags with the same figures run into each other; others change in whole designs."""

import numpy as np

from flagsae.design.vectors import design_of
from flagsae.flags.dataset import Dataset
from flagsae.flags.palette import from_oklab, oklab
from flagsae.mixing.compose import draw, drawn_morph, read
from flagsae.mixing.morph import agree, between
from flagsae.sae.model import load_model


def test_oklab_and_back() -> None:
    shades = np.array([[0, 0, 0], [255, 255, 255], [227, 10, 23], [0, 106, 78], [0, 56, 168]], np.uint8)
    assert (from_oklab(oklab(shades)) == shades).all()


def test_numbers_colours_and_sizes_run_through(flags: Dataset) -> None:
    colombia, germany, japan, palau = (
        design_of(flags, flags.find([name])) for name in ("colombia", "germany", "japan", "palau")
    )
    assert colombia and germany and japan and palau
    cuts = [step.layers[0].numbers[0] for share in (0, 0.25, 0.5, 1) if (step := between(colombia, germany, share))]
    assert cuts == sorted(cuts, reverse=True) and len(set(cuts)) == 4
    half = between(japan, palau, 0.5)
    assert half is not None
    assert half.charges[0].colours == ("red to yellow",) and dict(half.tints)["white to light blue"] != "#ffffff"
    little = between(germany, palau, 0.5)
    assert little is None and not agree(germany, palau)


def test_a_morph_begins_and_ends_with_the_flags(flags: Dataset) -> None:
    model = load_model(flags)
    for text in ("turkey + japan", "turkey + norway"):
        operands = read(text, model)
        steps = list(drawn_morph(model, operands, 5))
        assert len(steps) == 5
        for step, operand in ((steps[0], operands[0]), (steps[-1], operands[1])):
            assert (step.picture() == draw(model, [operand])[0].picture()).all()
    steps = list(drawn_morph(model, read("turkey + japan", model), 5))
    reds = [int(step.picture()[2, 2, 1]) for step in steps]  # of a corner, from red to white
    assert reds == sorted(reds) and len(set(reds)) == 5
