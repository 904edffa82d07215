"""The HTTP API, a file for each family of routes. Every route that is not listed answers 404 and is a violation."""

from bot.fakediscord.calls import Route
from bot.fakediscord.routes import account, commands, guilds, interactions, messages, pins, threads, webhooks

ROUTES: tuple[Route, ...] = (
    *account.ROUTES,
    *commands.ROUTES,
    *guilds.ROUTES,
    *interactions.ROUTES,
    *pins.ROUTES,  # before the messages, of which "pins" would otherwise be one
    *messages.ROUTES,
    *threads.ROUTES,
    *webhooks.ROUTES,
)
