"""What visualizers look at: a flag, a sum of flags, or a feature of a model, as a scene of pictures and a code.

Letters: K features, H x W the canvas, h x w the grid on which atoms are drawn for a scene.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from flagsae.atoms import GRID, signed_atoms
from flagsae.compose import Composite, Operand, rebuild, title
from flagsae.dataset import Dataset, Flags
from flagsae.drawing import atoms
from flagsae.features import HALF, FeatureCard, said
from flagsae.model import Model, Seed
from flagsae.visual.atoms import flat, light
from flagsae.visual.scene import Feature, Picture, Scene

TOLD = 32  # features of a code of which a scene says what they are
TOP = 4  # flags that are named for a feature


def scene_of_flag(
    model: Model, dataset: Dataset, flag: Flags, cards: Sequence[FeatureCard] = (), words: str = ""
) -> Scene:
    """A flag, what the model rebuilds of its code, and that code.

    flag: N = 1, of the dataset or not; cards: of the K features, from `features.cards`, or empty where they aren't
    known; words: the flag in a sentence.
    """
    code = model.encode(flag)
    ((rebuilt, *_), _) = rebuild(model, code, flag)
    firing = int((code[0] > (HALF if isinstance(model, Seed) else 0)).sum())
    images = {"flag": _picture(flag), f"rebuilt from {firing} features": rebuilt}
    return _scene(flag.names[0].title, images, code[0], model, dataset, cards, words)


def scene_of_sum(
    model: Model,
    dataset: Dataset,
    operands: Sequence[Operand],
    composite: Composite,
    cards: Sequence[FeatureCard] = (),
    words: str = "",
) -> Scene:
    """What was drawn of a sum, its terms, and the sum of their codes. cards, words: as of a flag."""
    images = {"sum": composite.picture()}
    for operand in operands:
        if operand.flag is not None:
            picture = _picture(operand.flag)
        elif operand.feature is not None:
            picture = atoms(model, dataset, [operand.feature], dataset.size[1])[0][0]
        else:
            continue
        name = title([operand])
        images[name if name not in images else f"{name} ({len(images)})"] = picture
    return _scene(title(operands), images, composite.code, model, dataset, cards, words)


def scene_of_feature(model: Model, dataset: Dataset, feature: int, cards: Sequence[FeatureCard] = ()) -> Scene:
    """A feature's atom: what it adds, what it takes away, and the flags for which it fires most; its code is itself."""
    adds, takes = atoms(model, dataset, [feature], dataset.size[1])[0]
    images = {"adds": adds} if takes is None else {"adds": adds, "takes away": takes}
    if cards:
        for flag, activation in cards[feature].top:
            images[f"{dataset.flags.names[flag].title} {activation:.2f}"] = _picture(dataset.flags[[flag]])
    code = np.zeros(len(model), np.float32)
    code[feature] = 1
    label = said(cards[feature], dataset.flags.names) if cards else ""
    name = f"f{feature}: {label}" if label else f"f{feature}"
    words = f"It fires for {100 * cards[feature].density:.0f} % of all flags." if cards else ""
    return _scene(name, images, code, model, dataset, cards, words)


def _picture(flag: Flags) -> Picture:
    """A flag on the fine grid, in its own flat colours. flag: N = 1; 3H x 3W x 3."""
    return flag.tints[0][flag.fine[0]]


def _scene(
    name: str,
    images: Mapping[str, Picture],
    code: NDArray[np.float32],
    model: Model,
    dataset: Dataset,
    cards: Sequence[FeatureCard],
    words: str,
) -> Scene:
    """With what is known of the strongest features of a code. code: K."""
    order = np.argsort(-np.abs(code), kind="stable")
    order = order[code[order] != 0]
    return Scene(
        name,
        images,
        {int(feature): float(code[feature]) for feature in order},
        _features(model, dataset, order[:TOLD].tolist(), cards),
        words,
    )


def _features(model: Model, dataset: Dataset, chosen: list[int], cards: Sequence[FeatureCard]) -> list[Feature]:
    """Features with their atoms on a coarse grid, h x w, which takes some milliseconds for all of them."""
    if not chosen:
        return []
    found = signed_atoms(model, dataset, GRID, chosen)
    if isinstance(model, Seed):
        pictures = [light(atom) for atom in model.atoms()[chosen]]
    else:
        pictures = list(flat(found.adds / found.scale[:, None, None], found.added, dataset.palette.rgb))
    strength = np.where(found.adds >= found.takes, found.adds, -found.takes)
    names = dataset.flags.names
    return [
        Feature(
            feature,
            said(cards[feature], names) if cards else "",
            picture,
            weight,
            [names[flag].title for flag, _ in cards[feature].top[:TOP]] if cards else [],
        )
        for feature, picture, weight in zip(chosen, pictures, strength, strict=True)
    ]
