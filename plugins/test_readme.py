"""plugins/README.md: its code is what it says it is, and works when it is typed off."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from flagsae.visual.scene import Feature, Scene

FOLDER = Path(__file__).parent
README = (FOLDER / "README.md").read_text(encoding="utf-8")
PACKAGES = sorted(path.parent for path in FOLDER.glob("*/pyproject.toml"))


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_walk_through_is_the_package_and_has_fifteen_lines() -> None:
    module = blocks("python")[0]
    assert module == (FOLDER / "flagsae-wave" / "flagsae_wave.py").read_text(encoding="utf-8")
    lines = [line for line in module.splitlines() if line.strip()]
    assert len(lines) - 1 == 15  # without the docstring


@pytest.mark.long
def test_typed_off_it_installs_and_keeps_the_contract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the two blocks alone: the module, and a pyproject whose entry point leads to it."""
    module, test = blocks("python")
    project = tomllib.loads(blocks("toml")[0])
    ((name, place),) = project["project"]["entry-points"]["flagsae.visualizers.v1"].items()
    (file,) = project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    assert place.partition(":")[0] + ".py" == file
    (tmp_path / file).write_text(module, encoding="utf-8")
    metadata = tmp_path / "flagsae_wave-0.1.0.dist-info"
    metadata.mkdir()
    about = project["project"]
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {about['name']}\nVersion: {about['version']}\n")
    (metadata / "entry_points.txt").write_text(f"[flagsae.visualizers.v1]\n{name} = {place}\n")
    (tmp_path / "test_it.py").write_text(f"{test}\n\ntest_it_keeps_the_contract()\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    subprocess.run([sys.executable, "test_it.py"], cwd=tmp_path, check=True)
    code = (
        "from flagsae.plugins.registry import find\n"
        f"print([(one.name, one.origin) for one in find() if one.name == '{name}'])"
    )
    told = subprocess.check_output([sys.executable, "-c", code], cwd=tmp_path, text=True)
    assert told == "[('wave', 'flagsae-wave 0.1.0')]\n"


def test_it_names_every_field_of_a_scene_and_every_package() -> None:
    for field in (*Scene.__dataclass_fields__, *Feature.__dataclass_fields__):
        assert f"`{field}`" in README, field
    for folder in PACKAGES:
        assert f"[`{folder.name}`]({folder.name})" in README


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda folder: folder.name)
def test_each_package_is_whole(folder: Path) -> None:
    """Its entry point leads to a visualizer, and it asks for what it imports."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["name"] == folder.name and (folder / "README.md").is_file() and list((folder / "tests").glob("*.py"))
    asked = {re.split(r"[<>=~! ]", one)[0].lower() for one in project["dependencies"]}
    used: set[str] = set()
    for path in [*folder.glob("*.py"), *folder.glob("flagsae_*/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                used |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                used.add(node.module.split(".")[0])
    names = {"PIL": "pillow", "textual_image": "textual-image"}
    own = {folder.name.replace("-", "_")}
    assert {names.get(name, name) for name in used - own - set(sys.stdlib_module_names)} <= asked
    for place in project["entry-points"]["flagsae.visualizers.v1"].values():
        module, _, attribute = place.partition(":")
        visualizer = getattr(__import__(module), attribute)()
        assert visualizer.summary.endswith(".") and len(visualizer.summary) <= 60
