"""How elements become words."""

from flagsae.design.vocabulary import Element, Speaker, listed, number, phrase, place_of, sentence


def test_a_sentence_names_the_ground_first_and_leaves_pieces_of_a_whole_out() -> None:
    elements = [
        Element("field", ("blue",)),
        Element("canton", ("blue", "white", "red"), "canton", kind="union jack"),
        Element("cross", ("red", "white"), "canton", kind="piece"),
        Element("star", ("white",), "fly", count=5, points=7),
    ]
    assert sentence(elements) == "blue field; Union Jack in the canton; five white seven-pointed stars at the fly"


def test_stripes_are_listed_or_counted() -> None:
    def stripes(*colours: str) -> Element:
        return Element("horizontal stripes", colours, count=len(colours))

    assert phrase(stripes("black", "red", "green")) == "three horizontal stripes, black, red, green"
    assert phrase(stripes(*["red", "white"] * 6, "red")) == "thirteen horizontal stripes, red and white"
    assert phrase(stripes("red", "white", "blue", "white", "red")) == (
        "five horizontal stripes, red, white, blue, white, red"
    )
    edged = Element("horizontal stripes", ("red", "blue", "green"), count=3, edges=("white",))
    assert phrase(edged) == "three horizontal stripes, red, blue, green, edged white"
    bar = Element("vertical stripes", ("red",), "hoist", kind="bar")
    assert phrase(bar) == "red bar at the hoist"


def test_figures_have_edges_plurals_and_places() -> None:
    assert phrase(Element("star", ("red", "white"), count=4, points=5)) == "four red stars edged white"
    assert phrase(Element("cross", ("red",), count=4)) == "four red crosses"
    assert phrase(Element("cross", ("red",), "centre")) == "red cross"
    assert phrase(Element("cross", ("white",), "canton")) == "white cross in the canton"
    assert phrase(Element("nordic cross", ("red", "blue"))) == "red Nordic cross edged blue"
    assert phrase(Element("disc", ("red", "white"), "hoist")) == "red and white disc at the hoist"
    assert phrase(Element("diagonal", ("black", "yellow"), kind="diagonal band")) == "black diagonal band edged yellow"
    assert phrase(Element("diagonal", ("green", "red"), kind="halves", count=2)) == "diagonally halved green and red"
    assert phrase(Element("emblem", ("red", "white"), "fly")) == "emblem at the fly"
    assert phrase(Element("emblem", ("black",), "centre")) == "black emblem in the centre"


def test_small_words() -> None:
    assert [listed(words) for words in ([], ["red"], ["red", "white"], ["red", "white", "blue"])] == [
        "",
        "red",
        "red and white",
        "red, white and blue",
    ]
    assert [number(count) for count in (1, 13, 14, 50)] == ["one", "thirteen", "14", "50"]
    boxes = {
        (0.4, 0.6, 0.4, 0.6): "centre",
        (0.1, 0.9, 0.0, 0.3): "hoist",
        (0.1, 0.3, 0.1, 0.3): "top-left",
        (0.8, 1.0, 0.2, 0.8): "bottom",
        (0.8, 1.0, 0.8, 1.0): "bottom-right",
        (0.1, 0.9, 0.1, 0.9): "all",
    }
    assert [place_of(box) for box in boxes] == list(boxes.values())
    assert Speaker("shape", 12, 1.0, "star 5", 0.9).name == "s12"
