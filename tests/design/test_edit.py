"""Flags that are edited: what was asked for changes, all else stays; what is not understood is pointed at."""

from __future__ import annotations

import pytest
from hostile.edits import attempt, tries

from flagsae.design import kept, words
from flagsae.design.design import Charge, Design, Layer, Place
from flagsae.design.edit import edited
from flagsae.design.edits.reader import read
from flagsae.design.edits.splitting import completed, normal
from flagsae.errors import SentenceError, UnknownName
from flagsae.flags.dataset import Dataset
from flagsae.flags.palette import flag_palette

PALETTE = flag_palette()
MOROCCO = "red field; green star in the centre"
JAPAN = "white field; red disc in the centre"
FRANCE = "three vertical stripes, blue, white, red"
GERMANY = "three horizontal stripes, black, red, yellow"
NORWAY = "red field; blue Nordic cross edged white"
USA = "thirteen horizontal stripes, red and white; blue canton; 50 white stars in the canton"
TURKEY = "red field; white crescent in the centre; white star in the centre"
CZECHIA = "two horizontal stripes, white, red; blue triangle at the hoist"
GREECE = "nine horizontal stripes, blue and white; blue canton; white cross in the canton"
KENYA = "three horizontal stripes, black, red, green, edged white; emblem in the centre"
JAMAICA = "green and black wedges; yellow saltire"
EU = "blue field; twelve yellow stars in the centre"
TANZANIA = "diagonally halved green and light blue; black diagonal band edged yellow"
PANAMA = "quarters of white, red, blue, white; blue star in the upper hoist; red star in the lower fly"


def flag_of(name: str) -> Design:
    if name.startswith("x"):
        raise UnknownName("flag", name)
    return words.read(JAMAICA)


def edit(flag: str, text: str) -> tuple[str, list[str]]:
    found = edited(words.read(flag), text, PALETTE, flag_of)
    assert Design.read(found.design.record()) == found.design
    return words.say(found.design), list(found.notes)


@pytest.mark.parametrize(
    ("flag", "text", "said"),
    [
        (MOROCCO, "star->crescent, red->blue", "blue field; green crescent in the centre"),
        (MOROCCO, "star to sun and red becomes maroon", "dark red field; green sun in the centre"),
        (MOROCCO, "+star", "red field; two big green stars in the centre"),
        (MOROCCO, "white six-pointed star", "red field; white six-pointed star in the centre"),
        (MOROCCO, "star at the fly, edged white", "red field; green star edged white at the fly"),
        (MOROCCO, "+green stripe", "red field; thin green horizontal bar at the bottom; green star in the centre"),
        (MOROCCO, "5 stripes red and white", "five horizontal stripes, red and white; green star in the centre"),
        (JAPAN, "+star", "white field; red disc in the centre; white star in the centre"),
        (JAPAN, "+green star in the canton", "white field; red disc in the centre; green star in the upper hoist"),
        (JAPAN, "+border", "white field; red border; red disc in the centre"),
        (JAPAN, "bigger disc", "white field; big red disc in the centre"),
        (JAPAN, "disc twice as big, disc->star", "white field; big red star in the centre"),
        (JAPAN, "-disc", "white field"),
        (FRANCE, "-blue", "two vertical stripes, white, red"),
        (FRANCE, "stripes->horizontal", "three horizontal stripes, blue, white, red"),
        (FRANCE, "red->blue, blue->red", "three vertical stripes, red, white, blue"),
        (FRANCE, "mirrored", "three vertical stripes, red, white, blue"),
        (FRANCE, "colours red, white, green", "three vertical stripes, red, white, green"),
        (GERMANY, "5 stripes", "five horizontal stripes, black, red, yellow, black, red"),
        ("five stripes red white blue white red", "3 stripes", "three horizontal stripes, red, white, red"),
        ("five stripes red white red white red", "4 stripes", "four horizontal stripes, red, white, red, white"),
        (GERMANY, "+green stripe at the top", "four horizontal stripes, green, black, red, yellow"),
        (GERMANY, "-stripe", "two horizontal stripes, black, red"),
        (GERMANY, "-red stripe", "two horizontal stripes, black, yellow"),
        (GERMANY, "red stripe twice as high", f"{GERMANY}, the second twice as high"),
        (GERMANY, "upside down", "three horizontal stripes, yellow, red, black"),
        (GERMANY, '+"union jack"', f"{GERMANY}; Union Jack in the canton"),
        (NORWAY, "colours jamaica", "green field; black Nordic cross edged yellow"),
        (NORWAY, "-blue", "red field; thick white Nordic cross"),
        (NORWAY, "-white", "red field; blue Nordic cross"),
        (NORWAY, "-cross", "red field"),
        (NORWAY, "cross->saltire, no edge", "red field; blue saltire"),
        (NORWAY, "thicker cross", "red field; thick blue Nordic cross edged white"),
        (USA, "13 stars", USA.replace("50", "thirteen")),
        (USA, "-1 star", USA.replace("50", "49")),
        (USA, "+2 stripes", USA.replace("thirteen", "15")),
        (USA, "-stripes", USA.replace("thirteen horizontal stripes, red and white", "red field")),
        (USA, "red canton, star->disc", USA.replace("blue", "red").replace("stars", "discs")),
        (USA, "-canton", "thirteen horizontal stripes, red and white"),
        (TURKEY, "star->sun", TURKEY.replace("star", "sun")),
        (TURKEY, "crescent at the fly", TURKEY.replace("in the centre", "at the fly")),
        (TURKEY, "swap red white", "white field; red crescent in the centre; red star in the centre"),
        (CZECHIA, "triangle at the fly", CZECHIA.replace("hoist", "fly")),
        (CZECHIA, "+star", f"{CZECHIA}; white star at the hoist"),
        (CZECHIA, "triangle->disc", CZECHIA.replace("triangle", "disc")),
        (GREECE, "cross->saltire", GREECE.replace("cross", "saltire")),
        (GREECE, "canton->union jack", "nine horizontal stripes, blue and white; Union Jack in the canton"),
        (KENYA, "-emblem", KENYA.removesuffix("; emblem in the centre")),
        (KENYA, "-shield", KENYA.removesuffix("; emblem in the centre")),
        (KENYA, "eagle->star", KENYA.replace("emblem", "black star")),
        (KENYA, "-white", KENYA.replace(", edged white", "")),
        (JAMAICA, "-saltire", "green and black wedges"),
        (EU, "12 stars->suns", EU.replace("stars", "suns")),
        (EU, "stars in a row", EU.replace("stars", "stars in a row")),
        (TANZANIA, "band edged white", TANZANIA.replace("yellow", "white")),
        (PANAMA, "light blue->navy", PANAMA.replace("blue", "dark blue")),
        (PANAMA, "blue star->white", PANAMA.replace("blue star", "red star")),
    ],
)
def test_what_is_asked_for_changes_and_all_else_stays(flag: str, text: str, said: str) -> None:
    assert edit(flag, text)[0] == said


