"""Writes users, guilds, channels and messages as the API's JSON. Only reads what it is given."""

from bot.fakediscord import permissions
from bot.fakediscord.state import (
    HAS_THREAD,
    Attachment,
    Channel,
    ChannelKind,
    Guild,
    Member,
    Message,
    Overwrite,
    Role,
    Tag,
    User,
)
from bot.fakediscord.uploads import content_type
from bot.fakediscord.wire import Json, dumps, timestamp

_NOTHING_OF = (
    *("icon", "description", "home_header", "splash", "discovery_splash", "banner", "vanity_url_code"),
    *("application_id", "afk_channel_id", "system_channel_id", "widget_channel_id", "rules_channel_id"),
    *("safety_alerts_channel_id", "public_updates_channel_id", "max_presences", "incidents_data"),
)
"""What a guild could have and none here has."""


def user(who: User) -> Json:
    return {
        "id": str(who.id),
        "username": who.name,
        "global_name": None if who.bot else who.name,
        "discriminator": "0000" if who.bot else "0",
        "avatar": None,
        "bot": who.bot,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
    }


def member(of: Member, *, allowed: int | None = None) -> Json:
    """A member with their user; `allowed` adds the computed permissions that interactions carry."""
    return {"user": user(of.user), **bare_member(of), **({} if allowed is None else {"permissions": str(int(allowed))})}


def bare_member(of: Member) -> Json:
    """A member without their user, as messages and resolved options have it."""
    return {
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": [str(each) for each in of.roles],
        "joined_at": timestamp(of.joined_at),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "pending": False,
        "flags": 0,
        "communication_disabled_until": None,
    }


