"""`flagsae neighbors` and `flagsae embed` as a person and a pipe meet them."""

import csv
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from shell import Flagsae, Stopped

from flagsae import paths
from flagsae.flags.dataset import Dataset, save_dataset
from flagsae.sae.model import save_model


@pytest.fixture
def on_a_terminal(flagsae: Flagsae) -> Callable[..., list[str]]:
    """The lines that a command draws, colours and all, on a terminal of some size."""

    def run(*words: str, columns: int = 80, rows: int = 24, **more: str) -> list[str]:
        size = {"COLUMNS": str(columns), "LINES": str(rows)}
        return flagsae(*words, terminal=True, **size, **more).split("\n")[:-1]

    return run


def plain(lines: list[str]) -> list[str]:
    return [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines]


def records(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


# neighbors


@pytest.mark.long
def test_the_neighbours_of_a_flag_as_a_record(flagsae: Flagsae) -> None:
    (belgium,) = records(flagsae("neighbors", "BE", "-n", "3"))
    assert belgium["name"] == "belgium" and len(belgium["model"]) == 12
    assert belgium["neighbors"][0]["name"] == "mali"
    assert {one["name"] for one in belgium["neighbors"]} <= {"mali", "chad", "romania", "andorra", "moldova"}
    assert [one["rank"] for one in belgium["neighbors"]] == [1, 2, 3]
    assert 1 > belgium["neighbors"][0]["similarity"] > belgium["neighbors"][2]["similarity"] > 0.3
    assert belgium["neighbors"][0]["title"] == "Mali"


@pytest.mark.long
def test_a_flag_is_not_its_own_neighbour_but_a_picture_finds_the_flag(flagsae: Flagsae) -> None:
    flag, picture, colour = records(
        flagsae("neighbors", "japan", str(paths.shipped("flags/japan.png")), "red", "-n", "4")
    )
    assert "japan" not in [one["name"] for one in flag["neighbors"]]
    assert picture["neighbors"][0] == {"name": "japan", "title": "Japan", "rank": 1, "similarity": 1.0}
    assert flag["neighbors"][:3] == [{**one, "rank": one["rank"] - 1} for one in picture["neighbors"][1:]]
    assert colour["name"] == "red" and len(colour["neighbors"]) == 4


def test_a_sum_is_near_to_its_parts_typed_or_piped(flagsae: Flagsae, little: list[str]) -> None:
    typed = flagsae("neighbors", "japan + sweden", "-n", "2", *little)
    (both,) = records(typed)
    assert both["name"] == "Japan + Sweden"
    assert {one["name"] for one in both["neighbors"]} == {"japan", "sweden"}
    assert flagsae("neighbors", "-", "-n", "2", *little, stdin=flagsae("compose", "japan", "sweden", *little)) == typed


@pytest.mark.long
def test_samples_come_through_a_pipe_with_a_flag_beside_them(flagsae: Flagsae, little: list[str]) -> None:
    samples = flagsae("sample", "-n", "3", "--seed", "1", "--avoid-real", "0", "--json", *little)
    found = records(flagsae("neighbors", "-", "japan", "-n", "5", *little, stdin=samples))
    assert [record["name"] for record in found] == [*(record["name"] for record in records(samples)), "japan"]
    mapped = records(flagsae("embed", "-", *little, stdin=samples))
    assert [record["name"] for record in mapped] == [record["name"] for record in records(samples)]
    assert mapped[0]["code"] == pytest.approx(records(samples)[0]["code"])


@pytest.mark.long
@pytest.mark.parametrize("columns", [30, 80, 200])
def test_neighbours_are_drawn_within_the_width(on_a_terminal: Callable[..., list[str]], columns: int) -> None:
    lines = on_a_terminal("neighbors", "belgium", columns=columns)
    text = "\n".join(plain(lines))
    assert max(map(len, plain(lines))) <= columns
    assert "Belgium" in text and re.search(r"(^|\n|  )1  0\.\d\d", text)
    assert "48;2;0;0;0" in "".join(lines)  # Belgium's black
    assert len(lines) == {30: 36, 80: 12, 200: 7}[columns]


@pytest.mark.long
def test_neighbours_without_colour_are_drawn_in_letters(on_a_terminal: Callable[..., list[str]]) -> None:
    screen = "\n".join(on_a_terminal("neighbors", "belgium", "-n", "2", NO_COLOR="1"))
    assert "\x1b[38" not in screen and "\x1b[48" not in screen
    assert "kkkk" in screen and "YYYY" in screen and "Mali" in screen


def test_neighbours_in_files(flagsae: Flagsae, little: list[str], tmp_path: Path) -> None:
    words = ["neighbors", "france", "japan", "-n", "4", *little]
    assert flagsae(*words, "-o", f"{tmp_path}/n.png", "--size", "500") == ""
    with Image.open(tmp_path / "n.png") as sheet:
        assert sheet.width == 500 and 100 < sheet.height < 300
        assert sheet.info["Title"] == "Neighbours of France, Japan"
    flagsae(*words, "-o", f"{tmp_path}/n.csv")
    rows = list(csv.DictReader((tmp_path / "n.csv").read_text().splitlines()))
    assert len(rows) == 8
    assert list(rows[4]) == ["name", "rank", "neighbor", "title", "similarity"]
    assert [rows[4][key] for key in ("name", "rank")] == ["japan", "1"]
    (told,) = records(flagsae("neighbors", "japan", "-n", "1", *little))
    assert rows[4]["neighbor"] == told["neighbors"][0]["name"]
    flagsae(*words, "-o", f"{tmp_path}/n.json")
    assert (tmp_path / "n.json").read_text() == flagsae(*words)


# embed


@pytest.mark.long
def test_a_map_as_records_which_compose_reads(flagsae: Flagsae, little: list[str]) -> None:
    text = flagsae("embed", *little)
    rows = records(text)
    assert [row["name"] for row in rows] == ["colombia", "france", "japan", "malaysia", "morocco", "sweden"]
    assert list(rows[0]) == ["name", "x", "y", "code", "model"]
    assert text == flagsae("embed", *little, "--seed", "0") != flagsae("embed", *little, "--seed", "1")
    assert records(flagsae("compose", "-", *little, stdin=text))[2]["code"] == rows[2]["code"]


@pytest.mark.long
def test_all_flags_have_a_place_each_among_its_kind(flagsae: Flagsae) -> None:
    rows = {row["name"]: np.array([row["x"], row["y"]]) for row in records(flagsae("embed"))}
    assert len(rows) == 249
    typical = np.median([np.linalg.norm(rows["chad"] - place) for place in rows.values()])
    for near in ("romania", "belgium", "france"):
        assert np.linalg.norm(rows["chad"] - rows[near]) < 0.5 * typical


@pytest.mark.long
@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (200, 60)])
def test_the_map_fills_the_terminal_and_no_more(
    on_a_terminal: Callable[..., list[str]], flagsae: Flagsae, columns: int, rows: int
) -> None:
    lines = on_a_terminal("embed", "--method", "pca", columns=columns, rows=rows)
    assert len(lines) == rows - 2
    assert columns - 12 < max(map(len, plain(lines))) <= columns
    (left_out,) = re.findall(r"^(\d+) of 249 flags found no room: --names shows more", flagsae.said)  # type: ignore[attr-defined]
    assert 0 < int(left_out) < 249
    names = on_a_terminal("embed", "--method", "pca", "--names", "--quiet", columns=columns, rows=rows)
    assert flagsae.said == "" and len(names) == rows - 2  # type: ignore[attr-defined]
    drawn = [word for line in names for word in re.split(r"\s{2,}", line.strip()) if word]
    assert len(drawn) > 249 - int(left_out)  # names alone take less room


