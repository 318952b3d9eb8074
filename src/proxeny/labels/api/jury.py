"""The jury of a round for programs: jurors, assignments, and a juror's own answers."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Named, Out
from proxeny.kernel.requests import Request
from proxeny.labels.api._router import router
from proxeny.labels.api._steering import steer
from proxeny.labels.api.rounds import ONE
from proxeny.labels.jury_explanations import tell_reason
from proxeny.labels.models import Assignment, Juror
from proxeny.labels.operations import abstaining, assigning, declaring, jury
from proxeny.labels.operations.jury_mails import name_of
from proxeny.labels.queries.jury import Seated, list_given, list_jurors, list_submitted
from proxeny.labels.queries.own_jury import OwnJury, list_applicants, list_own, read_own, scheme_of
from proxeny.labels.queries.rounds import get_round

JURY, READING, OWN = f"{ONE}/jury", f"{ONE}/reading", "/juries"
Topics = Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=jury.MOST_TOPICS)]
Most = Annotated[int, Field(ge=1, le=500)]


class JurorOut(Out):
    """A juror and their workload, as far as you can see it.

    `waits` is what they still have to do.
    """

    id: int
    person_id: int | None
    name: str
    organisation: Named
    state: Literal[*Juror.State.values]
    topics: list[str]
    most: int | None
    declared_at: datetime | None
    open: int
    done: int
    abstained: int
    conflicts: int
    waits: str


class JurorChangeIn(In):
    """A juror's fields of expertise, and the maximum number of applications they read."""

    topics: Topics = []
    most: Most | None = None


class JurorAskIn(JurorChangeIn):
    """The person to invite as a juror."""

    person_id: Id


class JuryWhyIn(In):
    """The reason."""

    why: Annotated[str, Field(max_length=assigning.MOST_WHY)] = ""


class JurorOutIn(In):
    """The reason for removing the juror."""

    why: Annotated[str, Field(max_length=jury.MOST_WHY)] = ""


class LabelReadingOut(Out):
    """A juror assigned to an application."""

    id: int
    application_id: int
    juror_id: int
    state: Literal[*Assignment.State.values]
    why: str


class LabelPairOut(Out):
    """A juror who would be assigned to an application, and the number of fields they share."""

    application_id: int
    juror_id: int
    fit: int


class JurorLoadOut(Out):
    """The total number of applications a juror would read."""

    juror_id: int
    load: int


class JuryProposalOut(Out):
    """The best assignment, which you accept by its fingerprint, or sentences that explain why there
    is none.
    """

    fingerprint: int
    new: list[LabelPairOut]
    loads: list[JurorLoadOut]
    reasons: list[str]


class JuryProposalIn(In):
    """The fingerprint of the proposal that you read."""

    fingerprint: Annotated[int, Field(ge=0, le=2**31)]


class LabelPairIn(In):
    """A juror and the application to assign to them."""

    application_id: Id
    juror_id: Id


class OwnReadingOut(Out):
    """An application for you to judge, with its number in the round."""

    id: int
    number: int
    title: str
    state: Literal[*Assignment.State.values]


class OwnJuryOut(Out):
    """A jury that you are on. `may_declare` is true once it is settled who has applied."""

    id: int
    round_id: int
    label: str
    round: str
    state: Literal[*Juror.State.values]
    declared_at: datetime | None
    may_declare: bool
    reading: list[OwnReadingOut]


class OwnApplicantOut(Out):
    """An applicant, before you see the applications.

    `titles` is empty if the scheme is anonymous.
    """

    organisation_id: int
    name: str
    country: str
    titles: list[str]
    is_own: bool
    said: bool | None
    reason: str


class OwnApplicantsOut(Out):
    """The rules on conflicts of interest, and all applicants."""

    rules: str
    applicants: list[OwnApplicantOut]


class JuryAnswerIn(In):
    """Whether you take part in the jury. If you step down later, give a reason."""

    takes_part: bool
    why: Annotated[str, Field(max_length=declaring.MOST_WHY)] = ""


class JuryConflictIn(In):
    """An organisation you have a conflict of interest with, and why."""

    organisation_id: Id
    reason: Annotated[str, Field(max_length=declaring.MOST_REASON)] = ""


class JuryDeclarationIn(In):
    """All of your conflicts of interest. You declare that there are none with anyone else."""

    conflicts: Annotated[list[JuryConflictIn], Field(max_length=5000)]


class AbstainIn(In):
    """The reason why you can't judge an application."""

    why: Annotated[str, Field(min_length=1, max_length=abstaining.MOST_WHY)]


