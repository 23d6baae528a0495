"""The page of a dictionary: what it knows, that it is closed to the outside, and how it is used in a browser."""

import asyncio
import base64
import io
import json
import math
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flagsae_dashboard import Dashboard, contents
from PIL import Image
from rich.console import Console

from flagsae.testing import check_visualizer, scenes
from flagsae.visual import Feature, Picture, Scene, Size

sys.path.append(str(Path(__file__).parents[3] / "tests" / "tui"))
from chromium import PROGRAM, Page, browser

EVIL = "</script><script>document.title = 'stolen'</script><img src=x onerror=\"document.title = 'stolen'\">{{data}}"


@pytest.fixture
def dictionary() -> Scene:
    return scenes()["dictionary"]


def page(scene: Scene) -> str:
    return Dashboard().export(scene, ".html", 1000).decode()


def known(page: str) -> dict[str, Any]:
    """What stands in a page as JSON."""
    found = re.search('<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def pixels(address: str) -> Picture:
    head, data = address.split(",")
    assert head == "data:image/png;base64"
    return np.array(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB"))


def test_it_keeps_the_contract() -> None:
    check_visualizer(Dashboard())
    assert len(Dashboard.summary) <= 60 and Dashboard.summary.endswith(".")


def test_the_page_knows_what_the_scene_knows(dictionary: Scene) -> None:
    data = known(page(dictionary))
    assert data["title"] == "3 features of 3 flags"
    assert data["figures"] == {
        "features": "3",
        "flags": "3",
        "active per flag": "2.0",
        "dead": "0",
        "trusted labels": "1",
    }
    found = [(feature["index"], feature["label"], feature["trusted"]) for feature in data["features"]]
    assert found == [(3, "unsure: blue band", False), (17, "", False), (84, "red field", True)]
    assert data["mean"] == [[84, 0.6], [3, 0.4], [17, 0.2]]
    assert [picture["slug"] for picture in data["pictures"]] == ["morocco", "colombia", "aland"]  # without the sheet
    for picture, code, place in zip(data["pictures"], dictionary.codes[1:], dictionary.places[1:], strict=True):
        assert dict(picture["code"]) == code
        assert math.dist(picture["place"], place) < data["side"]
        assert np.array_equal(pixels(picture["picture"]), dictionary.images[picture["name"]])


def test_what_an_atom_is_made_of_is_listed_by_the_page(dictionary: Scene) -> None:
    feature = Feature(8, "crescent", made_of=[("white crescent", 1.23456), ("star\n", 0.5)])
    (found,) = contents(Scene("", features=[feature]))["features"]
    assert found["made"] == [("white crescent", 1.235), ("star", 0.5)]


def test_flags_in_a_crowd_do_not_hide_each_other(dictionary: Scene) -> None:
    flag = dictionary.images["Morocco"]
    images = {"atoms": flag, **{f"flag {number}": flag for number in range(40)}}
    crowd = np.random.default_rng(0).normal(0.5, 0.1, (40, 2)).tolist()
    data = contents(Scene("", images, places=[(math.nan, math.nan), *map(tuple, crowd)]))
    places = np.array([picture["place"] for picture in data["pictures"]])
    apart = np.abs(places[:, None] - places) / (data["side"], data["side"] / data["aspect"])
    np.fill_diagonal(apart[..., 0], 1)
    assert apart.max(2).min() > 0.9


def test_a_picture_of_many_colours_and_pixels_is_made_small() -> None:
    photo = np.random.default_rng(0).integers(0, 256, (300, 450, 3), np.uint8)
    (picture,) = contents(Scene("", {"photo": photo}))["pictures"]
    small = pixels(picture["picture"])
    assert small.shape == (213, 320, 3)
    assert len(np.unique(small.reshape(-1, 3), axis=0)) <= 64


def test_words_of_others_stay_words(dictionary: Scene) -> None:
    scene = Scene(EVIL, {EVIL: dictionary.images["Morocco"]}, {1: 1.0}, [Feature(1, EVIL, top=[EVIL])], EVIL)
    html = page(scene)
    assert html.count("<script") == html.count("</script") == 2
    assert "<img" not in html and "default-src 'none'" in html
    data = known(html)
    assert data["title"] == data["words"] == data["features"][0]["label"] == data["pictures"][0]["name"] == EVIL


def test_a_terminal_shows_the_strongest_features_and_how_the_page_is_written(dictionary: Scene) -> None:
    out = Console(file=io.StringIO(), width=70)
    out.print(Dashboard().render(dictionary, Size(70, 6)))
    assert isinstance(out.file, io.StringIO)
    title, figures, how, _, *rows = out.file.getvalue().splitlines()
    assert title == "3 features of 3 flags"
    assert figures == "features 3, flags 3, active per flag 2.0, dead 0, trusted labels 1"
    assert how.endswith("flagsae features --view dashboard -o dictionary.html")
    assert [row.split(maxsplit=2) for row in rows] == [["f84", "0.6", "red field"], ["f3", "0.4", "unsure: blue band"]]


@pytest.mark.long
@pytest.mark.skipif(PROGRAM is None, reason="no browser: apt-get install chromium")
def test_a_dictionary_is_searched_and_read_in_a_browser(dictionary: Scene, tmp_path: Path) -> None:
    images = dict(zip(["atoms", "Morocco", EVIL, "Åland"], dictionary.images.values(), strict=True))
    scene = Scene("Flags", images, dictionary.code, dictionary.features, "", dictionary.codes, dictionary.places)
    file = tmp_path / "dictionary.html"
    file.write_bytes(Dashboard().export(scene, ".html", 1000))

    async def session() -> None:
        async with browser(tmp_path / "profile") as page:
            await page.open(f"{file.as_uri()}#f84")
            assert await texts(page, "#grid b") == ["f3", "f17", "f84"]
            assert await texts(page, "#head h2") == ["f84 red field trusted"]
            assert await texts(page, "#list .words") == ["Morocco", "Åland"]
            assert await texts(page, "#kin b") == []  # of two flags for which it fires, no other fires for both
            assert await page.value("[...map.querySelectorAll('a')].map((link) => link.className)") == [
                "fires",
                "pale",
                "fires",
            ]

            await page.press("/")
            for letter in "BAND":
                await page.press(letter)
            assert await texts(page, "#grid b") == ["f3"]
            assert await texts(page, "#count") == ["1 of 3 features"]
            await page.value("$('search').value = ''; sift(); $('search').blur()")

            await page.press("k")
            assert await page.value("location.hash") == "#f17"
            await follow(page, "map.querySelectorAll('a')[1].click()")
            assert await texts(page, "#head h2") == [EVIL]
            assert await texts(page, "#list .words") == ["f3 blue band", "f17 no label"]
            assert await texts(page, "#kin .label") == ["Morocco"]
            await follow(page, "history.back()")
            assert await texts(page, "#head h2") == ["f17 no label"]

            assert "stolen" not in await page.value("document.title")
            outside = [address for address in page.requests if not address.startswith((file.as_uri(), "data:image/"))]
            assert page.requests and not outside

    asyncio.run(session())


async def texts(page: Page, selector: str) -> list[str]:
    return list(await page.value(f"[...document.querySelectorAll({selector!r})].map((one) => one.textContent.trim())"))


async def follow(page: Page, script: str) -> None:
    """Does what changes the address, and waits until the page has followed."""
    waits = f"new Promise((done) => {{ addEventListener('hashchange', done, {{ once: true }}); {script} }})"
    await page.call("Runtime.evaluate", expression=waits, awaitPromise=True)
