"""The command as a person and a pipe meet it: what is drawn, what is written, how it ends."""

import io
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from shell import run

from flagsae import paths
from flagsae.cli import COMMANDS
from flagsae.flags.dataset import Dataset, save_dataset

COMMAND = [sys.executable, "-W", "error", "-m", "flagsae"]
ROOT = Path(__file__).parents[2]


def start(*words: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """What `run` does, in a process of its own, where what Python itself does at its start and its end counts."""
    env = {**os.environ, **environment}
    return subprocess.run([*COMMAND, *words], input=stdin, capture_output=True, text=True, env=env)


def on_a_terminal(*words: str, columns: int = 80, **environment: str) -> str:
    """What a command writes on a terminal of 80 columns and true colour."""
    ours, theirs = pty.openpty()
    env = {**os.environ, "COLUMNS": str(columns), "COLORTERM": "truecolor", "TERM": "xterm-256color", **environment}
    with subprocess.Popen([*COMMAND, *words], stdout=theirs, stderr=theirs, env=env) as process:
        os.close(theirs)
        out = b""
        while True:
            try:
                data = os.read(ours, 65536)
            except OSError:  # Linux: the other side has been closed
                break
            if not data:
                break
            out += data
        process.wait()
    os.close(ours)
    return out.decode()


def drawn(*words: str, columns: int = 80, **environment: str) -> str:
    """What a command would write on such a terminal, from this process."""
    result = run(*words, terminal=True, **{"COLUMNS": str(columns), **environment})
    assert result.returncode == 0, result.stderr
    return result.stderr + result.stdout


def lines(result: subprocess.CompletedProcess[str]) -> list[dict]:
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.long
def test_help_answers_without_anything_heavy() -> None:
    code = (
        "import sys; from flagsae.cli import app\n"
        f"for command in {COMMANDS!r}:\n"
        "    try: app([command, '--help'], prog_name='flagsae')\n"
        "    except SystemExit as end: assert end.code == 0, command\n"
        "    heavy = {'numpy', 'torch', 'textual', 'PIL', 'rich', 'sklearn', 'aiohttp'} & set(sys.modules)\n"
        "    assert not heavy, (command, heavy)\n"
        "    print('\\f')\n"
        "app(['--help'], prog_name='flagsae')\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    *pages, page = result.stdout.split("\f")
    assert "Usage: flagsae [OPTIONS] COMMAND" in page
    for command, page in zip(COMMANDS, pages, strict=True):
        assert f"Usage: flagsae {command}" in page
        assert f"\n  flagsae {command}" in page, command  # an example to type


def test_the_readme_has_every_command() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        assert f"\n| `flagsae {command}" in text, f"README.md's table has no line with an example of {command}"


@pytest.mark.long
def test_compose_needs_no_torch_and_no_plugins_metadata() -> None:
    code = (
        "import sys; from flagsae.cli import app\n"
        "try: app(['compose', 'morocco', 'colombia'], prog_name='flagsae')\n"
        "except SystemExit as end: assert not end.code\n"
        "assert not {'torch', 'textual', 'sklearn', 'importlib.metadata'} & set(sys.modules)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


@pytest.mark.long
def test_compose_draws_the_flag_beside_its_parents() -> None:
    screen = on_a_terminal("compose", "morocco", "colombia")
    assert "Morocco" in screen and "Colombia" in screen and "Morocco + Colombia" in screen
    assert "38;2;193;39;45" in screen or "48;2;193;39;45" in screen  # Morocco's own red
    assert 12 < screen.count("\n") < 24


@pytest.mark.long
@pytest.mark.parametrize("columns", [40, 80, 200])
def test_many_parents_fit_the_terminal(little: list[str], columns: int) -> None:
    screen = drawn("compose", "colombia", "france", "japan", "malaysia", "morocco", "sweden", *little, columns=columns)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", screen)
    assert "Malaysia" in plain and max(map(len, plain.splitlines())) <= columns


def test_without_colour_a_flag_is_drawn_in_letters(little: list[str]) -> None:
    screen = drawn("compose", "france", "japan", *little, NO_COLOR="1")
    assert "BBBBB" in screen and "wwwww" in screen and "RRRR" in screen
    assert "\x1b[38" not in screen


@pytest.mark.long
def test_in_a_pipe_it_writes_records_that_it_reads_again(little: list[str]) -> None:
    (japan, france) = lines(run("compose", "japan", *little)) + lines(run("compose", "france", *little))
    (both,) = lines(run("compose", "japan", "france", *little))
    assert both["name"] == "Japan + France" and both["expression"] == "japan + france"
    total = {feature: japan["code"].get(feature, 0) + france["code"].get(feature, 0) for feature in both["code"]}
    assert both["code"] == pytest.approx(total, abs=1e-5)
    piped = json.dumps(japan) + "\n" + json.dumps(france) + "\n"
    (again,) = lines(start("compose", "-", "sweden", *little, stdin=piped))
    assert again["name"] == "Japan + France + Sweden"
    assert [record["name"] for record in lines(run("compose", "-", *little, stdin=piped))] == ["Japan", "France"]


@pytest.mark.parametrize(
    ("stdin", "said"),
    [
        ("", "no records on stdin"),
        ("nonsense\n", "line 1 on stdin is no record"),
        ('{"name": "x", "code": {"5000": 1}}\n', "features 0 to 71"),
        ('{"name": "x", "code": {"5": 1}, "model": "other"}\n', "comes from model other"),
    ],
)
def test_bad_records_are_named_by_their_line(stdin: str, said: str) -> None:
    result = run("compose", "-", stdin=stdin)
    assert result.returncode == 2
    assert said in result.stderr and result.stderr.count("\n") == 1 and result.stdout == ""


@pytest.mark.long
def test_a_png_of_any_size(tmp_path: Path) -> None:
    result = run("compose", "japan", "france", "-o", str(tmp_path / "new.png"), "--size", "600")
    assert result.returncode == 0 and result.stdout == "" and "new.png" in result.stderr
    image = Image.open(tmp_path / "new.png")
    assert image.size == (600, 400)
    assert image.info["flagsae:expression"] == "japan + france"
    colours = image.convert("RGB").getcolors(10**6)
    assert colours is not None
    large = sorted((count for count, _ in colours), reverse=True)[:3]
    assert sum(large) > 0.98 * 600 * 400


@pytest.mark.long
def test_a_png_goes_into_a_pipe_and_not_onto_a_terminal(little: list[str]) -> None:
    words = ["compose", "japan", "france", "-o", "-", *little]
    result = subprocess.run([*COMMAND, *words], capture_output=True)
    assert result.returncode == 0
    assert Image.open(io.BytesIO(result.stdout)).size == (1200, 800)
    refused = run(*words, terminal=True)
    assert refused.returncode == 2 and "redirect stdout" in refused.stderr


def test_a_stream_of_records_fills_a_folder(little: list[str], tmp_path: Path) -> None:
    record = run("compose", "japan", *little).stdout
    assert run("compose", "-", *little, "-o", f"{tmp_path}/out/", "--size", "60", stdin=record * 2).returncode == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["japan-2.png", "japan.png"]
    assert run("compose", "-", *little, "-o", f"{tmp_path}/one.png", stdin=record * 2).returncode == 2


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["compose", "marocco", "france"], 2, "Did you mean"),
        (["compose", "japan", "-o", "x.bmp"], 2, "give -o FILE.png, FILE.svg"),
        (["compose", "japan", "--decode", "blur"], 2, "weave, vote, sum"),
        (["compose", "morocco + * 2"], 2, "column 11"),
        (["compose", "morocco -"], 2, "column 9"),
        (["compose", "morocco / 2"], 2, "0.5*NAME"),
        (["compose", "morocco - morocco"], 2, "nothing is left"),
        (["compose", "--", "-morocco"], 2, "nothing is left"),
        (["compose", " + ".join(["japan"] * 1000)], 2, "at most 100"),
        (["compose", "japan", "--steps", "5"], 2, "two operands"),
        (["compose", "japan", "laos", "--steps", "1"], 2, "give 2 or more"),
        (["compose", "japan", "laos", "--steps", "5", "-o", "x.svg"], 2, "FILE.gif"),
        (["compose", "japan", "laos", "-o", "x.gif"], 2, "--steps 7"),
        (["compose", "japan", "laos", "--alternatives", "2", "-o", "x.png"], 2, "give a folder"),
        (["compose", "japan", "laos", "--alternatives", "2", "--steps", "3"], 2, "one of them"),
        (["sample", "--prior", "magic"], 2, "mix, empirical"),
        (["sample", "-n", "2", "-o", "x.png"], 2, "--grid 8"),
        (["sample", "-n", "2", "--grid", "2"], 2, "-o FILE.png"),
        (["compose", "japan", "--model", "nothing"], 2, "no model named 'nothing'"),
        (["compose", "japan", "--data", "nothing"], 2, "no dataset named 'nothing'"),
        (["compose", "nowhere/flag.png"], 2, "no picture at"),
        (["prepare", "nowhere"], 1, "does not exist"),
        (["prepare", "--canvas", "tall"], 2, "HxW"),
        (["train", "--features", "0"], 2, "--features is at least 1"),
        (["train", "--preset", "magic"], 2, "design, crisp, seed"),
        (["train", "--split", "other"], 2, "grouped"),
        (["train", "--name", "My Model"], 2, "my-model"),
        (["train", "--resume"], 2, "no run to resume"),
        (["train", "--resume", "--epochs", "5"], 2, "leave out --epochs"),
        (["train", "--device", "toaster"], 2, "toaster"),
        (["reconstruct", "-"], 2, "not -"),
    ],
)
def test_errors_are_one_line_with_the_right_code(words: list[str], code: int, said: str) -> None:
    result = run(*words)
    assert result.returncode == code
    assert said in result.stderr
    assert result.stderr.count("\n") == 1 and result.stderr.startswith("flagsae: ")
    assert result.stdout == ""


