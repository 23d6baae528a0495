"""What visualizers look at: a flag, a sum, a feature or all features of a model, as a scene of pictures and codes.

What takes long is worked out when a visualizer asks for it: `blocks` needs no label of any feature.

Letters: N flags, K features, H x W the canvas, h x w the grid on which atoms are drawn for a scene.
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
from flagsae.sae.codes import Codes
from flagsae.sae.embedding import directions, project, unit_square
from flagsae.visual.atoms import flat, light
from flagsae.visual.paint import draw
from flagsae.visual.scene import Feature, Picture, Scene
from flagsae.visual.vector.outline import trace
from flagsae.workspace.drawing import in_rows, picture
from flagsae.workspace.workspace import Workspace

TOLD = 32  # features of a code of which a scene says what they are
TOP = 4  # flags that are named for a feature
ACROSS = 16  # atoms in a row of a dictionary's sheet
NOWHERE = float("nan"), float("nan")  # on the map

T = TypeVar("T")


class Deferred(Sequence[T]):
    """A sequence of a known length that is worked out when one looks into it."""

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
    """A flag, what the model rebuilds of its code, and that code.

    flag: N = 1, of the dataset or not; words: the flag in a sentence; width: in pixels, where the flag is wanted
    larger than it is; labelled: whether features have their labels, which take a second the first time.
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
    """What was drawn of a sum, its terms, and the sum of their codes. words, width, labelled: as of a flag."""
    drawn = composite.picture()
    images = {"sum": picture(composite, width) if width > drawn.shape[1] else drawn}
    codes = [_sparse(composite.code)]
    for operand in operands:
        if operand.flag is not None:
            term = _picture(operand.flag)
        elif operand.feature is not None:
            term = workspace.draw_atoms([operand.feature], workspace.dataset.size[1])[0][0]
        else:
            continue
        images[_unlike(title([operand]), images)] = term
        codes.append(_sparse(operand.code))
    return _scene(title(operands), images, composite.code, workspace, words, codes, labelled=labelled)


def scene_of_feature(workspace: Workspace, feature: int, *, labelled: bool = True) -> Scene:
    """A feature's atom, what it adds and takes away; its code is itself. Labelled, also the flags for which it fires
    most."""
    dataset = workspace.dataset
    adds, takes = workspace.draw_atoms([feature], dataset.size[1])[0]
    images = {"adds": adds} if takes is None else {"adds": adds, "takes away": takes}
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
    """All K features of a model, on one sheet and each with its atom, and the N flags with their codes.

    places: where each flag lies, from (0, 0) to (1, 1); else a t-SNE map of the codes, which takes some seconds when
    it is looked at.
    """
    model, dataset = workspace.model, workspace.dataset
    drawn = [adds for adds, _ in workspace.draw_atoms(range(len(model)), dataset.size[1])]
    codes = workspace.strength
    mean = codes.mean(0)
    images = {"atoms": in_rows(drawn, min(ACROSS, len(drawn)), 4)}
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
        Deferred(1 + len(codes), lambda: [NOWHERE, *(_map(codes) if places is None else places)]),
    )


def _map(codes: Codes) -> list[tuple[float, float]]:
    """Flags on a map by their codes (N x K), y downwards."""
    points = unit_square(project(directions(codes, codes)) * (1, -1))
    return [(float(x), float(y)) for x, y in points]


def _unlike(name: str, taken: Mapping[str, Any]) -> str:
    """A name that is not taken."""
    return name if name not in taken else f"{name} ({len(taken)})"


def _picture(flag: Flags, width: int = 0) -> Picture:
    """A flag in its own flat colours, from its fine grid: 3H x 3W x 3, or drawn anew where it shall be wider. N = 1."""
    labels = flag.fine[0]
    high, wide = labels.shape
    if width <= wide:
        return flag.flat(fine=True)
    return draw(trace(labels), flag.tints[0], (high, wide), width, max(1, round(width * high / wide)))


def _sparse(code: NDArray[np.floating]) -> dict[int, float]:
    """The features of a code that are not zero, the strongest first. code: K."""
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
    """With what is known of the strongest features of a code. code: K."""
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
    """Features with their atoms, h x w on a coarse grid, which takes some milliseconds for all of them.

    drawn: their atoms, where they are there already.
    """
    if not chosen:
        return []
    model, dataset = workspace.model, workspace.dataset
    found = signed_atoms(model, GRID, chosen)
    pictures = drawn
    if pictures is None and not model.flat:
        pictures = [light(atom) for atom in model.atoms()[chosen]]
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
        )
        for feature, picture, weight in zip(chosen, pictures, strength, strict=True)
    ]
