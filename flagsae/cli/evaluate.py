"""`flagsae evaluate`: the report on a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flagsae.cli import options
from flagsae.cli.request import OutputRequest, Source, grouped
from flagsae.cli.screen import console, record, words
from flagsae.errors import UsageError
from flagsae.printable import json_line
from flagsae.visual.terminal.kinds import AUTO

if TYPE_CHECKING:
    from rich.console import Console


WIDEST = 100  # columns of the sentences on a terminal; by eye


@dataclass(frozen=True)
class ReportRequest(OutputRequest):
    """Writes a report: no picture, and no visualizer."""

    view: str = ""
    output: Annotated[str, options.output("FILE.json", "Write the report as a JSON line.")] = ""
    size: int = 0
    cells: str = AUTO


@grouped
def command(
    *,
    split: Annotated[
        str,
        typer.Option(
            "--split",
            metavar="NAME",
            help="Which split of the dataset to score; by default the one that the model was trained on.",
            show_default=False,
        ),
    ] = "",
    against: Annotated[
        list[str] | None,
        typer.Option(
            "--against",
            metavar="MODEL",
            help="Compare the atoms with another model's, of another --seed say; may be given again.",
            autocompletion=options.complete_models,
            show_default=False,
        ),
    ] = None,
    baselines: Annotated[
        bool,
        typer.Option(
            "--baselines",
            help="Fit PCA, NMF and DictionaryLearning of scikit-learn at the same size; takes up to a minute or two.",
            show_default=False,
        ),
    ] = False,
    source: Source,
    request: ReportRequest,
) -> None:
    """Report how good a model is: what it rebuilds, how it uses its features, how well they tell what flags have.

    flagsae evaluate

    flagsae evaluate --model honest --baselines    (after flagsae train --train-on train --name honest)

    flagsae evaluate --against again    (after flagsae train --seed 1 --name again)

    FVU is the fraction of variance unexplained on the RGB canvas, 1 for the mean picture; PSNR in decibels; L0 the
    features that fire for a flag; pixels: in the right colour. "seen" are flags that the model was trained on:
    figures of these say how well it remembers, not how well it generalises.

    In a pipe it writes one JSON line {"model", "preset", "parts": [{"part", "flags", "seen", "fvu", …}],
    "dictionary", "alignment", "labels", "stability", "baselines"}.
    """
    request.check(".json")
    if request.in_folder:
        raise UsageError("a report is one file: give -o FILE.json")
    from flagsae.features.evaluation import baselines as fit_baselines
    from flagsae.features.evaluation import report, scored, stability
    from flagsae.sae.model import load_model

    workspace = source.open()
    dataset, loaded = workspace.dataset, workspace.model
    others = {name: load_model(dataset, name) for name in against or []}
    parts = scored(loaded, split)
    figures = report(loaded, workspace.collection.attributes, parts)
    figures["stability"] = [{"name": name, **stability(loaded, other)} for name, other in others.items()]
    figures["baselines"] = []
    if baselines:
        request.note(f"fitting PCA, NMF and DictionaryLearning with {len(loaded)} components")
        active = round(figures["parts"][0]["l0"])
        figures["baselines"] = fit_baselines(dataset, parts, len(loaded), active)
    if request.output and request.output != "-":
        request.write(json_line(figures).encode())
    if request.drawn:
        _draw(figures, console())
    elif request.recorded or request.output == "-":
        record(**figures)
    if not figures["held_out"]:
        request.note(_hint(figures))


def _hint(figures: dict[str, Any]) -> str:
    """Why the figures are not held-out ones, and how to get such."""
    from flagsae.training.config import DEFAULT

    preset = f" --preset {figures['preset']}" if figures["preset"] != DEFAULT else ""
    where = f" --data {figures['dataset']}" if figures["dataset"] != "flags" else ""
    if all(part["seen"] is None for part in figures["parts"]):
        return "which flags this model was trained on is not known: do not take these figures for held-out ones"
    return (
        "nothing is held out: the model was trained on all of these flags; for honest figures: "
        f"flagsae train{where}{preset} --train-on train --name honest && flagsae evaluate{where} --model honest"
    )


def _draw(figures: dict[str, Any], out: Console) -> None:
    count = figures["features"]
    trained = {"all": "all flags", "train": "the training part"}.get(figures["train_on"], "unknown flags")
    model = f"{figures['preset']} model {figures['model']}: {count} features"
    out.print(words(f"{model}, trained on {trained} of dataset {figures['dataset']}; split {figures['split']}"))
    out.print()
    parts = figures["parts"]
    _table(out, ("part", "flags", "seen", "FVU", "R2", "PSNR", "L0", "pixels"), [_part(part) for part in parts])
    used = figures["dictionary"]
    edges, counts = used["densities"]["edges"], used["densities"]["counts"]
    out.print()
    _table(out, ("fire for", *(f"to {100 * edge:g} %" for edge in edges[1:])), [("features", *map(str, counts))])
    out.print()
    _words(out, _in_words(figures))
    if figures["stability"]:
        rows = [
            (one["name"], *(f"{one[field]:.3f}" for field in ("matched", "null_flags", "null_mixtures")))
            for one in figures["stability"]
        ]
        out.print()
        _table(out, ("atoms against", "cosine", "flags drawn at random", "random mixtures"), rows)
    if figures["baselines"]:
        names = [part["part"] for part in parts]
        own = {"method": figures["preset"], "l0": parts[0]["l0"], "seconds": None}
        own["fvu"] = {part["part"]: part["fvu"] for part in parts}
        rows = [
            (
                one["method"],
                *(f"{one['fvu'][name]:.3f}" for name in names),
                f"{one['l0']:.1f}",
                "–" if one["seconds"] is None else f"{one['seconds']:.1f}",
            )
            for one in (own, *figures["baselines"])
        ]
        out.print()
        _table(out, (f"{count} components", *(f"FVU {name}" for name in names), "L0", "seconds"), rows)


def _in_words(figures: dict[str, Any]) -> list[tuple[str, str]]:
    """(heading, sentence) of the figures that are not in a table."""
    used, aligned, labels = figures["dictionary"], figures["alignment"], figures["labels"]
    found = [
        (
            "dictionary",
            f"{used['dead']} dead, {used['rare']} rare (one flag), {used['dense']} dense (over half of the flags), "
            f"{used['duplicates']} with a duplicate; effective rank {used['effective_rank']:.0f} of "
            f"{figures['features']}",
        )
    ]
    if figures["parts"][0]["floor"] is not None:
        floors = ", ".join(f"{part['floor']:.3f}" for part in figures["parts"])
        found.insert(0, ("floor", f"FVU of the flags' own label maps in the palette's colours: {floors}"))
    if figures["parts"][0]["input_fvu"] is not None:
        pairs = ", ".join(f"{part['input_fvu']:.3f} and {part['pursuit_fvu']:.3f}" for part in figures["parts"])
        found.append(("encoder", f"FVU of what the model sees, with its encoder and with matching pursuit: {pairs}"))
    if aligned["auroc"] is not None:
        ranked = [f"{name} {value:.2f}" for name, value in aligned["by_attribute"].items()]
        found.append(
            (
                "alignment",
                f"AUROC {aligned['auroc']:.2f}, mean over {aligned['attributes']} attributes, of the single feature "
                "that is best on one half of the flags, on the other half; "
                f"of {figures['features']} random projections "
                f"{aligned['random_projection']:.2f}. Best: {', '.join(ranked[:3])}; worst: {', '.join(ranked[-3:])}",
            )
        )
    if labels["trusted"] is not None:
        found.append(
            (
                "labels",
                f"made on one half of the flags, {100 * labels['share']:.0f} % are trusted; on the other half these "
                f"are true of {100 * labels['trusted']:.0f} % of their features' activation (by chance "
                f"{100 * labels['chance']:.0f} %), unsure ones of {100 * (labels['unsure'] or 0):.0f} %",
            )
        )
    return found


def _words(out: Console, sentences: Sequence[tuple[str, str]]) -> None:
    from rich.table import Table

    table = Table.grid(padding=(0, 2, 0, 0))
    for heading, sentence in sentences:
        table.add_row(words(heading, "bold"), words(sentence))
    out.print(table, width=min(out.width, WIDEST))


def _part(part: dict[str, Any]) -> tuple[str, ...]:
    """A part of the split as a row of the table."""
    return (
        part["part"],
        str(part["flags"]),
        "?" if part["seen"] is None else str(part["seen"]),
        f"{part['fvu']:.3f}",
        f"{part['r2']:.3f}",
        "–" if part["psnr"] is None else f"{part['psnr']:.1f}",
        f"{part['l0']:.1f}",
        "–" if part["pixel_accuracy"] is None else f"{100 * part['pixel_accuracy']:.1f} %",
    )


def _table(out: Console, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
    for position, title in enumerate(header):
        table.add_column(words(title), justify="right" if position else "left")
    for row in rows:
        table.add_row(*map(words, row))
    out.print(table)
