"""The application's end of the pipe, where a server draws it in a browser."""

from __future__ import annotations

from textual.drivers.web_driver import WebDriver
from textual.messages import ExitApp


class ServedDriver(WebDriver):
    """Textual's own driver, but it ends the application when the server is gone, however that came about."""

    def run_input_thread(self) -> None:
        super().run_input_thread()
        if not self.exit_event.is_set():  # nobody has stopped us: the pipe was closed
            self.send_message(ExitApp())
