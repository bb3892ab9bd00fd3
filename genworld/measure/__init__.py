"""What a model is worth: quality, copies and playability, each figure with its counts, seed and ceiling."""

from genworld.measure.report import Figure, Report
from genworld.measure.sprites import sprite_report

__all__ = ["Figure", "Report", "sprite_report"]
