"""The desk over the API: whom it brings together, mandates, times, and what members answer.

Links by which people without a sign-in answer have no API: who holds one has no token.
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
