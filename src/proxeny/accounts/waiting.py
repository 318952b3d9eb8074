"""Pending items of a reader about their account: programs whose access ends."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.accounts.token_queries import tokens_ending
from proxeny.kernel.kinds import Kind, day_of
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.waiting import Waiting


def find_waiting(reader: Reader, now: datetime, room: int | None) -> Iterator[Kind[Waiting]]:
    """Yield the reader's programs whose access ends soon."""
    columns = {"title": "name", "ends": "expires_at"}
    yield Kind(tokens_ending(reader, now=now), _tell, columns, in_room=None)


def _tell(pk: int, title: str, ends: str) -> Waiting:
    due = day_of(ends)
    text = _("This program can act for you until %(day)s. Renew its access if you still need it.")
    return Waiting(
        key=f"token:{pk}:renew",
        title=title,
        text=text % {"day": date_format(due) if due else ""},
        url=reverse("people:tokens"),
        label=_("View your programs"),
        due=due,
    )
