"""The dictionaries that `flagsae features` shows: of whole flags (f12), of layouts (l39) and of shapes (s245).

They differ in what is known of a feature, and are alike to grids, cards and files: each is a `Book`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from flagsae.cli.screen import alike, fit, note, picture, words
from flagsae.errors import ModelError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from flagsae.design.dictionaries import Dictionary
    from flagsae.design.part_model import PartModel
    from flagsae.features.cards import FeatureCard
    from flagsae.flags.dataset import Dataset
    from flagsae.sae.model import Model
    from flagsae.visual.scene import Scene
    from flagsae.visual.tiles import Tile
    from flagsae.workspace.workspace import Workspace

CARD = 7  # tiles of a written card
LEAST = 0.005  # share of what a feature fires for that a card names
FAINT = 0.5  # of an atom's usual strength: one that is weaker is drawn in paler shades
PREFIXES = {"canvas": "f", "layout": "l", "shape": "s"}  # of a feature's name


class Book(Protocol):
    """A dictionary, feature by feature."""

    @property
    def title(self) -> str:
        """In the plural: it follows a number."""

    @property
    def legend(self) -> str:
        """How to read an atom, in a line."""

    @property
    def model_hash(self) -> str: ...

    @property
    def shape(self) -> tuple[int, int]:
        """H, W of an atom."""

    def __len__(self) -> int: ...

    def name(self, feature: int) -> str: ...

    def label(self, feature: int) -> tuple[str, bool]:
        """What the feature stands for, and whether that can be trusted."""

    def said(self, feature: int) -> str:
        """The label, with its doubts."""

    def rank(self, feature: int, order: str) -> float:
        """What features are sorted by, the lowest first. order: density or strength."""

    def record(self, feature: int) -> dict[str, Any]: ...

    def tiles(self, features: Sequence[int], columns: int) -> list[Tile]:
        """Atoms, at least so many pixels wide if they have them."""

    def card_tiles(self, feature: int) -> list[Tile]:
        """The atom, and the flags for which it fires most: at most `CARD`."""

    def draw_card(self, feature: int, out: Console) -> None: ...

    def scene(self, feature: int | None = None) -> Scene:
        """A feature, or all of them, for a visualizer."""


def open_books(kinds: set[str], data: str, model: str, quiet: bool) -> dict[str, Book]:
    """The dictionaries of some kinds. data, model: as options have them; part dictionaries are those shipped."""
    books: dict[str, Book] = {}
    if "canvas" in kinds:
        from flagsae.workspace.workspace import open_workspace

        books["canvas"] = CanvasBook(open_workspace(data, model, lambda text: note(text, quiet)))
    if parts := kinds - {"canvas"}:
        from flagsae.design.part_model import load_part_model
        from flagsae.flags.dataset import load_dataset

        shipped, part_model = load_dataset(), load_part_model()
        if part_model.dataset != shipped.hash:
            raise ModelError("the part dictionaries are of other flags than flags.npz: run `python data/make.py parts`")
        books |= {kind: PartBook(part_model, kind, shipped) for kind in parts}
    return books


def percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share < 0.995 else "100 %"


def listed(title: str, unit: str, lines: Sequence[tuple[str, str]], otherwise: str = "") -> RenderableType:
    """Names, cut where they are too long, and their figures."""
    from rich.table import Table

    table = Table.grid(padding=(0, 1, 0, 0), expand=True)
    table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
    wide = max(len(figures) for _, figures in [("", unit), *lines])
    table.add_column(no_wrap=True, justify="right", min_width=wide)
    table.add_row("", "")
    table.add_row(words(title, "bold"), words(unit, "dim"))
    for name, figures in lines:
        table.add_row(words(name), words(figures))
    if not lines:
        table.add_row(words(otherwise), "")
    return table


# Whole flags.


@dataclass(frozen=True)
class CanvasBook:
    """A model's features."""

    workspace: Workspace

    @property
    def cards(self) -> Sequence[FeatureCard]:
        return self.workspace.cards

    @property
    def model(self) -> Model:
        return self.workspace.model

    @property
    def dataset(self) -> Dataset:
        return self.workspace.dataset

    def __len__(self) -> int:
        return len(self.cards)

    @property
    def title(self) -> str:
        return f"features of {self.model.header.get('kind', 'a')} model {self.model.hash}"

    @property
    def model_hash(self) -> str:
        return self.model.hash

    @property
    def shape(self) -> tuple[int, int]:
        return self.dataset.size

    @property
    def legend(self) -> str:
        from flagsae.sae.seed import Seed

        if isinstance(self.model, Seed):
            return ""
        return "large: what a feature adds; small: what it takes away; %: flags it fires for"

    def name(self, feature: int) -> str:
        return f"f{feature}"

    def label(self, feature: int) -> tuple[str, bool]:
        label = self.cards[feature].label
        return label.words, label.trusted

    def said(self, feature: int) -> str:
        return self.workspace.label(feature)

    def rank(self, feature: int, order: str) -> float:
        return -self.cards[feature].density if order == "density" else -self.cards[feature].mean

    def record(self, feature: int) -> dict[str, Any]:
        card = self.cards[feature]
        return {
            "feature": feature,
            "label": card.label.words,
            "trusted": card.label.trusted,
            "precision": round(card.label.precision, 4),
            "density": round(card.density, 6),
            "mean": round(card.mean, 6),
            "max": round(card.max, 6),
            "top": _activations(card.top, self.dataset),
            "bottom": _activations(card.bottom, self.dataset),
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
            "attributes": [
                {
                    "attribute": one.attribute,
                    "precision": round(one.precision, 4),
                    "share": round(one.share, 4),
                    "lift": round(one.lift, 3),
                }
                for one in card.attributes
            ],
            "model": self.model.hash,
        }

    def tiles(self, features: Sequence[int], columns: int) -> list[Tile]:
        from flagsae.visual.tiles import Tile

        pictures = self.workspace.draw_atoms(features, columns)
        return [
            Tile(self._title(feature), adds, takes, self.said(feature), not self.label(feature)[1])
            for feature, (adds, takes) in zip(features, pictures, strict=True)
        ]

    def _title(self, feature: int) -> str:
        return f"f{feature} {percent(self.cards[feature].density)}"

    def card_tiles(self, feature: int) -> list[Tile]:
        from flagsae.visual.tiles import Tile

        ((adds, takes),) = self.workspace.draw_atoms([feature], self.shape[1])
        tiles = [Tile(self._title(feature), adds, None, self.said(feature), not self.label(feature)[1])]
        if takes is not None:
            tiles.append(Tile("takes away", takes))
        flags = self.dataset.flags
        return tiles + [
            Tile(flags.names[position].title, flags.canvas[position], None, f"{activation:.2f}")
            for position, activation in self.cards[feature].top[: CARD - len(tiles)]
        ]

    def scene(self, feature: int | None = None) -> Scene:
        from flagsae.workspace.scenes import scene_of_dictionary, scene_of_feature

        if feature is None:
            return scene_of_dictionary(self.workspace)
        return scene_of_feature(self.workspace, feature)

    def draw_card(self, feature: int, out: Console) -> None:
        from rich.table import Table

        card, names = self.cards[feature], self.dataset.flags.names
        width = min(out.width, 160)
        out.print(words(f"f{feature}  {self.said(feature)}", "bold"))
        out.print(self._in_numbers(card))
        # As large as leaves room for the rest on one screen.
        large = max(12, min((width - 26) // 2, 48, 3 * max(8, out.height - 28)))
        ((adds, takes),) = self.workspace.draw_atoms([feature], large)
        upper = Table.grid(padding=(0, 2, 0, 0))
        parts = [("adds", adds), ("takes away", takes)] if takes is not None else [("weights; grey is none", adds)]
        for _ in parts:
            upper.add_column(width=large)
        upper.add_row(*(picture(one, large, out) for _, one in parts), _histogram(card))
        upper.add_row(*(fit(title, large) for title, _ in parts))
        out.print(upper)
        if not card.top:
            return
        places = max(3, min(9, width // 12))
        for title, ranked in (("fires most for", card.top), ("and least for", card.bottom)):
            if ranked and (ranked is card.top or out.height >= 36):
                shown = [
                    (f"{activation:.2f} {names[position].title}", self.dataset.flags.canvas[position])
                    for position, activation in ranked[:places]
                ]
                out.print()
                out.print(words(title, "bold"))
                out.print(alike(shown, out, places))
        few = 3 if out.height < 30 else 6 if out.height < 50 else 9
        company = [
            (f"f{one.feature} {self.said(one.feature)}", f"{one.both}, {one.phi:.2f}") for one in card.company[:few]
        ]
        facts = [(one.attribute, f"{one.have} of {one.fires}, {percent(one.share)}") for one in card.attributes[:few]]
        lists = Table.grid(padding=(0, 2, 0, 0), expand=True)
        for _ in range(2):
            lists.add_column(ratio=1)
        none = "nothing more often than by chance"
        lists.add_row(listed("its flags have", "of all", facts, none), listed("fires with", "flags, φ", company, none))
        out.print(lists, width=width)

    def _in_numbers(self, card: FeatureCard) -> str:
        flags = len(self.dataset.flags)
        if not card.top:
            return f"fires for none of {flags} flags"
        count = round(card.density * flags)
        true = f"; its label is true of {100 * card.label.precision:.0f} %" if card.label.claims else ""
        return f"fires for {count} of {flags} flags, mean {card.mean:.2f}, max {card.max:.2f}{true}"


def _activations(ranked: Sequence[tuple[int, float]], dataset: Dataset) -> list[dict[str, Any]]:
    return [
        {"name": dataset.flags.names[position].slug, "activation": round(activation, 6)}
        for position, activation in ranked
    ]


def _histogram(card: FeatureCard) -> RenderableType:
    """How many flags have which activation, among those for which the feature fires."""
    from rich.text import Text

    from flagsae.visual.tiles import bars

    if not card.counts:
        return Text("")
    most = f"{card.max:.2f}"
    axis = "0" + most.rjust(2 * len(card.counts) - 1)
    return Text("\n".join([f"{max(card.counts)} flags", *bars(card.counts, 5), axis, "activation"]))


# Parts of flags.


@dataclass(frozen=True)
class PartBook:
    """One of the two part dictionaries. dataset: the flags that it was trained on."""

    part_model: PartModel
    kind: str
    dataset: Dataset

    def __len__(self) -> int:
        return len(self._dictionary)

    @property
    def _dictionary(self) -> Dictionary:
        return self.part_model[self.kind]

    @property
    def title(self) -> str:
        return f"{self.kind} features of part model {self.part_model.hash}"

    @property
    def model_hash(self) -> str:
        return self.part_model.hash

    @property
    def shape(self) -> tuple[int, int]:
        height, width = self._atoms.shape[1:]
        return int(height), int(width)

    @property
    def legend(self) -> str:
        of = "region" if self.kind == "layout" else "figure"
        return f"light: what a feature adds to a {of}; dark: what it takes away; ×: flags it fires for; %: purity"

    def name(self, feature: int) -> str:
        return f"{PREFIXES[self.kind]}{feature}"

    def label(self, feature: int) -> tuple[str, bool]:
        return self._dictionary.label(feature)[0], self._dictionary.trusted(feature)

    def said(self, feature: int) -> str:
        words, purity = self._dictionary.label(feature)
        if not purity:
            return words
        return f"{'' if self._dictionary.trusted(feature) else 'unsure: '}{words}, {percent(purity)}"

    def rank(self, feature: int, order: str) -> float:
        known = self._dictionary
        return -float(known.flags_count[feature] if order == "density" else known.top_strength[feature].max())

    def record(self, feature: int) -> dict[str, Any]:
        words, purity = self._dictionary.label(feature)
        return {
            "feature": feature,
            "dictionary": self.kind,
            "name": self.name(feature),
            "label": words,
            "purity": round(purity, 4),
            "trusted": self._dictionary.trusted(feature),
            "classes": {name: round(share, 4) for name, share in self._dictionary.shares(feature)[:3]},
            "speaks": {name: round(odds, 3) for name, odds in self._spoken(feature)},
            "flags": int(self._dictionary.flags_count[feature]),
            "top": _activations(self._dictionary.top(feature), self.dataset),
            "model": self.part_model.hash,
        }

    def _spoken(self, feature: int) -> list[tuple[str, float]]:
        """The two classes that the feature speaks for most, and the one that it speaks against."""
        spoken = self._dictionary.speaks(feature)
        return [*spoken[:2], spoken[-1]] if self.label(feature)[0] != "dead" else []

    @cached_property
    def _atoms(self) -> Any:
        return self._dictionary.atoms()

    @cached_property
    def _usual(self) -> float:
        """How strong atoms are: half of them are stronger."""
        import numpy as np

        from flagsae.visual.atoms import peak

        return float(np.median([peak(atom) for atom in self._atoms]))

    def _picture(self, feature: int) -> Any:
        from flagsae.visual.atoms import grey

        return grey(self._atoms[feature], FAINT * self._usual)

    def tiles(self, features: Sequence[int], columns: int) -> list[Tile]:
        from flagsae.visual.tiles import Tile

        return [
            Tile(
                f"{self.name(feature)} ×{self._dictionary.flags_count[feature]}",
                self._picture(feature),
                None,
                self.said(feature),
                not self._dictionary.trusted(feature),
            )
            for feature in features
        ]

    def card_tiles(self, feature: int) -> list[Tile]:
        from flagsae.visual.tiles import Tile

        return self.tiles([feature], 0) + [
            Tile(self.dataset.flags.names[position].title, shown, None, f"{activation:.2f}")
            for position, activation, shown in self._top(feature, CARD - 1)
        ]

    def _top(self, feature: int, most: int) -> list[tuple[int, float, Any]]:
        """(position, activation, picture) of the flags for which it fires most; all is pale but the region."""
        from flagsae.design.dictionaries import strongest_region
        from flagsae.visual.atoms import spotlight

        flags = self.dataset.flags
        return [
            (
                position,
                activation,
                spotlight(
                    flags.tints[position][flags.fine[position]],
                    strongest_region(self._dictionary, feature, flags, position),
                ),
            )
            for position, activation in self._dictionary.top(feature)[:most]
        ]

    def scene(self, feature: int | None = None) -> Scene:
        """Of a picture and those that it fires for: a code of whole flags has no such features."""
        from flagsae.visual.scene import Scene
        from flagsae.workspace.drawing import in_rows
        from flagsae.workspace.scenes import ACROSS

        if feature is None:
            sheet = in_rows([self._picture(one) for one in range(len(self))], min(ACROSS, len(self)), 2)
            return Scene(f"{len(self)} {self.title}", {"atoms": sheet})
        images = {"atom": self._picture(feature)}
        for position, activation, shown in self._top(feature, CARD - 1):
            images[f"{self.dataset.flags.names[position].title} {activation:.2f}"] = shown
        count = self._dictionary.flags_count[feature]
        words = f"It fires for {count or 'none'} of {len(self.dataset.flags.names)} flags."
        return Scene(f"{self.name(feature)}: {self.said(feature)}", images, words=words)

    def draw_card(self, feature: int, out: Console) -> None:
        from rich.table import Table

        width, names = min(out.width, 160), self.dataset.flags.names
        out.print(words(f"{self.name(feature)}  {self.said(feature)}", "bold"))
        count = self._dictionary.flags_count[feature]
        out.print(f"{self.kind} feature, fires for {count or 'none'} of {len(names)} flags")
        # As large as leaves room for the rest on one screen.
        large = max(12, min(width // 2, 48, round(2 * max(6, out.height - 15) * self.shape[1] / self.shape[0])))
        upper = Table.grid(padding=(0, 3, 0, 0))
        upper.add_column(width=large)
        upper.add_column(width=max(16, min(40, width - large - 4)))
        beside = Table.grid()
        shares = [(name, percent(share)) for name, share in self._dictionary.shares(feature)[:3] if share >= LEAST]
        spoken = [(name, f"{odds:+.1f}".replace("-", "−")) for name, odds in self._spoken(feature)]
        beside.add_row(listed("fires for drawn", "share", shares, "nothing"))
        beside.add_row(listed("speaks for, against", "log odds", spoken, "nothing"))
        upper.add_row(picture(self._picture(feature), large, out), beside)
        upper.add_row(fit("light: adds, dark: takes away", large))
        out.print(upper)
        places = max(3, min(8, width // 16))
        shown = [
            (f"{activation:.2f} {names[position].title}", pixels)
            for position, activation, pixels in self._top(feature, places)
        ]
        if shown:
            out.print()
            out.print(words("fires most for", "bold"))
            out.print(alike(shown, out, places))
