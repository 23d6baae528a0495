"""Visualizers, built in and installed: found by their names, loaded on first use, with all their errors caught.

A package adds a visualizer with an entry point of the standard library:

    [project.entry-points."flagsae.visualizers.v1"]
    wave = "flagsae_wave:Wave"

Finding visualizers reads only the metadata of packages and runs none of their code. Loading runs it; whatever it raises
then or later becomes a `PluginError`, a line that names the package and the command that removes it. A built-in
visualizer is looked up before any metadata is read: it takes no time, and no package can replace it.

`FLAGSAE_PLUGINS` limits what is found to the visualizers or packages that it names, separated by commas. If it is
empty, only built-in ones are found.
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

# Name -> module:class. Built-in visualizers use the same contract as all others.
BUILTIN = {
    "blocks": "flagsae.visual.builtin:Blocks",
    "parents": "flagsae.visual.builtin:Parents",
    "bars": "flagsae.visual.builtin:Bars",
    "heat": "flagsae.visual.builtin:Heat",
    "palette": "flagsae.visual.builtin:Palette",
    "letters": "flagsae.visual.builtin:Letters",
}
GROUP = "flagsae.visualizers.v1"  # v1 is the version of the contract; a new version would be a new group
LONGEST = 300  # characters of an error's text that are shown


@dataclass(frozen=True)
class Plugin:
    """A visualizer that was found, not loaded yet."""

    name: str
    """The name that users call it by."""
    place: str
    """Where its class is, as `module:class`."""
    package: str = ""
    """The package that it was installed with; empty if it is built in."""
    version: str = ""
    """The package's version."""
    trouble: str = ""
    """Why it is unavailable, as in "is left out"; empty if it is available."""

    @property
    def origin(self) -> str:
        """The package and its version, or "built in"."""
        return f"{self.package} {self.version}".rstrip() or "built in"

    @property
    def removal(self) -> str:
        """The shell command that removes the package from the running Python's environment."""
        python = shlex.quote(sys.executable)
        return (
            f"{python} -m pip uninstall {self.package}"
            if find_spec("pip") is not None
            else f"uv pip uninstall --python {python} {self.package}"
        )

    def load(self) -> Loaded:
        """Imports its module and creates the visualizer. Raises `PluginError` for any error in the package's code."""
        if self.trouble:
            raise self.fault(self.trouble)
        with self.boundary("cannot be loaded:"):
            module, _, path = self.place.partition("[")[0].strip().partition(":")
            named: Any = reduce(getattr, path.split("."), import_module(module))
            made = named()
            # Looked up inside the boundary: an attribute may be a property, which may raise.
            summary, render = getattr(made, "summary", None), getattr(made, "render", None)
            suffixes = tuple(str(suffix).lower() for suffix in getattr(made, "suffixes", ()))
            moves, exports = hasattr(made, "frames"), hasattr(made, "export")
        if not isinstance(summary, str) or not callable(render):
            raise self.fault("is no visualizer: it needs a summary in words and a method render(scene, size)")
        return Loaded(self, made, one_line(summary), suffixes if exports else (), moves)

    @contextmanager
    def boundary(self, doing: str = "raised") -> Iterator[None]:
        """A context that turns what the visualizer's code raises into a `PluginError`. A `FlagsaeError` passes: it is a
        message that the visualizer gives itself."""
        try:
            yield
        except FlagsaeError:
            raise
        except (Exception, SystemExit) as error:
            raise self.fault(f"{doing} {in_words(error)}") from error

    def fault(self, what: str) -> PluginError:
        """An error that names the package and how to remove it. what: as in "raised ZeroDivisionError"."""
        if not self.package:
            return PluginError(f"{self.name} {what}", what)
        return PluginError(f"{self.name} (of {self.origin}) {what}; to remove it: {self.removal}", what)


@dataclass(frozen=True)
class Loaded:
    """A loaded visualizer. It has the methods of one (see `flagsae.visual.scene`), but only raises `FlagsaeError`."""

    plugin: Plugin
    """What it was loaded from."""
    made: Any
    """The object of the visualizer's class."""
    summary: str
    """Its one-line description."""
    suffixes: tuple[str, ...] = ()
    """Suffixes of the files that it writes with its own `export`."""
    moves: bool = False
    """Whether it has a method `frames`."""

    @property
    def files(self) -> tuple[str, ...]:
        """Suffixes of the files that it can write, besides those that are made for all visualizers."""
        return (*self.suffixes, *[".gif"] * self.moves)

    def render(self, scene: Scene, size: Size) -> RenderableType:
        """A renderable that draws a scene. Print it inside `plugin.boundary`: printing may raise as well."""
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
        """A scene drawn as lines of segments, for a console as described (see `flagsae.visual.capture`)."""
        from flagsae.visual.capture import capture

        drawn = self.render(scene, size)
        with self.plugin.boundary():
            return capture(drawn, size, colours=colours, ascii_only=ascii_only)

    def frames(self, scene: Scene, width: int) -> list[Picture]:
        """The pictures of its animation, each height x width x 3; empty if it does not animate this scene."""
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
        """The contents of a file with one of its `suffixes`."""
        with self.plugin.boundary():
            data = self.made.export(scene, suffix, width)
        if not isinstance(data, bytes):
            raise self.plugin.fault(f"returned {type(data).__name__} as a file, where bytes were wanted")
        return data


