"""Checks of an offer or need from a reviewer's view. No database, no clock.

What is found are hints for the writer and the reviewer: nothing here refuses a text.
"""

from proxeny.directory.drafting.checks import check_draft
from proxeny.directory.drafting.identity import Identity
from proxeny.directory.drafting.texts import Draft, Flag

__all__ = ["Draft", "Flag", "Identity", "check_draft"]
