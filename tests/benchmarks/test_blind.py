"""benchmarks/blind.py: from sums to sheets, and from verdicts to what they come to."""

import json
import sys
from pathlib import Path

import blind
import pytest
from mixes import sums
from PIL import Image

from flagsae.flags.dataset import Dataset


def test_sums_are_chosen_by_the_seed_alone(flags: Dataset) -> None:
    def chosen(seed: int) -> list[str]:
        changed = sums.changed_sums(flags, seed)
        plain = sums.plain_sums(flags, 3, 2, seed) + sums.weighted_sums(flags, 2, seed)
        return [one.expression for one in [*plain, *(next(changed) for _ in sums.RULES)]]

    assert chosen(5) == chosen(5) != chosen(6)
    *_, missing, replaced, added, taken, minus, pair = chosen(5)
    assert [one.count(" - ") for one in (missing, replaced, added, taken, minus, pair)] == [1, 1, 0, 1, 1, 1]
    assert [one.count(" + ") for one in (missing, replaced, added, taken, minus, pair)] == [0, 1, 1, 0, 0, 1]


def test_sheets_say_nothing_of_the_method_and_verdicts_are_read_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sums.tsv").write_text("japan + italy\tboth\nfrance[blue->green]\tno blue\nno such flag\tnothing\n")

    def run(*words: str) -> str:
        monkeypatch.setattr(sys, "argv", ["blind.py", *words])
        blind.main()
        return capsys.readouterr().out

    said = run("make", str(tmp_path / "look"), "--kind", "words", "--list", str(tmp_path / "sums.tsv"))
    assert "left out 1" in said and "no such flag" in said
    order = json.loads((tmp_path / "look" / "order.json").read_text())
    assert sorted(item["expression"] for item in order["items"]) == ["france[blue->green]", "japan + italy"]
    with Image.open(tmp_path / "look" / "sheet-01.png") as sheet:
        assert sheet.width > blind.COLUMNS * blind.WIDE
    assert "each of the 2 items" in (tmp_path / "look" / "questions.txt").read_text()
    for name, answers in (("one.csv", ("yes", "no")), ("two.csv", ("no", "no"))):
        rows = [f'{number},{answer},"why, {name}"' for number, answer in enumerate(answers, 1)]
        (tmp_path / name).write_text("\n".join(["number,verdict,reason", *rows]))
    told = run("read", str(tmp_path / "look"), str(tmp_path / "one.csv"), str(tmp_path / "two.csv"))
    assert "one.csv: passes 1, fails 1 of 2" in told
    assert "agree in 50%, kappa 0.00" in told
    assert f"| 2 | {order['items'][1]['expression']} | fails: why, one.csv | fails: why, two.csv |" in told


def test_sides_are_undone_where_one_of_two_is_preferred() -> None:
    item = blind.Item(1, "japan + italy", "", ("weave", "default"))
    assert [blind.meaning(item, answer) for answer in ("A", "B", "tie")] == ["weave", "default", "tie"]


def test_agreement_beyond_chance() -> None:
    # Cohen 1960: 45 and 15 of 100 alike, 60 and 70 of them yes: .6 where .54 is chance.
    one, other = ["yes"] * 60 + ["no"] * 40, ["yes"] * 45 + ["no"] * 15 + ["yes"] * 25 + ["no"] * 15
    assert blind.agreement(one, other) == (pytest.approx(0.6), pytest.approx(0.06 / 0.46))


@pytest.mark.parametrize("lines", ["1,yes,a", "1,yes,a\n1,no,b", "1,maybe,a\n2,no,b", "1,yes,a\n3,no,b"])
def test_verdicts_that_are_missing_doubled_or_unknown_are_refused(lines: str, tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text(f"number,verdict,reason\n{lines}\n")
    with pytest.raises(ValueError, match=r"one\.csv"):
        blind.verdicts(file, [1, 2], blind.PASSES)
