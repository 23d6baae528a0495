"""Between any two flags: every figure is whole at each moment, and equal steps change equally much."""

import doctest
import io
from importlib import import_module
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from models import averaging
from numpy.typing import NDArray
from PIL import Image

from flagsae.design import render, words
from flagsae.design.design import Design, Layer
from flagsae.design.vectors import design_of
from flagsae.flags.dataset import Dataset, load_dataset
from flagsae.mixing.compose import draw, drawn_morph, read
from flagsae.mixing.morph import between
from flagsae.oklab import from_oklab, oklab
from flagsae.sae.model import Model, load_model
from flagsae.workspace.drawing import animation, eased

STEPS = 9
UNEVEN = 2.0  # times the mean of all steps, that the largest changes at most; 1.6 is the most of 600 pairs
SEEN = 0.02  # mean distance in OKLab, from which on two flags are so different that each step of nine is seen
NUMBER = st.integers(0, 248)


def design(flags: Dataset, name: str) -> Design:
    found = design_of(flags, flags.find([name]))
    assert found is not None
    return render.sealed(found, flags.palette)


def morph(flags: Dataset, one: str, other: str, steps: int = STEPS) -> list[Design]:
    first, second = design(flags, one), design(flags, other)
    return [between(first, second, step / (steps - 1)) for step in range(steps)]


def pictures(flags: Dataset, steps: list[Design]) -> list[NDArray[np.uint8]]:
    return [render.picture(step, flags.palette, 96, 64) for step in steps]


def changes(drawn: list[NDArray[np.uint8]]) -> NDArray[np.float64]:
    """How much each step changes: the mean distance of its pixels in OKLab."""
    lab = oklab(np.array(drawn))
    found: NDArray[np.float64] = np.linalg.norm(np.diff(lab, axis=0), axis=3).mean((1, 2))
    return found


def figures(step: Design) -> set[str]:
    return {layer.figure for layer in step.layers[1:]} | {charge.shape for charge in step.charges}


@pytest.mark.parametrize("name", ["morph", "morphing.aligned", "morphing.figures", "morphing.inks"])
def test_the_examples_are_right(name: str) -> None:
    found = doctest.testmod(import_module(f"flagsae.mixing.{name}"))
    assert found.attempted and not found.failed


def test_oklab_and_back() -> None:
    shades = np.array([[0, 0, 0], [255, 255, 255], [227, 10, 23], [0, 106, 78], [0, 56, 168]], np.uint8)
    assert (from_oklab(oklab(shades)) == shades).all()


def test_numbers_and_colours_run_through_where_both_have_the_same(flags: Dataset) -> None:
    steps = morph(flags, "japan", "bangladesh")
    assert all(figures(step) == {"disc"} and len(step.charges) == 1 for step in steps)
    x = [step.charges[0].places[0].x for step in steps]
    assert x == sorted(x, reverse=True) and len(set(x)) == STEPS
    reds = [dict(step.tints)["red"] for step in steps]  # one word, but two shades
    assert reds[0] == "#bc002d" and reds[-1] == "#f42a41" and len(set(reds)) == STEPS
    cuts = [step.layers[0].numbers[0] for step in morph(flags, "colombia", "germany", 5)]
    assert cuts == sorted(cuts, reverse=True) and len(set(cuts)) == 5


def test_stripes_run_into_more_stripes_and_stay_stripes(flags: Dataset) -> None:
    for one, other, most in (("poland", "indonesia", 3), ("austria", "thailand", 6), ("united-states", "brazil", 13)):
        steps = morph(flags, one, other)
        grounds = [step.layers[0] for step in steps]
        assert {ground.figure for ground in grounds} == {"stripes"}
        assert max(len(ground.colours) for ground in grounds) <= most
    middle = morph(flags, "poland", "indonesia")[4].layers[0]
    assert middle.colours == ("red", "white", "red")  # the white one moves up; neither turns pink


def test_bars_become_stripes_by_way_of_a_plain_field(flags: Dataset) -> None:
    steps = morph(flags, "france", "germany", 13)
    kinds = [step.layers[0].figure if len(step.layers[0].colours) > 1 else "plain" for step in steps]
    assert [kind for kind, before in zip(kinds, ["", *kinds], strict=False) if kind != before] in (
        ["bars", "plain", "stripes"],
        ["bars", "stripes"],  # none of the steps hits the moment
    )
    assert all("red" in step.layers[0].colours for step in steps)


def test_no_figure_is_lost_where_its_colour_and_the_grounds_change_places(flags: Dataset) -> None:
    for one, other in (("denmark", "england"), ("japan", "tunisia"), ("poland", "indonesia")):
        for step in morph(flags, one, other, 21)[1:-1]:
            tints = oklab(np.array([tuple(bytes.fromhex(tint[1:])) for _, tint in step.tints], np.uint8))
            assert np.linalg.norm(tints - tints[0], axis=1).max() > 0.12 or not figures(step)


def test_what_goes_is_gone_before_what_comes(flags: Dataset) -> None:
    for one, other, first, second in (
        ("norway", "japan", "cross", "disc"),
        ("turkey", "switzerland", "crescent", "cross"),
        ("united-states", "brazil", "canton", "lozenge"),
    ):
        steps = [figures(step) for step in morph(flags, one, other, 21)]
        assert not any({first, second} <= step for step in steps)
        there = [second in step for step in steps]
        assert there == sorted(there) and first in steps[0] and sum(first in step for step in steps) > 4


