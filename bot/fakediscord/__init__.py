"""A Discord on this machine, for tests and for the playground: HTTP API v10, the gateway, people, and a page.

Refuses what Discord refuses, so that a bot which passes here passes there. Knows nothing of the bot it serves.
"""
