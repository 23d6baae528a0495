"""The table of all commands, from which the keys, the footer, the help, the palette and docs/tui.md are made.

A command belongs to a scope: the whole application, one of its screens, or a kind of widget on any screen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

# The scopes, in the order of docs/tui.md: name -> title. A screen's module is `screens/NAME.py`.
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
# Scope -> what its help page says before the keys.
ABOUT = {
    "lab": "The sum, the flag, the feature or all features in the eyes of different visualizers, built in and "
    "installed. One that fails, or never ends, says so in its pane, and does no harm.",
    "train": "How a model comes to be: curves over its epochs, flags as it makes them at the step that is seen, and "
    "features with the names that they have there. ● are flags that it has not learned from, and the chosen flag's "
    "features.",
    "chart": "The crosshair is at the step that every screen looks at. The mouse reads values, a click goes to a step.",
    "mix": "A sum of flags and features, drawn as one design. Text and sliders say the same.",
    "map": "All flags on a plane, those with features in common together. Digits are the flag's nearest, by its code.",
    "plane": "Arrows go from flag to flag and reach all. The left button draws a lasso, the right one drags the map, "
    "the wheel zooms; a click chooses, a second one opens.",
    "flags": "All flags, and a card of the chosen one: what is on it, its features, and how the model makes it again.",
    "features": "What the model has learned: the atom of each feature, what is known of it, what it does to a flag. "
    "● fires in the chosen flag; ×12: for 12 flags; ?: an unsure label; ~Chad: nothing is known but that flag.",
}
SCOPES = {"app": "Everywhere", **SCREENS, **WIDGETS}


@dataclass(frozen=True)
class Command:
    """One command: a row of `COMMANDS`."""

    scope: str  # one of `SCOPES`
    keys: str  # as Textual names them, separated by commas
    action: str  # of the scope's class, as Textual writes it: "step(-1)" calls `action_step(-1)`
    label: str  # a word or two, for the footer
    help: str  # a line, for the help, the palette and the documentation
    footer: bool = True  # whether the footer shows it

    @property
    def shown_keys(self) -> str:
        """The keys as users see them, separated by spaces."""
        return " ".join(KEYS.get(key, key) for key in self.keys.split(","))


# Textual's names of keys -> what users see.
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
    Command("app", "K", "cells", "Cells", "Choose the block characters of pictures, with a preview.", False),
    Command("app", "ctrl+s", "picture", "Picture", "Save the screen as an SVG.", False),
    Command("mix", "slash,i", "edit", "Edit", "Type the sum: flags, words, f17; errors get a caret, tab completes."),
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
    Command("flags", "slash", "find", "Find", "Find while typing: a name, a code, or what is on a flag: green star."),
    Command("flags", "p", "pin", "Pin", "Pin the chosen flag to come back to it, or let it go."),
    Command("flags", "P", "pins", "Pinned", "Pinned flags alone; again: all.", False),
    Command("flags", "equals_sign", "compare", "Compare", "The chosen flag beside the one pinned or chosen last."),
    Command("flags", "a", "add", "Add", "Add the chosen flag to the sum on the Mix screen."),
    Command("flags", "m", "mix", "Mix", "Go to the Mix screen with this flag alone."),
    Command("flags", "e", "edit", "Edit", "Change the phrase under the cursor, or the flag, in the text of Mix."),
    Command("flags", "s", "sort", "Sort", "By name, likeness to the chosen flag, main colour, error of the model."),
    Command("flags", "n", "neighbour(1)", "Next", "The next flag, wherever the focus is.", False),
    Command("flags", "N", "neighbour(-1)", "Previous", "The flag before.", False),
    Command("flags", "escape", "back", "Back", "From the large card to all flags; from some flags to all.", False),
    Command("features", "slash", "find", "Find", "Find features by name, by what they are made of, or by number: f17."),
    Command("features", "o", "sort(1)", "Sort", "By number, in the chosen flag, flags, strength, rarity, likeness."),
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
    Command("train", "n", "new", "New run", "Train a new model: choose a preset, its epochs and its features."),
    Command("train", "space", "pause", "Pause", "Pause the run, or go on."),
    Command("train", "s", "stop", "Stop", "Stop the run with a checkpoint to resume from."),
    Command("train", "r", "resume", "Resume", "Go on with this run where it stopped, or with the newest that did."),
    Command("train", "f", "follow", "Follow", "Look at the model as it learns, on every screen."),
    Command("train", "l", "runs", "Runs", "Look at another recorded run of these flags."),
    Command("train", "y", "log", "Log", "Show or hide the log's rows.", False),
    Command("train", "x", "scale", "Scale", "Give early epochs more room, or all the same.", False),
    Command("chart", "left", "move(-1)", "Earlier", "The kept step before.", False),
    Command("chart", "right", "move(1)", "Later", "The kept step after; beyond the last, the live model.", False),
    Command("chart", "home", "end(False)", "First", "The first kept step.", False),
    Command("chart", "end", "end(True)", "Last", "The last kept step, or the live model.", False),
    Command("map", "m", "method", "Method", "t-SNE, which keeps neighbours together, or PCA, which keeps the whole."),
    Command("map", "f", "by_feature", "Feature", "Colour by the chosen feature, larger where stronger; again: off."),
    Command("map", "n", "names", "Names", "Names below flags, where there is room, or none.", False),
    Command("map", "a", "mix", "Mix", "The marked flags, or the chosen one, as a sum on the Mix screen."),
    Command("map", "x", "clear", "Clear", "No flag is marked any more.", False),
    *(
        Command("plane", key, f"move({columns}, {lines})", label, f"The next flag {where}.", False)
        for key, columns, lines, label, where in (
            ("left", -1, 0, "Left", "on the left"),
            ("right", 1, 0, "Right", "on the right"),
            ("up", 0, -1, "Up", "above"),
            ("down", 0, 1, "Down", "below"),
        )
    ),
    *(
        Command("plane", f"shift+{key}", f"pan({columns}, {lines})", f"Pan {key}", f"See what is {where}.", False)
        for key, columns, lines, where in (
            ("left", -1, 0, "further left"),
            ("right", 1, 0, "further right"),
            ("up", 0, -1, "further up"),
            ("down", 0, 1, "further down"),
        )
    ),
    Command("plane", "plus,equals_sign", "zoom_in(1)", "Nearer", "Nearer, about the chosen flag."),
    Command("plane", "minus", "zoom_in(-1)", "Farther", "Farther away."),
    Command("plane", "w", "whole", "Whole", "The whole map.", False),
    Command("plane", "space", "mark", "Mark", "Mark the chosen flag, or no longer."),
    Command("plane", "enter", "choose", "Open", "Open the chosen flag on the Flags screen."),
    Command("lab", "v", "subject(1)", "Subject", "Look at the sum, the flag, the feature and the dictionary in turn."),
    Command("lab", "V", "subject(-1)", "Back", "The subject before.", False),
    Command("lab", "n", "visualizer(1)", "Next", "The next visualizer."),
    Command("lab", "N", "visualizer(-1)", "Previous", "The visualizer before.", False),
    Command("lab", "comma", "other(-1)", "Before", "The flag or the feature before this one."),
    Command("lab", "full_stop", "other(1)", "After", "The flag or the feature after this one."),
    Command("lab", "space", "hold", "Hold", "What moves stands still; again: it goes on.", False),
    Command("lab", "r", "again", "Again", "Draw it once more, and measure the time.", False),
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
