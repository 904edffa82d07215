"""A channel's pinned messages."""

from bot.fakediscord import errors, permissions
from bot.fakediscord.calls import Call, Route
from bot.fakediscord.compose import Draft
from bot.fakediscord.gateway import Intent
from bot.fakediscord.permissions import Permission
from bot.fakediscord.state import Channel, MessageKind
from bot.fakediscord.wire import Json, timestamp

_MOST = 250


async def _list(call: Call) -> Json:
    channel = call.channel()
    readable = permissions.in_channel(channel, call.stage.world.me_in(channel)) & Permission.READ_MESSAGE_HISTORY
    pinned = [channel.messages[each] for each in reversed(channel.pins)] if readable else []
    items = [{"pinned_at": timestamp(each.created_at), "message": call.stage.seen_by_bot(each)} for each in pinned]
    return {"items": items, "has_more": False}


async def _pin(call: Call) -> None:
    channel = call.channel(Permission.PIN_MESSAGES)
    message = call.stage.world.message(channel, call.id("message_id"))
    if message.pinned:
        return
    if len(channel.pins) >= _MOST:
        raise errors.too_many_pins()
    message.pinned = True
    channel.pins.append(message.id)
    _tell(call, channel)
    call.stage.touch(message)
    call.stage.post(channel, call.stage.world.bot, Draft(), kind=MessageKind.PINNED, reply_to=message.id)


async def _unpin(call: Call) -> None:
    channel = call.channel(Permission.PIN_MESSAGES)
    message = call.stage.world.message(channel, call.id("message_id"))
    if message.pinned:
        message.pinned = False
        channel.pins.remove(message.id)
        _tell(call, channel)
        call.stage.touch(message)


def _tell(call: Call, channel: Channel) -> None:
    last = timestamp(call.stage.world.now()) if channel.pins else None
    told = {"channel_id": str(channel.id), "last_pin_timestamp": last}
    call.stage.report_in(channel, "CHANNEL_PINS_UPDATE", told, guild=Intent.GUILDS)


_PINS = "/channels/{channel_id}/messages/pins"

ROUTES = (
    Route(method="GET", template=_PINS, answer=_list),
    Route(method="PUT", template=_PINS + "/{message_id}", answer=_pin),
    Route(method="DELETE", template=_PINS + "/{message_id}", answer=_unpin),
)
