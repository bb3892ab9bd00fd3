"""Public data: sets with clean licences that are fetched on wish, pinned, verified and kept in the store."""

from genworld.datasets.public.catalogue import CATALOGUE, PublicSet, public_set
from genworld.datasets.public.fetching import Told, fetch, here

__all__ = ["CATALOGUE", "PublicSet", "Told", "fetch", "here", "public_set"]
