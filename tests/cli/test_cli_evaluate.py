"""`flagsae evaluate` as a person and a pipe meet it."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from models import remembering
from shell import run
from test_cli import drawn, lines
from test_cli_features import plain, save

from flagsae import paths
from flagsae.flags.dataset import Dataset, save_dataset
from flagsae.sae.model import read_info


@pytest.fixture(scope="module")
def folder(toy: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A toy dataset of four flags and two held out, and two models of it: one saw all, one says that it did not."""
    folder = tmp_path_factory.mktemp("models")
    split = {part: np.array(positions) for part, positions in (("train", [0, 1, 2, 3]), ("test", [4, 5]))}
    toy = dataclasses.replace(toy, splits={"grouped": {**split, "validation": np.zeros(0, np.int64)}})
    save_dataset(toy, folder / "toy.npz")
    for part in ("all", "train"):
        config = {"preset": "crisp", "split": "grouped", "train_on": part}
        save(remembering(toy, config), folder / f"{part}.safetensors")
    return folder


def options(folder: Path, model: str) -> list[str]:
    return ["--data", str(folder / "toy.npz"), "--model", str(folder / f"{model}.safetensors")]


@pytest.mark.long
def test_the_report_on_the_shipped_model() -> None:
    result = run("evaluate")
    (report,) = lines(result)
    (part,) = report["parts"]
    assert part["part"] == "all" and part["seen"] == part["flags"]
    assert part["fvu"] == pytest.approx(1 - part["r2"]) and part["floor"] < part["fvu"] < 1
    assert part["pixel_accuracy"] > 0.6 and part["l0"] < 8
    info = read_info(paths.shipped("design.safetensors"))
    assert info is not None
    trained = info.figures["train_loss"]
    assert (
        part["input_fvu"] == pytest.approx(trained, rel=1e-3) and 0.8 < part["pursuit_fvu"] / trained < 1 > 4 * trained
    )
    used = report["dictionary"]
    assert sum(used["densities"]["counts"]) == report["features"] >= used["effective_rank"]
    assert 0.5 < report["alignment"]["auroc"] < 1 and report["alignment"]["random_projection"] > 0.5
    assert report["labels"]["trusted"] > report["labels"]["unsure"]
    assert report["stability"] == report["baselines"] == []
    assert "nothing is held out" in result.stderr and "--train-on train" in result.stderr


def test_on_a_terminal_it_is_tables(folder: Path) -> None:
    again = str(folder / "all.safetensors")
    screen = drawn("evaluate", *options(folder, "train"), "--against", again, "--baselines", "-q")
    text = "\n".join(plain(screen))
    assert max(map(len, plain(screen))) <= 80
    for word in ("FVU", "PSNR", "pixels", "100.0 %", "dictionary", "effective rank", "flags drawn at random"):
        assert word in text
    for method in ("PCA", "NMF", "DictionaryLearning"):
        assert method in text


def test_held_out_flags_are_told_from_seen_ones(folder: Path) -> None:
    honest = run("evaluate", *options(folder, "train"))
    (report,) = lines(honest)
    assert [(part["part"], part["flags"], part["seen"]) for part in report["parts"]] == [
        ("train", 4, 4),
        ("test", 2, 0),
    ]
    assert report["held_out"] and "nothing is held out" not in honest.stderr


def test_a_report_is_written(folder: Path, tmp_path: Path) -> None:
    result = run("evaluate", *options(folder, "all"), "-o", f"{tmp_path}/report.json", "--quiet")
    assert result.returncode == 0 and result.stdout == result.stderr == ""
    assert json.loads((tmp_path / "report.json").read_text())["features"] == 6


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--split", "magic"], 2, "give --split with one of grouped"),
        (["--against", "nothing"], 2, "no model named 'nothing'"),
        (["-o", "report.png"], 2, "FILE.json"),
        (["-o", "reports/"], 2, "FILE.json"),
    ],
)
def test_errors_name_what_is_possible(folder: Path, words: list[str], code: int, said: str) -> None:
    result = run("evaluate", *options(folder, "all"), *words)
    assert result.returncode == code and said in result.stderr
    assert result.stderr.count("\n") == 1 and result.stdout == ""
