"""Files of arrays, each with a header in JSON: safetensors for models, .npz for datasets. Read, checked, written.

Nothing of a file is believed. The order is: the header, its fields, what the arrays claim to be, whether there is
memory for that, and only then their bytes. Whatever is wrong is one `Damaged`; whoever knows what the file should be
says how to make another.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save as pack

from flagsae import paths
from flagsae.checks import Array, Check, Damaged, Sizes, exactly, short
from flagsae.machine import free_memory

# Bytes of a header, at most: ours of models have a few thousand, a dataset's some hundred a flag.
LARGEST_MODEL_HEADER = 1_000_000
LARGEST_DATASET_HEADER = 8_000_000
LARGEST_NPY_HEADER = 1_000
DEFLATE = 1033  # a byte of a zip never stands for more
CHUNK = 1 << 20
FORMAT = 1  # of files of models, runs and part dictionaries
VERSION = {"format": exactly(FORMAT)}

Tensors: TypeAlias = dict[str, Any]  # name -> array
Header: TypeAlias = dict[str, Any]

SAFETENSORS = {"F16": "float16", "F32": "float32", "F64": "float64", "I32": "int32", "I64": "int64", "U8": "uint8"}


class Source:
    """An open file: its header, what its arrays claim to be, and their bytes."""

    header: Header
    names: frozenset[str]

    def claim(self, name: str) -> tuple[str, tuple[int, ...]]:
        """(type, shape) of an array, without reading it."""
        raise NotImplementedError

    def read(self, name: str) -> NDArray[Any]:
        raise NotImplementedError

    def checked(self, check: Check) -> Header:
        """The header, when it has passed. Raises `Damaged`."""
        if wrong := check(self.header):
            raise Damaged(f"its header{wrong}")
        return self.header

    def arrays(self, wanted: Mapping[str, Array], sizes: Mapping[str, int] | None = None) -> Tensors:
        """The arrays of a kind of file. sizes: what is known of letters in their shapes. Raises `Damaged`."""
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
            needed += int(np.dtype(kind).itemsize) * int(np.prod(shape, dtype=object))
        free = free_memory()
        if free is not None and needed > free:
            raise Damaged(f"it needs {needed / 1e9:.3g} GB of memory, and {free / 1e9:.3g} GB are free")
        found = {}
        for name in present:
            found[name] = self.read(name)
            wanted[name].holds(name, found[name])
        return found


def parsed(data: bytes | str) -> Header:
    """A header's JSON. Raises `Damaged`."""
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
    """A model or checkpoint file. Raises `Damaged`."""
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
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return (words.splitlines() or ["it cannot be read"])[0][:200]


def save(path: Path, tensors: Tensors, header: Header) -> None:
    """Writes a file, whole or not at all."""
    metadata = {"flagsae": json.dumps(header)}
    with paths.replacing(path) as file:
        file.write(pack({name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}, metadata))


# .npz: a zip of .npy files, of which one is the header


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
            if stream.read(1):  # which looks at the checksum, too
                raise Damaged(f"{name} is longer than it says")
            return values.T if by_columns else values


@contextmanager
def _unpacking(name: str) -> Iterator[None]:
    """Raises `Damaged` for whatever goes wrong: zipfile, zlib and numpy have a dozen kinds, tokenize's among them."""
    try:
        yield
    except Damaged:
        raise
    except Exception as error:
        raise Damaged(f"{name} cannot be unpacked ({_line(error)})") from None


@contextmanager
def unpacked(path: Path) -> Iterator[Npz]:
    """A dataset file. Raises `Damaged`."""
    if not paths.is_file(path):
        raise Damaged("there is no such file")
    try:
        with path.open("rb") as file:
            yield Npz(file)
    except OSError as error:
        raise Damaged(_line(error)) from None
