"""Tests of Paperboy. Bytecode is kept, whatever the environment says: else every process compiles all of it anew."""

import os
import sys

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
