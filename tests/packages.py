"""Packages as pip would install them: a module, and the metadata that says what it brings."""

from __future__ import annotations

from pathlib import Path

VIEW = """
from flagsae.visual import show

class View:
    summary = "The flag itself."

    def render(self, scene, size):
        {}
        return show(scene.picture, size)
"""


def install(
    folder: Path, package: str, code: str = VIEW.format("pass"), entries: str = "", version: str = "0.1"
) -> None:
    """Into a folder that is on Python's path. entries: `name = module:class` in lines; by default the class View of
    the package's module, under the package's name."""
    module = package.replace("-", "_")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{module}.py").write_text(code, encoding="utf-8")
    metadata = folder / f"{module}-{version}.dist-info"
    metadata.mkdir(exist_ok=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n", "utf-8")
    entries = entries or f"{package} = {module}:View"
    (metadata / "entry_points.txt").write_text(f"[flagsae.visualizers.v1]\n{entries}\n", encoding="utf-8")