def _juror(one: Seated) -> dict[str, Any]:
    names = ("person_id", "state", "topics", "most", "declared_at")
    return {name: getattr(one.juror, name) for name in names} | {
        "id": one.juror.pk,
        "name": name_of(one.juror),
        "organisation": one.juror.party.organisation,
        "open": one.open,
        "done": one.done,
        "abstained": one.abstained,
        "conflicts": one.conflicts,
        "waits": one.waits,
    }


def _jury(partnership_id: int, round_id: int) -> list[dict[str, Any]]:
    return [_juror(one) for one in list_jurors(get_round(partnership_id, round_id))]


def _one(partnership_id: int, round_id: int, juror_id: int) -> dict[str, Any]:
    return next(one for one in _jury(partnership_id, round_id) if one["id"] == juror_id)


def _given(request: Request, partnership_id: int, round_id: int) -> dict[str, Any]:
    """Return the arguments that every action on a jury takes, after checking access to the room."""
    steer(request, partnership_id)
    return {
        "actor": request.reader,
        "partnership_id": partnership_id,
        "round_id": round_id,
        "now": timezone.localtime(),
    }


@router.get(JURY, response=list[JurorOut], summary="List the jurors of a round")
def list_label_jury(request: Request, partnership_id: Id, round_id: Id) -> list[Any]:
    """Returns the jurors by side and name. Available to managers of the clusters."""
    steer(request, partnership_id)
    return _jury(partnership_id, round_id)


@router.post(JURY, response={201: JurorOut}, summary="Invite a juror")
def ask_label_juror(
    request: Request, partnership_id: Id, round_id: Id, wish: JurorAskIn
) -> Status[dict[str, Any]]:
    """Invites a person who holds a seat in your own team. They get an email."""
    given = _given(request, partnership_id, round_id)
    made = jury.ask_juror(**given, **wish.model_dump())
    return Status(201, _one(partnership_id, round_id, made.pk))


@router.post(f"{JURY}/remind", response=list[JurorOut], summary="Send reminders to jurors")
def remind_label_jury(request: Request, partnership_id: Id, round_id: Id) -> list[Any]:
    """Reminds each juror of what they still have to do, at most once a day, and returns the jurors
    reminded.
    """
    reminded = jury.remind_jurors(**_given(request, partnership_id, round_id))
    numbers = {one.pk for one in reminded}
    return [one for one in _jury(partnership_id, round_id) if one["id"] in numbers]


@router.put(f"{JURY}/{{juror_id}}", response=JurorOut, summary="Update a juror")
def change_label_juror(
    request: Request, partnership_id: Id, round_id: Id, juror_id: Id, known: JurorChangeIn
) -> dict[str, Any]:
    """Changes the fields of expertise and the maximum number of applications of a juror of your own
    side.
    """
    given = _given(request, partnership_id, round_id)
    jury.change_juror(**given, juror_id=juror_id, **known.model_dump())
    return _one(partnership_id, round_id, juror_id)


@router.post(f"{JURY}/{{juror_id}}/out", response=JurorOut, summary="Remove a juror")
def take_out_label_juror(
    request: Request, partnership_id: Id, round_id: Id, juror_id: Id, reason: JurorOutIn
) -> dict[str, Any]:
    """Removes a juror.

    Applications they haven't finished can be assigned to others; their finished scores are kept.
    """
    given = _given(request, partnership_id, round_id)
    jury.take_out_juror(**given, juror_id=juror_id, why=reason.why)
    return _one(partnership_id, round_id, juror_id)


@router.get(READING, response=list[LabelReadingOut], summary="List the assignments of a round")
def list_label_reading(request: Request, partnership_id: Id, round_id: Id) -> list[Assignment]:
    """Returns the assignments, except for applications in which you have a conflict of interest."""
    steer(request, partnership_id)
    return list_given(get_round(partnership_id, round_id))


@router.get(f"{READING}/proposal", response=JuryProposalOut, summary="Get a proposed assignment")
def propose_label_reading(request: Request, partnership_id: Id, round_id: Id) -> dict[str, Any]:
    """Returns the exact best assignment: jurors of each cluster, then even workloads, then
    expertise, and no juror with a conflict of interest.

    Nothing is saved.
    """
    found = assigning.show_proposal(**_given(request, partnership_id, round_id))
    seen = {one.application_id for one in list_submitted(found.board.round)}
    fits, loads = found.fits or {}, found.loads or {}
    return {
        "fingerprint": found.fingerprint,
        "new": [
            {"application_id": one, "juror_id": other, "fit": fits[one, other]}
            for one, other in found.new
            if one in seen
        ],
        "loads": [{"juror_id": one, "load": load} for one, load in sorted(loads.items())],
        "reasons": [tell_reason(one, found.board) for one in found.reasons],
    }


