"""How people are known: by their Discord numbers, and by nothing else."""

FORGOTTEN = 0
"""Stands for a person who is erased, where what they set up for others stays."""