@pytest.mark.long
def test_a_few_flags_have_their_whole_names(on_a_terminal: Callable[..., list[str]], flagsae: Flagsae) -> None:
    lines = on_a_terminal("embed", "france", "mexico", "central african republic", "japan + mexico")
    text = "\n".join(plain(lines))
    assert "Central African Republic" in text and "Japan + Mexico" in text
    assert flagsae.said == "" and "48;2" in "".join(lines)  # type: ignore[attr-defined]


@pytest.mark.long
def test_without_colour_a_map_is_names_and_up_is_up(
    on_a_terminal: Callable[..., list[str]], flagsae: Flagsae, little: list[str]
) -> None:
    lines = on_a_terminal("embed", *little, NO_COLOR="1")
    assert lines == plain(lines)
    assert sorted(" ".join(lines).split()) == ["Colombia", "France", "Japan", "Malaysia", "Morocco", "Sweden"]
    highest = max(records(flagsae("embed", *little)), key=lambda row: row["y"])
    assert highest["name"].title() in lines[0]


def test_a_map_in_files(flagsae: Flagsae, little: list[str], tmp_path: Path) -> None:
    words = ["embed", "france", "japan", "morocco", "sweden", "france + japan", "--method", "pca", *little]
    rows = records(flagsae(*words))
    flagsae(*words, "-o", f"{tmp_path}/m.csv")
    table = list(csv.reader((tmp_path / "m.csv").read_text().splitlines()))
    assert table[0] == ["slug", "title", "x", "y"]
    assert table[1] == ["france", "France", str(rows[0]["x"]), str(rows[0]["y"])]
    assert table[5][:2] == ["France + Japan", "France + Japan"]
    flagsae(*words, "-o", f"{tmp_path}/m.json")
    assert records((tmp_path / "m.json").read_text()) == rows
    flagsae(*words, "-o", f"{tmp_path}/m.png", "--size", "400")
    with Image.open(tmp_path / "m.png") as image:
        assert image.size == (400, 300)
        assert image.info["Title"] == "5 flags by their encodings, PCA"
        drawn = (np.asarray(image) != 255).any(2).sum() / (40 * 27)
    assert 3 < drawn < 5  # flags of a tenth of the width, of which three have white in them
    flagsae(*words, "-o", f"{tmp_path}/m.svg", "--size", "400")
    root = ElementTree.parse(tmp_path / "m.svg").getroot()
    tooltips = [title.text for title in root.iter("{http://www.w3.org/2000/svg}title")][1:]
    assert tooltips == ["France", "Japan", "Morocco", "Sweden", "France + Japan"]
    assert len((tmp_path / "m.svg").read_text()) < 30_000


