"""What people may choose about a topic, as options of a command or in a form, and how that becomes a `Posting`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import app_commands, ui

from bot.domain.parsing import MAX_LENGTH
from bot.domain.posting import Cadence, Posting
from bot.domain.posting_words import (
    MOST_PER_DAY_AT_ALL,
    WEEKDAYS,
    minute_of,
    quiet_hours,
    time_and_zone,
    written_quiet,
    written_time,
    written_zone,
)
from bot.domain.topic_drafts import TopicDraft
from bot.errors import UserError
from bot.services.zones import Zones
from cogs._topic_ids import draft_id

WHEN = [
    app_commands.Choice(name="as they arrive", value=Cadence.ARRIVAL.value),
    app_commands.Choice(name="daily digest", value=Cadence.DAILY.value),
    app_commands.Choice(name="weekly digest", value=Cadence.WEEKLY.value),
]
ON = [app_commands.Choice(name=name, value=number) for number, name in enumerate(WEEKDAYS)]

MostPerDay = app_commands.Range[int, 1, MOST_PER_DAY_AT_ALL]
When = app_commands.Choice[str]
On = app_commands.Choice[int]

DESCRIBED = {
    "when": "As they arrive, unless you choose a digest",
    "time": "When the digest comes, such as 09:00 or 5 pm",
    "timezone": "Whose days and hours count, such as Europe/Berlin",
    "weekday": "The day of a weekly digest",
    "most_per_day": "Messages a day at most; what is more comes in one digest",
    "role": "A role to ping; you must be allowed to mention it",
    "threads": "Whether each paper gets a thread of its own",
    "silent": "Whether it comes without a notification; it does unless you say otherwise or ping a role",
    "quiet_hours": "Hours without posts, such as 22-7, or none",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What somebody chose; None: as it is, or as is usual."""

    when: When | None = None
    time: str | None = None
    timezone: str | None = None
    weekday: On | None = None
    most_per_day: int | None = None
    role: discord.Role | None = None
    no_ping: bool | None = None
    threads: bool | None = None
    silent: bool | None = None
    quiet_hours: str | None = None

    async def applied(self, posting: Posting, zones: Zones) -> Posting:
        """The posting with what was chosen. Raises UserError for a time or zone that cannot be read."""
        chosen: dict[str, Any] = {
            "most_per_day": self.most_per_day,
            "has_threads": self.threads,
            "is_silent": False if self.role and self.silent is None else self.silent,
            "role_id": self.role.id if self.role else None,
            "weekday": self.weekday.value if self.weekday else None,
            "digest_at": minute_of(self.time) if self.time else None,
            "zone": await zones.require(self.timezone) if self.timezone else None,
        }
        if self.when or self.weekday:
            chosen["cadence"] = Cadence(self.when.value) if self.when else Cadence.WEEKLY
        changed = replace(posting, **{name: value for name, value in chosen.items() if value is not None})
        if self.quiet_hours is not None:
            quiet = quiet_hours(self.quiet_hours)
            changed = replace(changed, quiet_from=quiet.begins, quiet_until=quiet.ends)
        return replace(changed, role_id=None) if self.no_ping and self.role is None else changed


def change_form(draft: TopicDraft) -> ui.Modal:
    """The form that changes a draft, filled in with how it stands."""
    posting = draft.posting
    at = f"{written_time(posting.digest_at)} {written_zone(posting.zone)}"
    form = ui.Modal(title="Change this topic", custom_id=draft_id(draft, "changed"), timeout=None)
    for label, description, field in (
        (
            "What to follow",
            "As in /search",
            ui.TextInput[Any](
                custom_id="query",
                default=draft.query,
                max_length=MAX_LENGTH,
                style=discord.TextStyle.paragraph,
            ),
        ),
        ("When", None, ui.Select[Any](custom_id="when", options=_when_options(posting))),
        (
            "Time and zone",
            "Of the digest, and of what one day holds: 09:00 Europe/Berlin",
            ui.TextInput[Any](custom_id="at", default=at, max_length=60),
        ),
        (
            "Most a day",
            "As they arrive: what is more comes in one digest",
            ui.TextInput[Any](custom_id="most", default=str(posting.most_per_day), max_length=3),
        ),
        (
            "Quiet hours",
            "Such as 22-7; empty for none. Role, threads and sound: Who is told …",
            ui.TextInput[Any](custom_id="quiet", default=written_quiet(posting), max_length=20, required=False),
        ),
    ):
        form.add_item(ui.Label(text=label, description=description, component=field))
    form.stop()  # answered by its custom_id alone: the library need not keep it
    return form


def told_form(draft: TopicDraft, roles: Collection[int]) -> ui.Modal:
    """The form that changes who hears of a draft's papers and how; `roles` are those that its server has now."""
    posting = draft.posting
    chosen = [discord.Object(each, type=discord.Role) for each in roles if each == posting.role_id]
    switches = {"thread": ("A thread for each paper", posting.has_threads)}
    switches["loud"] = ("With a notification", not posting.is_silent)
    options = [
        discord.SelectOption(label=label, value=value, default=is_on) for value, (label, is_on) in switches.items()
    ]
    form = ui.Modal(title="Who is told", custom_id=draft_id(draft, "told"), timeout=None)
    role = ui.RoleSelect[Any](custom_id="role", min_values=0, required=False, default_values=chosen)
    how = ui.Select[Any](custom_id="how", options=options, min_values=0, max_values=len(options), required=False)
    form.add_item(ui.Label(text="Ping this role", description="You must be allowed to mention it", component=role))
    form.add_item(ui.Label(text="How it is posted", component=how))
    form.stop()  # answered by its custom_id alone: the library need not keep it
    return form


def told_so(fields: Mapping[str, str], posting: Posting) -> Posting:
    """The posting as that form was filled in."""
    role, how = fields.get("role", ""), fields.get("how", "").split(",")
    role_id = int(role) if role.isascii() and role.isdigit() else None
    return replace(posting, role_id=role_id, has_threads="thread" in how, is_silent="loud" not in how)


def _when_options(posting: Posting) -> list[discord.SelectOption]:
    named = {"arrival": "As they arrive", "daily": "In one digest a day"}
    named |= {f"weekly {number}": f"In one digest a week, on {day}" for number, day in enumerate(WEEKDAYS)}
    return [
        discord.SelectOption(label=label, value=value, default=value == _when(posting))
        for value, label in named.items()
    ]


def _when(posting: Posting) -> str:
    return f"weekly {posting.weekday}" if posting.cadence is Cadence.WEEKLY else posting.cadence.value


async def filled_in(fields: Mapping[str, str], posting: Posting, zones: Zones) -> Posting:
    """The posting as the form was filled in. Raises UserError, naming what cannot be read."""
    cadence, _, weekday = fields.get("when", "").partition(" ")
    time, zone = time_and_zone(fields.get("at", ""))
    most = fields.get("most", "").strip()
    if not (most.isascii() and most.isdigit() and 1 <= int(most) <= MOST_PER_DAY_AT_ALL):
        raise UserError(f"Most a day is a number from 1 to {MOST_PER_DAY_AT_ALL}.")
    quiet = quiet_hours(fields.get("quiet", ""))
    return replace(
        posting,
        cadence=Cadence(cadence) if cadence in {*Cadence} else posting.cadence,
        weekday=int(weekday) if weekday in {*map(str, range(7))} else posting.weekday,
        digest_at=minute_of(time),
        zone=await zones.require(zone) if zone else posting.zone,
        most_per_day=int(most),
        quiet_from=quiet.begins,
        quiet_until=quiet.ends,
    )
