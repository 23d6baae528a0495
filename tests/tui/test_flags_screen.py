"""The gallery of flags: finding one, its card, pins, comparing, order."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from textual.widgets import Input, Static
from user import opened, session, settled, shipped, typed, until

from flagsae.flags.dataset import Dataset
from flagsae.sae.crisp import Crisp
from flagsae.sae.runs import Recording
from flagsae.tui.app import FlagsaeApp
from flagsae.tui.overlays.compare import Compare, TwoSided, pairs
from flagsae.tui.screens.flags import FlagsScreen, Wall
from flagsae.tui.widgets.bars import Bars
from flagsae.tui.widgets.canvas import Canvas, framed
from flagsae.tui.widgets.gallery import Gallery
from flagsae.tui.widgets.phrases import Phrases
from flagsae.workspace.collection import Collection
from flagsae.workspace.workspace import Workspace

FEW = ("bangladesh", "brazil", "france", "germany", "japan", "morocco", "pakistan", "senegal", "sweden", "turkey")


@cache
def few() -> tuple[Workspace, Recording]:
    """Ten real flags, which are described in no time, and a model of which each feature is one of them."""
    dataset = shipped()[0].dataset
    flags = dataset.flags[[dataset.name_table()[slug] for slug in FEW]]
    small = Dataset("few", flags, dataset.palette, {}, "few")
    one = np.eye(len(FEW), dtype=np.float32)
    none = np.zeros(len(FEW), np.float32)
    pixels = float(np.prod(dataset.size))
    model = Crisp(one / pixels, none, one, none, threshold=0.2, active=4, salience=0.0, dataset=small)
    return Workspace(Collection(small), model), Recording("few", Path(), small, {}, 0, (), none[:0], {}, [])


def flags_of(app: FlagsaeApp) -> FlagsScreen:
    assert isinstance(app.screen, FlagsScreen)
    return app.screen


def titles(app: FlagsaeApp) -> list[str]:
    return [tile.title for tile in flags_of(app).query_one(Wall).tiles]


def chosen(app: FlagsaeApp) -> str:
    """The chosen flag, which is the highlighted one."""
    current = flags_of(app).query_one(Wall).current
    assert current is not None and current.key == app.flag
    return app.collection.slug(app.flag)


# Finding.


@pytest.mark.long
@session
async def test_a_flag_is_found_by_what_is_on_it_while_typing() -> None:
    async with opened("flags", ready=few()) as (app, pilot):
        screen = flags_of(app)
        assert len(titles(app)) == len(FEW) and chosen(app) == "morocco"
        await pilot.press("slash")
        await typed(pilot, "green star")
        await settled(app, pilot)
        # Green stars first; a green field or stripe and a star elsewhere are drawn faint after them.
        close = [tile.title for tile in screen.query_one(Wall).tiles if not tile.faint]
        assert close == ["Morocco", "Senegal"] == titles(app)[:2] and "Pakistan" in titles(app)[2:]
        assert str(screen.query_one("#flags-count", Static).render()) == f"2 close, {len(titles(app)) - 2} loose"
        assert screen.query_one("#flags-left").border_title == f"{len(titles(app))} of 10 flags"
        assert chosen(app) == "morocco"
        await pilot.press("escape")
        assert screen.focused is screen.query_one(Wall) and len(titles(app)) < len(FEW)
        await pilot.press("escape")
        assert len(titles(app)) == len(FEW) and chosen(app) == "morocco"


@pytest.mark.long
@session
async def test_descriptions_add_what_the_table_of_facts_does_not_say() -> None:
    async with opened("flags", ready=few()) as (app, pilot):
        await pilot.press("slash")
        await typed(pilot, "red field")
        await settled(app, pilot)
        assert [tile.title for tile in flags_of(app).query_one(Wall).tiles if not tile.faint] == ["Morocco", "Turkey"]
        assert flags_of(app).query_one("#flags-left").border_subtitle == "by name"  # and no longer "reading"


@pytest.mark.long
@session
async def test_a_name_or_a_code_chooses_its_flag_until_another_one_is_chosen_elsewhere() -> None:
    async with opened("flags", ready=few()) as (app, pilot):
        await pilot.press("slash")
        await typed(pilot, "jp")
        assert titles(app) == ["Japan"] and chosen(app) == "japan"
        await pilot.press("enter", "slash")
        await typed(pilot, "xyz")  # takes the place of what was sought
        assert titles(app) == [] and app.collection.slug(app.flag) == "japan"
        await pilot.press(*["backspace"] * 3)
        assert len(titles(app)) == len(FEW) and chosen(app) == "japan"
        await typed(pilot, "crescent")
        await pilot.press("enter")
        assert flags_of(app).query_one(Wall).has_focus and "Sweden" not in titles(app)
        app.choose(flag=FEW.index("sweden"))
        assert chosen(app) == "sweden" and len(titles(app)) == len(FEW)
        await settled(app, pilot)


# The card.


@pytest.mark.long
@session
async def test_the_card_follows_the_cursor() -> None:
    async with opened("flags", ready=few()) as (app, pilot):
        screen = flags_of(app)
        await pilot.press("right")
        assert chosen(app) == "pakistan"
        assert (screen.query_one("#flag-itself", Canvas).picture == app.collection.picture(app.flag)).all()
        await settled(app, pilot)
        pictures, rebuilt = screen.query_one("#flag-pictures"), screen.query_one("#flag-rebuilt", Canvas).picture
        assert pictures.border_title == "Pakistan · PK"
        labels = app.workspace.model.decode(app.workspace.codes[[app.flag]])[0]
        right = (labels == app.collection.dataset.flags.labels[app.flag]).mean()
        assert pictures.border_subtitle == f"{np.floor(1000 * right) / 10:.1f} % of pixels right"
        assert rebuilt is not None and (rebuilt == app.collection.dataset.flags.tints[app.flag][labels]).all()
        said = [element.element for element in screen.query_one(Phrases).elements]
        assert {"star", "crescent"} <= set(said)
        bars = screen.query_one("#flag-features", Bars)
        assert bars.lines[0].key == FEW.index("pakistan") and all(line.words for line in bars.lines)
        bars.focus()
        await pilot.press("home", "down")
        assert app.feature == bars.lines[1].key and bars.border_subtitle == bars.lines[1].words
        await pilot.click(bars, (3, 0))
        assert app.feature == bars.lines[1].key, "a click on the frame is a click on no line"
        await pilot.press("enter")
        await until(pilot, lambda: app.current_mode == "features")
        await settled(app, pilot)


@pytest.mark.long
@session
async def test_the_large_card_and_its_phrases() -> None:
    async with opened("flags", ready=few()) as (app, pilot):
        screen, canvas = flags_of(app), flags_of(app).query_one("#flag-itself", Canvas)
        narrow = canvas.extent
        await pilot.press("enter")
        await settled(app, pilot)
        assert not screen.query_one("#flags-left").display and canvas.extent > narrow
        await pilot.press("shift+tab", "down")
        phrases = screen.query_one(Phrases)
        assert phrases.has_focus and phrases.current is not None and phrases.current.element == "star"
        await settled(app, pilot)
        # The star's place is framed, and the features that saw it are named.
        assert canvas.box == phrases.current.box and "star" in str(phrases.border_subtitle)
        await pilot.click(phrases, (3, 1))
        assert phrases.cursor == 0, "the first line, below the frame"
        await pilot.press("n")
        await settled(app, pilot)
        assert chosen(app) == "pakistan" and canvas.picture is not None
        await pilot.press("escape")
        await settled(app, pilot)
        assert screen.query_one("#flags-left").display and screen.query_one(Wall).has_focus and canvas.box is None


@pytest.mark.long
@session
async def test_what_no_feature_says_is_listed_in_grey() -> None:
    async with opened("flags") as (app, pilot):
        app.choose(flag=app.collection.dataset.name_table()["brazil"])
        await settled(app, pilot)
        bars = flags_of(app).query_one("#flag-features", Bars)
        missing = [line for line in bars.lines if line.faint]
        assert "lozenge: no feature has it" in [line.words for line in missing] and bars.lines[-1] is missing[-1]
        assert [line.words for line in bars.lines if not line.faint] == [
            app.workspace.label(line.key) for line in bars.lines if not line.faint
        ]
        bars.focus()
        feature = app.feature
        await pilot.press("end", "enter")
        assert (app.current_mode, app.feature) == ("flags", feature) and bars.border_subtitle == missing[-1].words
        await settled(app, pilot)


def test_a_frame_is_seen_on_any_colour() -> None:
    for shade in (0, 255):
        plain = np.full((20, 30, 3), shade, np.uint8)
        drawn = framed(plain, (0.25, 0.75, 0.5, 0.9))
        changed = np.argwhere((drawn != plain).any(-1))
        assert (changed.min(0) == (4, 14)).all() and (changed.max(0) == (15, 27)).all()
        assert (drawn[5:15, 15:27] == shade).all()


@session
async def test_another_step_of_the_training_is_another_card() -> None:
    async with opened("flags", ready=few()) as (app, pilot):
        screen, model = flags_of(app), app.workspace.model
        assert isinstance(model, Crisp)
        await pilot.press("s")

        def card() -> tuple[str, list[float]]:
            lines = screen.query_one("#flag-features", Bars).lines
            return str(screen.query_one("#flag-pictures").border_subtitle), [line.value for line in lines]

        trained, order = card(), titles(app)
        app.look_at(Workspace(app.collection, replace(model, encoder=model.encoder[::-1], threshold=0.5)))
        await settled(app, pilot)
        assert card()[0] == f"{np.floor(1000 * (1 - app.workspace.error(app.flag))) / 10:.1f} % of pixels right"
        assert float(card()[0].split()[0]) < float(trained[0].split()[0]) and card()[1] != trained[1]
        assert titles(app) != order and chosen(app) == "morocco"  # in the order of likeness to it, as it is seen now


# Pins, comparing, order.


@pytest.mark.long
@session
async def test_pinned_flags_are_marked_and_can_be_seen_alone() -> None:
    async with opened("flags", ready=few()) as (app, pilot):
        wall = flags_of(app).query_one(Wall)
        await pilot.press("P")  # nothing is pinned yet
        assert len(titles(app)) == len(FEW)
        await pilot.press("p", "right", "right", "p")
        assert [app.collection.slug(flag) for flag in app.pins] == ["morocco", "senegal"] and wall.marked == set(
            app.pins
        )
        assert "pinned" in str(flags_of(app).query_one("#flag-pictures").border_title)
        await pilot.press("P")
        assert titles(app) == ["Morocco", "Senegal"] and chosen(app) == "senegal"
        await pilot.press("p")
        assert titles(app) == ["Morocco"] and chosen(app) == "morocco"
        await pilot.press("p")
        assert app.pins == [] and len(titles(app)) == len(FEW)
        await settled(app, pilot)


@pytest.mark.long
@session
async def test_two_flags_are_compared() -> None:
    async with opened("flags", ready=few()) as (app, pilot):
        await pilot.press("equals_sign")  # with what?
        assert app.screen is flags_of(app)
        await pilot.press("right", "left", "equals_sign")
        await until(pilot, lambda: isinstance(app.screen, Compare))
        assert app.screen.flags == (FEW.index("pakistan"), FEW.index("morocco"))  # type: ignore[attr-defined]
        await pilot.press("escape")
        assert app.screen is flags_of(app)
        await pilot.press("p", "right", "right", "equals_sign")
        await until(pilot, lambda: isinstance(app.screen, Compare))
        await settled(app, pilot)
        overlay = app.screen
        assert isinstance(overlay, Compare)
        morocco, senegal = (FEW.index(slug) for slug in ("morocco", "senegal"))
        assert overlay.flags == (morocco, senegal)
        alike = app.workspace.alike(app.workspace.codes[morocco])[senegal]
        assert f"{alike:.2f} alike" in str(overlay.query_one("#compare-alike", Static).render())
        assert "green star" in str(overlay.query_one("#compare-words-0", Static).render())
        assert all(line.words for line in overlay.query_one(TwoSided).lines)
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.current_mode == "features")
        assert app.feature == overlay.pairs[1].key
        await settled(app, pilot)


def test_features_that_both_have_come_first() -> None:
    left, right = np.array([0.0, 0.9, 0.2, 0.0, 0.5]), np.array([0.3, 0.0, 0.4, 0.0, 0.1])
    assert [(pair.key, pair.other, pair.value) for pair in pairs(left, right)] == [
        (2, 0.2, 0.4),
        (4, 0.5, 0.1),
        (1, 0.9, 0.0),
        (0, 0.0, 0.3),
    ]


@session
async def test_the_order_goes_round() -> None:
    async with opened("flags", ready=few()) as (app, pilot):
        left, wall = flags_of(app).query_one("#flags-left"), flags_of(app).query_one(Wall)
        by_name = titles(app)
        seen = []
        for _ in range(4):
            await pilot.press("s")
            await settled(app, pilot)
            assert sorted(titles(app)) == sorted(by_name) and chosen(app) == "morocco"
            seen.append((left.border_subtitle, wall.tiles[0].title, wall.tiles[0].note))
        errors = [app.workspace.error(flag) for flag in range(len(FEW))]
        worst = int(np.argmax(errors))
        assert seen[0] == ("by likeness to Morocco", "Morocco", "1.00 alike")
        assert seen[1][::2] == ("by main colour", "red")
        assert seen[2] == ("by error", app.collection.title(worst), f"{100 * errors[worst]:.2f} % off")
        assert seen[3] == ("by name", "Bangladesh", "") and titles(app) == by_name


# To other screens and back.


@pytest.mark.long
@session
async def test_a_flag_goes_into_the_sum_and_a_round_trip_loses_nothing() -> None:
    async with opened("flags", (80, 18), ready=few(), expression="japan") as (app, pilot):
        wall = flags_of(app).query_one(Wall)
        await pilot.press("slash")
        await typed(pilot, "r")
        await pilot.press("enter", "end")
        wall.scroll_to(y=1, animate=False, force=True)  # as a wheel does: away from the cursor
        await settled(app, pilot)
        before = app.flag, wall.scroll_offset, wall.cursor, titles(app)
        await pilot.press("a")
        assert app.expression == f"japan + {chosen(app)}"
        await pilot.press("m")
        await until(pilot, lambda: app.current_mode == "mix")
        await settled(app, pilot)
        await pilot.press("2")
        await until(pilot, lambda: app.current_mode == "flags")
        await settled(app, pilot)
        assert (app.flag, wall.scroll_offset, wall.cursor, titles(app)) == before
        assert app.expression == chosen(app)
        assert wall.scroll_offset.y == 1 and wall.cursor > 4 and flags_of(app).text == "r"


@pytest.mark.long
@session
async def test_tiles_fill_every_size_and_nothing_is_lost() -> None:
    async with opened("flags", (160, 45), ready=few()) as (app, pilot):
        wall, card = flags_of(app).query_one(Wall), flags_of(app).query_one("#flag-card")
        for size, columns, beside in (((80, 24), 3, True), ((64, 20), 4, False), ((200, 60), 7, True)):
            await pilot.resize_terminal(*size)
            await settled(app, pilot)
            assert wall.columns >= columns and card.display == beside, size
            assert wall.size.width - wall.columns * (wall.tile_width + 2) < wall.columns + 4
            row = wall._region(wall.cursor)
            assert wall.scroll_offset.y <= row.y and row.bottom <= wall.scroll_offset.y + wall.size.height
        # Where there is no room for it, enter shows the card.
        await pilot.resize_terminal(64, 20)
        await pilot.press("enter")
        assert card.display and isinstance(flags_of(app).focused, Bars)
        await pilot.press("escape")
        assert not card.display and chosen(app) == "morocco"
        await settled(app, pilot)


@session
async def test_the_nearest_flags_lead_on() -> None:
    async with opened("flags", ready=few()) as (app, pilot):
        near = flags_of(app).query_one("#flag-near", Gallery)
        second = near.tiles[1].key
        near.focus()
        await pilot.press("right")
        assert chosen(app) == "morocco"
        await pilot.press("enter")
        await settled(app, pilot)
        assert app.flag == second and near.tiles[0].key != second
        assert chosen(app) == app.collection.slug(second)


@session
async def test_without_colour_flags_are_letters() -> None:
    async with opened("flags", (80, 24), ready=few(), depth="none") as (app, _):
        wall = flags_of(app).query_one(Wall)
        lines = [wall.render_line(line).text for line in range(wall.size.height)]
        assert any("RRRGGRRR" in line or "RRRRGGRRRR" in line for line in lines) and len(lines) > 10


@pytest.mark.long
@session
async def test_an_edit_of_a_phrase_begins_here_and_is_typed_to_its_end_in_mix() -> None:
    async with opened("flags", ready=few()) as (app, pilot):
        app.choose(flag=FEW.index("morocco"))
        await settled(app, pilot)
        flags_of(app).query_one(Phrases).focus()
        await pilot.press("down", "e")
        await settled(app, pilot)
        field = app.screen.query_one("#expression", Input)
        assert field.value == "morocco[star->" and app.screen.focused is field
        await typed(pilot, "cres")
        await pilot.press("tab")
        assert field.value == "morocco[star->crescent"
        await typed(pilot, "]")
        await settled(app, pilot)
        assert app.expression == "morocco[star->crescent]"
