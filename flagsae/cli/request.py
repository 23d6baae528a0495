"""What several commands are asked for by the same options: which flags and which model, and where the answer goes.

A command takes these as parameters of its own; `grouped` makes an option of each of their fields, where they stand.
A field without an option's annotation is none: a class of them that fixes it repeats it so.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any, get_origin, get_type_hints

from flagsae.cli import options
from flagsae.cli.files import Folder
from flagsae.cli.screen import check_count, check_output, draws, note, write
from flagsae.workspace.widths import WIDTH

if TYPE_CHECKING:
    from flagsae.cli.views import View
    from flagsae.mixing.compose import Composite, Sum
    from flagsae.workspace.workspace import Collection, Workspace


@dataclass(frozen=True)
class Source:
    """Which flags, and which model of them."""

    data: options.Data = ""
    model: options.ModelName = ""

    def open(self, tell: Callable[[str], None] | None = None) -> Workspace:
        """Both. tell: is called with a line on what takes long."""
        return self.open_collection(tell).workspace(self.model)

    def open_collection(self, tell: Callable[[str], None] | None = None) -> Collection:
        """The flags alone."""
        from flagsae.workspace.workspace import open_collection

        return open_collection(self.data, tell)


@dataclass(frozen=True)
class OutputRequest:
    """How to answer: on the screen, in records, in files, or in the eyes of a visualizer."""

    view: options.View = ""
    output: options.Output = ""
    size: options.Size = WIDTH
    json: options.Json = False
    quiet: options.Quiet = False

    # Check.

    def check(self, *suffixes: str) -> None:
        """Refuses what cannot be written before any work is done. suffixes: of files, but for a visualizer's own."""
        if self.viewer is None:
            check_output(self.output, suffixes)

    def check_count(self, count: int, folder: str = "flags/") -> None:
        """Refuses several pictures in one file. folder: what to give instead."""
        check_count(self.output, count, folder)

    @functools.cached_property
    def viewer(self) -> View | None:
        """The visualizer that was asked for, if any. Raises whatever is wrong with it."""
        from flagsae.cli.views import open_view

        return open_view(self.view, self.output, self.size, self.json, self.quiet)

    @property
    def in_folder(self) -> bool:
        return self.output.endswith("/")

    @property
    def suffix(self) -> str:
        """Of the file, in small letters; .png for stdout and in a folder, empty where no file is wanted."""
        if self.output == "-" or self.in_folder:
            return ".png"
        return PurePath(self.output).suffix.lower()

    # Show.

    @property
    def drawn(self) -> bool:
        """Whether to draw on a terminal."""
        return self.output != "-" and draws(self.json)

    @property
    def recorded(self) -> bool:
        """Whether to write records on stdout."""
        return self.output != "-" and not draws(self.json) and (self.json or not self.output)

    def note(self, text: str) -> None:
        """A line for a person, on stderr."""
        note(text, self.quiet)

    def write(self, data: bytes, path: str = "") -> None:
        """Writes a file: the one that was asked for, or one of its folder."""
        write(data, path or self.output, self.quiet)

    @functools.cached_property
    def folder(self) -> Folder:
        return Folder(self.output)

    def save(self, total: Sum, composites: Sequence[Composite], model_hash: str) -> None:
        """Writes composites of a sum, if a file is wanted: each into a folder, or the only one into a file."""
        if not self.output:
            return
        if self.suffix == ".json":
            from flagsae.workspace.records import line_of

            self.write("".join(line_of(total, one, model_hash) for one in composites).encode())
        else:
            from flagsae.workspace.drawing import about, file_of

            notes = about(total.title, total.expression, model_hash)
            for composite in composites:
                path = self.folder.file(total.title) if self.in_folder else self.output
                self.write(file_of(composite, self.suffix, self.size, notes), path)


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """A command whose parameters that are dataclasses are given by an option a field, in their place."""
    given = inspect.signature(command, eval_str=True).parameters.values()
    groups: dict[str, type[Any]] = {
        one.name: one.annotation for one in given if isinstance(one.annotation, type) and is_dataclass(one.annotation)
    }
    parameters = []
    for one in given:
        parameters += _options(groups[one.name]) if one.name in groups else [one]
    parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in parameters]

    @functools.wraps(command)
    def run(**values: Any) -> None:
        for name, group in groups.items():
            values[name] = group(**{one.name: values.pop(one.name) for one in _options(group)})
        command(**values)

    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    return run


def _options(group: type[Any]) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(one.name, inspect.Parameter.KEYWORD_ONLY, default=one.default, annotation=hints[one.name])
        for one in fields(group)
        if get_origin(hints[one.name]) is Annotated
    ]