@pytest.mark.long
def test_debug_shows_the_traceback() -> None:
    assert "Traceback" in start("compose", "marocco", FLAGSAE_DEBUG="1").stderr
    said = start("compose", "marocco")
    assert said.returncode == 2 and said.stderr == run("compose", "marocco").stderr


@pytest.mark.long
def test_a_closed_pipe_is_silent(little: list[str]) -> None:
    record = run("compose", "japan", *little).stdout
    script = f"{' '.join([*COMMAND, 'compose', '-', *little])} | head -1"
    result = subprocess.run(["bash", "-c", script], input=record * 60, capture_output=True, text=True)
    assert result.stdout.count("\n") == 1 and result.stderr == ""


@pytest.mark.long
def test_words_of_the_shell_are_a_sum_and_a_quoted_text_is_the_same(little: list[str]) -> None:
    (words,) = lines(run("compose", *little, "morocco", "+", "colombia", "-", "0.5*sweden"))
    (quoted,) = lines(run("compose", *little, "morocco + colombia - 0.5*sweden"))
    assert words == quoted and words["name"] == "Morocco + Colombia - 0.5*Sweden"


def test_a_record_keeps_its_expression_and_a_changed_code_is_heard(little: list[str]) -> None:
    (record,) = lines(run("compose", "japan + 2*france", *little))
    (again,) = lines(run("compose", "-", *little, stdin=json.dumps(record)))
    assert again == {name: value for name, value in record.items() if name != "recipe"}
    changed = {**record, "code": {feature: 2 * value for feature, value in record["code"].items()}}
    (heard,) = lines(run("compose", "-", *little, stdin=json.dumps(changed)))
    assert "expression" not in heard and heard["code"] == pytest.approx(changed["code"])


