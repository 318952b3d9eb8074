"""The jury of a round by program: who judges, who reads what, and a juror's own answers."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Named, Out
from proxeny.labels.api._router import router
from proxeny.labels.api._steering import steer
from proxeny.labels.api.rounds import ONE
from proxeny.labels.models import Assignment, Juror
from proxeny.labels.operations import abstaining, assigning, declaring, jury
from proxeny.labels.operations.jury_mails import name_of
from proxeny.labels.queries.jury import Seated, list_given, list_jurors, list_submitted
from proxeny.labels.queries.own_jury import OwnJury, list_applicants, list_own, read_own, scheme_of
from proxeny.labels.queries.rounds import get_round
from proxeny.labels.telling_jury import tell_reason

JURY, READING, OWN = f"{ONE}/jury", f"{ONE}/reading", "/juries"
Topics = Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=jury.MOST_TOPICS)]
Most = Annotated[int, Field(ge=1, le=500)]


class JurorOut(Out):
    """A juror, with what is theirs as far as the caller sees it; `waits`: what they still have to do."""

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
    """What a juror knows, and how many applications they read at most."""

    topics: Topics = []
    most: Most | None = None


class JurorAskIn(JurorChangeIn):
    """Whom to ask."""

    person_id: Id


class JuryWhyIn(In):
    """Why."""

    why: Annotated[str, Field(max_length=assigning.MOST_WHY)] = ""


class JurorOutIn(In):
    """Why somebody is taken out."""

    why: Annotated[str, Field(max_length=jury.MOST_WHY)] = ""


class LabelReadingOut(Out):
    """A juror who reads an application."""

    id: int
    application_id: int
    juror_id: int
    state: Literal[*Assignment.State.values]
    why: str


class LabelPairOut(Out):
    """A juror who would read an application, and how many fields are shared."""

    application_id: int
    juror_id: int
    fit: int


class JurorLoadOut(Out):
    """How many applications a juror would read in all."""

    juror_id: int
    load: int


class JuryProposalOut(Out):
    """The best assignment, to be taken by its fingerprint; or in sentences why there is none."""

    fingerprint: int
    new: list[LabelPairOut]
    loads: list[JurorLoadOut]
    reasons: list[str]


class JuryProposalIn(In):
    """The fingerprint of the proposal that was read."""

    fingerprint: Annotated[int, Field(ge=0, le=2**31)]


class LabelPairIn(In):
    """Who is to read what."""

    application_id: Id
    juror_id: Id


class OwnReadingOut(Out):
    """An application that is the caller's own to judge, by its number in the round."""

    id: int
    number: int
    title: str
    state: Literal[*Assignment.State.values]


class OwnJuryOut(Out):
    """A jury of the caller; `may_declare`: it is settled who applies."""

    id: int
    round_id: int
    label: str
    round: str
    state: Literal[*Juror.State.values]
    declared_at: datetime | None
    may_declare: bool
    reading: list[OwnReadingOut]


class OwnApplicantOut(Out):
    """Who applies, before the first look; `titles` are empty where the scheme is anonymous."""

    organisation_id: int
    name: str
    country: str
    titles: list[str]
    is_own: bool
    said: bool | None
    reason: str


class OwnApplicantsOut(Out):
    """The rules of conflicts of interest, and all who apply."""

    rules: str
    applicants: list[OwnApplicantOut]


class JuryAnswerIn(In):
    """Whether one judges; who steps back says why."""

    takes_part: bool
    why: Annotated[str, Field(max_length=declaring.MOST_WHY)] = ""


class JuryConflictIn(In):
    """With whom, and why."""

    organisation_id: Id
    reason: Annotated[str, Field(max_length=declaring.MOST_REASON)] = ""


class JuryDeclarationIn(In):
    """All conflicts of interest; with everybody else there is none."""

    conflicts: Annotated[list[JuryConflictIn], Field(max_length=5000)]


class AbstainIn(In):
    """Why one does not judge an application."""

    why: Annotated[str, Field(min_length=1, max_length=abstaining.MOST_WHY)]


def _juror(one: Seated) -> dict[str, Any]:
    names = ("person_id", "state", "topics", "most", "declared_at")
    return {name: getattr(one.juror, name) for name in names} | {
        "id": one.juror.pk, "name": name_of(one.juror),
        "organisation": one.juror.party.organisation, "open": one.open, "done": one.done,
        "abstained": one.abstained, "conflicts": one.conflicts, "waits": one.waits,
    }  # fmt: skip


