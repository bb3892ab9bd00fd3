"""May I sell this? Answered from the sources of what is in a pack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from genworld.library import Item
from genworld.provenance import DataSource

TILESET_ART = DataSource(
    name="genworld tileset art",
    licence="CC0-1.0",
    url="https://creativecommons.org/publicdomain/zero/1.0/",
    sellable=True,
)
"""Our own art; it ships with every level that is drawn with it."""


def sources_of(items: Iterable[Item], art: Iterable[DataSource]) -> list[DataSource]:
    """Each source once: those of the items in order, then that of the art."""
    return list(dict.fromkeys([*(item.source for item in items), *art]))


def credit_lines(sources: Iterable[DataSource]) -> list[str]:
    """The lines that must ship with a game, each once."""
    return list(dict.fromkeys(_line(source.credit) for source in sources if source.credit.strip()))


def may_i_sell_this(sources: Sequence[DataSource]) -> str:
    """One answer for all sources together: the strictest one counts.

    >>> may_i_sell_this([DataSource(name="caves", licence="CC0-1.0", sellable=True)])
    'Yes.'
    """
    for sellable, answer in (
        (False, "No: {} may not be sold. Take those items out to sell the rest."),
        (None, "Unknown: nobody said whether what was made from {} may be sold. Ask its makers first."),
    ):
        named = [_named(source) for source in sources if source.sellable is sellable]
        if named:
            return answer.format(" and ".join(named))
    credit = credit_lines(sources)
    if not credit:
        return "Yes."
    return f"Yes, with {'this credit line' if len(credit) == 1 else 'these credit lines'}: {' / '.join(credit)}"


def _named(source: DataSource) -> str:
    return f"{_line(source.name)} (licence: {_line(source.licence)})"


def _line(text: str) -> str:
    return " ".join(text.split())
