"""Threads: from a message, on their own, and as a forum's posts."""

from datetime import datetime

from bot.fakediscord import errors, render
from bot.fakediscord.calls import Call, Route
from bot.fakediscord.compose import draft
from bot.fakediscord.gateway import Intent
from bot.fakediscord.permissions import Permission
from bot.fakediscord.rules.forms import Form
from bot.fakediscord.rules.messages import check_new_message
from bot.fakediscord.state import Channel, ChannelKind, Message
from bot.fakediscord.wire import Json, snowflake

_DURATIONS = (60, 1440, 4320, 10080)
_THREADED = {ChannelKind.TEXT: ChannelKind.PUBLIC_THREAD, ChannelKind.ANNOUNCEMENT: ChannelKind.ANNOUNCEMENT_THREAD}
_NEEDS = {
    ChannelKind.PUBLIC_THREAD: Permission.CREATE_PUBLIC_THREADS,
    ChannelKind.ANNOUNCEMENT_THREAD: Permission.CREATE_PUBLIC_THREADS,
    ChannelKind.PRIVATE_THREAD: Permission.CREATE_PRIVATE_THREADS,
}


async def _from_message(call: Call) -> Json:
    channel = call.channel(Permission.CREATE_PUBLIC_THREADS)
    if channel.kind not in _THREADED:
        raise errors.wrong_channel_type()
    message = call.stage.world.message(channel, call.id("message_id"))
    _check_thread(call.fields)
    if message.thread is not None:
        raise errors.thread_already_made()
    return render.channel(_open(call, channel, _THREADED[channel.kind], starter=message))


async def _without_message(call: Call) -> Json:
    channel = call.channel()
    if channel.kind is ChannelKind.FORUM:
        return _post_in_forum(call, channel)
    if channel.kind not in _THREADED:
        raise errors.wrong_channel_type()
    _check_thread(call.fields)
    asked = call.fields.get("type")
    default = ChannelKind.PRIVATE_THREAD  # docs.discord.com/developers/resources/channel#start-thread-without-message
    kind = default if asked is None else ChannelKind(asked)
    call.check_may(channel, _NEEDS[kind])
    return render.channel(_open(call, channel, kind))


def _post_in_forum(call: Call, forum: Channel) -> Json:
    body = call.fields
    needs = Permission.SEND_MESSAGES | (Permission.ATTACH_FILES if call.uploads else Permission(0))
    call.check_may(forum, needs)
    tags = _check_thread(body, forum)
    message = body["message"]
    check_new_message(message, files=call.uploads, strict=call.stage.strict_mentions, path=("message",))
    if forum.requires_tag and not tags:
        raise errors.tag_required()
    thread = _open(call, forum, ChannelKind.PUBLIC_THREAD, tags=tags)
    posted = draft(message, call.uploads, call.stage.world.ids)
    # A forum post's first message has the post's own id.
    first = call.stage.post(thread, call.stage.world.bot, posted, message_id=thread.id)
    return {**render.channel(thread), "message": call.stage.seen_by_bot(first)}


def _check_thread(body: Json, forum: Channel | None = None) -> list[int]:
    """The fields of a new thread; in a forum it needs a message and may have tags. Returns the tags."""
    form = Form()
    form.text(body, "name", (), least=1, most=100)
    if body.get("auto_archive_duration") is not None:
        form.choice(body, "auto_archive_duration", (), among=_DURATIONS)
    form.number(body, "rate_limit_per_user", (), least=0, most=21_600)
    if forum is None and body.get("type") is not None:
        form.choice(body, "type", (), among=(10, 11, 12))
    tags = [snowflake(each) or 0 for each in form.items(body, "applied_tags", (), most=5)] if forum else []
    for number, each in enumerate(tags):
        if forum and each not in {tag.id for tag in forum.tags}:
            form.wrong(("applied_tags", number), "FORUM_TAG_UNKNOWN", "Unknown tag")
    if forum:
        form.mapping(body.get("message"), ("message",))
    form.finish()
    return tags


def _open(
    call: Call, parent: Channel, kind: ChannelKind, *, starter: Message | None = None, tags: list[int] | None = None
) -> Channel:
    """Open a thread under `parent` and tell of it; one made from a message has that message's id."""
    stage = call.stage
    thread = Channel(
        id=starter.id if starter else stage.world.ids.next(),
        kind=kind,
        name=call.fields["name"].strip(),
        guild=parent.guild,
        parent=parent,
        owner_id=stage.world.bot.id,
        applied_tags=tags or [],
        auto_archive_minutes=call.fields.get("auto_archive_duration") or 1440,
        created_at=stage.world.now(),
    )
    if parent.guild is not None:
        parent.guild.channels[thread.id] = thread
    told = {**render.channel(thread), "newly_created": True}
    stage.report_in(thread, "THREAD_CREATE", told, guild=Intent.GUILDS)
    if starter is not None:
        starter.thread = thread
        stage.touch(starter)
    return thread


async def _archived_public(call: Call) -> Json:
    """The archived threads, the newest first; the fake's are archived as of when they were made."""
    channel = call.channel(Permission.READ_MESSAGE_HISTORY)
    if channel.kind not in _THREADED and channel.kind is not ChannelKind.FORUM:
        raise errors.wrong_channel_type()
    form = Form()
    limit = form.number({"limit": snowflake(call.query.get("limit", "50"))}, "limit", (), least=2, most=100) or 50
    form.finish()
    inside = channel.guild.channels.values() if channel.guild else ()
    found = [each for each in inside if each.parent is channel and each.archived]
    found.sort(key=lambda each: each.created_at, reverse=True)
    if "before" in call.query:
        before = datetime.fromisoformat(call.query["before"]).timestamp()
        found = [each for each in found if each.created_at < before]
    return {
        "threads": [render.channel(each) for each in found[:limit]],
        "members": [],
        "has_more": len(found) > limit,
    }


ROUTES = (
    Route(method="GET", template="/channels/{channel_id}/threads/archived/public", answer=_archived_public),
    Route(
        method="POST",
        template="/channels/{channel_id}/messages/{message_id}/threads",
        answer=_from_message,
        status=201,
    ),
    Route(method="POST", template="/channels/{channel_id}/threads", answer=_without_message, status=201),
)
