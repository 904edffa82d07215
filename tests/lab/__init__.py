"""The lab: a pretend Discord with people in it, and the real bot connected to it.

A test types what a person would type and asserts what a person would see. Anything Discord would have refused, any
error of ours in the log and any task left running fails the test at its end.
"""

from tests.lab.bench import Lab, opened_lab
from tests.lab.judge import discord_judge
from tests.lab.papers import found_paper

__all__ = ["Lab", "discord_judge", "found_paper", "opened_lab"]