@pytest.mark.long
def test_an_svg_says_what_it_shows(little: list[str], tmp_path: Path) -> None:
    assert run("compose", "morocco + colombia", *little, "-o", f"{tmp_path}/new.svg").returncode == 0
    text = (tmp_path / "new.svg").read_text()
    root = ElementTree.fromstring(text)
    assert root.tag.endswith("svg") and "morocco + colombia" in text
    (record,) = lines(run("compose", "morocco + colombia", *little))
    assert record["model"] in text
    assert len(text) < 60_000


@pytest.mark.long
def test_a_morph_as_gif_strip_folder_and_records(little: list[str], tmp_path: Path) -> None:
    words = ["compose", "japan", "morocco", "--steps", "3", "--size", "90", *little]
    assert run(*words, "-o", f"{tmp_path}/m.gif").returncode == 0
    with Image.open(tmp_path / "m.gif") as image:
        assert image.n_frames == 4 and image.size == (90, 60)  # there and back
        image.seek(0)
        white = image.convert("RGB").getpixel((5, 5))
        image.seek(2)
        red = image.convert("RGB").getpixel((5, 5))
    assert white == (255, 255, 255) and red != white
    assert run(*words, "-o", f"{tmp_path}/m.png").returncode == 0
    with Image.open(tmp_path / "m.png") as strip:
        assert strip.width == pytest.approx(90, abs=6) and strip.height < 30
    assert run(*words, "-o", f"{tmp_path}/m/").returncode == 0
    assert len(list((tmp_path / "m").iterdir())) == 3
    assert [record["expression"] for record in lines(run(*words))] == ["japan", "0.5*japan + 0.5*morocco", "morocco"]


@pytest.mark.long
def test_alternatives_fill_a_folder(tmp_path: Path) -> None:
    assert run("compose", "ma", "co", "--alternatives", "3", "-o", f"{tmp_path}/", "--size", "60").returncode == 0
    pictures = {path.read_bytes() for path in tmp_path.iterdir()}
    assert len(pictures) == 3


