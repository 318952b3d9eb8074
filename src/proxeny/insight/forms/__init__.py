"""The forms of the insight pages."""
