"""Charts in cells: what they say at any size, x under a column and back, and bars on both sides of 0."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style

from flagsae.visual.terminal.charts import Plot, Scale, Series, bar, chart, short

EPOCHS = np.arange(301)
LOSS = Series("loss", EPOCHS, 0.9 * np.exp(-EPOCHS / 30) + 0.021, "red")
FVU = Series("FVU", EPOCHS, 0.8 * np.exp(-EPOCHS / 60) + 0.04, "blue")
NUMBERS = st.one_of(st.none(), st.floats(), st.floats(-1e3, 1e3), st.integers(-3, 3).map(float))
PAIRS = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=8)


def lines(rows: list[list[Segment]]) -> list[str]:
    return ["".join(segment.text for segment in row) for row in rows]


def drawn(*series: Series, columns: int = 60, rows: int = 12, **options: object) -> list[str]:
    return lines(chart(series, columns, rows, **options))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((0, "0"), (0.05, ".05"), (0.05049, ".0505"), (-0.5, "-.5"), (1, "1"), (12.345, "12.3"), (999.6, "1k")),
        *((1200, "1.2k"), (12345, "12.3k"), (999_999, "1M"), (-2_500_000, "-2.5M"), (3e-6, "3e-6"), (1e-4, ".0001")),
        *((1.5e15, "1.5e15"), (math.nan, "–"), (math.inf, "–")),
    ],
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert short(value) == text


def test_a_number_has_as_many_digits_as_asked_for() -> None:
    assert [short(1234.5, digits) for digits in (1, 2, 4, 5)] == ["1k", "1.2k", "1.234k", "1.2345k"]


def test_a_chart_says_what_its_curves_are() -> None:
    found = drawn(LOSS, FVU, title="Training", x_name="epoch", columns=60, rows=10)
    assert found[0].rstrip() == "Training   ● loss .021   ▲ FVU .0454"
    assert [line.split("┤")[0].strip() for line in found[1:-2] if "┤" in line] == [".5", "0"]
    assert found[-1].split() == ["0", "100", "200", "epoch"]
    curves = "".join(found[1:-2])
    assert curves.count("●") == curves.count("▲") == 1 and {"●", "▲"} < set(found[-3])  # where the curves end


def test_numbers_at_the_left_stand_where_their_values_are() -> None:
    found = drawn(Series("", [0, 1, 2, 3, 4], [0, 1, 2, 3, 4]), columns=30, rows=13)
    rows = {line[0]: row for row, line in enumerate(found[1:-2]) if "┤" in line}
    assert set(rows) == {"0", "1", "2", "3", "4"}
    for number, row in rows.items():
        columns = [at for at, letter in enumerate(found[1 + row]) if letter not in " │┤" + number]
        share = (np.array(columns) - 2 + 0.5) / 28
        assert (np.abs(share * 4 - int(number)) < 0.5).any()


def test_logarithms_have_powers_of_ten() -> None:
    y = 10.0 ** np.linspace(0, -4, 50)
    found = drawn(Series("loss", np.arange(50), y), log=True, rows=19)
    numbers = [line.split("┤")[0].strip() for line in found[1:-2] if "┤" in line]
    assert numbers == ["1", ".1", ".01", ".001", ".0001"]
    marked = [sum(letter > "⠀" for letter in line) for line in found[1:-2]]
    assert max(marked) - min(marked) <= 2  # a straight line


def test_early_epochs_have_room_and_0_is_among_them() -> None:
    plain, early = Plot([LOSS], 80, 12), Plot([LOSS], 80, 12, log_x=True)
    for at in (plain, early):
        assert at.column_of(0) == at.left and at.column_of(300) == 79
    assert early.column_of(10) > 2 * plain.column_of(10) + 20
    assert lines(early.segments())[-1].split()[:5] == ["0", "1", "2", "5", "10"]


def test_a_crosshair_has_the_values_and_the_step() -> None:
    at = Plot([LOSS, FVU], 60, 12, crosshair=57)
    found = lines(at.segments())
    assert found[0].split() == ["●", "loss", short(LOSS.y[57]), "▲", "FVU", short(FVU.y[57])]
    column = at.column_of(57)
    assert {line[column] for line in found[1:-2]} >= {"│", "●", "▲"}
    assert found[-1][column : column + 2] == "57"
    small = drawn(LOSS, columns=60, rows=3, crosshair=57, x_name="epoch")
    assert small[0].startswith("epoch 57   ●")
    beyond = Plot([LOSS], 60, 12, crosshair=999)
    assert beyond.column_of(999) is None and lines(beyond.segments())[1:] == drawn(LOSS)[1:]


def test_kept_steps_are_marked_and_the_current_one_more() -> None:
    at = Plot([LOSS], 60, 12, kept=[0, 100, 200, 300, 900], current=200)
    axis = lines(at.segments())[-2]
    assert [column for column, letter in enumerate(axis) if letter == "•"] == [at.column_of(x) for x in (0, 100, 300)]
    assert axis[at.column_of(200)] == "◆"
    (chosen,) = [segment for segment in at.segments()[-2] if "◆" in segment.text]
    assert chosen.text == "◆" and chosen.style == Style.parse("bold")


def test_charts_one_above_the_other_share_their_columns_and_an_axis() -> None:
    small = Series("dead", [500], [3])
    top = Plot([LOSS], 60, 8, axis=False, log_x=True, unit=1, reach=(0, 500), crosshair=57, x_name="epoch")
    below = Plot([small], 60, 7, margin=top.left, log_x=True, unit=1, reach=(0, 500), crosshair=57)
    assert top.left == below.left == 3
    assert all(top.column_of(x) == below.column_of(x) for x in (0, 1, 10, 57, 300))
    found = lines(top.segments())
    assert found[0].startswith("● loss") and all("─" not in line and "┬" not in line for line in found)
    assert sum(line[top.column_of(57)] in "│●" for line in found[1:]) > 4
    assert "57" in lines(below.segments())[-1].split()
    assert Plot([LOSS], 30, 8, margin=25).left == 0  # the curves need the room


def test_curves_differ_without_colour() -> None:
    flat = [Series(name, [0, 1], [y, y]) for name, y in (("a", 1), ("b", 2), ("c", 3))]
    found = drawn(*flat, columns=40, rows=14)
    rows = {mark: next(line for line in found[1:] if mark in line) for mark in "●▲■"}
    shapes = {line[line.index("│") + 1 if "│" in line else line.index("┤") + 1 : -4] for line in rows.values()}
    assert len({frozenset(enumerate(shape)) for shape in shapes}) == 3
    assert " " not in rows["●"][4:] and " " in rows["▲"][4:]
    ascii_marks = drawn(*flat, columns=40, rows=14, charset="ascii")
    assert all(ord(letter) < 128 for line in ascii_marks for letter in line)
    assert all(any(mark in line for line in ascii_marks[1:]) for mark in "*+#")


def test_what_is_missing() -> None:
    for series in ([], [Series("loss", [], [])], [Series("loss", [1, 2], [None, math.nan])]):
        found = drawn(*series)
        assert sum("nothing yet" in line for line in found) == 1
    assert any("nothing above 0" in line for line in drawn(Series("dead", [1, 2], [0, 0]), log=True))
    assert drawn(Series("dead", [1, 2], [0, 0]), log=True)[0].rstrip() == "● dead 0"
    assert drawn(Series("loss", [1], [None]))[0].rstrip() == "● loss –"
    point = drawn(Series("loss", [3], [0.25]), columns=31, rows=9)
    assert sum("●" in line for line in point[1:]) == 1 and any(".25┤" in line for line in point)
    constant = drawn(Series("L0", [0, 1], [12, 12]), columns=31, rows=9)
    assert sum(any(letter > "⠀" for letter in line) for line in constant[1:-2]) == 1
    assert any(line.startswith(" 12┤") or line.startswith("12┤") for line in constant)


def test_a_gap_is_empty_and_the_last_known_value_is_named() -> None:
    y = [1.0] * 40 + [None] * 40 + [2.0] * 10 + [None] * 10
    at = Plot([Series("loss", range(100), y)], 60, 12)
    found = lines(at.segments())
    assert found[0].rstrip() == "● loss 2"
    gap = slice(at.column_of(42), at.column_of(78))
    assert not "".join(line[gap] for line in found[1:-2]).strip()
    assert lines(Plot([Series("loss", range(100), y)], 60, 12, crosshair=60).segments())[0].rstrip() == "● loss –"


def test_the_title_goes_first_then_the_names() -> None:
    heads = [drawn(LOSS, FVU, title="Training", columns=columns)[0].rstrip() for columns in (50, 30, 18, 6)]
    assert heads == [
        "Training   ● loss .021   ▲ FVU .0454",
        "● loss .021  ▲ FVU .0454",
        "● .021 ▲ .0454",
        "● .021",
    ]
    assert drawn(Series("国旗\n\x1b[31m", [0, 1], [1, 2]), columns=20)[0].rstrip() == "● 国旗 \\x1b[31m 2"


@pytest.mark.long
@given(
    st.lists(PAIRS, max_size=3),
    st.integers(1, 40),
    st.integers(1, 14),
    st.booleans(),
    st.booleans(),
    st.one_of(st.none(), st.floats(-5, 2000), st.floats()),
    st.lists(st.one_of(st.floats(-5, 2000), st.floats()), max_size=3),
    st.one_of(st.none(), st.tuples(st.floats(), st.floats()), st.just((0.0, 200.0))),
    st.sampled_from(["braille", "block", "ascii"]),
)
@example([[(9e299, None)]], 1, 1, False, False, -1.797693134862315e308, [], None, "braille")
@settings(max_examples=150, deadline=None)
def test_any_chart_fills_its_cells(
    curves: list[list[tuple]],
    columns: int,
    rows: int,
    log: bool,
    log_x: bool,
    crosshair: float | None,
    kept: list[float],
    reach: tuple[float, float] | None,
    charset: str,
) -> None:
    series = [Series(f"n{n}", [x for x, _ in pairs], [y for _, y in pairs]) for n, pairs in enumerate(curves)]
    options = {"log": log, "log_x": log_x, "crosshair": crosshair, "kept": kept, "reach": reach, "charset": charset}
    at = Plot(series, columns, rows, title="All", x_name="epoch", current=crosshair, **options)
    drawn = at.segments()
    assert [sum(segment.cell_length for segment in row) for row in drawn] == [columns] * rows
    assert "\n" not in "".join(lines(drawn))
    for column in range(-2, columns + 2):
        x = at.x_at(column)
        assert at.x_scale.low <= x <= at.x_scale.high
        at.nearest(column)
        if at.left <= column < columns and reach is None and not curves:
            assert at.column_of(x) == column


@pytest.mark.long
@given(st.integers(13, 160), st.integers(1, 20), st.booleans(), st.integers(1, 5000), st.integers(0, 50))
@settings(deadline=None)
def test_columns_and_x_are_told_from_each_other(columns: int, rows: int, log_x: bool, epochs: int, first: int) -> None:
    x = np.arange(first, first + epochs)
    at = Plot([Series("loss", x, np.linspace(1, 0.1, epochs))], columns, rows, log_x=log_x)
    for column in range(at.left, columns):
        assert at.column_of(at.x_at(column)) == column
        assert at.nearest(column) in x
    assert at.x_at(-5) == at.x_at(at.left) and at.x_at(columns + 5) == at.x_at(columns - 1)
    assert at.column_of(x[-1] + 1000) is None and at.column_of(None) is None
    assert at.nearest(at.column_of(x[-1])) >= x[0]


def test_a_scale_reaches_its_ends() -> None:
    for scale in (Scale(-2, 8), Scale(0.01, 100, decades=True), Scale(0, 1000, unit=1)):
        assert scale.share([scale.low, scale.high]).tolist() == [0, 1]
        for share in (0, 0.25, 0.5, 1):
            assert float(scale.share(scale.value(share))) == pytest.approx(share)
    assert math.isnan(float(Scale(0.01, 100, decades=True).share(0)))
    assert [text for _, text in Scale(1000.1, 1000.4).ticks(4)] == ["1.0001k", "1.0002k", "1.0003k", "1.0004k"]


def test_a_reach_leaves_room_for_what_is_to_come() -> None:
    at = Plot([LOSS], 60, 12, reach=(0, 600))
    assert at.column_of(300) == pytest.approx(30, abs=2) and at.column_of(600) == 59
    assert not "".join(line[at.column_of(320) :] for line in lines(at.segments())[1:-2]).strip()


def bars(value: float, scale: float, columns: int, charset: str = "braille") -> str:
    """With what is inside out in brackets."""
    return "".join(
        f"[{segment.text}]" if segment.style and segment.style.reverse else segment.text
        for segment in bar(value, scale, columns, "green", "red", charset)
    )


def test_bars_grow_from_the_middle() -> None:
    assert bars(1, 1, 8) == "    ████" and bars(-1, 1, 8) == "████    "
    assert bars(0.5, 1, 8) == "    ██  " and bars(-0.5, 1, 8) == "  ██    "
    assert bars(0.3, 1, 8) == "    █▎  "  # 1.2 cells: one and two eighths
    assert bars(-0.3, 1, 8) == "  [▊]█    "  # the same from the right: what is left of it is blank
    assert bars(0, 1, 9) == "    │    " and bars(-1, 1, 9) == "████│    "
    assert bars(0.001, 1, 8) == "    ▏   " and bars(-0.001, 1, 8) == "   [▉]    "
    assert bars(9, 1, 8) == bars(math.inf, 1, 8) == bars(1, 0, 8) == "    ████"
    assert bars(-0.4, 1, 9, "ascii") == "  ##|    " and bars(1e-9, 1, 9, "ascii") == "    |#   "
    (full,) = [segment for segment in bar(-1, 1, 8, "green", "red") if "█" in segment.text]
    assert full.style == Style.parse("red")


@given(st.floats(), st.floats(), st.integers(-1, 30), st.sampled_from(["braille", "block", "ascii"]))
def test_any_bar_fills_its_columns(value: float, scale: float, columns: int, charset: str) -> None:
    found = bar(value, scale, columns, charset=charset)
    assert sum(segment.cell_length for segment in found) == max(0, columns)
    left, right = (
        lines([found])[0][part] for part in (slice(None, max(0, columns) // 2), slice(-(columns // 2), None))
    )
    if columns > 1:
        assert bool(right.strip()) == (value > 0) and bool(left.strip()) == (value < 0)
