"""What the Lab can look at, as scenes: the sum, the flag or the feature that the whole application looks at, or all
features.

Nothing here knows of the terminal.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from flagsae.design.vocabulary import capitalized
from flagsae.mixing.compose import drawing
from flagsae.tui.state.mixing import as_flag, words_of
from flagsae.visual.scene import Scene
from flagsae.workspace.scenes import scene_of_dictionary, scene_of_feature, scene_of_flag, scene_of_sum
from flagsae.workspace.workspace import Workspace

# Subject -> what is to be known of it.
SUBJECTS = {
    "sum": "Mix's sum, drawn, and its terms. Its code adds up theirs, feature by feature.",
    "flag": "The chosen flag, and what the model makes of it from the few features that fire.",
    "feature": "What the feature's atom adds to a flag and takes away, and the flags for which it fires.",
    "dictionary": "All features of the model, their atoms on one sheet, and every flag.",
}


def scenes(workspace: Workspace, subject: str, flag: int, feature: int, expression: str) -> Iterator[Scene]:
    """A subject as a scene, soon, and again when more is known of it. Raises `FlagsaeError` for a sum that fails.

    What features stand for takes a second the first time: until then their labels are empty, and there is no scene of
    the dictionary.
    """
    at_once = workspace.labelled
    if subject == "sum":
        operands = workspace.read(expression)
        for composites in drawing(workspace.model, operands):
            yield scene_of_sum(workspace, operands, composites[0], labelled=at_once)
        words = words_of(as_flag(composites[0], workspace), workspace)
        _ = workspace.cards
        yield scene_of_sum(workspace, operands, composites[0], words)
    elif subject == "flag":
        chosen = workspace.dataset.flags[[flag]]
        if not at_once:
            yield scene_of_flag(workspace, chosen, labelled=False)
        words = workspace.collection.description(flag).text
        _ = workspace.cards
        yield scene_of_flag(workspace, chosen, capitalized(words))
    elif subject == "feature":
        if not at_once:
            yield scene_of_feature(workspace, feature, labelled=False)
        yield scene_of_feature(workspace, feature)
    else:
        yield _dictionary(workspace, workspace.mapped("tsne"))


@lru_cache(maxsize=1)
def _dictionary(workspace: Workspace, mapped: bool) -> Scene:
    """Kept, since it takes seconds. mapped: whether the workspace's own map is there, which is not made twice."""
    places = [(float(x), float(y)) for x, y in workspace.points("tsne")] if mapped else None
    return scene_of_dictionary(workspace, places)
