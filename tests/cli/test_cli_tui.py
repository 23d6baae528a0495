"""`flagsae tui` before there is a screen: its help, its options, and where it cannot draw."""

import os
import socket
import subprocess
import sys

import pytest
from shell import run
from test_cli import start

from flagsae import paths
from flagsae.tui.state import memory


@pytest.mark.parametrize("words", [["tui"], ["tui", "morocco"]])
def test_without_a_terminal_it_says_where_else_it_can_be_seen(words: list[str]) -> None:
    result = run(*words)
    assert result.returncode == 2 and result.stdout == ""
    assert result.stderr == (
        "flagsae: the application needs a terminal: run it in one, or give --serve to see it in a browser\n"
    )
    assert list(paths.home().iterdir()) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--screen", "chess"], "mix, flags, features, map, train, lab"),
        (["--color", "8"], "auto, truecolor, 256, 16, none"),
        (["--charset", "sixel"], "braille, block, ascii"),
        (["--port", "70000"], "0<=x<=65535"),
    ],
)
def test_what_can_be_chosen_is_named(words: list[str], said: str) -> None:
    result = run("tui", *words)
    assert result.returncode == 2 and said in result.stderr


@pytest.mark.long
def test_fresh_forgets() -> None:
    memory.save(memory.Memory(screen="map"))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        start("tui", "--fresh", "--serve", "--port", port, "--screen", "chess")
        assert memory.load().screen == "map"  # a slip of the pen forgets nothing
        start("tui", "--fresh", "--serve", "--port", port)
    assert memory.load() == memory.Memory()


@pytest.mark.long
def test_it_loads_nothing_heavy_before_it_must() -> None:
    code = (
        "import sys; from flagsae.cli import app\n"
        "try: app(['tui'], prog_name='flagsae')\n"
        "except Exception as error: assert 'terminal' in str(error), error\n"
        "assert not {'numpy', 'torch', 'textual', 'PIL', 'rich', 'aiohttp'} & set(sys.modules)\n"
    )
    env = {name: value for name, value in os.environ.items() if name != "TEXTUAL_DRIVER"}
    result = subprocess.run([sys.executable, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, env=env)
    assert result.returncode == 0, result.stderr
