"""Features in the application: the gallery, the card, steering, and how they follow the step."""

from __future__ import annotations

import numpy as np
import pytest
from textual.widgets import Input, Static
from user import burst, opened, session, settled, shipped, typed, until

from flagsae.tui.app import FlagsaeApp
from flagsae.tui.screens.features import FeaturesScreen, Histogram
from flagsae.tui.state.steering import steer
from flagsae.tui.widgets.bars import Bars
from flagsae.tui.widgets.canvas import Canvas
from flagsae.tui.widgets.gallery import Gallery
from flagsae.tui.widgets.slider import Slider
from flagsae.workspace.workspace import THUMBNAIL


def features_of(app: FlagsaeApp) -> FeaturesScreen:
    assert isinstance(app.screen, FeaturesScreen)
    return app.screen


def text_of(screen: FeaturesScreen, where: str) -> str:
    return str(screen.query_one(where, Static).render())


def atoms_of(screen: FeaturesScreen) -> Gallery:
    return screen.query_one("#atoms", Gallery)


def strongest(app: FlagsaeApp) -> int:
    """The feature that fires most for the chosen flag."""
    return int(app.workspace.codes[app.flag].argmax())


@pytest.mark.long
@session
async def test_it_opens_on_all_atoms_with_a_card_of_the_chosen_one() -> None:
    async with opened("features") as (app, pilot):
        screen, atoms = features_of(app), atoms_of(features_of(app))
        await until(pilot, lambda: screen.book is not None and screen.book.labelled)
        assert [tile.key for tile in atoms.tiles] == list(range(len(app.workspace.model)))
        assert all(tile.picture is app.workspace.atoms[tile.key][0] for tile in atoms.tiles)
        assert atoms.marked == {int(one) for one in np.flatnonzero(app.workspace.strength[app.flag])}
        assert app.feature == strongest(app) == atoms.tiles[atoms.cursor].key
        await pilot.press("home", "right", "down")
        assert app.feature == 1 + atoms.columns
        card = app.workspace.cards[app.feature]
        await settled(app, pilot)
        words = text_of(screen, "#card-words")
        assert card.label.words in words and f"fires for {round(card.density * 249)} of 249 flags" in words
        assert [tile.key for tile in screen.query_one("#tops", Gallery).tiles] == [flag for flag, _ in card.top]
        assert [line.key for line in screen.query_one("#company", Bars).lines] == [one.feature for one in card.company]
        assert "made of" in text_of(screen, "#attributes-words")
        made = [name for name, _ in app.workspace.made_of(app.feature)]
        assert made and [line.split(maxsplit=1)[1] for line in text_of(screen, "#attributes").splitlines()] == made
        assert "likeliest design" in text_of(screen, "#adds-words") and not screen.query_one("#takes-box").display


@pytest.mark.long
@session
async def test_the_card_of_an_older_model_has_what_it_takes_away_and_what_its_flags_have() -> None:
    async with opened("features", ready=shipped("crisp")) as (app, pilot):
        screen = features_of(app)
        await until(pilot, lambda: screen.book is not None and screen.book.labelled)
        await settled(app, pilot)
        adds, takes = app.workspace.thumbnails([app.feature])[0]
        assert screen.query_one("#adds", Canvas).picture is adds and screen.query_one("#takes", Canvas).picture is takes
        assert screen.query_one("#takes-box").display
        card = app.workspace.cards[app.feature]
        assert all(one.attribute in text_of(screen, "#attributes") for one in card.attributes)
        assert text_of(screen, "#rebuilt-words") == "Morocco, rebuilt"
        await settled(app, pilot)


@pytest.mark.long
@session
async def test_orders_and_words_leave_the_features_that_are_asked_for() -> None:
    async with opened("features") as (app, pilot):
        screen, atoms = features_of(app), atoms_of(features_of(app))
        await until(pilot, lambda: screen.book is not None and screen.book.labelled)
        await pilot.press("o", "home")
        assert app.feature == strongest(app) and "strongest in Morocco" in str(atoms.border_title)
        await pilot.press("o", "home")
        fires = (app.workspace.strength > 0).sum(0)
        assert fires[app.feature] == fires.max()
        await pilot.press("O", "O")
        assert [tile.key for tile in atoms.tiles] == sorted(tile.key for tile in atoms.tiles)
        assert atoms.current is not None and atoms.current.key == app.feature
        await typed(pilot, "/jack")
        assert 0 < len(atoms.tiles) < 30
        assert all("jack" in screen.book.searched(tile.key).casefold() for tile in atoms.tiles)
        assert app.feature in {tile.key for tile in atoms.tiles}
        await pilot.press("ctrl+u")
        await typed(pilot, "f17")
        await pilot.press("enter")
        assert [tile.key for tile in atoms.tiles] == [17] == [app.feature] and screen.focused is atoms
        app.choose(feature=60)  # elsewhere: it is not hidden by what was looked for
        assert len(atoms.tiles) == len(app.workspace.model) and atoms.current is not None and atoms.current.key == 60
        assert screen.query_one("#find-features", Input).value == ""
        await typed(pilot, "/qqq")
        assert not atoms.tiles and "no feature has" in atoms.empty
        await pilot.press("enter", "escape")
        assert len(atoms.tiles) == len(app.workspace.model)
        await settled(app, pilot)


