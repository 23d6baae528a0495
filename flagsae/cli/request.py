"""Groups of options that several commands share: which flags and which model, and where the answer goes.

A group is a dataclass. A command takes it as one parameter, and `grouped` puts an option for each field in its place.
A field whose annotation has no option gives none: a subclass redeclares a field in this way to fix its value.
"""

from __future__ import annotations

import functools
import inspect
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated, Any, get_origin, get_type_hints

from flagsae.cli import options
from flagsae.cli.files import Folder
from flagsae.cli.screen import check_count, check_output, draws, note, write
from flagsae.visual.terminal import chosen
from flagsae.visual.terminal.kinds import AUTO, CELLS, detected
from flagsae.workspace.widths import WIDTH

if TYPE_CHECKING:
    from flagsae.cli.views import View
    from flagsae.mixing.compose import Composite, Sum
    from flagsae.workspace.collection import Collection
    from flagsae.workspace.workspace import Workspace


@dataclass(frozen=True)
class Source:
    """A dataset and one of its models, each by its name or file; "" for the default."""

    data: options.Data = ""
    model: options.ModelName = ""

    def open(self, tell: Callable[[str], None] | None = None) -> Workspace:
        """Opens both. tell: is called with a line about anything that takes long."""
        from flagsae.workspace.workspace import open_workspace

        return open_workspace(self.data, self.model, tell)

    def open_collection(self, tell: Callable[[str], None] | None = None) -> Collection:
        """Opens the dataset alone."""
        from flagsae.workspace.collection import open_collection

        return open_collection(self.data, tell)


@dataclass(frozen=True)
class OutputRequest:
    """How to answer: on the terminal, as records, in files, or drawn by a visualizer."""

    view: options.View = ""
    """The visualizer's name; "" for none."""
    output: options.Output = ""
    """The file to write; ends with / for a folder; - for stdout; "" for no file."""
    size: options.Size = WIDTH
    """Pixels: the width of a written picture."""
    cells: options.Cells = AUTO
    """The kind of block characters, or "auto"."""
    json: options.Json = False
    """Whether to write records also on a terminal."""
    quiet: options.Quiet = False
    """Whether to leave out notes on stderr."""

    def __post_init__(self) -> None:
        """Pictures are drawn with these characters from now on, whoever draws them. Raises `UsageError` as `detected`.

        In a file that a visualizer draws, which is seen elsewhere, half blocks are safe.
        """
        found = detected(os.environ, self.cells)
        chosen.choose(CELLS[0] if self.view and self.output and self.cells == AUTO else found.kind)

    # Check.

    def check(self, *suffixes: str) -> None:
        """Raises `UsageError` for an output that cannot be written; to be called before any work is done.

        suffixes: of the files that the command writes; with a visualizer those that it writes count.
        """
        if self.viewer is None:
            check_output(self.output, suffixes)

    def check_count(self, count: int, folder: str = "flags/") -> None:
        """Raises `UsageError` for several pictures in one file. folder: the path that the message suggests instead."""
        check_count(self.output, count, folder)

    @functools.cached_property
    def viewer(self) -> View | None:
        """The visualizer that is asked for, or None. Raises what is wrong with it: see `open_view`."""
        from flagsae.cli.views import open_view

        return open_view(self.view, self.output, self.size, self.json, self.quiet)

    @property
    def in_folder(self) -> bool:
        return self.output.endswith("/")

    @property
    def suffix(self) -> str:
        """The suffix of the file, in small letters; .png for stdout and in a folder, "" if no file is written."""
        if self.output == "-" or self.in_folder:
            return ".png"
        return PurePath(self.output).suffix.lower()

    # Show.

    @property
    def drawn(self) -> bool:
        """Whether to draw on the terminal."""
        return self.output != "-" and draws(self.json)

    @property
    def recorded(self) -> bool:
        """Whether to write records to stdout."""
        return self.output != "-" and not draws(self.json) and (self.json or not self.output)

    def note(self, text: str) -> None:
        """Writes a line for the user to stderr."""
        note(text, self.quiet)

    def write(self, data: bytes, path: str = "") -> None:
        """Writes the file that is asked for, or, with a path, one in its folder."""
        write(data, path or self.output, self.quiet)

    @functools.cached_property
    def folder(self) -> Folder:
        return Folder(self.output)

    def save(self, total: Sum, composites: Sequence[Composite], model_hash: str) -> None:
        """Writes the composites of a sum, if a file is asked for: each into a folder, or the only one into a file."""
        if not self.output:
            return
        if self.suffix == ".json":
            from flagsae.workspace.records import line_of

            self.write("".join(line_of(total, one, model_hash) for one in composites).encode())
        else:
            from flagsae.workspace.drawing import about, file_of

            notes = about(total.title, total.expression, model_hash)
            for composite in composites:
                called = composite.name if composite.number == 1 else ""
                path = self.folder.file(called or total.title) if self.in_folder else self.output
                self.write(file_of(composite, self.suffix, self.size, notes), path)


def grouped(command: Callable[..., None]) -> Callable[..., None]:
    """A command in which each parameter that is a dataclass is replaced by an option for each of its fields."""
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
    """The options of a group: one for each field with an option in its annotation."""
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(one.name, inspect.Parameter.KEYWORD_ONLY, default=one.default, annotation=hints[one.name])
        for one in fields(group)
        if get_origin(hints[one.name]) is Annotated
    ]
