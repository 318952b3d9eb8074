"""Filters of the pages of partnerships."""
