"""Pictures of widgets in the characters that the process has chosen."""

from __future__ import annotations

from textual.app import App, ComposeResult
from user import session

from flagsae.flags.dataset import Dataset
from flagsae.tui.widgets.canvas import Canvas
from flagsae.tui.widgets.gallery import Gallery, Tile
from flagsae.visual.terminal import chosen
from flagsae.visual.terminal.glyphs import polygons


class Pictures(App[None]):
    def __init__(self, flags: Dataset) -> None:
        super().__init__()
        some = [flags.find([slug]) for slug in ("jamaica", "china", "brazil", "united-kingdom")]
        self.tiles = [Tile(number, flag.flat(fine=True), flag.names[0].slug) for number, flag in enumerate(some)]

    def compose(self) -> ComposeResult:
        yield Canvas()
        yield Gallery(12)

    def on_mount(self) -> None:
        self.query_one(Canvas).show(self.tiles[0].picture)
        self.query_one(Gallery).show(self.tiles)

    def get_css_variables(self) -> dict[str, str]:
        return {**super().get_css_variables(), "ink-muted": "#888888", "ink-faint": "#888888"}

    def shown(self) -> set[int]:
        """The block characters on the screen, but for those of the highlighted tile's frame and of scrollbars."""
        lines = ["".join(segment.text for segment in strip) for strip in self.screen._compositor.render_strips()]
        return {ord(letter) for letter in "".join(lines) if ord(letter) >= 0x2580} - set(map(ord, "▐▌█●…▁▂▃▄▅▆▇"))


@session
async def test_a_canvas_and_a_gallery_have_characters_of_the_chosen_kind_only(flags: Dataset) -> None:
    for kind in ("half", "sextant", "wedge", "octant"):
        with chosen.using(kind):
            app = Pictures(flags)
            async with app.run_test(size=(80, 30)) as pilot:
                await pilot.pause()
                assert app.shown() <= set(polygons(kind)), kind
                assert (kind == "half") or app.shown() - set(polygons("quadrant")), kind
                app.query_one(Canvas).point_at((0.2, 0.6, 0.2, 0.6))
                app.query_one(Gallery).move(2)
                await pilot.pause()
                assert app.shown() <= set(polygons(kind)), kind


@session
async def test_a_tile_that_is_shown_again_is_not_drawn_again(flags: Dataset) -> None:
    app = Pictures(flags)
    async with app.run_test(size=(80, 30)) as pilot:
        gallery = app.query_one(Gallery)
        await pilot.pause()
        drawn = gallery._picture(app.tiles[1])
        gallery.show(app.tiles[1:])
        await pilot.pause()
        assert gallery._picture(app.tiles[1]) is drawn
        gallery.resize_tiles(20)
        await pilot.pause()
        assert gallery._picture(app.tiles[1]) is not drawn
