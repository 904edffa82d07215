"""Copies everything that one database holds into another of any kind, and proves it."""