@router.post(
    f"{READING}/proposal", response=list[LabelReadingOut], summary="Accept a proposed assignment"
)
def take_label_reading(
    request: Request, partnership_id: Id, round_id: Id, read: JuryProposalIn
) -> list[Assignment]:
    """Assigns applications as in the proposal you read.

    Existing assignments are kept. The jurors get an email.
    """
    given = _given(request, partnership_id, round_id)
    assigning.take_proposal(**given, seen=read.fingerprint)
    return list_given(get_round(partnership_id, round_id))


@router.post(READING, response={201: LabelReadingOut}, summary="Assign an application to a juror")
def add_label_reading(
    request: Request, partnership_id: Id, round_id: Id, pair: LabelPairIn
) -> Status[Assignment]:
    """Assigns one application.

    The request is refused if the juror has a conflict of interest, or if it is from the juror's own
    company.
    """
    given = _given(request, partnership_id, round_id)
    return Status(201, assigning.add_assignment(**given, **pair.model_dump()))


@router.post(
    f"{READING}/{{assignment_id}}/remove",
    response=list[LabelReadingOut],
    summary="Unassign an application from a juror",
)
def remove_label_reading(
    request: Request, partnership_id: Id, round_id: Id, assignment_id: Id, reason: JuryWhyIn
) -> list[Assignment]:
    """Removes the assignment.

    Once the juror has started, a reason is required; their scores are kept but do not count.
    """
    given = _given(request, partnership_id, round_id)
    assigning.remove_assignment(**given, assignment_id=assignment_id, why=reason.why)
    return list_given(get_round(partnership_id, round_id))


def _own(own: OwnJury) -> dict[str, Any]:
    return {
        "id": own.juror.pk,
        "round_id": own.round.pk,
        "label": own.round.scheme.title,
        "round": own.round.title,
        "state": own.juror.state,
        "declared_at": own.juror.declared_at,
        "may_declare": jury.can_declare(own.round, timezone.now()),
        "reading": [
            {
                "id": one.assignment.pk,
                "number": one.number,
                "title": one.title,
                "state": one.assignment.state,
            }
            for one in own.given
        ],
    }


@router.get(OWN, response=list[OwnJuryOut], summary="List your juries")
def list_own_juries(request: Request) -> list[dict[str, Any]]:
    """Returns the rounds that you judge in, with the applications assigned to you."""
    return [_own(one) for one in list_own(request.reader)]


@router.get(f"{OWN}/{{juror_id}}", response=OwnJuryOut, summary="Get one of your juries")
def show_own_jury(request: Request, juror_id: Id) -> dict[str, Any]:
    """Returns the jury with the applications assigned to you."""
    return _own(read_own(request.reader, juror_id))


@router.get(f"{OWN}/{{juror_id}}/applicants", response=OwnApplicantsOut, summary="List applicants")
def list_own_applicants(request: Request, juror_id: Id) -> dict[str, Any]:
    """Returns only names and countries, for your declaration.

    The list is empty until the round has closed.
    """
    own = read_own(request.reader, juror_id)
    scheme = scheme_of(own)
    can = jury.can_declare(own.round, timezone.now()) and own.juror.state != Juror.State.OUT
    return {
        "rules": scheme.told(scheme.conflicts) if scheme else own.round.scheme.conflicts,
        "applicants": list_applicants(request.reader, own, today=timezone.localdate())
        if can
        else [],
    }


@router.post(
    f"{OWN}/{{juror_id}}/answer", response=OwnJuryOut, summary="Answer an invitation to a jury"
)
def answer_own_jury(request: Request, juror_id: Id, said: JuryAnswerIn) -> dict[str, Any]:
    """Saves whether you take part. You can still step down later if you give a reason."""
    declaring.answer_invitation(
        actor=request.reader, juror_id=juror_id, now=timezone.localtime(), **said.model_dump()
    )
    return show_own_jury(request, juror_id)


@router.put(
    f"{OWN}/{{juror_id}}/declaration",
    response=OwnApplicantsOut,
    summary="Declare your conflicts of interest",
)
def declare_own_conflicts(
    request: Request, juror_id: Id, said: JuryDeclarationIn
) -> dict[str, Any]:
    """Declares your conflicts of interest for all applicants.

    If you add one later, the application concerned is removed from you immediately.
    """
    declaring.declare(
        actor=request.reader,
        juror_id=juror_id,
        now=timezone.localtime(),
        conflicts={one.organisation_id: one.reason for one in said.conflicts},
    )
    return list_own_applicants(request, juror_id)


@router.post(
    "/assignments/{assignment_id}/abstain",
    response={204: None},
    summary="Abstain from an application",
)
def abstain_from_application(request: Request, assignment_id: Id, said: AbstainIn) -> Status[None]:
    """Removes the application from you, so that it can be assigned to another juror."""
    abstaining.abstain(
        actor=request.reader, assignment_id=assignment_id, why=said.why, now=timezone.localtime()
    )
    return Status(204, None)
