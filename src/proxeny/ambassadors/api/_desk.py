"""Access to the desk of a route, and output schemas of its cases."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from proxeny.ambassadors import rules
from proxeny.ambassadors.models import Introduction, Side, TimeOption
from proxeny.ambassadors.queries.case_presenters import Told, tell_sides
from proxeny.ambassadors.queries.cases import get_case, options_of
from proxeny.kernel.api import In, Named, Out, show_version
from proxeny.kernel.errors import NotAllowed, NotFound
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.requests import Request
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.queries import get_partnership, parties_of
from proxeny.partnerships.rules import party_at_desk

ONLY_DESK = gettext_lazy("Only a cluster’s ambassadors and managers can use its desk.")
DESK = "/{partnership_id}"
ALL = f"{DESK}/introductions"
ONE = f"{ALL}/{{introduction_id}}"
CaseState = Literal[*Introduction.State.values]
CaseSource = Literal[*Introduction.Source.values]
Ended = Literal["", *Introduction.Closed.values]
Role = Literal[*Side.Role.values]
Wish = Literal[*Side.Answer.values]
ProposedBy = Literal[*TimeOption.By.values]
Zone = Annotated[str, Field(max_length=60, description="For example, Europe/Athens.")]
Place = Annotated[str, Field(max_length=200)]


class DeskWhyIn(In):
    """The reason, in one sentence."""

    why: Annotated[str, Field(min_length=1, max_length=300)]


class DeskSideOut(Out):
    """The contact of one side, and their answer.

    `email` is empty if `is_hidden` is true: without the contact's consent to pass the address on,
    only the person who recorded it can see it.
    """

    role: Role
    organisation: Named
    person_id: int | None
    name: str
    email: str
    is_hidden: bool
    language: str
    time_zone: str
    answer: Wish
    why: str
    asked_at: datetime | None
    answered_at: datetime | None
    bounced_at: datetime | None
    may_pass_on: bool | None


class DeskTimeOut(Out):
    """A proposed time, and the answer of each of the three. An answer is null until it is given."""

    id: int
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    place: str
    note: str
    proposed_by: ProposedBy
    desk: bool | None
    member: bool | None
    stakeholder: bool | None


class DeskIntroductionRow(Out):
    """An introduction, as its desk sees it."""

    id: int
    partnership_id: int
    cluster_id: int
    member: Named
    stakeholder: Named
    mandate_id: int | None
    reason: str
    source: CaseSource
    state: CaseState
    closed_by: Ended
    closed_why: str
    in_charge: Named | None
    next_step: str
    next_on: date | None
    duration_min: int
    place: str
    needs_interpreter: bool
    interpreter: str
    bring: str
    meeting_id: int | None
    opened_at: datetime
    asked_at: datetime | None
    agreed_at: datetime | None
    changed_at: datetime
    version: int
    sides: list[DeskSideOut]


class DeskIntroductionOut(DeskIntroductionRow):
    """An introduction with its proposed times."""

    times: list[DeskTimeOut]


def enter(request: Request, partnership_id: int) -> int:
    """Return the cluster whose desk the caller reads: that of their own team.

    Raises
    ------
    NotFound, NotAllowed
        The caller holds no seat in a party of such a partnership; in none that takes part.
    """
    reader: Reader = request.reader
    parties = parties_of(_get_room(reader, partnership_id))
    mine = party_at_desk(reader, parties) or rules.party_of_team(reader, parties)
    if mine is None:
        raise NotAllowed(ONLY_DESK)
    return mine.organisation_id


def _get_room(reader: Reader, partnership_id: int) -> Partnership:
    if partnership_id not in reader.rooms:
        raise NotFound(_("We couldn’t find this partnership."))
    return get_partnership(partnership_id)


def refuse_others(request: Request, partnership_id: int) -> Partnership:
    """Refuse callers who do not work at a desk of the partnership, before reading what was sent.

    Raises
    ------
    NotFound, NotAllowed
        As `enter`; the caller is neither ambassador nor manager.
    """
    reader: Reader = request.reader
    partnership = _get_room(reader, partnership_id)
    if party_at_desk(reader, parties_of(partnership)) is None:
        raise NotAllowed(ONLY_DESK)
    return partnership


def get_desk_case(request: Request, partnership_id: int, introduction_id: int) -> Introduction:
    """Return a case of the caller's own desk; `NotFound` for all others."""
    cluster_id = enter(request, partnership_id)
    case = get_case(introduction_id, partnership_id)
    if case.cluster_id != cluster_id:
        raise NotFound(_("We couldn’t find this introduction."))
    return case


_KEPT = (
    "partnership_id",
    "cluster_id",
    "mandate_id",
    "reason",
    "source",
    "state",
    "closed_by",
    "closed_why",
    "next_step",
    "next_on",
    "duration_min",
    "place",
    "needs_interpreter",
    "interpreter",
    "bring",
    "meeting_id",
    "opened_at",
    "asked_at",
    "agreed_at",
    "changed_at",
    "version",
)
_OF_SIDE = (
    "role",
    "person_id",
    "language",
    "time_zone",
    "answer",
    "why",
    "asked_at",
    "answered_at",
    "bounced_at",
    "may_pass_on",
)


def named(one: Any) -> dict[str, Any]:
    """Return an organisation, or a person, by number and name."""
    return {"id": one.pk, "name": tell_name(one.name)}


def tell_case(case: Introduction, reader: Reader) -> dict[str, Any]:
    """Return a case, loaded with its names, as programs get it. No query."""
    return {
        "id": case.pk,
        **{name: getattr(case, name) for name in _KEPT},
        "member": named(case.member),
        "stakeholder": named(case.stakeholder),
        "in_charge": named(case.in_charge) if case.in_charge else None,
        "sides": [_tell_side(one) for one in tell_sides(case, reader)],
    }


def _tell_side(one: Told) -> dict[str, Any]:
    kept = {name: getattr(one.side, name) for name in _OF_SIDE}
    told = {"name": one.name, "email": one.email, "is_hidden": one.is_hidden}
    return {**kept, **told, "organisation": named(one.side.organisation)}


def show_case(
    request: Request, response: HttpResponse, partnership_id: int, introduction_id: int
) -> Mapping[str, Any]:
    """Return a case of the caller's own desk as it stands, with its ETag."""
    case = get_desk_case(request, partnership_id, introduction_id)
    reader: Reader = request.reader
    told = {**tell_case(case, reader), "times": options_of(case)}
    # Answers of the two raise no version.
    said = [(one.pk, one.desk, one.member, one.stakeholder) for one in told["times"]]
    show_version(response, case.version, str(told["sides"]), str(said))
    return told
