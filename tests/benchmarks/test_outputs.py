"""What benchmarks/outputs.py makes of its table, and of two runs that differ."""

from pathlib import Path

import pytest
from outputs import CASES, Line, compare, read


def test_a_row_is_read_as_a_shell_would() -> None:
    line = read("@80x24 NO_COLOR=1 sample -n 2 --json | compose - 'japan + star' < in/x.jsonl")
    stages = [["sample", "-n", "2", "--json"], ["compose", "-", "japan + star"]]
    assert line == Line((80, 24), {"NO_COLOR": "1"}, stages, "in/x.jsonl")


def test_each_case_has_a_folder_of_its_own() -> None:
    assert len({name.casefold() for name, _ in CASES}) == len(CASES)


def test_what_differs_is_named_with_its_first_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for run, (code, said, picture) in {"old": ("0", "a\nb\n", b"\0\1"), "new": ("1", "a\nc\n", b"\0\1")}.items():
        folder = tmp_path / run / "compose-png"
        (folder / "files").mkdir(parents=True)
        (folder / "exit").write_text(code)
        (folder / "stderr").write_text(said)
        (folder / "files" / "new.png").write_bytes(picture)
    (tmp_path / "new" / "compose-png" / "files" / "more.svg").touch()
    assert compare(tmp_path / "old", tmp_path / "old") == 0
    capsys.readouterr()
    assert compare(tmp_path / "old", tmp_path / "new") == 1
    told = capsys.readouterr().out
    assert "compose-png: exit, line 1" in told
    assert "compose-png: stderr, line 2, byte 0:\n      - 'b'\n      + 'c'" in told
    assert "compose-png: files/more.svg is only in the second" in told
    assert "new.png" not in told
