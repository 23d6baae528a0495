"""`flagsae plugins`: the visualizers for `--view`, the packages that they come from, and whether they work."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from flagsae.cli import options
from flagsae.cli.screen import console, draws, note, record, words
from flagsae.plugins.registry import find, wanted

if TYPE_CHECKING:
    from flagsae.plugins.health import Health
    from flagsae.plugins.registry import Plugin


def command(json: options.Json = False, quiet: options.Quiet = False) -> None:
    """List the visualizers for --view and the Lab: those built in, and those of installed packages. Each of these is
    loaded and tried in a Python of its own, so that a broken one does no harm, and its line says how to remove it.

    flagsae plugins

    flagsae plugins --json | jq -r 'select(.status == "broken") | .remove'

    Nothing but this command and `--view NAME` runs the code of a package. FLAGSAE_PLUGINS= hides all of them, and
    FLAGSAE_PLUGINS=wave,kitty all others. plugins/README.md in the project's repository tells how to write one.

    In a pipe it writes JSON lines {"name", "package", "version", "status", "summary", "files", "fault", "remove"}; a
    status is one of "built in", "works", "prints", "broken", "unused", "left out".
    """
    from flagsae.plugins.health import Health, examine

    found = find()
    own = [plugin for plugin in found if not plugin.package]
    others = [plugin for plugin in found if plugin.package]
    healths = chain((Health(summary=plugin.load().summary) for plugin in own), examine(others))
    if not draws(json):
        for plugin, health in zip([*own, *others], healths, strict=True):
            record(**_fields(plugin, health))
        return
    with console(stderr=True).status("trying …"):
        rows = list(zip([*own, *others], healths, strict=True))
    _draw(rows)
    if not others:
        note("no package has brought any; plugins/README.md in the project's repository tells how to write one", quiet)


def _fields(plugin: Plugin, health: Health) -> dict[str, Any]:
    """The record of a visualizer."""
    return {
        "name": plugin.name,
        "package": plugin.package,
        "version": plugin.version,
        "status": _status(plugin, health),
        "summary": health.summary,
        "files": [*health.files],
        "fault": health.fault,
        "remove": plugin.removal if plugin.package else "",
    }


def _status(plugin: Plugin, health: Health) -> str:
    if not plugin.package:
        return "built in"
    if not wanted(plugin):
        return "left out"
    if health.fault:
        return "unused" if plugin.trouble else "broken"
    return "prints" if health.printed else "works"


def _draw(rows: list[tuple[Plugin, Health]]) -> None:
    from rich.table import Table

    out = console()
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for column in ("name", "package", "status"):
        table.add_column(column, no_wrap=True)
    table.add_column("what it shows")
    for plugin, health in rows:
        status = _status(plugin, health)
        package = plugin.origin if plugin.package else ""
        files = f" Writes {', '.join(health.files)}." if health.files else ""
        summary = health.fault or f"{health.summary}{files}"
        ink = {"broken": "red", "unused": "yellow", "prints": "yellow"}.get(status, "")
        table.add_row(words(plugin.name, "bold"), words(package), words(status, ink), words(summary))
    out.print(table)
    removals = dict.fromkeys(
        plugin.removal for plugin, health in rows if _status(plugin, health) in ("broken", "unused")
    )
    if removals:
        out.print("\nto remove what is broken or unused:")
        for line in removals:
            out.print(words(f"  {line}"), soft_wrap=True)
