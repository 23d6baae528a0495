"""What was chosen last is there the next time, and a bad file bothers nobody."""

import dataclasses
import json
from pathlib import Path

import pytest

from flagsae.tui.state import memory
from flagsae.tui.state.memory import Memory

CHOSEN = Memory(
    screen="map",
    theme="nord",
    expression="morocco + 0.5*laos",
    flag="laos",
    feature=17,
    method="pca",
    cells="wedge",
)


def test_everything_is_remembered() -> None:
    assert memory.load() == Memory()
    memory.save(CHOSEN)
    assert memory.load() == CHOSEN
    blank = Memory()
    assert all(getattr(CHOSEN, field.name) != getattr(blank, field.name) for field in dataclasses.fields(Memory))


def test_it_can_be_forgotten() -> None:
    memory.save(CHOSEN)
    memory.forget()
    assert memory.load() == Memory() and list(memory.file().parent.iterdir()) == []
    memory.forget()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"null", b"[1, 2]", b'"map"', b"[" * 100_000])
def test_a_damaged_file_is_no_memory(content: bytes) -> None:
    memory.save(CHOSEN)
    memory.file().write_bytes(content)
    assert memory.load() == Memory()


def test_of_a_foreign_file_what_makes_sense_is_taken() -> None:
    memory.save(CHOSEN)
    foreign = {"screen": "chess", "theme": "nord", "expression": ["laos"], "feature": True, "volume": 11}
    memory.file().write_text(json.dumps(foreign))
    assert memory.load() == Memory(theme="nord")


def test_where_nothing_can_be_written_nothing_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("FLAGSAE_HOME", str(tmp_path / "file"))
    memory.save(CHOSEN)
    memory.forget()
    assert memory.load() == Memory()
