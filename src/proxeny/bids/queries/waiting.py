"""Bids, documents and partners that wait for a reader, in all their rooms and companies."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from proxeny.bids.models import Bid, Paper, PaperVersion, Partner, Stance
from proxeny.bids.queries.own import speaks_for
from proxeny.bids.rules import OPEN, OUT
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Partnership

State = Bid.State
#: Period in which a departure is shown.
NEWS = timedelta(days=14)
#: A funder has answered by then: within five months, as European programmes promise, and one more.
ANSWERED = timedelta(days=180)
#: So long before a call closes, missing documents are told of.
CLOSES_SOON = timedelta(days=14)


def find_unanswered(reader: Reader, *, now: datetime) -> QuerySet[Bid]:
    """Return the bids of which a side that the reader manages has not said whether it goes for it."""
    said = Stance.objects.filter(bid=OuterRef("pk"), party__organisation__in=reader.managed)
    is_open = (
        Q(call__closes_at=None) | Q(call__closes_at__gt=now) | Q(call__second_closes_at__gt=now)
    )
    found = Bid.objects.filter(
        is_open,
        state=State.EXPLORING,
        dropped_at=None,
        partnership__in=reader.steered,
        partnership__state=Partnership.State.ACTIVE,
    )
    return found.exclude(Exists(said)).order_by("call__closes_at", "pk")


def find_to_sign(reader: Reader) -> QuerySet[Partner]:
    """Return the partners for which the reader can sign a letter of intent or a bid now."""
    waiting = RawSQL("SELECT proxeny_partners_to_sign()", [])
    found = Partner.objects.filter(pk__in=waiting, organisation__in=speaks_for(reader))
    return found.order_by("asked_at", "pk")


def find_left(reader: Reader, *, now: datetime) -> QuerySet[Bid]:
    """Return the open bids that a partner left lately."""
    left = Partner.objects.filter(
        bid=OuterRef("pk"), dropped_at=None, state__in=OUT, answered_at__gt=now - NEWS
    )
    return _of_team(reader).filter(Exists(left), state__in=OPEN)


def find_undecided(reader: Reader, *, now: datetime) -> QuerySet[Bid]:
    """Return the submitted bids to which the funder should have replied."""
    return _of_team(reader).filter(state=State.SUBMITTED, submitted_at__lt=now - ANSWERED)


def find_lacking(reader: Reader, *, now: datetime) -> QuerySet[Paper]:
    """Return the required documents without a version, of bids whose call closes soon."""
    return Paper.objects.filter(
        ~Exists(PaperVersion.objects.filter(paper=OuterRef("pk"))),
        is_required=True,
        dropped_at=None,
        bid__in=_of_team(reader).filter(state=State.PREPARING).values("pk"),
        bid__call__closes_at__range=(now, now + CLOSES_SOON),
    )


def _of_team(reader: Reader) -> QuerySet[Bid]:
    return Bid.objects.filter(
        partnership__in=reader.rooms,
        partnership__state=Partnership.State.ACTIVE,
        dropped_at=None,
    )
