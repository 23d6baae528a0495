"""Options that several subcommands share, and the completion of their values; both import nothing heavy."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

import typer

from flagsae.mixing.choices import METHODS
from flagsae.plugins.registry import BUILTIN
from flagsae.visual.terminal.kinds import ABOUT, AUTO, CELLS
from flagsae.workspace.widths import NARROWEST, WIDEST


def complete_flags(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """The bundled flags whose names begin with `incomplete`, without those already on the command line."""
    from flagsae import paths
    from flagsae.flags.names import completions, read_names

    if "[" in incomplete:  # an edit
        return []
    typed = [text for values in ctx.params.values() if isinstance(values, (list, tuple)) for text in values]
    return completions(read_names(paths.shipped("flags.csv")), incomplete, typed)


def complete_terms(ctx: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """What a term of a sum may be: a flag as `complete_flags` has it, or a word for a colour or a thing."""
    from flagsae.mixing.said import completions

    return [*complete_flags(ctx, incomplete), *completions(incomplete)]


def complete_sentence(incomplete: str) -> list[str]:
    """The sentence with each word that its last one may become: a colour, a thing, or where it stands."""
    from flagsae.design.lexicon import ONE, POSITIONS
    from flagsae.design.shades import WORDS

    start = max(map(incomplete.rfind, " ;,")) + 1
    before, begun = incomplete[:start], incomplete[start:].lower()
    words = sorted({*WORDS, *ONE, *POSITIONS})
    return [before + word for word in words if word.startswith(begun)] if begun else []


def complete_models(incomplete: str) -> list[str]:
    from flagsae import paths

    names = (path.parent.name for path in paths.found("models/*/model.safetensors"))
    return [name for name in names if name.startswith(incomplete)]


def complete_datasets(incomplete: str) -> list[str]:
    from flagsae import paths

    return [path.stem for path in paths.found("datasets/*.npz") if path.stem.startswith(incomplete)]


def complete_views(incomplete: str) -> list[tuple[str, str]]:
    """The visualizers whose names begin with `incomplete`, with their packages; runs no code of these."""
    from flagsae.plugins.registry import names

    return [(name, package or "built in") for name, package in names().items() if name.startswith(incomplete)]


def complete_cells(incomplete: str) -> list[tuple[str, str]]:
    kinds = {AUTO: "by the terminal", **ABOUT}
    return [(kind, about) for kind, about in kinds.items() if kind.startswith(incomplete)]


def finite(value: float | None) -> float | None:
    """A callback of options that refuses nan and inf: Typer reads both as numbers, and its ranges let nan through."""
    if value is not None and not math.isfinite(value):
        raise typer.BadParameter(f"{value} is no number to go by")
    return value


def told(choices: Mapping[str, str]) -> str:
    """The choices of an option with their meanings, in one line of its help."""
    return "; ".join(f"{name}: {words}" for name, words in choices.items())


MOST_SEED = 2**32 - 1  # the largest that scikit-learn takes

Operands: TypeAlias = Annotated[
    list[str],
    typer.Argument(
        metavar="FLAG...",
        help="Flags: a name, an ISO code, an alias, or the path of a picture. - reads records from stdin.",
        autocompletion=complete_flags,
        show_default=False,
    ),
]
OptionalOperands: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[FLAG...]",
        help="Flags (a name, an ISO code, an alias, a picture's path) or sums in quotes; - reads records from stdin. "
        "All flags of the dataset where none is given.",
        autocompletion=complete_terms,
        show_default=False,
    ),
]
Expression: TypeAlias = Annotated[
    list[str],
    typer.Argument(
        metavar="EXPR...",
        help="Flags to add (a name, an ISO code, an alias, a picture's path), or sums of them: "
        '"morocco + 0.5*laos - f17"; with words: "japan + star - red"; with edits in brackets: "morocco[star->sun]". '
        "- reads records from stdin.",
        autocompletion=complete_terms,
        show_default=False,
    ),
]
Decode: TypeAlias = Annotated[
    str,
    typer.Option(
        "--decode",
        metavar="|".join(METHODS),
        help=f"{told(METHODS)}.",
        show_default="design",
    ),
]
Data: TypeAlias = Annotated[
    str,
    typer.Option(
        "--data",
        metavar="NAME|FILE",
        help="A prepared dataset; the bundled flags by default.",
        autocompletion=complete_datasets,
        show_default=False,
    ),
]
ModelName: TypeAlias = Annotated[
    str,
    typer.Option(
        "--model",
        metavar="NAME|FILE",
        help="A trained model; by default the shipped one, or the newest trained on the dataset.",
        autocompletion=complete_models,
        show_default=False,
    ),
]
View: TypeAlias = Annotated[
    str,
    typer.Option(
        "--view",
        metavar="NAME",
        help=f"Draw with a visualizer: {', '.join(BUILTIN)}, or one of an installed package "
        "(`flagsae plugins`). -o then writes what it draws (.svg, .txt), or files of its own kinds.",
        autocompletion=complete_views,
        show_default=False,
    ),
]


def output(metavar: str, text: str) -> Any:
    """The option -o, with a help of its own, for a command that writes other files than most."""
    return typer.Option("--output", "-o", metavar=metavar, help=text, show_default=False)


Output: TypeAlias = Annotated[
    str,
    output(
        "FILE|-",
        "Write a file by its suffix; - writes a PNG to stdout, a folder (with a / at its end) one file a picture.",
    ),
]
Cells: TypeAlias = Annotated[
    str,
    typer.Option(
        "--cells",
        metavar="|".join((AUTO, *CELLS)),
        help="The block characters of pictures; auto takes the finest that this terminal is known to draw well "
        "(`flagsae cells` shows them).",
        autocompletion=complete_cells,
    ),
]
Size: TypeAlias = Annotated[
    int, typer.Option("--size", metavar="PIXELS", help="Width of the written picture.", min=NARROWEST, max=WIDEST)
]
Json: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Write JSON lines, as is done in a pipe.", show_default=False)
]
Quiet: TypeAlias = Annotated[bool, typer.Option("--quiet", "-q", help="No notes on stderr.", show_default=False)]
