"""Awards after their issue: those of the reader's organisations, renewals, and check-ups."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from proxeny.kernel.errors import NotFound
from proxeny.kernel.rows import Column, Rows
from proxeny.kernel.tenancy import Reader
from proxeny.labels.award_life_presenters import STILL, tell_figure_of
from proxeny.labels.content import SchemeText, read_scheme
from proxeny.labels.models import Application, Award, Checkup, Round, Scheme
from proxeny.labels.queries.awards import follower_of, state_of
from proxeny.labels.queries.own_applications import applies_for

#: A project is asked again after so long.
YEARLY = timedelta(days=365)
CHECKUP_STATES = ("waiting", "late", "to-review", "reviewed")
#: Applications that renew an award, and are not taken back.
_RENEWS = (Application.State.DRAFT, Application.State.SUBMITTED)


def with_renewal(found: QuerySet[Award]) -> QuerySet[Any]:
    """Return awards with the moment from which they can be renewed, as `renews_from`.

    It is counted back from their end by the months of the version that they were given by.
    """
    months = Cast(KeyTextTransform("renew_months", "scheme_version__content"), IntegerField())
    span = Func(Value(0), months, function="make_interval")
    begins = ExpressionWrapper(F("valid_until") - span, output_field=DateTimeField())
    return found.annotate(renews_from=begins)


@dataclass(frozen=True, slots=True)
class OwnAward:
    """An award as its holder reads it.

    `renews_from` is when it can be renewed; `renewal` the application that would follow it, if one
    was begun. `checkups` come with the newest first.
    """

    award: Award
    scheme: SchemeText
    state: str
    renews_from: datetime
    checkups: tuple[Checkup, ...] = ()
    renewal: Application | None = None

    @property
    def follower(self) -> Award | None:
        """The award that follows it, once it is issued."""
        return follower_of(self.award)

    @property
    def asked(self) -> Checkup | None:
        """The check-up that waits for an answer."""
        if self.award.revoked_at is not None:
            return None
        return next((one for one in self.checkups if one.answered_at is None), None)

    def can_renew(self, now: datetime) -> bool:
        """Whether its last months have begun, and nothing follows it yet."""
        return (
            self.state == "valid"
            and self.renews_from <= now
            and self.renewal is None
            and self.follower is None
        )


#: The reader's own awards, those that end last first. A row is an `OwnAward`.
OWN_AWARDS = Rows(
    "awards",
    (
        Column("title", gettext_lazy("Project"), lambda row: row.award.title, ("title",)),
        Column("label", gettext_lazy("Label"), lambda row: row.scheme.name),
        Column("holder", gettext_lazy("Holder"), lambda row: row.award.holder, ("holder",)),
        Column(
            "from", gettext_lazy("Valid from"), lambda row: row.award.valid_from, ("valid_from",)
        ),
        Column(
            "until",
            gettext_lazy("Expires on"),
            lambda row: row.award.valid_until,
            ("valid_until",),
        ),
    ),
    sort="-until",
    search=("title", "holder"),
)
#: Check-ups of a label; unsorted, those that wait longest stand first.
CHECKUPS = Rows(
    "check-ups",
    (
        Column("project", gettext_lazy("Project"), lambda one: one.award.title, ("award__title",)),
        Column("holder", gettext_lazy("Holder"), lambda one: one.award.holder, ("award__holder",)),
        Column(
            "asked",
            gettext_lazy("Requested on"),
            lambda one: localtime(one.asked_at).date(),
            ("asked_at",),
        ),
        Column("due", gettext_lazy("Answer by"), lambda one: one.due_on, ("due_on",)),
        Column(
            "answered",
            gettext_lazy("Answered on"),
            lambda one: localtime(one.answered_at).date() if one.answered_at else None,
            ("answered_at",),
        ),
        Column(
            "still",
            pgettext_lazy("what someone answered", "Answer"),
            lambda one: str(STILL[one.still_holds]),
        ),
        Column(
            "kind",
            gettext_lazy("What was achieved"),
            lambda one: one.get_kind_display() if one.kind else "",
        ),
        Column("figure", gettext_lazy("Figure"), lambda one: tell_figure_of(one)),
    ),
)


def find_own_awards(reader: Reader) -> QuerySet[Award]:
    """Return the awards of the reader's organisations, those that end last first."""
    found = Award.objects.filter(
        issued_at__isnull=False, organisation_id__in=applies_for(reader)
    ).select_related("scheme_version", "organisation", "replaced_by")
    return (
        with_renewal(found)
        .defer("credential", "replaced_by__credential")
        .order_by("-valid_until", "-pk")
    )


def gather_awards(found: Iterable[Award], now: datetime) -> list[OwnAward]:
    """Return awards with their open requests. Two queries, whatever their number."""
    rows: list[Any] = list(found)
    numbers = [one.pk for one in rows]
    checkups: dict[int, list[Checkup]] = defaultdict(list)
    for checkup in Checkup.objects.filter(award__in=numbers).order_by("-asked_at", "-pk"):
        checkups[checkup.award_id].append(checkup)
    begun = Application.objects.filter(renews__in=numbers, state__in=_RENEWS)
    # The newest of each is the last one taken.
    renewals = {one.renews_id: one for one in begun.select_related("round").order_by("pk")}
    return [
        OwnAward(
            one,
            read_scheme(one.scheme_version.content),
            state_of(one, now),
            one.renews_from,
            tuple(checkups[one.pk]),
            renewals.get(one.pk),
        )
        for one in rows
    ]


