"""Insight: network position, foresight, and figures a board can act on."""
