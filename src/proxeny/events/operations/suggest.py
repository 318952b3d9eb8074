"""Suggested meeting partners of a participant, found by a job from profiles and pitches."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.directory.models import Listing
from proxeny.directory.operations.past_work import HELD, Past
from proxeny.directory.operations.profiles import (
    Profiles,
    has_reason,
    keep_reasons,
    make_profiles,
    pairs_met,
)
from proxeny.directory.queries.matching import Entry, Text, read_entries, refused_pairs
from proxeny.directory.queries.past_work import works_near
from proxeny.engine.matching import Match, Settings, build_index, match_member
from proxeny.events.models import Participation
from proxeny.events.operations._guards import lock_participation
from proxeny.events.queries.participants import get_own_participation
from proxeny.events.queries.suggestions import askable_of, last_suggestions
from proxeny.events.rules import takes_requests
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import Reader

#: Most suggestions to keep, and most of them with past partners, which come last.
MOST, MOST_TOGETHER = 20, 3
DIVERSITY = 0.2


@transaction.atomic
def start_suggestions(*, actor: Reader, participation_id: int, now: datetime) -> Job:
    """Have suggestions made for a participant, or return the job that makes them already.

    Side effects: a job; an audit row that the asker's own managers read.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the participation, or does not act for it.
    Conflict
        It is not registered, requests are closed, or the partnership has ended.
    """
    found = lock_participation(actor, participation_id)
    if found.state != Participation.State.REGISTERED:
        raise Conflict(_("Register first, then choose who you want to meet."))
    if not takes_requests(found.event, now):
        raise Conflict(_("Requests are closed. You can no longer change your list."))
    last = last_suggestions(actor, participation_id)
    if last is not None and not last.is_over:
        return last
    audit.record(actor, "find_suggestions", found, organisation_id=found.organisation_id)
    return enqueue(
        "events.suggest",
        actor=actor,
        arguments={"participation": participation_id},
        key=f"events.suggest:{participation_id}:{actor.person}:{now.isoformat()}",
    )


@dataclass(frozen=True, slots=True)
class Room:
    """Candidates for suggestions, read at one moment; the participant comes first."""

    read: Profiles
    participations: list[int]
    out: frozenset[int]
    past: Past


def load_room(*, actor: Reader, participation_id: int) -> Room:
    """Read a participant and its unmarked candidates. Raises as `start_suggestions`."""
    own = get_own_participation(actor, participation_id)
    others = askable_of(own)
    organisations = [own.organisation_id, *(one.organisation_id for one in others)]
    entries = {entry.id: entry for entry in read_entries(organisations)}
    told = [
        (one.pk, _with_pitch(entries[one.organisation_id], one))
        for one in (own, *others)
        if one.organisation_id in entries
    ]
    mine = own.organisation_id
    gone = pairs_met([mine]) | refused_pairs([mine])
    read = make_profiles([entry for _pk, entry in told])
    return Room(
        read=read,
        participations=[pk for pk, _entry in told],
        out=frozenset(other for one, other in gone if one == mine),
        past=Past(works_near(mine), read.place_of),
    )


def _with_pitch(entry: Entry, participation: Participation) -> Entry:
    """Return an entry that needs what its participant looks for, too."""
    if not participation.pitch:
        return entry
    # Other texts are listings: below zero no listing has its number.
    pitch = Text(
        -participation.pk, entry.id, Listing.Direction.NEED, entry.language, participation.pitch
    )
    return replace(entry, texts=[*entry.texts, pitch])


def rank_room(room: Room) -> dict[str, Any]:
    """Return the suggestions, best first, as JSON with their reasons. Needs no database."""
    read, past = room.read, room.past
    index = build_index(read.profiles)
    before = past.partners_of(read.entries[0].id)
    places = [
        place for place, entry in enumerate(read.entries) if place and entry.id not in room.out
    ]
    new = [place for place in places if read.entries[place].id not in before]
    known = [place for place in places if read.entries[place].id in before]
    settings = Settings(taste=HELD, relations=past.relations)
    found = match_member(index, 0, new, top=MOST, diversity=DIVERSITY, settings=settings)
    again = match_member(index, 0, known, top=MOST_TOGETHER, settings=settings)
    last = _proposals(room, again)
    first = _proposals(room, found)[: MOST - len(last)]
    return {"considered": len(read.entries) - 1, "proposals": [*first, *last]}


def _proposals(room: Room, found: Sequence[Match]) -> list[dict[str, Any]]:
    read = room.read
    proposals: list[dict[str, Any]] = [
        {
            "target": room.participations[one.target],
            "reasons": [
                *keep_reasons(
                    one.reasons,
                    read,
                    0,
                    one.target,
                    they_offer=one.they_offer,
                    they_need=one.they_need,
                ),
                *room.past.keep_reasons(read.entries[0].id, read.entries[one.target].id),
            ],
        }
        for one in found
    ]
    return [one for one in proposals if has_reason(one["reasons"])]
