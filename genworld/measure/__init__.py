"""What a model is worth: quality, copies and playability, each figure with its counts, seed and ceiling."""

from genworld.measure.appraisal import appraise
from genworld.measure.attributes import Attribute, ExpressiveRange, attributes_of, expressive_range, measured, playable
from genworld.measure.levels import level_report
from genworld.measure.likelihood import Surprise, bits_per_dimension, glow, surprise
from genworld.measure.report import Figure, Report
from genworld.measure.sprites import sprite_report
from genworld.measure.windows import Symmetry

__all__ = [
    "Attribute",
    "ExpressiveRange",
    "Figure",
    "Report",
    "Surprise",
    "Symmetry",
    "appraise",
    "attributes_of",
    "bits_per_dimension",
    "expressive_range",
    "glow",
    "level_report",
    "measured",
    "playable",
    "sprite_report",
    "surprise",
]
