"""Imports point down only, and heavy modules stay where they belong."""

import ast
import re
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import flagsae

ROOT = Path(flagsae.__file__).parent

# What the modules of a folder may import beside each other, and beside those at the root that stand below all.
FOLDERS = {
    "flags": set(),
    "design": {"flags", "visual"},
    "sae": {"flags", "design"},
    "mixing": {"flags", "design", "sae"},
    "features": {"flags", "design", "sae", "mixing"},
    "training": {"flags", "design", "sae"},
    "visual": set(),
    "plugins": {"visual", "testing"},
    "workspace": {"flags", "design", "sae", "mixing", "features", "visual"},
    "cli": {"flags", "design", "sae", "mixing", "features", "training", "visual", "plugins", "workspace", "tui"},
    "tui": {"flags", "design", "sae", "mixing", "features", "training", "visual", "plugins", "workspace"},
    "testing": {"visual"},
    "__init__": {"workspace"},
    "__main__": {"cli"},
}
BELOW_ALL = {
    "__init__",
    "checks",
    "colours",
    "errors",
    "locks",
    "machine",
    "oklab",
    "paths",
    "printable",
    "regular",
    "tensors",
}
# What comes from elsewhere, and the only folders that may have it.
HEAVY = {
    "torch": {"training"},
    "sklearn": {"flags", "sae", "features"},
    "scipy": {"features"},
    "textual": {"tui"},
    "textual_serve": {"tui"},
    "aiohttp": {"tui"},
    "typer": {"cli"},
    "platformdirs": {"paths"},
}
# Read by the command line before anything is asked for: the standard library and HEAVY's share of it, no more.
PLAIN = {
    *("__init__", "__main__", "errors", "locks", "paths", "printable", "regular", "flags.names", "mixing.expression"),
    *("cli.__init__", "cli.subcommands", "training.config", "training.start"),
}


@cache
def modules() -> dict[str, ast.Module]:
    """The syntax tree of every module by its dotted name without `flagsae`; a package is its `__init__`."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(ROOT.rglob("*.py"))
    }


def imports(tree: ast.AST) -> list[str]:
    """The dotted names that a module imports, wherever in it, but for what only type checkers see."""
    found = []
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import"
            found += [f"{node.module}.{alias.name}" for alias in node.names]
        elif not (isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            found += imports(node)
    return found


def at_once(tree: ast.Module) -> ast.Module:
    """What of a module is imported with it: not what its functions import when they are called."""
    return ast.Module([node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)], [])


@cache
def of_ours(name: str) -> str:
    """`flagsae.flags.names.fold` is found in the module flags.names."""
    parts = name.split(".")[1:]
    while parts and not (ROOT / Path(*parts)).with_suffix(".py").is_file():
        if (ROOT / Path(*parts) / "__init__.py").is_file():
            return ".".join([*parts, "__init__"])
        parts.pop()
    return ".".join(parts) or "__init__"


@pytest.mark.long
def test_imports_point_down_only() -> None:
    for module, tree in modules().items():
        folder = module.split(".")[0]
        for name in imports(tree):
            if name.split(".")[0] == "flagsae":
                target = of_ours(name).split(".")[0]
                assert target in BELOW_ALL | {folder} | FOLDERS.get(folder, set()), f"{module} imports {name}"


@pytest.mark.long
def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {
        module: {of_ours(name) for name in imports(tree) if name.split(".")[0] == "flagsae"} - {module}
        for module, tree in modules().items()
    }
    list(TopologicalSorter({module: below & set(graph) for module, below in graph.items()}).static_order())


@pytest.mark.long
def test_heavy_modules_stay_in_their_folder() -> None:
    for module, tree in modules().items():
        for name in imports(tree):
            owners = HEAVY.get(name.split(".")[0])
            assert owners is None or module.split(".")[0] in owners, f"{module} imports {name}"


def test_only_its_command_opens_the_application() -> None:
    for module, tree in modules().items():
        if module.startswith("cli."):
            found = [name for name in imports(tree) if name.startswith("flagsae.tui")]
            assert not found or module == "cli.tui", module
            assert not [name for name in imports(at_once(tree)) if name.startswith("flagsae.tui")], module


@pytest.mark.long
def test_errors_name_parameters_and_only_the_command_line_has_options() -> None:
    for module, tree in modules().items():
        if module.split(".")[0] in {"cli", "tui", "__main__"}:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise):
                texts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
                found = [text for text in texts if isinstance(text, str) and re.search(r"(?<![\w-])--?[a-z]", text)]
                assert not found, f"{module}:{node.lineno} {found}"


def test_names_and_paths_cost_nothing_but_the_standard_library() -> None:
    trees = modules()
    for module in PLAIN:
        for name in imports(trees[module]):
            top = name.split(".")[0]
            assert top in {"flagsae", *sys.stdlib_module_names} or module in HEAVY.get(top, ()), f"{module}: {name}"


def test_sklearn_is_imported_where_it_is_used() -> None:
    for module, tree in modules().items():
        found = {name.split(".")[0] for name in imports(at_once(tree))}
        assert found.isdisjoint({"sklearn", "scipy", "platformdirs"}), module