@pytest.mark.parametrize(
    ("typed", "short"),
    [
        ("replace the star with a crescent", "star->crescent"),
        ("change red to blue and turn star into sun", "red->blue, star->sun"),
        ("blue instead of red", "red->blue"),
        ("star=crescent", "star->crescent"),
        ("make the star white", "white star"),
        ("move the star to the fly", "star at the fly"),
        ("add a white sun, remove the star", "+white sun, -star"),
        ("two more stars", "+2 stars"),
        ("another star", "+star"),
        ("more stars", "+star"),
        ("delete star", "-star"),
        ("jamaica's colours", "colours jamaica"),
        ("change the colours to jamaica", "colours jamaica"),
        ("white outline", "edged white"),
        ("make it upside down, make it mirrored", "upside down, mirrored"),
    ],
)
def test_people_say_it_in_other_words(typed: str, short: str) -> None:
    assert edit(MOROCCO, typed) == (edit(MOROCCO, short)[0], edit(MOROCCO, typed)[1])


@pytest.mark.parametrize(
    ("flag", "text", "said", "note"),
    [
        (
            MOROCCO,
            "red->green",
            "green field; yellow star in the centre",
            "it would not be seen on green, and is yellow",
        ),
        (JAPAN, "disc->white", "white field; black disc in the centre", "not be seen on white"),
        (USA, "canton->white", USA.replace("blue", "white").replace("50 white", "50 black"), "is black"),
        (JAPAN, "-white", "yellow field; red disc in the centre", "yellow fills"),
        (FRANCE, "red->white", "three vertical stripes, blue, white, white", "lie side by side"),
        (FRANCE, "vertical", FRANCE, "it is so already"),
        (FRANCE, "navy->green", "three vertical stripes, green, white, red", "on this flag it is blue"),
        (CZECHIA, "-blue, -red", "white field", "nothing but white is left"),
        (
            "red field; yellow star in the upper hoist",
            "+union jack",
            "red field; Union Jack in the canton; yellow star at the fly",
            "at the fly now",
        ),
    ],
)
def test_what_is_done_besides_is_said(flag: str, text: str, said: str, note: str) -> None:
    found, notes = edit(flag, text)
    assert found == said
    assert any(note in one for one in notes)


