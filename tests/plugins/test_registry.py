"""Visualizers of installed packages: found without running them, and kept from doing harm."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from packages import VIEW, install

from flagsae.errors import FlagsaeError, PluginError, UnknownName
from flagsae.plugins.health import examine
from flagsae.plugins.registry import BUILTIN, Plugin, find, get, names
from flagsae.testing import scenes
from flagsae.visual.capture import capture
from flagsae.visual.scene import Size

SIZE = Size(40, 12)
NUMBERS = count()  # of packages: a module that was imported once would be the same in the next test


@pytest.fixture
def loaded(site: Path) -> Callable[[str], Plugin]:
    """A visualizer of a package with that code."""

    def install_and_find(code: str) -> Plugin:
        package, name = f"package-{(number := next(NUMBERS))}", f"it{number}"
        install(site, package, code, f"{name} = {package.replace('-', '_')}:View", "1.2")
        return next(plugin for plugin in find() if plugin.package == package)

    return install_and_find


def others() -> list[Plugin]:
    return [plugin for plugin in find() if plugin.package]


# Finding.


def test_a_package_adds_a_visualizer_by_its_entry_point(site: Path) -> None:
    assert others() == [] and list(names()) == list(BUILTIN)
    install(site, "swallow", entries="bird = swallow:View\nnest = swallow:View", version="2.0.1")
    assert [(one.name, one.package, one.version, one.trouble) for one in others()] == [
        ("bird", "swallow", "2.0.1", ""),
        ("nest", "swallow", "2.0.1", ""),
    ]
    assert list(names().items())[-2:] == [("bird", "swallow"), ("nest", "swallow")]
    visualizer = get("bird").load()
    assert visualizer.summary == "The flag itself." and not visualizer.moves and visualizer.suffixes == ()
    assert capture(visualizer.render(scenes()["flag"], SIZE), SIZE).columns == 36


def test_finding_runs_nothing_of_a_package(site: Path) -> None:
    install(site, "bomb", "raise SystemExit('I was imported')")
    assert [plugin.name for plugin in others()] == ["bomb"] and "bomb" in names()
    assert "bomb" not in sys.modules


def test_unknown_names_are_met_with_names_that_are_alike(site: Path) -> None:
    install(site, "streamer")
    with pytest.raises(UnknownName, match=r"no visualizer named 'steamer'\. Did you mean streamer\?"):
        get("steamer")
    with pytest.raises(UnknownName, match=r"Did you mean bars\? flagsae plugins lists them"):
        get("bar")


@pytest.mark.long
def test_what_is_built_in_is_found_without_metadata_and_keeps_its_name(site: Path) -> None:
    install(site, "usurper", entries="blocks = usurper:View")
    assert get("blocks").package == ""
    (plugin,) = others()
    assert plugin.trouble == "is not used: blocks is built in"
    assert list(names()) == list(BUILTIN)
    code = (
        "import sys; from flagsae.plugins.registry import get; get('bars').load()\n"
        "print('importlib.metadata' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False\n"


def test_two_packages_with_one_name_are_both_named_and_neither_is_used(site: Path) -> None:
    install(site, "crow", entries="bird = crow:View")
    install(site, "robin", entries="bird = robin:View", version="3")
    install(site, "wren", entries="wren = wren:View")
    assert [plugin.trouble != "" for plugin in others()] == [True, True, False]
    with pytest.raises(PluginError) as caught:
        get("bird").load()
    told = str(caught.value)
    assert "(of crow 0.1)" in told and "robin 3" in told and told.endswith("-m pip uninstall crow")
    assert get("wren").load().summary == "The flag itself."


def test_flagsae_plugins_limits_them(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("crow", "robin"):
        install(site, package, entries=f"bird = {package}:View\n{package}s = {package}:View")
    monkeypatch.setenv("FLAGSAE_PLUGINS", "")
    assert list(names()) == list(BUILTIN)
    with pytest.raises(PluginError, match=r"robins .* is left out by FLAGSAE_PLUGINS, which would have to name robins"):
        get("robins").load()
    monkeypatch.setenv("FLAGSAE_PLUGINS", " robins , ")
    assert list(names())[len(BUILTIN) :] == ["robins"]
    assert get("robins").load().summary and get("bars").load().summary
    monkeypatch.setenv("FLAGSAE_PLUGINS", "robin")  # all of a package, so that its bird is the only one
    assert list(names())[len(BUILTIN) :] == ["bird", "robins"]
    assert get("bird").package == "robin" and get("bird").load().summary


def test_damaged_metadata_hides_nothing_else(site: Path) -> None:
    install(site, "crow")
    install(site, "bad-lines", entries="no equals sign")
    install(site, "no-name")
    (site / "no_name-0.1.dist-info" / "METADATA").unlink()
    install(site, "odd", entries="e\x1b[2Jvil = nowhere\nspaced name = odd : View")
    found = {plugin.name: plugin for plugin in others()}
    assert {"crow", "spaced name"} <= set(found) and all(name.isprintable() for name in found)
    assert found["crow"].load().summary
    with pytest.raises(PluginError, match="cannot be loaded"):
        next(plugin for name, plugin in found.items() if "vil" in name).load()


def test_of_two_versions_on_the_path_the_first_counts(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path / "older", "crow", version="0.1")
    install(site, "crow", version="0.2")
    monkeypatch.syspath_prepend(str(tmp_path / "older"))
    monkeypatch.syspath_prepend(str(site))
    assert [plugin.version for plugin in others()] == ["0.2"]


# Loading and drawing.

AT_IMPORT = {
    "1 / 0": "cannot be loaded: ZeroDivisionError: division by zero",
    "import nothing_of_that_name": "cannot be loaded: ModuleNotFoundError: No module named 'nothing_of_that_name'",
    "raise SystemExit(3)": "cannot be loaded: SystemExit: 3",
    "View = 3": "cannot be loaded: TypeError: 'int' object is not callable",
    "View": "cannot be loaded: NameError: name 'View' is not defined",
    "View = object": "is no visualizer: it needs a summary in words and a method render(scene, size)",
    "class View:\n    summary = 3\n    def render(self, scene, size): pass": "is no visualizer: it needs a summary",
    "class View:\n    def __init__(self, size): pass": "cannot be loaded: TypeError: View.__init__() missing",
}
WHEN_DRAWN = {
    "1 / 0": "raised ZeroDivisionError: division by zero",
    "import sys; sys.exit('that was it')": "raised SystemExit: that was it",
    "raise ValueError('of\\n  \\x1b[31mmany lines')": "raised ValueError: of \\x1b[31mmany lines",
    "return 3": "returned int, which Rich cannot draw",
    "return None": "returned NoneType, which Rich cannot draw",
    "raise type('Mute', (Exception,), {'__str__': lambda self: 1 / 0})": "raised Mute",
}


@pytest.mark.parametrize(("code", "told"), AT_IMPORT.items())
def test_what_fails_to_load_is_a_line(code: str, told: str, loaded: Callable[[str], Plugin]) -> None:
    plugin = loaded(code)
    with pytest.raises(PluginError) as caught:
        plugin.load()
    line = str(caught.value)
    assert line.startswith(f"{plugin.name} (of {plugin.package} 1.2) {told}") and "\n" not in line
    assert line.endswith(f"; to remove it: {plugin.removal}") and plugin.removal.endswith(f"uninstall {plugin.package}")
    assert caught.value.fault.startswith(told)


@pytest.mark.parametrize(("code", "told"), WHEN_DRAWN.items())
def test_what_fails_to_draw_is_a_line(code: str, told: str, loaded: Callable[[str], Plugin]) -> None:
    visualizer = loaded(VIEW.format(code)).load()
    with pytest.raises(PluginError) as caught:
        visualizer.render(scenes()["flag"], SIZE)
    assert caught.value.fault == told and str(caught.value).isprintable()


def test_ctrl_c_and_what_a_visualizer_says_itself_pass_through(loaded: Callable[[str], Plugin]) -> None:
    stopped = loaded(VIEW.format("raise KeyboardInterrupt")).load()
    with pytest.raises(KeyboardInterrupt):
        stopped.render(scenes()["flag"], SIZE)
    body = "from flagsae.errors import UsageError; raise UsageError('a map wants a dictionary')"
    told = loaded(VIEW.format(body))
    with pytest.raises(FlagsaeError) as caught:
        told.load().render(scenes()["flag"], SIZE)
    assert str(caught.value) == "a map wants a dictionary" and caught.value.exit_code == 2


FRAMES = {
    "return [1, 2]": "has frames that are no pictures: H x W x 3 of uint8",
    "import numpy as np; return [np.zeros((2, 2, 3))]": "has frames that are no pictures: H x W x 3 of uint8",
    "import numpy as np; return [np.zeros((n, 2, 3), np.uint8) for n in (2, 3)]": "has frames of several sizes",
    "import numpy as np; return [np.zeros((0, 2, 3), np.uint8)]": "has frames of several sizes",
    "while True: yield scene.picture": "has more than 500 frames, or no end of them",
    "1 / 0": "raised ZeroDivisionError",
    "return 3": "raised TypeError: 'int' object is not iterable",
}


@pytest.mark.parametrize(("code", "told"), FRAMES.items())
def test_frames_are_pictures_of_one_size(code: str, told: str, loaded: Callable[[str], Plugin]) -> None:
    visualizer = loaded(VIEW.format("pass") + f"    def frames(self, scene, width):\n        {code}\n").load()
    assert visualizer.moves
    with pytest.raises(PluginError, match=told.replace("(", "\\(")):
        visualizer.frames(scenes()["flag"], 40)


def test_files_are_bytes(loaded: Callable[[str], Plugin]) -> None:
    code = (
        VIEW.format("pass")
        + "    suffixes = '.HTML', '.csv'\n    def export(self, scene, suffix, width):\n        {}\n"
    )
    good = loaded(code.format("return f'{suffix} {width}'.encode()")).load()
    assert good.suffixes == (".html", ".csv") and good.export(scenes()["flag"], ".csv", 7) == b".csv 7"
    with pytest.raises(PluginError, match="returned str as a file, where bytes were wanted"):
        loaded(code.format("return 'text'")).load().export(scenes()["flag"], ".html", 7)


# Health.


@pytest.mark.long
def test_each_is_tried_in_a_python_of_its_own(site: Path) -> None:
    """Whatever one does, it is told of it in a word, and the next one is tried."""
    moving = "    def frames(self, scene, width):\n        yield scene.picture\n"
    packages = {
        "drawing": VIEW.format("pass") + moving,
        "ending": "import os; os._exit(3)",
        "failing": VIEW.format("1 / 0"),
        "printing": "import os; os.write(1, b'over the answer')\n" + VIEW.format("pass"),
        "zapping": VIEW.format("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"),
    }
    for package, code in packages.items():
        install(site, package, code)
    install(site, "usurper", entries="blocks = usurper:View")
    found = others()
    health = dict(zip((plugin.package for plugin in found), examine(found, patience=120), strict=True))
    assert health["drawing"].fault == "" and health["drawing"].summary == "The flag itself."
    assert health["drawing"].files == (".gif",) and not health["drawing"].printed
    assert health["printing"].fault == "" and health["printing"].printed
    assert health["failing"].fault == "raised ZeroDivisionError: division by zero"
    assert health["ending"].fault == "ends Python, with exit code 3"
    assert health["zapping"].fault == "ends Python, with exit code -9"
    assert health["usurper"].fault == "is not used: blocks is built in"
    assert not set(packages) & set(sys.modules)


def test_one_that_never_ends_is_not_waited_for(site: Path) -> None:
    install(site, "waiting", "import time; time.sleep(600)")
    (health,) = examine(others(), patience=0.1)
    assert health.fault == "is not done after 0.1 s"
