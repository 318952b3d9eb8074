"""Juries and places: how long the exact answer takes, and what plainer ways miss."""
