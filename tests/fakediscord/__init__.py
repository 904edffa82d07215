"""The pretend Discord, proven with a bot of its own: what it does, and above all what it refuses."""
