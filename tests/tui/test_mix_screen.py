"""Mixing in the application: text and sliders, undo, morph, export."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from textual.events import MouseScrollDown
from textual.widgets import Input, RadioSet, Static
from user import burst, opened, session, settled, typed, until

from flagsae.mixing.compose import draw, read
from flagsae.tui.app import FlagsaeApp
from flagsae.tui.overlays.export import Export
from flagsae.tui.overlays.help import Help
from flagsae.tui.overlays.morph import STEPS, Morph
from flagsae.tui.screens.mix import MixScreen, Row
from flagsae.tui.widgets.bars import Bars, Line
from flagsae.tui.widgets.canvas import Canvas
from flagsae.tui.widgets.footer import Keys
from flagsae.tui.widgets.gallery import Gallery
from flagsae.tui.widgets.slider import Slider


def mix_of(app: FlagsaeApp) -> MixScreen:
    assert isinstance(app.screen, MixScreen)
    return app.screen


@pytest.mark.long
@session
async def test_it_opens_on_something_beautiful() -> None:
    async with opened() as (app, _):
        screen = mix_of(app)
        assert screen.query_one("#expression", Input).value == "morocco + colombia"
        assert screen.query_one("#result", Canvas).picture is not None
        caption = screen.query_one("#caption", Static)
        assert str(caption.render()).startswith("Moroccolombia: ") and "star" in str(caption.render())
        recipe = "the ground of Colombia with the charge of Morocco"
        assert caption.tooltip == screen.query_one("#result", Canvas).tooltip == recipe
        assert "Colombia" in [tile.title for tile in screen.query_one("#near", Gallery).tiles]
        assert isinstance(screen.focused, Slider)


@pytest.mark.long
@session
async def test_a_typed_sum_is_what_the_command_line_draws() -> None:
    async with opened() as (app, pilot):
        await pilot.press("slash", "ctrl+u")
        await typed(pilot, "japan + 0.5*brazil - f17")
        await pilot.press("enter")
        await settled(app, pilot)
        screen = mix_of(app)
        assert screen.mixed is not None
        (composite,) = draw(app.workspace.model, read("japan + 0.5*brazil - f17", app.workspace.model))
        assert np.abs(screen.mixed.composite.code - composite.code).max() < 1e-6
        assert (screen.mixed.picture == composite.picture()).all()
        assert [slider.value for slider in screen.query(Slider)] == [1.0, 0.5, -1.0]
        assert screen.command_line() == "flagsae compose 'japan + 0.5*brazil - f17'"


@pytest.mark.long
@session
async def test_a_flag_may_be_edited_in_the_text() -> None:
    async with opened() as (app, pilot):
        screen = mix_of(app)
        field = screen.query_one("#expression", Input)
        field.value = "morocco[red->green, star->sun]"
        await settled(app, pilot)
        assert str(screen.query_one("#caption", Static).render()).startswith(
            "Green field; black sun in the centre · green sun"
        )
        assert [slider.title for slider in screen.query(Slider)] == ["Morocco [red->green, star->sun]"]
        assert screen.command_line() == "flagsae compose 'morocco[red->green, star->sun]'"
        field.value = "morocco[star->cresent]"
        await settled(app, pilot)
        caret = str(screen.query_one("#caret", Static).render())
        assert caret.strip() == "^^^^^^^ 'cresent' is not known. Did you mean crescent?"


@pytest.mark.long
@session
async def test_a_term_that_changes_before_it_is_seen_is_seen_changed() -> None:
    """Keys come faster than rows are made: j of japan, then ja, then jap."""
    async with opened() as (app, pilot):
        screen = mix_of(app)
        japan, brazil = read("2*japan + 0.5*brazil", app.workspace.model)
        row = Row(japan, None)
        row.show(brazil, screen.picture_of(brazil))
        await screen.query_one("#terms").mount(row)
        await settled(app, pilot)
        slider = row.query_one(Slider)
        assert (slider.title, slider.value) == ("Brazil", 0.5)
        assert row.query_one(Canvas).picture is not None


@pytest.mark.long
@session
async def test_a_term_that_goes_and_comes_at_once_has_its_row() -> None:
    """Keys come faster than rows go: the plus is taken back, and typed again."""
    async with opened() as (app, pilot):
        screen = mix_of(app)
        for text in ("morocco", "morocco + japan", "morocco", "morocco + japan + brazil"):
            app.choose(expression=text)
        await settled(app, pilot)
        assert [slider.title for slider in screen.query(Slider)] == ["Morocco", "Japan", "Brazil"]


@pytest.mark.long
@session
async def test_a_wrong_word_gets_a_caret_and_nothing_is_lost() -> None:
    async with opened() as (app, pilot):
        screen = mix_of(app)
        await pilot.press("slash", "end")
        await typed(pilot, " + marocco")
        await settled(app, pilot)
        caret = screen.query_one("#caret", Static)
        text = str(caret.render())
        column = screen.query_one("#expression", Input).region.x + len("morocco + colombia + ")
        assert caret.display and text[column : column + 7] == "^" * 7 and "Did you mean" in text
        assert screen.query_one("#result", Canvas).picture is not None and screen.terms.active
        await pilot.press(*["backspace"] * len(" + marocco"))
        await settled(app, pilot)
        assert not caret.display


@pytest.mark.long
@session
async def test_tab_completes_a_name() -> None:
    async with opened() as (app, pilot):
        field = mix_of(app).query_one("#expression", Input)
        await pilot.press("slash", "ctrl+u")
        await typed(pilot, "japan + mala")
        await until(pilot, lambda: field._suggestion.endswith("malawi"))
        await typed(pilot, "y")
        await until(pilot, lambda: field._suggestion.endswith("malaysia"))
        await pilot.press("tab")
        assert field.value == "japan + malaysia"
        # What is a code already goes on as that of its own flag alone.
        complete = mix_of(app)._complete
        assert (complete("MA"), complete("MA + CO"), complete("mala")) == (None, "MA + COlombia", "malawi")
        assert complete("japan + nordic c") == "japan + nordic cross"


@pytest.mark.long
@session
async def test_words_are_terms_with_a_picture_and_a_note_where_they_change_nothing() -> None:
    async with opened() as (app, pilot):
        screen = mix_of(app)
        await pilot.press("slash", "ctrl+u")
        await typed(pilot, "japan + star - green")
        await settled(app, pilot)
        assert [row.slider.title for row in screen.rows] == ["Japan", "star", "green"]
        assert all(screen.picture_of(operand) is not None for operand in screen.terms.operands)
        caption = str(screen.query_one("#caption", Static).render())
        assert caption.startswith("White field; red disc in the centre; white star in the centre")
        assert "- green: there is no green on it" in caption


@pytest.mark.long
@session
async def test_sliders_and_text_say_the_same_and_undo_restores() -> None:
    async with opened() as (app, pilot):
        screen = mix_of(app)
        field = screen.query_one("#expression", Input)
        await pilot.press("right", "shift+right")
        assert field.value == "1.3*morocco + colombia"
        await pilot.press("tab", "enter", "minus", "full_stop", "5", "enter")
        assert field.value == "1.3*morocco - 0.5*colombia"
        await pilot.press("home")
        assert field.value == "1.3*morocco" and len(screen.query(Slider)) == 2
        await settled(app, pilot)
        for text in (
            "1.3*morocco - 0.5*colombia",
            "1.3*morocco + colombia",
            "1.05*morocco + colombia",
            "morocco + colombia",
        ):
            await pilot.press("u")
            assert field.value == text
        await pilot.press("U", "U", "U", "U")
        assert field.value == "1.3*morocco" and app.expression == "1.3*morocco"
        await settled(app, pilot)


@pytest.mark.long
@session
async def test_a_slider_is_dragged() -> None:
    async with opened() as (app, pilot):
        screen = mix_of(app)
        slider = screen.query(Slider).first()
        await pilot.mouse_down(slider, offset=(slider._column(1.0), 1))
        await pilot.hover(slider, offset=(slider._column(0.5), 1))
        assert 0.4 < screen.terms.operands[0].amount < 0.6
        await pilot.hover(slider, offset=(slider._column(0.0), 1))
        await pilot.mouse_up(slider, offset=(slider._column(0.0), 1))
        assert screen.query_one("#expression", Input).value == "colombia"
        await pilot.press("u")  # the whole drag is one change
        assert screen.query_one("#expression", Input).value == "morocco + colombia"
        await settled(app, pilot)


@pytest.mark.long
@session
async def test_terms_come_and_go() -> None:
    async with opened() as (app, pilot):
        screen = mix_of(app)
        app.choose(flag=app.collection.dataset.name_table()["laos"], feature=29)
        await pilot.press("a", "f")
        await settled(app, pilot)
        assert screen.terms.text == "morocco + colombia + laos + f29"
        assert isinstance(screen.focused, Slider) and screen.focused.title == "f29"
        await pilot.press("delete")
        await settled(app, pilot)
        assert screen.terms.text == "morocco + colombia + laos" and len(screen.query(Slider)) == 3
        app.choose(expression="morocco")
        await settled(app, pilot)
        picture = screen.query_one("#result", Canvas).picture
        screen.query_one(Slider).focus()
        await pilot.press("home")
        await settled(app, pilot)
        assert not screen.terms.text and screen.query_one("#result", Canvas).picture is picture  # of nothing: none
        await pilot.press("u")
        await settled(app, pilot)
        assert screen.terms.text == "morocco"


@pytest.mark.long
@session
async def test_random_next_design_and_copy() -> None:
    async with opened() as (app, pilot):
        screen = mix_of(app)
        await pilot.press("n")
        await settled(app, pilot)
        assert screen.mixed is not None and screen.mixed.chosen == 1
        caption = screen.query_one("#caption", Static)
        assert str(caption.render()).startswith("Moroccolombia II: ") and "design 2 of" in str(caption.render())
        assert caption.tooltip == screen.mixed.composite.says != ""
        await pilot.press("r")
        await settled(app, pilot)
        assert screen.terms.text != "morocco + colombia" and len(screen.terms.operands) >= 2
        await pilot.press("c")
        assert app.clipboard == screen.command_line()
        await pilot.press("u")
        await settled(app, pilot)
        assert screen.terms.text == "morocco + colombia"


@pytest.mark.long
@session
async def test_a_morph_plays_and_a_step_is_taken() -> None:
    async with opened() as (app, pilot):
        await burst(app, pilot, "b", "enter", "escape", "b", "escape")  # before it has a step: it is left
        await settled(app, pilot)
        assert isinstance(app.screen, MixScreen) and not app._notifications
        await pilot.press("b")
        await until(pilot, lambda: isinstance(app.screen, Morph) and len(app.screen.composites) == STEPS)
        assert isinstance(app.screen, Morph)
        strip, drawn = app.screen.query_one(Gallery), app.screen.composites
        strip.point(1)
        app.screen.forward, app.screen.composites = True, drawn[:2]
        app.screen._play()
        assert strip.cursor == 1  # it plays no further than is drawn
        app.screen.composites = drawn
        app.screen._play()
        assert strip.cursor == 2
        await pilot.press("home", "right", "right", "enter")
        await settled(app, pilot)
        assert mix_of(app).terms.text == "0.75*morocco + 0.25*colombia"


@pytest.mark.long
@session
async def test_export_writes_each_format_and_says_what_is_wrong(tmp_path: Path) -> None:
    async with opened() as (app, pilot):
        screen = mix_of(app)
        for name in ("new.png", "new.svg", "new.txt"):
            await pilot.press("e")
            await until(pilot, lambda: isinstance(app.screen, Export))
            app.screen.query_one(Input).value = str(tmp_path / name)
            app.screen.query_one(Input).focus()
            await pilot.press("enter")
            await until(pilot, lambda: app.screen is screen)
        with Image.open(tmp_path / "new.png") as picture:
            assert picture.size == (1200, 800)
        assert (tmp_path / "new.svg").read_text().startswith("<svg")
        assert "▀" in (tmp_path / "new.txt").read_text()
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, Export))
        app.screen.query_one(Input).value = str(tmp_path / "new.jpg")
        app.screen.query_one(Input).focus()
        await pilot.press("enter")
        assert isinstance(app.screen, Export) and ".svg" in str(app.screen.query_one("#export-words").render())
        for path, said in (("~no-such-user/new.png", "no home folder"), ("new\0.png", "no file can")):
            app.screen.query_one(Input).value = path
            await pilot.press("enter")
            assert said in str(app.screen.query_one("#export-words").render())
        app.screen.query_one(Input).value = "/"  # no name to give a suffix to
        app.screen.query_one(RadioSet).focus()
        await pilot.press("down", "enter")
        await until(pilot, lambda: app.screen.query_one(Input).value.endswith("morocco-colombia.svg"))


@pytest.mark.long
@session
async def test_a_minus_in_front_is_morphed_past_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with opened(expression="-0.5*laos + morocco + japan") as (app, pilot):
        screen = mix_of(app)
        await pilot.press("b")
        assert isinstance(app.screen, Morph) and app.screen.ends == ["Morocco", "Japan"]
        await pilot.press("escape", "e")
        await until(pilot, lambda: isinstance(app.screen, Export))
        path = Path(app.screen.query_one(Input).value)
        assert path.name == "minus-0-5-laos-morocco-japan.png"
        app.screen.query_one(Input).value = str(path.with_suffix(".svg"))
        app.screen.set_focus(app.screen.query_one(Input))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen)
        assert app.workspace.model.hash in path.with_suffix(".svg").read_text()
        app.choose(expression="morocco - laos")
        await pilot.press("b")  # one flag with a plus has nothing to become
        assert app.screen is screen


@pytest.mark.long
@session
async def test_what_is_drawn_fits_and_says_what_is_so() -> None:
    async with opened(expression="morocco + colombia + laos + japan") as (app, pilot):
        screen = mix_of(app)
        for size in ((120, 40), (100, 34), (160, 50), (80, 24)):  # four terms push no pane off the screen
            await pilot.resize_terminal(*size)
            await until(pilot, lambda size=size: screen.size == size)  # type: ignore[misc]
            await pilot.pause()
            ends = [screen.query_one(name).region.bottom for name in ("#terms", "#changes", "#result", "#atom")]
            assert max(ends) <= size[1] - 1 and screen.query_one("#changes").size.height > 1, size
            keys = screen.query_one(Keys)
            assert ("…" in str(keys.render())) == (sum(key.width for key in keys.keys) > size[0]), size
        bars = screen.query_one("#changes", Bars)
        bars.show([Line(0, "f0", -0.0004, "hardly less"), Line(1, "f1", 0.0, "")])
        assert "-0.00" not in bars.render_line(0).text and not set(bars.render_line(0).text) & set("█▌▐▏")
        screen._draw()
        screen._drawn(next(screen.wanted.drawn()))  # type: ignore[union-attr]
        assert not bars.lines and bars.empty == "drawing …"  # nothing is known of the first picture
        await settled(app, pilot)


@pytest.mark.long
@session
async def test_the_footer_shows_the_keys_of_what_is_focused_and_is_clicked() -> None:
    async with opened(size=(80, 24)) as (app, pilot):
        keys = mix_of(app).query_one(Keys)
        await until(pilot, lambda: "Number" in str(keys.render()))  # of the sliders, which have the focus
        assert str(keys.render()).endswith(" … ") and "Help" not in str(keys.render())
        while keys.more:
            await pilot._post_mouse_events([MouseScrollDown], keys)
        assert "Help" in str(keys.render()) and "Number" not in str(keys.render())
        assert await pilot.hover(keys, (str(keys.render()).index("Help"), 0))
        assert keys.tooltip == "What the focused pane does, and all of its keys."
        assert await pilot.click(keys, (str(keys.render()).index("Help"), 0))
        await until(pilot, lambda: isinstance(app.screen, Help))
