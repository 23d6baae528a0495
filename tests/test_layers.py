"""Imports point down only, and heavy modules stay where they belong."""

import ast
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import flagsae

ROOT = Path(flagsae.__file__).parent

# A module may import those named after it; a folder stands for its modules.
BELOW = {
    "__init__": set(),
    "errors": set(),
    "locks": set(),
    "regular": set(),
    "paths": {"errors", "locks", "regular"},
    "machine": set(),
    "checks": set(),
    "tensors": {"paths", "checks", "machine"},
    "printable": set(),  # which every layer may have
    "names": {"errors", "regular"},
    "regions": set(),
    "containers": set(),
    "pnm": set(),
    "pixels": {"containers"},
    "pictures": {"errors", "regular", "containers", "pnm", "pixels"},
    "sources": {"errors", "regular"},
    "palette": {"regions"},
    "dataset": {"errors", "paths", "checks", "tensors", "names", "regions", "pictures", "sources", "palette"},
    "metrics": set(),
    "model": {"errors", "paths", "checks", "tensors", "dataset"},
    "expression": {"errors"},
    "parts": {"regions"},
    "gallery": {"regions", "palette", "dataset", "model"},
    "design": {"regions", "palette", "parts"},
    "weave": {"regions", "parts", "design", "gallery"},
    "compose": {
        "errors",
        "names",
        "regions",
        "expression",
        "dataset",
        "model",
        "parts",
        "design",
        "gallery",
        "weave",
    },
    "partcodes": {"errors", "paths", "checks", "tensors", "regions", "dataset", "model", "anatomy"},
    "anatomy": {"regions", "parts"},
    "elements": set(),
    "reading": {"partcodes", "elements"},
    "grounds": {"regions", "parts", "partcodes", "anatomy", "elements", "reading"},
    "charges": {"regions", "partcodes", "anatomy", "elements", "reading"},
    "describe": {"palette", "dataset", "partcodes", "anatomy", "elements", "reading", "grounds", "charges"},
    "sampling": {"errors", "pictures", "dataset", "model", "compose"},
    "embedding": {"errors"},
    "pursuit": set(),
    "atoms": {"regions", "dataset", "model"},
    "features": {"errors", "paths", "names", "dataset", "model", "atoms", "partcodes", "elements", "describe"},
    "evaluation": {"errors", "dataset", "metrics", "model", "pursuit", "atoms", "features"},
    "runs": {"errors", "checks", "tensors", "locks", "paths", "names", "dataset", "model"},
    "training": {
        "training",
        "errors",
        "machine",
        "checks",
        "tensors",
        "paths",
        "regions",
        "dataset",
        "model",
        "runs",
        "partcodes",
        "anatomy",
    },
    "visual": {"visual", "errors"},
    "drawing": {"errors", "dataset", "model", "compose", "atoms", "visual"},
    "scenes": {"dataset", "model", "compose", "embedding", "atoms", "features", "drawing", "visual"},
    "testing": {"visual"},
    "plugins": {"errors", "visual"},
    "health": {"errors", "testing", "plugins", "visual"},
    "cli": {
        "cli",
        "__init__",
        "errors",
        "paths",
        "names",
        "dataset",
        "metrics",
        "model",
        "expression",
        "compose",
        "partcodes",
        "elements",
        "describe",
        "drawing",
        "features",
        "evaluation",
        "embedding",
        "runs",
        "sampling",
        "training",
        "visual",
        "scenes",
        "plugins",
        "health",
        "tui",  # by one door
    },
    "tui": {
        "tui",
        "__init__",
        "errors",
        "paths",
        "names",
        "palette",
        "dataset",
        "model",
        "expression",
        "compose",
        "partcodes",
        "elements",
        "describe",
        "drawing",
        "features",
        "embedding",
        "sampling",
        "runs",
        "scenes",
        "plugins",
        "training",
        "visual",
    },
    "__main__": {"cli"},
}
# What comes from elsewhere, and the only layers that may have it.
HEAVY = {
    "torch": {"training"},
    "sklearn": {"palette", "embedding", "evaluation"},
    "scipy": {"evaluation"},
    "textual": {"tui"},
    "textual_serve": {"tui"},
    "aiohttp": {"tui"},
    "typer": {"cli"},
    "platformdirs": {"paths"},
}
PLAIN = {
    "__init__",
    "__main__",
    "errors",
    "locks",
    "regular",
    "paths",
    "names",
    "sources",
    "expression",
}  # the standard library and HEAVY's share of it, no more


def layers() -> list[tuple[str, ast.Module]]:
    """(layer, syntax tree) of every module in the package."""
    return [
        (path.relative_to(ROOT).parts[0].removesuffix(".py"), ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(ROOT.rglob("*.py"))
    ]


def imports() -> list[tuple[str, str]]:
    """(layer, dotted name of what it imports) of every import statement in the package."""
    found = []
    for layer, tree in layers():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found += [(layer, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module == "flagsae":
                found += [(layer, f"flagsae.{alias.name}") for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"relative import in {layer}"
                found.append((layer, str(node.module)))
    return found


def test_every_module_has_its_place_in_the_table() -> None:
    assert {layer for layer, _ in layers()} == set(BELOW)


def test_the_table_has_no_way_back_up() -> None:
    order = list(TopologicalSorter({layer: below - {layer} for layer, below in BELOW.items()}).static_order())
    assert order.index("dataset") < order.index("model") < order.index("compose") < order.index("cli")
    assert "training" not in BELOW["compose"] and "compose" not in BELOW["training"]


def test_imports_point_down_only() -> None:
    for layer, name in imports():
        parts = name.split(".")
        if parts[0] == "flagsae":
            target = "__init__" if parts[1] == "__version__" else parts[1]
            assert target in BELOW[layer] | {"printable"}, f"{layer} imports {name}"


def test_heavy_modules_stay_in_their_layer() -> None:
    for layer, name in imports():
        owners = HEAVY.get(name.split(".")[0])
        assert owners is None or layer in owners, f"{layer} imports {name}"


def test_only_its_command_opens_the_application() -> None:
    for path in sorted((ROOT / "cli").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found = {
            node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and "flagsae.tui" in str(node.module)
        }
        assert not found or path.name == "tui.py", path.name
        assert found.isdisjoint(tree.body), "at module level"


def test_names_and_paths_cost_nothing_but_the_standard_library() -> None:
    for layer, name in imports():
        top = name.split(".")[0]
        if layer in PLAIN and top != "flagsae":
            assert top in sys.stdlib_module_names or layer in HEAVY.get(top, ()), f"{layer} imports {name}"


def test_sklearn_is_imported_where_it_is_used() -> None:
    for layer, tree in layers():
        for node in tree.body:
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            assert not any(module.split(".")[0] in ("scipy", "sklearn", "platformdirs") for module in modules), layer
