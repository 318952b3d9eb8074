"""Open tasks in labels: for the managers of the clusters, jurors, applicants and holders."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from proxeny.kernel.tenancy import Reader
from proxeny.labels.models import (
    Appeal,
    Application,
    Assignment,
    Award,
    Checkup,
    Decision,
    Juror,
    Question,
    Result,
    Round,
)
from proxeny.labels.queries.life import with_renewal
from proxeny.partnerships.models import Interest, Partnership

State = Round.State
#: A result is news for so long; drafts are mentioned before their round closes.
NEWS = timedelta(days=14)
CLOSES_SOON = timedelta(days=14)


def find_rounds(reader: Reader, *, now: datetime) -> dict[str, QuerySet[Round]]:
    """Return the rounds in which something waits for managers, by what does."""
    rounds = Round.objects.filter(
        partnership__in=reader.steered,
        partnership__state=Partnership.State.ACTIVE,
        dropped_at=None,
        published_at__isnull=False,
    ).order_by("closes_at", "pk")
    taken = Application.objects.filter(round=OuterRef("pk"), state=Application.State.SUBMITTED)
    told = Result.objects.filter(round=OuterRef("pk"), is_newest=True)
    begun = Exists(Award.objects.filter(application=OuterRef("application"), dropped_at=None))
    asked = Question.objects.filter(
        application__round=OuterRef("pk"), passed_on_at=None, answered_at=None
    )
    appeals = Appeal.objects.filter(application__round=OuterRef("pk"), state=Appeal.State.ASKED)
    underway = rounds.exclude(state=State.DECIDED)
    decided = rounds.filter(state=State.DECIDED)
    chosen = told.filter(~begun, standing=Result.Standing.CHOSEN, told_at__isnull=False)
    return {
        "check": underway.filter(Exists(taken.filter(eligible=None))),
        "pass-on": underway.filter(Exists(asked)),
        "judge": rounds.filter(Exists(taken), state=State.OPEN, closes_at__lte=now),
        "assign": rounds.filter(Exists(_lacking(taken)), state=State.JUDGING),
        "decide": _to_decide(rounds, reader, now),
        "inform": decided.filter(Exists(told.filter(told_at=None))),
        "appeal": decided.filter(Exists(appeals)),
        "award": decided.filter(Exists(chosen)),
    }


def _to_decide(rounds: QuerySet[Round], reader: Reader, now: datetime) -> QuerySet[Round]:
    """Return the discussed rounds whose day has come and of which no decision waits for consent.

    Who has a conflict of interest in an application decides nothing.
    """
    conflicts = Interest.objects.filter(
        subject=Interest.Subject.APPLICATION, person_id=reader.own_id, conflicts=True
    )
    mine = Application.objects.filter(
        round=OuterRef("pk"),
        state=Application.State.SUBMITTED,
        pk__in=conflicts.values("subject_id"),
    )
    proposed = Decision.objects.filter(round=OuterRef("pk"), waits=True)
    return rounds.filter(
        ~Exists(proposed), ~Exists(mine), state=State.DISCUSSING, decides_on__lte=now.date()
    )


def find_answered(reader: Reader) -> QuerySet[Checkup]:
    """Return the holders' answers that wait for the clusters' review."""
    found = Checkup.objects.filter(
        partnership__in=reader.steered,
        partnership__state=Partnership.State.ACTIVE,
        answered_at__isnull=False,
        reviewed_at=None,
    )
    return found.order_by("answered_at", "pk")


def _lacking(taken: QuerySet[Application]) -> QuerySet[Application]:
    """Return the applications that are judged by fewer jurors than their scheme asks for."""
    given = Assignment.objects.filter(application=OuterRef("pk"), is_appeal=False)
    given = given.exclude(state=Assignment.State.ABSTAINED).order_by()
    count = given.values("application").annotate(count=Count("pk")).values("count")
    asked = Cast(KeyTextTransform("per", "scheme_version__content"), IntegerField())
    found = taken.filter(Q(eligible=None) | Q(eligible=True))
    return found.annotate(per=asked, has=Coalesce(Subquery(count), 0)).filter(has__lt=asked)


def find_juries(reader: Reader) -> QuerySet[Juror]:
    """Return the reader's places in juries that work, the next decision first.

    With `open`, the number of applications to score. A juror's seat opens the round and their own
    assignments alone.
    """
    open_ = Count("assignments", filter=Q(assignments__state=Assignment.State.OPEN))
    found = Juror.objects.filter(
        person_id=reader.own_id,
        round__dropped_at=None,
        round__state__in=(State.OPEN, State.JUDGING, State.DISCUSSING),
    )
    found = found.exclude(state=Juror.State.OUT).annotate(open=open_)
    return found.order_by("round__decides_on", "pk")


def find_own(own: set[int], *, now: datetime) -> dict[str, QuerySet[Any]]:
    """Return what waits for applicants and holders of some organisations, by what is to be done.

    These are drafts that close soon, questions, check-ups, new results, and awards to renew.
    """
    of = {"application__organisation_id__in": own}
    drafts = Application.objects.filter(
        organisation_id__in=own,
        state=Application.State.DRAFT,
        round__state=State.OPEN,
        round__dropped_at=None,
        round__opens_at__lte=now,
        round__closes_at__gt=now,
        round__closes_at__lte=now + CLOSES_SOON,
    )
    questions = Question.objects.filter(**of, passed_on_at__isnull=False, answered_at=None)
    results = Result.objects.filter(**of, is_newest=True, told_at__gt=now - NEWS, told_at__lte=now)
    checkups = Checkup.objects.filter(
        organisation_id__in=own, answered_at=None, award__revoked_at=None
    )
    return {
        "submit": drafts.order_by("round__closes_at", "pk"),
        "answer": questions.order_by("passed_on_at", "pk"),
        "checkup": checkups.order_by("due_on", "pk"),
        "read": results.order_by("-told_at", "-pk"),
        "renew": _renewals(own, now),
    }


def _renewals(own: set[int], now: datetime) -> QuerySet[Award]:
    follower = Award.objects.filter(replaces=OuterRef("pk"), dropped_at=None)
    begun = Application.objects.filter(
        renews=OuterRef("pk"), state__in=(Application.State.DRAFT, Application.State.SUBMITTED)
    )
    found = Award.objects.filter(
        ~Exists(follower),
        ~Exists(begun),
        organisation_id__in=own,
        issued_at__isnull=False,
        revoked_at=None,
        valid_from__lte=now,
        valid_until__gt=now,
    )
    return with_renewal(found).filter(renews_from__lte=now).order_by("valid_until", "pk")
