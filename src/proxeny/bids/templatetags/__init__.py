"""Filters of the pages of bids."""
