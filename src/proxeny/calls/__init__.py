"""Calls for proposals: brought in, their conditions as data, watched, matched to members."""
