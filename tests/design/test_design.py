"""Designs: what can be one, and how it is kept."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flagsae.design import figures, shapes
from flagsae.design.design import Charge, Design, Layer, Place
from flagsae.design.words import read
from flagsae.errors import DesignError

RED = Layer("stripes", ("red",))
HERE = (Place(0.5, 0.5, 0.2),)


def test_a_design_is_kept_as_json_and_comes_back_the_same() -> None:
    design = read(
        "pink field; Union Jack in the canton; four red stars edged white at the fly; small pink sun at the top"
    )
    again = Design.read(json.loads(json.dumps(design.record())))
    assert again == design and again.tints == design.tints == (("pink", "#f4a6c0"),)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Layer("stripe", ("red",)), "'stripe' is no figure"),
        (lambda: Layer("stripes", ("red", "blue")), "has 2 colours, not 1"),
        (lambda: Layer("stripes", ("red", "blue", "white"), (0.5, 0.5)), "do not follow one another"),
        (lambda: Layer("cross", ("red",), (0.1, 0.2)), "has 2 numbers, not 4 (left, right, top, bottom)"),
        (lambda: Layer("saltire", ("red",), (float("nan"),)), "no shares of a flag"),
        (lambda: Layer("triangle", ("red",), (7, 0, 1, 0.4, 0.5)), "stands on side 7"),
        (lambda: Layer("canton", (), (0.4, 0.5)), "has no design inside"),
        (lambda: Layer("canton", (), (0.4, 0.0), Design((RED,))), "needs its width and height"),
        (lambda: Charge("moose", ("red",), HERE), "'moose' is no shape"),
        (lambda: Charge("star", ("red",), HERE, (5, 1.5)), "has inner 1.5"),
        (lambda: Charge("star", (), HERE), "has no colour"),
        (lambda: Charge("star", ("red",), ()), "stands at 0 places"),
        (lambda: Charge("star", ("red", "blue"), HERE, edge=1.0), "is all edge"),
        (lambda: Place(0.5, 0.5, 0.0), "a charge cannot stand"),
        (lambda: Place(0.5, float("inf"), 0.1), "a charge cannot stand"),
        (lambda: Design(()), "begins with a layer that fills the flag"),
        (lambda: Design((Layer("border", ("red",), (0.1, 0.1, 0.9, 0.9)),)), "begins with a layer that fills the flag"),
        (lambda: Design((RED,), aspect=0.0), "a tenth to ten times"),
    ],
)
def test_what_cannot_be_drawn_is_said_when_it_is_made(make: Any, said: str) -> None:
    with pytest.raises(DesignError) as found:
        make()
    assert said in str(found.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"design": 2}, "design.design is 2"),
        ({"layers": []}, "design.layers is no list"),
        ({"layers": [{"figure": "stripes", "colours": [3]}]}, "design.layers[0].colours[0] is no text"),
        ({"charges": [{"shape": "star"}]}, "design.charges[0].colours is missing"),
        ({"tints": {"red": "crimson"}}, "design.tints.'red' is no colour like #d21423"),
        ({"aspect": "wide"}, "design.aspect is no number"),
    ],
)
def test_json_that_is_no_design_is_refused_with_the_place(change: dict[str, Any], said: str) -> None:
    with pytest.raises(DesignError) as found:
        Design.read({**Design((RED,)).record(), **change})
    assert said in str(found.value)


def test_cantons_end() -> None:
    record = Design((RED,)).record()
    for _ in range(3000):
        canton = {"figure": "canton", "numbers": [0.5, 0.5], "inside": record}
        record = {**record, "layers": [*Design((RED,)).record()["layers"], canton]}
    with pytest.raises(DesignError, match="cantons"):
        Design.read(record)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "layers",
                    "charges",
                    "figure",
                    "colours",
                    "numbers",
                    "inside",
                    "shape",
                    "places",
                    "edge",
                    "aspect",
                    "tints",
                    "design",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@pytest.mark.long
@given(values, st.sampled_from(["layers", "charges", "aspect", "tints", "design"]))
def test_any_json_is_a_design_or_one_line(value: Any, field: str) -> None:
    record = {**read("red field; white cross in the canton; gold star").record(), field: value}
    try:
        assert Design.read(record).record() is not None
    except DesignError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("name", shapes.SHAPES)
def test_a_shape_fills_its_circle_and_stays_upright(name: str) -> None:
    contours = shapes.SHAPES[name].draw(*shapes.SHAPES[name].usual)
    assert all(np.allclose(np.roll(one[:, 3], 1, 0), one[:, 0]) for one in contours), "they are closed"
    outline = np.concatenate(contours)
    x, y = np.abs(outline[:, [0, 3]]).max((0, 1))
    assert y <= 1 + 1e-9 and max(x, y) >= 0.59
    if name != "crescent":  # the others are the same from both sides
        assert np.allclose(outline[..., 0].min(), -outline[..., 0].max())


@pytest.mark.parametrize("name", figures.FIGURES)
def test_a_figure_has_a_colour_for_each_of_its_areas(name: str) -> None:
    figure = figures.FIGURES[name]
    numbers = {"stripes": (0.3, 0.6), "bars": (0.5,), "polygon": (0, 0, 1, 0, 0, 1)}.get(name) or tuple(
        {"side": 0, "left": 0.2, "right": 0.8, "top": 0.2, "bottom": 0.8, "teeth": 4}.get(one, 0.4)
        for one in figure.numbers or ()
    )
    slots = {slot for slot, _ in figure.draw(numbers)}
    assert slots == set(range(figure.slots or len(numbers) + 1))
    assert figures.fault(name, numbers, len(slots)) == ""
