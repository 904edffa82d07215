"""The settings of sources: a block for each kind in the registry, whose keys are what its constructor takes.

It knows no source by name, so that a new one is configured without a change here.
"""

import inspect
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, create_model, field_validator, model_validator

from bot.errors import OperatorError
from bot.interfaces import LookUp, Source
from bot.sources import LOOK_UPS, SOURCES


class Block(BaseModel):
    """The settings of one kind of source."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    def arguments(self) -> dict[str, Any]:
        """What its constructor is called with."""
        return {name: getattr(self, name) for name in type(self).model_fields}

    def own_address(self) -> str | None:
        """The base URL, where it is not the usual one."""
        usual = type(self).model_fields.get("base_url")
        url: str | None = getattr(self, "base_url", None)
        return url if usual and url != usual.default else None


class SourcesSection(BaseModel):
    """What holds for all sources; the blocks of the kinds come after it."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    contact: str = Field("", max_length=200, pattern=r"^\s*$|[^@\s]@[^@\s]|https?://[^/\s]")
    arxiv_pace: float = Field(3, ge=3, le=3600)
    pace: float = Field(1, ge=1, le=3600)
    extra_holidays: tuple[date, ...] = ()
    look_ups: tuple[str, ...] = ("arxiv_api", "crossref")
    most_look_ups: int = Field(20, ge=0, le=1_000)

    @field_validator("look_ups", mode="after")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        known = [each.kind for each in LOOK_UPS]
        for name in names:
            if name not in known:
                raise ValueError(f"there is no look-up {name!r}, only {', '.join(known)}")
        return names

    def sources(self) -> list[Source]:
        """One of each kind, with the feeds it is to read; a kind without feeds has nothing to do."""
        return [kind(**self._block(kind.kind).arguments()) for kind in SOURCES]

    def feeds_of(self, kind: str) -> Sequence[str]:
        """The feeds of one kind of source. Raises OperatorError for a kind that nobody knows."""
        known = [each.kind for each in SOURCES]
        if kind not in known:
            raise OperatorError(f"There is no source {kind}. Choose from {', '.join(known)}.", exit_code=2)
        return tuple(self._block(kind).arguments()["feeds"])

    def source(self, kind: str, feeds: Sequence[str]) -> Source:
        """A source of this kind with these feeds alone, configured or not. Raises OperatorError where it has none."""
        known = self.feeds_of(kind)
        block = self._block(kind).arguments()
        named = block["feeds"]
        if isinstance(named, dict) and (unknown := [each for each in feeds if each not in known]):
            raise OperatorError(f"sources.{kind}.feeds names no feed {unknown[0]}.", exit_code=2)
        only = {each: named[each] for each in feeds} if isinstance(named, dict) else tuple(feeds)
        try:
            return {each.kind: each for each in SOURCES}[kind](**{**block, "feeds": only})
        except ValueError as error:
            raise OperatorError(f"{kind}: {error}.".replace("?.", "?"), exit_code=2) from None

    def look_up_services(self) -> list[LookUp]:
        """The places to look papers up at, in the order they are asked."""
        kinds = {kind.kind: kind for kind in LOOK_UPS}
        return [kinds[name](**self._block(name).arguments()) for name in self.look_ups]

    def own_addresses(self) -> list[str]:
        """The base URLs that are not the usual ones: the operator has written them, so they may lead anywhere."""
        names = [kind.kind for kind in SOURCES] + [kind.kind for kind in LOOK_UPS]
        return [url for block in map(self._block, names) if (url := block.own_address())]

    def _block(self, kind: str) -> Block:
        block: Block = getattr(self, kind)
        return block


def _block_of(kind: type[Source] | type[LookUp]) -> Any:
    """The model of a kind's settings, and its defaults. What the constructor refuses with a ValueError is a mistake."""
    hints = get_type_hints(kind.__init__)
    parameters = list(inspect.signature(kind).parameters.values())

    def make_one(block: Block) -> Block:
        kind(**block.arguments())
        return block

    model = create_model(
        f"{kind.__name__}Block",
        __base__=Block,
        __validators__={"make_one": model_validator(mode="after")(make_one)},  # type: ignore[dict-item]
        **{each.name: _field(each.name, hints[each.name], each.default) for each in parameters},
    )
    return model, model()


def _field(name: str, hint: Any, default: Any) -> Any:
    if name == "base_url":
        return hint, Field(default, pattern=r"^https?://[^/\s]+")
    if name.endswith("_key"):
        return hint, Field(default, repr=False)
    if get_origin(hint) is Sequence:
        return tuple[hint.__args__[0], ...], tuple(default)
    return (dict[str, str], dict(default)) if get_origin(hint) is Mapping else (hint, default)


if TYPE_CHECKING:
    SourcesSettings = SourcesSection
else:
    SourcesSettings = create_model(
        "SourcesSettings", __base__=SourcesSection, **{kind.kind: _block_of(kind) for kind in (*SOURCES, *LOOK_UPS)}
    )
"""The section `[sources]`, with a block `[sources.KIND]` for each kind."""