def get_own_award(reader: Reader, award_id: int, now: datetime) -> OwnAward:
    """Return an award of the reader's own organisations; else `NotFound`. Three queries."""
    one = find_own_awards(reader).filter(pk=award_id).first()
    if one is None:
        raise NotFound(_("We couldn’t find this award."))
    return gather_awards([one], now)[0]


def get_own_checkup(reader: Reader, checkup_id: int) -> Checkup:
    """Return a check-up of the reader's organisation; else raise `NotFound`. One query."""
    found = Checkup.objects.filter(pk=checkup_id, organisation_id__in=applies_for(reader))
    one = found.select_related("award__scheme_version", "organisation").first()
    if one is None:
        raise NotFound(_("We couldn’t find this review."))
    return one


def next_round(scheme_id: int, now: datetime) -> Round | None:
    """Return the open round of a label, or the next one that is announced.

    One query.
    """
    found = Round.objects.filter(
        scheme_id=scheme_id, state=Round.State.OPEN, dropped_at=None, closes_at__gt=now
    ).select_related("scheme_version")
    return found.order_by("opens_at", "pk").first()


def checkup_state(one: Checkup, today: date) -> str:
    """Return the one of the `CHECKUP_STATES` in which a check-up is."""
    if one.reviewed_at is not None:
        return "reviewed"
    if one.answered_at is not None:
        return "to-review"
    return "late" if one.due_on < today else "waiting"


def in_checkup_state(state: str, today: date) -> Q:
    """Return the condition for check-ups in one of the `CHECKUP_STATES`."""
    asked = Q(answered_at=None)
    return {
        "waiting": asked & Q(due_on__gte=today),
        "late": asked & Q(due_on__lt=today),
        "to-review": Q(answered_at__isnull=False, reviewed_at=None),
        "reviewed": Q(reviewed_at__isnull=False),
    }[state]


def find_checkups(
    scheme: Scheme, *, state: str = "", q: str = "", today: date
) -> QuerySet[Checkup]:
    """Return the check-ups of a label, those that wait longest first."""
    found = Checkup.objects.filter(award__scheme=scheme).select_related("award", "organisation")
    found = found.defer("award__credential")
    if state in CHECKUP_STATES:
        found = found.filter(in_checkup_state(state, today))
    if q:
        found = found.filter(Q(award__title__icontains=q) | Q(award__holder__icontains=q))
    return found.order_by(F("reviewed_at").asc(nulls_first=True), "due_on", "pk")


def get_checkup(partnership_id: int, checkup_id: int) -> Checkup:
    """Return a check-up of a room; `NotFound` if the reader sees none. One query."""
    found = Checkup.objects.select_related("award__scheme", "award__scheme_version", "organisation")
    one = found.filter(pk=checkup_id, partnership_id=partnership_id).first()
    if one is None:
        raise NotFound(_("We couldn’t find this review."))
    return one


def holding_awards(scheme: Scheme, now: datetime) -> QuerySet[Award]:
    """Return the awards of a label that hold at a moment, by project."""
    found = Award.objects.filter(
        scheme=scheme,
        issued_at__isnull=False,
        revoked_at=None,
        valid_from__lte=now,
        valid_until__gt=now,
    )
    return found.defer("credential").order_by("title", "pk")


def due_awards(scheme: Scheme, now: datetime) -> QuerySet[Award]:
    """Return the awards that hold of which nobody has asked for a year, and nothing waits."""
    asked = Checkup.objects.filter(award=OuterRef("pk"))
    recent = asked.filter(Q(answered_at=None) | Q(asked_at__gt=now - YEARLY))
    return holding_awards(scheme, now).filter(~Exists(recent), valid_from__lte=now - YEARLY)


def awards_to_ask(scheme: Scheme, now: datetime) -> list[Award]:
    """Return the awards that hold of which no check-up waits, by project. One query."""
    waits = Checkup.objects.filter(award=OuterRef("pk"), answered_at=None)
    return list(holding_awards(scheme, now).filter(~Exists(waits)))


def renewals_open(now: datetime) -> list[int]:
    """Return the awards whose holders are to be told that renewal is open. Service role."""
    follower = Award.objects.filter(replaces=OuterRef("pk"), dropped_at=None)
    begun = Application.objects.filter(renews=OuterRef("pk"), state__in=_RENEWS)
    found = with_renewal(
        Award.objects.filter(
            issued_at__isnull=False,
            revoked_at=None,
            valid_from__lte=now,
            valid_until__gt=now,
            reminded_at=None,
        )
    )
    found = found.filter(~Exists(follower), ~Exists(begun), renews_from__lte=now)
    return list(found.order_by("pk").values_list("pk", flat=True))
