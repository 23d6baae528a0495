"""How good are mixes and samples? One command, one table of each: `python benchmarks/quality.py --jobs 2`.

Sums are chosen by a seed (`mixes/sums.py`): pairs and triples of flags that are no near-duplicates, weighted sums, and
sums with a minus or a word. Every way to mix draws all of them. What is read from pixels is read from the picture that
a file has, 612 pixels wide, which carries nothing.

- kept: the share of the features of its design, weighted by rarity, of which a parse of the picture finds some in the
  mix; of the parent that keeps less, the median. "own": that the mix's own design has.
- torn: mixes in a hundred that have a figure of a parent in part (`mixes/torn.py`).
- pasted: mixes in a hundred with a seam, where one flag lies beside another (`mixes/seams.py`).
- colours, speckle: is it flat and clean? Medians.
- lost: mixes without a colour that fills a fifth of one parent and is in no other.
- found again: of all pairs of flags, the parents are the one whose features and cut-outs together are most like the
  mix's (cosine, weighted by rarity; near-duplicates are one flag): of what a parse of the picture finds (a cut-out is
  known by its outline), and of its own design's. "anew": the 60 likeliest pairs are mixed again, by the same program,
  and the pair wins whose own mix has the most equal pixels, or the equal or most similar design. That asks whether two
  sums give one flag, not whether somebody who sees it could name its parents; it is tried on the first pairs alone
  (`--resettle`).
- look: both parents are among the ten flags that look most alike. Pasted halves are good at that: it is no goal.
- as asked: of sums with a minus or a word, those in whose picture the parse finds what was added, and not what was
  taken away.
- first, best: seconds of processor time on one core until there is a picture, and until the best; medians.

Samples are taken as they are drawn: `flagsae sample` draws those under 14 anew. Distances are from the nearest real
flag, in 8-bit steps.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from mixes import samples, sums
from mixes.judging import Judge, Verdict
from mixes.sums import Asked
from mixes.ways import WAYS, Mix, Ways, has_torch
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from flagsae.flags.grids import NEAR_DUPLICATE
from flagsae.mixing.choices import PRIORS

Combine: TypeAlias = Callable[[Any], Any]
Task: TypeAlias = tuple[str, Asked, bool]  # way, sum, whether its parents are looked for by mixing anew

COLUMNS: dict[str, tuple[str, Combine, str]] = {  # heading, how verdicts become a figure, how it is written
    "kept": ("kept", np.median, "{:.2f}"),
    "kept_own": ("own", np.median, "{:.2f}"),
    "torn": ("torn", np.mean, "{:.0f}"),
    "pasted": ("pasted", np.mean, "{:.0f}"),
    "colours": ("colours", np.median, "{:g}"),
    "speckle": ("speckle", np.median, "{:.2%}"),
    "lost": ("lost", np.sum, "{:.0f}"),
    "again": ("found again", np.mean, "{:.2f}"),
    "again_own": ("own", np.mean, "{:.2f}"),
    "resettled": ("anew", np.mean, "{:.2f}"),
    "resettled_own": ("anew, own", np.mean, "{:.2f}"),
    "look": ("look", np.mean, "{:.2f}"),
    "asked": ("as asked", np.mean, "{:.2f}"),
    "first": ("first", np.median, "{:.2f}"),
    "seconds": ("best", np.median, "{:.2f}"),
}
OF_SAMPLES: dict[str, tuple[str, Combine, str]] = {
    "colours": COLUMNS["colours"],
    "speckle": COLUMNS["speckle"],
    "nearest": ("distance", np.median, "{:.1f}"),
    "least": ("least", np.min, "{:.1f}"),
    "real": (f"under {NEAR_DUPLICATE:g}", np.sum, "{:.0f}"),
    "doubles": (f"pairs under {NEAR_DUPLICATE:g}", np.sum, "{:.0f}"),
    "seconds": ("seconds", np.median, "{:.2f}"),
}
OF_PAIRS_ALONE = ("flags", "halves", "seed", "sum")
AGAIN = ("again", "again_own", "resettled", "resettled_own")
KINDS = {  # of sums: how many are called, and the columns that say nothing of them
    "pairs": ("pairs", ("asked",)),
    "triples": ("triples", ("asked", *AGAIN)),
    "weighted": ("weighted sums", ("asked", *AGAIN)),
    "words": ("sums with a minus or a word", ("lost", "look", *AGAIN)),
}


@dataclass(frozen=True)
class Row:
    """A line of a table: a figure for each column that says something."""

    name: str
    kind: str
    count: int
    """Of what is judged."""
    refused: int
    """Sums that this way cannot read or draw."""
    figures: dict[str, float]


# A process that judges.

_judge: Judge | None = None


def begin() -> None:
    global _judge
    threadpool_limits(1)
    _judge = Judge()


def verdict(task: Task) -> Verdict:
    assert _judge is not None
    return _judge.judge(*task)


# Tables.


def note(text: str, *, done: bool = True) -> None:
    if done or sys.stderr.isatty():
        print(f"\r{text}", end="\n" if done else "", file=sys.stderr, flush=True)


def heading(title: str, columns: dict[str, tuple[str, Combine, str]]) -> None:
    print("|", " | ".join([title, *(name for name, _, _ in columns.values())]), "|")
    print("|", " | ".join(["---", *["---:"] * len(columns)]), "|", flush=True)


def row(name: str, kind: str, verdicts: Sequence[Verdict], columns: dict[str, tuple[str, Combine, str]]) -> Row:
    """Makes verdicts a line of a Markdown table; a dash where a column has none."""
    judged = [one for one in verdicts if one]
    figures = {}
    for key, (_, combine, _) in columns.items():
        if values := [one[key] for one in judged if key in one]:
            figures[key] = float(combine(values))
    refused = len(verdicts) - len(judged)
    title = name + (f" ({refused} refused)" if refused else "")
    cells = (form.format(figures[key]) if key in figures else "–" for key, (_, _, form) in columns.items())
    print("|", " | ".join([title, *cells]), "|", flush=True)
    return Row(name, kind, len(judged), refused, figures)


def asked(ways: Ways, options: argparse.Namespace) -> dict[str, list[Asked]]:
    """The sums of each kind."""
    dataset, seed = ways.dataset, options.seed
    words, refused = sums.readable(sums.changed_sums(dataset, seed), ways.space, options.words)
    if refused:
        note(f"{refused} sums with a minus or a word cannot be read and are left out")
    chosen = {
        "pairs": sums.plain_sums(dataset, options.pairs, 2, seed),
        "triples": sums.plain_sums(dataset, options.triples, 3, seed),
        "weighted": sums.weighted_sums(dataset, options.weighted, seed),
        "words": [one for one, _ in words],
    }
    return {kind: some for kind, some in chosen.items() if some}


def mixed(chosen: dict[str, list[Asked]], wanted: Sequence[str], options: argparse.Namespace) -> Iterator[Row]:
    """The rows of the table of mixes, as they are finished."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(options.jobs, begin) as pool:

        def judged(name: str, tasks: list[Task]) -> list[Verdict]:
            found = []
            for number, one in enumerate(pool.imap(verdict, tasks), 1):
                found.append(one)
                note(f"{name}: {number} of {len(tasks)}", done=number == len(tasks))
            return found

        for kind, some in chosen.items():
            called, empty = KINDS[kind]
            columns = {key: column for key, column in COLUMNS.items() if key not in empty}
            heading(f"{len(some)} {called}", columns)
            for way in wanted:
                if way in OF_PAIRS_ALONE and kind != "pairs":
                    continue
                tasks = [(way, one, kind == "pairs" and number < options.resettle) for number, one in enumerate(some)]
                if way == "flags":
                    parents = dict.fromkeys(flag for one in some for flag in one.parents)
                    tasks = [(way, Asked("", (flag,)), False) for flag in parents]
                yield row(WAYS[way], kind, judged(f"{WAYS[way]}, {kind}", tasks), columns)
            print()


