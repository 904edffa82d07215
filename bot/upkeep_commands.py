"""What an operator does about the bot as a whole: look whether all is well. Each command works beside a running bot."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.command_options import ConfigOption, JsonOption, secrets_of, started_with
from bot.config import ConfigError, Settings, with_token
from bot.domain.findings import Finding, Level, attention, fine, is_well, size_words, unchecked
from bot.errors import EX_CONFIG, OperatorError
from bot.logs import start_logging

if TYPE_CHECKING:  # each command loads what it needs alone
    from bot.discord_checkup import Place
    from bot.interfaces import Storage
    from bot.upkeep_interfaces import DatabaseState

_ORDER = ("config", "database", "migrations", "disk", "token", "clock", "permissions", "sources", "outbox")
_DAYS_BACK = 366
"""So far back it is looked whether a source was ever asked."""
_SHOWN = {Level.OK: "ok", Level.ATTENTION: "!!", Level.UNCHECKED: "--"}


def doctor(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Look whether all is well, and say what to do where not. Changes nothing; the bot may run.

    Ends with 0 where all is well, with 1 where something needs you, and with 78 where a setting or the token is wrong.
    """
    findings = _findings(config)
    findings.sort(key=lambda each: (*_ORDER, "processes").index(each.matter))
    from bot.terminal import say, say_json  # noqa: PLC0415

    if as_json:
        told = [{"matter": each.matter, "level": each.level, "told": each.told} for each in findings]
        say_json({"ok": is_well(findings), "findings": told})
    else:
        for each in findings:
            say(f"{_SHOWN[each.level]} {each.matter:<11} {each.told}")
    if any(each.is_setting for each in findings):
        raise typer.Exit(EX_CONFIG)
    if not is_well(findings):
        raise typer.Exit(1)


