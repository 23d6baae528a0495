"""What stdin may be besides records: a line that names the line, and code 2."""

from __future__ import annotations

import json

import pytest
from shell import run

LONG = "9" * 5000
RECORD = b'{"name": "x", "code": {"1": 1}}\n'


@pytest.mark.parametrize(
    ("stdin", "said"),
    [
        (b"[" * 100_000, "line 1 on stdin is no record"),
        (b'{"code": ' * 100_000, "line 1 on stdin is no record"),
        (RECORD + b"\xff\n", "line 2 on stdin is no UTF-8"),
        (RECORD + b"\xef\xbb\xbf" + RECORD, "line 2 on stdin is no record"),
        (b"\xff\xfe{\0", "line 1 on stdin is no UTF-8"),
        (b"\0\n", "line 1 on stdin is no record"),
        (b"\n\n" + f'{{"code": {{"1": {LONG}}}}}'.encode(), "line 3 on stdin is no record"),
        (f'{{"code": {{"1": {LONG[:400]}}}}}'.encode(), "numbers are finite"),
        (f'{{"code": {{"{LONG}": 1}}}}'.encode(), "line 1 on stdin is no record"),
        (b'{"code": {"1": 1e999}}', "numbers are finite"),
        (b'{"code": {"1": NaN}}', "numbers are finite"),
        (b'{"code": {"1": 1e7}}', "at most 1,000,000"),
        (b'{"code": {"1": "1"}}', "numbers are finite"),
        (b'{"code": {"1": null}}', "is no record"),
        (b'{"code": {"-1": 1}}', "is no record"),
        (b'{"code": {"\xd9\xa3": 1}}', "is no record"),
        (b'{"code": {"999": 1}}', "features 0 to 5"),
        (b'{"code": []}', "is no record"),
        (b"3", "is no record"),
        (b'{"code": {"1": 1}, "model": ["' + b"a" * 500 + b'"]}', "comes from model ['aaa"),
    ],
)
def test_what_is_no_record_is_named_by_its_line(stdin: bytes, said: str, little: list[str]) -> None:
    result = run("compose", "-", *little, stdin=stdin)
    assert (result.returncode, result.stdout) == (2, "")
    assert said in result.stderr and result.stderr.count("\n") == 1 and len(result.stderr) < 300


@pytest.mark.parametrize("command", ["compose", "describe", "neighbors"])
def test_strange_records_are_read(command: str, little: list[str]) -> None:
    """A byte order mark, halves of surrogate pairs, a name and an expression that are none."""
    strange = {"name": ["\ud800", 3], "code": {"1": 1.5}, "expression": "\udcff\0/a.png"}
    result = run(
        command,
        "-",
        *["-n2"] * (command == "neighbors"),
        *little,
        stdin=b"\xef\xbb\xbf" + RECORD + json.dumps(strange).encode(),
    )
    assert result.returncode == 0
    one, other = (json.loads(line) for line in result.stdout.splitlines())
    assert (one["name"], other["name"]) == ("x", str(strange["name"]))


def test_a_line_without_end_is_not_read_to_its_end(little: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flagsae.cli.operands.LONGEST", 1000)
    result = run("compose", "-", *little, stdin=RECORD + b" " * 1001)
    assert result.returncode == 2 and "line 2 on stdin is longer than 1,000 bytes" in result.stderr
