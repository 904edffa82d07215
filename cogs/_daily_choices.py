"""What people may choose about a paper of the day, as options of a command or in a form, and the `Schedule` of that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import discord
from discord import app_commands, ui

from bot.domain.daily_words import weekdays_of, written_weekdays
from bot.domain.parsing import MAX_LENGTH
from bot.domain.posting_words import WEEKDAYS, minute_of, time_and_zone, written_time, written_zone
from bot.domain.schedules import Fallback, Schedule
from bot.errors import UserError
from bot.services.search import Suggestion
from bot.services.zones import Zones
from cogs._daily_ids import daily_draft_id

_NEVER = -1

IF_NOTHING = [
    app_commands.Choice(name="a classic", value=Fallback.SHELF.value),
    app_commands.Choice(name="nothing", value=Fallback.SILENCE.value),
]
RECAP = [
    *(app_commands.Choice(name=f"on {name}s", value=number) for number, name in enumerate(WEEKDAYS)),
    app_commands.Choice(name="never", value=_NEVER),
]

IfNothing = app_commands.Choice[str]
Recap = app_commands.Choice[int]

DESCRIBED = {
    "time": "When it is posted, such as 09:00 or 5 pm; at nine unless you choose",
    "timezone": "Whose days and hours count: type a city",
    "weekdays": "Such as Mon-Fri, or Tue, Thu; every day unless you choose",
    "query": "What to choose from, as in /search; everything unless you choose",
    "channel": "Where to post; this channel unless you choose another",
    "thread": "Whether each paper gets a thread to talk in",
    "role": "A role to ping; you must be allowed to mention it",
    "no_ping": "Ping nobody any more",
    "pin": "Whether today's is pinned, and yesterday's unpinned",
    "silent": "Whether it comes without a notification; it does unless you say otherwise or ping a role",
    "if_nothing": "What to post where nothing new stands out and nothing is nominated",
    "recap": "A day on which the papers of the week before are posted too, with votes and replies; never unless chosen",
}
_USUAL_DAYS = ("every day", "Mon-Fri", "Mon, Wed, Fri", "Tue, Thu", "weekends", "Monday", "Friday")
_EXTRAS = {"thread": "A thread for each, to talk in", "pin": "Pin today's", "loud": "With a notification"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What somebody chose; None: as it is, or as is usual."""

    time: str | None = None
    timezone: str | None = None
    weekdays: str | None = None
    query: str | None = None
    thread: bool | None = None
    role: discord.Role | None = None
    no_ping: bool | None = None
    pin: bool | None = None
    silent: bool | None = None
    if_nothing: IfNothing | None = None
    recap: Recap | None = None

    async def applied(self, schedule: Schedule, zones: Zones) -> Schedule:
        """The schedule with what was chosen. Raises UserError for what cannot be read."""
        chosen: dict[str, Any] = {
            "at": minute_of(self.time) if self.time else None,
            "zone": await zones.require(self.timezone) if self.timezone else None,
            "weekdays": weekdays_of(self.weekdays) if self.weekdays else None,
            "query": self.query,
            "has_thread": self.thread,
            "role_id": self.role.id if self.role else None,
            "is_pinned": self.pin,
            "is_silent": False if self.role and self.silent is None else self.silent,
            "fallback": Fallback(self.if_nothing.value) if self.if_nothing else None,
        }
        changed = replace(schedule, **{name: value for name, value in chosen.items() if value is not None})
        if self.recap is not None:
            changed = replace(changed, recap_weekday=None if self.recap.value == _NEVER else self.recap.value)
        return replace(changed, role_id=None) if self.no_ping and self.role is None else changed


def suggested_days(typed: str) -> list[Suggestion]:
    """Days to pick, with all of them in words: those that were typed, as far as they can be read, or usual ones."""
    told = {}
    for each in (typed, *_USUAL_DAYS):
        try:
            days = weekdays_of(each)
        except UserError:
            continue
        told[written_weekdays(days)] = each
    return [Suggestion(label=label, value=value) for label, value in told.items()]


def daily_form(schedule: Schedule, number: int) -> ui.Modal:
    """The form that changes the draft of this number, filled in with how it stands."""
    form = ui.Modal(title="Change the paper of the day", custom_id=daily_draft_id(number, "changed"), timeout=None)
    for label, description, field in _fields(schedule):
        form.add_item(ui.Label(text=label, description=description, component=field))
    form.stop()  # answered by its custom_id alone: the library need not keep it
    return form


def _fields(schedule: Schedule) -> Sequence[tuple[str, str | None, ui.Item[Any]]]:
    at = f"{written_time(schedule.at)} {written_zone(schedule.zone)}"
    extras = {"thread": schedule.has_thread, "pin": schedule.is_pinned, "loud": not schedule.is_silent}
    return (
        ("Time and zone", "Such as 09:00 Europe/Berlin", ui.TextInput[Any](custom_id="at", default=at, max_length=60)),
        (
            "Days",
            "Such as Mon-Fri, or Tue, Thu, or every day",
            ui.TextInput[Any](custom_id="days", default=written_weekdays(schedule.weekdays), max_length=80),
        ),
        (
            "Choose from",
            "As in /search; empty for everything",
            ui.TextInput[Any](custom_id="query", default=schedule.query, max_length=MAX_LENGTH, required=False),
        ),
        (
            "How it is posted",
            "Role, recap and channel: /daily here",
            _menu("how", {value: (label, extras[value]) for value, label in _EXTRAS.items()}, least=0),
        ),
        (
            "Where nothing new stands out",
            "And nothing is nominated",
            _menu(
                "fallback",
                {
                    Fallback.SHELF: ("Post a classic", schedule.fallback is Fallback.SHELF),
                    Fallback.SILENCE: ("Post nothing", schedule.fallback is Fallback.SILENCE),
                },
            ),
        ),
    )


def _menu(custom_id: str, options: Mapping[str, tuple[str, bool]], *, least: int = 1) -> ui.Select[Any]:
    shown = [discord.SelectOption(label=label, value=value, default=on) for value, (label, on) in options.items()]
    most = len(shown) if least == 0 else 1
    return ui.Select(custom_id=custom_id, options=shown, min_values=least, max_values=most, required=least > 0)


async def filled_in(fields: Mapping[str, str], schedule: Schedule, zones: Zones) -> Schedule:
    """The schedule as the form was filled in. Raises UserError, naming what cannot be read."""
    time, zone = time_and_zone(fields.get("at", ""))
    extras = fields.get("how", "").split(",")
    fallback = fields.get("fallback", "")
    return replace(
        schedule,
        at=minute_of(time),
        zone=await zones.require(zone) if zone else schedule.zone,
        weekdays=weekdays_of(fields.get("days", "")),
        query=fields.get("query", ""),
        has_thread="thread" in extras,
        is_pinned="pin" in extras,
        is_silent="loud" not in extras,
        fallback=Fallback(fallback) if fallback in {*Fallback} else schedule.fallback,
    )
