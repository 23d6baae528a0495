"""`flagsae describe`, as it is typed."""

import json
import re
from pathlib import Path

import pytest
from shell import Flagsae, Stopped

from flagsae.flags.dataset import Dataset, save_dataset


@pytest.mark.long
def test_a_pipe_gets_one_record_a_flag(flagsae: Flagsae) -> None:
    records = [json.loads(line) for line in flagsae("describe", "morocco", "south korea", "JP").splitlines()]
    assert [record["name"] for record in records] == ["morocco", "south-korea", "japan"]
    assert records[0]["text"] == "red field; green star in the centre"
    star = records[0]["elements"][1]
    assert (star["element"], star["colours"], star["place"], star["count"]) == ("star", ["green"], "centre", 1)
    assert star["features"][0] == {"feature": "star", "weight": 1.0}
    assert records[0]["design"]["charges"][0]["shape"] == "star"


def test_a_terminal_gets_the_sentence_and_why(flagsae: Flagsae) -> None:
    out = flagsae("describe", "morocco", terminal=True, COLUMNS="90")
    assert "Red field; green star in the centre." in out
    assert re.search(r"f\d+ red field 0\.\d\d", out) and re.search(r"f\d+ green star 0\.\d\d", out) and "%" in out
    older = flagsae("describe", "morocco", "--model", "crisp", terminal=True, COLUMNS="90")
    assert "green star 0.7" in older and "%" in older


@pytest.mark.long
def test_each_phrase_has_the_features_that_fire_for_it(flagsae: Flagsae) -> None:
    morocco, afghanistan = (
        json.loads(line) for line in flagsae("describe", "morocco", "afghanistan", "--json").splitlines()
    )
    fires = {element["text"]: [one["label"] for one in element["fires"]] for element in morocco["elements"]}
    assert fires["red field"] == ["red field"] and fires["green star in the centre"][0] == "green star"
    assert all(0 < one["activation"] < 1 for element in morocco["elements"] for one in element["fires"])
    assert morocco["unsaid"] == [] and "black vertical stripes" in str(afghanistan["unsaid"])


@pytest.mark.long
def test_sums_and_records_are_described_as_composites(flagsae: Flagsae) -> None:
    composed = flagsae("compose", "morocco", "colombia", "--json")
    (piped,) = [json.loads(line) for line in flagsae("describe", "-", stdin=composed).splitlines()]
    (typed,) = [json.loads(line) for line in flagsae("describe", "morocco + colombia").splitlines()]
    assert piped["text"] == typed["text"]
    assert "star" in piped["text"]


def test_flags_of_ones_own_need_no_model(flagsae: Flagsae, toy: Dataset, tmp_path: Path) -> None:
    save_dataset(toy, tmp_path / "toy.npz")
    (record,) = [
        json.loads(line) for line in flagsae("describe", "france", "--data", str(tmp_path / "toy.npz")).splitlines()
    ]
    assert record["text"] == "three vertical stripes, dark blue, white, red"
    everyone = [json.loads(line) for line in flagsae("describe", "--data", str(tmp_path / "toy.npz")).splitlines()]
    assert [one["name"] for one in everyone] == [name.slug for name in toy.flags.names] and record in everyone
    with pytest.raises(Stopped, match="no model of dataset 'toy' yet"):
        flagsae("describe", "france + japan", "--data", str(tmp_path / "toy.npz"))
    with pytest.raises(Stopped, match="was trained on dataset 'flags'"):
        flagsae("describe", "france + japan", "--data", str(tmp_path / "toy.npz"), "--model", "crisp")


@pytest.mark.long
def test_sentences_go_into_a_file(flagsae: Flagsae, tmp_path: Path) -> None:
    assert flagsae("describe", "japan", "france", "-o", str(tmp_path / "words.txt")) == ""
    assert (tmp_path / "words.txt").read_text(encoding="utf-8").splitlines() == [
        "japan: white field; red disc in the centre",
        "france: three vertical stripes, dark blue, white, red",
    ]
    flagsae("describe", "japan", "-q", "-o", str(tmp_path / "words.json"))
    assert json.loads((tmp_path / "words.json").read_text(encoding="utf-8"))["name"] == "japan"


def test_what_cannot_be_described_is_said_in_a_line(flagsae: Flagsae) -> None:
    for words, reason in (
        (["atlantis"], "no flag named"),
        (["japan", "-o", "words.png"], "FILE.txt"),
        (["-", "-"], "once"),
    ):
        with pytest.raises(Stopped, match=reason) as caught:
            flagsae("describe", *words)
        assert caught.value.code == 2
