"""Background work in which only the latest request counts: of a dragged slider, the last position."""

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
    """Runs one job at a time in a thread, for a widget or a screen. Of the jobs that are asked for while one runs, only
    the newest is kept, and runs next.

    A job yields its results one by one: a first picture, then a better one. When a newer job waits, the running one
    ends at its next result, which is dropped. `show` is called with each result, and `fail` with an exception, in the
    application's thread.
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
        """Whether a job runs or waits."""
        return self._running

    def ask(self, job: Callable[[], Iterable[Result]]) -> None:
        """Asks for a job, in place of one that waits."""
        with self._lock:
            self._wanted = job
            start, self._running = not self._running, True
        if start:
            app = self._owner.app  # taken here: an owner that was removed in the meantime has no application
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
        """Calls `show` or `fail`, in the application's thread, unless the owner was removed: an overlay was closed."""
        if self._owner is app or (isinstance(self._owner, Widget) and lives(self._owner)):
            tell(what)

    def _overtaken(self, worker: Worker[None]) -> bool:
        return worker.is_cancelled or self._wanted is not None
