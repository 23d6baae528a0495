"""What the Lab can look at, as scenes: the sum, the flag or the feature that the whole application looks at, or all
features.

Nothing here knows of the terminal.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from flagsae.features.cards import FeatureCard
from flagsae.mixing.compose import drawing, read
from flagsae.tui.state.mixing import as_flag, words_of
from flagsae.visual.scene import Scene
from flagsae.workspace.scenes import scene_of_dictionary, scene_of_feature, scene_of_flag, scene_of_sum
from flagsae.workspace.workspace import View

# Subject -> what is to be known of it.
SUBJECTS = {
    "sum": "Mix's sum, drawn, and its terms. Its code adds up theirs, feature by feature.",
    "flag": "The chosen flag, and what the model makes of it from the few features that fire.",
    "feature": "What the feature's atom adds to a flag and takes away, and the flags for which it fires.",
    "dictionary": "All features of the model, their atoms on one sheet, and every flag.",
}


def scenes(view: View, subject: str, flag: int, feature: int, expression: str) -> Iterator[Scene]:
    """A subject as a scene, soon, and again when more is known of it. Raises `FlagsaeError` for a sum that fails.

    What features stand for takes a second the first time: until then their labels are empty, and there is no scene of
    the dictionary.
    """
    model, dataset = view.model, view.studio.dataset
    known: list[FeatureCard] = view.cards if "cards" in view.__dict__ else []
    if subject == "sum":
        operands = read(expression, dataset, model)
        for composites in drawing(model, operands):
            yield scene_of_sum(model, dataset, operands, composites[0], known)
        words = words_of(as_flag(composites[0], view), view)
        yield scene_of_sum(model, dataset, operands, composites[0], view.cards, words)
    elif subject == "flag":
        chosen = dataset.flags[[flag]]
        if not known:
            yield scene_of_flag(model, dataset, chosen)
        words = view.studio.description(flag).text
        yield scene_of_flag(model, dataset, chosen, view.cards, words[:1].upper() + words[1:])
    elif subject == "feature":
        if not known:
            yield scene_of_feature(model, dataset, feature)
        yield scene_of_feature(model, dataset, feature, view.cards)
    else:
        yield _dictionary(view, view.mapped("tsne"))


@lru_cache(maxsize=1)
def _dictionary(view: View, mapped: bool) -> Scene:
    """Kept, since it takes seconds. mapped: whether the view's own map is there, which is not to be made twice."""
    places = [(float(x), float(y)) for x, y in view.points("tsne")] if mapped else None
    return scene_of_dictionary(view.model, view.studio.dataset, view.cards, places)
