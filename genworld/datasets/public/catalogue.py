"""The public data sets that can be fetched. A new one is a module with a `PublicSet` and one line here."""

from __future__ import annotations

from genworld.datasets.public import boxoban, dcss, freedoom
from genworld.datasets.public.sets import PublicSet
from genworld.errors import unknown

__all__ = ["CATALOGUE", "PublicSet", "public_set"]

CATALOGUE = {each.name: each for each in (dcss.SET, boxoban.SET, freedoom.SET)}
"""By name. Only sets whose licence lets everybody sell what comes of them."""


def public_set(name: str) -> PublicSet:
    """The set of a name. Raises GenworldError for another, with the nearest."""
    if name not in CATALOGUE:
        raise unknown("public data set", name, CATALOGUE)
    return CATALOGUE[name]
