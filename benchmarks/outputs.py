"""What every command writes, byte for byte, to prove that a change of the code changes none of it.

    python benchmarks/outputs.py -o before        # some three minutes of one core
    python benchmarks/outputs.py -o after         # with the changed code
    python benchmarks/outputs.py compare before after

The flagsae that is run is the one that this Python imports, so PYTHONPATH=CHECKOUT takes another's.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import pty
import re
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time
import tomllib
import zipfile
from dataclasses import dataclass, field
from fnmatch import fnmatch
from itertools import zip_longest
from pathlib import Path

import flagsae

# A name, and a command line as in a shell: `@80x24` runs it on a terminal of 80 columns and 24 lines, else its output
# goes into a pipe; NAME=VALUE sets the environment; | hands records on to another subcommand, < reads a file. `in/` has
# the pictures and files that `draw_inputs` makes. The rows run in order in one FLAGSAE_HOME: those that prepare and
# train come first, as others use their datasets and models. A row of an error ends with 1 or 2, any other with 0.
CASES = (
    ("help", "--help"),
    ("help-bare", ""),
    ("help-compose", "compose --help"),
    ("help-sample", "sample --help"),
    ("help-describe", "describe --help"),
    ("help-features", "features --help"),
    ("help-neighbors", "neighbors --help"),
    ("help-embed", "embed --help"),
    ("help-reconstruct", "reconstruct --help"),
    ("help-evaluate", "evaluate --help"),
    ("help-prepare", "prepare --help"),
    ("help-train", "train -h"),
    ("help-plugins", "plugins --help"),
    ("help-tui", "tui --help"),
    ("completion-script-bash", "_FLAGSAE_COMPLETE=source_bash"),
    ("completion-flags", "_FLAGSAE_COMPLETE=complete_bash COMP_WORDS='flagsae compose mor' COMP_CWORD=2"),
    ("completion-views", "_FLAGSAE_COMPLETE=complete_bash COMP_WORDS='flagsae compose --view ' COMP_CWORD=3"),
    # Datasets and models that the rows below use.
    ("prepare-folder", "prepare in/toy --name toy --canvas 16x24 --json"),
    ("prepare-zip", "prepare in/toy.zip -o zipped.npz --canvas 16x24"),
    ("prepare-palette", "prepare in/toy -o fitted.npz --canvas 8x12 --colours 5 --seed 3"),
    ("prepare-mixed", "prepare in/mixed -o mixed.npz --canvas 16x24"),
    ("prepare-terminal", "@80x24 prepare in/toy -o drawn.npz --canvas 16x24"),
    (
        "train-crisp",
        "train --data toy --preset crisp --name little --features 16 --epochs 40 --log-every 20 "
        "--checkpoint-every 20 --json",
    ),
    (
        "train-other-seed",
        "train --data toy --preset crisp --name again --seed 1 --features 16 --epochs 40 --train-on train "
        "--activation batchtopk",
    ),
    ("train-seed", "@100x30 train --data toy --preset seed --name small --features 8 --epochs 4 --log-every 2"),
    (
        "train-direct",
        "train --data toy --preset crisp --name direct --features 8 --epochs 6 --path direct --snapshots 0",
    ),
    ("train-flags", "train --preset seed --name notebook --features 8 --epochs 2 --snapshots 0 --quiet"),
    ("train-resume", "train --resume --name little"),
    ("models-complete", "_FLAGSAE_COMPLETE=complete_bash COMP_WORDS='flagsae compose --model l' COMP_CWORD=3"),
    # compose: into a pipe, into files of every kind.
    ("compose-json", "compose morocco colombia"),
    ("compose-weights", "compose 'morocco + colombia - 0.5*laos + 2*f8'"),
    ("compose-minus", "compose -0.5*laos + morocco"),
    ("compose-minus-colour", "compose france - blue"),
    ("compose-features", "compose f8 f29 0.5*f60"),
    ("compose-names", "compose \"Côte d'Ivoire\" JP 'south korea'"),
    ("compose-png", "compose morocco colombia -o new.png --size 300"),
    ("compose-png-stdout", "compose morocco colombia -o - --size 90"),
    ("compose-svg", "compose japan brazil -o new.svg"),
    ("compose-json-file", "compose japan brazil -o new.json"),
    ("compose-folder", "compose kenya norway -o flags/ --size 120"),
    ("compose-alternatives", "compose kenya norway --alternatives 3 -o flags/ --size 120"),
    ("compose-design", "compose kenya norway --design 2 -o second.svg"),
    ("compose-decode-vote", "compose mexico kenya --decode vote -o new.png --size 204"),
    ("compose-decode-vote-svg", "compose mexico kenya --decode vote -o new.svg"),
    ("compose-decode-sum", "compose mexico kenya --decode sum -o new.png --size 204"),
    ("compose-picture", "compose in/mine.png japan -o new.png --size 150"),
    ("compose-steps-json", "compose up0 disc1 --steps 3 --data toy --model little"),
    ("compose-steps-gif", "compose japan brazil --steps 4 -o morph.gif --size 60"),
    ("compose-steps-png", "compose up0 disc1 --steps 4 -o morph.png --size 400 --data toy --model little"),
    ("compose-steps-folder", "compose up0 disc1 --steps 3 -o morph/ --size 60 --data toy --model little"),
    ("compose-records", "sample -n 2 --seed 5 --decode sum --json | compose - -o flags/ --size 90"),
    ("compose-toy-file", "compose up0 disc1 --data ../home/datasets/toy.npz -o new.png --size 96"),
    ("compose-seed", "compose morocco colombia --model notebook -o new.png --size 102"),
    ("compose-model-file", "compose morocco colombia --model in/crisp.safetensors"),
    # compose: on a terminal, and as visualizers see it.
    ("compose-terminal", "@80x24 compose morocco colombia"),
    ("compose-terminal-small", "@30x10 compose morocco colombia kenya"),
    ("compose-terminal-morph", "@100x30 compose up0 disc1 --steps 5 --data toy --model little"),
    ("compose-terminal-no-colour", "@80x24 NO_COLOR=1 compose morocco colombia"),
    ("compose-terminal-dumb", "@80x24 TERM=dumb COLORTERM= compose morocco colombia"),
    ("compose-terminal-ascii", "@80x24 PYTHONIOENCODING=ascii compose cote-divoire japan"),
    ("compose-terminal-silent", "@80x24 compose morocco 0.01*f60 - 0.1*japan"),
    ("view-blocks", "FORCE_COLOR=1 compose up0 disc1 --view blocks --data toy --model little"),
    ("view-parents", "FORCE_COLOR=1 compose up0 disc1 --view parents --data toy --model little"),
    ("view-bars", "FORCE_COLOR=1 compose up0 disc1 --view bars --data toy --model little"),
    ("view-heat", "FORCE_COLOR=1 compose up0 disc1 --view heat --data toy --model little"),
    ("view-palette", "FORCE_COLOR=1 compose up0 disc1 --view palette --data toy --model little"),
    ("view-letters", "FORCE_COLOR=1 compose up0 disc1 --view letters --data toy --model little"),
    ("view-small", "FORCE_COLOR=1 COLUMNS=40 LINES=12 compose morocco colombia --view palette"),
    ("view-svg", "compose up0 disc1 --view bars -o view.svg --data toy --model little"),
    ("view-txt", "compose up0 disc1 --view letters -o view.txt --data toy --model little"),
    ("view-folder", "compose up0 disc1 --steps 2 --view heat -o views/ --data toy --model little"),
    ("view-package-gif", "FLAGSAE_PLUGINS=wave compose up0 disc1 --view wave -o w.gif --size 48 --data toy"),
    ("sample-json", "sample -n 2 --seed 1 --decode sum"),
    ("sample-grammar", "sample --seed 3 -o one.svg"),
    ("sample-grammar-json", "sample -n 2 --seed 4"),
    ("sample-mix", "sample --seed 3 --prior mix -o one.svg"),
    ("error-no-grammar", "sample --prior grammar --data toy --model little"),
    ("sample-empirical", "sample -n 3 --seed 2 --prior empirical --data toy --model little --avoid-real 0"),
    ("sample-uniform", "sample -n 2 --seed 2 --prior uniform -o flags/ --size 102"),
    ("sample-grid", "sample -n 4 --seed 1 --grid 2 -o sheet.png --size 200 --data toy --model little --avoid-real 0"),
    ("sample-terminal", "@80x24 sample -n 4 --seed 1 --data toy --model little --avoid-real 0"),
    ("describe-json", "describe morocco 'united kingdom' mexico"),
    ("describe-sum", "describe 'japan + brazil' in/mine.png"),
    ("describe-all", "describe --data toy -o all.json"),
    ("describe-txt", "describe morocco nepal -o said.txt"),
    ("describe-records", "sample -n 2 --seed 5 --data toy --json | describe - --data toy"),
    ("describe-terminal", "@100x30 describe morocco nepal"),
    ("features-json", "features --data toy --model little --sort index"),
    ("features-card", "features 29 f8 --json"),
    ("features-seed", "features 3 --data toy --model small"),
    ("features-sheet", "features -o grid.png --columns 4 --size 480 --data toy --model little"),
    ("features-cards-folder", "features 3 5 -o cards/ --size 480 --data toy --model little"),
    ("features-parts", "features l20 s121"),
    ("features-parts-find", "features --dictionary shape --find star --sort strength -o stars.png --size 640"),
    ("features-terminal", "@80x24 features --data toy --model little --page 2"),
    ("features-terminal-card", "@100x40 features 3 --data toy --model little"),
    ("features-view", "FORCE_COLOR=1 features 3 --view heat --data toy --model little"),
    ("features-dashboard", "FLAGSAE_PLUGINS=dashboard features --view dashboard -o all.html --data toy --model little"),
    ("neighbors-json", "neighbors belgium 'morocco + colombia' in/mine.png -n 5"),
    ("neighbors-png", "neighbors belgium japan -n 4 -o near.png --size 600"),
    ("neighbors-csv", "neighbors belgium -o near.csv"),
    ("neighbors-terminal", "@100x30 neighbors belgium -n 7"),
    ("embed-tsne", "embed --data toy --model little"),
    ("embed-pca", "embed --method pca --json --model notebook"),
    ("embed-some", "embed france italy 'france + italy' belgium --method pca"),
    ("embed-png", "embed --method pca -o map.png --size 400 --data toy --model little"),
    ("embed-svg", "embed --method pca -o map.svg --size 400 --data toy --model little"),
    ("embed-csv", "embed --perplexity 4 --seed 2 -o map.csv --data toy --model little"),
    ("embed-terminal", "@100x30 embed --method pca --data toy --model little"),
    ("embed-terminal-names", "@80x24 embed --method pca --names"),
    ("reconstruct-json", "reconstruct afghanistan in/mine.png"),
    ("reconstruct-png", "reconstruct up0 disc1 -o pairs/ --size 120 --data toy --model small"),
    ("reconstruct-terminal", "@80x24 reconstruct nepal"),
    ("evaluate-json", "evaluate"),
    ("evaluate-file", "evaluate --against again --data toy --model little -o report.json"),
    ("evaluate-seed", "evaluate --split grouped --data toy --model small -q"),
    ("evaluate-terminal", "@100x40 evaluate --against little --data toy --model again"),
    ("plugins", "plugins"),
    ("plugins-packages", "FLAGSAE_PLUGINS=dashboard,kitty plugins --json"),
    ("plugins-terminal", "@100x30 FLAGSAE_PLUGINS=dashboard,kitty,wave plugins"),
    ("error-command", "combine morocco"),
    ("error-flag", "compose moroco colombia"),
    ("error-no-operand", "compose"),
    ("error-expression", "compose 'morocco + * colombia'"),
    ("error-view", "compose morocco colombia --view bar"),
    ("error-size", "compose morocco colombia -o new.png --size 1"),
    ("error-suffix", "compose morocco colombia -o new.csv"),
    ("error-gif", "compose morocco colombia -o new.gif"),
    ("error-feature", "compose morocco f900"),
    ("error-picture", "compose in/broken.png japan"),
    ("error-records", "compose - < in/broken.jsonl"),
    ("error-model", "compose morocco colombia --model litle"),
    ("error-model-damaged", "compose morocco colombia --model in/broken.safetensors"),
    ("error-model-parts", "compose morocco colombia --model in/parts.safetensors"),
    ("error-model-other", "compose morocco colombia --model little"),
    ("error-png-terminal", "@80x24 compose morocco colombia -o -"),
    ("error-prior", "sample --prior gausian"),
    ("error-prepare-canvas", "prepare in/toy --canvas 16"),
    ("error-prepare-strict", "prepare in/mixed --strict -o mixed.npz"),
    ("error-prepare-exists", "prepare in/toy --name toy --canvas 8x12"),
    ("error-train-preset", "train --preset magic"),
    ("error-train-resume", "train --resume --name nothing"),
    ("error-tui-pipe", "tui morocco"),
)

SCRATCH = b"{SCRATCH}"  # stands in a pattern for the temporary folder


@dataclass(frozen=True)
class Marker:
    """What differs from run to run. place: where, as a pattern of the file in a case's folder; found: a regular
    expression; written: what is kept instead."""

    place: str
    found: bytes
    written: bytes


MARKERS = (
    Marker("std*", SCRATCH, b"<scratch>"),  # FLAGSAE_HOME, where a message says what was written
    Marker("stderr", rb"in \d+\.\d s", b"in #.# s"),  # "trained in 0.3 s"
    Marker("std*", rb'"seconds": [\d.e-]+', b'"seconds": #'),  # rows of a training's log
    Marker("home/*.jsonl", rb'"seconds": [\d.e-]+', b'"seconds": #'),
    # A checkpoint says so in its header, whose length, which stands before it, and spaces at its end are of the digits.
    Marker(
        "home/*/checkpoint.safetensors",
        rb'(?s)\A.{8}(.*?"seconds\\": )[\d.e-]+(.*?\]\}\}) *',
        rb"########\1#\2",
    ),
    # Of a visualizer for which the machine took more than five seconds.
    Marker("stderr", rb"\w+ is still at work; Ctrl-C ends it\n", b""),
)

SIZE = (80, 24)  # columns, lines where no terminal is asked for
THREADS = "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"  # sums of another number differ in last digits
SHOWN = 100  # characters of a line that differs
PLUGINS = Path(__file__).parents[1] / "plugins"


# A row of the table.


@dataclass
class Line:
    """A command line, read. terminal: columns and lines, None in a pipe; stages: the words of each subcommand; source:
    the file on stdin."""

    terminal: tuple[int, int] | None = None
    environment: dict[str, str] = field(default_factory=dict)
    stages: list[list[str]] = field(default_factory=list)
    source: str = ""


def read(text: str) -> Line:
    """Reads a row's command line."""
    line, words = Line(), shlex.split(text)
    if words and (size := re.fullmatch(r"@(\d+)x(\d+)", words[0])):
        line.terminal = (int(size[1]), int(size[2]))
        del words[0]
    while words and (setting := re.fullmatch(r"([A-Z_]+)=(.*)", words[0])):
        line.environment[setting[1]] = setting[2]
        del words[0]
    if "<" in words:
        line.source = words.pop()
        words.remove("<")
    while "|" in words:
        line.stages.append(words[: words.index("|")])
        del words[: words.index("|") + 1]
    line.stages.append(words)
    return line