@pytest.mark.long
def test_samples_go_through_a_pipe_into_a_folder(little: list[str], tmp_path: Path) -> None:
    words = ["sample", "-n", "2", "--seed", "7", "--avoid-real", "0", *little]
    records = run(*words)
    assert records.stdout == run(*words).stdout
    assert all(record["expression"] for record in lines(records))
    piped = run("compose", "-", *little, "-o", f"{tmp_path}/a/", "--size", "60", stdin=records.stdout)
    assert piped.returncode == run(*words, "-o", f"{tmp_path}/b/", "--size", "60").returncode == 0
    one, two = (sorted(path.read_bytes()[-2000:] for path in (tmp_path / name).iterdir()) for name in "ab")
    assert len(one) == 2 and one == two


@pytest.mark.long
def test_samples_of_the_grammar_are_drawn_again_from_their_designs(tmp_path: Path) -> None:
    records = run("sample", "-n", "2", "--seed", "7", "--json")
    assert records.stdout == run("sample", "-n", "2", "--seed", "7", "--prior", "grammar", "--json").stdout
    first, second = lines(records)
    assert first["recipe"]["name"] == "grammar" and " as on " in second["recipe"]["says"]
    assert run("compose", "-", "-o", f"{tmp_path}/a/", "--size", "60", stdin=records.stdout).returncode == 0
    assert run("sample", "-n", "2", "--seed", "7", "-o", f"{tmp_path}/b/", "--size", "60").returncode == 0
    one, two = ([Image.open(path) for path in sorted((tmp_path / name).iterdir())] for name in "ab")
    assert len(one) == 2 and [each.tobytes() for each in one] == [each.tobytes() for each in two]


@pytest.mark.long
def test_samples_on_a_sheet_and_on_a_terminal(little: list[str], tmp_path: Path) -> None:
    words = ["sample", "-n", "4", "--seed", "1", "--avoid-real", "0", *little]
    assert run(*words, "--grid", "2", "-o", f"{tmp_path}/s.png", "--size", "200").returncode == 0
    with Image.open(tmp_path / "s.png") as sheet:
        assert sheet.size == (pytest.approx(200, abs=4), pytest.approx(137, abs=6))
    screen = drawn(*words)
    assert screen.count("+") >= 4 and "▀" in screen


@pytest.mark.long
def test_a_term_that_changes_nothing_is_named() -> None:
    result = run("compose", "france - 0.001*laos")
    assert result.returncode == 0 and "Laos" in result.stderr and "greater amount" in result.stderr


@pytest.mark.long
def test_reconstruct_gives_the_error_in_numbers() -> None:
    afghanistan, morocco = lines(run("reconstruct", "afghanistan", "morocco"))
    assert morocco["pixel_accuracy"] > 0.99 and 0 <= morocco["fvu"] < 0.02 and morocco["psnr"] > 30
    assert morocco["text"] == "red field; green star in the centre" and morocco["unsaid"] == []
    assert morocco["design"]["charges"][0]["shape"] == "star"
    assert "black vertical stripes" in [one["feature"] for one in afghanistan["unsaid"]]
    assert 0 < afghanistan["pixel_accuracy"] < morocco["pixel_accuracy"]
    for record in (afghanistan, morocco):
        assert 3 <= record["l0"] <= len(record["code"]) <= 8  # weak activations do not count
    screen = drawn("reconstruct", "afghanistan")
    for word in ("Afghanistan", "reconstruction", "FVU", "no feature says: black vertical stripes"):
        assert word in screen
    (older,) = lines(run("reconstruct", "afghanistan", "--model", "crisp"))
    assert older["pixel_accuracy"] > 0.9 and older["l0"] == 8 and "design" not in older


@pytest.mark.long
def test_a_picture_of_ones_own_is_an_operand(little: list[str], tmp_path: Path) -> None:
    shutil.copy(paths.shipped("flags/japan.png"), tmp_path / "mine.png")
    mine, japan = (lines(run("compose", *little, name)) for name in (str(tmp_path / "mine.png"), "japan"))
    assert mine[0]["code"] == pytest.approx(japan[0]["code"], abs=1e-5)
    (both,) = lines(run("compose", *little, str(tmp_path / "mine.png"), "france"))
    assert str(tmp_path / "mine.png") in both["expression"]
    assert lines(run("compose", *little, both["expression"]))[0]["code"] == both["code"]


