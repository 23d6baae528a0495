"""The contract of visualizers, kept by all that are built in: they fit, cope, are deterministic, and print nothing."""

from __future__ import annotations

from io import StringIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from flagsae.flags.dataset import Dataset
from flagsae.mixing.compose import draw
from flagsae.plugins.registry import BUILTIN, get
from flagsae.testing import check_visualizer
from flagsae.testing import scenes as examples
from flagsae.visual.capture import Capture, Colours, capture
from flagsae.visual.scene import Feature, Scene, Size
from flagsae.visual.terminal.plan import LEAST, plan
from flagsae.workspace.collection import Collection
from flagsae.workspace.scenes import scene_of_feature, scene_of_flag, scene_of_sum
from flagsae.workspace.workspace import Workspace

EXAMPLES = examples()


@pytest.fixture(scope="module")
def scenes(flags: Dataset) -> dict[str, Scene]:
    workspace = Workspace.of(Collection(flags), "crisp")
    operands = workspace.read("morocco + 0.5*colombia - laos + f17")
    return {
        **EXAMPLES,
        "flag": scene_of_flag(workspace, flags.find(["morocco"]), "Red, with a green star."),
        "sum": scene_of_sum(workspace, operands, draw(workspace.model, operands)[0], "A composite."),
        "feature": scene_of_feature(workspace, 17),
        "unknown": scene_of_feature(workspace, 3, labelled=False),
    }


def seen(name: str, scene: Scene, size: Size, **options: Any) -> Capture:
    return capture(get(name).load().render(scene, size), size, **options)


def words(drawn: Capture) -> str:
    return "\n".join("".join(segment.text for segment in line) for line in drawn.lines)


@pytest.mark.long
@pytest.mark.parametrize("name", BUILTIN)
def test_each_keeps_the_contract(name: str) -> None:
    visualizer = get(name).load()
    assert visualizer.summary.endswith(".") and cell_len(visualizer.summary) <= 60
    check_visualizer(visualizer.made)


@pytest.mark.long
@pytest.mark.parametrize("name", BUILTIN)
def test_each_draws_what_commands_have_found(name: str, scenes: dict[str, Scene]) -> None:
    for title in ("flag", "sum", "feature", "unknown"):
        for size in (Size(144, 56), Size(46, 20)):
            drawn = seen(name, scenes[title], size)
            assert drawn.lines and not drawn.too_wide and not drawn.too_high, (title, size)


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(list(BUILTIN)),
    title=st.sampled_from(list(EXAMPLES)),
    columns=st.integers(1, 90),
    lines=st.integers(1, 40),
    colours=st.sampled_from(["truecolor", "standard", None]),
)
def test_any_scene_fits_any_size(name: str, title: str, columns: int, lines: int, colours: Colours | None) -> None:
    drawn = seen(name, EXAMPLES[title], Size(columns, lines), colours=colours)
    assert not drawn.too_wide and not drawn.too_high
    assert all(sum(segment.cell_length for segment in line) <= columns for line in drawn.lines)


def test_blocks_are_as_large_as_fits(scenes: dict[str, Scene]) -> None:
    for size, (columns, lines) in ((Size(60, 40), (60, 20)), (Size(90, 10), (30, 10)), (Size(1, 1), (1, 1))):
        drawn = seen("blocks", scenes["flag"], size)
        assert (drawn.columns, len(drawn.lines)) == (columns, lines)


def test_without_colour_a_picture_is_letters_and_the_letters_are_explained(scenes: dict[str, Scene]) -> None:
    assert set(words(seen("blocks", scenes["flag"], Size(60, 20), colours=None))) == set("RG\n")
    for colours in ("truecolor", None):
        text = words(seen("letters", scenes["flag"], Size(60, 20), colours=colours))
        assert text.endswith("R red, G green") and text.count("\n") == 19


def test_sixteen_colours_have_no_blends(scenes: dict[str, Scene]) -> None:
    for colours, blended in (("standard", False), ("truecolor", True)):
        lines = seen("blocks", scenes["flag"], Size(60, 20), colours=colours).lines
        styles = [segment.style for line in lines for segment in line if segment.style is not None]
        found = {colour.get_truecolor() for style in styles for colour in (style.color, style.bgcolor) if colour}
        assert (len(found) > 2) == blended


