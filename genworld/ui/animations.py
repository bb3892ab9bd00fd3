"""Animations on their way: how far each is, and an end to those that nobody wants any more.

A page names its animation by a random token of its own; who has not the token learns nothing of it.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from genworld.errors import GenworldError

TOLD_AT_ONCE = 64
"""Animations that can be asked about; the oldest goes first."""


@dataclass
class Animation:
    """One animation.

    Args:
        total: steps in all.
        done: steps behind it.
        stopped: whether nobody waits for it any more.
    """

    total: int
    done: int = 0
    stopped: bool = False

    def step(self) -> None:
        """One step further. Raises GenworldError when it was stopped."""
        self.done += 1
        if self.stopped:
            raise GenworldError("This animation was stopped; ask for it again.")


_open: OrderedDict[str, Animation] = OrderedDict()
_lock = threading.Lock()


def token(value: Any) -> str:
    """The token of an animation, as a page gives it."""
    if isinstance(value, str) and re.fullmatch(r"[0-9a-f]{32}", value):
        return value
    raise GenworldError("An animation is named by 32 hexadecimal digits, but something else came; reload the page.")


@contextmanager
def making(name: str, total: int) -> Iterator[Animation]:
    """An animation of `total` steps that can be asked about, and stopped, as long as it is made."""
    animation = Animation(total)
    with _lock:
        _open[name] = animation
        while len(_open) > TOLD_AT_ONCE:
            _open.popitem(last=False)
    try:
        yield animation
    finally:
        with _lock:
            _open.pop(name, None)


def how_far(name: str, *, stop: bool = False) -> dict[str, int]:
    """Steps that are done and steps in all; an animation that is not there has done nothing yet.

    Args:
        name: its token.
        stop: whether it is to end.
    """
    with _lock:
        animation = _open.get(name, Animation(1))
        animation.stopped |= stop
        return {"done": animation.done, "total": animation.total}
