"""The table of what was asked for last."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from genworld.recent import Recent


def test_what_was_not_asked_for_longest_goes() -> None:
    recent = Recent[str, int](2)
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.get("a") == 1
    recent.put("c", 3)
    assert (recent.get("a"), recent.get("b"), recent.get("c")) == (1, None, 3)


def test_a_value_is_made_once_for_all_who_ask_at_the_same_time() -> None:
    recent, made, here = Recent[str, object](4), [], threading.Barrier(4)

    def ask(_: int) -> object:
        here.wait()
        return recent.of("a", lambda: made.append(1) or object())  # type: ignore[func-returns-value]

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(ask, range(4)))) == len(made) == 1


def test_what_was_let_go_is_made_anew() -> None:
    recent = Recent[str, int](4)
    recent.put("a", 1)
    recent.put("b", 2)
    recent.forget("a")
    recent.forget("never there")
    assert (recent.get("a"), recent.get("b")) == (None, 2)
    recent.clear()
    assert recent.of("b", lambda: 5) == 5
