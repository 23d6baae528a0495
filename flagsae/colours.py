"""The colours of flags: one table for all that names colours, matches shades with them or draws them as letters.

A new colour is a new row; `python data/make.py` then makes the dataset and the models with it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Colour:
    name: str
    """Of the palette entry."""
    word: str
    """What a person calls it, in descriptions and in `data/attributes.csv`."""
    letter: str
    """In pictures for terminals without colour; shades that a letter need not tell apart share one."""
    rgb: str
    """With which the entry is drawn where no flag gives it a tint of its own; hexadecimal sRGB, as all below."""
    shades: str
    """Examples: a colour of a picture becomes the entry that has the nearest shade. Chosen by eye from the flags' own
    flat colours."""
    lettered: str = ""
    """With which pixels are compared to find their letters, where it is not `rgb`; by eye, as it stands for several."""
    counted: bool = True
    """Whether it may be one of the colours of a flag: grey is the blend of others, or a shadow in a coat of arms."""


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
PLAIN = {colour.name: colour.word for colour in COLOURS}
COLOUR_WORDS = tuple(dict.fromkeys(colour.word for colour in COLOURS if colour.counted))  # that a flag's colours have
LETTERS: dict[str, Colour] = {}  # in the order of the table; of rows that share a letter the first
for _colour in COLOURS:
    LETTERS.setdefault(_colour.letter, _colour)


def plain_word(name: str) -> str:
    """The plain word for a palette entry: "dark blue" is blue, and so is "blue 2" of a fitted palette."""
    name = name.rstrip("0123456789").rstrip()
    return PLAIN.get(name, name)


def channels(rgb: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255, of a colour in hexadecimal."""
    red, green, blue = bytes.fromhex(rgb)
    return red, green, blue