# Where the rows run.


def draw_inputs(folder: Path) -> None:
    """The pictures and files that the rows read: 18 flags in three layouts, a picture of its own, what is damaged."""
    from PIL import Image, ImageDraw

    colours = {"red": "#c8102e", "white": "#ffffff", "blue": "#00205b", "green": "#007a3d", "yellow": "#fcd116"}
    threes = (
        "red white red",
        "blue white red",
        "green white red",
        "red yellow red",
        "green yellow red",
        "blue red blue",
    )
    toy = folder / "toy"
    toy.mkdir(parents=True)
    for number, names in enumerate(threes):
        first, second, third = (colours[name] for name in names.split())
        for layout in ("up", "across", "disc"):
            picture = Image.new("RGB", (72, 48), first)
            pen = ImageDraw.Draw(picture)
            if layout == "up":
                pen.rectangle((24, 0, 47, 47), fill=second)
                pen.rectangle((48, 0, 71, 47), fill=third)
            elif layout == "across":
                pen.rectangle((0, 16, 71, 31), fill=second)
                pen.rectangle((0, 32, 71, 47), fill=third)
            else:
                pen.ellipse((24, 12, 48, 36), fill=second)
            picture.save(toy / f"{layout}{number}.png")
    with zipfile.ZipFile(folder / "toy.zip", "w") as packed:
        for path in sorted(toy.iterdir()):
            packed.writestr(path.name, path.read_bytes())
    picture = Image.new("RGB", (90, 60), colours["green"])
    ImageDraw.Draw(picture).polygon(((0, 0), (45, 30), (0, 59)), fill=colours["yellow"])
    picture.save(folder / "mine.png")
    shutil.copytree(toy, folder / "mixed")
    (folder / "empty").mkdir()
    for name in ("broken.png", "broken.safetensors", "mixed/notes.png"):
        (folder / name).write_text("this is none\n", encoding="utf-8")
    (folder / "broken.jsonl").write_text('{"name": "x", "code": {"1": "much"}}\n', encoding="utf-8")
    from flagsae.paths import shipped

    for name in ("crisp.safetensors", "parts.safetensors"):
        shutil.copy(shipped(name), folder)


