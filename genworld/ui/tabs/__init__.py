"""The tabs of the page, from left to right. Adding one is one file and one line here."""

from __future__ import annotations

from genworld.ui.tabs import latent, models, sample, train
from genworld.ui.tabs import map as map_
from genworld.ui.tabs.tab import Tab

TABS: tuple[Tab, ...] = (sample.TAB, latent.TAB, map_.TAB, train.TAB, models.TAB)
