"""Cut-outs: outlines as text, traced from label maps."""

from __future__ import annotations

import json
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from flagsae.checks import Damaged
from flagsae.design import art
from flagsae.design.art import COUNTS, UNIT, Art, decode, encode, outlines
from flagsae.design.design import Charge, Design, Layer, Place
from flagsae.design.render import label_map
from flagsae.design.segment import NOTHING
from flagsae.design.tracing import art_of, traced
from flagsae.design.words import say
from flagsae.errors import DesignError
from flagsae.flags.palette import flag_palette

PALETTE = flag_palette()
FIELD = (Layer("stripes", ("white",)),)
RED, BLUE = PALETTE.names.index("red"), PALETTE.names.index("blue")


def seal(size: int = 120, aspect: float = 1.0) -> NDArray[np.uint8]:
    """A red disc with a blue square on it and a hole beside that; pixels are `aspect` times as wide as high."""
    rows, columns = np.mgrid[:size, : round(size / aspect)]
    y, x = (2 * rows + 1) / size - 1, (2 * columns + 1) * aspect / size - 1
    labels = np.where(np.hypot(x, y) <= 1, RED, NOTHING).astype(np.uint8)
    labels[(np.abs(x) < 0.3) & (np.abs(y) < 0.3)] = BLUE
    labels[np.hypot(x - 0.65, y) < 0.15] = NOTHING
    return labels


def charge(size: float = 0.4, **other: Any) -> Charge:
    text, entries = traced(seal())
    fields = {"colours": tuple(PALETTE.names[one] for one in entries), "places": (Place(0.5, 0.5, size),), "art": text}
    return Charge("cut-out", **{**fields, **other})


@pytest.mark.parametrize("aspect", [1.0, 0.6])
def test_a_traced_map_is_drawn_as_it_was(aspect: float) -> None:
    labels = seal(200, aspect)
    text, entries = traced(labels, aspect)
    assert entries == (RED, BLUE)
    placed = Charge("cut-out", ("red", "blue"), (Place(0.5, 0.5, 0.5),), art=text)
    drawn = label_map(Design(FIELD, (placed,), aspect=1.0), PALETTE, *labels.shape)
    white = PALETTE.names.index("white")
    assert (drawn == np.where(labels == NOTHING, white, labels)).mean() > 0.995


def test_what_touches_the_frame_of_its_map_is_round() -> None:
    ((_, (rim, _)), _) = outlines(traced(seal(300))[0])
    assert np.hypot(*rim[:, 0].T) == pytest.approx(1, abs=0.01)
    assert len(rim) < 10, "an ellipse has few curves"


def test_outlines_are_kept_once_and_meet_without_a_gap() -> None:
    labels = np.full((40, 40), RED, np.uint8)
    labels[:, 13:] = BLUE
    labels[20:, 13:] = 3
    drawing, entries = art_of(labels)
    areas = dict(drawing.areas())
    assert entries == (BLUE, 3, RED) or set(entries) == {BLUE, 3, RED}
    assert sum(map(len, drawing.chains)) < sum(len(one) for contours in areas.values() for one in contours)
    (red,), (three,) = areas[entries.index(RED)], areas[entries.index(3)]
    shared = {tuple(p) for p in red.reshape(-1, 2).tolist()} & {tuple(p) for p in three.reshape(-1, 2).tolist()}
    assert len(shared) >= 2


def test_a_cut_out_is_kept_as_json_said_recoloured_and_turned() -> None:
    design = Design(FIELD, (charge(),))
    assert Design.read(json.loads(json.dumps(design.record()))) == design and hash(design.charges[0])
    assert say(design) == "white field; red emblem in the centre"
    other = Design(FIELD, (charge(colours=("green", "yellow"), places=(Place(0.5, 0.5, 0.4, 90),)),))
    labels = label_map(other, PALETTE, 200, 300)
    assert {PALETTE.names[one] for one in np.unique(labels)} == {"white", "green", "yellow"}
    assert labels[100, 150] == PALETTE.names.index("yellow")
    hole = 100 + round(0.65 * 0.4 * 200)  # at the right of it, turned by a quarter: below
    assert labels[hole, 150] == PALETTE.names.index("white")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"art": ""}, "needs its art"),
        ({"art": "mo ose"}, "no cut-out: 'mo ose'"),
        ({"art": "=***"}, "no base64"),
        ({"art": "=" + "é" * 8}, "no base64"),
        ({"art": "=AAAA"}, "cannot be inflated"),
        ({"art": "=" + "A" * 400_000}, "400,001 characters"),
        ({"colours": ("red",)}, "has 1 colours, not 2"),
        ({"edge": 0.1}, "has numbers or an edge"),
        ({"numbers": (5.0,)}, "has numbers or an edge"),
        ({"shape": "disc"}, "only cut-outs have"),
    ],
)
def test_what_is_wrong_with_an_art_is_said_when_its_charge_is_made(change: dict[str, Any], said: str) -> None:
    fields = {
        "shape": "cut-out",
        "colours": ("red", "blue"),
        "places": (Place(0.5, 0.5, 0.4),),
        "art": traced(seal())[0],
    }
    with pytest.raises(DesignError, match=said) as found:
        Charge(**{**fields, **change})
    assert "\n" not in str(found.value) and len(str(found.value)) < 200


