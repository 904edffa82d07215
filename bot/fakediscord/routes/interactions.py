"""The first answer to an interaction."""

from bot.fakediscord import errors, render
from bot.fakediscord.calls import Call, Route
from bot.fakediscord.compose import Draft, draft
from bot.fakediscord.interactions import Interaction, InteractionKind, Reply
from bot.fakediscord.rules.commands import check_autocomplete
from bot.fakediscord.rules.forms import Form
from bot.fakediscord.rules.messages import check_edit, check_new_message
from bot.fakediscord.rules.modals import check_modal
from bot.fakediscord.state import EPHEMERAL, LOADING, Message
from bot.fakediscord.wire import Json, is_count

_ALLOWED = {
    InteractionKind.COMMAND: {Reply.MESSAGE, Reply.DEFERRED_MESSAGE, Reply.MODAL},
    InteractionKind.COMPONENT: {*Reply} - {Reply.AUTOCOMPLETE},
    InteractionKind.AUTOCOMPLETE: {Reply.AUTOCOMPLETE},
    InteractionKind.MODAL_SUBMIT: {Reply.MESSAGE, Reply.DEFERRED_MESSAGE},
}
_TOLD_WHOLE = (Reply.MESSAGE, Reply.UPDATE)


async def _answer(call: Call) -> Json | None:
    interaction = call.stage.interactions.to_answer(call.id("interaction_id"), call.params["interaction_token"])
    reply = _reply_of(call, interaction)
    found = call.fields.get("data")
    fields: Json = found if isinstance(found, dict) else {}
    match reply:
        case Reply.MESSAGE:
            _send(call, interaction, fields)
        case Reply.DEFERRED_MESSAGE:
            flags = LOADING | (EPHEMERAL if _flags(fields) & EPHEMERAL else 0)
            _post(call, interaction, reply, Draft(flags=flags))
        case Reply.UPDATE:
            _update(call, interaction, fields)
        case Reply.DEFERRED_UPDATE:
            interaction.answer(reply, original=interaction.source)
        case Reply.AUTOCOMPLETE:
            interaction.choices = check_autocomplete(fields, _focused_kind(interaction.told))
            interaction.answer(reply)
        case Reply.MODAL:
            interaction.modal = check_modal(fields)
            interaction.answer(reply)
    return _told(interaction, reply) if call.query.get("with_response") in ("1", "true") else None


def _reply_of(call: Call, interaction: Interaction) -> Reply:
    """The type of the answer. Raises ApiError 50035 when this interaction cannot be answered so."""
    form = Form()
    allowed = set(_ALLOWED[interaction.kind])
    if interaction.source is not None:
        allowed |= {Reply.UPDATE, Reply.DEFERRED_UPDATE}
    kind = form.choice(call.fields, "type", (), among=allowed)
    form.finish()
    return Reply(kind or 0)


def _flags(fields: Json) -> int:
    flags = fields.get("flags")
    return flags if is_count(flags) else 0


def _send(call: Call, interaction: Interaction, fields: Json) -> None:
    strict = call.stage.strict_mentions
    check_new_message(fields, files=call.uploads, answers=True, strict=strict, path=("data",))
    _post(call, interaction, Reply.MESSAGE, draft(fields, call.uploads, call.stage.world.ids))


def _post(call: Call, interaction: Interaction, reply: Reply, content: Draft) -> None:
    bot, kind = call.stage.world.bot, interaction.answer_kind
    message = call.stage.post(interaction.channel, bot, content, kind=kind, interaction=interaction)
    interaction.answer(reply, original=message)


def _update(call: Call, interaction: Interaction, fields: Json) -> None:
    source = interaction.source
    if source is None or source.deleted:
        raise errors.unknown_message()
    if fields:
        strict = call.stage.strict_mentions
        check_edit(fields, source, files=call.uploads, strict=strict, path=("data",))
        call.stage.edit(source, fields, call.uploads)
    interaction.answer(Reply.UPDATE, original=source)


def _focused_kind(told: Json) -> int:
    options = told.get("options") or []
    while options and options[0]["type"] in (1, 2):
        options = options[0]["options"]
    return next(int(each["type"]) for each in options if each.get("focused"))


def _told(interaction: Interaction, reply: Reply) -> Json:
    told: Json = {"interaction": {"id": str(interaction.id), "type": int(interaction.kind)}}
    if interaction.original is not None:
        told["interaction"] |= _about(interaction.original)
        if reply in _TOLD_WHOLE:
            told["resource"] = {"type": int(reply), "message": render.message(interaction.original)}
    return told


def _about(message: Message) -> Json:
    return {
        "response_message_id": str(message.id),
        "response_message_loading": message.is_loading,
        "response_message_ephemeral": message.visible_to is not None,
    }


ROUTES = (
    Route(
        method="POST",
        template="/interactions/{interaction_id}/{interaction_token}/callback",
        answer=_answer,
        needs_token=False,
    ),
)
