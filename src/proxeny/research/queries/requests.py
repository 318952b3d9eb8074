"""Requests for research data: for the room that decides, and by the link that gives access."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.accounts.queries import hash_token
from proxeny.kernel.errors import NotFound
from proxeny.kernel.rows import Column, Rows
from proxeny.kernel.tenancy import as_service
from proxeny.research.models import DataRequest, Use

State = DataRequest.State


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter for requests; empty for all."""

    q: str = ""
    state: str = ""
    package: int | None = None


#: Requests for data; unsorted, those that wait stand first.
REQUESTS = Rows(
    "data-requests",
    (
        Column("who", gettext_lazy("Requested by"), lambda one: one.name, ("name",)),
        Column(
            "package",
            gettext_lazy("Data package"),
            lambda one: one.package.title,
            ("package__title",),
        ),
        Column("asked", gettext_lazy("Requested on"), lambda one: one.asked_at, ("asked_at",)),
        Column("state", gettext_lazy("State"), lambda one: one.get_state_display(), ("state",)),
        Column(
            "taken", gettext_lazy("Files downloaded"), lambda one: one.taken, ("taken",), end=True
        ),
    ),
)


def find_requests(partnership_id: int, wanted: Wanted) -> QuerySet[DataRequest]:
    """Return a room's requests, those that wait first, each with how often its link was used."""
    found = DataRequest.objects.filter(partnership_id=partnership_id)
    for word in wanted.q.split()[:10]:
        found = found.filter(
            Q(name__icontains=word)
            | Q(organisation__icontains=word)
            | Q(purpose__icontains=word)
            | Q(package__title__icontains=word)
        )
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.package:
        found = found.filter(package_id=wanted.package)
    return (
        found.annotate(taken=Count("uses"), waits=Q(state=State.ASKED))
        .select_related("package", "package__study", "publication", "decided_by")
        .defer("publication__content")
        .order_by("-waits", "-asked_at", "-pk")
    )


def get_request(partnership_id: int, request_id: int) -> DataRequest:
    """Return one request of a room; `NotFound` if there is none or the reader sees none."""
    one = find_requests(partnership_id, Wanted()).filter(pk=request_id).first()
    if one is None:
        raise NotFound(_("We couldn’t find this request."))
    return one


def open_link(token: str, *, now: datetime) -> DataRequest:
    """Return the request that a link belongs to, with its package's study.

    Raises
    ------
    NotFound
        No such link, or an expired or revoked one: always in the same words, so that guessing
        addresses reveals nothing.
    """
    found = DataRequest.objects.none()
    if token:
        found = DataRequest.objects.filter(token_digest=hash_token(token), state=State.GRANTED)
    with as_service("The holder of the link has no sign-in: it opens the one request it is for."):
        one = found.select_related("package").first()
    if one is None or not is_valid(one, now.date()):
        raise NotFound(_("This link isn’t valid or has expired."))
    return one


def is_valid(one: DataRequest, today: date) -> bool:
    """Whether the requester may still download the files."""
    return one.state == State.GRANTED and one.until is not None and today <= one.until


def uses_of(one: DataRequest) -> QuerySet[Use]:
    """Return the downloads after a request, the newest first; the last hundred."""
    return Use.objects.filter(request=one).order_by("-taken_at", "-pk")[:100]