def invite(
    application: Annotated[
        int | None,
        typer.Option(
            help="The application's number; without it Discord is asked whose the token is.",
            show_default=False,
            min=1,
            metavar="NUMBER",
        ),
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print the address that invites the bot to a server. It tells why each permission is needed, too."""
    settings = started_with(config, quiet=True)
    from bot.domain.invitations import NEEDED, invitation, permissions  # noqa: PLC0415
    from bot.terminal import say, say_json  # noqa: PLC0415

    if application is None:
        from bot.discord_checkup import application_of  # noqa: PLC0415

        application = asyncio.run(application_of(with_token(settings)))
    if as_json:
        needed = [{"name": each.words, "reason": each.reason} for each in NEEDED]
        say_json({"url": invitation(application), "permissions": permissions(), "needed": needed})
        return
    say(f"{invitation(application)}\n\nWhoever manages a server opens this and picks it. It asks for:")
    for each in NEEDED:
        say(f"  {each.words}: {each.reason}")


def backup(
    target: Annotated[
        Path | None,
        typer.Argument(
            help="A folder for it, or a file; as the settings say by default, else backups beside the database.",
            metavar="TARGET",
            show_default=False,
        ),
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option(help="How many stay in the folder; as the settings say by default.", min=1, metavar="NUMBER"),
    ] = None,
    compress: Annotated[bool | None, typer.Option("--compress/--plain", help="Pack it with gzip, or not.")] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the whole database as it is now, and check the copy. The bot may run; older copies in a folder go."""
    settings = started_with(config, quiet=True)
    from bot.terminal import say, say_json  # noqa: PLC0415
    from storage import upkeep_of  # noqa: PLC0415

    told = settings.backup
    made = asyncio.run(
        upkeep_of(settings.database.url).backup(
            target or told.folder,
            keep=keep or told.keep,
            compress=told.compress if compress is None else compress,
            now=datetime.now(UTC),
        )
    )
    if as_json:
        removed = list(map(str, made.removed))
        say_json({"file": str(made.file), "size": made.size, "counts": made.counts, "removed": removed})
        return
    say(f"{made.file}: {size_words(made.size)}, {_listed(made.counts)}. It was read again and is whole.")
    for each in made.removed:
        say(f"removed {each}")


def restore(
    file: Annotated[Path, typer.Argument(help="A backup, packed or not.", metavar="FILE")],
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a backup in the place of the database. Stop the bot first; what was there is kept aside.

    What was posted since the backup was made is not posted again: the bot looks for it in the channels.
    """
    settings = started_with(config, quiet=True)
    from bot.terminal import say, say_json  # noqa: PLC0415
    from storage import upkeep_of  # noqa: PLC0415

    done = asyncio.run(upkeep_of(settings.database.url).restore(file, now=datetime.now(UTC)))
    if as_json:
        aside = str(done.aside) if done.aside else None
        say_json({"made_at": done.made_at, "counts": done.counts, "aside": aside})
        return
    of = f" of {done.made_at:%Y-%m-%d %H:%M} UTC" if done.made_at else ""
    say(f"Restored the backup{of}: {_listed(done.counts)}.")
    if done.aside:
        say(f"What was there before is {done.aside}: delete it when you no longer need it.")


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{many:,} {name}" for name, many in counts.items()) or "nothing in it"


def _findings(config: ConfigOption) -> list[Finding]:
    try:
        settings = started_with(config, quiet=True)
    except ConfigError as error:
        wrong = [attention("config", line, is_setting=True) for line in str(error).splitlines()]
        rest = [unchecked(each, "Looked at once the settings are right.") for each in _ORDER if each != "config"]
        return [*wrong, *rest]
    start_logging("critical", *secrets_of(settings))  # what goes wrong is told as a finding
    return asyncio.run(look_at(settings))


async def look_at(settings: Settings) -> list[Finding]:
    """What a check-up with these settings finds. Never raises for what is wrong."""
    from bot.services.checkup import database_findings  # noqa: PLC0415
    from storage import open_as_it_is, upkeep_of  # noqa: PLC0415

    found = [fine("config", "Every setting is one.")]
    try:
        state = await upkeep_of(settings.database.url).examine()
        found.extend(database_findings(state))
    except OperatorError as error:
        return [attention("config", str(error), is_setting=True)]
    places: list[Place] | None = None
    if state.is_ready:
        try:
            async with await open_as_it_is(settings.database.url) as storage:
                found.extend(await _kept(settings, storage))
                places = await _places(storage)
        except OperatorError as error:
            found.append(attention("database", str(error)))
        except Exception as error:  # it is sound for its engine, and holds what nothing of ours has written
            said = f"{type(error).__name__}: {error}".partition("\n")[0][:200]
            told = f"What it holds cannot be read ({said}). Put your last backup in its place: `paperboy restore FILE`."
            found.append(attention("database", told))
    else:
        found.extend(unchecked(each, _why_not(state)) for each in ("sources", "outbox"))
    return [*found, *await _discord(settings, state, places)]


def _why_not(state: "DatabaseState") -> str:
    if not state.exists or (state.revision is None and state.trouble is None):
        return "Nothing is kept yet."
    return "Not known until the database is " + ("mended." if state.trouble else "migrated.")


async def _kept(settings: Settings, storage: "Storage") -> list[Finding]:
    from bot.intake import intake_for  # noqa: PLC0415
    from bot.services.checkup import lease_finding, outbox_findings, source_findings  # noqa: PLC0415

    now = datetime.now(UTC)
    standings = await intake_for(settings, storage, clock=lambda: now).ledger.standings(days=_DAYS_BACK)
    found = [*source_findings(standings, now), *outbox_findings(await storage.outbox_standing(), now)]
    processes = lease_finding(await storage.list_leases())
    return found if processes is None else [*found, processes]


async def _places(storage: "Storage") -> "list[Place]":
    """Where something is posted, one a channel, with all that is asked of it."""
    from bot.discord_checkup import Place  # noqa: PLC0415

    topics = [each for each in await storage.list_subscriptions() if each.paused_at is None]
    schedules = await storage.list_schedules()
    guilds = {each.channel_id: each.guild_id for each in topics} | {
        each.channel_id: each.guild_id for each in schedules
    }
    threads = {each.channel_id for each in topics if each.posting.has_threads}
    threads |= {each.channel_id for each in schedules if each.has_thread}
    pins = {each.channel_id for each in schedules if each.is_pinned}
    return [
        Place(guild_id=guild, channel_id=channel, has_threads=channel in threads, pins=channel in pins)
        for channel, guild in sorted(guilds.items())
    ]


async def _discord(settings: Settings, state: "DatabaseState", places: "list[Place] | None") -> list[Finding]:
    try:
        settings = with_token(settings)
    except ConfigError as error:
        later = (unchecked(each, "Asked once there is a token.") for each in ("clock", "permissions"))
        return [attention("token", str(error), is_setting=True), *later]
    from bot.discord_checkup import check_discord  # noqa: PLC0415

    found = await check_discord(settings, places or (), application_id=state.application_id)
    if places is None:
        found = [each for each in found if each.matter != "permissions"]
        found.append(unchecked("permissions", _why_not(state)))
    return found