def test_parents_stand_beside_the_flag_or_below_it(scenes: dict[str, Scene]) -> None:
    for size in (Size(100, 20), Size(50, 50)):
        text = words(seen("parents", scenes["sum"], size))
        for name in ("Morocco + 0.5*Colombia - Laos + f17", "0.5*Colombia", "-Laos", "A composite."):
            assert name in text, (size, name)
    assert "rebuilt from 8 features" in words(seen("parents", scenes["flag"], Size(100, 20)))
    assert "takes away" in words(seen("parents", scenes["feature"], Size(100, 20)))


def test_where_there_is_no_room_for_parents_they_are_left_out() -> None:
    shapes = [(68, 102)] * 4
    best = plan(shapes, 120, 40)
    assert best is not None and len(best.cells) == 4
    assert all(LEAST <= columns <= best.cells[0][0] for columns, _ in best.cells)
    small = plan(shapes, 16, 4)
    assert small is not None and len(small.cells) < 4
    assert plan(shapes, 4, 4) is None and plan(shapes, 40, 1) is None and plan([], 40, 40) is None


def test_bars_are_as_long_as_features_are_active(scenes: dict[str, Scene]) -> None:
    size = Size(90, 12)  # a line a feature
    lines = words(seen("bars", scenes["flag"], size)).splitlines()
    code = scenes["flag"].code
    assert [line.split()[0] for line in lines] == [f"f{n}" for n in sorted(code, key=lambda n: -code[n])]
    lengths = [line.count("█") for line in lines]
    assert lengths == sorted(lengths, reverse=True) and lengths[0] > 2 * lengths[-1] > 0
    assert "red stripe" in lines[0]
    tall = words(seen("bars", scenes["flag"], Size(90, 40)))
    assert "as in Luxembourg" in tall and "▀" in tall  # which its atom has


def test_bars_that_do_not_fit_are_counted(scenes: dict[str, Scene]) -> None:
    text = words(seen("bars", scenes["many"], Size(60, 10))).splitlines()
    assert len(text) == 10 and text[-1].startswith("and 390 more: f390 43.33")


def test_a_minus_goes_to_the_left(scenes: dict[str, Scene]) -> None:
    less, more = words(seen("bars", scenes["minus"], Size(60, 4), ascii_only=True)).splitlines()
    assert "-1.00" in less and "+0.50" in more and less.index("#") < more.index("#")


def test_heat_is_where_the_features_write() -> None:
    strength = np.zeros((20, 30), np.float32)
    strength[:10, :15] = 1
    strength[15:, 20:] = -0.6
    one = Scene("one", {}, {5: 2.0}, [Feature(5, strength=strength)])
    lines = words(seen("heat", one, Size(70, 22), colours=None)).splitlines()
    assert lines[0].startswith("@" * 25) and lines[0].strip("@:. -=+*#%") == "" and lines[0][40:].strip() == ""
    assert lines[19].endswith("5555555") and lines[-2:] == [
        " ..::-==++*##%%@  0 to 2, added to a colour's score by the feature",
        " 112234455677889  taken away",
    ]
    two = Scene("two", {}, {5: 2.0, 6: 1.0}, [Feature(5, strength=strength), Feature(6, strength=strength)])
    assert "by 2 features" in words(seen("heat", two, Size(70, 22), colours=None))
    assert "taken away" not in words(seen("heat", two, Size(70, 22), colours=None))


def test_a_palette_counts_colours(scenes: dict[str, Scene]) -> None:
    text = words(seen("palette", scenes["flag"], Size(60, 4)))
    assert "98.2 %" in text and "#c1272d" in text and "green" in text
    noise = words(seen("palette", scenes["many"], Size(60, 20)))
    assert "about #" in noise and noise.count("%") == 12


def test_what_is_unknown_is_said(scenes: dict[str, Scene]) -> None:
    for name, said in (
        ("blocks", "no picture"),
        ("bars", "the code"),
        ("heat", "the atoms"),
        ("palette", "no picture"),
    ):
        assert said in words(seen(name, scenes["empty"], Size(60, 4)))


def test_printing_and_a_file_show_the_same(scenes: dict[str, Scene]) -> None:
    """The command line prints a visualizer's renderable, and `export_svg` saves it."""
    size = Size(40, 12)
    console = Console(width=size.columns, file=StringIO(), record=True, force_terminal=True, color_system="truecolor")
    console.print(get("bars").load().render(scenes["flag"], size))
    assert "f84" in console.export_svg(title="bars", clear=False)
    assert console.export_text().rstrip("\n") == words(seen("bars", scenes["flag"], size))
