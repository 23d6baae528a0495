"""Reads, checks and writes files of arrays with a JSON header: safetensors for models, .npz for datasets.

A file may contain anything, so it is checked step by step: the header, its fields, the types and shapes of the arrays,
whether there is enough memory for them, and only then their values. Whatever is wrong raises `Damaged`. Callers know
what the file is for, and add to the message how to make a new one.
"""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from flagsae import paths
from flagsae.checks import Array, Check, Damaged, Sizes, exactly, short
from flagsae.machine import free_memory

# Largest headers, in bytes. Those of models have a few thousand; those of datasets about a hundred for each flag.
LARGEST_MODEL_HEADER = 1_000_000
LARGEST_DATASET_HEADER = 8_000_000
LARGEST_NPY_HEADER = 1_000
DEFLATE = 1033  # largest ratio of sizes that deflate can reach; a zip that claims more is damaged
TINIEST = 2.0**-24  # the smallest number at half precision
CHUNK = 1 << 20  # bytes that are read at once
FORMAT = 1  # version of the files of models, runs and part dictionaries
VERSION = {"format": exactly(FORMAT)}

Tensors: TypeAlias = dict[str, Any]  # name -> array
Header: TypeAlias = dict[str, Any]

# Types, as safetensors and as numpy call them.
SAFETENSORS = {"F16": "float16", "F32": "float32", "F64": "float64", "I32": "int32", "I64": "int64", "U8": "uint8"}


class Source:
    """An open file of arrays; the base of both formats."""

    header: Header
    names: frozenset[str]
    """The names of its arrays."""

    def claim(self, name: str) -> tuple[str, tuple[int, ...]]:
        """(type, shape) of an array, as the file claims; does not read its values."""
        raise NotImplementedError

    def read(self, name: str) -> NDArray[Any]:
        """The values of an array."""
        raise NotImplementedError

    def checked(self, check: Check) -> Header:
        """The header. Raises `Damaged` if it does not pass the check."""
        if wrong := check(self.header):
            raise Damaged(f"its header{wrong}")
        return self.header

    def arrays(
        self, wanted: Mapping[str, Array], sizes: Mapping[str, int] | None = None, left: Set[str] = frozenset()
    ) -> Tensors:
        """All arrays, by name. wanted: what each must be; sizes: the letters in their shapes that are known already;
        left: those that are not read, of which only types and shapes are checked.

        Raises `Damaged` if one is missing, unknown, or not as wanted, or if there is too little memory for them.
        """
        known: Sizes = dict(sizes or {})
        present = [name for name in wanted if name in self.names or not wanted[name].optional]
        if missing := [name for name in present if name not in self.names]:
            raise Damaged(f"{missing[0]} is missing")
        if unknown := sorted(self.names - set(wanted)):
            raise Damaged(f"{short(unknown[0])} is not of such a file")
        needed = 0
        for name in present:
            kind, shape = self.claim(name)
            wanted[name].fits(name, kind, shape, known)
            needed += int(np.dtype(kind).itemsize) * int(np.prod(shape, dtype=object)) * (name not in left)
        free = free_memory()
        if free is not None and needed > free:
            raise Damaged(f"it needs {needed / 1e9:.3g} GB of memory, and {free / 1e9:.3g} GB are free")
        found = {}
        for name in [name for name in present if name not in left]:
            found[name] = self.read(name)
            wanted[name].holds(name, found[name])
        return found


def parsed(data: bytes | str) -> Header:
    """The JSON of a header. Raises `Damaged` if it is not a table."""
    try:
        header = json.loads(data)
    except (ValueError, RecursionError):
        raise Damaged("its header is no JSON") from None
    if not isinstance(header, dict):
        raise Damaged(f"its header is no table: {short(header)}")
    return header


# safetensors


class Safetensors(Source):
    def __init__(self, file: Any) -> None:
        self._file = file
        self.names = frozenset(file.keys())
        self.header = parsed((file.metadata() or {}).get("flagsae", "no header"))

    def claim(self, name: str) -> tuple[str, tuple[int, ...]]:
        part = self._file.get_slice(name)
        return SAFETENSORS.get(part.get_dtype(), part.get_dtype()), tuple(part.get_shape())

    def read(self, name: str) -> NDArray[Any]:
        return self._file.get_tensor(name)


