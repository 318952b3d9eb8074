"""The records of the access matrix, as rows of the crowd's world."""

import re

from django.db.models import Model

from proxeny.accounts.models import ApiToken, CalendarFeed, DataFile, Erasure, Role
from proxeny.directory.models import (
    Details,
    DuplicatePair,
    Follow,
    Interest,
    Listing,
    ListingClient,
    MatchList,
    OrganisationDetails,
    Project,
    SavedSearch,
    Term,
)
from proxeny.events.models import AgendaRun, MeetingRequest, Participation
from proxeny.kernel.models import AuditEntry, StoredFile
from proxeny.meetings.models import Rating
from proxeny.notices.models import Choice, Hours, Notice
from proxeny.partnerships.models import ProposedIntroduction
from tests.access import (
    alliances,
    assess_work,
    assessments,
    bids,
    calls,
    catch_ups,
    desk,
    insight,
    labels,
    matrix,
    research,
    room,
)
from tests.access.crowd import Crowd
from tests.factories.directory import MembershipFactory, OrganisationFactory
from tests.factories.partnerships import SharingGrantFactory


def hold(crowd: Crowd) -> dict[str, list[Model]]:
    """Return the rows that hold each record, one a table."""
    parts = (_people, _entries, _offers, _wishes, _partnership, _event, _rest)
    return {record: rows for part in parts for record, rows in part(crowd).items()}


def _people(crowd: Crowd) -> dict[str, list[Model]]:
    """Who is there, invited, and lets programs in."""
    w = crowd.world
    return {
        "a person of a member": [w.a.representatives[0]],
        "a seat at a member": [w.a.representatives[0].seats.get()],
        "who holds a seat at the other side": [w.a.ambassador.seats.get(role=Role.AMBASSADOR)],
        "an invitation": [crowd.invitation],
        "an ambassador's program": [ApiToken.objects.get(pk=crowd.token.pk)],
        "a member's calendar address": [CalendarFeed.objects.get()],
        "a member's notice": [Notice.objects.get()],
        "how a member hears of things": [Choice.objects.get(), Hours.objects.get()],
        "an ambassador's file of own data": [DataFile.objects.get(person=w.a.ambassador)],
        "an ambassador's wish to be erased": [Erasure.objects.get(person=w.a.ambassador)],
    }


def _entries(crowd: Crowd) -> dict[str, list[Model]]:
    """A's entries and what belongs to them."""
    member = crowd.world.a.members[0]
    return {
        "an entry for everyone": [crowd.public],
        "an entry shared with partners": [member],
        "an entry's contact": [
            # A view: what it shows depends on who asks.
            OrganisationDetails(organisation=member),
            Details.objects.get(pk=member.pk),
        ],
        'an entry for "only us"': [crowd.hidden],
        'an entry for "only us", asked to a joint event': [crowd.invited],
        "a membership": [member.memberships.get()],
    }


def _offers(crowd: Crowd) -> dict[str, list[Model]]:
    """Offers and needs."""
    a, member = crowd.world.a, crowd.world.a.members[0]
    return {
        "an offer": [crowd.listing],
        "an offer in draft": [Listing.objects.get(organisation=member, status="draft")],
        "an offer in review": [crowd.in_review],
        "an archived offer": [crowd.archived],
        "an entry's register numbers": [member.identifiers.get()],
        "a cluster's profile": [a.cluster.cluster_profile],
        "entries that look alike, merged entries": [
            DuplicatePair.objects.get(),
            member.merges.get(),
        ],
        "an anonymous offer": [Listing.objects.get(is_anonymous=True)],
        "who is behind an anonymous offer": [ListingClient.objects.get()],
    }


def _wishes(crowd: Crowd) -> dict[str, list[Model]]:
    """Interest, matches, what members follow, their projects, and what is brought."""
    member = crowd.world.a.members[0]
    return {
        "interest in A's offer, passed on to its owner": [crowd.listing.interests.get()],
        "interest in A's need, still with B's adviser": [Interest.objects.get(passed_at=None)],
        "a member's proposed partners": [MatchList.objects.get()],
        "a member's choices among them": [member.match_choices.get()],
        "a member's texts as vectors": [member.vectors.get()],
        "a member's projects": [Project.objects.get(), member.project_parts.get()],
        "what a member follows, the searches it keeps": [
            Follow.objects.get(),
            SavedSearch.objects.get(),
        ],
        "words of public vocabularies": [Term.objects.get()],
        "a member list": [
            crowd.member_import,
            StoredFile.objects.get(pk=crowd.member_import.file_id),
        ],
    }


def _partnership(crowd: Crowd) -> dict[str, list[Model]]:
    """Partnerships and what is shared in them."""
    w = crowd.world
    return {
        "a proposal from A to C": [
            crowd.proposal,
            crowd.proposal.parties.first(),
            crowd.proposal.agreements.get(),
            crowd.proposal.agreements.get().sign_offs.get(),
        ],
        "a signed partnership": [w.partnership, w.partnership.parties.get(side="A")],
        "its agreement and signatures": [
            w.partnership.agreements.get(kind="text"),
            w.partnership.agreements.get(kind="text").sign_offs.first(),
        ],
        **room.held(),
        **catch_ups.held(),
        **desk.held(),
        **assessments.held(),
        **assess_work.held(crowd),
        **research.held(),
        **calls.held(),
        **bids.held(),
        **labels.held(),
        **insight.held(),
        **alliances.held(),
        "what was done in it": [AuditEntry.objects.get(verb="x")],
        "what is shared": [w.partnership.grants.get(organisation=w.a.cluster, kind="list")],
        "introductions proposed between A and B": [
            w.partnership.introduction_plans.get(),
            ProposedIntroduction.objects.get(),
        ],
        "a file that A shares": [StoredFile.objects.get(pk=crowd.shared_file.file_id)],
    }


