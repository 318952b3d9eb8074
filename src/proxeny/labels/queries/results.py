"""Results of applications: those of a round for its managers, and an applicant's own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.kernel.zones import load_zone
from proxeny.labels.content import Outcome, SchemeText, read_outcome, read_scheme
from proxeny.labels.models import (
    Appeal,
    Application,
    Assignment,
    Award,
    Decision,
    Result,
    Round,
    Score,
    Submission,
)
from proxeny.labels.queries.own_applications import get_own

Standing = Result.Standing
#: In this order they stand on a page.
ORDER = (Standing.CHOSEN, Standing.WAITING, Standing.GIVEN_UP, Standing.BELOW, Standing.OUT)
#: Looked at, but not decided.
OPEN_APPEAL = (Appeal.State.ASKED, Appeal.State.READ)


def newest_of(held: Round) -> QuerySet[Result]:
    """Return the results of a round that hold."""
    found = Result.objects.filter(round=held, is_newest=True)
    return found.select_related("application__organisation", "decision").order_by("pk")


def list_results(held: Round) -> list[Result]:
    """Return the results that hold: awarded, waiting and so on, by rank. One query."""
    return sorted(
        newest_of(held),
        key=lambda one: (
            ORDER.index(Standing(one.standing)),
            one.rank or 0,
            -(one.total or 0),
            one.pk,
        ),
    )


def get_result(round_id: int, result_id: int) -> Result:
    """Return a result of a round; `NotFound` if the reader sees none. One query."""
    found = Result.objects.filter(pk=result_id, round_id=round_id)
    one = found.select_related("application__organisation", "decision", "round").first()
    if one is None:
        raise NotFound(_("We couldn’t find this result."))
    return one


def comments_on(application_id: int) -> list[Score]:
    """Return the jurors' comments on their points, by indicator. One query."""
    found = Score.objects.filter(application_id=application_id).exclude(comment="")
    return list(
        found.select_related("assignment__juror__party__organisation").order_by(
            "indicator", "assignment__juror_id"
        )
    )


def overall_comments_on(application_id: int) -> list[Assignment]:
    """Return the jurors' overall comments on an application. One query."""
    found = Assignment.objects.filter(application_id=application_id).exclude(comment="")
    return list(found.select_related("juror__party__organisation").order_by("juror_id"))


def appeals_of(held: Round) -> list[Appeal]:
    """Return the appeals in a round, the open ones first. One query."""
    found = Appeal.objects.filter(application__round=held)
    rows = found.select_related("application__organisation").order_by("asked_at", "pk")
    return sorted(rows, key=lambda one: one.state not in OPEN_APPEAL)


def get_appeal(round_id: int, appeal_id: int) -> Appeal:
    """Return an appeal in a round; `NotFound` if the reader sees none. One query."""
    found = Appeal.objects.filter(pk=appeal_id, application__round_id=round_id)
    one = found.select_related("application__organisation", "application__round").first()
    if one is None:
        raise NotFound(_("We couldn’t find this appeal."))
    return one


def readers_anew(applications: Iterable[int]) -> dict[int, list[Assignment]]:
    """Return the second readings after an appeal, by application. One query."""
    found = Assignment.objects.filter(application_id__in=list(applications), is_appeal=True)
    by_application: dict[int, list[Assignment]] = {}
    for one in found.select_related("juror__party__organisation", "person").order_by("pk"):
        by_application.setdefault(one.application_id, []).append(one)
    return by_application


def appeal_until(result: Result, held: Round, days: int) -> datetime | None:
    """Return the end of the last day for appeals, in the time zone of the round."""
    if result.told_at is None or days == 0:
        return None
    zone = load_zone(held.zone)
    day = result.told_at.astimezone(zone).date() + timedelta(days=days + 1)
    return datetime.combine(day, time.min, tzinfo=zone)


@dataclass(frozen=True, slots=True)
class OwnResult:
    """A decision as the applicant reads it.

    `until` is the end of the time to appeal; `place` is its place on the waiting list. `issued`:
    the label was given and cannot be given back by a click. `appeals` are its own, the newest
    first.
    """

    application: Application
    round: Round
    text: SchemeText
    result: Result | None
    outcome: Outcome | None
    place: int | None
    until: datetime | None
    appeals: tuple[Appeal, ...]
    issued: bool
    number: int | None = None

    @property
    def numbers(self) -> dict[int, int]:
        """Its number in the round, by the number of the application."""
        return {self.application.pk: self.number} if self.number is not None else {}

    @property
    def open_appeal(self) -> Appeal | None:
        """An appeal that is not decided."""
        return next((one for one in self.appeals if one.state in OPEN_APPEAL), None)


def read_own_result(reader: Reader, application_id: int) -> OwnResult:
    """Return the announced decision on the reader's own application. At most six queries.

    Raises
    ------
    NotFound
        It is of no organisation of the reader, or was not handed in.
    """
    application = get_own(reader, application_id)
    text = read_scheme(application.scheme_version.content)
    result = (
        Result.objects.filter(
            application=application, is_newest=True, told_at__isnull=False
        ).first()
        or Result.objects.filter(application=application, told_at__isnull=False)
        .order_by("-pk")
        .first()
    )
    held = application.round
    receipts = Submission.objects.filter(application=application, withdrawn_at=None)
    number = receipts.values_list("number", flat=True).first()
    with as_service("An applicant learns its own place from a decision that it may not read."):
        issued = Award.objects.filter(
            application=application, issued_at__isnull=False, revoked_at=None
        ).exists()
        place = _place(result, held, number) if result else None
    return OwnResult(
        application,
        held,
        text,
        result,
        read_outcome(result.content) if result else None,
        place,
        appeal_until(result, held, text.appeal_days) if result else None,
        tuple(Appeal.objects.filter(application=application).order_by("-pk")),
        issued,
        number,
    )


def _place(result: Result, held: Round, number: int | None) -> int | None:
    """Return the place on the waiting list by the newest decision. One query.

    In the service role: an applicant does not read the decisions on others.
    """
    if result.standing != Standing.WAITING:
        return None
    decision = Decision.objects.filter(round=held, waits=False).order_by("-number").first()
    waiting = list(decision.content.get("waiting", ())) if decision else []
    return waiting.index(number) + 1 if number in waiting else None
