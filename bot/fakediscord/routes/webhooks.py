"""What follows the first answer to an interaction: its edits, and further messages, by the interaction's token."""

from bot.fakediscord import errors, render
from bot.fakediscord.calls import Call, Route
from bot.fakediscord.compose import draft
from bot.fakediscord.interactions import Interaction, Reply
from bot.fakediscord.rules.messages import check_edit, check_new_message
from bot.fakediscord.state import EPHEMERAL, Message
from bot.fakediscord.wire import Json


def _interaction(call: Call) -> Interaction:
    if call.id("webhook_id") != call.stage.world.bot.id:
        raise errors.unknown_webhook()
    return call.stage.interactions.to_follow_up(call.params["webhook_token"])


def _original(call: Call) -> tuple[Interaction, Message]:
    interaction = _interaction(call)
    if interaction.original is None or interaction.original.deleted:
        raise errors.unknown_message()
    return interaction, interaction.original


def _one_of_its(call: Call) -> tuple[Interaction, Message]:
    interaction = _interaction(call)
    wanted = call.id("message_id")
    for each in (interaction.original, *interaction.followups):
        if each is not None and each.id == wanted and not each.deleted:
            return interaction, each
    raise errors.unknown_message()


async def _follow_up(call: Call) -> Json:
    interaction, fields = _interaction(call), call.fields
    check_new_message(fields, files=call.uploads, answers=True, strict=call.stage.strict_mentions)
    original = interaction.original
    if interaction.reply is Reply.DEFERRED_MESSAGE and original and original.is_loading and not original.deleted:
        # The first one after a deferral is the answer itself, and stays as private as the deferral was.
        kept = {**fields, "flags": (fields.get("flags") or 0) & ~EPHEMERAL}
        call.stage.edit(original, kept, call.uploads)
        message = original
    else:
        content = draft(fields, call.uploads, call.stage.world.ids)
        message = call.stage.post(interaction.channel, call.stage.world.bot, content, interaction=interaction)
        interaction.followups.append(message)
    interaction.settled.set()
    return render.message(message)


def _edited(call: Call, interaction: Interaction, message: Message) -> Json:
    check_edit(call.fields, message, files=call.uploads, strict=call.stage.strict_mentions)
    call.stage.edit(message, call.fields, call.uploads)
    interaction.settled.set()
    return render.message(message)


async def _edit_original(call: Call) -> Json:
    return _edited(call, *_original(call))


async def _edit(call: Call) -> Json:
    return _edited(call, *_one_of_its(call))


async def _get_original(call: Call) -> Json:
    return render.message(_original(call)[1])


async def _get(call: Call) -> Json:
    return render.message(_one_of_its(call)[1])


async def _delete_original(call: Call) -> None:
    _deleted(call, *_original(call))


async def _delete(call: Call) -> None:
    _deleted(call, *_one_of_its(call))


def _deleted(call: Call, interaction: Interaction, message: Message) -> None:
    call.stage.remove(message)
    interaction.settled.set()


_WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
_ORIGINAL = _WEBHOOK + "/messages/@original"
_MESSAGE = _WEBHOOK + "/messages/{message_id}"

ROUTES = (
    Route(method="POST", template=_WEBHOOK, answer=_follow_up, needs_token=False),
    Route(method="GET", template=_ORIGINAL, answer=_get_original, needs_token=False),
    Route(method="PATCH", template=_ORIGINAL, answer=_edit_original, needs_token=False),
    Route(method="DELETE", template=_ORIGINAL, answer=_delete_original, needs_token=False),
    Route(method="GET", template=_MESSAGE, answer=_get, needs_token=False),
    Route(method="PATCH", template=_MESSAGE, answer=_edit, needs_token=False),
    Route(method="DELETE", template=_MESSAGE, answer=_delete, needs_token=False),
)