def role(of: Role) -> Json:
    return {
        "id": str(of.id),
        "name": of.name,
        "permissions": str(int(of.permissions)),
        "position": of.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": of.managed,
        "mentionable": of.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def _overwrite(of: Overwrite) -> Json:
    return {"id": str(of.target_id), "type": int(of.is_member), "allow": str(of.allow), "deny": str(of.deny)}


def _tag(of: Tag) -> Json:
    return {"id": str(of.id), "name": of.name, "moderated": False, "emoji_id": None, "emoji_name": None}


def channel(of: Channel) -> Json:
    """A channel, thread or direct message, whole."""
    if of.recipient is not None:
        return {**_any_channel(of), "recipients": [user(of.recipient)]}
    if of.is_thread:
        return {**_any_channel(of), **_thread(of)}
    told = {
        **_any_channel(of),
        "position": of.position,
        "topic": of.topic,
        "nsfw": False,
        "permission_overwrites": [_overwrite(each) for each in of.overwrites.values()],
    }
    if of.kind is ChannelKind.FORUM:
        told |= {"available_tags": [_tag(each) for each in of.tags], "default_reaction_emoji": None}
        told |= {"flags": 1 << 4 if of.requires_tag else 0, "default_sort_order": None, "default_forum_layout": 0}
    return told


def _any_channel(of: Channel) -> Json:
    told: Json = {
        "id": str(of.id),
        "type": int(of.kind),
        "flags": 0,
        "last_message_id": str(last) if (last := next(reversed(of.messages), None)) else None,
    }
    if of.guild is not None:
        told |= {"guild_id": str(of.guild.id), "name": of.name, "rate_limit_per_user": 0}
        told |= {"parent_id": str(of.parent.id) if of.parent else None}
    if of.kind is ChannelKind.VOICE:
        told |= {"bitrate": 64_000, "user_limit": 0}
    return told


def _thread(of: Channel) -> Json:
    return {
        "owner_id": str(of.owner_id),
        "message_count": len(of.messages) - (of.id in of.messages),  # a post of a forum counts answers alone
        "total_message_sent": len(of.messages),
        "member_count": 1,
        "applied_tags": [str(each) for each in of.applied_tags],
        "thread_metadata": {
            "archived": of.archived,
            "locked": of.locked,
            "auto_archive_duration": of.auto_archive_minutes,
            "archive_timestamp": timestamp(of.created_at),
            "create_timestamp": timestamp(of.created_at),
        },
    }


def channel_seen_by(of: Channel, who: Member | None) -> Json:
    """A channel with what a member may do in it, as interactions carry it."""
    return {**channel(of), "permissions": str(int(permissions.in_channel(of, who)))}


def guild(of: Guild) -> Json:
    """A guild as the HTTP API tells it."""
    return {
        **dict.fromkeys(_NOTHING_OF),
        "id": str(of.id),
        "name": of.name,
        "owner_id": str(of.owner_id),
        "roles": [role(each) for each in of.roles.values()],
        "emojis": [],
        "stickers": [],
        "features": [],
        "region": "deprecated",
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw": False,
        "nsfw_level": 0,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "afk_timeout": 300,
        "system_channel_flags": 0,
        "preferred_locale": "en-US",
        "widget_enabled": False,
        "max_members": 500_000,
        "max_video_channel_users": 25,
        "max_stage_video_channel_users": 50,
    }


def whole_guild(of: Guild, me: Member, *, now: float) -> Json:
    """A guild as GUILD_CREATE tells it to the bot, with the threads that the bot may see."""
    seen = [each for each in of.channels.values() if permissions.in_channel(each, me)]
    return guild(of) | {
        "joined_at": timestamp(now),
        "unavailable": False,
        "large": False,
        "member_count": len(of.members),
        "members": [member(me)],
        "channels": [channel(each) for each in of.channels.values() if not each.is_thread],
        "threads": [channel(each) for each in seen if each.is_thread and not each.archived],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def message(of: Message, *, hide_text: bool = False) -> Json:
    """A message; `hide_text` leaves out what a bot without the message content intent does not get."""
    told: Json = {
        "id": str(of.id),
        "channel_id": str(of.channel.id),
        "type": int(of.kind),
        "author": user(of.author),
        "content": "" if hide_text else of.content,
        "embeds": [] if hide_text else of.embeds,
        "components": [] if hide_text else of.components,
        "attachments": [] if hide_text else _attachments(of),
        "timestamp": timestamp(of.created_at),
        "edited_timestamp": None if of.edited_at is None else timestamp(of.edited_at),
        "flags": of.flags | (HAS_THREAD if of.thread else 0),
        "tts": False,
        "pinned": of.pinned,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
    }
    return told | _message_extras(of)


def _message_extras(of: Message) -> Json:
    told: Json = {}
    if of.nonce is not None:
        told["nonce"] = of.nonce
    if of.interaction is not None:
        told |= {"interaction_metadata": of.interaction, "application_id": str(of.author.id)}
        told["webhook_id"] = str(of.author.id)
    if of.thread is not None:
        told["thread"] = channel(of.thread)
    if of.reply_to is not None:
        told["message_reference"] = {
            "type": 0,
            "message_id": str(of.reply_to),
            "channel_id": str(of.channel.id),
            **({"guild_id": str(of.channel.guild.id)} if of.channel.guild else {}),
        }
    return told


def message_event(of: Message, *, hide_text: bool = False) -> Json:
    """A message as MESSAGE_CREATE and MESSAGE_UPDATE tell it: with its guild and its author's membership."""
    told = message(of, hide_text=hide_text)
    if (guild := of.channel.guild) is not None:
        told["guild_id"] = str(guild.id)
        if author := guild.members.get(of.author.id):
            told["member"] = bare_member(author)
    return told


def _attachments(of: Message) -> list[Json]:
    """The files that no component and no embed of the message shows already (discord-api-docs issue 8277)."""
    shown = dumps([of.embeds, of.components])
    return [_attachment(each) for each in of.attachments if dumps(each.url) not in shown]


def _attachment(of: Attachment) -> Json:
    told = {"id": str(of.id), "filename": of.filename, "size": len(of.content), "url": of.url, "proxy_url": of.url}
    told["content_type"] = content_type(of.filename)
    return told if of.description is None else told | {"description": of.description}
