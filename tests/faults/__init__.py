"""Runs that kill, cut and flood the program, each a command of its own; CONTRIBUTING lists them."""