@pytest.mark.long
@session
async def test_a_card_is_opened_and_leads_to_other_features_and_flags() -> None:
    async with opened("features", size=(80, 24)) as (app, pilot):
        screen = features_of(app)
        await until(pilot, lambda: screen.book is not None and screen.book.labelled)
        app.choose(feature=29)
        await pilot.press("enter")
        await pilot.pause()
        assert not screen.query_one("#features-left").region and screen.query_one("#card").size.width > 70
        adds = screen.query_one("#adds", Canvas)
        await pilot.resize_terminal(160, 50)
        await until(pilot, lambda: adds.picture is not None and adds.picture.shape[1] > THUMBNAIL, "the atom in full")
        tops = screen.query_one("#tops", Gallery)
        await pilot.press("right")
        assert app.flag == tops.tiles[1].key in tops.marked
        company = screen.query_one("#company", Bars)
        company.focus()
        other = company.lines[1].key
        await pilot.press("down", "enter")
        assert app.feature == other
        await pilot.press("n")
        assert app.feature == other + 1
        await pilot.press("escape")
        await pilot.pause()
        assert screen.query_one("#features-left").region and screen.focused is atoms_of(screen)
        await settled(app, pilot)


@pytest.mark.long
@session
async def test_a_flag_is_steered_and_taken_to_mix() -> None:
    async with opened("features") as (app, pilot):
        screen, slider = features_of(app), features_of(app).query_one("#amount", Slider)
        before, after = screen.query_one("#rebuilt", Canvas), screen.query_one("#steered", Canvas)
        app.choose(feature=strongest(app))
        await settled(app, pilot)
        own = float(app.workspace.codes[app.flag, app.feature])
        assert slider.value == own and (before.picture == app.collection.small(app.flag)).all()
        await pilot.press("x")
        await until(pilot, lambda: screen.steered is not None and bool(screen.steered.amounts))
        expected = steer(app.workspace, app.flag, {app.feature: 0.0})
        assert (after.picture == expected.after).all() and slider.value == 0 and expected.changed.any()
        await until(pilot, lambda: "near" in text_of(screen, "#steer-words"))
        assert f"{int(expected.changed.sum()):,} of 6,936 pixels changed" in text_of(screen, "#steer-words")
        assert f"f{app.feature} {own:.2f} → 0.00" in text_of(screen, "#steered-words")
        await pilot.press("x")
        await until(pilot, lambda: screen.steered is not None and not screen.steered.amounts)
        assert slider.value == own and (after.picture == before.picture).all()
        # The slider and the keys say the same.
        await pilot.press("x", "plus", "equals_sign", "minus")
        turned = slider.value
        assert 0 < turned == screen.amounts[app.feature]
        slider.focus()
        await pilot.press("right")
        assert screen.amounts[app.feature] == slider.value == round(turned + 0.05, 4)
        await pilot.press("enter", "0", "full_stop", "3", "enter")
        assert screen.amounts[app.feature] == 0.3
        first = app.feature
        # Another feature joins it, and goes again; another flag is not touched.
        app.choose(feature=16)
        await pilot.press("plus", "x")
        assert 16 not in screen.amounts  # it is off in the flag itself
        app.choose(feature=17)
        await pilot.press("plus")
        assert set(screen.amounts) == {first, 17}
        second = screen.amounts[17]
        morocco = app.flag
        app.choose(flag=app.collection.dataset.name_table()["japan"])
        assert screen.amounts == {}
        app.choose(flag=morocco)
        await pilot.press("m")
        await until(pilot, lambda: app.current_mode == "mix")
        assert app.expression == f"morocco - {round(own - 0.3, 2):g}*f{first} + {round(second, 2):g}*f17"
        await settled(app, pilot)
        await pilot.press("3")
        await until(pilot, lambda: app.current_mode == "features")
        assert set(screen.amounts) == {first, 17}
        await pilot.press("0")
        assert set(screen.amounts) == {first}
        await pilot.press("r")
        await until(pilot, lambda: screen.steered is not None and not screen.steered.amounts)
        assert (after.picture == before.picture).all()
        await settled(app, pilot)


@pytest.mark.long
@session
async def test_atoms_labels_and_steering_follow_the_step() -> None:
    async with opened("features") as (app, pilot):
        screen, atoms = features_of(app), atoms_of(features_of(app))
        await until(pilot, lambda: screen.book is not None and screen.book.labelled)
        app.choose(feature=strongest(app))
        await pilot.press("x")
        await settled(app, pilot)
        last, learned = app.workspace, atoms.tiles[3].picture
        await pilot.press("left_square_bracket", "left_square_bracket", "left_square_bracket")
        await until(pilot, lambda: app.workspace is not last and atoms.tiles[3].picture is app.workspace.atoms[3][0])
        assert app.step == len(app.epochs) - 4 and not (atoms.tiles[3].picture == learned).all()
        await until(pilot, lambda: screen.steered is not None and screen.steered.workspace is app.workspace)
        assert screen.steered is not None and set(screen.steered.amounts) == {app.feature}
        assert (screen.query_one("#rebuilt", Canvas).picture == app.collection.small(app.flag)).all()
        await until(pilot, lambda: screen.book is not None and screen.book.labelled, "labels when the user rests")
        assert atoms.tiles[3].note.lstrip("~?") in app.workspace.label(3)
        await pilot.press("right_square_bracket", "right_square_bracket", "right_square_bracket")
        await until(pilot, lambda: app.workspace is last and (atoms.tiles[3].picture == learned).all())
        await settled(app, pilot)


