"""The map in the application: flags are found, named, marked and mixed on it."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from textual.pilot import Pilot
from textual.widgets import Static
from toys import toy_ready
from user import opened, session, settled, until

from flagsae.flags.dataset import Dataset
from flagsae.flags.names import Name
from flagsae.tui.app import FlagsaeApp
from flagsae.tui.screens.map import LISTED, MOST, MapScreen
from flagsae.tui.screens.mix import MixScreen
from flagsae.tui.state import memory
from flagsae.tui.state.mapping import WAYS, MapLook
from flagsae.tui.widgets import plane as planes
from flagsae.tui.widgets.canvas import Canvas
from flagsae.tui.widgets.gallery import Gallery
from flagsae.tui.widgets.plane import Plane

KEYS = ("left", "right", "up", "down")


@asynccontextmanager
async def opened_map(
    size: tuple[int, int] = (120, 40), **options: Any
) -> AsyncIterator[tuple[FlagsaeApp, Pilot[Any], Plane]]:
    """The map, whose flags are at their places at once."""
    async with opened("map", size, **options) as (app, pilot):
        app.animation_level = "none"
        yield app, pilot, await still(app, pilot)


def map_of(app: FlagsaeApp) -> MapScreen:
    assert isinstance(app.screen, MapScreen)
    return app.screen


async def still(app: FlagsaeApp, pilot: Pilot[Any]) -> Plane:
    """The plane, when the map is there and no flag is on its way."""
    await settled(app, pilot)
    plane = map_of(app).plane
    await until(pilot, lambda: not plane._repaint_asked, "all flags at their places")
    return plane


def cell(plane: Plane, flag: int) -> tuple[int, int]:
    """Where the mouse is on a flag, as Pilot counts: with the frame."""
    place = plane.place_of(flag)
    assert place is not None
    return place[0] + plane.gutter.left, place[1] + plane.gutter.top


def named(app: FlagsaeApp) -> str:
    return str(map_of(app).query_one("#map-words", Static).render()).splitlines()[0]


@session
async def test_it_opens_on_all_flags_by_tsne_with_the_chosen_one_and_its_nearest() -> None:
    async with opened_map() as (app, pilot, plane):
        assert plane.border_title == "249 flags by t-SNE"
        assert plane.plan.lost == 0 and plane.plan.pictured.sum() > 80
        assert named(app) == "Morocco"
        assert (map_of(app).query_one("#map-flag", Canvas).picture == app.collection.picture(app.flag)).all()
        near = map_of(app).query_one("#map-near", Gallery)
        assert len(near.tiles) == LISTED and near.tiles[0].title.startswith("1 ")
        assert [tile.key for tile in near.tiles[:5]] == plane.near
        assert isinstance(app.focused, Plane)
        first = plane.near[0]
        await pilot.press("tab", "enter")
        await still(app, pilot)
        assert app.flag == first == plane.cursor


@pytest.mark.long
@session
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_every_flag_is_seen_and_named_under_the_mouse(size: tuple[int, int]) -> None:
    async with opened_map(size) as (app, pilot, plane):
        for flag in range(len(app.collection)):
            place = plane.place_of(flag)
            assert place is not None and plane.flag_at(*place) == flag
        for slug in ("france", "chad", "romania", "nepal"):
            flag = app.collection.dataset.name_table()[slug]
            await pilot.hover("#plane", cell(plane, flag))
            await until(pilot, lambda flag=flag: named(app) == app.collection.title(flag), slug)  # type: ignore[misc]
            await still(app, pilot)
            assert app.collection.title(flag) in plane._strips[-1].text
        await pilot.hover("#map-near", (5, 5))
        await until(pilot, lambda: named(app) == "Morocco", "back to the chosen flag")


@pytest.mark.long
@session
async def test_a_click_chooses_and_nearer_in_a_picture_and_its_name_are_the_flag() -> None:
    async with opened_map() as (app, pilot, plane):
        brazil = app.collection.dataset.name_table()["brazil"]
        await pilot.click("#plane", cell(plane, brazil))
        await still(app, pilot)
        assert app.flag == brazil and named(app) == "Brazil"
        for _ in range(7):
            await pilot.press("plus")
        await still(app, pilot)
        assert plane.plan.look.named and plane.plan.pictured[brazil]
        assert plane._scene is not None
        rows, _ = np.nonzero(plane._scene.owners == brazil)
        look = plane.plan.look
        assert len(rows) >= look.width * look.lines + len("Brazil")
        assert "Brazil" in plane._strips[max(rows)].text
        await pilot.press("n")
        await still(app, pilot)
        assert not plane.plan.look.named and "Brazil" not in plane._strips[max(rows)].text
        # All others are seen somewhere: each is at a cell of its own when it is moved to.
        for flag in range(0, len(app.collection), 12):
            app.choose(flag=flag)
            await still(app, pilot)
            place = plane.place_of(flag)
            assert place is not None and plane.flag_at(*place) == flag


@pytest.mark.long
@session
async def test_arrows_reach_every_flag_at_any_zoom() -> None:
    async with opened_map((80, 24)) as (app, pilot, plane):
        for _ in range(4):
            came = {app.flag: (app.flag, 0)}
            edge = [app.flag]
            while edge:
                for flag in edge:
                    for way, to in enumerate(plane.plan.links[flag].tolist()):
                        came.setdefault(to, (flag, way))
                edge = [to for to, (flag, _) in came.items() if flag in edge and to not in edge and to != app.flag]
            assert len(came) == len(app.collection)
            await pilot.press("plus", "plus", "plus")
            await still(app, pilot)
        # And so they do under one's fingers: all the way to the last one found.
        await pilot.press("w")
        await still(app, pilot)
        goal, here, way = app.collection.dataset.name_table()["fiji"], app.flag, []
        came, edge = {here: (here, 0)}, [here]
        for flag in edge:
            for number, to in enumerate(plane.plan.links[flag].tolist()):
                if to not in came:
                    came[to] = (flag, number)
                    edge.append(to)
        while goal != here:
            goal, number = came[goal]
            way.insert(0, KEYS[number])
        await pilot.press(*way)
        await still(app, pilot)
        assert app.collection.slug(app.flag) == "fiji" and named(app) == "Fiji" and len(way) > 2
        assert WAYS.tolist() == [[-1, 0], [1, 0], [0, -1], [0, 1]]


@pytest.mark.long
@session
async def test_a_lasso_marks_what_it_goes_around_and_the_marked_or_the_chosen_one_are_mixed() -> None:
    async with opened_map() as (app, pilot, plane):
        middles = plane.plan.middles / (1, 2)
        left, top, right, bottom = 10, 5, 24, 12
        held = ((middles >= (left + 0.5, top + 0.5)) & (middles < (right + 0.5, bottom + 0.5))).all(1)
        assert 1 < held.sum() < 40

        def at(x: int, y: int) -> tuple[int, int]:
            return x + plane.gutter.left, y + plane.gutter.top

        await pilot.mouse_down("#plane", at(left, top))
        for corner in ((right, top), (right, bottom), (left, bottom)):
            await pilot.hover("#plane", at(*corner))
        await still(app, pilot)
        assert plane._scene is not None and plane._scene.path
        await pilot.mouse_up("#plane", at(left, bottom))
        await still(app, pilot)
        assert plane.marked == set(np.flatnonzero(held).tolist())
        assert f"{held.sum()} marked" in plane._strips[-1].text
        await pilot.press("plus", "plus", "shift+right")
        await still(app, pilot)
        was = (plane.level, plane.middle.tolist(), set(plane.marked), plane.cursor)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, MixScreen))
        terms = app.expression.split(" + ")
        assert len(terms) == min(MOST, held.sum())
        assert {app.collection.dataset.name_table()[term] for term in terms} <= plane.marked
        await settled(app, pilot)
        await pilot.press("4")
        await still(app, pilot)
        assert (plane.level, plane.middle.tolist(), plane.marked, plane.cursor) == was
        await pilot.press("w")
        assert plane.level == 0 and len(plane.marked) == held.sum()
        await pilot.press("x", "space", "space", "space", "right")  # marked, not marked, marked; then another is chosen
        await still(app, pilot)
        assert plane.marked and app.flag not in plane.marked
        await pilot.press("x", "a")
        await until(pilot, lambda: isinstance(app.screen, MixScreen))
        assert not plane.marked and app.expression == app.collection.slug(app.flag)


@session
async def test_another_method_moves_flags() -> None:
    async with opened_map() as (app, pilot, plane):
        before = plane.points
        await pilot.press("m")
        await still(app, pilot)
        assert plane.border_title == "249 flags by PCA" and app.method == "pca"
        assert plane.points is not None and before is not None and np.abs(plane.points - before).max() > 0.1


@pytest.mark.long
@session
async def test_flags_travel_to_their_places_at_another_step(monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened("map") as (app, pilot):
        await pilot.press("m")
        plane = await still(app, pilot)
        app.animation_level = "full"
        assert plane.points is not None and plane._scene is not None
        before, places = plane.points, plane._scene.places
        with monkeypatch.context() as patch:
            patch.setattr(planes, "TRAVEL", math.inf)  # they set out, and do not arrive yet
            app.go_to_step(0)
            await until(pilot, lambda: plane.points is not before, "another map")
            assert plane._travel_from is not None and (plane._travel_from[1] == places).all()
        await still(app, pilot)
        assert plane._travel_from is None and (plane._scene.places != places).any()
        assert (plane._scene.places == np.stack([plane.plan.left, plane.plan.top], 1)).all()
        app.animation_level = "none"
        now = plane.points
        app.go_to_step(len(app.epochs) - 1)
        await until(pilot, lambda: plane.points is not now, "the last map again")
        assert plane._travel_from is None and plane.points is before
        await settled(app, pilot)


@pytest.mark.long
@session
async def test_by_feature_flags_that_fire_are_pictures_and_say_how_strongly() -> None:
    async with opened_map(depth="16", charset="block") as (app, pilot, plane):
        await pilot.press("f")
        await still(app, pilot)
        assert f"coloured by f{app.feature}" in str(plane.border_title)
        fires = app.workspace.strength[:, app.feature] > 0
        assert plane.plan.pictured.any() and not plane.plan.pictured[~fires].any()
        strongest = int(app.workspace.strength[:, app.feature].argmax())
        app.choose(flag=strongest)
        await still(app, pilot)
        assert "100 %" in plane._strips[-1].text
        app.choose(feature=(app.feature + 1) % len(app.workspace.model))
        await still(app, pilot)
        assert f"coloured by f{app.feature}" in str(plane.border_title)
        await pilot.press("f")
        await still(app, pilot)
        assert plane.strength is None and plane.border_title == "249 flags by t-SNE"


@session
async def test_the_wheel_zooms_about_the_mouse_and_the_right_button_drags() -> None:
    async with opened_map() as (app, pilot, plane):
        assert plane._scene is not None
        flag = next(one for one in range(249) if plane.plan.pictured[one] and (plane.place_of(one) or (0, 0))[0] > 40)
        place = cell(plane, flag)
        for _ in range(3):
            await pilot._post_mouse_events([_scroll()], "#plane", place)
        await still(app, pilot)
        assert plane.level == 3 and plane.flag_at(place[0] - plane.gutter.left, place[1] - plane.gutter.top) == flag
        middle = plane.middle.copy()
        await pilot.mouse_down("#plane", (30, 10), button=3)
        await pilot.hover("#plane", (20, 7))
        await pilot.mouse_up("#plane", (20, 7))
        await still(app, pilot)
        assert (plane.middle - middle) * (plane.plan.columns, plane.plan.lines) == pytest.approx([10, 3], abs=1)
        assert not plane.marked


def _scroll() -> type:
    from textual.events import MouseScrollUp

    return MouseScrollUp


@pytest.mark.long
@session
async def test_without_colour_at_any_size_nothing_is_lost() -> None:
    async with opened_map(depth="none", charset="ascii") as (app, pilot, plane):
        await pilot.press("space", "right")
        flag = app.flag
        for size in ((50, 15), (1, 1), (20, 3), (200, 60), (120, 40)):
            await pilot.resize_terminal(*size)
            await pilot.press("f", "plus", "left", "shift+up")
        await pilot.press("f")
        app.choose(flag=flag)
        await still(app, pilot)
        assert len(plane.marked) == 1 and app.flag == flag
        assert plane.place_of(flag) is not None
        await pilot.press("w")
        await still(app, pilot)
        assert plane.plan.look == MapLook(0, True)


@pytest.mark.long
@session
async def test_enter_opens_the_flag_and_the_method_is_remembered() -> None:
    async with opened_map(remember=True) as (app, pilot, _):
        await pilot.press("m")
        await still(app, pilot)
        await pilot.press("right", "enter")
        await until(pilot, lambda: app.current_mode == "flags")
        await settled(app, pilot)
    assert memory.load().method == "pca"
    async with opened_map(remember=True) as (_, _, plane):
        assert plane.border_title == "249 flags by PCA"


@pytest.mark.long
@session
async def test_a_flag_that_is_called_like_a_number_is_mixed_as_a_flag(toy: Dataset) -> None:
    names = (Name("2024", "2024"), *toy.flags.names[1:])
    async with opened_map(ready=toy_ready(replace(toy, flags=replace(toy.flags, names=names)))) as (app, pilot, _):
        app.choose(flag=0)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, MixScreen))
        await settled(app, pilot)
        assert app.expression == "'2024'" and isinstance(app.screen, MixScreen)
        assert app.screen.terms.operands[0].flag is not None
