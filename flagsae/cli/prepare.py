"""`flagsae prepare my-pictures/`: pictures in, one dataset file out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from flagsae.cli import options
from flagsae.cli.screen import check_output, console, draws, note, record
from flagsae.errors import UsageError
from flagsae.printable import printable


def command(
    source: Annotated[
        Path | None,
        typer.Argument(
            metavar="[SOURCE]", help="A folder, a zip or a picture; the bundled flags by default.", show_default=False
        ),
    ] = None,
    name: Annotated[
        str,
        typer.Option("--name", help="What to call the dataset, for --data; SOURCE's own name.", show_default=False),
    ] = "",
    output: Annotated[str, options.output("FILE.npz", "Write here instead.")] = "",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a dataset of other pictures.", show_default=False)
    ] = False,
    canvas: Annotated[str, typer.Option("--canvas", metavar="HxW", help="Canvas in pixels.")] = "68x102",
    colours: Annotated[
        int,
        typer.Option("--colours", help="Fit a palette of so many colours; 0 takes the world's flags'.", min=0, max=64),
    ] = 0,
    seed: Annotated[
        int, typer.Option("--seed", help="Random seed of the split and the palette.", min=0, max=options.MOST_SEED)
    ] = 0,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at a file that is no picture.", show_default=False)
    ] = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Read pictures into a dataset: canvases, flat label maps, names, and splits that keep near-duplicates together.

    flagsae prepare my-flags/ --name mine && flagsae train --data mine

    A table flags.csv in the folder (slug, name, iso_alpha2, aliases) names the pictures; else their files do.
    """
    from flagsae import paths
    from flagsae.design.vectors import with_designs
    from flagsae.flags.dataset import same_dataset, save_dataset
    from flagsae.flags.grids import NEAR_DUPLICATE
    from flagsae.flags.names import fold
    from flagsae.flags.prepare import near_duplicates, prepare

    match = re.fullmatch(r"(\d+)[x×](\d+)", canvas)
    height, width = (int(side) for side in match.groups()) if match else (0, 0)
    if not (4 <= height <= 512 and 4 <= width <= 512):
        raise UsageError(f"--canvas is HxW with sides from 4 to 512, as in 68x102, not {canvas!r}")
    if output == "-" or output.endswith("/") or Path(output or "none").is_dir():
        raise UsageError(f"a dataset is one file: give -o FILE.npz, not {output}")
    check_output(output, (".npz",))
    name = fold(name or _own_name(source))
    if not name:
        raise UsageError("--name needs a letter or a digit")
    if name == "shipped":
        raise UsageError("--name shipped is the dataset that comes with flagsae: choose another")
    path = Path(output) if output else paths.dataset_file(name)
    skipped: list[str] = []

    def skip(reason: str) -> None:
        skipped.append(reason)
        note(f"skipped: {reason}")

    with _progress_bar(quiet) as progress:
        dataset = prepare(
            source,
            name=name,
            size=(height, width),
            colours=colours,
            seed=seed,
            strict=strict,
            progress=progress,
            skipped=skip,
        )
        dataset, designed = with_designs(dataset, progress)
    if not overwrite and path.exists() and not same_dataset(path, dataset):
        raise UsageError(
            f"{path} exists, and is not what these pictures make: give --overwrite to replace it, "
            "or another --name or -o"
        )
    save_dataset(dataset, path)
    parts = {part: len(positions) for part, positions in dataset.splits["grouped"].items()}
    pairs = len(near_duplicates(dataset.flags.canvas))
    if draws(json):
        out = console()
        out.print(f"{len(dataset.flags)} pictures -> {path}", soft_wrap=True)
        out.print(f"canvas {height}x{width}, fine grid {3 * height}x{3 * width}, hash {dataset.hash}")
        out.print(f"{len(dataset.palette)} colours: {', '.join(dataset.palette.names)}")
        out.print(f"{designed} of {len(dataset.flags)} have a design")
        out.print(
            f"split: {parts['train']} train, {parts['validation']} validation, {parts['test']} test; "
            f"{pairs} near-duplicate pairs (under {NEAR_DUPLICATE:g} of 255) kept on one side"
        )
    else:
        record(
            name=name,
            file=str(path),
            flags=len(dataset.flags),
            canvas=[height, width],
            colours=list(dataset.palette.names),
            designs=designed,
            split=parts,
            near_duplicates=pairs,
            skipped=len(skipped),
            hash=dataset.hash,
        )
    if skipped:
        note(f"{len(skipped)} {'file' if len(skipped) == 1 else 'files'} skipped")
    note(f"next: flagsae train --data {output or name}", quiet)


def _own_name(source: Path | None) -> str:
    """What a dataset is called by default: as its folder, or as its file without the suffix."""
    if source is None:
        return "flags"
    source = source.resolve()
    return source.name if source.is_dir() else source.stem


@contextmanager
def _progress_bar(quiet: bool) -> Iterator[Callable[[int, int, str], None]]:
    """A progress bar on stderr, if that is a terminal: a function of (pictures done, of how many, title)."""
    from rich.markup import escape
    from rich.progress import Progress

    screen = console(stderr=True)
    with Progress(console=screen, transient=True, disable=quiet or not screen.is_terminal) as progress:
        task = progress.add_task("preparing")
        yield lambda done, total, title: progress.update(
            task, completed=done, total=total, description=escape(printable(title))
        )