def install_plugins(site: Path) -> list[Path]:
    """Puts the metadata of the packages in `plugins/` into a folder, as pip would; returns the folders to import from.

    So no row depends on what is installed; those that use a package name it in FLAGSAE_PLUGINS.
    """
    folders = [site]
    for file in sorted(PLUGINS.glob("*/pyproject.toml")):
        project = tomllib.loads(file.read_text(encoding="utf-8"))["project"]
        name, version = project["name"], project["version"]
        metadata = site / f"{name.replace('-', '_')}-{version}.dist-info"
        metadata.mkdir(parents=True)
        about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        (metadata / "METADATA").write_text(about, encoding="utf-8")
        entries = [
            f"[{group}]\n" + "".join(f"{entry} = {target}\n" for entry, target in targets.items())
            for group, targets in project["entry-points"].items()
        ]
        (metadata / "entry_points.txt").write_text("\n".join(entries), encoding="utf-8")
        folders.append(file.parent)
    return folders


class Scratch:
    """A temporary folder with all that the rows need, and nothing else of the user's."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.work, self.home = folder, folder / "work", folder / "home"
        draw_inputs(self.work / "in")
        places = [Path(flagsae.__file__).parents[1], *install_plugins(folder / "site")]
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "FLAGSAE_HOME": str(self.home),
            "FLAGSAE_PLUGINS": "",
            "PYTHONPATH": os.pathsep.join(map(str, places)),
            **dict.fromkeys(THREADS, "1"),
        }

    def environment_of(self, line: Line) -> dict[str, str]:
        columns, lines = line.terminal or SIZE
        return {**self.environment, "COLUMNS": str(columns), "LINES": str(lines), **line.environment}

    def home_now(self) -> dict[Path, tuple[int, int]]:
        """When each file of the home was written, in nanoseconds, and its bytes."""
        found = [path for path in self.home.rglob("*") if path.is_file()]
        return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in found}


# A row, run and kept.


def run(words: list[str], scratch: Scratch, line: Line, data: bytes, last: bool) -> tuple[int, bytes, bytes]:
    """(exit code, stdout, stderr) of one subcommand in a process of its own; data: what stdin has."""
    terminal = line.terminal if last else None
    ours, theirs = open_terminal(*terminal) if terminal else os.pipe()
    with tempfile.TemporaryFile() as stdin, tempfile.TemporaryFile() as stderr:
        stdin.write(data)
        stdin.seek(0)
        command = [sys.executable, "-m", "flagsae", *words]
        environment = scratch.environment_of(line)
        process = subprocess.Popen(
            command, stdin=stdin, stdout=theirs, stderr=stderr, cwd=scratch.work, env=environment
        )
        os.close(theirs)
        stdout = bytearray()
        with contextlib.suppress(OSError):  # how a terminal ends
            while read := os.read(ours, 1 << 16):
                stdout += read
        os.close(ours)
        code = process.wait()
        stderr.seek(0)
        return code, bytes(stdout), stderr.read()


def open_terminal(columns: int, lines: int) -> tuple[int, int]:
    """A terminal's two ends, which hands on bytes as they are."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    modes = termios.tcgetattr(theirs)
    modes[1] &= ~termios.OPOST  # no \r before \n
    termios.tcsetattr(theirs, termios.TCSANOW, modes)
    return ours, theirs