def sampled(ways: Ways, options: argparse.Namespace) -> Iterator[Row]:
    """The rows of the table of samples, real flags first."""
    flags = ways.dataset.flags
    heading(f"{options.samples} samples", OF_SAMPLES)
    real = [Mix(canvas, canvas) for canvas in flags.canvas]
    yield row("real flags, among each other", "samples", samples.judged(real, None), OF_SAMPLES)
    for prior in PRIORS:
        drawn = list(samples.drawn(ways.space.model, options.samples, options.seed, prior))
        yield row(prior, "samples", samples.judged(drawn, flags), OF_SAMPLES)


def main(arguments: Iterable[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument("--triples", type=int, default=60)
    parser.add_argument("--weighted", type=int, default=40)
    parser.add_argument("--words", type=int, default=40, help="sums with a minus or with words")
    parser.add_argument("--samples", type=int, default=200, help="of each prior")
    parser.add_argument("--resettle", type=int, default=60, help="pairs whose likeliest parents are mixed anew")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--rows", default=",".join(WAYS), help="ways to mix, by default all")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures of all rows")
    options = parser.parse_args(None if arguments is None else list(arguments))
    wanted = options.rows.split(",")
    if unknown := set(wanted) - set(WAYS):
        parser.error(f"--rows {', '.join(sorted(unknown))}: give some of {','.join(WAYS)}")
    ways = Ways()
    if "seed" in wanted and not has_torch():
        note("no torch here: the row of the `seed` preset is left out")
        wanted.remove("seed")
    if "seed" in wanted and options.pairs:
        note("the `seed` preset is trained once, which takes a minute")
        ways.seed  # noqa: B018
    rows: list[Row] = []
    with threadpool_limits(1):
        chosen = asked(ways, options)
        rows += mixed(chosen, wanted, options)
        rows += sampled(ways, options) if options.samples else []
    if errors := [f"{0.5 / len(some) ** 0.5:.2f} of {len(some)}" for some in chosen.values()]:
        print(f"\nShares have a standard error of at most {', '.join(errors)}.")
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in rows], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
