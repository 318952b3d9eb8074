"""Candidates for a member to meet: from matching, from a plan, or by search."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from proxeny.ambassadors.models import Introduction
from proxeny.ambassadors.queries.cases import get_mandate
from proxeny.directory.models import Organisation
from proxeny.directory.proposals import Card, make_cards
from proxeny.directory.queries import matching
from proxeny.directory.queries.memberships import members_of
from proxeny.directory.queries.organisations import organisation_names
from proxeny.folding import fold
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Partnership, ProposedIntroduction

Source = Introduction.Source
#: So many are proposed, and found by a search.
MOST_IDEAS, MOST_FOUND = 8, 30


@dataclass(frozen=True, slots=True)
class Idea:
    """Candidate for a member to meet, with the reason and the source."""

    organisation: Organisation
    why: str
    source: str


def members_to_introduce(cluster_id: int, *, today: date) -> QuerySet[Organisation]:
    """Return the members of a cluster, by name."""
    return members_of(cluster_id, today=today)


def find_stakeholders(search: str, member_id: int) -> list[Organisation]:
    """Return organisations that the reader sees and whose names have all of some words."""
    found = Organisation.objects.listed().exclude(pk=member_id)
    for word in fold(search).split()[:6]:
        found = found.filter(sort_name__contains=word)
    return list(found.order_by("sort_name", "pk")[:MOST_FOUND])


def list_ideas(reader: Reader, partnership: Partnership, member_id: int) -> list[Idea]:
    """Return the candidates from plans of introductions and from matching, plans first.

    Organisations that already have an introduction with the member are left out.
    """
    known = set(_introduced(partnership.pk, member_id))
    ideas = [
        Idea(_other_of(row, member_id), "", Source.PLAN)
        for row in _kept(partnership.pk, member_id).select_related("left", "right")
    ]
    ideas += _matched(reader, member_id)
    seen: set[int] = {member_id}
    fresh = []
    for idea in ideas:
        if idea.organisation.pk not in known | seen:
            seen.add(idea.organisation.pk)
            fresh.append(idea)
    return fresh[:MOST_IDEAS]


def _introduced(partnership_id: int, member_id: int) -> QuerySet[Any]:
    found = Introduction.objects.filter(partnership_id=partnership_id, member_id=member_id)
    return found.values_list("stakeholder_id", flat=True)


def _kept(partnership_id: int, member_id: int) -> QuerySet[ProposedIntroduction]:
    found = ProposedIntroduction.objects.filter(
        Q(left_id=member_id) | Q(right_id=member_id),
        partnership_id=partnership_id,
        state=ProposedIntroduction.State.KEPT,
    )
    return found.order_by("-score", "pk")


def _other_of(row: ProposedIntroduction, member_id: int) -> Organisation:
    return row.right if row.left_id == member_id else row.left


def _matched(reader: Reader, member_id: int) -> list[Idea]:
    """Return what the newest list of matching proposes, if one was made for the reader."""
    made = matching.get_match_list(member_id, reader.own_id)
    if made is None or made.computed_at is None:
        return []
    choices = matching.choices_of(member_id)
    names = organisation_names([member_id])
    cards = make_cards(made, choices, us=names.get(member_id, ""))[: 2 * MOST_IDEAS]
    return [Idea(card.partner, _sentence(card), Source.MATCH) for card in cards]


def _sentence(card: Card) -> str:
    """Return the reasons of a match in a row."""
    sides = (card.told.they_bring, card.told.we_bring)
    return " ".join([*(side.sentence for side in sides if side), *card.told.facts][:3])


def tell_origin(
    reader: Reader,
    partnership: Partnership,
    member: Organisation,
    other: Organisation,
    *,
    mandate_id: int = 0,
) -> tuple[Mapping[str, Any], str]:
    """Return the source of an introduction, and the reason to meet.

    A mandate counts first, then a plan, then matching; else it is the desk's own.
    """
    if mandate_id:
        mandate = get_mandate(mandate_id)
        if mandate.member_id == member.pk and mandate.partnership_id == partnership.pk:
            return {"source": Source.MANDATE, "mandate_id": mandate.pk}, mandate.seeks
    for row in _kept(partnership.pk, member.pk):
        if other.pk in (row.left_id, row.right_id):
            return {"source": Source.PLAN, "score": row.score, "reasons": row.reasons}, ""
    for idea in _matched(reader, member.pk):
        if idea.organisation.pk == other.pk:
            return {"source": Source.MATCH}, idea.why
    return {"source": Source.HAND}, ""
