"""The private parts of other packages that we use, by name: a release without them fails here, and not at a user's.

Only releases up to the bounds in pyproject.toml are installed beside us. Who raises a bound runs these tests first.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest
import textual_serve
from packaging.requirements import Requirement

import flagsae

ROOT = Path(flagsae.__file__).parent

# Class or module: what we use of it, and what for.
PARTS = {
    "textual.app:App": {
        "_capture_stdout": "what is printed goes to the log",
        "_capture_stderr": "the same",
        "_exception": "why the application has ended",
        "_screen_stacks": "every screen is told what has changed",
        "_driver": "whether the terminal takes what it is sent",
        "_filters": "text of others and sixteen colours, in all that is drawn",
    },
    "textual.command:CommandPalette": {"_action_command_list": "a key for a list that is not drawn yet is no error"},
    "textual.drivers.linux_driver:LinuxDriver": {"_writer_thread": "whether the terminal takes what it is sent"},
    "textual.drivers._writer_thread:WriterThread": {"_queue": "the same"},
    "textual.drivers.linux_driver": {"getincrementaldecoder": "bytes that are no UTF-8 are passed over"},
    "textual.drivers.web_driver": {"getincrementaldecoder": "the same", "__GANGLION__": "what the server waits for"},
    "textual.screen:Screen": {"_compositor": "the picture of the screen"},
    "textual._compositor:Compositor": {"render_strips": "the same"},
    "textual.timer:Timer": {"_skip": "a timer is not dropped on a busy machine"},
    "textual.widgets:Input": {"_suggestion": "completion of the sum"},
    "textual_serve.app_service:AppService": {
        "_build_environment": "the process knows its size and its driver",
        "_open_app_process": "the process has a group of its own",
        "_process": "the process is ended",
        "_stdin": "keys reach the process",
        "_task": "the end of the process is waited for",
    },
}
# Of other packages' packages, what page.html says and asks for.
PAGE = {
    "static/js/textual.js": (
        "sessionWebsocketUrl",
        '"?width="',
        "-first-byte",
        "-closed",
        "textual-terminal",
        "onload",
    ),
    "static/css/xterm.css": (".xterm",),
    "static/fonts/RobotoMono-VariableFont_wght.ttf": (),
}
OTHERS = {"_exit"}  # os._exit is public
NAMES = {name for parts in PARTS.values() for name in parts}


def ours(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("self", "cls")


def source(where: str) -> str:
    module, _, name = where.partition(":")
    found = importlib.import_module(module)
    return inspect.getsource(getattr(found, name) if name else found)


@pytest.mark.parametrize(("where", "name"), [(where, name) for where, parts in PARTS.items() for name in parts])
def test_the_part_is_still_there(where: str, name: str) -> None:
    package = where.split(".")[0].replace("_", "-")
    assert re.search(rf"\b{name}\b", source(where)), (
        f"{package} {version(package)} has no {where}.{name}, which does this for us: {PARTS[where][name]}. "
        f"Keep {package} below this release in pyproject.toml until flagsae does without it."
    )


@pytest.mark.parametrize("file", PAGE)
def test_the_page_finds_what_it_asks_for(file: str) -> None:
    text = (Path(textual_serve.__path__[0]) / file).read_text("latin-1")
    assert [word for word in PAGE[file] if word not in text] == [], f"textual-serve {version('textual-serve')}: {file}"


@pytest.mark.long
def test_no_other_part_is_used() -> None:
    """A name with an underscore is one that we have given, or it is in the table."""
    used, given = set(), set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                given.add(node.name)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ours(node.value):
                given.add(node.attr)
            elif isinstance(node, ast.Attribute) and re.match(r"_[a-z]", node.attr) and not ours(node.value):
                used.add(node.attr)
            elif isinstance(node, ast.ImportFrom) and re.search(r"\._[a-z]", node.module or ""):
                used.add(str(node.module))
    others = used - given - NAMES - OTHERS
    assert not others, f"private parts of others, for which there is no line in the table: {sorted(others)}"


@cache
def private_names(owner: type) -> frozenset[str]:
    """What a class has for itself: methods, and what it sets on its instances and at its top."""
    pattern = r"(?:def |self\.|^    )(_[a-z]\w*)"
    return frozenset(re.findall(pattern, inspect.getsource(owner), re.MULTILINE))


@pytest.mark.long
def test_none_of_our_names_takes_the_place_of_anothers() -> None:
    clashes = []
    for path in (ROOT / "tui").rglob("*.py"):
        importlib.import_module(".".join(("flagsae", *path.relative_to(ROOT).with_suffix("").parts)))
    for name, module in list(sys.modules.items()):
        for own in vars(module).values() if name.startswith("flagsae.tui") else ():
            if not inspect.isclass(own) or own.__module__ != name:
                continue
            private = private_names(own)
            for base in own.__mro__:
                if base.__module__.startswith("textual"):
                    theirs = private_names(base)
                    clashes += [f"{own.__name__}.{part} is {base.__name__}'s" for part in private & theirs - NAMES]
    assert clashes == []


def test_what_we_use_privately_has_an_upper_bound() -> None:
    project = tomllib.loads((ROOT.parent / "pyproject.toml").read_text("utf-8"))["project"]
    bounds = {requirement.name: requirement.specifier for requirement in map(Requirement, project["dependencies"])}
    for package in {where.split(".")[0].replace("_", "-") for where in PARTS}:
        assert any(bound.operator == "<" for bound in bounds[package]), f"{package} has no upper bound"
        assert version(package) in bounds[package]
