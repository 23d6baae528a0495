"""Damaged models, checkpoints, steps, logs and datasets through what really reads them.

Each try damages one file of a small home that is right: bytes turned, cut, or added; fields of its header, also with
everything else in order; shapes, types and values of its arrays; claims of sizes that are absurd. Whatever it is, it is
read and used, or it is one `FlagsaeError` in one line that names the file; it takes no more than 500 MB; and commands
that did not ask for it work.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load, save

from flagsae import paths
from flagsae.design.part_model import read_part_model
from flagsae.errors import FlagsaeError
from flagsae.flags.dataset import Dataset, find_dataset, load_dataset, save_dataset
from flagsae.flags.prepare import prepare
from flagsae.sae.kind import Model
from flagsae.sae.model import load_model
from flagsae.sae.runs import recorded, recording_of, runs
from hostile.memory import peak

COUNT = 1000
MEMORY = 500_000_000  # bytes that reading one may take
BATCH = 100  # files that one process reads
BOMB = 1000  # megabytes of zeros in some zips
SLUGS = ("colombia", "france", "japan", "malaysia", "morocco", "sweden")
# What stands in a header in place of what should: JSON, as strangers write it.
ODD = [
    *("null", "true", "-1", "0", "1e999", "-1e999", "NaN", "1.5", "9" * 400, "1e30", "[]", "{}", '""', '"x"'),
    *(
        '"' + "x" * 5000 + '"',
        '"\\ud800"',
        '"a\\nb"',
        '"\\u001b[2J"',
        "[" * 50_000,
        '{"a":' * 3000,
        "[1, 2, 3]",
        '["a"]',
    ),
]


@dataclass(frozen=True)
class Home:
    """A home that is right. files: kind -> the file of a run, or the dataset's, that is damaged."""

    folder: Path
    dataset: Dataset
    files: dict[str, Path]


def make_home(folder: Path, dataset: Dataset | None = None) -> Home:
    """Six flags, a run of each preset, and a copy of the part dictionaries; `FLAGSAE_HOME` is the folder."""
    from flagsae.training.config import PRESETS, make_config
    from flagsae.training.trainer import Run

    os.environ["FLAGSAE_HOME"] = str(folder)
    if dataset is None:
        (folder / "pictures").mkdir(parents=True)
        for slug in SLUGS:
            shutil.copy(paths.shipped("flags") / f"{slug}.png", folder / "pictures")
        dataset = prepare(folder / "pictures", name="toy", size=(8, 12))
    save_dataset(dataset, paths.dataset_file("toy"))
    for preset in PRESETS:
        config = make_config(preset, epochs=6, features=5, split="grouped", log_every=2, batch=3)
        run = Run(paths.models_folder() / preset, config, dataset)
        for _ in run.train():
            pass
        run.save()
    parts = paths.models_folder() / "parts.safetensors"
    shutil.copy(paths.shipped("parts.safetensors"), parts)
    names = {"model": "model.safetensors", "checkpoint": "checkpoint.safetensors", "step": "steps/000005.safetensors"}
    files = {
        f"{preset} {kind}": paths.models_folder() / preset / name
        for preset in PRESETS
        for kind, name in (names | {"log": "log.jsonl"}).items()
    }
    return Home(folder, dataset, {**files, "dataset": paths.dataset_file("toy"), "parts": parts})


# How a file is damaged.


def damaged(kind: str, data: bytes, chance: random.Random) -> tuple[str, bytes]:
    """(how, the file)."""
    ways = [turned, turned, cut, added]
    if kind == "dataset":
        ways += [npz_header, npz_header, npz_header, npz_array, npz_array, npz_claim]
    elif kind.endswith("log"):
        ways += [log_line, log_line]
    else:
        ways += [field, field, field, array, array, claim]
    way = chance.choice(ways)
    return way.__name__, way(data, chance)


