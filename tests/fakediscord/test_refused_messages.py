"""The table of what Discord refuses in a message: each body that breaks one rule, and the rule by its code."""

from typing import Any

import pytest

from bot.fakediscord.server import FakeDiscord
from bot.fakediscord.state import COMPONENTS_V2, EPHEMERAL, Channel
from tests.fakediscord.api import Api

TEXT = {"type": 10, "content": "hello"}
BUTTON = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}
LINK = {"type": 2, "style": 5, "label": "Go", "url": "https://example.org/"}
THUMBNAIL = {"type": 11, "media": {"url": "https://example.org/a.png"}}
SELECT = {"type": 3, "custom_id": "pick", "options": [{"label": "A", "value": "a"}]}
FLAG = 1 << 16


def layout(*components: Any) -> dict[str, Any]:
    return {"flags": COMPONENTS_V2, "components": list(components)}


def rows(*rows: list[Any]) -> dict[str, Any]:
    return {"content": "hello", "components": [{"type": 1, "components": row} for row in rows]}


def section(*texts: Any, **more: Any) -> dict[str, Any]:
    return {"type": 9, "components": list(texts), **({"accessory": BUTTON} | more)}


def button(**more: Any) -> dict[str, Any]:
    return {key: value for key, value in (BUTTON | more).items() if value is not None}


def embed(**more: Any) -> dict[str, Any]:
    return {"embeds": [more]}


TOO_LONG, BAD_LENGTH, REQUIRED = "BASE_TYPE_MAX_LENGTH", "BASE_TYPE_BAD_LENGTH", "BASE_TYPE_REQUIRED"
UNION, LEGACY = "UNION_TYPE_CHOICES", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
DOUBLED, TOTAL = "COMPONENT_CUSTOM_ID_DUPLICATED", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"
COUNT = "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"
IN_ROW = "components.0.components.0"
OPTION = {"label": "A", "value": "a"}

REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("content", {"content": "a" * 2001}, "content", TOO_LONG),
    ("content in UTF-16", {"content": "\U0001f600" * 1001}, "content", TOO_LONG),
    ("content of another type", {"content": 5}, "content", "STRING_TYPE_CONVERT"),
    ("flags", {"content": "a", "flags": FLAG}, "flags", "MESSAGE_FLAGS_INVALID"),
    ("ephemeral outside an answer", {"content": "a", "flags": EPHEMERAL}, "flags", "MESSAGE_FLAGS_INVALID"),
    ("nonce", {"content": "a", "nonce": "n" * 26}, "nonce", "NONCE_TYPE_TOO_LONG"),
    ("eleven embeds", {"embeds": [{"title": "a"}] * 11}, "embeds", TOO_LONG),
    ("embed title", embed(title="a" * 257), "embeds.0.title", TOO_LONG),
    ("embed description", embed(description="a" * 4097), "embeds.0.description", TOO_LONG),
    ("embed footer", embed(footer={"text": "a" * 2049}), "embeds.0.footer.text", BAD_LENGTH),
    ("embed author", embed(author={"name": "a" * 257}), "embeds.0.author.name", BAD_LENGTH),
    ("embed fields", embed(fields=[{"name": "a", "value": "b"}] * 26), "embeds.0.fields", TOO_LONG),
    ("embed field name", embed(fields=[{"name": "", "value": "b"}]), "embeds.0.fields.0.name", REQUIRED),
    ("embed field value", embed(fields=[{"name": "a", "value": "b" * 1025}]), "embeds.0.fields.0.value", BAD_LENGTH),
    ("embed with nothing in it", embed(color=1), "embeds.0.description", REQUIRED),
    ("embed link", embed(title="a", url="ftp://a.example"), "embeds.0.url", "URL_TYPE_INVALID_SCHEME"),
    ("all embeds", {"embeds": [{"description": "a" * 3001}] * 2}, "embeds", "MAX_EMBED_SIZE_EXCEEDED"),
    ("six rows", rows(*[[button(custom_id=str(n))] for n in range(6)]), "components", BAD_LENGTH),
    ("six buttons in a row", rows([button(custom_id=str(n)) for n in range(6)]), IN_ROW[:-2], BAD_LENGTH),
    ("an empty row", rows([]), "components.0.components", REQUIRED),
    ("a button beside a menu", rows([SELECT, BUTTON]), "components.0.components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
    ("the same custom_id twice", rows([BUTTON], [BUTTON]), "components.1.components.0.custom_id", DOUBLED),
    ("a button outside a row", {"content": "a", "components": [BUTTON]}, "components.0.type", UNION),
    ("a layout without its flag", {"components": [TEXT]}, "components.0.type", UNION),
    ("a button label", rows([button(label="a" * 81)]), f"{IN_ROW}.label", TOO_LONG),
    ("a button without label", rows([button(label=None)]), IN_ROW, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED"),
    ("a button style", rows([button(style=9)]), f"{IN_ROW}.style", "BASE_TYPE_CHOICES"),
    ("a long custom_id", rows([button(custom_id="a" * 101)]), f"{IN_ROW}.custom_id", BAD_LENGTH),
    ("no custom_id", rows([button(custom_id=None)]), f"{IN_ROW}.custom_id", REQUIRED),
    (
        "a url on a plain button",
        rows([button(url="https://a.example")]),
        f"{IN_ROW}.url",
        "BUTTON_COMPONENT_INVALID_URL",
    ),
    ("a link without url", rows([button(style=5, custom_id=None)]), f"{IN_ROW}.url", REQUIRED),
    (
        "a link with custom_id",
        rows([LINK | {"custom_id": "x"}]),
        f"{IN_ROW}.custom_id",
        "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
    ),
    ("a link scheme", rows([LINK | {"url": "javascript:alert(1)"}]), f"{IN_ROW}.url", "URL_TYPE_INVALID_SCHEME"),
    ("a link without host", rows([LINK | {"url": "https:///x"}]), f"{IN_ROW}.url", "URL_TYPE_INVALID_URL"),
    ("a long link", rows([LINK | {"url": "https://a.example/" + "a" * 500}]), f"{IN_ROW}.url", BAD_LENGTH),
    ("a premium button", rows([{"type": 2, "style": 6}]), f"{IN_ROW}.sku_id", "BUTTON_COMPONENT_INVALID_SKU"),
    (
        "options",
        rows([SELECT | {"options": [{"label": "A", "value": str(n)} for n in range(26)]}]),
        f"{IN_ROW}.options",
        BAD_LENGTH,
    ),
    ("no options", rows([SELECT | {"options": []}]), f"{IN_ROW}.options", REQUIRED),
    (
        "an option's label",
        rows([SELECT | {"options": [OPTION | {"label": "a" * 101}]}]),
        f"{IN_ROW}.options.0.label",
        BAD_LENGTH,
    ),
    (
        "an option's value",
        rows([SELECT | {"options": [OPTION | {"value": ""}]}]),
        f"{IN_ROW}.options.0.value",
        REQUIRED,
    ),
    (
        "an option twice",
        rows([SELECT | {"options": [OPTION] * 2}]),
        f"{IN_ROW}.options.1.value",
        "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
    ),
    ("more to choose than there is", rows([SELECT | {"max_values": 2}]), IN_ROW, "SELECT_COMPONENT_TOO_FEW_OPTIONS"),
    ("a placeholder", rows([SELECT | {"placeholder": "a" * 151}]), f"{IN_ROW}.placeholder", TOO_LONG),
    ("content in a layout", layout(TEXT) | {"content": "a"}, "content", LEGACY),
    ("embeds in a layout", layout(TEXT) | embed(title="a"), "embeds", LEGACY),
    ("an empty text display", layout({"type": 10, "content": " "}), "components.0.content", REQUIRED),
    ("text in all", layout(*[TEXT | {"content": "a" * 2001}] * 2), "components", TOTAL),
    (
        "41 components",
        layout({"type": 17, "components": [TEXT] * 20}, {"type": 17, "components": [TEXT] * 19}),
        "components",
        COUNT,
    ),
    ("an empty container", layout({"type": 17, "components": []}), "components.0.components", REQUIRED),
    (
        "a container in a container",
        layout({"type": 17, "components": [{"type": 17, "components": [TEXT]}]}),
        f"{IN_ROW}.type",
        UNION,
    ),
    (
        "an accent",
        layout({"type": 17, "components": [TEXT], "accent_color": 1 << 24}),
        "components.0.accent_color",
        "NUMBER_TYPE_MAX",
    ),
    ("a section of four", layout(section(*[TEXT] * 4)), "components.0.components", BAD_LENGTH),
    ("a section without accessory", layout(section(TEXT, accessory=None)), "components.0.accessory", REQUIRED),
    ("a section of buttons", layout(section(BUTTON)), "components.0.components.0.type", UNION),
    ("text as accessory", layout(section(TEXT, accessory=TEXT)), "components.0.accessory.type", UNION),
    ("a thumbnail by itself", layout(THUMBNAIL), "components.0.type", UNION),
    (
        "a picture's scheme",
        layout(section(TEXT, accessory={"type": 11, "media": {"url": "data:x"}})),
        "components.0.accessory.media.url",
        "URL_TYPE_INVALID_SCHEME",
    ),
    (
        "a picture's description",
        layout(section(TEXT, accessory=THUMBNAIL | {"description": "a" * 1025})),
        "components.0.accessory.description",
        BAD_LENGTH,
    ),
    (
        "a gallery of eleven",
        layout({"type": 12, "items": [{"media": THUMBNAIL["media"]}] * 11}),
        "components.0.items",
        BAD_LENGTH,
    ),
    ("a separator's spacing", layout({"type": 14, "spacing": 3}), "components.0.spacing", "BASE_TYPE_CHOICES"),
    ("the same id twice", layout(TEXT | {"id": 4}, TEXT | {"id": 4}), "components.1.id", "COMPONENT_ID_DUPLICATED"),
    (
        "a text field in a message",
        rows([{"type": 4, "custom_id": "a", "style": 1, "label": "A"}]),
        f"{IN_ROW}.type",
        UNION,
    ),
]

PINGS: list[tuple[str, dict[str, Any]]] = [
    ("unsaid", {"allowed_mentions": None}),
    ("everyone", {"content": "hi @everyone", "allowed_mentions": {"parse": ["everyone"]}}),
    ("here", {"content": "@here", "allowed_mentions": {"parse": ["everyone"]}}),
    ("a role", {"content": "<@&7>", "allowed_mentions": {"parse": ["roles"]}}),
    ("a person", {"content": "<@!7>", "allowed_mentions": {"parse": ["users"]}}),
    ("both ways", {"content": "<@7>", "allowed_mentions": {"parse": ["users"], "users": ["7"]}}),
    (
        "in a layout",
        layout({"type": 10, "content": "<@7>"}) | {"content": None, "allowed_mentions": {"parse": ["users"]}},
    ),
]


@pytest.mark.parametrize(("name", "body", "path", "code"), REFUSED, ids=[each[0] for each in REFUSED])
async def test_discord_refuses(
    unjudged: FakeDiscord, room: Channel, hands: Api, name: str, body: dict[str, Any], path: str, code: str
) -> None:
    reply = await hands.send(room, **body)
    assert (reply.status, reply.code) == (400, 50035), reply.body
    assert reply.wrong.get(path) == code, reply.wrong
    assert len(unjudged.take_violations()) == 1
    assert room.messages == {}


@pytest.mark.parametrize(("name", "body"), PINGS, ids=[each[0] for each in PINGS])
async def test_text_from_elsewhere_pings_nobody(
    unjudged: FakeDiscord, room: Channel, hands: Api, name: str, body: dict[str, Any]
) -> None:
    reply = await hands.send(room, **({"content": "a"} | body))
    assert reply.code == 50035
    assert "allowed_mentions" in reply.wrong
    assert unjudged.take_violations()


async def test_who_is_named_may_be_pinged(fake: FakeDiscord, papers: Channel, api: Api) -> None:
    allowed = {"parse": [], "users": ["7"], "roles": ["8"]}
    assert (await api.send(papers, content="<@7> <@&8> @everyone", allowed_mentions=allowed)).status == 200
    assert (await api.send(papers, content="@everyone <@1>")).status == 200


@pytest.mark.parametrize("body", [{}, {"content": "  \n"}, {"content": None, "embeds": []}, {"components": []}])
async def test_an_empty_message(fake: FakeDiscord, papers: Channel, api: Api, body: dict[str, Any]) -> None:
    reply = await api.send(papers, **body)
    assert (reply.status, reply.code) == (400, 50006)
    assert fake.take_violations()


async def test_layouts_above_the_size_that_discord_chokes_on(fake: FakeDiscord, papers: Channel, api: Api) -> None:
    fits, chokes = (layout({"type": 10, "content": "研" * count}) for count in (3380, 3390))
    assert (await api.send(papers, **fits)).status == 200
    assert (await api.send(papers, **chokes)).status == 500
    assert fake.take_violations()


async def test_half_a_surrogate_pair_is_no_json(fake: FakeDiscord, papers: Channel, api: Api) -> None:
    reply = await api.send(papers, content="a\ud800b")
    assert (reply.status, reply.code) == (400, 50109)
    assert fake.take_violations()


async def test_an_unknown_route_is_told(fake: FakeDiscord, api: Api) -> None:
    assert (await api("POST", "/channels/1/massages", {})).status == 404
    assert fake.take_violations() == ["POST /api/v10/channels/1/massages: no such route is known here"]


async def test_what_is_within_the_limits_passes(fake: FakeDiscord, papers: Channel, api: Api) -> None:
    """The other side of each limit: the judge from Discord's own description agrees."""
    container = {"type": 17, "accent_color": 0xFFFFFF, "components": [section(TEXT, TEXT, TEXT), {"type": 14}]}
    for body in (
        {"content": "\U0001f600" * 1000},
        {"embeds": [{"title": "a" * 256, "description": "b" * 4096, "fields": [{"name": "n", "value": "v" * 1024}]}]},
        rows([button(label="a" * 80, custom_id="b" * 100), LINK], [SELECT]),
        layout(container, section(TEXT, accessory=THUMBNAIL), *[TEXT] * 20, {"type": 1, "components": [LINK]}),
        layout(TEXT | {"content": "a" * 4000}),
        {"embeds": [{"image": {"url": "https://example.org/a.png"}}]},
    ):
        reply = await api.send(papers, **body)
        assert reply.status == 200, reply.body
    assert len(papers.messages) == 6
