"""Command lines and records that nobody means: each ends in a record, a picture or one line, and drives no terminal."""

from __future__ import annotations

import codecs
import contextlib
import io
import json
import os
import random
import re
import shutil
import sys
import tempfile
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from flagsae import paths
from flagsae.printable import printable

TRIES = 5000
FLAGS = ("colombia", "france", "japan", "malaysia", "morocco", "sweden")
# None of these can name a file to write: there is no o after a hyphen.
PIECES = (
    *("japan", "france", "f3", "f99999", "red", "2", "0.5*", "1e400*", "nan", "-1", "9" * 50, "a" * 300, "x" * 6000),
    *("+", "-", "*", " - ", " + ", "--", "(", ")", "((((", "'", '"', ",", "=", "%s", "{0}", "[/]", "[bold]", ":smile:"),
    *("/", "~", "~nosuch/", "./", "../", ".png", "a.png", ".svg", "-l", "-0.5*", "-n", "-q", "-h", "−", "×"),
    *("\x1b[2J", "\x9b2J", "\x1b]0;t\x07", "\n", "\r", "\t", "\u202e", "\u2028", "\ufeff", "\udcff", "\ud83d", "\x7f"),
    *("日本", "é", "Łódź", "שלום", "🇫🇷", " ", ""),
)
MEANT = ("japan", "france", "japan + 0.5*france", "-sweden + japan", "f3", "FR")
COMMANDS: dict[str, list[str]] = {
    "compose": ["--decode", "sum"],
    "describe": [],
    "neighbors": ["-n", "2"],
    "embed": ["--method", "pca"],
    "features": [],
    "reconstruct": [],
}
VALUES: tuple[Any, ...] = (1, 0.5, 1e30, "1", None, [], {}, True, -1, 10**400, float("nan"))
BYTES = (b"\xff", b"\0", b"[" * 20000, b"", b"\xef\xbb\xbf", b"9" * 5000)
OPTIONS = ("--data", "--model", "--view", "--size", "--decode", "--steps", "--split", "--find", "--sort", "--page")
# What Rich writes itself: colours, the cursor, a line that is drawn anew.
RICH = re.compile(r"\x1b\[[0-9;]*m|\x1b\[\?25[hl]|\x1b\[[0-9]*[AK]|\r")


@dataclass(frozen=True)
class Typed:
    """A command line, what is piped into it, and whether it is typed on a terminal."""

    words: list[str]
    stdin: bytes
    terminal: bool


def typed(seed: int, known: list[str]) -> Iterator[Typed]:
    """Endless command lines. known: options for a dataset and a model that are there."""
    dice = random.Random(seed)

    def word() -> str:
        if dice.random() < 0.4:
            return dice.choice(MEANT)
        return "".join(dice.choices(PIECES, k=dice.choice((1, 1, 2, 3, 6))))

    while True:
        command, options = dice.choice([*COMMANDS.items()])
        words = [word() for _ in range(dice.choice((0, 1, 1, 2)))]
        stdin = b""
        if dice.random() < 0.4:
            words, stdin = ["-"], records(dice)
        if dice.random() < 0.3:
            words += [dice.choice(OPTIONS), word()]
        if dice.random() < 0.05:
            command = word()
        yield Typed([command, *options, *known, *words], stdin, dice.random() < 0.5)


def records(dice: random.Random) -> bytes:
    """Records with a few bytes that are others, or with values that none has."""
    value: Any = dice.choice((*VALUES, "".join(dice.sample(PIECES, 2))))
    code: Any = dice.choice(({"1": 1}, {"1": 1}, {"1": 1, "3": 0.5}, {"1": value}, {str(value): 1}, value))
    record = {"name": "".join(dice.sample(PIECES, 2)), "code": code, "expression": "".join(dice.sample(PIECES, 3))}
    data = bytearray("".join(json.dumps(record) + "\n" for _ in range(dice.randint(1, 3))).encode())
    for _ in range(dice.choice((0, 0, 0, 0, 1, 2, 5))):
        at = dice.randrange(len(data))
        data[at : at + dice.choice((0, 1, 9))] = dice.choice(BYTES)
    return bytes(data)