def _jury(partnership_id: int, round_id: int) -> list[dict[str, Any]]:
    return [_juror(one) for one in list_jurors(get_round(partnership_id, round_id))]


def _one(partnership_id: int, round_id: int, juror_id: int) -> dict[str, Any]:
    return next(one for one in _jury(partnership_id, round_id) if one["id"] == juror_id)


def _given(request: HttpRequest, partnership_id: int, round_id: int) -> dict[str, Any]:
    """Return what every deed with a jury is given, after the room was looked at."""
    steer(request, partnership_id)
    return {
        "actor": request.reader, "partnership_id": partnership_id, "round_id": round_id,
        "now": timezone.localtime(),
    }  # fmt: skip


@router.get(JURY, response=list[JurorOut], summary="Who judges in a round")
def list_label_jury(request: HttpRequest, partnership_id: Id, round_id: Id) -> list[Any]:
    """By side and name, for the managers of the clusters."""
    steer(request, partnership_id)
    return _jury(partnership_id, round_id)


@router.post(JURY, response={201: JurorOut}, summary="Ask somebody to judge")
def ask_label_juror(
    request: HttpRequest, partnership_id: Id, round_id: Id, wish: JurorAskIn
) -> Status[dict[str, Any]]:
    """Of the caller's own team: whoever holds a seat in it. They are written to."""
    given = _given(request, partnership_id, round_id)
    made = jury.ask_juror(**given, **wish.model_dump())
    return Status(201, _one(partnership_id, round_id, made.pk))


@router.post(f"{JURY}/remind", response=list[JurorOut], summary="Remind a jury")
def remind_label_jury(request: HttpRequest, partnership_id: Id, round_id: Id) -> list[Any]:
    """Each of what waits for them, at most once a day; those who were reminded."""
    reminded = jury.remind_jurors(**_given(request, partnership_id, round_id))
    numbers = {one.pk for one in reminded}
    return [one for one in _jury(partnership_id, round_id) if one["id"] in numbers]


@router.put(f"{JURY}/{{juror_id}}", response=JurorOut, summary="Say what a juror knows")
def change_label_juror(
    request: HttpRequest, partnership_id: Id, round_id: Id, juror_id: Id, known: JurorChangeIn
) -> dict[str, Any]:
    """By their own side."""
    given = _given(request, partnership_id, round_id)
    jury.change_juror(**given, juror_id=juror_id, **known.model_dump())
    return _one(partnership_id, round_id, juror_id)


@router.post(f"{JURY}/{{juror_id}}/out", response=JurorOut, summary="Take a juror out")
def take_out_label_juror(
    request: HttpRequest, partnership_id: Id, round_id: Id, juror_id: Id, reason: JurorOutIn
) -> dict[str, Any]:
    """What they have not finished is free for others; what they scored stays."""
    given = _given(request, partnership_id, round_id)
    jury.take_out_juror(**given, juror_id=juror_id, why=reason.why)
    return _one(partnership_id, round_id, juror_id)


@router.get(READING, response=list[LabelReadingOut], summary="Who reads what in a round")
def list_label_reading(request: HttpRequest, partnership_id: Id, round_id: Id) -> list[Assignment]:
    """Without applications in which the caller has a conflict of interest."""
    steer(request, partnership_id)
    return list_given(get_round(partnership_id, round_id))


@router.get(f"{READING}/proposal", response=JuryProposalOut, summary="The best assignment")
def propose_label_reading(request: HttpRequest, partnership_id: Id, round_id: Id) -> dict[str, Any]:
    """Exact: jurors of each cluster, even loads, then expertise; nobody where they have a conflict.
    Nothing is written."""
    found = assigning.show_proposal(**_given(request, partnership_id, round_id))
    seen = {one.application_id for one in list_submitted(found.board.round)}
    fits, loads = found.fits or {}, found.loads or {}
    return {
        "fingerprint": found.fingerprint,
        "new": [
            {"application_id": one, "juror_id": other, "fit": fits[one, other]}
            for one, other in found.new if one in seen
        ],
        "loads": [{"juror_id": one, "load": load} for one, load in sorted(loads.items())],
        "reasons": [tell_reason(one, found.board) for one in found.reasons],
    }  # fmt: skip


@router.post(f"{READING}/proposal", response=list[LabelReadingOut], summary="Take an assignment")
def take_label_reading(
    request: HttpRequest, partnership_id: Id, round_id: Id, read: JuryProposalIn
) -> list[Assignment]:
    """As it was read; what is given already stays. The jurors are written to."""
    given = _given(request, partnership_id, round_id)
    assigning.take_proposal(**given, seen=read.fingerprint)
    return list_given(get_round(partnership_id, round_id))


