"""One who asks the parts of the page as its scripts do, without a browser."""

from __future__ import annotations

from typing import Any

import gradio as gr

from genworld.library import Library
from genworld.mode import Mode
from genworld.ui.components.part import Part


class Caller:
    """One visitor of some parts of the page.

    Args:
        mode: whose limits hold.
    """

    def __init__(self, mode: Mode = Mode.LOCAL) -> None:
        library = Library.open(mode=mode)
        with gr.Blocks():
            self.parts = self.built(mode, library)

    def built(self, mode: Mode, library: Library) -> list[Part]:
        """The parts that are asked."""
        raise NotImplementedError

    def ask(self, name: str, **asked: Any) -> dict[str, Any]:
        answers = {fn.__name__: fn for part in self.parts for fn in part.component.server_fns}
        answer: dict[str, Any] = answers[name](asked)
        return answer

    def done(self, name: str, **asked: Any) -> dict[str, Any]:
        answer = self.ask(name, **asked)
        assert "error" not in answer, answer
        return answer