class Stream(io.TextIOWrapper):
    """stdout or stderr of a terminal, or of a pipe."""

    terminal = False

    def isatty(self) -> bool:
        return self.terminal


def fault(line: Typed) -> str:
    """What is wrong with how a command line ends; "" where nothing is."""
    from flagsae.cli import application, commands
    from flagsae.cli.streams import HANDLER, alike

    codecs.register_error(HANDLER, alike)
    out, said = (Stream(io.BytesIO(), encoding="utf-8", errors=HANDLER, write_through=True) for _ in range(2))
    out.terminal = line.terminal
    stdin = io.TextIOWrapper(io.BytesIO(line.stdin))
    with mock.patch.multiple(sys, stdin=stdin, stdout=out, stderr=said, argv=["flagsae"]):
        try:
            code: Any = application.run(application.application(*commands(line.words)), line.words)
        except SystemExit as end:
            code = end.code
        except BaseException:
            return traceback.format_exc()
    written, told = (stream.buffer.getvalue().decode() for stream in (out, said))  # type: ignore[attr-defined]
    if code not in (0, 1, 2):
        return f"ends with {code}"
    if code and (not told.splitlines()[-1:] or not told.splitlines()[-1].startswith("flagsae: ")):
        return f"ends with {code} and says {told!r}"
    obeyed = {letter for letter in RICH.sub("", written + told) if letter != "\n" and printable(letter) != letter}
    if obeyed:
        return f"a terminal would obey {obeyed}"
    helped = {"-h", "--help"} & set(line.words) or "Usage: " in written
    if not (line.terminal or helped or "--view" in line.words):
        try:
            [json.loads(text) for text in written.splitlines()]
        except ValueError:
            return f"writes {written[:200]!r}"
    return ""


@contextlib.contextmanager
def little() -> Iterator[list[str]]:
    """Options for six flags and a quick model of them, in a folder and with a home of their own."""
    import numpy as np

    from flagsae.flags.dataset import save_dataset
    from flagsae.flags.prepare import prepare
    from flagsae.sae.model import save_model

    before = Path.cwd()
    with tempfile.TemporaryDirectory() as name, mock.patch.dict(os.environ, FLAGSAE_HOME=f"{name}/home"):
        folder = Path(name)
        (folder / "flags").mkdir()
        for flag in FLAGS:
            shutil.copy(paths.shipped(f"flags/{flag}.png"), folder / "flags")
        dataset = prepare(folder / "flags", name="little", size=(8, 12))
        save_dataset(dataset, folder / "little.npz")
        likeness, nothing = np.eye(6, dtype=np.float32) / 96, np.zeros(6, np.float32)
        tensors = {
            "encoder": likeness,
            "encoder_bias": nothing - 0.1,
            "decoder": 96 * likeness,
            "decoder_bias": nothing,
        }
        header = {"kind": "crisp", "dataset": dataset.hash, "dataset_name": "little"}
        save_model(folder / "little.safetensors", tensors, {**header, "threshold": 0, "active": 4, "salience": 0.25})
        os.chdir(folder)
        try:
            yield ["--data", f"{name}/little.npz", "--model", f"{name}/little.safetensors"]
        finally:
            os.chdir(before)


def attack(count: int, seed: int) -> int:
    """Types so many command lines; prints those that end badly, and returns how many they were."""
    failures = 0
    count = count or TRIES
    with little() as known:
        lines = typed(seed, known)
        for number in range(count):
            line = next(lines)
            if wrong := fault(line):
                failures += 1
                print(f"{number}: {line.words!r} < {line.stdin[:200]!r}\n{printable(wrong, lines=True)}")
    print(f"{count} command lines, {failures} that end badly")
    return failures
