"""The subjects that the Lab shows, as scenes: the current sum, flag or feature, or the whole dictionary.

This module does not depend on Textual.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from flagsae.tui.state.mixing import words_of
from flagsae.visual.scene import Scene
from flagsae.workspace.scenes import scene_of_dictionary, scene_of_feature, scene_of_flag, scene_of_sum
from flagsae.workspace.workspace import Workspace

# Subject -> what the screen says about it.
SUBJECTS = {
    "sum": "Mix's sum, drawn, and its terms. Its code adds up theirs, feature by feature.",
    "flag": "The chosen flag, and what the model makes of it from the few features that fire.",
    "feature": "What the feature's atom adds to a flag and takes away, and the flags for which it fires.",
    "dictionary": "All features of the model, their atoms on one sheet, and every flag.",
}


def scenes(workspace: Workspace, subject: str, flag: int, feature: int, expression: str) -> Iterator[Scene]:
    """Yields a subject as a scene: soon, and again when its description and the features' labels are known.

    The labels take a second the first time; until then features have none. The dictionary is yielded once, with them.
    Raises `FlagsaeError` for a sum that cannot be read or drawn.
    """
    labelled = workspace.labelled
    if subject == "sum":
        operands = workspace.read(expression)
        for composites in workspace.drawing(operands):
            yield scene_of_sum(workspace, operands, composites[0], labelled=labelled)
        words = words_of(composites[0].flag("new", workspace.dataset), workspace)
        _ = workspace.cards  # computes the labels
        yield scene_of_sum(workspace, operands, composites[0], words)
    elif subject == "flag":
        chosen = workspace.dataset.flags[[flag]]
        if not labelled:
            yield scene_of_flag(workspace, chosen, labelled=False)
        words = workspace.collection.description(flag).sentence
        _ = workspace.cards  # computes the labels
        yield scene_of_flag(workspace, chosen, words)
    elif subject == "feature":
        if not labelled:
            yield scene_of_feature(workspace, feature, labelled=False)
        yield scene_of_feature(workspace, feature)
    else:
        yield _dictionary(workspace, workspace.mapped("tsne"))


@lru_cache(maxsize=1)
def _dictionary(workspace: Workspace, mapped: bool) -> Scene:
    """The scene of the dictionary, cached because it takes seconds. mapped: whether the workspace has a t-SNE map of
    its flags already, which is then used."""
    places = [(float(x), float(y)) for x, y in workspace.points("tsne")] if mapped else None
    return scene_of_dictionary(workspace, places)
