"""The kit that authors' tests call: it lets what is sound pass, and says what is wrong with what is not."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from rich.text import Text

from flagsae.testing import check_visualizer, scenes
from flagsae.visual import Scene, Size, say, show


class Sound:
    summary = "The flag itself."

    def render(self, scene: Scene, size: Size) -> Any:
        return show(scene.picture, size)


class Moving(Sound):
    def frames(self, scene: Scene, width: int) -> Any:
        if scene.picture is not None:
            yield from (scene.picture[:, :width], scene.picture[:, :width] // 2)


class Writing(Sound):
    suffixes = (".txt",)

    def export(self, scene: Scene, suffix: str, width: int) -> bytes:
        return f"{suffix} {width}".encode()


@pytest.mark.long
@pytest.mark.parametrize("visualizer", [Sound(), Moving(), Writing()])
def test_what_is_sound_passes(visualizer: Any) -> None:
    check_visualizer(visualizer)


class Speechless(Sound):
    summary = ""


class Talkative(Sound):
    summary = "one\ntwo"


class Blind:
    summary = "Nothing."


class Number(Sound):
    def render(self, scene: Scene, size: Size) -> Any:
        return 3


class Wide(Sound):
    def render(self, scene: Scene, size: Size) -> Any:
        return Text("x" * (size.columns + 1), no_wrap=True, overflow="ignore")


class High(Sound):
    def render(self, scene: Scene, size: Size) -> Any:
        return "x\n" * (size.lines + 1)


class Empty(Sound):
    def render(self, scene: Scene, size: Size) -> Any:
        return ""


class Moody(Sound):
    turns = 0

    def render(self, scene: Scene, size: Size) -> Any:
        self.turns += 1
        return say(str(self.turns), size)


class Loud(Sound):
    def render(self, scene: Scene, size: Size) -> Any:
        print("hello")
        return super().render(scene, size)


class Painting(Sound):
    """Draws into the scene's own picture."""

    def render(self, scene: Scene, size: Size) -> Any:
        if scene.picture is not None:
            scene.picture[:] = 0
        return super().render(scene, size)


class Pictured(Sound):
    """Wants a picture."""

    def render(self, scene: Scene, size: Size) -> Any:
        return say(str(scene.picture.shape), size)  # type: ignore[union-attr]


class Coded(Sound):
    """Wants a code."""

    def render(self, scene: Scene, size: Size) -> Any:
        return say(f"f{max(scene.code)}", size)


class Ornate(Sound):
    def render(self, scene: Scene, size: Size) -> Any:
        return say("★", size)


class Jumping(Moving):
    def frames(self, scene: Scene, width: int) -> Any:
        return [np.zeros((side, side, 3), np.uint8) for side in (4, 5)]


class Grey(Moving):
    def frames(self, scene: Scene, width: int) -> Any:
        return [np.zeros((4, 4), np.uint8)]


class Vast(Moving):
    def frames(self, scene: Scene, width: int) -> Any:
        return [np.zeros((4, 4 * width, 3), np.uint8)]


class Suffixless(Writing):
    suffixes = ()


class Dotless(Writing):
    suffixes = ("txt",)


class Spelled(Writing):
    def export(self, scene: Scene, suffix: str, width: int) -> Any:
        return "text"


FAULTS = {
    Speechless: "it needs a summary",
    Talkative: "its summary has more than one line",
    Blind: "it needs a method render",
    Number: "it returns int, which Rich cannot draw, with the scene 'flag' in 120 x 40 cells",
    Wide: "it is wider than its size, with the scene 'flag' in 120 x 40 cells",
    High: "it is higher than its size, with the scene 'flag' in 120 x 40 cells",
    Empty: "it draws nothing, with the scene 'flag'",
    Moody: "it draws something else the second time, with the scene 'flag'",
    Loud: "it prints, with the scene 'flag': 'hello",
    Painting: "it changes the scene 'flag'",
    Ornate: "it draws '★' where there is only ASCII",
    Jumping: r"frames have several sizes, with the scene 'flag', 90 pixels wide",
    Grey: r"a frame is \(4, 4\)",
    Vast: "a frame is 360 pixels wide",
    Suffixless: "one that exports needs suffixes",
    Dotless: "a suffix is like .html, not 'txt'",
    Spelled: "it exports str, where bytes are wanted",
}


@pytest.mark.parametrize(("kind", "told"), FAULTS.items(), ids=lambda part: getattr(part, "__name__", ""))
def test_what_is_wrong_is_said(kind: type[Any], told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        check_visualizer(kind())


@pytest.mark.parametrize(("kind", "error"), [(Pictured, AttributeError), (Coded, ValueError)])
def test_scenes_lack_a_picture_or_a_code(kind: type[Any], error: type[Exception]) -> None:
    """What a visualizer raises itself is not dressed up."""
    with pytest.raises(error):
        check_visualizer(kind())


def test_every_field_of_a_scene_is_tried() -> None:
    """With something in it, and without."""
    for name in Scene.__dataclass_fields__:
        found = [bool(len(getattr(scene, name))) for scene in scenes().values()]
        assert any(found) and not all(found), name


@pytest.mark.long
def test_the_kit_needs_no_pytest_and_holds_without_asserts() -> None:
    code = """
import sys
from flagsae.testing import check_visualizer
try: check_visualizer(3)
except AssertionError as error: print(error)
print({"pytest", "torch", "textual", "sklearn"} & set(sys.modules))
"""
    told = subprocess.check_output([sys.executable, "-O", "-c", code], text=True)
    assert told == "it needs a summary: one line that says what it shows\nset()\n"
