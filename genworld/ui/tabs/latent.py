"""The Latent tab: sliders on the left, the picture with its neighbours in the rest."""

from __future__ import annotations

from genworld.library import Library
from genworld.mode import Mode
from genworld.ui.components.latent import Latent
from genworld.ui.tabs.tab import Tab


def build(mode: Mode, library: Library) -> None:
    """The tab's one part."""
    Latent(mode, library)


TAB = Tab("latent", "Latent", build)
