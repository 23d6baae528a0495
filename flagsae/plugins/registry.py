"""Visualizers, built in and installed: found by their names, loaded when they are asked for, kept behind a boundary.

A package adds one by an entry point of the standard library:

    [project.entry-points."flagsae.visualizers.v1"]
    wave = "flagsae_wave:Wave"

Finding reads the metadata of packages and runs none of their code. Loading runs it, and whatever it raises there or
later is a `PluginError`: one line that says whose fault it is and how to remove it. A built-in visualizer is looked up
before any metadata is read, so that it costs nothing and nobody can take its name.

`FLAGSAE_PLUGINS` limits what is found: names of visualizers or of packages with commas between them, or nothing.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import reduce
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from typing import TYPE_CHECKING, Any

from flagsae.errors import FlagsaeError, PluginError, UnknownName, nearest
from flagsae.printable import printable

if TYPE_CHECKING:
    from rich.console import RenderableType

    from flagsae.visual.capture import Capture, Colours
    from flagsae.visual.scene import Picture, Scene, Size

# Name -> module:class. They use the contract that anyone's would, and nothing else.
BUILTIN = {
    "blocks": "flagsae.visual.builtin:Blocks",
    "parents": "flagsae.visual.builtin:Parents",
    "bars": "flagsae.visual.builtin:Bars",
    "heat": "flagsae.visual.builtin:Heat",
    "palette": "flagsae.visual.builtin:Palette",
    "letters": "flagsae.visual.builtin:Letters",
}
GROUP = "flagsae.visualizers.v1"  # the contract's version: another one would be another group
LONGEST = 300  # letters of what went wrong


@dataclass(frozen=True)
class Plugin:
    """A visualizer that can be asked for.

    place: `module:class`; package, version: those that it was installed with, empty for one that is built in; trouble:
    why it is unavailable, as in "is left out", or "".
    """

    name: str
    place: str
    package: str = ""
    version: str = ""
    trouble: str = ""

    @property
    def origin(self) -> str:
        """The package and its version."""
        return f"{self.package} {self.version}".rstrip() or "built in"

    @property
    def removal(self) -> str:
        """The command that removes the package from the Python that runs here."""
        python = shlex.quote(sys.executable)
        return (
            f"{python} -m pip uninstall {self.package}"
            if find_spec("pip") is not None
            else f"uv pip uninstall --python {python} {self.package}"
        )

    def load(self) -> Loaded:
        """Imports it and makes one. Raises `PluginError`, whatever its module does."""
        if self.trouble:
            raise self.fault(self.trouble)
        with self.boundary("cannot be loaded:"):
            module, _, path = self.place.partition("[")[0].strip().partition(":")
            named: Any = reduce(getattr, path.split("."), import_module(module))
            made = named()
            # Looked up here: an attribute may be a property, which may raise.
            summary, render = getattr(made, "summary", None), getattr(made, "render", None)
            suffixes = tuple(str(suffix).lower() for suffix in getattr(made, "suffixes", ()))
            moves, exports = hasattr(made, "frames"), hasattr(made, "export")
        if not isinstance(summary, str) or not callable(render):
            raise self.fault("is no visualizer: it needs a summary in words and a method render(scene, size)")
        return Loaded(self, made, one_line(summary), suffixes if exports else (), moves)

    @contextmanager
    def boundary(self, doing: str = "raised") -> Iterator[None]:
        """Turns what its code raises into a `PluginError`. What it says itself, as a `FlagsaeError`, it may say."""
        try:
            yield
        except FlagsaeError:
            raise
        except (Exception, SystemExit) as error:
            raise self.fault(f"{doing} {in_words(error)}") from error

    def fault(self, what: str) -> PluginError:
        """An error that says whose it is. what: as in "raised ZeroDivisionError"."""
        if not self.package:
            return PluginError(f"{self.name} {what}", what)
        return PluginError(f"{self.name} (of {self.origin}) {what}; to remove it: {self.removal}", what)


@dataclass(frozen=True)
class Loaded:
    """A visualizer that is loaded: `flagsae.visual.scene.Visualizer` itself, but what it raises is a `PluginError`.

    suffixes: of the files that it writes itself; moves: whether it has frames.
    """

    plugin: Plugin
    made: Any
    summary: str
    suffixes: tuple[str, ...] = ()
    moves: bool = False

    @property
    def files(self) -> tuple[str, ...]:
        """Suffixes of the files that it can write, beside those that are made of what any visualizer draws."""
        return (*self.suffixes, *[".gif"] * self.moves)

    def render(self, scene: Scene, size: Size) -> RenderableType:
        """What is drawn, which Rich can print: that may raise as well, and belongs behind `plugin.boundary`."""
        from rich.protocol import is_renderable

        with self.plugin.boundary():
            drawn = self.made.render(scene, size)
            drawable = is_renderable(drawn)
        if not drawable:
            raise self.plugin.fault(f"returned {type(drawn).__name__}, which Rich cannot draw")
        return drawn

    def capture(
        self, scene: Scene, size: Size, *, colours: Colours | None = "truecolor", ascii_only: bool = False
    ) -> Capture:
        """What is drawn as lines of segments, for a console of such colours: see `flagsae.visual.capture`."""
        from flagsae.visual.capture import capture

        drawn = self.render(scene, size)
        with self.plugin.boundary():
            return capture(drawn, size, colours=colours, ascii_only=ascii_only)

    def frames(self, scene: Scene, width: int) -> list[Picture]:
        """One turn of its loop; empty where it does not move, or not this scene."""
        if not self.moves:
            return []
        import numpy as np

        from flagsae.visual.scene import MOST_FRAMES

        with self.plugin.boundary():
            frames = list(islice(self.made.frames(scene, width), MOST_FRAMES + 1))
        if len(frames) > MOST_FRAMES:
            raise self.plugin.fault(f"has more than {MOST_FRAMES} frames, or no end of them")
        for frame in frames:
            if not isinstance(frame, np.ndarray) or frame.dtype != np.uint8 or frame.shape[2:] != (3,):
                raise self.plugin.fault("has frames that are no pictures: H x W x 3 of uint8")
            if not frame.size or frame.shape != frames[0].shape:
                raise self.plugin.fault(f"has frames of several sizes: {frames[0].shape} and {frame.shape}")
        return frames

    def export(self, scene: Scene, suffix: str, width: int) -> bytes:
        """A file of one of `suffixes`."""
        with self.plugin.boundary():
            data = self.made.export(scene, suffix, width)
        if not isinstance(data, bytes):
            raise self.plugin.fault(f"returned {type(data).__name__} as a file, where bytes were wanted")
        return data


def get(name: str) -> Plugin:
    """The visualizer of a name. Raises `UnknownName`; that it is in trouble is said when it is loaded."""
    if name in BUILTIN:
        return Plugin(name, BUILTIN[name])
    every = find()
    named = [plugin for plugin in every if plugin.name == name]
    if named:
        return min(named, key=lambda plugin: not wanted(plugin))  # of two, one may be left out
    close = nearest(name, [plugin.name for plugin in every])
    raise UnknownName("visualizer", name, close, "flagsae plugins lists them")


def names() -> dict[str, str]:
    """What can be asked for: each name, with the package that it is of, or "". No code of a package is run."""
    return {plugin.name: plugin.package for plugin in usable()}


def usable() -> list[Plugin]:
    """The same as `get` gives them: each name once, those built in first."""
    found: dict[str, Plugin] = {}
    for plugin in _builtin() if _limits() == set() else find():
        if wanted(plugin):
            found.setdefault(plugin.name, plugin)
    return list(found.values())


def find() -> list[Plugin]:
    """All visualizers, those built in first. Reads metadata only; what is wrong with one of them is its `trouble`."""
    found = sorted(set(_installed()), key=lambda plugin: (plugin.name, plugin.package))
    alike = {plugin.name: [one for one in found if one.name == plugin.name and wanted(one)] for plugin in found}
    return _builtin() + [replace(plugin, trouble=_trouble(plugin, alike[plugin.name])) for plugin in found]


def _builtin() -> list[Plugin]:
    return [Plugin(name, place) for name, place in BUILTIN.items()]


def _trouble(plugin: Plugin, alike: Sequence[Plugin]) -> str:
    """Why it is unavailable, or "". alike: all visualizers of its name, itself among them."""
    if not wanted(plugin):
        return f"is left out by FLAGSAE_PLUGINS, which would have to name {plugin.name}"
    if plugin.name in BUILTIN:
        return f"is not used: {plugin.name} is built in"
    others = [one.origin for one in alike if one is not plugin]
    if not others:
        return ""
    return f"is not used, nor is that of {' and '.join(others)}: both have the name {plugin.name}"


def _limits() -> set[str] | None:
    """What `FLAGSAE_PLUGINS` allows; None is everything."""
    limits = os.environ.get("FLAGSAE_PLUGINS")
    return None if limits is None else {word.strip() for word in limits.split(",") if word.strip()}


def wanted(plugin: Plugin) -> bool:
    """Whether `FLAGSAE_PLUGINS` lets it be found."""
    limits = _limits()
    return not plugin.package or limits is None or bool(limits & {plugin.name, plugin.package})


def _installed() -> Iterator[Plugin]:
    """What installed packages say that they have, package by package: one that is damaged hides no other."""
    from importlib.metadata import distributions

    seen: set[str] = set()
    for distribution in distributions():
        try:
            if GROUP not in (distribution.read_text("entry_points.txt") or ""):
                continue
            package, version = one_line(str(distribution.metadata["Name"])), one_line(str(distribution.version))
            key = re.sub(r"[-_.]+", "-", package).lower()
            if not distribution.metadata["Name"] or key in seen:
                continue  # of two, Python would import the first
            seen.add(key)
            entries = [(entry.name, entry.value) for entry in distribution.entry_points if entry.group == GROUP]
        except Exception:  # of metadata that nobody can read; pip complains of it too
            continue
        for name, place in entries:
            yield Plugin(one_line(name), one_line(place), package, version)


def in_words(error: BaseException) -> str:
    """An exception in a line."""
    try:
        return one_line(f"{type(error).__name__}: {error}".rstrip(": "))
    except Exception:  # its own text may fail as well
        return type(error).__name__


def one_line(text: str) -> str:
    """A text of others, which may be long and have newlines and escape codes in it."""
    line = printable(" ".join(text.split()))
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
