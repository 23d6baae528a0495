"""`flagsae draw`, as it is typed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image
from shell import Flagsae, Stopped

from flagsae.workspace.drawn import draw

GREEN_STAR = "red field; green star in the centre"


def test_a_sentence_is_a_record_in_a_pipe_and_a_picture_on_a_terminal(flagsae: Flagsae) -> None:
    record = json.loads(flagsae("draw", "a red field with a green star"))
    assert record["name"] == record["text"] == GREEN_STAR
    assert record["design"]["charges"][0]["shape"] == "star"
    assert flagsae("draw", GREEN_STAR, terminal=True).rstrip().endswith(GREEN_STAR)


def test_files_carry_the_design(flagsae: Flagsae, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    flagsae("draw", GREEN_STAR, "-o", "mine.png", "--size", "300")
    with Image.open("mine.png") as picture:
        assert picture.size == (300, 200) and picture.getpixel((3, 3)) == (210, 20, 35)
        design = json.loads(picture.text["flagsae:design"])
    flagsae("draw", GREEN_STAR, "-o", "mine.svg")
    assert json.dumps(design) in Path("mine.svg").read_text(encoding="utf-8").replace("&quot;", '"')
    assert Image.open(io.BytesIO(Path("mine.png").read_bytes())).mode == "RGB"


def test_sentences_and_records_come_through_a_pipe(flagsae: Flagsae, tmp_path: Path) -> None:
    records = flagsae("draw", "-", stdin=f"{GREEN_STAR}\nblue field; gold sun\n")
    assert [json.loads(line)["name"] for line in records.splitlines()] == [
        GREEN_STAR,
        "blue field; yellow sun in the centre",
    ]
    assert flagsae("draw", "-", stdin=records.replace('"star"', '"disc"').replace("[5.0, 0.382]", "[]")).count("disc")
    flagsae("draw", "-", "-o", f"{tmp_path}/flags/", stdin=records)
    assert sorted(path.name for path in (tmp_path / "flags").iterdir()) == [
        "blue-field-yellow-sun-in-the-centre.png",
        "red-field-green-star-in-the-centre.png",
    ]


@pytest.mark.parametrize(
    ("words", "stdin", "said"),
    [
        (["red feild"], "", "'feild' is not known. Did you mean field? (column 5"),
        ([GREEN_STAR, "-o", "x.gif"], "", "cannot write .gif"),
        ([GREEN_STAR, "blue field", "-o", "x.png"], "", "2 pictures do not fit into one file"),
        (["-", "-"], "", "- reads all of stdin"),
        (["-"], "", "no sentences on stdin"),
        (["-"], "red feild\n", "line 1 on stdin: 'feild'"),
        (["-"], "{}\n", 'line 1 on stdin: this record has no "design"'),
        (["-"], "{]\n", "line 1 on stdin: this is no JSON"),
        (["-"], '{"design": {"design": 1, "layers": [{"figure": "moose"}]}}\n', "'moose' is no figure"),
        (
            ["-"],
            '{"design": {"design": 1, "layers": [{"figure": "stripes", "colours": ["puce"]}]}}',
            "no colour 'puce'",
        ),
    ],
)
def test_bad_input_is_one_line(flagsae: Flagsae, words: list[str], stdin: str, said: str) -> None:
    with pytest.raises(Stopped) as stopped:
        flagsae("draw", *words, stdin=stdin)
    assert stopped.value.code == 2 and said in stopped.value.said and stopped.value.said.count("\n") == 1


def test_lines_that_cannot_be_drawn_do_not_cost_the_others(flagsae: Flagsae) -> None:
    with pytest.raises(Stopped) as stopped:
        flagsae("draw", "-", stdin="red field\nred feild\n\nblue field\n")
    assert [json.loads(line)["name"] for line in stopped.value.written.splitlines()] == ["red field", "blue field"]
    assert stopped.value.code == 2 and "line 2 on stdin: 'feild'" in stopped.value.said
    assert "1 of 3 lines were not drawn" in stopped.value.said


def test_a_charge_that_cannot_be_seen_is_said() -> None:
    assert draw("red field; red star at the hoist; white disc; white star").hidden() == [
        "red star at the hoist",
        "white star in the centre",
    ]
    assert draw(GREEN_STAR).hidden() == []
