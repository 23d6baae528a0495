"""All flags on a map, on which flags with features in common lie together; marked ones can be mixed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.widgets import Static

from flagsae.mixing.expression import show
from flagsae.sae.embedding import METHODS, Floats, nearest
from flagsae.sae.kind import of_designs
from flagsae.tui.bindings import bindings
from flagsae.tui.screens.base import Pane
from flagsae.tui.state.mapping import WIDTHS
from flagsae.tui.state.newest import Newest
from flagsae.tui.widgets.canvas import Canvas
from flagsae.tui.widgets.gallery import GAP, Gallery, Tile
from flagsae.tui.widgets.plane import Plane
from flagsae.tui.widgets.text import Words
from flagsae.workspace.workspace import Workspace

NEAR = 5  # nearest flags to which the map draws lines
LISTED = 24  # nearest flags that are listed
MOST = 4  # flags in a sum: with more of them none can be recognised in the picture
TILE = 12  # columns of a picture in the list, at least; by eye
TITLES = {"tsne": "t-SNE", "pca": "PCA"}


@dataclass(frozen=True, eq=False)
class Found:
    """A map of a model's codes."""

    workspace: Workspace
    method: str
    """Of `METHODS`."""
    points: Floats
    """N x 2."""


class Nearest(Gallery):
    """The list of nearest flags: rows of at least two tiles, which fill its width."""

    def on_resize(self) -> None:
        width = self.scrollable_content_region.width - GAP // 2
        columns = max(2, width // (TILE + GAP))
        self.resize_tiles(width // columns - GAP)


class MapScreen(Pane):
    scope = "map"
    BINDINGS = bindings("map")
    AUTO_FOCUS = "#plane"

    def __init__(self) -> None:
        super().__init__()
        self.by_feature = False  # whether flags are coloured by the chosen feature
        self.shown: Found | None = None
        self.flag_beside = -1  # the flag that is shown beside the map
        self.mapping: Newest[Found] = Newest(self, self._found, self._failed)
        self.labelling: Newest[Workspace] = Newest(self, self._labelled, self._failed)

    def body(self) -> ComposeResult:
        with Container(id="map", classes="body"):
            collection = self.flagsae.collection
            yield Plane(collection.tile, self._nearest, cells=collection.cells, id="plane", classes="pane")
            with Vertical(id="map-side"):
                with Vertical(id="map-card", classes="pane"):
                    yield Canvas(id="map-flag")
                    yield Words("", id="map-words")
                near = Nearest(TILE, notes=True, id="map-near", classes="pane")
                near.border_title = "nearest by its code"
                yield near

    @property
    def plane(self) -> Plane:
        return self.query_one("#plane", Plane)

    @property
    def method(self) -> str:
        return self.flagsae.method if self.flagsae.method in METHODS else METHODS[0]

    # The map.

    def follow(self, changed: set[str]) -> None:
        if "model" in changed:
            self._map()
        if "model" in changed or (self.by_feature and "feature" in changed):
            self._colour()
        if changed & {"model", "flag"}:
            self.plane.point(self.flagsae.flag)
        if changed & {"model", "flag", "feature"}:
            self._show_beside(self.flagsae.flag, anew="model" in changed)

    def _map(self) -> None:
        """Shows the map; if it is not known, works it out in a thread first."""
        workspace, method, start = self.flagsae.workspace, self.method, None
        if workspace.mapped(method):
            self._found(Found(workspace, method, workspace.points(method)))
            return
        if self.shown is None:
            self.plane.wait("working out the map …")
        elif self.shown.method == method:
            start = self.shown.points
        self.mapping.ask(lambda: self._work_out(workspace, method, start))
        self._set_title()

    def _work_out(self, workspace: Workspace, method: str, start: NDArray[np.float64] | None) -> Iterator[Found]:
        """In a thread. Without a map to start from, PCA's comes first: t-SNE's takes a second or two.

        start: the map that is shown, N x 2, so that flags stay near their places.
        """
        # The small pictures on the map are made here, and not while it is drawn.
        for flag in range(len(workspace.collection)):
            workspace.collection.tile(flag, WIDTHS[0], WIDTHS[0] // 3)
            if self.plane.fitted:
                workspace.collection.cells(flag, WIDTHS[0], WIDTHS[0] // 3)
        if start is None and method != "pca":
            yield Found(workspace, "pca", workspace.points("pca"))
        yield Found(workspace, method, workspace.points(method, start))

    def _found(self, found: Found) -> None:
        if found.workspace is not self.flagsae.workspace or found.method not in (self.method, "pca"):
            return
        if self.shown is not None and found.method != self.method:
            return  # the map that is shown stays until that of the chosen method is there
        self.shown = found
        if of_designs(found.workspace.model) and not found.workspace.labelled:
            self.labelling.ask(partial(_labels, found.workspace))
        self.plane.show(found.points, [name.title for name in found.workspace.dataset.flags.names])
        self._set_title()

    def _labelled(self, workspace: Workspace) -> None:
        """Says the names of the features, which are known now."""
        if workspace is self.flagsae.workspace:
            self._show_beside(self.flag_beside)

    def _failed(self, error: Exception) -> None:
        self.log.error(error)
        self.notify(f"no map could be made: {error}", severity="error")

    def _set_title(self) -> None:
        """Says on the map's frame how it was made."""
        app = self.flagsae
        words = f"{len(app.collection)} flags"
        if self.shown is not None:
            words += f" by {TITLES[self.shown.method]}"
        if self.by_feature:
            words += f", coloured by f{app.feature}"
        if self.shown is None or self.shown.workspace is not app.workspace or self.shown.method != self.method:
            words += f" · working out {TITLES[self.method]} …"
        self.plane.border_title = words

    def _colour(self) -> None:
        """Colours the flags by the activation of the chosen feature, if that is asked for."""
        app = self.flagsae
        if not self.by_feature:
            self.plane.weigh(None)
        else:
            strength = app.workspace.strength[:, app.feature].astype(float)
            self.plane.weigh(strength / (strength.max() or 1.0))
        self._set_title()

    # The flag beside the map.

    def _alike(self, flag: int) -> list[tuple[int, float]]:
        """(flag, similarity) of the flags with the nearest codes."""
        workspace = self.flagsae.workspace
        alike = workspace.alike(workspace.codes[flag])
        count = min(LISTED, len(alike) - 1)
        return [(other, float(alike[other])) for other in nearest(alike, count, without=flag)]

    def _nearest(self, flag: int) -> list[int]:
        """The flags to which lines lead from this one."""
        return [other for other, _ in self._alike(flag)[:NEAR]]

    def _show_beside(self, flag: int, *, anew: bool = False) -> None:
        """Shows a flag and its nearest beside the map. anew: also if it is shown already, as by another model."""
        app = self.flagsae
        title = app.collection.title(flag)
        words = Text(title, "bold")
        words.append(f"\n{self._fires(flag)}", "not bold")
        self.query_one("#map-words", Static).update(words, layout=False)
        if flag == self.flag_beside and not anew:
            return
        self.flag_beside = flag
        self.query_one("#map-flag", Canvas).show(app.collection.picture(flag))
        flags = app.collection.dataset.flags
        self.query_one("#map-near", Gallery).show(
            [
                Tile(
                    other,
                    app.collection.tiled(other),
                    f"{number} {flags.names[other].title}" if number <= NEAR else flags.names[other].title,
                    f"{alike:.2f}",
                )
                for number, (other, alike) in enumerate(self._alike(flag), 1)
            ],
            keep=False,
        )

    def _fires(self, flag: int) -> str:
        """Which features fire for a flag, by their names where these are known; while flags are coloured by the chosen
        feature, how much that one fires."""
        workspace, feature = self.flagsae.workspace, self.flagsae.feature
        strength = workspace.strength[flag]
        if not self.by_feature and of_designs(workspace.model) and workspace.labelled:
            order = np.argsort(-strength, kind="stable")
            return ", ".join(workspace.label(int(one)) for one in order if strength[one] > 0) or "no feature fires"
        return f"f{feature} {f'fires, {strength[feature]:.2f}' if strength[feature] > 0 else 'does not fire'}"

    # What the user does.

    @on(Plane.Highlighted)
    def flag_chosen(self, event: Plane.Highlighted) -> None:
        self.flagsae.choose(flag=event.flag)

    @on(Plane.Chosen)
    def flag_opened(self, event: Plane.Chosen) -> None:
        self.flagsae.choose(flag=event.flag)
        self.flagsae.action_go("flags")

    @on(Plane.Hovered)
    def flag_hovered(self, event: Plane.Hovered) -> None:
        self._show_beside(self.flagsae.flag if event.flag is None else event.flag)

    @on(Plane.Marked)
    def flags_marked(self, event: Plane.Marked) -> None:
        if event.by_lasso is not None:
            count = event.by_lasso
            words = f"{count} flag{'s' * (count != 1)} in the lasso: a mixes, x clears" if count else "no flag in it"
            self.notify(words)

    @on(Gallery.Chosen, "#map-near")
    def near_chosen(self, event: Gallery.Chosen) -> None:
        self.flagsae.choose(flag=event.tile.key)

    def action_method(self) -> None:
        """Makes the map by the next method."""
        self.flagsae.method = METHODS[(METHODS.index(self.method) + 1) % len(METHODS)]
        self._map()

    def action_by_feature(self) -> None:
        self.by_feature = not self.by_feature
        self._colour()
        self._show_beside(self.flag_beside)

    def action_names(self) -> None:
        self.plane.show_names(not self.plane.named)

    def action_clear(self) -> None:
        self.plane.mark([])

    def action_mix(self) -> None:
        """Opens the marked flags as a sum on Mix; if there are too many, those nearest to their mean code."""
        app = self.flagsae
        flags = sorted(self.plane.marked) or [app.flag]
        if len(flags) > MOST:
            alike = app.workspace.alike(app.workspace.codes[flags].mean(0))
            self.notify(f"a sum of {len(flags)} flags is mud: the {MOST} nearest to their middle are mixed")
            flags = sorted(flags, key=lambda flag: -alike[flag])[:MOST]
        app.choose(expression=show([(1.0, app.collection.slug(flag)) for flag in flags]))
        app.action_go("mix")


def _labels(workspace: Workspace) -> Iterator[Workspace]:
    """In a thread: the workspace, with its labels worked out."""
    _ = workspace.cards  # computed on first access
    yield workspace
