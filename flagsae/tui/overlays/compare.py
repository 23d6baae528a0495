"""Two flags side by side: their pictures, their descriptions, and the features of both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.strip import Strip
from textual.widgets import Static

from flagsae.tui.overlays.base import Overlay
from flagsae.tui.screens.base import Pane
from flagsae.tui.state.newest import Newest
from flagsae.tui.widgets.bars import NAME, Bars, Line
from flagsae.tui.widgets.canvas import Canvas
from flagsae.tui.widgets.text import Words, plain
from flagsae.visual.terminal.charts import bar
from flagsae.workspace.collection import Collection
from flagsae.workspace.workspace import Workspace

# Columns of each of the two bars: a share of the width within limits; by eye.
LEAST_BAR, LONGEST_BAR = 4, 20
BAR_SHARE = 6  # one part in so many
FIXED = 16  # columns of a line beside its bars, name and words: the cursor, two amounts, the gaps


@dataclass(frozen=True)
class Pair(Line):
    """A feature in two flags. `value` is its activation in the flag on the right."""

    other: float = 0.0
    """Its activation in the flag on the left."""


def pairs(left: NDArray[np.floating], right: NDArray[np.floating]) -> list[Pair]:
    """The features of two flags: those of both, then those of the left one only, then those of the right one only.

    The strongest come first; of those of both, the ones whose weaker activation is highest.

    left, right: K activations each.
    """
    weaker, stronger = np.minimum(left, right), np.maximum(left, right)
    group = np.select([weaker > 0, left > 0], [0, 1], 2)
    order = np.lexsort((-stronger, -weaker, group))
    return [
        Pair(int(feature), f"f{feature}", float(right[feature]), "", other=float(left[feature]))
        for feature in order
        if stronger[feature] > 0
    ]


class TwoSided(Bars):
    """A bar to the left for one flag and a bar to the right for the other."""

    def render_line(self, y: int) -> Strip:
        width, style = self.scrollable_content_region.width, self.rich_style
        place = y + self.scroll_offset.y
        if place >= len(self.lines):
            return Strip.blank(width, style)
        line = self.lines[place]
        assert isinstance(line, Pair)
        here = place == self.cursor
        if here:
            style += self.get_component_rich_style("bars--cursor", partial=True)
        ink = {
            name: style + self.get_component_rich_style(f"bars--{name}", partial=True)
            for name in ("name", "more", "words")
        }
        if here and self.has_focus:
            ink = dict.fromkeys(ink, style)
        scale = max((max(one.value, one.other) for one in self.lines if isinstance(one, Pair)), default=1.0)
        room = max(LEAST_BAR, min(LONGEST_BAR, width // BAR_SHARE))
        left = Strip(bar(-line.other, scale, 2 * room, ink["more"], ink["more"])).crop(0, room)
        right = Strip(bar(line.value, scale, 2 * room, ink["more"], ink["more"])).crop(room)
        amounts = [f"{value:5.2f}" if value > 0 else " " * 4 + "–" for value in (line.other, line.value)]
        segments = [
            Segment(f"{'▸' if here else ' '}{line.name:<{NAME}}{amounts[0]} ", ink["name"]),
            *Segment.apply_style(left, style),
            Segment("│", ink["words"]),
            *Segment.apply_style(right, style),
            Segment(f"{amounts[1]}  ", ink["name"]),
        ]
        words, free = line.words, width - 2 * room - NAME - FIXED
        if cell_len(words) > free:
            words = set_cell_size(words, max(0, free - 1)) + "…"
        segments.append(Segment(words, ink["words"]))
        return Strip(segments).adjust_cell_length(width, style)


class Compare(Overlay[int | None]):
    """Two flags side by side, left and right. Dismissed with a feature to open, or with None."""

    BINDINGS = [Binding("escape,equals_sign", "leave", "Close")]
    AUTO_FOCUS = "Bars"
    VERTICAL_BREAKPOINTS = Pane.VERTICAL_BREAKPOINTS

    def __init__(self, collection: Collection, workspace: Workspace, flags: tuple[int, int]) -> None:
        super().__init__()
        self.collection, self.workspace, self.flags = collection, workspace, flags
        self.pairs = pairs(*(workspace.strength[flag] for flag in flags))
        self.reading: Newest[tuple[str, Sequence[str]]] = Newest(
            self, self._read, lambda error: self.app.notify(str(error), severity="error")
        )

    def compose(self) -> ComposeResult:
        left, right = (self.collection.title(flag) for flag in self.flags)
        alike = float(self.workspace.alike(self.workspace.codes[self.flags[0]])[self.flags[1]])
        both = sum(pair.value > 0 and pair.other > 0 for pair in self.pairs)
        with Vertical(id="compare") as box:
            box.border_title = plain(f"{left} and {right}")
            box.border_subtitle = "enter opens a feature · esc closes"
            with Horizontal(id="compare-flags"):
                for side in (0, 1):
                    with Vertical(classes="compare-flag"):
                        yield Canvas(id=f"compare-picture-{side}")
                        yield Words(self.collection.title(self.flags[side]), classes="caption")
                        yield Words("", id=f"compare-words-{side}", classes="compare-words")
            yield Words(
                f"codes {alike:.2f} alike (cosine) · {both} of {len(self.pairs)} features in both", id="compare-alike"
            )
            yield TwoSided(id="compare-features")

    def on_mount(self) -> None:
        for side, flag in enumerate(self.flags):
            self.query_one(f"#compare-picture-{side}", Canvas).show(self.collection.picture(flag))
        self.query_one(TwoSided).show(self.pairs)
        self.reading.ask(self._learn)

    def _learn(self) -> Iterator[tuple[str, Sequence[str]]]:
        """In a thread: (kind, texts): both descriptions, then the labels of the features."""
        yield "descriptions", [f"{self.collection.description(flag).sentence}." for flag in self.flags]
        yield "labels", [self.workspace.label(pair.key) for pair in self.pairs]

    def _read(self, found: tuple[str, Sequence[str]]) -> None:
        kind, texts = found
        if kind == "descriptions":
            for side, text in enumerate(texts):
                self.query_one(f"#compare-words-{side}", Static).update(plain(text))
        else:
            self.pairs = [replace(pair, words=text) for pair, text in zip(self.pairs, texts, strict=True)]
            self.query_one(TwoSided).show(self.pairs)

    @on(Bars.Chosen)
    def opened(self, event: Bars.Chosen) -> None:
        self.dismiss(event.line.key)

    def action_leave(self) -> None:
        self.dismiss(None)
