"""`flagsae tui` with a small application in the place of the real one: a key a thing that may go wrong.

Run as a script, in a terminal or behind a server.
"""

import logging
import os
import sys
import threading
import time
import types
import warnings
from typing import Any

from flagsae.cli import main
from flagsae.errors import UsageError


class Unraisable:
    def __del__(self) -> None:
        raise RuntimeError("from a finalizer")


def fail_in_a_thread() -> None:
    raise RuntimeError("from a thread")


def make(*arguments: Any) -> Any:
    from textual.app import App
    from textual.widgets import Static

    class Small(App[None]):
        def compose(self) -> Any:
            print("from compose")
            yield Static("ready\n▀▄ ██ ░▒▓ ⠁⣿\n" + "[red on blue]▀▀▀▀[/]\n" * 3, id="text")

        def say(self, text: str) -> None:
            self.query_one("#text", Static).update(text)

        def key_n(self) -> None:
            """All the ways of making noise."""
            print("from print")
            print("from print to stderr", file=sys.stderr)
            warnings.warn("from warnings", stacklevel=1)
            logging.getLogger("library").warning("from logging")
            os.write(1, b"from native code on 1\n")
            os.write(2, b"from native code on 2\n")
            thread = threading.Thread(target=fail_in_a_thread)
            thread.start()
            thread.join()
            Unraisable()
            self.say("it was loud")

        def key_k(self) -> None:
            self.say("a key came")

        def key_c(self) -> None:
            self.say(str(1 // 0))

        def key_u(self) -> None:
            raise UsageError("no flag named 'atlantis'")

        def key_m(self) -> None:
            self.exit(return_code=3, message="see you " + "again " * 20)

        def key_w(self) -> None:
            """A thread that writes and writes."""
            self.set_interval(0.01, lambda: self.say(str(time.monotonic())))

        async def key_h(self) -> None:
            """The loop hangs, after the screen has said so."""
            self.say("hanging")
            self.set_timer(0.1, lambda: time.sleep(1000))

        def key_t(self) -> None:
            """A thread that takes its time."""
            self.run_worker(lambda: time.sleep(1000), thread=True)
            self.say("computing")

        def key_q(self) -> None:
            self.exit()

    return Small()


if __name__ == "__main__":
    sys.modules["flagsae.tui.app"] = types.SimpleNamespace(FlagsaeApp=make)  # type: ignore[assignment]
    sys.argv = ["flagsae", "tui", *sys.argv[1:]]
    main()
