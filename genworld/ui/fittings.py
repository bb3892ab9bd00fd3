"""Sliders of a model that are being fitted: one thread for each, its progress for whoever asks. Importing this loads torch."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field

from genworld.errors import GenworldError
from genworld.latent import directions
from genworld.latent.direction import Directions
from genworld.recent import Recent
from genworld.sampling import LoadedModel

LOG = logging.getLogger("genworld.ui")
REMEMBERED = 16
"""Models whose sliders stay at hand."""
MOMENT_SECONDS = 0.4
"""What was kept is read within it."""


@dataclass
class Fitting:
    """The sliders of one model, on their way or there.

    Args:
        loaded: the model.
    """

    loaded: LoadedModel
    done: int = 0
    total: int = 0
    found: Directions | None = None
    fault: str = ""
    over: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begin, in a thread of its own."""
        threading.Thread(target=self._fit, name="fit-sliders", daemon=True).start()

    def _fit(self) -> None:
        try:
            self.found = directions.directions_of(self.loaded, self._told)
        except GenworldError as error:
            self.fault = error.sentence
        except Exception:
            LOG.exception("fitting sliders failed")
            self.fault = "The sliders could not be fitted; it was written to the log. The numbers under Advanced work."
        finally:
            self.over.set()

    def _told(self, done: int, total: int) -> None:
        self.done, self.total = done, total


_recent = Recent[str, Fitting](REMEMBERED)
"""By the digest of their model."""


def _of(loaded: LoadedModel) -> Fitting:
    """The fitting of a model, begun where nobody has asked yet."""

    def begun() -> Fitting:
        fitting = Fitting(loaded)
        fitting.start()
        return fitting

    return _recent.of(loaded.checkpoint.digest, begun)


def asked(loaded: LoadedModel) -> Fitting:
    """The fitting of a model, begun where nobody has asked yet; what is there already is there when this returns.

    Raises:
        GenworldError: it failed; whoever asks once more begins anew.
    """
    fitting = _of(loaded)
    fitting.over.wait(MOMENT_SECONDS)
    if fitting.fault:
        _recent.forget(loaded.checkpoint.digest)
        raise GenworldError(fitting.fault)
    return fitting


def there(loaded: LoadedModel) -> Directions | None:
    """The sliders of a model, if they are there within a moment."""
    fitting = _of(loaded)
    if not fitting.over.is_set():
        fitting.over.wait(0 if fitting.total else MOMENT_SECONDS)
    return fitting.found
