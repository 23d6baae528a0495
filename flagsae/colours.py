"""The colours of flags, in one table: their names, the shades that belong to them, and the letters they are drawn as.

To add a colour, add a row; `python data/make.py` then makes the dataset and the models again.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Colour:
    """One colour. Values of colours are hexadecimal sRGB."""

    name: str
    """The name of the palette entry."""
    word: str
    """The plain word for it, in descriptions and in `data/attributes.csv`."""
    letter: str
    """The letter that it is drawn as on terminals without colour. Similar colours share a letter."""
    rgb: str
    """The colour that the entry is drawn in where no flag gives it a shade of its own."""
    shades: str
    """Example shades: a colour in a picture becomes the entry with the nearest one. Chosen by eye from the flags' own
    flat colours."""
    lettered: str = ""
    """The colour that pixels are compared with to find their letters, if it is not `rgb`. By eye, for letters that
    stand for several colours."""
    counted: bool = True
    """Whether descriptions count it as a colour of a flag. Grey is not: it is mostly a blend, or a shadow in arms."""


COLOURS = (
    Colour("white", "white", "w", "ffffff", "ffffff e8e8e8 f6ecd8 d8e4ea"),
    Colour("grey", "grey", ".", "9a9a9a", "8c8a8c b8b8b8 666666 96877d 577378", counted=False),
    Colour("black", "black", "k", "000000", "000000 262422"),
    Colour("red", "red", "R", "d21423", "cb1426 ee1c1e ff0000 c1272d fc3d32 a51931"),
    Colour("dark red", "red", "M", "8d1b3d", "8d1b3d 9e3039 8d2029 6a0a13", lettered="8c1e3c"),
    Colour("orange", "orange", "O", "f58220", "ff883e f77f00 ff4e12 ff9933 e9862b"),
    Colour("yellow", "yellow", "Y", "fcd116", "fcd116 ffff00 f0e53c d3ae3b c09300 fcea83 e8bc77"),
    Colour("brown", "brown", "N", "7a4a28", "8b5a2b 5a3719 b07f55 412a23 923f00 6a5b01 bc715f"),
    Colour("green", "green", "G", "008a43", "008751 006233 1eb53a 01411c 215b33 198a00 28ae66 4e5b31 007168 436f4d"),
    Colour("light blue", "light blue", "c", "5cb2de", "75b2dd 00afca 4189dd 66ccff a0cfeb 1e9be0 007fff 0981cf"),
    Colour("blue", "blue", "B", "0a4ba8", "0047ab 003893 006aa7 0072c6 3a75c4 0081c6 244aa5", lettered="04328c"),
    Colour("dark blue", "blue", "B", "04246f", "012169 00247d 171796 3c3b6e 072b5f 183070"),
    Colour("purple", "purple", "P", "7a3a99", "6e2882 9461c9 503a77"),
)
PLAIN = {colour.name: colour.word for colour in COLOURS}  # name of an entry -> plain word
COLOUR_WORDS = tuple(dict.fromkeys(colour.word for colour in COLOURS if colour.counted))  # all words for flags' colours
LETTERS: dict[str, Colour] = {}  # letter -> the first row with it, in the order of the table
for _colour in COLOURS:
    LETTERS.setdefault(_colour.letter, _colour)


def plain_word(name: str) -> str:
    """The plain word for a palette entry: "dark blue" is blue, and so is "blue 2" of a fitted palette."""
    name = name.rstrip("0123456789").rstrip()
    return PLAIN.get(name, name)


def channels(rgb: str) -> tuple[int, int, int]:
    """(red, green, blue), each 0 to 255, of a colour in hexadecimal."""
    red, green, blue = bytes.fromhex(rgb)
    return red, green, blue
