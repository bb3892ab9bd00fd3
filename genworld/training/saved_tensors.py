"""How much memory a step of learning holds, counted by what it keeps for its way back."""

from __future__ import annotations

from collections import Counter

from torch import Tensor


class Holding:
    """Counts what a step keeps for its way back: hooks for `torch.autograd.graph.saved_tensors_hooks`."""

    def __init__(self) -> None:
        self.most = 0
        self._now = 0
        self._times: Counter[int] = Counter()

    def pack(self, tensor: Tensor) -> _Held:
        """A tensor is kept."""
        return _Held(self, tensor)

    def unpack(self, held: _Held) -> Tensor:
        """A tensor is asked for."""
        return held.tensor

    def count(self, place: int, size: int, by: int) -> None:
        """`size` bytes at `place` are kept once more, or once less."""
        self._times[place] += by
        if self._times[place] == (1 if by > 0 else 0):
            self._now += by * size
        self.most = max(self.most, self._now)


class _Held:
    """A kept tensor; storage that several keep counts once."""

    def __init__(self, holding: Holding, tensor: Tensor) -> None:
        self.tensor = tensor
        storage = tensor.untyped_storage()
        self._holding, self._place, self._size = holding, storage.data_ptr(), storage.nbytes()
        holding.count(self._place, self._size, 1)

    def __del__(self) -> None:
        self._holding.count(self._place, self._size, -1)
