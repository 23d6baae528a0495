"""`flagsae features` as a person, a pipe and a script meet it."""

import io
import json
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest
from models import remembering
from PIL import Image
from shell import run
from test_cli import COMMAND, drawn, lines

from flagsae.flags.dataset import Dataset, save_dataset
from flagsae.sae.crisp import Crisp
from flagsae.sae.model import save_model


def plain(screen: str) -> list[str]:
    return [line.rstrip("\r") for line in re.sub(r"\x1b\[[0-9;]*m", "", screen).splitlines()]


def save(model: Crisp, path: Path) -> None:
    """Writes a model that was made by hand."""
    tensors, header = model.export()
    made = {"dataset": model.dataset.hash, "dataset_name": "toy", "config": model.info.config}
    save_model(path, tensors, {**header, **made})


@pytest.fixture(scope="module")
def folder(toy: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A toy dataset of six flags, a model with a feature a flag, and a network of the notebook's kind, not trained."""
    folder = tmp_path_factory.mktemp("toy")
    save_dataset(toy, folder / "toy.npz")
    save(remembering(toy), folder / "crisp.safetensors")
    random = np.random.default_rng(0)
    size = toy.flags.canvas[0].size
    tensors = {
        "W_in": random.normal(size=(5, size)) / 8,
        "b_in": np.zeros(5),
        "W_out": random.normal(size=(size, 5)),
        "b_out": np.zeros(size),
    }
    header = {"kind": "seed", "size": toy.size, "dataset": toy.hash, "dataset_name": "toy"}
    save_model(folder / "seed.safetensors", {name: one.astype(np.float32) for name, one in tensors.items()}, header)
    return folder


def options(folder: Path, model: str = "crisp") -> list[str]:
    return ["--data", str(folder / "toy.npz"), "--model", str(folder / f"{model}.safetensors")]


@pytest.fixture(scope="module")
def records() -> list[dict]:
    """The features of the shipped model of designs, as a pipe gets them."""
    return lines(run("features"))


@pytest.mark.long
def test_records_of_all_features_most_frequent_first(flags: Dataset, records: list[dict]) -> None:
    densities = [record["density"] for record in records]
    assert densities == sorted(densities, reverse=True)
    assert sorted(record["feature"] for record in records) == list(range(len(records)))
    fields = {"feature", "label", "trusted", "precision", "density", "mean", "max"}
    fields |= {"top", "bottom", "histogram", "with", "attributes", "made_of", "model"}
    for record in records:
        assert set(record) == fields
        assert sum(record["histogram"]["counts"]) == round(record["density"] * len(flags.flags))
    assert len(records) == 72 and all(record["trusted"] for record in records)
    assert min(record["precision"] for record in records) > 0.75
    assert {"Nordic cross", "green star", "red field"} <= {record["label"] for record in records}


@pytest.mark.long
def test_the_dictionary_fits_the_terminal() -> None:
    columns = 60
    screen = drawn("features", "--quiet", columns=columns, LINES="24")
    assert "▀" in screen and "%" in screen
    assert max(len(line) for line in plain(screen)) <= columns
    assert screen.count("\n") < 24
    numbers = re.findall(r"\bf\d+\b", " ".join(plain(screen)))
    assert len(numbers) == len(set(numbers)) >= columns // 20


def test_pages_hold_every_feature(folder: Path) -> None:
    pages = [
        drawn("features", "--page", page, "--sort", "index", *options(folder), columns=40, LINES="11")
        for page in ("1", "2", "0")
    ]
    assert "page 1 of 3, --page 2 goes on" in pages[0] and "page 2 of 3" in pages[1]
    found = [re.findall(r"\bf(\d)\b", " ".join(plain(page))) for page in pages]
    assert found == [["0", "1"], ["2", "3"], list("012345")]
    assert "there are" in run("features", "--page", "9", *options(folder), terminal=True).stderr


@pytest.mark.long
def test_a_card_says_what_is_known(records: list[dict]) -> None:
    def card(record: dict, *model: str) -> str:
        screen = plain(drawn("features", f"f{record['feature']}", *model, columns=120, LINES="40"))
        assert screen[0].rstrip() == f"f{record['feature']}  {record['label']}" and len(screen) <= 40
        assert f"{record['max']:.2f}" in "\n".join(screen)
        return "\n".join(screen)

    known = ("fires most for", "fires with", "activation")
    nordic = card(next(record for record in records if record["label"] == "Nordic cross"))
    for words in ("its likeliest design", "made of", *known):
        assert words in nordic
    assert "takes away" not in nordic
    crisp = ("--model", "crisp")
    stripe = card(next(record for record in lines(run("features", *crisp)) if record["trusted"]), *crisp)
    for words in ("adds", "takes away", "its flags have", *known):
        assert words in stripe


def test_one_feature_by_its_number(folder: Path) -> None:
    one, two = lines(run("features", "F3", "0", "3", *options(folder)))
    assert (one["feature"], two["feature"]) == (3, 0)
    assert len(one["top"]) == 1 and one["top"][0]["name"] == "malaysia"
    assert not one["trusted"]  # of one flag nothing can be said
    screen = "\n".join(plain(drawn("features", "3", *options(folder))))
    assert "unsure: " in screen and "1.00 Mala" in screen


def test_labels_can_be_looked_for(folder: Path) -> None:
    found = lines(run("features", "--find", "RED", *options(folder)))
    assert 0 < len(found) < 6 and all("red" in record["label"] for record in found)
    # As in the application, by all that is said of a feature, and by its number.
    assert 3 in [record["feature"] for record in lines(run("features", "--find", "unsure", *options(folder)))]
    assert [record["feature"] for record in lines(run("features", "--find", "f3", *options(folder)))] == [3]
    missing = run("features", "--find", "spaceship", *options(folder))
    assert missing.returncode == 2 and "--sort label" in missing.stderr


@pytest.mark.long
def test_the_grid_and_cards_as_files(folder: Path, tmp_path: Path) -> None:
    grid = [*options(folder), "--columns", "3", "--size", "600", "-o", f"{tmp_path}/grid.png"]
    assert run("features", *grid).returncode == 0
    with Image.open(tmp_path / "grid.png") as image:
        assert image.width == 600 and 200 < image.height < 500
        assert "6 features" in image.info["Title"]
    words = ["features", "0", "2", *options(folder), "--size", "400"]
    assert run(*words, "-o", f"{tmp_path}/cards/").returncode == 0
    assert sorted(path.name for path in (tmp_path / "cards").iterdir()) == ["f0.png", "f2.png"]
    assert run(*words, "-o", f"{tmp_path}/card.json").returncode == 0
    assert [json.loads(line)["feature"] for line in (tmp_path / "card.json").read_text().splitlines()] == [0, 2]
    piped = subprocess.run([*COMMAND, *words, "-o", "-"], capture_output=True)
    assert Image.open(io.BytesIO(piped.stdout)).width == 400


def test_without_colour_atoms_are_letters(folder: Path) -> None:
    screen = drawn("features", "0", *options(folder), NO_COLOR="1")
    assert "\x1b[38" not in screen and re.search("[wRGBY.]{8}", screen)


def test_a_network_shows_its_weights(folder: Path) -> None:
    screen = drawn("features", "4", *options(folder, "seed"))
    assert "light that it adds" in screen and "takes away" not in screen
    found = lines(run("features", "--sort", "index", *options(folder, "seed")))
    assert [record["feature"] for record in found] == [0, 1, 2, 3, 4]


# Features of parts.


@pytest.mark.long
def test_part_features_are_called_by_their_letter(flags: Dataset) -> None:
    layout, shape, canvas = lines(run("features", "L33", "s121", "f3", "l33"))
    fields = {"feature", "dictionary", "name", "label", "purity", "trusted", "classes", "speaks", "flags", "top"}
    assert set(layout) == set(shape) == {*fields, "model"}
    assert (layout["dictionary"], layout["name"], shape["name"]) == ("layout", "l33", "s121")
    assert (shape["label"], shape["trusted"]) == ("star 5", True)
    assert shape["purity"] == shape["classes"]["star 5"] > 0.9 and sum(shape["classes"].values()) <= 1.001
    assert list(shape["speaks"].values()) == sorted(shape["speaks"].values(), reverse=True)
    assert shape["flags"] >= len(shape["top"]) == 8
    assert {one["name"] for one in shape["top"]} <= {name.slug for name in flags.flags.names}
    assert layout["model"] == shape["model"] != canvas["model"] and canvas["feature"] == 3


def test_a_part_dictionary_as_records() -> None:
    found = lines(run("features", "--dictionary", "shape", "--sort", "label"))
    assert sorted(record["feature"] for record in found) == list(range(len(found)))
    trusted = [record["trusted"] for record in found]
    assert trusted == sorted(trusted, reverse=True)
    for record in found:
        assert record["trusted"] == (record["purity"] >= 0.5)
        assert record["flags"] >= len(record["top"]) > 0  # a feature without a flag is left out
        assert bool(record["classes"]) == (record["label"] != "nothing drawn")


@pytest.mark.long
def test_a_part_dictionary_on_a_terminal() -> None:
    screen = plain(drawn("features", "--dictionary", "shape", "--find", "crescent", columns=100, LINES="30"))
    text = "\n".join(screen)
    assert "▀" in text and re.search(r"crescent, \d\d %", text) and "unsure: crescent" in text
    assert re.search(r"\bs\d+\b", text) and "×" in text
    assert max(map(len, screen)) <= 100 and len(screen) <= 30
    assert "light: what a feature adds to a figure; dark: what it takes away" in text


@pytest.mark.long
def test_cards_of_parts_name_the_flags() -> None:
    text = "\n".join(plain(drawn("features", "--dictionary", "shape", "121", "l33", columns=120, LINES="40")))
    for words in ("s121  star 5, 99 %", "l33  field", "fires for drawn", "speaks for", "fires most for", "light: adds"):
        assert words in text


@pytest.mark.long
def test_pictures_of_parts(tmp_path: Path) -> None:
    grid = ["--dictionary", "layout", "--find", "nordic", "--size", "500", "-o", f"{tmp_path}/grid.png"]
    assert run("features", *grid).returncode == 0
    with Image.open(tmp_path / "grid.png") as image:
        assert image.width == 500 and "layout features of part model" in image.info["Title"]
        assert len(image.convert("L").getcolors()) > 50
    assert run("features", "l33", "s121", "--size", "400", "-o", f"{tmp_path}/cards/").returncode == 0
    assert sorted(path.name for path in (tmp_path / "cards").iterdir()) == ["l33.png", "s121.png"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["l999"], 2, "the layout dictionary has features 0 to 168"),
        (["x3"], 2, "l20 and s121 of parts"),
        (["--dictionary", "seal"], 2, "canvas, layout, shape"),
        (["l3", "--data", "flags"], 2, "leave --data and --model out"),
    ],
)
def test_errors_of_parts(words: list[str], code: int, said: str) -> None:
    result = run("features", *words)
    assert result.returncode == code and said in result.stderr
    assert result.stderr.count("\n") == 1 and result.stdout == ""


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["6"], 2, "features 0 to 5"),
        (["star"], 2, "as in 12 or f12"),
        (["--sort", "beauty"], 2, "density, strength"),
        (["0", "--find", "red"], 2, "leave their numbers out"),
        (["-o", "x.svg"], 2, "FILE.png"),
        (["--model", "nothing"], 2, "no model named"),
        (["--model", "crisp"], 1, "was trained on dataset 'flags'"),
    ],
)
def test_errors_name_what_is_possible(folder: Path, words: list[str], code: int, said: str) -> None:
    result = run("features", *options(folder), *words)
    assert result.returncode == code and said in result.stderr
    assert result.stderr.count("\n") == 1 and result.stdout == ""
