"""A part of the page: a small ``gr.HTML`` whose looks and behaviour are in ``assets/page``."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from genworld.errors import GenworldError
from genworld.mode import Mode

LOG = logging.getLogger("genworld.ui")
Asked = dict[str, Any]
"""What the browser sent: nothing of it is trusted."""
Answer = dict[str, Any]
"""Plain JSON for the browser, or ``{"error": sentence}``."""


class Part:
    """An empty ``gr.HTML`` that a script of the page fills and keeps.

    The template never changes, so Gradio never touches the nodes that the script made. Whatever a person wrote
    reaches the page as data and is shown with ``textContent``. A part holds its component instead of being one:
    Gradio writes a stub file beside every class that inherits from its components.

    Args:
        script: name under which the script registered itself (``genworld.parts``).
        answers: functions that the script may call; each takes what the browser sent and gives plain JSON.
        props: what the script finds when it starts.

    Attributes:
        component: what events of Gradio are bound to.
    """

    def __init__(
        self, script: str, answers: Sequence[Callable[[Asked], Answer]], *, elem_id: str, **props: Any
    ) -> None:
        self.component = gr.HTML(
            "",
            html_template='<div class="gw-part"></div>',
            js_on_load=f"genworld.mount('{script}', {{element, props, trigger, server}});",
            apply_default_css=False,
            elem_id=elem_id,
            server_functions=[in_plain_words(answer) for answer in answers],
            **props,
        )


def in_plain_words(answer: Callable[[Asked], Answer]) -> Callable[[Any], Answer]:
    """`answer`, with every fault told in one sentence: a person never sees a traceback, the log has it."""

    def told(asked: Any) -> Answer:
        try:
            return answer(as_asked(asked))
        except GenworldError as error:
            return {"error": error.sentence}
        except Exception:
            LOG.exception("%s failed", answer.__name__)
            return {"error": "Something went wrong in genworld itself; it was written to the log. Please try again."}

    told.__name__ = answer.__name__  # what the script calls it by
    return told


def as_asked(asked: Any) -> Asked:
    """The one object that a script sends. Raises GenworldError for anything else."""
    if not isinstance(asked, dict):
        raise GenworldError(
            f"The page sends one object with named values, but {type(asked).__name__} came; reload the page."
        )
    return asked


def require_local(mode: Mode) -> None:
    """Raises GenworldError on a public page: nothing is trained there, and nothing kept but boards."""
    if mode is not Mode.LOCAL:
        raise GenworldError("Models are trained on a person's own machine; install genworld there.")
