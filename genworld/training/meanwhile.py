"""Long work in a thread of its own, so that whoever waits for it stays able to answer and to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

Told = Callable[[int, int], None]
"""Called with how much is done, and how much there is."""

T = TypeVar("T")


class AbandonedError(Exception):
    """Raised inside work that tells how far it is, when nobody waits for it any more."""


class Meanwhile(Generic[T]):
    """One piece of work on its way.

    Args:
        work: what is done, telling how far it is.
    """

    def __init__(self, work: Callable[[Told], T]) -> None:
        self._work = work
        self._share: float | None = None
        self._left = False
        self._results: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def looks(self, every: float) -> Iterator[float | None]:
        """How much is done, 0 to 1 or None where the work does not tell, again and again until all is done.

        Args:
            every: seconds between two looks.
        """
        self._thread.start()
        try:
            while self._thread.is_alive():
                self._thread.join(every)
                yield self._share
        finally:
            self._left = True

    def result(self) -> T:
        """What came of it, when all was done. Raises what the work raised."""
        if self._error is not None:
            raise self._error
        return self._results[0]

    def _run(self) -> None:
        try:
            self._results.append(self._work(self._told))
        except BaseException as error:  # whatever it is, it is raised where the work is waited for
            self._error = error

    def _told(self, done: int, total: int) -> None:
        if self._left:
            raise AbandonedError
        self._share = done / total if total else None
