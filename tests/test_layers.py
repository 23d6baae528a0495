"""Imports point down only, and heavy modules stay where they belong."""

import ast
from pathlib import Path

import flagsae

ROOT = Path(flagsae.__file__).parent

# A module may import those named after it; a folder stands for its modules.
BELOW = {
    "__init__": set(),
    "errors": set(),
    "paths": set(),
    "names": {"errors"},
    "regions": set(),
    "pictures": {"errors"},
    "palette": {"regions"},
    "dataset": {"errors", "paths", "names", "regions", "pictures", "palette"},
    "metrics": set(),
    "model": {"errors", "paths", "dataset"},
    "compose": {"errors", "regions", "dataset", "model"},
    "training": {"training", "errors", "paths", "dataset", "model"},
    "visual": {"visual"},
    "cli": {
        "cli",
        "__init__",
        "errors",
        "paths",
        "names",
        "dataset",
        "metrics",
        "model",
        "compose",
        "training",
        "visual",
    },
    "__main__": {"cli"},
}
HEAVY = {"torch": {"training"}, "sklearn": {"palette"}, "textual": {"tui"}, "typer": {"cli"}}


def imports() -> list[tuple[str, str]]:
    """(layer, dotted name of what it imports) of every import statement in the package."""
    found = []
    for path in ROOT.rglob("*.py"):
        layer = path.relative_to(ROOT).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found += [(layer, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module == "flagsae":
                found += [(layer, f"flagsae.{alias.name}") for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"relative import in {path}"
                found.append((layer, str(node.module)))
    return found


def test_imports_point_down_only() -> None:
    for layer, name in imports():
        parts = name.split(".")
        if parts[0] == "flagsae":
            target = "__init__" if parts[1] == "__version__" else parts[1]
            assert target in BELOW[layer], f"{layer} imports {name}"


def test_heavy_modules_stay_in_their_layer() -> None:
    for layer, name in imports():
        owners = HEAVY.get(name.split(".")[0])
        assert owners is None or layer in owners, f"{layer} imports {name}"