@pytest.mark.long
def test_from_a_folder_of_pictures_to_a_composite(toy_folder: Path, home: Path, tmp_path: Path) -> None:
    shutil.copytree(toy_folder, tmp_path / "mine")
    (tmp_path / "mine" / "notes.txt").write_text("not a flag")
    result = run("prepare", str(tmp_path / "mine"), "--canvas", "16x24")
    (summary,) = lines(result)
    assert summary["flags"] == 6 and summary["skipped"] == 1
    assert "skipped: notes.txt" in result.stderr and "1 file skipped" in result.stderr
    assert "next: flagsae train --data mine" in result.stderr
    assert run("compose", "japan", "france", "--data", "mine").returncode == 1
    rows = lines(run("train", "--data", "mine", "--epochs", "30", "--features", "5", "--active", "3"))
    assert [row["epoch"] for row in rows] == [0, 20]
    log = home / "models" / "design" / "log.jsonl"
    assert [json.loads(line) for line in log.read_text().splitlines()] == rows
    (record,) = lines(run("compose", "japan", "france", "--data", "mine"))
    assert record["name"] == "Japan + France"
    assert len(json.loads(run("compose", "japan", "--model", "design", "--json").stdout)["code"]) <= 3
    seed = run("train", "--data", "mine", "--preset", "seed", "--epochs", "3", "--name", "net")
    mismatch = run("compose", "japan", "--model", "net")
    assert mismatch.returncode == 1 and "is for a canvas of 16x24" in mismatch.stderr
    assert seed.returncode == 0 and "no split 'notebook': taking grouped" in seed.stderr
    assert run("compose", "japan", "france", "--data", "mine", "--model", "net").returncode == 0
    refused = run("compose", "japan", "--data", "mine", "--model", "net", "--decode", "vote")
    assert refused.returncode == 2 and "sum alone" in refused.stderr
    again = run("train", "--data", "mine", "--name", "net", "--epochs", "3")
    assert again.returncode == 2 and "--overwrite" in again.stderr


@pytest.mark.long
def test_ctrl_c_saves_and_resume_goes_on(toy: Dataset, tmp_path: Path, home: Path) -> None:
    save_dataset(toy, tmp_path / "toy.npz")
    options = ["--data", str(tmp_path / "toy.npz"), "--epochs", "500", "--log-every", "1", "--features", "6"]
    command = [*COMMAND, "train", *options, "--name", "stopped", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()  # the pipe is full before the run could be done
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert process.returncode == 130, said
    assert "flagsae train --resume --name stopped --data" in said
    resumed = run("train", "--resume", "--name", "stopped", "--data", str(tmp_path / "toy.npz"))
    assert resumed.returncode == 0, resumed.stderr
    epochs = [json.loads(line)["epoch"] for line in (home / "models/stopped/log.jsonl").read_text().splitlines()]
    assert epochs == list(range(500))
    assert (home / "models" / "stopped" / "model.safetensors").is_file()


@pytest.mark.long
def test_the_table_on_a_terminal(toy: Dataset, tmp_path: Path) -> None:
    save_dataset(toy, tmp_path / "toy.npz")
    screen = drawn("train", "--data", str(tmp_path / "toy.npz"), "--epochs", "120", "--features", "5", "--quiet")
    assert "epoch" in screen and "validation" in screen
    assert [line.split()[0] for line in screen.splitlines()[1:] if line.strip()] == ["0", "100", "end"]


def test_completion_offers_names_without_numpy() -> None:
    code = (
        "import sys; from flagsae.cli.options import complete_sentence, complete_terms\n"
        "from types import SimpleNamespace\n"
        "print(complete_terms(SimpleNamespace(params={'flags': ['morocco']}), 'mo'))\n"
        "print(complete_terms(SimpleNamespace(params={}), 'cres'))\n"
        "print(complete_sentence('red field; green st'))\n"
        "assert not {'numpy', 'torch', 'textual', 'rich'} & set(sys.modules)\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "'red field; green star'" in result.stdout
    assert "mongolia" in result.stdout and "'morocco'" not in result.stdout and "'crescent'" in result.stdout


@pytest.mark.long
def test_the_version() -> None:
    from flagsae import __version__

    assert start("--version").stdout == f"flagsae {__version__}\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_what_cannot_be_written_is_refused_before_any_work(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    (tmp_path / "link.npz").symlink_to("/dev/null")
    for words in (["compose", "nowhere", "-o", f"{pipe}"], ["prepare", "/nowhere", "-o", f"{tmp_path}/link.npz"]):
        refused = run(*words)
        assert refused.returncode == 2 and "give the name of a file" in refused.stderr, refused.stderr
