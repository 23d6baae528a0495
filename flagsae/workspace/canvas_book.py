"""The dictionary of whole flags, for browsing: a model's features with their atoms, flags and labels.

`flagsae.workspace.dictionaries.Book` says what the methods do.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from flagsae.features.cards import strengths
from flagsae.sae.kind import of_designs
from flagsae.workspace.dictionaries import KINDS, ORDERS, Facts, Listed, Lists, activations, percent
from flagsae.workspace.records import weights

if TYPE_CHECKING:
    from flagsae.features.cards import FeatureCard
    from flagsae.visual.scene import Scene
    from flagsae.workspace.collection import Picture
    from flagsae.workspace.workspace import Workspace


class CanvasBook:
    """The features of a workspace's model, as a `Book`."""

    kind, prefix, title, orders = "canvas", KINDS["canvas"], "features", ORDERS

    def __init__(self, workspace: Workspace) -> None:
        self.workspace, self.collection = workspace, workspace.collection
        designs = of_designs(workspace.model)
        self.drawn_as = "its likeliest design" if designs else "light that it adds; grey is none"

    def __len__(self) -> int:
        return len(self.workspace.model)

    def name(self, feature: int) -> str:
        return f"{self.prefix}{feature}"

    @property
    def source(self) -> str:
        model = self.workspace.model
        return f"{model.kind} model {model.hash}"

    @property
    def model_hash(self) -> str:
        return self.workspace.model.hash

    @property
    def cards(self) -> Sequence[FeatureCard]:
        """The cards of all K features, with labels. Takes about a second the first time."""
        return self.workspace.cards

    # Pictures.

    @property
    def shape(self) -> tuple[int, int]:
        return self.workspace.atom_size

    @property
    def ready(self) -> bool:
        return "strength" in self.workspace.__dict__

    def prepare(self) -> None:
        _ = self.fires  # computed on first access

    def thumbnail(self, feature: int) -> tuple[Picture, Picture | None] | None:
        return self.workspace.thumbnail(feature)

    def sketch(self, features: Sequence[int]) -> None:
        self.workspace.thumbnails(features)

    def draw(self, features: Sequence[int], columns: int) -> list[tuple[Picture, Picture | None]]:
        return self.workspace.draw_atoms(features, columns)

    def picture(self, feature: int) -> tuple[Picture, Picture | None]:
        return self.workspace.atom(feature)

    def top_picture(self, feature: int, flag: int) -> Picture:
        return self.collection.small(flag)

    # Figures.

    @cached_property
    def fires(self) -> NDArray[np.integer]:
        return (self.workspace.strength > 0).sum(0)

    @cached_property
    def strength(self) -> NDArray[np.floating]:
        return self.workspace.strength.sum(0) / np.maximum(self.fires, 1)

    def alike(self, feature: int) -> NDArray[np.floating]:
        return self.workspace.atoms_alike(feature)

    def within(self, flag: int) -> NDArray[np.floating]:
        return self.workspace.strength[flag]

    def facts(self, feature: int) -> Facts:
        found = strengths(self.workspace.strength[:, feature])
        return Facts(int(self.fires[feature]), found.mean, found.max, found.counts, found.top)

    # Labels.

    @property
    def labelled(self) -> bool:
        return self.workspace.labelled

    def learn(self) -> None:
        _ = self.cards

    def label(self, feature: int) -> tuple[str, bool]:
        label = self.cards[feature].label
        return label.words, label.trusted

    def said(self, feature: int) -> str:
        return self.workspace.label(feature)

    def short(self, feature: int) -> str:
        if not self.labelled or not self.fires[feature]:
            return ""
        return self.said(feature).replace("unsure: like ", "~", 1).replace("unsure: ", "?", 1)

    def judged(self, feature: int) -> tuple[str, str]:
        if not self.fires[feature]:
            return "dead", "fires for no flag"
        if not self.labelled:
            return "…", ""
        label, words = self.cards[feature].label, self.said(feature)
        words = words if label.words in words else f"{words} · {label.words}?"
        return words, f"{'sure: ' if label.trusted else ''}{percent(label.precision)} true"

    def searched(self, feature: int) -> str:
        words = [self.said(feature), self.label(feature)[0]] if self.labelled else []
        words += [name for name, _ in self.workspace.made_of(feature)]
        return ", ".join(words) if self.fires[feature] else "dead"

    def lists(self, feature: int) -> Lists:
        """The second list says what the atom is made of, where it is made of design features."""
        made = [Listed(f"{weight:.2f}", weight, name) for name, weight in self.workspace.made_of(feature)]
        if not self.labelled:
            return ("fires with", []), ("made of", made) if made else ("its flags have", [])
        card = self.cards[feature]
        company = [
            Listed(self.name(one.feature), one.phi, f"{self.short(one.feature)}, both {one.both}", one.feature)
            for one in card.company
        ]
        attributes = [
            Listed(f"{one.have}/{one.fires}", one.precision, f"{one.attribute}, of all {percent(one.share)}")
            for one in card.attributes
        ]
        return ("fires with, φ", company), ("made of", made) if made else ("its flags have", attributes)

    # For other programs.

    def record(self, feature: int) -> dict[str, Any]:
        card, made = self.cards[feature], self.workspace.made_of(feature)
        slugs = [name.slug for name in self.collection.dataset.flags.names]
        return {
            "feature": feature,
            "label": card.label.words,
            "trusted": card.label.trusted,
            "precision": round(card.label.precision, 4),
            "density": round(card.density, 6),
            "mean": round(card.mean, 6),
            "max": round(card.max, 6),
            "top": activations(card.top, slugs),
            "bottom": activations(card.bottom, slugs),
            "histogram": {"edges": [round(edge, 6) for edge in card.edges], "counts": list(card.counts)},
            "with": [
                {
                    "feature": one.feature,
                    "label": self.cards[one.feature].label.words,
                    "phi": round(one.phi, 4),
                    "lift": round(one.lift, 3),
                    "both": one.both,
                }
                for one in card.company
            ],
            **({"made_of": weights(made)} if made else {}),
            "attributes": [
                {
                    "attribute": one.attribute,
                    "precision": round(one.precision, 4),
                    "share": round(one.share, 4),
                    "lift": round(one.lift, 3),
                }
                for one in card.attributes
            ],
            "model": self.model_hash,
        }

    def scene(self, feature: int | None = None) -> Scene:
        from flagsae.workspace.scenes import scene_of_dictionary, scene_of_feature

        return scene_of_dictionary(self.workspace) if feature is None else scene_of_feature(self.workspace, feature)
