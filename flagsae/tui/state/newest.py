"""Background work of which only the latest request counts: a slider's last position, not those that it passed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from threading import Lock
from typing import Any, Generic, TypeVar

from textual.app import App
from textual.message_pump import MessagePump
from textual.widget import Widget
from textual.worker import Worker, get_current_worker

from flagsae.tui.keys import lives

Result = TypeVar("Result")


class Newest(Generic[Result]):
    """Runs one job at a time for a widget or a screen; of the jobs asked for meanwhile the newest is next.

    A job yields its results one by one: a first picture, then a better one. A job that something newer has overtaken
    is dropped at its next result. `show` gets each result, and `fail` an exception, on the application's own thread.
    """

    def __init__(self, owner: MessagePump, show: Callable[[Result], None], fail: Callable[[Exception], None]) -> None:
        self._owner = owner
        self._show = show
        self._fail = fail
        self._wanted: Callable[[], Iterable[Result]] | None = None
        self._running = False
        self._lock = Lock()

    @property
    def busy(self) -> bool:
        return self._running

    def ask(self, job: Callable[[], Iterable[Result]]) -> None:
        with self._lock:
            self._wanted = job
            start, self._running = not self._running, True
        if start:
            app = self._owner.app  # in the thread the owner may be gone, and know no application
            app.run_worker(partial(self._work, app), thread=True, exit_on_error=False)

    def _work(self, app: App[Any]) -> None:
        worker = get_current_worker()
        while True:
            with self._lock:
                job, self._wanted = self._wanted, None
                if job is None or worker.is_cancelled:
                    self._running = False
                    return
            try:
                for result in job():
                    if self._overtaken(worker):
                        break
                    app.call_from_thread(self._deliver, app, self._show, result)
            except Exception as error:
                if not worker.is_cancelled:
                    app.call_from_thread(self._deliver, app, self._fail, error)

    def _deliver(self, app: App[Any], tell: Callable[[Any], None], what: Any) -> None:
        """On the application's own thread. Whoever asked may have gone since: an overlay that was closed."""
        if self._owner is app or (isinstance(self._owner, Widget) and lives(self._owner)):
            tell(what)

    def _overtaken(self, worker: Worker[None]) -> bool:
        return worker.is_cancelled or self._wanted is not None
