"""What scripts and notebooks have in hand: mixes that are pictures, files, codes and sentences."""

from __future__ import annotations

import ast
import doctest
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from shell import run

import flagsae
from flagsae import errors, printable
from flagsae.design import design, reader, words
from flagsae.errors import ExpressionError, UnknownName, UsageError
from flagsae.workspace import drawn, inhand, mix, verbs, workspace

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "docs" / "flagsae.ipynb"


def test_importing_it_imports_nothing_else() -> None:
    script = "import sys; before = set(sys.modules); import flagsae; print(*set(sys.modules) - before)"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["flagsae"]
    assert {"compose", "describe", "open", "sample"} <= set(dir(flagsae))
    with pytest.raises(AttributeError, match="no attribute 'draw_flags'"):
        flagsae.draw_flags  # noqa: B018


@pytest.mark.long
@pytest.mark.parametrize(
    "module",
    [design, drawn, errors, mix, printable, reader, verbs, words, workspace],
    ids=lambda module: module.__name__,
)
def test_examples_are_true(module: object) -> None:
    found = doctest.testmod(module)  # type: ignore[arg-type]
    assert found.attempted and not found.failed


@pytest.mark.long
def test_a_mix_is_saved_as_the_command_writes_it(little: list[str], tmp_path: Path) -> None:
    data, model = little[1::2]
    ours = flagsae.open(data=data, model=model).compose("japan", "france - 0.25*sweden")
    for suffix in (".svg", ".png", ".json"):
        assert ours.save(tmp_path / f"ours{suffix}", size=600) == tmp_path / f"ours{suffix}"
        run("compose", "japan + france - 0.25*sweden", *little, "--size", "600", "-o", f"{tmp_path}/theirs{suffix}")
        assert (tmp_path / f"ours{suffix}").read_bytes() == (tmp_path / f"theirs{suffix}").read_bytes()
    assert ours.record == json.loads((tmp_path / "ours.json").read_text())
    assert json.loads(run("describe", ours.expression, *little).stdout)["text"] == ours.text
    assert ours.design is not None and ours.picture.shape == (*ours.design.ground.shape, 3)
    assert np.flatnonzero(ours.code).tolist() == sorted(map(int, ours.record["code"]))


def test_a_mix_shows_itself_in_a_notebook(little: list[str]) -> None:
    opened = flagsae.open(*little[1::2])
    assert re.fullmatch(r"<6 flags of 'toy', model \w+>", repr(opened))
    shown = opened.compose("japan", "france")
    assert repr(shown) == "<Japan + France>" and str(shown._repr_svg_()).startswith("<svg")
    assert Image.open(io.BytesIO(shown._repr_png_())).width == inhand.SHOWN
    assert repr(opened.describe("japan")) == f"<japan: {opened.describe('japan')}>"


def test_verbs_say_what_is_wrong_in_names_of_python(little: list[str], tmp_path: Path) -> None:
    opened = flagsae.open(*little[1::2])
    one = opened.sample(seed=1)[0]
    assert one.title == opened.sample(seed=1)[0].title and one.expression
    for wrong, kind, said in (
        (lambda: opened.compose("marocco"), ExpressionError, "Did you mean"),
        (lambda: opened.compose("japan", decode="magic"), UsageError, "^decode is one of design, weave, vote, sum"),
        (lambda: opened.sample(0), UsageError, "^count is at least 1, not 0"),
        (lambda: opened.sample(prior="magic"), UsageError, "^prior is one of grammar, mix"),
        (lambda: opened.sample(prior="grammar"), UsageError, "^prior grammar is learned from 50 designs or more"),
        (lambda: one.save(tmp_path / "new.gif"), UsageError, r"cannot write \.gif: save as \.png, \.svg, \.json"),
        (lambda: one.save(tmp_path / "new.png", size=1), UsageError, "^size is from 4 to 10000 pixels, not 1"),
        (lambda: flagsae.open(data="nothing"), UnknownName, "no dataset named 'nothing'"),
    ):
        with pytest.raises(kind, match=said):
            wrong()
    assert not list(tmp_path.iterdir())


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_the_notebook_of_the_docs_runs(tmp_path: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "kept without what it shows"
    NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}}).execute()
    shown = [output["data"] for cell in notebook.cells for output in cell.get("outputs", ())]
    assert sum("image/svg+xml" in data and "image/png" in data for data in shown) == 2
    assert "<morocco: red field; green star in the centre>" in [data["text/plain"] for data in shown]
    assert (tmp_path / "new.svg").read_text().startswith("<svg")


@pytest.mark.long
def test_the_readme_says_what_python_has() -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("## From Python")[1].split("\n## ")[0]
    code = "\n".join(line[4:] for line in section.split("\n") if line.startswith("    "))
    opened = flagsae.open()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert hasattr({"flagsae": flagsae, "mix": opened.compose("japan")}[node.value.id], node.attr)
    for line in code.split("\n"):
        command, _, says = line.partition("  # ")
        if says.startswith(("'", "<")):
            space = {"flagsae": flagsae, "mix": opened.compose("morocco", "colombia")}
            assert repr(eval(command, space)) == says