def turned(data: bytes, chance: random.Random) -> bytes:
    """Some bytes, more often of the first thousand, where the headers are."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 4, 60))):
        out[chance.randrange(min(len(out), chance.choice((12, 1000, len(out)))))] = chance.randrange(256)
    return bytes(out)


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.choice((0, 1, 8, 9, chance.randrange(len(data)), len(data) - 1))]


def added(data: bytes, chance: random.Random) -> bytes:
    place = chance.choice((0, 8, chance.randrange(len(data)), len(data)))
    return data[:place] + chance.randbytes(chance.choice((1, 8, 1000))) + data[place:]


def changed(text: str, chance: random.Random) -> str:
    """A JSON text with a value somewhere in it left out, or another in its place."""
    root = json.loads(text)
    node, mark = root, "what stands here is replaced"
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key: Any = chance.choice(keys)
        below = node[key]
        if isinstance(below, dict | list) and below and chance.random() < 0.7:
            node = below
            continue
        if chance.random() < 0.2:
            del node[key]
            return json.dumps(root)
        node[key] = mark
        return json.dumps(root).replace(json.dumps(mark), chance.choice(ODD))


def packed(tensors: dict[str, np.ndarray], text: str) -> bytes:
    return save(tensors, {"flagsae": text})


def _parts(data: bytes) -> tuple[dict[str, Any], int]:
    """(a safetensors header, where the arrays begin)."""
    end = 8 + struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8:end]), end


def field(data: bytes, chance: random.Random) -> bytes:
    text = _parts(data)[0]["__metadata__"]["flagsae"]
    return packed(load(data), changed(text, chance))


def values(array: np.ndarray, chance: random.Random) -> np.ndarray:
    """The same array with other values, of another type, or of another shape."""
    out = array.copy()
    spoil = chance.randrange(6)
    if spoil == 0 and out.size and out.dtype.kind == "f":
        out.flat[chance.randrange(out.size)] = chance.choice((np.nan, np.inf, -np.inf))
    elif spoil == 1:
        out = out.astype(chance.choice(("int8", "uint16", "float64", "bool", "float16", "int64")))
    elif spoil == 2:
        out = out.reshape(-1)[: chance.randrange(out.size + 1)]
    elif spoil == 3:
        out = np.concatenate([out, out])
    elif spoil == 4:
        out = out.T.copy() if chance.random() < 0.5 else out[None]
    else:
        top = np.finfo(out.dtype).max if out.dtype.kind == "f" else np.iinfo(out.dtype).max
        out = np.full_like(out, chance.choice((0, top)))
    return np.ascontiguousarray(out)


def array(data: bytes, chance: random.Random) -> bytes:
    header, tensors = _parts(data)[0], load(data)
    name = chance.choice(sorted(tensors))
    with np.errstate(all="ignore"):
        spoiled = values(tensors[name], chance)
    what = chance.choice(("replace", "replace", "replace", "rename", "delete"))
    if what != "replace":
        del tensors[name]
    if what != "delete":
        tensors[name if what == "replace" else "../" + name] = spoiled
    return packed(tensors, header["__metadata__"]["flagsae"])


def claim(data: bytes, chance: random.Random) -> bytes:
    """Sizes that are not so, where safetensors itself keeps them."""
    header, end = _parts(data)
    if chance.random() < 0.3:
        return struct.pack("<Q", chance.choice((0, 2, 10**7, 10**8, 2**40, 2**63, 2**64 - 1))) + data[8:]
    name = chance.choice([name for name in header if name != "__metadata__"])
    entry = header[name]
    what = chance.choice(sorted(entry))
    if what == "dtype":
        entry[what] = chance.choice(("F64", "BF16", "F8_E4M3", "I8", "BOOL", "X"))
    else:
        entry[what] = chance.choice(([], [0], [10**12], [2**63, 2**63], [-1, 4], [0, 2**62], [1.5, 2]))
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data[end:]


def log_line(data: bytes, chance: random.Random) -> bytes:
    lines = data.decode().splitlines()
    place = chance.randrange(len(lines))
    lines[place] = changed(lines[place], chance)
    return "\n".join(lines).encode()


def _npz(arrays: dict[str, np.ndarray], text: str) -> bytes:
    file = BytesIO()
    np.savez_compressed(file, header=np.frombuffer(text.encode(), np.uint8), **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def _unpacked(data: bytes) -> tuple[dict[str, np.ndarray], str]:
    with np.load(BytesIO(data)) as file:
        arrays = dict(file)
    return arrays, arrays.pop("header").tobytes().decode()


def npz_header(data: bytes, chance: random.Random) -> bytes:
    arrays, text = _unpacked(data)
    return _npz(arrays, changed(text, chance))


def npz_array(data: bytes, chance: random.Random) -> bytes:
    arrays, text = _unpacked(data)
    name = chance.choice(sorted(arrays))
    if chance.random() < 0.15:
        del arrays[name]
    else:
        with np.errstate(all="ignore"):
            arrays[name] = values(arrays[name], chance)
    return _npz(arrays, text)


def npz_claim(data: bytes, chance: random.Random) -> bytes:
    """A member that says it is much larger than it is, or is; checksums are right."""
    name = chance.choice(sorted(_unpacked(data)[0]))
    shape = chance.choice(((10**12,), (6, 10**6, 10**6, 3), (2**40, 2**40), (-1,), (10**5, 10**4), (0, 10**9)))
    head = BytesIO()
    np.lib.format.write_array_header_1_0(
        head, {"descr": chance.choice(("|u1", "<f4", "|O", "<c16")), "fortran_order": False, "shape": shape}
    )
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out := BytesIO(), "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != f"{name}.npy":
                new.writestr(info.filename, old.read(info))
            elif chance.random() < 0.15:
                with new.open(info.filename, "w", force_zip64=True) as member:  # a bomb
                    member.write(head.getvalue())
                    for _ in range(BOMB):
                        member.write(bytes(10**6))
            else:
                new.writestr(info.filename, head.getvalue() + bytes(chance.choice((0, 10, 10**6))))
    whole = out.getvalue()
    if chance.random() < 0.5:  # the directory lies about the size, too
        at = whole.rindex(b"PK\x01\x02")
        whole = whole[: at + 24] + struct.pack("<I", chance.choice((0, 1, 2**32 - 2))) + whole[at + 28 :]
    return whole


# What reads it, and what must not mind.


def read(home: Home, kind: str) -> None:
    """Reads the file of a kind as commands do, and uses it."""
    path, dataset = home.files[kind], home.dataset
    if kind == "dataset":
        found = load_dataset("toy")
        found.find([found.flags.names[0].slug])
        model = load_model(found, str(home.files["seed model"])) if found.size == dataset.size else None
        if model is not None:
            use(model)
    elif kind == "parts":
        part_model = read_part_model(path)
        for each in (part_model.layout, part_model.shape):
            each.label(0), each.top(0), each.speaks(0), each.encode(np.ones((1, len(each.mean)), np.float32))
    elif kind.endswith("model"):
        use(load_model(dataset, kind.split()[0]))
    elif kind.endswith("checkpoint"):
        from flagsae.training.trainer import Run

        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(path, folder)
            run = Run.resume(Path(folder), dataset)
            for _ in run.train():
                break
    else:
        run_read = recorded(dataset, paths.models_folder() / kind.split()[0])
        for epoch in run_read.epochs:
            use(run_read.model(epoch))
        if kind.endswith("step") and 5 not in run_read.epochs:
            load_model(dataset, str(path))


def use(model: Model) -> None:
    with np.errstate(all="ignore"):
        model.decode(model.encode(model.dataset.flags))


def elsewhere(home: Home, kind: str) -> None:
    """What does not ask for the file."""
    from flagsae.cli.options import complete_datasets, complete_models

    complete_models(""), complete_datasets("")
    listed = [run.name for run in runs(home.dataset)]
    other = "seed" if kind.startswith("crisp") else "crisp"
    assert other in listed, listed
    recording_of(load_model(home.dataset, other))
    load_model(home.dataset)
    if kind != "dataset":
        assert find_dataset(home.dataset.hash) is not None


def fault(home: Home, kind: str) -> str:
    """What is wrong with how a damaged file is taken; "" where nothing is."""
    path = home.files[kind]
    try:
        read(home, kind)
    except FlagsaeError as error:
        words = str(error)
        if "\n" in words or len(words) > 2000:
            return f"not one line: {words[:200]!r}"
        if path.name not in words and str(path.parent) not in words and kind.split()[0] not in words:
            return f"names no file: {words}"
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:300]
    try:
        elsewhere(home, kind)
    except Exception as error:
        return f"elsewhere {type(error).__name__}: {error}"[:300]
    return ""


def tries(home: Home, numbers: range, seed: int) -> Iterator[tuple[int, str, str]]:
    """(number, kind and way, fault) of each try; the file is right again after it."""
    kinds = sorted(home.files)
    for number in numbers:
        chance = random.Random(f"{seed} {number}")
        kind = chance.choice(kinds)
        path = home.files[kind]
        whole = path.read_bytes()
        way, data = damaged(kind, whole, chance)
        path.write_bytes(data)
        before = peak()
        found = fault(home, kind)
        taken = peak() - before
        path.write_bytes(whole)
        yield number, f"{kind}, {way}", found or (f"takes {taken / 1e6:.0f} MB" if taken > MEMORY else "")


def attack(count: int, seed: int) -> int:
    failures = done = 0
    for start in range(0, count or COUNT, BATCH):
        numbers = [start, min(start + BATCH, count or COUNT), seed]
        child = subprocess.run(
            [sys.executable, "-m", "hostile.files", *map(str, numbers)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[1],
        )
        results = [json.loads(line) for line in child.stdout.splitlines()]
        for number, what, found in results:
            if found:
                print(f"{number} {what}: {found}", flush=True)
        lost = numbers[1] - start - len(results)
        if lost:
            print(f"{start + len(results)}: the process ended with {child.returncode}", flush=True)
        failures += lost + sum(bool(found) for _, _, found in results)
        done += len(results)
        print(f"{done} files, {failures} failures", flush=True)
    return failures


def main() -> None:
    import resource

    with tempfile.TemporaryDirectory() as folder:
        home = make_home(Path(folder))
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + 2 * MEMORY, resource.RLIM_INFINITY))
        first, last, seed = map(int, sys.argv[1:])
        for result in tries(home, range(first, last), seed):
            print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
