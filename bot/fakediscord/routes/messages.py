"""Messages in channels: made, read, edited, deleted, published."""

from bot.fakediscord import errors, permissions
from bot.fakediscord.calls import Call, Route
from bot.fakediscord.compose import draft
from bot.fakediscord.permissions import Permission
from bot.fakediscord.rules.forms import Form
from bot.fakediscord.rules.messages import check_edit, check_new_message
from bot.fakediscord.state import CROSSPOSTED, POSTABLE, Channel, ChannelKind, Message, MessageKind
from bot.fakediscord.wire import Json, snowflake

_READ = Permission.READ_MESSAGE_HISTORY


def check_may_post(call: Call, channel: Channel) -> None:
    """Raises the ApiError with which Discord keeps the bot from posting this body in the channel."""
    if channel.kind is ChannelKind.FORUM:
        raise errors.not_in_a_forum()
    if channel.kind not in POSTABLE:
        raise errors.not_a_text_channel()
    if channel.recipient is not None and not channel.recipient.accepts_dms:
        raise errors.cannot_message_user()
    needs = Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
    if call.fields.get("embeds"):
        needs |= Permission.EMBED_LINKS
    if call.uploads:
        needs |= Permission.ATTACH_FILES
    call.check_may(channel, needs)
    if channel.archived and channel.locked:
        raise errors.archived_thread()


async def _create(call: Call) -> Json:
    stage, body = call.stage, call.fields
    channel = call.channel()
    check_may_post(call, channel)
    check_new_message(body, files=call.uploads, strict=stage.strict_mentions)
    nonce = body.get("nonce")
    if nonce is not None and body.get("enforce_nonce") and (made := stage.made_with_nonce(stage.world.bot, nonce)):
        if made.deleted:
            raise errors.unknown_message()
        return stage.seen_by_bot(made)
    reply_to = _reply_to(call, channel)
    message = stage.post(
        channel,
        stage.world.bot,
        draft(body, call.uploads, stage.world.ids),
        kind=MessageKind.REPLY if reply_to else MessageKind.DEFAULT,
        nonce=nonce,
        reply_to=reply_to,
    )
    stage.remember_nonce(message)
    return stage.seen_by_bot(message)


def _reply_to(call: Call, channel: Channel) -> int | None:
    """The id of the message that is replied to. Raises ApiError 50035 when it must be there and is not."""
    reference = call.fields.get("message_reference")
    if not isinstance(reference, dict):
        return None
    wanted = snowflake(reference.get("message_id")) or 0
    if wanted in channel.messages:
        return wanted
    if reference.get("fail_if_not_exists") is not False:
        form = Form()
        form.wrong(("message_reference",), "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message")
        form.finish()
    return None


async def _history(call: Call) -> list[Json]:
    channel = call.channel()
    if not permissions.in_channel(channel, call.stage.world.me_in(channel)) & _READ:
        return []
    found = [each for each in channel.messages.values() if each.visible_to is None]
    return [call.stage.seen_by_bot(each) for each in _cut(call, found)]


def _cut(call: Call, messages: list[Message]) -> list[Message]:
    """The part of a history that the query asks for, newest first."""
    form = Form()
    asked = {name: snowflake(call.query[name]) for name in ("limit", "before", "after", "around") if name in call.query}
    limit = form.number({"limit": asked.get("limit", 50)}, "limit", (), least=1, most=100)
    form.finish()
    if (after := asked.get("after")) is not None:
        return [each for each in messages if each.id > after][:limit][::-1]
    if (around := asked.get("around")) is not None:
        older = [each for each in messages if each.id <= around][-(limit // 2 + 1) :]
        newer = [each for each in messages if each.id > around][: limit // 2]
        return [*older, *newer][::-1]
    before = asked.get("before")
    return [each for each in messages if before is None or each.id < before][-limit:][::-1]


def _message_in(call: Call, channel: Channel) -> Message:
    return call.stage.world.message(channel, call.id("message_id"))


async def _get(call: Call) -> Json:
    return call.stage.seen_by_bot(_message_in(call, call.channel(_READ)))


async def _edit(call: Call) -> Json:
    channel = call.channel()
    message = _message_in(call, channel)
    if message.author is not call.stage.world.bot:
        raise errors.not_yours()
    if channel.archived and channel.locked:
        raise errors.archived_thread()
    check_edit(call.fields, message, files=call.uploads, strict=call.stage.strict_mentions)
    call.stage.edit(message, call.fields, call.uploads)
    return call.stage.seen_by_bot(message)


async def _delete(call: Call) -> None:
    channel = call.channel()
    message = _message_in(call, channel)
    if message.author is not call.stage.world.bot:
        call.check_may(channel, Permission.MANAGE_MESSAGES)
    call.stage.remove(message)


async def _crosspost(call: Call) -> Json:
    channel = call.channel(Permission.SEND_MESSAGES)
    if channel.kind is not ChannelKind.ANNOUNCEMENT:
        raise errors.wrong_channel_type()
    message = _message_in(call, channel)
    if message.flags & CROSSPOSTED:
        raise errors.already_crossposted()
    if message.author is not call.stage.world.bot:
        call.check_may(channel, Permission.MANAGE_MESSAGES)
    message.flags |= CROSSPOSTED
    call.stage.touch(message)
    return call.stage.seen_by_bot(message)


async def _typing(call: Call) -> None:
    call.channel(Permission.SEND_MESSAGES)


_MESSAGES = "/channels/{channel_id}/messages"

ROUTES = (
    Route(method="POST", template=_MESSAGES, answer=_create),
    Route(method="GET", template=_MESSAGES, answer=_history),
    Route(method="GET", template=_MESSAGES + "/{message_id}", answer=_get),
    Route(method="PATCH", template=_MESSAGES + "/{message_id}", answer=_edit),
    Route(method="DELETE", template=_MESSAGES + "/{message_id}", answer=_delete),
    Route(method="POST", template=_MESSAGES + "/{message_id}/crosspost", answer=_crosspost),
    Route(method="POST", template="/channels/{channel_id}/typing", answer=_typing),
)
