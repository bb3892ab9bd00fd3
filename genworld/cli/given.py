"""What was given on the command line: KEY=VALUE pairs, numbers, the folder of a new model."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from genworld.errors import GenworldError


def pairs(option: str, texts: Sequence[str]) -> dict[str, str]:
    """KEY=VALUE texts as a dictionary; the last of a key counts. Raises GenworldError for another form."""
    found = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not key or not equals:
            raise GenworldError(f"{option} takes KEY=VALUE, but {text!r} came; put an equals sign between them.")
        found[key.strip()] = value.strip()
    return found


def number(text: str) -> object:
    """The value of an option of data: a whole number, a size such as 24x32 (rows, columns), or the text itself.

    >>> number("32"), number("24x32"), number("pad")
    (32, (24, 32), 'pad')
    """
    if re.fullmatch(r"\d{1,9}", text):
        return int(text)
    if re.fullmatch(r"\d{1,4}x\d{1,4}", text):
        return tuple(int(side) for side in text.split("x"))
    return text


def place(name: str | None, out: Path | None, plain: str, *, replace: bool) -> Path:
    """The folder of a new model.

    Raises:
        GenworldError: both name and folder, a name that does not fit, or a model that is there already.
    """
    from genworld import checkpoint
    from genworld.learning import free_name

    if name is not None and out is not None:
        raise GenworldError("A model goes to --out or among your models under --name, but both came; give one.")
    home = checkpoint.models_home()
    if name is None and out is None:
        return home / free_name(plain)
    folder = home / checkpoint.checked_name(name) if name is not None else (out or home).expanduser().resolve()
    checkpoint.checked_name(folder.name)
    if (folder / checkpoint.MANIFEST).exists() and not replace:
        raise GenworldError(
            f"A model {folder.name!r} is there already; choose another name, go on with --resume, or give --replace."
        )
    if (
        folder.exists()
        and not (folder / checkpoint.MANIFEST).exists()
        and (not folder.is_dir() or any(folder.iterdir()))
    ):
        raise GenworldError(f"{folder} holds something else than a model; choose a new folder with --out.")
    return folder


def command_of_learn(files: Sequence[Path], options: Sequence[str]) -> str:
    """The command of `genworld learn` for the card, with the last part of each path only.

    >>> command_of_learn([Path("/home/ada/cave.tmx")], ["style=top-down"])
    'genworld learn cave.tmx --data style=top-down'
    """
    words = ["genworld", "learn", *(file.name for file in files)]
    return shlex.join([*words, *(word for option in options for word in ("--data", option))])
