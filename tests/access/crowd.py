"""One row or more in every table, and everybody who might look at them."""

from dataclasses import dataclass

from proxeny.accounts.models import Person, Role
from proxeny.directory.models import Listing, MemberImport, Visibility
from proxeny.events.models import Event, MeetingRequest, Participation
from proxeny.kernel.models import AuditEntry, Job, StoredFile
from proxeny.meetings.models import Meeting
from proxeny.partnerships.models import Partnership
from tests.factories.accounts import CalendarFeedFactory, InvitationFactory
from tests.factories.directory import (
    ListingFactory,
    MemberImportFactory,
    MembershipFactory,
    OrganisationFactory,
)
from tests.factories.events import (
    AgendaEntryFactory,
    AgendaRunFactory,
    EventFactory,
    MeetingRequestFactory,
    ParticipationFactory,
)
from tests.factories.meetings import MeetingFactory, MeetingPartyFactory, RatingFactory
from tests.factories.partnerships import (
    AgreementFactory,
    PartnershipFactory,
    PartyFactory,
    SignOffFactory,
)
from tests.factories.world import EventWorld, World, make_event


@dataclass
class Crowd:
    """The world with something in every table.

    C's manager has a proposal of A before them, not signed yet: "the other side before signing".
    """

    world: World
    taken: EventWorld
    proposal: Partnership
    draft_event: Event
    meeting: Meeting
    hidden_meeting: Meeting
    job: Job
    member_import: MemberImport

    def people(self) -> dict[str, Person | None]:
        """Everybody who looks, by the name that the tables use."""
        w = self.world
        return {
            "nobody": None,
            "stranger": w.nobody_special,
            "c_manager": w.c.manager,
            "c_member": w.c.representatives[0],
            "a_manager": w.a.manager,
            "a_ambassador": w.a.ambassador,
            "a_member": w.a.representatives[0],
            "a_other_member": w.a.representatives[1],
            "b_manager": w.b.manager,
            "b_member": w.b.representatives[0],
        }


def make_crowd(world: World) -> Crowd:
    """Fill every table."""
    proposal = _propose(world)
    taken = make_event(world)
    draft = EventFactory(partnership=world.partnership, title="Draft", state=Event.State.DRAFT)
    private = OrganisationFactory(name="Private of A", steward=world.a.cluster, country="GR",
                                  visibility=Visibility.PRIVATE)  # fmt: skip
    OrganisationFactory(name="Public of A", steward=world.a.cluster, country="GR",
                        visibility=Visibility.PUBLIC)  # fmt: skip
    MembershipFactory(cluster=world.a.cluster, organisation=private)
    ListingFactory(organisation=world.a.members[0])
    ListingFactory(organisation=world.a.members[0], status=Listing.Status.DRAFT)
    _requests(taken, private)
    meeting, hidden = _meetings(world, taken)
    member_import = _kernel_rows(world)
    return Crowd(world, taken, proposal, draft, meeting, hidden, Job.objects.get(), member_import)


def _propose(world: World) -> Partnership:
    proposal = PartnershipFactory(
        title="Athens – Casablanca", lead=world.a.cluster, state=Partnership.State.PROPOSED
    )
    party = PartyFactory(partnership=proposal, organisation=world.a.cluster, side="A")
    PartyFactory(partnership=proposal, organisation=world.c.cluster, side="B")
    SignOffFactory(agreement=AgreementFactory(partnership=proposal), party=party)
    agreement = AgreementFactory(partnership=world.partnership)
    for signing in world.partnership.parties.all():
        SignOffFactory(agreement=agreement, party=signing)
    return proposal


def _requests(taken: EventWorld, private: object) -> None:
    must, no = MeetingRequest.Kind.MUST, MeetingRequest.Kind.NO_THANKS
    greek, french = taken.greek, taken.french
    MeetingRequestFactory(event=taken.event, source=greek[0], target=french[0], kind=must)
    MeetingRequestFactory(event=taken.event, source=greek[0], target=french[1], kind=no)
    MeetingRequestFactory(event=taken.event, source=french[0], target=greek[0])
    ParticipationFactory(event=taken.event, organisation=private, group=greek[0].group,
                         state=Participation.State.INVITED)  # fmt: skip


def _meetings(world: World, taken: EventWorld) -> tuple[Meeting, Meeting]:
    AgendaRunFactory(event=taken.event)
    slots, tables = list(taken.event.slots.all()), list(taken.event.tables.all())
    made = []
    for number, state in enumerate((Meeting.State.CONFIRMED, Meeting.State.DRAFT)):
        first, second = taken.greek[number], taken.french[number]
        sides = [first.organisation_id, second.organisation_id]
        meeting = MeetingFactory(
            partnership=world.partnership, state=state, organisations=sides, title="A meeting"
        )
        for one in (first, second):
            party = MeetingPartyFactory(
                meeting=meeting, organisation=one.organisation, person=one.person
            )
            if number == 0 and one is first:
                RatingFactory(party=party)
        AgendaEntryFactory(event=taken.event, meeting=meeting, slot=slots[number],
                           table=tables[number], first=first, second=second)  # fmt: skip
        made.append(meeting)
    return made[0], made[1]


def _kernel_rows(world: World) -> MemberImport:
    a = world.a
    InvitationFactory(organisation=a.cluster, role=Role.AMBASSADOR)
    CalendarFeedFactory(person=a.representatives[0])
    StoredFile.objects.create(name="members.csv", media_type="text/csv", size=1, sha256="0" * 64,
                              content=b"x", organisation_id=a.cluster.pk)  # fmt: skip
    AuditEntry.objects.create(person_id=a.manager.pk, partnership_id=world.partnership.pk, verb="x",
                              target="t")  # fmt: skip
    job = Job.objects.create(kind="directory.check_import", key="crowd", person_id=a.manager.pk,
                             organisation_id=a.cluster.pk)  # fmt: skip
    return MemberImportFactory(cluster=a.cluster, job_id=job.pk)