@pytest.mark.parametrize(
    ("flag", "text", "marked", "said"),
    [
        (JAPAN, "star->sun", "star", "no star on it: white field; red disc in the centre; +star adds one"),
        (JAPAN, "blue->red", "blue", "no blue on it: white, red"),
        (USA, "+100 stripes", "+100 stripes", "from 2 to 60 stripes"),
        (JAPAN, "blue disc->star", "blue disc", "no such disc"),
        (JAPAN, "star->", "->", "into what?"),
        (JAPAN, "disc->cresent", "cresent", "Did you mean crescent?"),
        (JAPAN, "red->disc", "disc", "a colour becomes another colour"),
        (JAPAN, "red", "red", "what is to be red?"),
        (JAPAN, "+red", "red", "add what?"),
        (JAPAN, "disc->eagle", "eagle", "words cannot draw this eagle"),
        (JAPAN, "+maple leaf", "+maple leaf", "words cannot draw this maple leaf"),
        (JAPAN, "-2 discs", "-2 discs", "there is 1 of them"),
        (JAPAN, "-red, -white", "-white", "nothing would be left"),
        (JAPAN, "-field", "-field", "every flag has a ground"),
        (JAPAN, "5 stripes", "5 stripes", "no stripe on it"),
        (JAPAN, "no edge", "no edge", "no such edge"),
        (JAPAN, "disc bigger, disc zebra", "zebra", "is not understood"),
        (JAPAN, "colours xanadu", "colours xanadu", "no flag named 'xanadu'"),
        (JAPAN, "colours", "colours", "whose colours?"),
        (NORWAY, "2 crosses", "2 crosses", "there is one Nordic cross"),
        (USA, "mirror", "mirror", "has no mirror image"),
        (USA, "+canton", "+canton", "there is a canton already"),
        (GERMANY, "+quarters", "quarters", "one ground"),
        (GERMANY, "0 stripes", "0", "from 1 to 100"),
        (GERMANY, "90 stripes", "90 stripes", "from 2 to 60"),
        (GERMANY, "", "", "no edit"),
        (GERMANY, ",".join(["vertical"] * 21), "vertical", "at most 20"),
    ],
)
def test_an_error_points_at_the_words(flag: str, text: str, marked: str, said: str) -> None:
    with pytest.raises(SentenceError) as found:
        edit(flag, text)
    assert said in found.value.reason
    assert text[found.value.start : found.value.end].startswith(marked)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Star –> crescent ;  RED → blue", "star->crescent, red->blue"),
        ("red <-> blue, + big star", "red<->blue, +big star"),
        ("stripes red, white, blue, - emblem", "stripes red, white, blue, -emblem"),
        ("star->sun and red->blue", "star->sun, red->blue"),
    ],
)
def test_edits_have_one_way_of_writing_them(typed: str, written: str) -> None:
    assert normal(typed) == written == normal(written)
    assert [edit.verb for edit in read(typed)] == [edit.verb for edit in read(written)]


def test_what_seems_to_show_through_a_charge_is_part_of_it() -> None:
    star = Charge("star", ("green",), (Place(0.5, 0.5, 0.2),))
    hole = Charge("disc", ("red",), (Place(0.5, 0.5, 0.03),))
    held = Charge("disc", ("white",), (Place(0.5, 0.5, 0.08),))
    design = Design((Layer("stripes", ("red",)),), (star, hole, held))

    def shapes(text: str) -> list[tuple[str, str]]:
        return [(one.shape, one.colours[0]) for one in edited(design, text, PALETTE).design.charges]

    assert shapes("star->crescent") == [("crescent", "green"), ("disc", "white")]
    assert shapes("-star") == [("disc", "white")]
    assert shapes("blue field") == [("star", "green"), ("disc", "blue"), ("disc", "white")]
    assert shapes("star at the fly") == [("star", "green"), ("disc", "red"), ("disc", "white")]
    bigger = edited(design, "star twice as big", PALETTE).design.charges
    assert [round(one.places[0].radius, 3) for one in bigger] == [0.4, 0.06, 0.08]


def test_what_stands_among_many_is_one_of_them() -> None:
    stars = tuple(Place(0.1 + 0.2 * (at % 5), 0.1 + 0.2 * (at // 5), 0.05) for at in range(24))
    mistaken = Charge("sun", ("white",), (Place(0.7, 0.9, 0.055), Place(0.5, 0.5, 0.06)))
    design = Design((Layer("stripes", ("blue",)),), (Charge("star", ("white",), stars), mistaken))
    assert words.say(edited(design, "+star", PALETTE).design).startswith("blue field; 27 ")


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("star->cres", "star->crescent"),
        ("red->blue, +light b", "red->blue, +light blue"),
        ("star in the can", "star in the canton"),
        ("-Emb", "-Emblem"),
        ("colours of new z", "colours of new zealand"),
        ("star->", None),
        ("star", "stars"),
        ("xyz", None),
    ],
)
def test_the_word_at_the_end_is_completed(typed: str, whole: str | None) -> None:
    assert completed(typed, ["japan", "new zealand"]) == whole


def test_edits_that_nobody_means_are_made_or_refused_at_a_place() -> None:
    made = [attempt(flag, text) for flag, text in tries(40, 0)]
    assert {*made} == {True, False}


@pytest.mark.parametrize(
    ("slug", "edit", "said"),
    [
        (
            "argentina",
            "sun->star",
            "three horizontal stripes, light blue, white, light blue; yellow star in the centre",
        ),
        ("malawi", "-sun", "three horizontal stripes, black, red, green"),
    ],
)
def test_a_sun_that_is_drawn_in_pieces_is_one_for_edits(flags: Dataset, slug: str, edit: str, said: str) -> None:
    design = kept.design_at(flags, flags.name_table()[slug])
    assert design is not None
    assert words.say(edited(design, edit, flags.palette).design) == said
