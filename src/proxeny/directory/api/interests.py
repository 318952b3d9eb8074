"""Interest in offers and needs: expressing it, and the steps to an answer."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.directory import rules
from proxeny.directory.api._router import router
from proxeny.directory.models import Interest
from proxeny.directory.operations import interests as deeds
from proxeny.directory.operations.interests import MAX_CONTACT, MAX_NOTE, QUESTIONS
from proxeny.directory.queries.advisers import advised_by
from proxeny.directory.queries.interests import get_interest, list_interests
from proxeny.kernel.api import Id, IfMatch, In, Out, in_pages, match_version, show_version, unsent
from proxeny.kernel.requests import Request

Note = Annotated[str, Field(max_length=MAX_NOTE)]
NeededNote = Annotated[str, Field(min_length=1, max_length=MAX_NOTE)]
Needed = Annotated[str, Field(min_length=1, max_length=1000)]
State = Literal[*Interest.State.values]


class AnswersOut(Out):
    """The answers to the fixed questions."""

    who: str = ""
    why: str = ""
    brings: str = ""
    next_step: str = ""
    by_when: str = ""
    met: str = ""


class InterestOut(Out):
    """An organisation's interest in an offer or need, as far as you may see it at this point.

    `title` and `organisation_name` are as they were when it was expressed. It never reveals who is
    behind an anonymous offer or need; `reply` and `reply_contact` are what the owner chose to say.
    """

    id: int
    listing_id: int
    title: str
    organisation_id: int
    organisation_name: str
    sender_id: int | None
    receiver_id: int | None
    state: State
    answers: AnswersOut
    note: str
    reply: str
    reply_contact: str
    created_at: datetime
    updated_at: datetime
    passed_at: datetime | None
    offered_at: datetime | None
    decided_at: datetime | None
    version: int

    @staticmethod
    def resolve_title(interest: Interest) -> str:
        """Return the title as it was."""
        return str(interest.answers.get("title", ""))

    @staticmethod
    def resolve_organisation_name(interest: Interest) -> str:
        """Return the name as it was."""
        return str(interest.answers.get("organisation", ""))

    @staticmethod
    def resolve_note(interest: Interest, context: Any) -> str:
        """Return the note.

        Until it is passed on, only the asking side sees its adviser's question.
        """
        reader = context["request"].reader
        is_own = rules.is_asking_side(reader, interest)
        return interest.note if interest.passed_at or is_own else ""


class InterestFilters(In):
    """Filters for a list of interest."""

    side: Literal["given", "received", "waiting"] | None = None
    state: State | None = None


class AnswersIn(In):
    """Answers to the fixed questions, for your organisation."""

    organisation_id: Id
    who: Needed
    why: Needed
    brings: Needed
    next_step: Needed
    by_when: Annotated[str, Field(max_length=QUESTIONS["by_when"][1])] = ""
    met: Annotated[str, Field(max_length=QUESTIONS["met"][1])] = ""


class AnswersChanges(In):
    """Changes to the answers. Only the fields you send change."""

    who: Needed = unsent()
    why: Needed = unsent()
    brings: Needed = unsent()
    next_step: Needed = unsent()
    by_when: Annotated[str, Field(max_length=QUESTIONS["by_when"][1])] = unsent()
    met: Annotated[str, Field(max_length=QUESTIONS["met"][1])] = unsent()


class PassIn(In):
    """A note to the other adviser. The owner of the offer or need reads it too."""

    note: Note = ""


class QuestionIn(In):
    """The question that the asking side's adviser wants answered first."""

    note: NeededNote


class AcceptIn(In):
    """A reply, and how the other side can get in touch."""

    reply: Note = ""
    contact: Annotated[str, Field(min_length=1, max_length=MAX_CONTACT)]


class DeclineIn(In):
    """The reason for declining."""

    reply: NeededNote


@router.get("/interests", response=list[InterestOut], summary="List interest sent and received")
@in_pages("-id")
def list_interest(request: Request, filters: Query[InterestFilters]) -> QuerySet[Interest]:
    """Returns what you can see, newest first. `waiting` is what you have to act on."""
    advised = advised_by(request.reader, today=timezone.localdate())
    return list_interests(
        request.reader, advised, side=filters.side or "", state=filters.state or ""
    ).order_by("-pk")


