"""How elements become words."""

from flagsae.design.vocabulary import Element, listed, number, place_of, sentence


def test_a_sentence_names_the_ground_first_and_leaves_pieces_of_a_whole_out() -> None:
    elements = [
        Element("field", ("blue",), text="blue field"),
        Element("canton", ("blue", "white", "red"), "canton", kind="union jack", text="Union Jack in the canton"),
        Element("cross", ("red", "white"), "canton", kind="piece"),
        Element("star", ("white",), "fly", count=5, points=7, text="five white seven-pointed stars at the fly"),
    ]
    assert sentence(elements) == "blue field; Union Jack in the canton; five white seven-pointed stars at the fly"


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
