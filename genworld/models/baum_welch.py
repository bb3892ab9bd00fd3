"""Hidden Markov chains over words: what they say of sequences, and how they learn (Baum-Welch), in log space.

A hidden state moves from line to line; each state shows one of V words. A few *groups* of sequences (combinations of
classes) have their own starts and moves and share what the states show.

References:
    Rabiner 1989, *A Tutorial on Hidden Markov Models*, equations 19-25 (forward and backward) and 37-40 (learning);
    Gauvain and Lee 1994, *Maximum a Posteriori Estimation*, for the prior counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genworld.models.lines import Ids

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Chain:
    """Chances of G groups, S states and V words.

    Args:
        start: (G, S) of the first state.
        moves: (G, S, S) of the next state, the state before in the middle.
        shows: (S, V) of the word that a state shows.
    """

    start: Numbers
    moves: Numbers
    shows: Numbers

    def tempered(self, temperature: float) -> Chain:
        """These chances to the power of 1 / temperature: below 1 the likely becomes likelier."""
        return Chain(*(_tempered(each, temperature) for each in (self.start, self.moves, self.shows)))


@dataclass(frozen=True)
class Counts:
    """What a chain expects to have happened behind sequences that were seen.

    Args:
        start, moves, shows: as of a `Chain`, in observations.
        nats: log-likelihood of all sequences.
    """

    start: Numbers
    moves: Numbers
    shows: Numbers
    nats: float = 0.0

    @classmethod
    def certain(cls, words: Sequence[Ids], states: Sequence[Ids], groups: Ids, size: tuple[int, int, int]) -> Counts:
        """Those of known states. `size` is (G, S, V)."""
        g, s, v = size
        counts = cls(np.zeros((g, s)), np.zeros((g, s, s)), np.zeros((s, v)))
        for word, state, group in zip(words, states, groups, strict=True):
            counts.start[group, state[0]] += 1
            np.add.at(counts.moves[group], (state[:-1], state[1:]), 1)
            np.add.at(counts.shows, (state, word), 1)
        return counts

    def maximised(self, smoothing: float, usual: Numbers) -> Chain:
        """The likeliest chain behind these counts, with `smoothing` observations that were never made for each choice.

        Args:
            smoothing: spread evenly over starts and moves, and over words as often as they stand in the data. With none
                of it a state shows only what it was seen to show, and a rare column stands only where it stood.
            usual: (V,) shares of the words in the data.
        """
        even = smoothing / self.start.shape[1]
        return Chain(
            _shares(self.start + even), _shares(self.moves + even), _shares(self.shows + smoothing * usual[None])
        )


def expected(chain: Chain, words: Sequence[Ids], groups: Ids) -> Counts:
    """What happened behind sequences of words, (K,) each, as far as a chain can tell: the E step.

    Args:
        chain: as it is.
        words: of each sequence, at least one.
        groups: (N,) of the sequences.
    """
    states, vocabulary = chain.shows.shape
    with np.errstate(divide="ignore"):
        logs = np.log(chain.shows.T)
    start, moves, nats = np.zeros_like(chain.start), np.zeros_like(chain.moves), 0.0
    shown, weights = [], []
    for group in np.unique(groups):
        members = [words[k] for k in np.nonzero(groups == group)[0].tolist()]
        part = _Batch(chain.start[group], chain.moves[group], logs, members)
        start[group], moves[group] = part.gamma(0).sum(axis=0), part.moves_made()
        nats += float(part.nats.sum())
        shown += part.columns
        weights += [part.gamma(step) for step in range(len(part.columns))]
    return Counts(start, moves, _summed(np.concatenate(shown), np.concatenate(weights), (states, vocabulary)), nats)


class _Batch:
    """Forward and backward over the sequences of one group together, the longest first.

    Args:
        start: (S,) and moves: (S, S) of the group.
        logs: (V, S) log-chances of the words.
        sequences: of words.
    """

    def __init__(self, start: Numbers, moves: Numbers, logs: Numbers, sequences: Sequence[Ids]) -> None:
        ordered = sorted(sequences, key=len, reverse=True)
        self.columns = list(_steps(ordered))
        self._made = moves
        seen = [logs[column] for column in self.columns]
        self._forward = list(_forward(start, moves, seen))
        self._backward = _backward(moves, seen)
        self._after = [each + back for each, back in zip(seen, self._backward, strict=True)]
        ends = [len(sequence) - 1 for sequence in ordered]
        self.nats = np.array([_logsum(self._forward[end][k]) for k, end in enumerate(ends)])

    def gamma(self, step: int) -> Numbers:
        """(n, S) chance of each state at a step, given all that was seen."""
        both = self._forward[step] + self._backward[step]
        chances: Numbers = np.exp(both - self.nats[: len(both), None])
        return chances

    def moves_made(self) -> Numbers:
        """(S, S) expected moves, all steps and sequences together."""
        total = np.zeros_like(self._made)
        for before, after in zip(self._forward[:-1], self._after[1:], strict=True):
            before = before[: len(after)]
            top, peak = before.max(axis=1), after.max(axis=1)
            scale = np.exp(top + peak - self.nats[: len(after)])
            total += np.exp(before - top[:, None]).T @ (np.exp(after - peak[:, None]) * scale[:, None])
        total *= self._made
        return total


def _steps(ordered: Sequence[Ids]) -> Iterator[Ids]:
    """The words of step 0, 1, ... of all sequences that are so long."""
    longest = len(ordered[0])
    padded = np.full((len(ordered), longest), -1, dtype=np.int64)
    for row, sequence in zip(padded, ordered, strict=True):
        row[: len(sequence)] = sequence
    for column in padded.T:
        yield column[column >= 0]


def _forward(start: Numbers, moves: Numbers, seen: Sequence[Numbers]) -> Iterator[Numbers]:
    with np.errstate(divide="ignore"):
        now = np.log(start)[None] + seen[0]
    yield now
    for each in seen[1:]:
        now = _moved(now[: len(each)], moves) + each
        yield now


def _backward(moves: Numbers, seen: Sequence[Numbers]) -> list[Numbers]:
    back = [np.zeros_like(seen[-1])]
    for step in range(len(seen) - 2, -1, -1):
        here = np.zeros_like(seen[step])
        here[: len(back[-1])] = _moved(back[-1] + seen[step + 1], moves.T)
        back.append(here)
    return back[::-1]


def _moved(logs: Numbers, moves: Numbers) -> Numbers:
    """log(exp(logs) @ moves), each row relative to its largest, so that nothing vanishes."""
    top = logs.max(axis=1, keepdims=True)
    with np.errstate(divide="ignore"):
        moved: Numbers = top + np.log(np.exp(logs - top) @ moves)
    return moved


def _summed(words: Ids, weights: Numbers, shape: tuple[int, int]) -> Numbers:
    """(S, V) sums of (N, S) weights over equal words."""
    order = np.argsort(words, kind="stable")
    found, first = np.unique(words[order], return_index=True)
    total = np.zeros(shape)
    total[:, found] = np.add.reduceat(weights[order], first, axis=0).T
    return total


def _logsum(logs: Numbers) -> float:
    top = logs.max()
    return float(top + np.log(np.exp(logs - top).sum()))


def _shares(counts: Numbers) -> Numbers:
    shares: Numbers = counts / counts.sum(axis=-1, keepdims=True)
    return shares


def _tempered(chances: Numbers, temperature: float) -> Numbers:
    return (
        chances if temperature == 1 else _shares((chances / chances.max(axis=-1, keepdims=True)) ** (1 / temperature))
    )
