"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass

from genworld.play.cells import Cell


@dataclass(frozen=True)
class Verdict:
    """Whether a level can be played from its start to its goal.

    Args:
        reachable: True with a path, False where there is none, None where the search was given up: unknown is not yes.
        why: one plain sentence.
        path: cells from start to goal, each beside the one before it; empty without a path.
        start, goal: the ends that were used; None where the level has none.
    """

    reachable: bool | None
    why: str
    path: tuple[Cell, ...] = ()
    start: Cell | None = None
    goal: Cell | None = None


def found(why: str, path: list[Cell]) -> Verdict:
    """A verdict of yes with its path."""
    return Verdict(True, why, tuple(path), path[0], path[-1])


def counted(number: int, one: str, many: str = "") -> str:
    """
    >>> counted(1, "step"), counted(2, "step"), counted(2, "enemy", "enemies")
    ('1 step', '2 steps', '2 enemies')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"