@contextmanager
def opened(path: Path) -> Iterator[Safetensors]:
    """Opens a model or checkpoint file. Raises `Damaged`, also for errors of reading inside the context."""
    from safetensors import SafetensorError, safe_open

    if not paths.is_file(path):
        raise Damaged("there is no such file")
    try:
        with path.open("rb") as file:
            if int.from_bytes(file.read(8), "little") > LARGEST_MODEL_HEADER:
                raise Damaged("it does not begin as one: its header would be larger than any of ours")
        with safe_open(path, framework="np") as file:
            yield Safetensors(file)
    except (SafetensorError, OSError) as error:
        raise Damaged(_line(error)) from None


def _line(error: Exception) -> str:
    """The text of an exception, on one line."""
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return (words.splitlines() or ["it cannot be read"])[0][:200]


def rounded(values: NDArray[np.floating], grain: float) -> NDArray[np.float16]:
    """Numbers at half precision that deflate well, as few different ones occur: multiples of the power of two that is
    next to `grain` times their standard deviation."""
    values = values.astype(np.float64)
    step = 2.0 ** round(math.log2(max(float(values.std()) * grain, TINIEST)))
    return (np.round(values / step) * step).astype(np.float16)


def save(path: Path, tensors: Tensors, header: Header) -> None:
    """Writes a safetensors file; an interruption leaves an old file as it was."""
    from safetensors.numpy import save as pack

    metadata = {"flagsae": json.dumps(header)}
    with paths.replacing(path) as file:
        file.write(pack({name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}, metadata))


# .npz: a zip of .npy files, one of which is the header


class Npz(Source):
    def __init__(self, file: IO[bytes]) -> None:
        with _unpacking("it"):
            self._zip = zipfile.ZipFile(file)
            members = {info.filename: info for info in self._zip.infolist()}
        self._members = {name.removesuffix(".npy"): info for name, info in members.items()}
        self._open: dict[str, tuple[IO[bytes], str, tuple[int, ...], bool]] = {}
        if "header" not in self._members:
            raise Damaged("it has no header")
        kind, shape = self.claim("header")
        if kind != "uint8" or len(shape) != 1 or not 0 < shape[0] <= LARGEST_DATASET_HEADER:
            raise Damaged(f"its header is {short(kind)} of shape {short(shape)}")
        self.header = parsed(self.read("header").tobytes())
        self.names = frozenset(self._members) - {"header"}

    def claim(self, name: str) -> tuple[str, tuple[int, ...]]:
        if name not in self._open:
            info = self._members[name]
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Damaged(f"{name} is packed by method {info.compress_type}")
            if info.file_size > DEFLATE * info.compress_size:
                raise Damaged(f"{name} claims {info.file_size} bytes in {info.compress_size}")
            with _unpacking(name):
                stream = self._zip.open(info)
                version = np.lib.format.read_magic(stream)
                if version != (1, 0):
                    raise Damaged(f"{name} has version {version}")
                head = np.lib.format.read_array_header_1_0(stream, max_header_size=LARGEST_NPY_HEADER)
                shape, by_columns, kind = head
                size = kind.itemsize * int(np.prod(shape, dtype=object))
                if kind.hasobject or min(shape, default=1) < 0 or size > info.file_size:
                    raise Damaged(f"{name} claims {size} bytes of {info.file_size}")
            self._open[name] = stream, kind.str if not kind.isnative else kind.name, shape, by_columns
        _, kind_name, shape, _ = self._open[name]
        return kind_name, shape

    def read(self, name: str) -> NDArray[Any]:
        kind, shape = self.claim(name)
        stream, *_, by_columns = self._open.pop(name)
        with _unpacking(name), stream:
            values = np.empty(shape[::-1] if by_columns else shape, kind)
            left = values.reshape(-1).view(np.uint8).data
            while left:
                got = stream.readinto(left[:CHUNK])  # type: ignore[attr-defined]
                if not got:
                    raise Damaged(f"{name} is cut short")
                left = left[got:]
            if stream.read(1):  # reading to the end also verifies the checksum
                raise Damaged(f"{name} is longer than it says")
            return values.T if by_columns else values


@contextmanager
def _unpacking(name: str) -> Iterator[None]:
    """A context that turns all errors into `Damaged`: zipfile, zlib and numpy raise about a dozen types."""
    try:
        yield
    except Damaged:
        raise
    except Exception as error:
        raise Damaged(f"{name} cannot be unpacked ({_line(error)})") from None


@contextmanager
def unpacked(source: Path | IO[bytes]) -> Iterator[Npz]:
    """Opens a dataset file, or a copy of one. Raises `Damaged`, also for errors of reading inside the context."""
    if not isinstance(source, Path):
        yield Npz(source)
        return
    path = source
    if not paths.is_file(path):
        raise Damaged("there is no such file")
    try:
        with path.open("rb") as file:
            yield Npz(file)
    except OSError as error:
        raise Damaged(_line(error)) from None
