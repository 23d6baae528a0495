"""Words for colours: those of the palette, other words for them, and shades that the palette has no entry for.

A shade has a name of its own in a design ("pink") and is drawn in its own tint. Where only entries of the palette
count, as in a label map, it is the entry that it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable

from flagsae.colours import COLOURS

PALETTE = tuple(colour.name for colour in COLOURS)

# Other words for entries of the palette.
SYNONYMS = {
    **dict.fromkeys(("gold", "golden", "amber", "mustard"), "yellow"),
    **dict.fromkeys(("navy", "navy blue", "midnight blue", "deep blue"), "dark blue"),
    **dict.fromkeys(("maroon", "burgundy", "wine", "deep red"), "dark red"),
    **dict.fromkeys(("crimson", "scarlet", "vermilion", "bright red"), "red"),
    **dict.fromkeys(("sky blue", "azure", "pale blue", "baby blue"), "light blue"),
    **dict.fromkeys(("royal blue", "cobalt"), "blue"),
    **dict.fromkeys(("violet", "mauve"), "purple"),
    **{"gray": "grey", "argent": "white"},
}
# Shades: the entry that they belong to, and their tint in hexadecimal sRGB, by eye or as CSS has the name.
TINTS = {
    "silver": ("grey", "#c0c0c0"),
    "dark grey": ("grey", "#555555"),
    "cream": ("white", "#fff3d0"),
    "ivory": ("white", "#fffde8"),
    "beige": ("white", "#efe0bf"),
    "sand": ("yellow", "#dcc393"),
    "ochre": ("yellow", "#cc8a1d"),
    "light yellow": ("yellow", "#fff3a0"),
    "pink": ("purple", "#f4a6c0"),
    "salmon": ("orange", "#fa8072"),
    "peach": ("orange", "#ffc9a0"),
    "coral": ("orange", "#ff7f50"),
    "magenta": ("purple", "#d0148c"),
    "lilac": ("purple", "#c8a2c8"),
    "lavender": ("purple", "#cfc4ee"),
    "indigo": ("dark blue", "#3f1f9c"),
    "turquoise": ("light blue", "#30d5c8"),
    "aquamarine": ("light blue", "#7fe8cf"),
    "cyan": ("light blue", "#00b7eb"),
    "teal": ("green", "#008080"),
    "dark green": ("green", "#004d26"),
    "light green": ("green", "#7ac943"),
    "lime": ("green", "#9bd424"),
    "chartreuse": ("green", "#b8e02c"),
    "olive": ("green", "#6b7a1e"),
    "khaki": ("yellow", "#c3b078"),
    "bronze": ("brown", "#a9713a"),
    "tan": ("brown", "#c99a6b"),
}
WORDS = (*PALETTE, *TINTS, *SYNONYMS)
FAMILIES = {**dict.fromkeys(("dark blue", "light blue"), "blue"), "dark red": "red"}  # entries that are shades too


def shade(word: str) -> str:
    """The name that a design has for a colour's word."""
    return SYNONYMS.get(word, word)


def entry_of(name: str) -> str:
    """The palette entry that a design's colour belongs to."""
    return TINTS[name][0] if name in TINTS else name


def family(name: str) -> str:
    """The plain colour that a shade is one of: blue for dark blue and light blue, green for teal."""
    entry = entry_of(name).rstrip("0123456789 ")  # a fitted palette has "blue 2"
    return FAMILIES.get(entry, entry)


def meant(word: str, names: Iterable[str]) -> list[str]:
    """Those of some colours that a colour's name stands for: a plain one for its whole family, another for itself, or
    for its family where it is not there itself."""
    known = list(names)
    exact = [name for name in known if name == word]
    if exact and family(word) != word:
        return exact
    return [name for name in known if family(name) == family(word)]
