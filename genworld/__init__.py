"""genworld: explore, curate and export generated game worlds."""

__version__ = "0.1.0"
