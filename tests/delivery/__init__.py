"""Deliveries through the whole bot: owed in the database, posted in the pretend Discord."""