def keep(name: str, text: str, scratch: Scratch, folder: Path) -> list[int]:
    """Runs a row and keeps what it wrote in a folder; returns the exit codes of its subcommands."""
    line, before = read(text), scratch.home_now()
    data = (scratch.work / line.source).read_bytes() if line.source else b""
    codes, said = [], b""
    for words in line.stages:
        code, data, errors = run(words, scratch, line, data, words is line.stages[-1])
        codes.append(code)
        said += errors
    folder.mkdir(parents=True)
    (folder / "command").write_text(f"{text}\n", encoding="utf-8")
    (folder / "exit").write_text(f"{' '.join(map(str, codes))}\n", encoding="utf-8")
    (folder / "stdout").write_bytes(data)
    (folder / "stderr").write_bytes(said)
    for path in scratch.work.iterdir():
        if path.name != "in":
            (folder / "files").mkdir(exist_ok=True)
            shutil.move(path, folder / "files" / path.name)
    for path, stamp in scratch.home_now().items():
        if before.get(path) != stamp:
            copy = folder / "home" / path.relative_to(scratch.home)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    mark(folder, scratch)
    return codes


def mark(folder: Path, scratch: Scratch) -> None:
    """Puts markers for what differs from run to run."""
    for path in files_of(folder).values():
        data = marked = path.read_bytes()
        place = path.relative_to(folder).as_posix()
        for marker in MARKERS:
            if fnmatch(place, marker.place):
                found = marker.found.replace(SCRATCH, re.escape(os.fsencode(scratch.folder)))
                marked = re.sub(found, marker.written, marked)
        if marked != data:
            path.write_bytes(marked)


