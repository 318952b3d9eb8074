"""API of the ambassador's desk: introductions, mandates, times, and members' answers.

The answer links for people without a sign-in have no API: their holders have no token.
"""

# Of two routes that fit an address the first is taken: what is one's own comes before what names a
# partnership.
from proxeny.ambassadors.api import calendars, own, own_mandates  # isort: skip
from proxeny.ambassadors.api import asking, booking, introductions, mandates, notes
from proxeny.ambassadors.api._router import router

__all__ = [
    "asking",
    "booking",
    "calendars",
    "introductions",
    "mandates",
    "notes",
    "own",
    "own_mandates",
    "router",
]
