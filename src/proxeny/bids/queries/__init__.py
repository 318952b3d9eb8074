"""Queries for bids."""
