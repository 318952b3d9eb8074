"""Calls for proposals: imported, with conditions as data, watched, and matched to members."""
