"""Pages of meetings."""

from proxeny.meetings.views.own import rate, show_feed, show_ratings

__all__ = ["rate", "show_feed", "show_ratings"]
