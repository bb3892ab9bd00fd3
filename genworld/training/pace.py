"""How often something that takes time itself is worth its time."""

from __future__ import annotations


class Pace:
    """Growing intervals between things that are done beside learning.

    Args:
        least, most: seconds of learning between two of them.
        growth: the interval as a share of all the time learned.
        share: of the time that they may take, at most.
        begun: seconds learned before, where a training goes on.
    """

    def __init__(self, least: float, most: float, *, growth: float, share: float, begun: float = 0.0) -> None:
        self._least, self._most = least, most
        self._growth, self._share = growth, share
        self._last, self._cost = begun, 0.0

    def due(self, seconds: float) -> bool:
        """Whether it is time again.

        Args:
            seconds: learned so far.
        """
        plain = min(max(seconds * self._growth, self._least), self._most)
        return seconds - self._last >= max(plain, self._cost / self._share)

    def done(self, seconds: float, cost: float) -> None:
        """It was done after `seconds` of learning, and took `cost` seconds."""
        self._last, self._cost = seconds, cost


class Rate:
    """Steps a second, lately.

    Args:
        seconds, step: where the counting begins.
    """

    SPAN = 2.0
    """Seconds that are averaged over."""

    def __init__(self, seconds: float, step: int) -> None:
        self._seconds, self._step = seconds, step
        self.steps = 0.0

    def count(self, step: int, seconds: float) -> None:
        """`step` was done after `seconds` of learning."""
        passed = seconds - self._seconds
        if passed <= 0 or (passed < self.SPAN and self.steps):
            return
        self.steps = (step - self._step) / passed
        if passed >= self.SPAN:
            self._seconds, self._step = seconds, step
