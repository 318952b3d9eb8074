"""A company's own assessments, as its people see them."""

from collections.abc import Collection, Sequence
from datetime import date

from django.db.models import QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.assessments.models import Answer, Engagement, Service
from proxeny.assessments.queries.engagements import load_engagements
from proxeny.assessments.queries.templates import read_template
from proxeny.assessments.rules import OPEN, OVER
from proxeny.directory.models import Organisation
from proxeny.directory.queries.memberships import members_in
from proxeny.kernel.errors import NotFound
from proxeny.kernel.rows import Column, Rows
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models import Party
from proxeny.partnerships.queries import parties_joined

State = Engagement.State
#: How far an assessment is, as the company reads it.
STAGES = (*OPEN, State.HANDED_OVER)


#: What one's companies asked for; a row is a `Row` of `rows_of`.
OWN = Rows(
    "assessments",
    (
        Column(
            "title", gettext_lazy("What’s requested"), lambda row: row.engagement.title, ("title",)
        ),
        Column(
            "client",
            gettext_lazy("Company"),
            lambda row: row.engagement.client.name,
            ("client__sort_name",),
        ),
        Column("market", gettext_lazy("Market"), lambda row: row.market),
        Column(
            "question",
            gettext_lazy("Market question"),
            lambda row: row.engagement.get_question_display(),
        ),
        Column(
            "state",
            gettext_lazy("State"),
            lambda row: row.engagement.get_state_display(),
            ("state",),
        ),
        Column(
            "asked",
            gettext_lazy("Requested on"),
            lambda row: localtime(row.engagement.asked_at).date(),
            ("asked_at",),
        ),
        Column("due", gettext_lazy("Report by"), lambda row: row.engagement.due_on, ("due_on",)),
    ),
    sort="-asked",
)


def pick_own(
    reader: Reader, *, states: Collection[str] = (), search: str = ""
) -> QuerySet[Engagement]:
    """Return the requests of the reader's companies, the newest first."""
    found = Engagement.objects.filter(client_id__in=reader.organisations)
    if states:
        found = found.filter(state__in=states)
    for word in search.split():
        found = found.filter(title__icontains=word)
    return found.order_by("-asked_at", "-pk")


def find_own(reader: Reader, *, states: Collection[str] = (), search: str = "") -> list[int]:
    """Return the numbers of what the reader's companies asked for, the newest first. One query."""
    return list(pick_own(reader, states=states, search=search).values_list("pk", flat=True))


def states_of(show: str) -> Collection[str]:
    """Return the states that a choice names: those that go on, those that are over, or all."""
    return {"past": OVER, "all": State.values}.get(show, (*OPEN, State.HANDED_OVER))


def get_own(reader: Reader, engagement_id: int) -> Engagement:
    """Return a request of the reader's company; `NotFound` for all others. Two queries."""
    own = Engagement.objects.filter(pk=engagement_id, client_id__in=reader.organisations)
    if not own.exists():
        raise NotFound(_("We couldn’t find this assessment."))
    return load_engagements([engagement_id])[0]


def answers_of(engagement: Engagement) -> list[Answer]:
    """Return the company's answers at the request, in their order. One query."""
    return list(Answer.objects.filter(engagement=engagement).order_by("order"))


def stages_of(engagement: Engagement) -> list[dict[str, str]]:
    """Return the stages of an assessment, and the one it has reached."""
    codes = [str(one) for one in STAGES]
    place = codes.index(engagement.state) if engagement.state in codes else len(codes)
    return [
        {
            "label": str(one.label),
            "state": "done" if number < place else "current" if number == place else "todo",
        }
        for number, one in enumerate(STAGES)
    ]


def companies_that_ask(reader: Reader, service: Service, *, today: date) -> list[Organisation]:
    """Return the reader's companies that can ask for a service: members of its clusters."""
    clusters = [one.organisation_id for one in parties_joined(service.partnership_id)]
    with as_service("Clusters keep the memberships that let the reader's companies ask."):
        members = {one for one, _cluster in members_in(reader.organisations, clusters, today=today)}
        found = Organisation.objects.filter(pk__in=members - set(clusters))
        return list(found.order_by("sort_name", "pk"))


def members_that_ask(parties: Sequence[Party], *, today: date) -> list[Organisation]:
    """Return the members of a room's clusters, as far as the reader sees them. Two queries."""
    clusters = [one.organisation_id for one in parties if one.state == Party.State.JOINED]
    members = {one for one, _cluster in members_in(None, clusters, today=today)}
    return list(Organisation.objects.filter(pk__in=members).order_by("sort_name", "pk"))


def questions_of(service: Service) -> list[str]:
    """Return the questions of a service's request, in the active language. Two queries."""
    with as_service("A company reads the questions, but nothing else of the teams' template."):
        return read_template(service.partnership_id, service.question).questions