def _event(crowd: Crowd) -> dict[str, list[Model]]:
    """Events, marks, agendas and meetings."""
    greek = crowd.taken.greek[0]
    event = crowd.taken.event
    marks = MeetingRequest.objects.filter(source=greek)
    return {
        "an event in draft": [crowd.draft_event],
        "an open event": [
            event,
            event.slots.first(),
            event.tables.first(),
            greek.group,
            event.rules.first(),
        ],
        "participants": [greek],
        "an invitation not taken up": [Participation.objects.get(organisation=crowd.invited)],
        'a "must" of A\'s member': [marks.get(kind=MeetingRequest.Kind.MUST)],
        'a "no thanks" of A\'s member': [marks.get(kind=MeetingRequest.Kind.NO_THANKS)],
        "an agenda": [AgendaRun.objects.get(event=event)],
        "a meeting": [
            crowd.meeting,
            crowd.meeting.parties.first(),
            crowd.meeting.agenda_entry,
        ],
        "a meeting not shown yet": [crowd.hidden_meeting, crowd.hidden_meeting.agenda_entry],
        "what A's member said of it": [Rating.objects.get()],
    }


def _rest(crowd: Crowd) -> dict[str, list[Model]]:
    """What tells others, and work."""
    return {
        "a webhook": [crowd.delivery.webhook, crowd.delivery],
        "a job": [crowd.job],
    }


def share_more(crowd: Crowd) -> dict[str, list[Model]]:
    """Make two members of A that come to no event: one in the shared list, one shared by itself."""
    a = crowd.world.a
    made = []
    for name, visibility in (("Listed of A", "partnership"), ("Single of A", "cluster")):
        member = OrganisationFactory(
            name=name, steward=a.cluster, country="GR", visibility=visibility
        )
        MembershipFactory(cluster=a.cluster, organisation=member)
        made.append(member)
    SharingGrantFactory(
        partnership=crowd.world.partnership,
        organisation=a.cluster,
        kind="member",
        member=made[1],
        fields=["contact"],
        purpose="One alone",
    )
    return {
        "a member in the shared list": [made[0]],
        "a member shared by itself": [made[1]],
        "the contact of a member shared by itself": [OrganisationDetails(organisation=made[1])],
    }


#: What one reads of a record: the field of its first row that a mark is put into.
MARKED = {
    "an entry for everyone": "summary",
    "an entry shared with partners": "summary",
    "an entry's contact": "contact",
    'an entry for "only us"': "summary",
    'an entry for "only us", asked to a joint event': "summary",
    "an offer": "title",
    "an offer in draft": "title",
    "an offer in review": "title",
    "an archived offer": "title",
    "a cluster's profile": "strategy",
    "an anonymous offer": "title",
    "interest in A's offer, passed on to its owner": "note",
    "interest in A's need, still with B's adviser": "note",
    "a member's projects": "title",
    "an invitation": "name",
    "an ambassador's program": "name",
    "a proposal from A to C": "title",
    "a signed partnership": "title",
    "its agreement and signatures": "text",
    "what is shared": "purpose",
    "an event in draft": "title",
    "an open event": "title",
    "participants": "pitch",
    'a "must" of A\'s member': "note",
    'a "no thanks" of A\'s member': "note",
    "a meeting": "title",
    "a meeting not shown yet": "title",
    "what A's member said of it": "note",
    "a file that A shares": "content",
    "a webhook": "description",
    **room.MARKED,
    **catch_ups.MARKED,
    **desk.MARKED,
    **assessments.MARKED,
    **assess_work.MARKED,
    **research.MARKED,
    **calls.MARKED,
    **bids.MARKED,
    **labels.MARKED,
    **insight.MARKED,
    **alliances.MARKED,
}
#: Read by those who run the event and by both clusters' staff as figures: no page has the words.
UNTOLD = {
    'a "must" of A\'s member',
    "what A's member said of it",
    # No page of these yet.
    "a cluster's profile",
    "a member's projects",
}


#: Records that only the second matrix has.
MARKED_LATER = {
    "a member in the shared list": "summary",
    "a member shared by itself": "summary",
    "the contact of a member shared by itself": "contact",
}


def mark(held: dict[str, list[Model]]) -> dict[str, str]:
    """Put a word of its own into each record that pages tell; return the words."""
    marks = {}
    for number, (record, field) in enumerate({**MARKED, **MARKED_LATER}.items(), 10):
        if record not in held:
            continue
        marks[record] = f"Zq{number}word"
        row = held[record][0]
        # The view of contacts is written through the table below it.
        model = Details if isinstance(row, OrganisationDetails) else type(row)
        value = marks[record].encode() if field == "content" else marks[record]
        model._base_manager.filter(pk=row.pk).update(**{field: value})
    return marks


class Words:
    """A word of its own in each record that pages tell, and who may come upon it."""

    _WORD = re.compile(r"Zq\d+word")

    def __init__(self, crowd: Crowd) -> None:
        self.records = {word: record for record, word in mark(hold(crowd)).items()}

    def wrongly_in(self, text: str, who: str) -> list[str]:
        """Return what a text tells somebody who does not read it."""
        readers = {row.record: row.readers for row in matrix.rows() if row.action == matrix.READS}
        told = {self.records[word] for word in self._WORD.findall(text)}
        return [f"tells {who} of {one}" for one in sorted(told) if who not in readers[one]]
