"""LDtk projects: levels learned on what a person painted."""

from genworld.datasets.ldtk.reader import READER, read

__all__ = ["READER", "read"]
