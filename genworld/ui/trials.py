"""What a training would take on this machine: measured one at a time beside the page. Importing this loads torch."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from genworld.datasets import store
from genworld.errors import GenworldError
from genworld.recent import Recent
from genworld.training import costs
from genworld.training.order import Order
from genworld.ui import sets

LOG = logging.getLogger("genworld.ui")
REMEMBERED = 128
LEFT_SECONDS = 4.0
"""A trial that nobody asked for since is not begun."""
MOMENT_SECONDS = 0.2

_turn = threading.Lock()
"""Two at once would measure each other."""


@dataclass
class Trial:
    """The cost of one order, on its way or there."""

    order: Order
    answer: dict[str, Any] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)
    asked: float = field(default_factory=time.monotonic)

    def start(self) -> None:
        """Begin when it is its turn, in a thread of its own."""
        threading.Thread(target=self._run, name="measure-cost", daemon=True).start()

    def _run(self) -> None:
        with _turn:
            if time.monotonic() - self.asked < LEFT_SECONDS:  # `asked` may be ahead: whoever waits is still there
                self.answer = self._measured()
        self.over.set()

    def _measured(self) -> dict[str, Any]:
        try:
            return told(self.order)
        except GenworldError as error:
            return {"state": "failed", "why": error.sentence, "fits": False}
        except Exception:
            LOG.exception("measuring a cost failed")
            return {"state": "failed", "why": "What it takes could not be measured; it was written to the log."}


_recent = Recent[str, Trial](REMEMBERED)
"""By what of an order decides its cost."""


def cost(order: Order, patience: float = MOMENT_SECONDS) -> dict[str, Any]:
    """Seconds, bytes and whether they suffice; ``{"state": "measuring"}`` while that is found out.

    Args:
        order: what is to be trained.
        patience: seconds to wait for it.
    """
    plain = order.model_copy(update={"title": "", "seed": 0}).model_dump_json()
    key = f"{plain} {store.mark(order.data.partition(':')[2])}"
    trial = _recent.get(key)
    if trial is None or (trial.over.is_set() and not trial.answer):
        trial = Trial(order)
        _recent.put(key, trial)
        trial.start()
    trial.asked = time.monotonic() + patience
    trial.over.wait(patience)
    return trial.answer or {"state": "measuring"}


def told(order: Order) -> dict[str, Any]:
    """The cost of an order, measured now.

    Raises:
        GenworldError: the order does not fit its data.
    """
    training = order.begin(sets.opened(order.data))
    found = costs.cost(training.model, training.data)
    answer = {"state": "known", "seconds": found.total_seconds, "bytes": found.bytes, "fits": True}
    try:
        costs.require_room(found)
    except GenworldError as error:
        return {**answer, "fits": False, "why": error.sentence}
    return answer
