"""Every command of the application, once: keys, footer, help, palette and docs/tui.md are made of this table.

A command belongs to a scope: the whole application, one of its screens, or a kind of widget, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

SCREENS = {
    "mix": "Mix",
    "flags": "Flags",
    "features": "Features",
    "map": "Map",
    "train": "Train",
    "lab": "Lab",
}
WIDGETS = {
    "gallery": "Galleries",
    "bars": "Lists",
    "slider": "Sliders",
    "text": "Text fields",
    "plane": "The map's plane",
    "chart": "Curves",
}
ABOUT = {
    "mix": "A sum of flags and features, drawn as one design. Text and sliders say the same.",
    "features": "What the model has learned: an atom a feature, what is known of it, and what it does to the chosen flag.",
}
SCOPES = {"app": "Everywhere", **SCREENS, **WIDGETS}


@dataclass(frozen=True)
class Command:
    """scope: one of `SCOPES`; keys: as Textual names them, with commas between; action: of the scope's own class;
    label: a word or two, for the footer; help: a line; footer: whether there is room for it there."""

    scope: str
    keys: str
    action: str
    label: str
    help: str
    footer: bool = True

    @property
    def shown_keys(self) -> str:
        return " ".join(KEYS.get(key, key) for key in self.keys.split(","))


KEYS = {
    "colon": ":",
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "slash": "/",
    "equals_sign": "=",
    "plus": "+",
    "minus": "-",
    "full_stop": ".",
    "comma": ",",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "shift+left": "shift+←",
    "shift+right": "shift+→",
    "shift+up": "shift+↑",
    "shift+down": "shift+↓",
    "pageup": "page up",
    "pagedown": "page down",
    "escape": "esc",
}

COMMANDS = (
    *(
        Command("app", str(number), f"go('{scope}')", title, f"Go to {title}.", footer=False)
        for number, (scope, title) in enumerate(SCREENS.items(), 1)
    ),
    Command("app", "question_mark", "help", "Help", "What the focused pane does, and all of its keys."),
    Command("app", "colon,ctrl+p", "command_palette", "Palette", "Find any command by its name."),
    Command("app", "g", "jump", "Jump", "Letters appear on the panes: press one to go there."),
    Command("app", "left_square_bracket", "step(-1)", "Earlier", "One kept step of training back, on every screen."),
    Command("app", "right_square_bracket", "step(1)", "Later", "One kept step of training on, on every screen."),
    Command("app", "z", "zoom", "Zoom", "The focused pane alone, as large as the terminal; again: back.", False),
    Command("app", "t", "theme", "Theme", "Choose the colours of the application.", False),
    Command("app", "ctrl+s", "picture", "Picture", "Save the screen as an SVG.", False),
    Command("mix", "slash,i", "edit", "Edit", "Type the sum: flags, colours, f17; errors get a caret, tab completes."),
    Command("mix", "u", "undo", "Undo", "Take the last change back."),
    Command("mix", "U", "redo", "Redo", "Do it again after all.", False),
    Command("mix", "r", "random", "Random", "A new flag from nothing: two or three real ones in random shares."),
    Command("mix", "b", "morph", "Morph", "From the first term to the second, step by step."),
    Command("mix", "n", "design(1)", "Next", "Another good design of the same sum."),
    Command("mix", "N", "design(-1)", "Previous", "The design before.", False),
    Command("mix", "e", "export", "Export", "Write the flag as PNG, SVG or text."),
    Command("mix", "c", "copy", "Copy", "Copy the command line that draws the same."),
    Command("mix", "d", "decode", "Decode", "Draw by weave, vote or sum.", False),
    Command("mix", "a", "add_flag", "+ flag", "Add the chosen flag as a term.", False),
    Command("mix", "f", "add_feature", "+ feature", "Add the chosen feature as a term.", False),
    Command("mix", "delete,backspace", "remove", "Remove", "Remove the term whose slider is focused.", False),
    Command("features", "slash", "find", "Find", "Find features by the words of their labels, or by number: f17."),
    Command("features", "o", "sort(1)", "Sort", "Sort by the next order: number, flag, density, strength, dead, likeness."),
    Command("features", "O", "sort(-1)", "Sort back", "The order before.", False),
    Command("features", "x", "ablate", "Ablate", "The chosen feature off in the chosen flag; again: as it was."),
    Command("features", "plus,equals_sign", "steer(1)", "Up", "More of the chosen feature in the chosen flag."),
    Command("features", "minus", "steer(-1)", "Down", "Less of it, down to off."),
    Command("features", "0", "as_it_was(False)", "As it was", "The chosen feature as the flag has it.", False),
    Command("features", "r", "as_it_was(True)", "Reset", "All features as the flag has them."),
    Command("features", "m", "mix", "Mix", "The steered flag as a sum, on the Mix screen."),
    Command("features", "k", "dictionary", "Dictionary", "Features of whole flags, of layouts, of shapes.", False),
    Command("features", "n", "neighbour(1)", "Next", "The next feature, wherever the focus is.", False),
    Command("features", "N", "neighbour(-1)", "Previous", "The feature before.", False),
    Command("features", "escape", "back", "Back", "From the large card to all panes; then: all features again.", False),
    Command("text", "tab", "accept", "Complete", "Take the completion; without one go to the next pane."),
    Command("text", "escape", "leave", "Leave", "Leave the text as it is."),
    *(
        Command("gallery", key, f"move({columns}, {rows})", label, f"The next tile {where}.", False)
        for key, columns, rows, label, where in (
            ("left", -1, 0, "Left", "on the left"),
            ("right", 1, 0, "Right", "on the right"),
            ("up", 0, -1, "Up", "above"),
            ("down", 0, 1, "Down", "below"),
        )
    ),
    Command("gallery", "pageup", "page(-1)", "Page up", "As many rows up as are seen.", False),
    Command("gallery", "pagedown", "page(1)", "Page down", "As many rows down as are seen.", False),
    Command("gallery", "home", "end(False)", "First", "The first tile.", False),
    Command("gallery", "end", "end(True)", "Last", "The last tile.", False),
    Command("gallery", "enter", "choose", "Open", "Open the highlighted tile."),
    Command("bars", "up", "move(-1)", "Up", "The line above.", False),
    Command("bars", "down", "move(1)", "Down", "The line below.", False),
    Command("bars", "pageup", "page(-1)", "Page up", "As many lines up as are seen.", False),
    Command("bars", "pagedown", "page(1)", "Page down", "As many lines down as are seen.", False),
    Command("bars", "home", "end(False)", "First", "The first line.", False),
    Command("bars", "end", "end(True)", "Last", "The last line.", False),
    Command("bars", "enter", "choose", "Open", "Open the highlighted line."),
    Command("slider", "left", "nudge(-1)", "−.05", "Less by .05.", False),
    Command("slider", "right", "nudge(1)", "+.05", "More by .05.", False),
    Command("slider", "shift+left", "leap(-1)", "−.25", "Less by .25.", False),
    Command("slider", "shift+right", "leap(1)", "+.25", "More by .25.", False),
    Command("slider", "home", "reset", "Zero", "To zero.", False),
    Command("slider", "enter", "type", "Number", "Type a number; enter again takes it."),
    Command("app", "q", "quit", "Quit", "Leave; asks only while a model is training."),
)


def commands_of(scope: str) -> Iterator[Command]:
    return (command for command in COMMANDS if command.scope == scope)


def tables() -> str:
    """The whole table as Markdown, for docs/tui.md."""
    lines = []
    for scope, title in SCOPES.items():
        lines += [f"### {title}", ""]
        if scope in ABOUT:
            lines += [ABOUT[scope], ""]
        lines += ["| keys | command | |", "| --- | --- | --- |"]
        for command in commands_of(scope):
            keys = " ".join(f"`{key}`" for key in command.shown_keys.split(" "))
            lines.append(f"| {keys} | {command.label} | {command.help} |")
        lines.append("")
    return "\n".join(lines)
