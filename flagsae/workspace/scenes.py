"""Scenes for visualizers: the pictures and codes of a flag, a sum, a feature or all features of a model.

What takes long is computed only when a visualizer uses it: `blocks`, for one, needs no feature's label.

Letters: N flags, K features, H x W the canvas, h x w the coarser grid of atoms in a scene.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from flagsae.features.atoms import GRID, signed_atoms
from flagsae.flags.dataset import Flags
from flagsae.mixing.compose import Composite, Operand, title
from flagsae.sae.embedding import directions, project, unit_square
from flagsae.sae.kind import of_designs
from flagsae.visual.atoms import flat, light
from flagsae.visual.paint import draw
from flagsae.visual.scene import Feature, Picture, Scene
from flagsae.visual.vector.outline import trace
from flagsae.workspace.drawing import in_rows, picture
from flagsae.workspace.workspace import Workspace

TOLD = 32  # features of a code that a scene describes, the strongest
TOP = 4  # flags that a scene names for a feature
ACROSS = 16  # atoms in a row of a dictionary's sheet
GAP = 4  # pixels between them
NOWHERE = float("nan"), float("nan")  # the place on the map of what has none

T = TypeVar("T")


class Deferred(Sequence[T]):
    """A sequence of a known length whose items are computed at the first access to one of them."""

    def __init__(self, length: int, make: Callable[[], Sequence[T]]) -> None:
        self._length, self._make = length, make

    @cached_property
    def _made(self) -> Sequence[T]:
        return self._make()

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[T]: ...
    def __getitem__(self, place: Any) -> Any:
        return self._made[place]


def scene_of_flag(
    workspace: Workspace, flag: Flags, words: str = "", width: int = 0, *, labelled: bool = True
) -> Scene:
    """The scene of a flag: the flag, what the model rebuilds from its code, and the code.

    flag: N = 1, of the dataset or not; words: the flag in a sentence; width: in pixels, if the flag should be larger
    than its fine grid; labelled: whether features get their labels, which take a second the first time.
    """
    model = workspace.model
    code = model.encode(flag)
    ((rebuilt, *_), _) = model.rebuild(code, flag)
    firing = int((code[0] > model.active_above).sum())
    images = {"flag": _picture(flag, width), f"rebuilt from {firing} features": rebuilt}
    return _scene(flag.names[0].title, images, code[0], workspace, words, labelled=labelled)


def scene_of_sum(
    workspace: Workspace,
    operands: Sequence[Operand],
    composite: Composite,
    words: str = "",
    width: int = 0,
    *,
    labelled: bool = True,
) -> Scene:
    """The scene of a sum: its composite, its terms, and their codes. words, width, labelled: as for a flag."""
    drawn = composite.picture()
    images = {"sum": picture(composite, width) if width > drawn.shape[1] else drawn}
    codes = [_sparse(composite.code)]
    for operand in operands:
        if operand.flag is not None:
            term = _picture(operand.flag)
        elif operand.feature is not None:
            term = workspace.atom(operand.feature)[0]
        else:
            continue
        images[_unlike(title([operand]), images)] = term
        codes.append(_sparse(operand.code))
    return _scene(title(operands), images, composite.code, workspace, words, codes, labelled=labelled)


def scene_of_feature(workspace: Workspace, feature: int, *, labelled: bool = True) -> Scene:
    """The scene of a feature: what its atom adds and takes away, with a code in which only this feature is active.

    labelled: whether it has its label and the flags for which it fires most, too.
    """
    dataset = workspace.dataset
    adds, takes = workspace.atom(feature)
    alone = "likeliest design" if of_designs(workspace.model) else "adds"
    images = {alone: adds} if takes is None else {"adds": adds, "takes away": takes}
    name, words = f"f{feature}", ""
    if labelled:
        card, label = workspace.cards[feature], workspace.label(feature)
        name = f"{name}: {label}" if label else name
        words = f"It fires for {100 * card.density:.0f} % of all flags."
        for flag, activation in card.top:
            images[f"{dataset.flags.names[flag].title} {activation:.2f}"] = _picture(dataset.flags[[flag]])
    code = np.zeros(len(workspace.model), np.float32)
    code[feature] = 1
    return _scene(name, images, code, workspace, words, labelled=labelled)


def scene_of_dictionary(workspace: Workspace, places: Sequence[tuple[float, float]] | None = None) -> Scene:
    """The scene of a model: a sheet of all K atoms, each feature with its atom, and the N flags with their codes.

    places: N places of the flags on a map, from (0, 0) to (1, 1); by default those of a t-SNE map of their codes, which
    takes some seconds when a visualizer uses it.
    """
    model, dataset = workspace.model, workspace.dataset
    drawn = [adds for adds, _ in workspace.draw_atoms(range(len(model)), workspace.atom_size[1])]
    codes = workspace.strength
    mean = codes.mean(0)
    images = {"atoms": in_rows(drawn, min(ACROSS, len(drawn)), GAP)}
    for position, name in enumerate(dataset.flags.names):
        images[_unlike(name.title, images)] = _picture(dataset.flags[[position]])
    trusted = sum(card.label.trusted for card in workspace.cards)
    return Scene(
        f"{len(model)} features of {model.kind} model {model.hash}",
        images,
        _sparse(mean),
        Deferred(len(model), partial(_features, workspace, list(range(len(model))), True, drawn)),
        f"{len(model)} features of {len(codes)} flags, {trusted} with a label to be trusted",
        [_sparse(code) for code in (mean, *codes)],
        Deferred(1 + len(codes), lambda: [NOWHERE, *(_map(workspace.meanings) if places is None else places)]),
    )


def _map(meanings: NDArray[np.float32]) -> list[tuple[float, float]]:
    """The places of flags on a t-SNE map of what their codes stand for (N x r): x and y from 0 to 1, y downwards."""
    points = unit_square(project(directions(meanings, meanings)) * (1, -1))
    return [(float(x), float(y)) for x, y in points]


def _unlike(name: str, taken: Mapping[str, Any]) -> str:
    """The name, with a number if it is taken."""
    return name if name not in taken else f"{name} ({len(taken)})"


def _picture(flag: Flags, width: int = 0) -> Picture:
    """A flag (N = 1) in its own flat colours: 3H x 3W x 3, or drawn from its outlines if it should be wider."""
    labels = flag.fine[0]
    high, wide = labels.shape
    if width <= wide:
        return flag.flat(fine=True)
    return draw(trace(labels), flag.tints[0], (high, wide), width, max(1, round(width * high / wide)))


def _sparse(code: NDArray[np.floating]) -> dict[int, float]:
    """The features of a code (K) that are not zero, with their activations, the strongest first."""
    order = np.argsort(-np.abs(code), kind="stable")
    return {int(feature): float(code[feature]) for feature in order if code[feature] != 0}


def _scene(
    name: str,
    images: Mapping[str, Picture],
    code: NDArray[np.float32],
    workspace: Workspace,
    words: str,
    codes: Sequence[Mapping[int, float]] = (),
    *,
    labelled: bool,
) -> Scene:
    """A scene with the strongest features of a code (K) described."""
    shown = _sparse(code)
    told = list(shown)[:TOLD]
    features = Deferred(len(told), partial(_features, workspace, told, labelled))
    return Scene(name, images, shown, features, words, codes)


def _features(
    workspace: Workspace,
    chosen: list[int],
    labelled: bool,
    drawn: Sequence[Picture] | None = None,
) -> list[Feature]:
    """Describes features, with their atoms on a coarse grid (h x w), which takes milliseconds for all of them.

    labelled: whether with their labels and top flags; drawn: pictures of their atoms, if they have been drawn already.
    """
    if not chosen:
        return []
    model, dataset = workspace.model, workspace.dataset
    found = signed_atoms(model, GRID, chosen)
    pictures = drawn
    if pictures is None and not model.flat:
        pictures = [light(atom) for atom in model.atoms()[chosen]]
    elif pictures is None and of_designs(model):
        pictures = [picture for picture, _ in workspace.draw_atoms(chosen, GRID[1])]
    elif pictures is None:
        pictures = list(flat(found.adds / found.scale[:, None, None], found.added, dataset.palette.rgb))
    strength = np.where(found.adds >= found.takes, found.adds, -found.takes)
    cards, names = workspace.cards if labelled else [], dataset.flags.names
    return [
        Feature(
            feature,
            workspace.label(feature) if labelled else "",
            picture,
            weight,
            [names[flag].title for flag, _ in cards[feature].top[:TOP]] if labelled else [],
            labelled and cards[feature].label.trusted,
            workspace.made_of(feature),
        )
        for feature, picture, weight in zip(chosen, pictures, strength, strict=True)
    ]
