"""Slow measurements, each a command of its own; CONTRIBUTING lists them."""