def get(name: str) -> Plugin:
    """The visualizer with a name. Raises `UnknownName`. If it is unavailable, loading it raises the reason."""
    if name in BUILTIN:
        return Plugin(name, BUILTIN[name])
    every = find()
    named = [plugin for plugin in every if plugin.name == name]
    if named:
        return min(named, key=lambda plugin: not wanted(plugin))  # of two, prefer one that is not left out
    close = nearest(name, [plugin.name for plugin in every])
    raise UnknownName("visualizer", name, close, "flagsae plugins lists them")


def names() -> dict[str, str]:
    """Name -> package ("" if built in) of the visualizers that can be used. Runs no code of packages."""
    return {plugin.name: plugin.package for plugin in usable()}


def usable() -> list[Plugin]:
    """The visualizers that can be used, each name once, as `get` returns them; built-in ones first."""
    found: dict[str, Plugin] = {}
    for plugin in _builtin() if _limits() == set() else find():
        if wanted(plugin):
            found.setdefault(plugin.name, plugin)
    return list(found.values())


def find() -> list[Plugin]:
    """All visualizers, built-in ones first. Reads only metadata; sets `trouble` of those that are unavailable."""
    found = sorted(set(_installed()), key=lambda plugin: (plugin.name, plugin.package))
    alike = {plugin.name: [one for one in found if one.name == plugin.name and wanted(one)] for plugin in found}
    return _builtin() + [replace(plugin, trouble=_trouble(plugin, alike[plugin.name])) for plugin in found]


def _builtin() -> list[Plugin]:
    return [Plugin(name, place) for name, place in BUILTIN.items()]


def _trouble(plugin: Plugin, alike: Sequence[Plugin]) -> str:
    """Why a visualizer is unavailable, or "". alike: all wanted visualizers with its name, itself among them."""
    if not wanted(plugin):
        return f"is left out by FLAGSAE_PLUGINS, which would have to name {plugin.name}"
    if plugin.name in BUILTIN:
        return f"is not used: {plugin.name} is built in"
    others = [one.origin for one in alike if one is not plugin]
    if not others:
        return ""
    return f"is not used, nor is that of {' and '.join(others)}: both have the name {plugin.name}"


def _limits() -> set[str] | None:
    """The names in `FLAGSAE_PLUGINS`; None if it is not set, which allows all."""
    limits = os.environ.get("FLAGSAE_PLUGINS")
    return None if limits is None else {word.strip() for word in limits.split(",") if word.strip()}


def wanted(plugin: Plugin) -> bool:
    """Whether `FLAGSAE_PLUGINS` allows a visualizer; it always allows those built in."""
    limits = _limits()
    return not plugin.package or limits is None or bool(limits & {plugin.name, plugin.package})


def _installed() -> Iterator[Plugin]:
    """The visualizers in the metadata of installed packages. Packages with damaged metadata are skipped."""
    from importlib.metadata import distributions

    seen: set[str] = set()
    for distribution in distributions():
        try:
            if GROUP not in (distribution.read_text("entry_points.txt") or ""):
                continue
            package, version = one_line(str(distribution.metadata["Name"])), one_line(str(distribution.version))
            key = re.sub(r"[-_.]+", "-", package).lower()
            if not distribution.metadata["Name"] or key in seen:
                continue  # of two installations of a package, Python would import the first
            seen.add(key)
            entries = [(entry.name, entry.value) for entry in distribution.entry_points if entry.group == GROUP]
        except Exception:  # the metadata is damaged, which pip complains about too
            continue
        for name, place in entries:
            yield Plugin(one_line(name), one_line(place), package, version)


def in_words(error: BaseException) -> str:
    """The type and the text of an exception, on one line."""
    try:
        return one_line(f"{type(error).__name__}: {error}".rstrip(": "))
    except Exception:  # the exception's own __str__ may raise as well
        return type(error).__name__


def one_line(text: str) -> str:
    """A text of a package, which may be long and contain newlines and escape codes, on one printable line."""
    line = printable(" ".join(text.split()))
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