@pytest.mark.long
@session
async def test_what_meets_nothing_says_so_by_its_name() -> None:
    async with opened("features") as (app, pilot):
        screen = features_of(app)
        await until(pilot, lambda: screen.book is not None and screen.book.labelled)
        own = strongest(app)
        app.choose(feature=own)
        screen.steering.set(app.flag, own, float(app.workspace.codes[app.flag, own]))
        screen.steered = None
        screen._steer()
        await until(pilot, lambda: screen.steered is not None and bool(screen.steered.amounts))
        name = app.workspace.cards[own].label.words
        assert f"f{own} {name} meets nothing here" in text_of(screen, "#steer-words")
        await settled(app, pilot)


@pytest.mark.long
@session
async def test_a_round_trip_keeps_selection_and_scroll() -> None:
    async with opened("features") as (app, pilot):
        screen, atoms = features_of(app), atoms_of(features_of(app))
        await pilot.press("o", "o", "pagedown", "pagedown")
        await pilot.pause()
        atoms.scroll_to(y=atoms.scroll_offset.y + 3, animate=False, force=True)
        await pilot.pause()
        kept = (atoms.scroll_offset.y, atoms.cursor, app.feature, screen.order)
        assert kept[0] > 3
        await pilot.press("1")
        await until(pilot, lambda: app.current_mode == "mix")
        await settled(app, pilot)
        await pilot.press("3")
        await settled(app, pilot)
        assert (atoms.scroll_offset.y, atoms.cursor, app.feature, screen.order) == kept


@pytest.mark.long
@session
async def test_the_part_dictionaries_are_looked_through() -> None:
    async with opened("features") as (app, pilot):
        screen, atoms = features_of(app), atoms_of(features_of(app))
        for kind, prefix in (("layout", "l"), ("shape", "s")):
            chosen = app.feature
            screen.order = "flag"  # which only flags' own features have
            await burst(app, pilot, "k", "o", "O")  # faster than the atoms are drawn
            await until(pilot, lambda kind=kind: screen.book is not None and screen.book.kind == kind)
            await until(pilot, lambda prefix=prefix: bool(atoms.tiles) and atoms.tiles[0].title[0] == prefix)
            await pilot.press("o", "home", "right")  # those of most flags first
            assert screen.feature == atoms.tiles[1].key and app.feature == chosen
            await until(pilot, lambda: len(screen.query_one("#tops", Gallery).tiles) > 1)
            await pilot.press("x")
            assert not screen.amounts and not screen.query_one("#steer").region
            await pilot.press("O")
        assert not any(tile.title.endswith("dead") for tile in atoms.tiles)
        await pilot.press("k")
        await until(pilot, lambda: atoms.tiles[0].title.startswith("f"))
        assert len(atoms.tiles) == len(app.workspace.model) and screen.query_one("#steer").display
        await settled(app, pilot)


@pytest.mark.long
@session
async def test_every_size_and_no_colour() -> None:
    async with opened("features", size=(160, 45), depth="none") as (app, pilot):
        screen = features_of(app)
        app.choose(feature=strongest(app))
        first = app.feature
        await pilot.press("x")
        for size in ((80, 24), (50, 15), (20, 6), (80, 60), (160, 45)):
            await pilot.resize_terminal(*size)
            await pilot.press("right")
        await pilot.press("enter")
        await pilot.resize_terminal(30, 8)
        await pilot.resize_terminal(120, 40)
        await pilot.press("escape")
        await settled(app, pilot)
        assert screen.amounts == {first: 0.0} and not screen.has_class("-card")
        assert len(atoms_of(screen).tiles) == len(shipped()[0].model)


@pytest.mark.long
@session
async def test_pictures_to_compare_are_of_one_size_and_the_histogram_is_as_high_as_it_can() -> None:
    async with opened("features", (120, 40)) as (app, pilot):
        screen = features_of(app)
        histogram = screen.query_one(Histogram)
        for size in ((120, 40), (121, 24), (80, 24), (120, 40), (59, 17), (121, 40)):
            await pilot.resize_terminal(*size)
            await until(pilot, lambda size=size: screen.size == size)  # type: ignore[misc]
            await pilot.pause()
            if histogram.size.height:
                rows = max(1, min(12, histogram.size.height - 3))
                assert len(str(histogram.render()).splitlines()) == rows + 3, size
            assert screen.query_one("#rebuilt", Canvas).extent == screen.query_one("#steered", Canvas).extent, size