@router.get(
    "/interests/{interest_id}", response=InterestOut, summary="Get interest in an offer or need"
)
def show_interest(request: Request, response: HttpResponse, interest_id: Id) -> Interest:
    """Each side sees it once it has reached that side."""
    return _shown(interest_id, response)


@router.post(
    "/listings/{listing_id}/interests", response={201: InterestOut}, summary="Express interest"
)
def express_interest(
    request: Request, response: HttpResponse, listing_id: Id, answers: AnswersIn
) -> Status[Interest]:
    """It goes to your adviser first, then to the other side's adviser, and then to the owner."""
    made = deeds.express_interest(
        actor=request.reader,
        listing_id=listing_id,
        organisation_id=answers.organisation_id,
        answers=answers.model_dump(exclude={"organisation_id"}),
        now=timezone.now(),
    )
    response["Location"] = f"/api/v1/directory/interests/{made.pk}"
    return Status(201, _shown(made.pk, response))


@router.patch(
    "/interests/{interest_id}", response=InterestOut, summary="Change the answers of an interest"
)
def change_interest(
    request: Request,
    response: HttpResponse,
    interest_id: Id,
    changes: AnswersChanges,
    if_match: IfMatch = None,
) -> Interest:
    """Possible until your adviser has passed it on. This also answers your adviser's question."""
    interest = get_interest(interest_id)
    version = match_version(if_match, interest.version)
    answers = {name: interest.answers.get(name, "") for name in QUESTIONS} | changes.sent()
    deeds.change_answers(
        actor=request.reader,
        interest_id=interest_id,
        version=version,
        answers=answers,
        now=timezone.now(),
    )
    return _shown(interest_id, response)


@router.post("/interests/{interest_id}/pass", response=InterestOut, summary="Pass interest on")
def pass_interest(
    request: Request, response: HttpResponse, interest_id: Id, said: PassIn
) -> Interest:
    """The asking side's adviser passes it to the other adviser, who passes it to the owner."""
    deeds.pass_interest(
        actor=request.reader, interest_id=interest_id, note=said.note, now=timezone.now()
    )
    return _shown(interest_id, response)


@router.post("/interests/{interest_id}/ask", response=InterestOut, summary="Ask a question first")
def return_interest(
    request: Request, response: HttpResponse, interest_id: Id, said: QuestionIn
) -> Interest:
    """For the asking side's adviser, before passing it on."""
    deeds.return_interest(
        actor=request.reader, interest_id=interest_id, note=said.note, now=timezone.now()
    )
    return _shown(interest_id, response)


@router.post("/interests/{interest_id}/accept", response=InterestOut, summary="Accept interest")
def accept_interest(
    request: Request, response: HttpResponse, interest_id: Id, said: AcceptIn
) -> Interest:
    """Give the contact details you choose to share."""
    deeds.accept_interest(
        actor=request.reader,
        interest_id=interest_id,
        reply=said.reply,
        contact=said.contact,
        now=timezone.now(),
    )
    return _shown(interest_id, response)


@router.post("/interests/{interest_id}/decline", response=InterestOut, summary="Decline interest")
def decline_interest(
    request: Request, response: HttpResponse, interest_id: Id, said: DeclineIn
) -> Interest:
    """Give a reason. The other side's adviser and the owner can decline."""
    deeds.decline_interest(
        actor=request.reader, interest_id=interest_id, reply=said.reply, now=timezone.now()
    )
    return _shown(interest_id, response)


@router.post("/interests/{interest_id}/withdraw", response=InterestOut, summary="Withdraw interest")
def withdraw_interest(request: Request, response: HttpResponse, interest_id: Id) -> Interest:
    """Possible until someone has decided."""
    deeds.withdraw_interest(actor=request.reader, interest_id=interest_id, now=timezone.now())
    return _shown(interest_id, response)


def _shown(interest_id: int, response: HttpResponse) -> Interest:
    interest = get_interest(interest_id)
    show_version(response, interest.version)
    return interest
