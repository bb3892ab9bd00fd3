"""The registry of families: one file and one line each."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from genworld.content import Spec
from genworld.errors import GenworldError, unknown
from genworld.models.base import GenerativeModel, ModelConfig
from genworld.models.flow import Flow
from genworld.models.gan import Gan
from genworld.models.hmm import Hmm
from genworld.models.markov import Markov
from genworld.models.vae import Vae

FAMILIES: dict[str, type[GenerativeModel]] = {family.family: family for family in (Markov, Hmm, Vae, Gan, Flow)}


def family(name: str) -> type[GenerativeModel]:
    """The class of a family. Raises GenworldError for a name that is none."""
    if name not in FAMILIES:
        raise unknown("family", name, FAMILIES)
    return FAMILIES[name]


def configure(name: str, settings: dict[str, Any]) -> ModelConfig:
    """The checked settings of a family.

    Raises:
        GenworldError: an unknown setting, a value out of its range, or a number that is not finite.
    """
    try:
        return family(name).Config.model_validate(settings)
    except ValidationError as error:
        raise GenworldError(f"The settings of family {name!r} do not fit: {first_fault(error)}.") from error


def build(name: str, spec: Spec, settings: dict[str, Any]) -> GenerativeModel:
    """An untrained model of a family for a spec."""
    return family(name).serving(spec.kind)(spec, configure(name, settings))


def first_fault(error: ValidationError) -> str:
    """The first fault that validation found, in words: where, what came, what was expected."""
    fault = error.errors(include_url=False)[0]
    where = ".".join(map(str, fault["loc"])) or "the whole"
    if fault["type"] == "extra_forbidden":
        return f"{where!r} is not known here; remove it"
    return f"{where!r} came as {str(fault['input'])[:60]!r}, but {fault['msg'][:1].lower()}{fault['msg'][1:]}"