def test_a_design_has_so_many_curves() -> None:
    places = tuple(Place(0.5, 0.5, 0.1) for _ in range(1000))
    with pytest.raises(DesignError, match="at most 500,000 curves"):
        Design(FIELD, (charge(places=places),) * 60)


@st.composite
def arts(draw: st.DrawFn) -> Art:
    """Arts of closed chains in any order and of both kinds of pieces."""
    whole = st.integers(-4096, 4096)
    point = st.tuples(whole, whole)
    chains = []
    for _ in range(draw(st.integers(1, 4))):
        ends = draw(st.lists(point, min_size=2, max_size=5))
        pieces = []
        for start, end in zip(ends, [*ends[1:], ends[0]], strict=True):
            bent = draw(st.booleans())
            pieces.append([start, *((draw(point), draw(point)) if bent else (start, end)), end])
        chains.append(np.array(pieces, np.int64))
    slots = draw(st.integers(1, 5))
    step = st.tuples(st.integers(0, len(chains) - 1), st.booleans())
    contour = st.tuples(st.integers(0, slots - 1), step.map(lambda one: (one,)))
    return Art(slots, tuple(chains), tuple(draw(st.lists(contour, min_size=1, max_size=6))))


@settings(max_examples=50)
@given(arts())
def test_what_is_encoded_is_decoded(drawing: Art) -> None:
    again = decode(encode(drawing))
    assert again.slots == drawing.slots and again.contours == drawing.contours
    assert all((one == other).all() for one, other in zip(again.chains, drawing.chains, strict=True))
    for (_, contours), (_, others) in zip(again.areas(), drawing.areas(), strict=True):
        assert all((one == other).all() for one, other in zip(contours, others, strict=True))


SEAL = zlib.decompress(encode(art_of(seal())[0]))


def wrong(raw: bytes) -> str:
    """What is said of a binary form; "" where it is an art."""
    try:
        drawing = decode(zlib.compress(raw))
    except Damaged as error:
        assert "\n" not in str(error)
        return str(error)
    assert all(np.abs(contour).max() <= art.FARTHEST for _, contours in drawing.areas() for contour in contours)
    return ""


@given(st.lists(st.tuples(st.integers(0, len(SEAL) - 1), st.integers(0, 255)), max_size=4), st.integers(-9, 9))
def test_damaged_art_is_refused_or_drawn(changes: list[tuple[int, int]], longer: int) -> None:
    raw = bytearray(SEAL + bytes(max(0, longer)))[: len(SEAL) + longer]
    for place, value in changes:
        if place < len(raw):
            raw[place] = value
    said = wrong(bytes(raw))
    assert said or longer == 0


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((2, 2**32 - 1, 2**32 - 1, 2**32 - 1, 2**32 - 1, 2**32 - 1), "counts are wrong"),
        ((2, 0, 0, 0, 0, 0), "counts are wrong"),
        ((65, 3, 0, 0, 1, 1), "counts are wrong"),
    ],
)
def test_counts_cost_nothing(counts: tuple[int, ...], said: str) -> None:
    assert said in wrong(COUNTS.pack(*counts))


def test_a_bomb_is_not_inflated() -> None:
    bomb = zlib.compress(bytes(10**8), 9)
    assert len(art.text(bomb)) < art.MOST_TEXT
    with pytest.raises(Damaged, match="cut short, or too long"):
        decode(bomb)
    chain = np.array([[(0, 0), (0, 0), (1, 1), (1, 1)], [(1, 1), (1, 1), (0, 0), (0, 0)]] * 1000)
    with pytest.raises(Damaged, match="200,000 curves"):
        encode(Art(1, (chain,), ((0, ((0, True),)),) * 100))


def test_noise_becomes_an_art_too() -> None:
    random = np.random.default_rng(0)
    noise = random.integers(0, 12, (204, 306), dtype=np.uint8)
    text, entries = traced(noise)
    assert len(text) <= art.MOST_TEXT and Charge(
        "cut-out", tuple(PALETTE.names[one] for one in entries), (Place(0.5, 0.5, 0.4),), art=text
    )
    dot = np.full((9, 9), NOTHING, np.uint8)
    dot[4, 4] = RED
    (_, (contour,)), *_ = outlines(traced(dot)[0])
    assert np.abs(contour).max() == pytest.approx(1, abs=2 * UNIT)
