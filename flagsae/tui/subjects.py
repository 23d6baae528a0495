"""What the Lab can look at: the sum, the flag or the feature that the whole application looks at, as scenes.

Nothing here knows of the terminal.
"""

from __future__ import annotations

from collections.abc import Iterator

from flagsae.compose import drawing, read
from flagsae.features import FeatureCard
from flagsae.scenes import scene_of_feature, scene_of_flag, scene_of_sum
from flagsae.tui.mixing import as_flag, words_of
from flagsae.tui.studio import View
from flagsae.visual.scene import Scene

# Subject -> what is to be known of it.
SUBJECTS = {
    "sum": "Mix's sum, drawn, and its terms. Its code adds up theirs, feature by feature.",
    "flag": "The chosen flag, and what the model makes of it from the few features that fire.",
    "feature": "What the feature's atom adds to a flag and takes away, and the flags for which it fires.",
}


def scenes(view: View, subject: str, flag: int, feature: int, expression: str) -> Iterator[Scene]:
    """A subject as a scene, soon, and again when more is known of it. Raises `FlagsaeError` for a sum that fails.

    What features stand for takes a second the first time: until then their labels are empty.
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
    else:
        if not known:
            yield scene_of_feature(model, dataset, feature)
        yield scene_of_feature(model, dataset, feature, view.cards)