# both


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["neighbors", "marocco"], 2, "Did you mean"),
        (["embed", "marocco"], 2, "Did you mean"),
        (["neighbors", "japan", "-n", "6"], 2, "-n 6 is too many: this dataset has 5 other flags"),
        (["neighbors", "-", "-"], 2, "give it once"),
        (["neighbors", "japan", "+", "france"], 2, 'quote it, as in "morocco + colombia"'),
        (["neighbors", "--", "-japan"], 2, "no feature is active in '-Japan'"),
        (["neighbors", "-"], 2, "no records on stdin"),
        (["neighbors", "japan", "-o", "x.svg"], 2, "give -o FILE.png, FILE.csv, FILE.json"),
        (["neighbors", "japan", "-o", "x/"], 2, "one file"),
        (["embed", "-o", "x.bmp"], 2, "give -o FILE.png, FILE.svg"),
        (["embed", "-o", "x/"], 2, "one file"),
        (["embed", "--perplexity", "6"], 2, "--perplexity 6 is too large for 6 flags: give less than 6"),
        (["embed", "japan", "sweden", "--perplexity", "5"], 2, "too large for 2 flags"),
        (["embed", "--method", "umap"], 2, "tsne, pca"),
        (["embed", "--method", "pca", "--perplexity", "5"], 2, "of t-SNE"),
        (["embed", "--model", "nothing"], 2, "no model named 'nothing'"),
    ],
)
def test_errors_are_one_line_with_the_right_code(
    flagsae: Flagsae, little: list[str], words: list[str], code: int, said: str
) -> None:
    with pytest.raises(Stopped) as stopped:
        flagsae(words[0], *little, *words[1:])
    assert stopped.value.code == code and said in stopped.value.said and stopped.value.written == ""
    assert stopped.value.said.startswith("flagsae: ") and stopped.value.said.count("\n") == 1


@pytest.mark.parametrize("words", [["neighbors", "japan"], ["embed"]])
def test_a_model_of_another_dataset_is_refused(
    flagsae: Flagsae, toy: Dataset, tmp_path: Path, words: list[str]
) -> None:
    save_dataset(toy, tmp_path / "toy.npz")
    with pytest.raises(Stopped, match="was trained on dataset 'flags'") as stopped:
        flagsae(*words, "--data", f"{tmp_path}/toy.npz", "--model", "crisp")
    assert stopped.value.code == 1


def test_the_seed_preset_has_neighbours_and_a_map(
    flagsae: Flagsae, on_a_terminal: Callable[..., list[str]], toy: Dataset, tmp_path: Path
) -> None:
    """A network of random weights, in which flags with like pixels have like codes."""
    random = np.random.default_rng(0)
    pixels = 8 * 12 * 3
    tensors = {
        "W_in": random.normal(0, 0.05, (40, pixels)).astype(np.float32),
        "b_in": np.zeros(40, np.float32),
        "W_out": random.normal(0, 0.05, (pixels, 40)).astype(np.float32),
        "b_out": np.zeros(pixels, np.float32),
    }
    save_model(tmp_path / "seed.safetensors", tensors, {"kind": "seed", "size": [8, 12]})
    save_dataset(toy, tmp_path / "toy.npz")
    both = ["--data", f"{tmp_path}/toy.npz", "--model", f"{tmp_path}/seed.safetensors"]
    (summed,) = records(flagsae("neighbors", "france + morocco", "-n", "2", *both))
    assert {one["name"] for one in summed["neighbors"]} == {"france", "morocco"}
    (japan,) = records(flagsae("neighbors", "japan", "-n", "5", *both))
    assert japan["neighbors"][-1]["similarity"] < 0  # without the mean, flags can be each other's opposite
    assert len(records(flagsae("embed", *both))) == 6
    screen = plain(on_a_terminal("embed", "france + japan", "sweden", "morocco", *both))
    assert "France + Japan" in "\n".join(screen)
    flagsae("embed", "france + japan", "sweden", "-o", f"{tmp_path}/m.svg", *both)
    assert (tmp_path / "m.svg").read_text().count("data:image/png") == 1  # blurred, so not in vectors


def test_a_closed_pipe_is_silent(little: list[str]) -> None:
    flags = ["japan"] * 400  # as many lines of five neighbours are more than a pipe holds
    words = " ".join([*flags, *little])
    script = f"{sys.executable} -W error -m flagsae neighbors {words} -n 5 | head -1"
    result = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
    assert result.stdout.count("\n") == 1 and result.stderr == ""


@pytest.mark.long
def test_neighbors_needs_no_sklearn() -> None:
    code = (
        "import sys; from flagsae.cli import app\n"
        "try: app(['neighbors', 'japan'], prog_name='flagsae')\n"
        "except SystemExit as end: assert not end.code\n"
        "assert not {'torch', 'textual', 'sklearn'} & set(sys.modules)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0