def test_an_emblem_on_a_triangle_goes_before_it(flags: Dataset) -> None:
    for step in morph(flags, "cuba", "sweden", 31):
        stars = [charge.places[0] for charge in step.charges]
        triangles = [layer.numbers for layer in step.layers if layer.figure == "triangle"]
        for star in stars:
            (depth,) = (numbers[3] for numbers in triangles)
            assert star.x + star.radius / step.aspect < depth  # it never sticks out


def test_the_union_jack_comes_and_goes_as_crosses(flags: Dataset) -> None:
    steps = morph(flags, "united-kingdom", "norway")
    assert all("cross" in figures(step) for step in steps[1:])
    assert "saltire" in figures(steps[4]) and "saltire" not in figures(steps[-1])
    kept = morph(flags, "fiji", "new-zealand")
    assert all(step.layers[1].inside and step.layers[1].inside.layers[0].figure == "jack" for step in kept)


def test_a_figure_of_nearly_no_thickness_is_said(flags: Dataset) -> None:
    first, second = design(flags, "norway"), design(flags, "japan")
    for share in (1e-9, 1e-6, 1e-3, 0.4999, 0.5, 0.5001, 0.999, 1 - 1e-9):
        step = between(first, second, share)
        assert words.say(step) and Design.read(step.record()) == step


def test_equal_designs_and_stranger_ones() -> None:
    red, leaning = (
        Layer(figure, colours, numbers)
        for figure, colours, numbers in (
            ("stripes", ("red",), ()),
            ("halves", ("red", "white"), (1.0, 0.0)),
        )
    )
    assert between(Design((red,)), Design((red,)), 0.3) == Design((red,))
    bars = Design((Layer("bars", ("red", "white"), (0.5,)),))
    turned = between(Design((leaning,)), bars, 0.5).layers[0]
    assert turned.figure == "halves" and 0 < turned.numbers[1] < turned.numbers[0] < 1


@settings(max_examples=30, deadline=None)
@given(NUMBER, NUMBER)
def test_between_any_two_flags_each_step_is_a_design(one: int, other: int) -> None:
    flags = load_dataset()
    first, second = (
        render.sealed(found, flags.palette)
        for number in (one, other)
        if (found := design_of(flags, flags.flags[[number]])) is not None
    )
    steps = [between(first, second, step / (STEPS - 1)) for step in range(STEPS)]
    back = [between(second, first, step / (STEPS - 1)) for step in reversed(range(STEPS))]
    assert steps == back and [step.tints for step in steps] == [step.tints for step in back]
    assert steps[0] is first and steps[-1] is second
    for step in steps:
        assert words.say(step) and Design.read(step.record()) == step
        assert {*step.colours()} == {*dict(step.tints)}
    drawn = pictures(flags, steps)
    if changes([drawn[0], drawn[-1]])[0] > SEEN:
        steps_changed = changes(drawn)
        assert steps_changed.min() > 0 and steps_changed.max() < UNEVEN * steps_changed.mean()
    for end, share in ((drawn[0], 1e-4), (drawn[-1], 1 - 1e-4)):  # nothing jumps at the ends
        (near,) = pictures(flags, [between(first, second, share)])
        assert np.abs(near.astype(int) - end).mean() < 1.5


@pytest.fixture(scope="module")
def model(flags: Dataset) -> Model:
    return load_model(flags)


def test_a_morph_begins_and_ends_with_the_flags(flags: Dataset, model: Model) -> None:
    for text in ("turkey + japan", "turkey + norway"):
        operands = read(text, model)
        steps = list(drawn_morph(model, operands, 5))
        assert len(steps) == 5
        for step, operand in ((steps[0], operands[0]), (steps[-1], operands[1])):
            assert (step.picture() == draw(model, [operand])[0].picture()).all()
    steps = list(drawn_morph(model, read("turkey + japan", model), 5))
    reds = [int(step.picture()[2, 2, 1]) for step in steps]  # of a corner, from red to white
    assert reds == sorted(reds) and len(set(reds)) == 5


def test_further_terms_are_plain_sums(flags: Dataset, model: Model) -> None:
    operands = read("france + germany + japan", model)
    _, middle, _ = drawn_morph(model, operands, 3)
    same = draw(model, read("0.5*france + 0.5*germany + japan", model))[0]
    assert (middle.picture() == same.picture()).all()


def test_a_network_that_paints_pixels_paints_every_step(flags: Dataset) -> None:
    network = averaging(flags)
    steps = list(drawn_morph(network, read("norway + japan", network), 3))
    assert all(step.kind == steps[0].kind != "" and step.exact is None for step in steps)


def test_an_animation_rests_at_its_ends_and_is_slow_near_them(flags: Dataset, model: Model) -> None:
    steps = list(drawn_morph(model, read("norway + japan", model), STEPS))
    with Image.open(io.BytesIO(animation(steps, 90))) as image:
        frames = []
        for number in range(image.n_frames):
            image.seek(number)
            frames.append((image.info["duration"] / 1000, np.array(image.convert("RGB"), int)))
    times = [time for time, _ in frames]
    assert len(frames) == 2 * (STEPS - 1) and times[:STEPS] == pytest.approx(eased(STEPS), abs=0.01)
    assert times[0] == times[STEPS - 1] == max(times) and times[1] > times[2] > times[3] >= times[4]
    for (_, before), (_, after) in pairwise(frames):
        assert np.abs(after - before).mean() > 1  # none repeats the one before