def keep_all(folder: Path) -> None:
    """Runs all rows."""
    start, odd = time.perf_counter(), []
    with tempfile.TemporaryDirectory() as temporary:
        scratch = Scratch(Path(temporary).resolve())
        for name, text in CASES:
            codes = keep(name, text, scratch, folder / name)
            expected = (1, 2) if name.startswith("error-") else (0,)
            if codes[-1] not in expected:
                odd.append(f"{name} ended with {codes[-1]}")
            print(f"{time.perf_counter() - start:7.1f} s  {name}", file=sys.stderr)
    print(f"{len(CASES)} cases of {Path(flagsae.__file__).parent} in {time.perf_counter() - start:.0f} s: {folder}")
    print("".join(f"unexpected: {line}\n" for line in odd), end="")


# Two runs compared.


def files_of(folder: Path) -> dict[str, Path]:
    """The files below a folder, by their paths in it."""
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


def first_difference(old: bytes, new: bytes) -> str:
    """The first line that differs, from a little before the byte that does."""
    pairs = zip_longest(old.split(b"\n"), new.split(b"\n"))
    number, (one, other) = next((number, pair) for number, pair in enumerate(pairs, 1) if pair[0] != pair[1])
    if one is None or other is None:
        return f"line {number}: only in {'the second' if one is None else 'the first'}: {shown(one or other or b'', 0)}"
    same = next(
        (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    start = max(0, same - SHOWN // 4)
    return f"line {number}, byte {same}:\n      - {shown(one, start)}\n      + {shown(other, start)}"


def shown(line: bytes, start: int) -> str:
    return repr(line[start : start + SHOWN])[1:]


def compare(old: Path, new: Path) -> int:
    """Prints what differs; returns how many cases do."""
    olds, news = ({path.name: path for path in folder.iterdir() if path.is_dir()} for folder in (old, new))
    differing = 0
    for name in sorted(olds.keys() | news.keys()):
        if name not in olds or name not in news:
            lines = [f"only in {old if name in olds else new}"]
        else:
            lines = differences(files_of(olds[name]), files_of(news[name]))
        differing += bool(lines)
        print("".join(f"{name}: {line}\n" for line in lines), end="")
    print(f"{differing} of {len(olds.keys() | news.keys())} cases differ")
    return differing


def differences(old: dict[str, Path], new: dict[str, Path]) -> list[str]:
    """What differs in a case: its exit code, stdout, stderr, a file."""
    lines = []
    for place in sorted(old.keys() | new.keys()):
        if place not in old or place not in new:
            lines.append(f"{place} is only in the {'first' if place in old else 'second'}")
        elif (one := old[place].read_bytes()) != (other := new[place].read_bytes()):
            lines.append(f"{place}, {first_difference(one, other)}")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", metavar="FOLDER", type=Path, help="run all cases and keep what they write")
    modes = parser.add_subparsers(dest="mode")
    comparing = modes.add_parser("compare", help="print what differs between two folders; exit 1 where anything does")
    comparing.add_argument("old", type=Path)
    comparing.add_argument("new", type=Path)
    asked = parser.parse_args()
    if asked.mode == "compare":
        sys.exit(1 if compare(asked.old, asked.new) else 0)
    if asked.output is None:
        parser.error("give -o FOLDER, or compare OLD NEW")
    if asked.output.exists():
        parser.error(f"{asked.output} exists: give a new folder")
    keep_all(asked.output)


if __name__ == "__main__":
    main()
