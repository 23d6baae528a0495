"""Flags with edits in brackets, as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from shell import Flagsae, Stopped

EDITED = "morocco[star->crescent, red->blue]"


@pytest.mark.long
def test_an_edited_flag_is_a_record_with_its_design_and_comes_back_through_a_pipe(flagsae: Flagsae) -> None:
    line = flagsae("compose", "Morocco[ Star -> crescent; red→blue ]")
    record = json.loads(line)
    assert record["expression"] == EDITED and record["name"] == "Morocco [star->crescent, red->blue]"
    assert [layer["colours"] for layer in record["design"]["layers"]] == [["blue"]]
    assert [charge["shape"] for charge in record["design"]["charges"]] == ["crescent"]
    again = json.loads(flagsae("compose", "-", stdin=line))
    assert again["design"] == record["design"] and again["code"] == record["code"]
    assert flagsae("compose", EDITED, terminal=True).rstrip().endswith("Morocco [star->crescent, red->blue]")


@pytest.mark.long
def test_its_files_are_drawn_from_the_design_and_carry_it(
    flagsae: Flagsae, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    flagsae("compose", "japan[white->navy]", "-o", "mine.png", "--size", "900")
    with Image.open("mine.png") as picture:
        assert picture.size == (900, 600) and picture.getpixel((5, 5)) == (4, 36, 111)
        design = json.loads(picture.text["flagsae:design"])
        assert picture.text["flagsae:expression"] == "japan[white->navy]"
    flagsae("compose", "japan[white->navy]", "-o", "mine.svg")
    text = Path("mine.svg").read_text(encoding="utf-8")
    assert json.dumps(design) in text.replace("&quot;", '"') and text.count("<path") == 2


@pytest.mark.long
def test_what_an_edit_does_besides_is_said_and_in_a_sum_it_is_an_operand(flagsae: Flagsae) -> None:
    flagsae("compose", "morocco[red->green]")
    assert "note: green star in the centre: it would not be seen on green" in flagsae.said  # type: ignore[attr-defined]
    record = json.loads(flagsae("compose", "japan[+star]", "france[-blue]", "-", stdin=flagsae("compose", "laos")))
    assert record["name"] == "Laos + Japan [+star] + France [-blue]" and "recipe" in record
    assert (
        json.loads(flagsae("draw", "red field; green star [star->sun]"))["text"] == "red field; green sun in the centre"
    )


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["compose", "morocco[star->cresent]"], "Did you mean crescent? (column 15 of"),
        (["compose", "laos + japan[star->sun]"], "there is no star on it: white field; red disc in the centre; +star"),
        (["compose", "norway[colours jamaca]"], "Did you mean one of: jamaica"),
        (["compose", "morocco[]"], "these brackets hold no edit"),
        (["describe", "morocco[]"], "these brackets hold no edit"),
        (["compose", "moroco[-red]"], "no flag named 'moroco'. Did you mean"),
        (["draw", "red field; green star [star->cresent]"], "Did you mean crescent? (column 30 of"),
        (["draw", "red feild [star->sun]"], "Did you mean field? (column 5"),
    ],
)
def test_what_is_not_understood_is_pointed_at(flagsae: Flagsae, words: list[str], said: str) -> None:
    with pytest.raises(Stopped) as stopped:
        flagsae(*words)
    assert stopped.value.code == 2 and said in stopped.value.said and stopped.value.said.count("\n") == 1