@router.post(READING, response={201: LabelReadingOut}, summary="Give one application to a juror")
def add_label_reading(
    request: HttpRequest, partnership_id: Id, round_id: Id, pair: LabelPairIn
) -> Status[Assignment]:
    """Refused for a conflict of interest, and for the juror's own company."""
    given = _given(request, partnership_id, round_id)
    return Status(201, assigning.add_assignment(**given, **pair.model_dump()))


@router.post(
    f"{READING}/{{assignment_id}}/remove", response=list[LabelReadingOut],
    summary="Take an application from a juror",
)  # fmt: skip
def remove_label_reading(
    request: HttpRequest, partnership_id: Id, round_id: Id, assignment_id: Id, reason: JuryWhyIn
) -> list[Assignment]:
    """With a reason once they have begun: what they scored stays, and does not count."""
    given = _given(request, partnership_id, round_id)
    assigning.remove_assignment(**given, assignment_id=assignment_id, why=reason.why)
    return list_given(get_round(partnership_id, round_id))


def _own(own: OwnJury) -> dict[str, Any]:
    return {
        "id": own.juror.pk, "round_id": own.round.pk, "label": own.round.scheme.title,
        "round": own.round.title, "state": own.juror.state, "declared_at": own.juror.declared_at,
        "may_declare": jury.can_declare(own.round, timezone.now()),
        "reading": [
            {"id": one.assignment.pk, "number": one.number, "title": one.title,
             "state": one.assignment.state}
            for one in own.given
        ],
    }  # fmt: skip


@router.get(OWN, response=list[OwnJuryOut], summary="Your juries")
def list_own_juries(request: HttpRequest) -> list[dict[str, Any]]:
    """Rounds in which the caller judges, with what they read."""
    return [_own(one) for one in list_own(request.reader)]


@router.get(f"{OWN}/{{juror_id}}", response=OwnJuryOut, summary="One of your juries")
def show_own_jury(request: HttpRequest, juror_id: Id) -> dict[str, Any]:
    """With what the caller reads."""
    return _own(read_own(request.reader, juror_id))


@router.get(f"{OWN}/{{juror_id}}/applicants", response=OwnApplicantsOut, summary="Who applies")
def list_own_applicants(request: HttpRequest, juror_id: Id) -> dict[str, Any]:
    """Before the first look: names and countries alone; nobody before the round has closed."""
    own = read_own(request.reader, juror_id)
    scheme = scheme_of(own)
    can = jury.can_declare(own.round, timezone.now()) and own.juror.state != Juror.State.OUT
    return {
        "rules": scheme.told(scheme.conflicts) if scheme else own.round.scheme.conflicts,
        "applicants": list_applicants(request.reader, own, today=timezone.localdate())
        if can
        else [],
    }


@router.post(f"{OWN}/{{juror_id}}/answer", response=OwnJuryOut, summary="Say whether you judge")
def answer_own_jury(request: HttpRequest, juror_id: Id, said: JuryAnswerIn) -> dict[str, Any]:
    """Who takes part can step back later, with a reason."""
    declaring.answer_invitation(
        actor=request.reader, juror_id=juror_id, now=timezone.localtime(), **said.model_dump()
    )
    return show_own_jury(request, juror_id)


@router.put(
    f"{OWN}/{{juror_id}}/declaration", response=OwnApplicantsOut,
    summary="Declare your conflicts of interest",
)  # fmt: skip
def declare_own_conflicts(
    request: HttpRequest, juror_id: Id, said: JuryDeclarationIn
) -> dict[str, Any]:
    """Of all who apply. What one finds a conflict in later is taken from one at once."""
    declaring.declare(
        actor=request.reader, juror_id=juror_id, now=timezone.localtime(),
        conflicts={one.organisation_id: one.reason for one in said.conflicts},
    )  # fmt: skip
    return list_own_applicants(request, juror_id)


@router.post(
    "/assignments/{assignment_id}/abstain", response={204: None},
    summary="Abstain from an application",
)  # fmt: skip
def abstain_from_application(
    request: HttpRequest, assignment_id: Id, said: AbstainIn
) -> Status[None]:
    """Its place is free for another juror."""
    abstaining.abstain(
        actor=request.reader, assignment_id=assignment_id, why=said.why, now=timezone.localtime()
    )
    return Status(204, None)
