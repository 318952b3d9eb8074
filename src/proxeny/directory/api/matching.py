"""Suggested partners of an organisation, its choices, and the partners members want to meet."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.directory import queries, rules
from proxeny.directory.api._router import router
from proxeny.directory.api._values import AnyKind
from proxeny.directory.models import MatchChoice
from proxeny.directory.operations import matching
from proxeny.directory.proposals import (
    Card,
    Standing,
    age_of,
    find_standing,
    make_cards,
    table_of,
    tell_gaps,
)
from proxeny.directory.queries import matching as reads
from proxeny.directory.reasons import Why
from proxeny.kernel.api import Id, In, Named, Out, in_pages
from proxeny.kernel.api.files import TABLE_FILE, FileFormat
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table

Verdict = Literal["wanted", "refused"]
WhyNot = Literal["", *MatchChoice.Why.values]


class MatchingWord(Out):
    """A matching word, as each side puts it, and how much it counts in percent."""

    asked: str
    offered: str
    percent: int


class MatchReason(Out):
    """What one side brings: a sentence in your language, the matching words, and the texts
    concerned.
    """

    sentence: str
    words: list[MatchingWord]
    need_id: int | None
    offer_id: int | None


class ProposedPartner(Out):
    """A proposed partner. A side that brings nothing is null."""

    partner: Named
    kind: AnyKind
    country: str
    city: str
    they_bring: MatchReason | None
    we_bring: MatchReason | None
    both_ways: bool
    facts: list[str]
    choice: Verdict | None
    why: WhyNot


class ProposedPartners(Out):
    """The state of the list, and its proposals, best first.

    `own_changed` and `others_changed` (at most 100) say what has changed since it was made.
    """

    state: Literal["none", "working", "failed", "ready"]
    job_id: int | None
    computed_at: datetime | None
    considered: int
    own_changed: bool
    others_changed: int
    would_help: list[str]
    proposals: list[ProposedPartner]


class MatchWork(Out):
    """The job to watch."""

    job_id: int


class MatchChoiceIn(In):
    """Whether the organisation wants to meet a partner and, if not, why."""

    verdict: Verdict
    why: WhyNot = ""


class MatchChoiceOut(Out):
    """A choice. The other side never learns of it."""

    organisation: Named
    target: Named
    verdict: Verdict
    why: WhyNot
    created_at: datetime


class MatchesFile(In):
    """The file format."""

    format: FileFormat = Field("csv", description="The file format.")


@router.get(
    "/organisations/{organisation_id}/matches",
    response=ProposedPartners,
    summary="List proposed partners",
)
def show_matches(request: Request, organisation_id: Id) -> dict[str, Any]:
    """Returns the list that was made for you, as far as you can still see it."""
    standing = find_standing(request.reader, organisation_id)
    age = age_of(standing)
    cards = make_cards(standing.made, reads.choices_of(organisation_id), us=standing.us)
    made = standing.made
    return {
        "state": _state(standing),
        "job_id": made.job_id if made else None,
        "computed_at": made.computed_at if made else None,
        "considered": made.considered if made else 0,
        "own_changed": age.own_changed,
        "others_changed": age.others_changed,
        "would_help": [gap.text for gap in tell_gaps(standing, request.reader)],
        "proposals": [_proposal(card) for card in cards],
    }


def _state(standing: Standing) -> str:
    if standing.is_at_work:
        return "working"
    if standing.has_failed:
        return "failed"
    return "ready" if standing.is_made else "none"


def _proposal(card: Card) -> dict[str, Any]:
    partner, choice = card.partner, card.choice
    return {
        "partner": {"id": partner.pk, "name": partner.name},
        "kind": partner.kind,
        "country": partner.country,
        "city": partner.city,
        "they_bring": _why(card.told.they_bring),
        "we_bring": _why(card.told.we_bring),
        "both_ways": card.told.is_both_ways,
        "facts": list(card.told.facts),
        "choice": choice.verdict if choice else None,
        "why": choice.why if choice else "",
    }


def _why(why: Why | None) -> dict[str, Any] | None:
    if why is None:
        return None
    return {
        "sentence": why.sentence,
        "words": [
            {"asked": one.asked, "offered": one.offered, "percent": one.percent}
            for one in why.words
        ],
        "need_id": why.need.pk if why.need else None,
        "offer_id": why.offer.pk if why.offer else None,
    }


@router.post(
    "/organisations/{organisation_id}/matches",
    response={202: MatchWork},
    summary="Find partners",
)
def find_matches(request: Request, organisation_id: Id) -> Status[dict[str, int]]:
    """Makes the list, or makes it again. `job_id` is the job to watch."""
    job = matching.start_matching(
        actor=request.reader, organisation_id=organisation_id, now=timezone.now()
    )
    return Status(202, {"job_id": job.pk})


@router.get(
    "/organisations/{organisation_id}/matches/export",
    summary="Export proposed partners",
    openapi_extra=TABLE_FILE,
)
def export_matches(
    request: Request, organisation_id: Id, wanted: Query[MatchesFile]
) -> HttpResponse:
    """Downloads the list with its reasons as a file."""
    standing = find_standing(request.reader, organisation_id)
    cards = make_cards(
        standing.made, reads.choices_of(organisation_id), us=standing.organisation.name
    )
    header, rows = table_of(cards)
    return answer_table(f"partners-{organisation_id}", form=wanted.format, header=header, rows=rows)


@router.put(
    "/organisations/{organisation_id}/matches/{target_id}",
    response=MatchChoiceOut,
    summary="Choose whether to meet a partner",
)
def choose_match(
    request: Request, organisation_id: Id, target_id: Id, choice: MatchChoiceIn
) -> MatchChoice:
    """Replaces an earlier choice. A partner you refuse isn't proposed again."""
    return matching.choose_match(
        actor=request.reader,
        organisation_id=organisation_id,
        target_id=target_id,
        verdict=choice.verdict,
        why=choice.why,
        now=timezone.now(),
    )


@router.delete(
    "/organisations/{organisation_id}/matches/{target_id}",
    response={204: None},
    summary="Undo a choice",
)
def clear_match(request: Request, organisation_id: Id, target_id: Id) -> Status[None]:
    """The partner may be proposed again. If there is no choice, nothing changes."""
    matching.clear_match(actor=request.reader, organisation_id=organisation_id, target_id=target_id)
    return Status(204, None)


@router.get(
    "/organisations/{organisation_id}/wanted",
    response=list[MatchChoiceOut],
    summary="List partners that members want to meet",
)
@in_pages("-created_at", "-id")
def list_wanted(request: Request, organisation_id: Id) -> QuerySet[MatchChoice]:
    """Returns what the members of a cluster marked, newest first. For the cluster's team."""
    cluster = queries.get_organisation(organisation_id)
    if not rules.can_see_wanted(request.reader, cluster):
        raise NotAllowed(_("Only the cluster’s team can see who its members want to meet."))
    return reads.wanted_by_members(organisation_id)
