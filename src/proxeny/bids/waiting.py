"""Pending items of a reader in bids: answers, signatures, documents and results."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.bids.models import Partner
from proxeny.bids.queries.waiting import (
    find_lacking,
    find_left,
    find_to_sign,
    find_unanswered,
    find_undecided,
)
from proxeny.calls.rules import BRUSSELS
from proxeny.kernel.kinds import Kind
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.waiting import Tone, Waiting

_Words = Callable[[], tuple[str, str]]


def find_waiting(reader: Reader, now: datetime, room: int | None) -> Iterator[Kind[Waiting]]:
    """Yield what waits in bids."""
    if reader.rooms:
        yield from _for_teams(reader, now)
    columns = {"room": "partnership_id", "title": "name", "state": "state"}
    yield Kind(find_to_sign(reader), partial(_tell_own, reader), columns)


def _for_teams(reader: Reader, now: datetime) -> Iterator[Kind[Waiting]]:
    yield _kind(
        "bid:answer",
        find_unanswered(reader, now=now),
        "bids:bid#decision",
        lambda: (
            _("Is your side joining this bid? The others are waiting for your answer."),
            _("Answer"),
        ),
        closes="call__closes_at",
    )
    yield _kind(
        "bid:check",
        find_left(reader, now=now).order_by("pk"),
        "bids:consortium",
        lambda: (
            _("A partner has withdrawn. Check whether the conditions are still met."),
            _("View"),
        ),
    )
    yield _kind(
        "bid:result",
        find_undecided(reader, now=now).order_by("submitted_at", "pk"),
        "bids:submission#sent",
        lambda: (
            _("You submitted this bid six months ago. Has the funder replied?"),
            _("Record the result"),
        ),
        tone="info",
    )
    yield _kind(
        "paper:upload",
        find_lacking(reader, now=now).order_by("bid__call__closes_at", "pk"),
        "bids:papers",
        lambda: (_("This document is required for the bid, and is missing."), _("Upload")),
        bid="bid_id",
        closes="bid__call__closes_at",
    )


def _kind(
    what: str,
    found: QuerySet[Any],
    page: str,
    words: _Words,
    *,
    tone: Tone = "warn",
    **columns: str,
) -> Kind[Waiting]:
    tell = partial(_tell, what, page, words, tone)
    return Kind(found, tell, {"room": "partnership_id", "title": "title", **columns})


def _tell(
    what: str,
    page: str,
    words: _Words,
    tone: Tone,
    *,
    pk: int,
    room: int,
    title: str,
    bid: int = 0,
    closes: str | None = None,
) -> Waiting:
    name, _hash, place = page.partition("#")
    url = reverse(name, args=[room, bid or pk])
    text, label = words()
    subject, deed = what.split(":")
    return Waiting(
        key=f"{subject}:{pk}:{deed}",
        title=title,
        text=text,
        url=f"{url}#{place}" if place else url,
        label=label,
        tone=tone,
        due=_day(closes),
        partnership_id=room,
    )


def _day(closes: str | None) -> date | None:
    return datetime.fromisoformat(closes).astimezone(BRUSSELS).date() if closes else None


def _tell_own(reader: Reader, *, pk: int, room: int, title: str, state: str) -> Waiting:
    text = _("A bid you’re part of is waiting for your signature.")
    if state == Partner.State.ASKED:
        text = _("You’re invited to take part in a bid. Read the letter of intent and answer.")
    return Waiting(
        key=f"partner:{pk}:sign",
        title=title,
        text=text,
        url=reverse("bids:own", args=[pk]),
        label=_("Read and sign"),
        tone="warn",
        partnership_id=room if room in reader.rooms else None,
    )
