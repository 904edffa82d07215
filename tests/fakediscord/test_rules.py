"""Laws of the rules: whatever JSON comes, they refuse it or what passed can be kept and shown."""

from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.fakediscord import render
from bot.fakediscord.compose import draft, revise
from bot.fakediscord.errors import ApiError
from bot.fakediscord.layout import buttons, readable
from bot.fakediscord.rules.commands import check_autocomplete, check_commands
from bot.fakediscord.rules.messages import MOST_CONTENT, check_edit, check_new_message
from bot.fakediscord.rules.modals import check_modal
from bot.fakediscord.state import Channel, ChannelKind, Message, Snowflakes, User
from bot.fakediscord.wire import dumps, loads, units

KEYS = (
    *("content", "embeds", "components", "flags", "allowed_mentions", "nonce", "type", "custom_id", "label", "style"),
    *("url", "options", "value", "name", "description", "accessory", "media", "items", "title", "fields", "parse"),
    *(
        "users",
        "id",
        "emoji",
        "accent_color",
        "placeholder",
        "min_values",
        "choices",
        "component",
        "data",
        "attachments",
        "default_values",
    ),
)
scalars = st.none() | st.booleans() | st.integers(-1, 20) | st.sampled_from([32768, 64, 2**40]) | st.text(max_size=5)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=8,
)
bodies = st.dictionaries(st.sampled_from(KEYS), anything, max_size=8)

texts = st.text(min_size=1, max_size=30).filter(str.strip)
displays = st.builds(lambda text: {"type": 10, "content": text}, texts)
presses = st.builds(lambda n: {"type": 2, "style": 1, "label": "Go", "custom_id": str(n)}, st.integers(0, 5))
sections = st.builds(
    lambda inside, button: {"type": 9, "components": inside, "accessory": button},
    st.lists(displays, min_size=1, max_size=3),
    presses,
)
containers = st.builds(
    lambda inside: {"type": 17, "components": inside}, st.lists(displays | sections, min_size=1, max_size=5)
)
layouts = st.lists(displays | sections | containers, min_size=1, max_size=5)


def message() -> Message:
    channel = Channel(id=2, kind=ChannelKind.TEXT, name="papers")
    return Message(id=3, channel=channel, author=User(id=1, name="bot", bot=True), created_at=0.0, content="old")


@given(bodies)
def test_no_body_breaks_the_rules_themselves(body: dict[str, Any]) -> None:
    for check in (
        check_modal,
        check_commands,
        lambda each: check_autocomplete(each, 3),
        lambda each: check_commands([each]),
    ):
        with suppress(ApiError):
            check(body)
    with suppress(ApiError):
        check_edit(body, message(), strict=False)
    with suppress(ApiError):
        check_new_message(body, answers=True, strict=True)


@given(bodies)
def test_what_passes_can_be_kept_and_shown(body: dict[str, Any]) -> None:
    try:
        check_edit(body, message(), strict=False)
    except ApiError:
        return
    changed = message()
    revise(changed, body, [], Snowflakes(lambda: 1.6e9))
    loads(dumps(render.message(changed)))


@given(layouts)
def test_a_layout_is_kept_with_all_its_text_and_buttons(layout: list[dict[str, Any]]) -> None:
    body = {"components": layout, "flags": 1 << 15, "allowed_mentions": {"parse": []}}
    try:
        check_new_message(body, strict=True)
    except ApiError as refused:
        told = str(refused.errors)
    else:
        told = ""
    assert ("DUPLICATED" in told) == bool(told)
    if told:
        return
    kept = draft(body, [], Snowflakes(lambda: 1.6e9))
    assert readable("", [], kept.components) == readable("", [], layout)
    assert buttons(kept.components) == buttons(layout)


@given(st.text(st.sampled_from("a\U0001f600é"), min_size=1000, max_size=2010))
def test_content_is_measured_as_discord_measures_it(text: str) -> None:
    fits = units(text) <= MOST_CONTENT
    try:
        check_new_message({"content": text, "allowed_mentions": {"parse": []}}, strict=True)
        passed = True
    except ApiError:
        passed = False
    assert passed == fits
    assert units(text) == sum(2 if ord(each) > 0xFFFF else 1 for each in text)
