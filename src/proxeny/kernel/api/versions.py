"""Optimistic locking over HTTP: the record's version is its ETag, `If-Match` sends it back."""

import re
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Header

from proxeny.kernel.api.errors import PreconditionFailed, PreconditionRequired
from proxeny.kernel.edit_conflicts.marks import fingerprint

_NAMED = re.compile(r'"(\d{1,10})(?:-[0-9a-f]{7})?"')
_WHAT = "The ETag you received when you read the record, or *."
#: The description of the optional header, to tell it from the required one.
LEFT_OUT = f"{_WHAT} Optional."
#: The header parameter of routes that change a versioned record; without it they refuse (428).
IfMatch = Annotated[str | None, Header(alias="If-Match", description=_WHAT)]
#: The same for routes that check it where it is sent.
IfMatchWhereSent = Annotated[str | None, Header(alias="If-Match", description=LEFT_OUT)]


def show_version(response: HttpResponse, version: int, *shown: Any) -> None:
    """Send a record's version as its ETag.

    Parameters
    ----------
    shown : object
        What else the answer says that the version does not count, such as facts that a grant
        shows: the ETag is another one when they change, and `If-Match` does not mind.
    """
    rest = f"-{fingerprint(*shown):07x}" if shown else ""
    response["ETag"] = f'"{version}{rest}"'


def match_version(if_match: str | None, current: int) -> int:
    """Return the version a change was made from; it is the one the operation locks on.

    Raises
    ------
    PreconditionRequired
        There is no `If-Match`.
    PreconditionFailed
        The record has another version by now, or the header names none.
    """
    if if_match is None:
        raise PreconditionRequired(
            _("Read the record first, then send its ETag as If-Match with your change.")
        )
    if if_match.strip() == "*":
        return current
    named = {int(number) for number in _NAMED.findall(if_match)}
    if current not in named:
        raise PreconditionFailed(
            _(
                "Someone else has changed this since you read it. Read it again, then resend "
                "your change."
            )
        )
    return current
