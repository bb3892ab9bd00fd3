"""Jobs whose worker is gone are taken back, so that somebody goes on with them.

No clock decides. Who holds a lease counts a number up each second; a number that stands still, while this process's own
monotonic clock runs, tells that nobody counts any more.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from genworld.errors import GenworldError
from genworld.library.jobs import Held, Jobs
from genworld.worker import owner

STANDSTILL = 10.0
"""Seconds."""
EVERY = 1.0
"""Seconds between looks."""

_log = logging.getLogger(__name__)


class Abandoned:
    """Watches the leases of others.

    Args:
        jobs: of the library.
        me: the owner whose leases need no watch.
        clock: monotonic seconds.
    """

    def __init__(self, jobs: Jobs, me: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._jobs = jobs
        self._me = me
        self._clock = clock
        self._seen: dict[Held, float] = {}
        self._looked: float | None = None

    def take_back(self) -> int:
        """Look, when it is time; put the jobs of those who are gone back into the queue.

        Returns:
            How many.
        """
        now = self._clock()
        if self._looked is not None and now - self._looked < EVERY:
            return 0
        self._looked = now
        try:
            held = [each for each in self._jobs.held() if each.owner != self._me]
            self._seen = {each: self._seen.get(each, now) for each in held}
            return sum(self._jobs.take_back(each) for each in held if self._is_gone(each, now))
        except GenworldError as error:
            _log.warning("leases were not looked at: %s", error.sentence)
            return 0

    def _is_gone(self, held: Held, now: float) -> bool:
        return owner.is_gone(held.owner) or now - self._seen[held] >= STANDSTILL
