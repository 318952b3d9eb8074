"""One row or more in every table, and everybody who might look at them."""

from dataclasses import dataclass, field

from allauth.usersessions.models import UserSession
from django.utils import timezone

from proxeny.accounts.models import ApiToken, Invitation, Person, Role
from proxeny.accounts.queries import hash_token
from proxeny.directory.models import Interest, Listing, MemberImport, Organisation, Visibility
from proxeny.events.models import Event, MeetingRequest, Participation
from proxeny.kernel.models import AuditEntry, Job, StoredFile
from proxeny.meetings.models import Meeting
from proxeny.partnerships.models import Partnership, SharingGrant
from proxeny.webhooks.models import WebhookDelivery
from tests.access import (
    alliances,
    assessments,
    bids,
    calls,
    catch_ups,
    desk,
    insight,
    labels,
    research,
)
from tests.access.room import fill_room
from tests.factories.accounts import (
    ApiTokenFactory,
    CalendarFeedFactory,
    DataFileFactory,
    ErasureFactory,
    InvitationFactory,
    SeatFactory,
)
from tests.factories.directory import (
    ClusterProfileFactory,
    DuplicatePairFactory,
    FollowFactory,
    IdentifierFactory,
    InterestFactory,
    ListingClientFactory,
    ListingFactory,
    MatchChoiceFactory,
    MatchListFactory,
    MemberImportFactory,
    MembershipFactory,
    MergeFactory,
    OrganisationFactory,
    ProfileVectorFactory,
    ProjectFactory,
    ProjectPartFactory,
    SavedSearchFactory,
    TermFactory,
)
from tests.factories.events import (
    AgendaEntryFactory,
    AgendaRunFactory,
    EventFactory,
    GroupFactory,
    MeetingRequestFactory,
    ParticipationFactory,
    SlotFactory,
    TableFactory,
)
from tests.factories.meetings import MeetingFactory, MeetingPartyFactory, RatingFactory
from tests.factories.notices import ChoiceFactory, HoursFactory, NoticeFactory
from tests.factories.partnerships import (
    AgreementFactory,
    IntroductionPlanFactory,
    PartnershipFactory,
    PartyFactory,
    ProposedIntroductionFactory,
    SharingGrantFactory,
    SignOffFactory,
)
from tests.factories.webhooks import WebhookDeliveryFactory
from tests.factories.world import EventWorld, World, make_event

#: The secret address of `a_member`'s calendar.
FEED = "secret-of-a-member"
#: The secret link of the open invitation.
LINK = "secret-of-the-invited"


@dataclass
class Crowd:
    """The world with something in every table.

    C's manager has a proposal of A before them, not signed yet: "the other side before signing".
    Of A's members that only A may see, `invited` was asked to the event, and `hidden` was not.
    """

    world: World
    taken: EventWorld
    proposal: Partnership
    draft_event: Event
    meeting: Meeting
    hidden_meeting: Meeting
    job: Job
    member_import: MemberImport
    invitation: Invitation
    public: Organisation
    invited: Organisation
    hidden: Organisation
    listing: Listing
    archived: Listing
    token: ApiToken
    session: UserSession
    delivery: WebhookDelivery
    juror: Person
    adviser: Person
    others: dict[str, Person] = field(default_factory=dict)
    #: Where everything readable is, once it was asked for.
    addresses: dict[str, str] | None = None
    #: A's file that the staff of B may take.
    shared_file: SharingGrant = field(default=None)  # type: ignore[assignment]

    @property
    def failed(self) -> Job:
        """Work of A's manager for A that failed."""
        return Job.objects.get(key="crowd-failed")

    @property
    def in_review(self) -> Listing:
        """What A's first member submitted, and no adviser has read."""
        return Listing.objects.get(status=Listing.Status.REVIEW)

    def people(self) -> dict[str, Person | None]:
        """Everybody who looks, by the name that the tables use."""
        w = self.world
        return {
            "nobody": None,
            "stranger": w.nobody_special,
            "c_manager": w.c.manager,
            "c_member": w.c.representatives[0],
            "a_juror": self.juror,
            "a_member": w.a.representatives[0],
            "a_other_member": w.a.representatives[1],
            "a_adviser": self.adviser,
            "a_ambassador": w.a.ambassador,
            "a_manager": w.a.manager,
            "b_member": w.b.representatives[0],
            "b_ambassador": w.b.ambassador,
            "b_manager": w.b.manager,
            **self.others,
        }

    def make_own_event_of_c(self) -> dict[str, int]:
        """Give C a signed partnership with an event of its own; return the ids."""
        c = self.world.c
        partnership = PartnershipFactory(title="Of C", lead=c.cluster)
        PartyFactory(partnership=partnership, organisation=c.cluster, side="A")
        event = EventFactory(partnership=partnership, state=Event.State.CLOSED)
        SlotFactory(event=event, number=1)
        TableFactory(event=event, number=1)
        group = GroupFactory(event=event, name="Of C", organisation=c.cluster, side="A")
        taken = ParticipationFactory(event=event, organisation=c.members[0], group=group)
        return {"partnership": partnership.pk, "event": event.pk, "participation": taken.pk}


def make_crowd(world: World) -> Crowd:
    """Fill every table."""
    # A name that no page gives as an example.
    world.partnership.title = "Room of A and B"
    world.partnership.save()
    proposal = _propose(world)
    taken = make_event(world)
    draft = EventFactory(partnership=world.partnership, title="Draft", state=Event.State.DRAFT)
    invited, hidden = _of_a(world, "Private"), _of_a(world, "Hidden")
    public = _of_a(world, "Public", Visibility.PUBLIC)
    MembershipFactory(cluster=world.a.cluster, organisation=invited)
    first = world.a.members[0]
    listing = ListingFactory(organisation=first)
    ListingFactory(organisation=first, status=Listing.Status.DRAFT)
    archived = ListingFactory(organisation=first, status=Listing.Status.ARCHIVED)
    ListingFactory(organisation=first, status=Listing.Status.REVIEW, title="To be read")
    _directory_rows(world, listing, hidden)
    _requests(taken, invited)
    _privacy_rows(world, hidden)
    meeting, unseen = _meetings(world, taken)
    fill_room(world)
    catch_ups.plan(world)
    desk.open_desk(world)
    assessments.fill(world)
    research.fill(world)
    calls.fill(world)
    bids.fill(world)
    alliances.fill(world)
    juror = SeatFactory(
        person__name="Greek juror", organisation=world.a.cluster, role=Role.JUROR
    ).person
    labels.fill(world)
    insight.fill(world)
    member_import, invitation = _kernel_rows(world)
    return Crowd(
        world,
        taken,
        proposal,
        draft,
        meeting,
        unseen,
        Job.objects.get(key="crowd"),
        member_import,
        invitation,
        public,
        invited,
        hidden,
        listing,
        archived,
        ApiTokenFactory(person=world.a.ambassador),
        UserSession.objects.create(
            user=world.a.representatives[0].account, ip="192.0.2.7", session_key="crowd"
        ),
        WebhookDeliveryFactory(
            webhook__organisation=world.a.cluster, webhook__url="https://secret-of-a.example.org/"
        ),
        juror,
        SeatFactory(
            person__name="Greek adviser", organisation=world.a.cluster, role=Role.ADVISER
        ).person,
        shared_file=_share_file(world),
    )


def _directory_rows(world: World, listing: Listing, hidden: Organisation) -> None:
    """What A's first member has and says in the directory, what B's asks of it, and A's clearing."""
    first, person = world.a.members[0], world.a.representatives[0]
    french = world.b.members[0]
    IdentifierFactory(organisation=first)
    ClusterProfileFactory(organisation=world.a.cluster)
    ListingClientFactory(organisation=first, listing__title="Of one not named")
    # It waits with the adviser of B, who has not passed it on.
    waiting = ListingFactory(organisation=first, direction=Listing.Direction.NEED, title="A need")
    InterestFactory(
        listing=waiting,
        organisation=french,
        person=world.b.representatives[0],
        state=Interest.State.ASKED,
        passed_at=None,
        offered_at=None,
    )
    InterestFactory(listing=listing, organisation=french, person=world.b.representatives[0])
    FollowFactory(person=person, organisation=french)
    SavedSearchFactory(person=person)
    MatchListFactory(organisation=first, person=person)
    MatchChoiceFactory(organisation=first, target=french, person=person)
    ProfileVectorFactory(organisation=first)
    plan = IntroductionPlanFactory(
        partnership=world.partnership, left=world.a.cluster, right=world.b.cluster
    )
    ProposedIntroductionFactory(plan=plan, left=first, right=french)
    DuplicatePairFactory(first=first, second=hidden)
    MergeFactory(kept=first, gone=_of_a(world, "Doubled"))
    ProjectPartFactory(project=ProjectFactory(steward=world.a.cluster), organisation=first)
    TermFactory()


def _of_a(world: World, word: str, visibility: str = Visibility.PRIVATE) -> Organisation:
    return OrganisationFactory(
        name=f"{word} of A", steward=world.a.cluster, country="GR", visibility=visibility
    )


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
    ParticipationFactory(
        event=taken.event,
        organisation=private,
        group=greek[0].group,
        state=Participation.State.INVITED,
    )


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
        AgendaEntryFactory(
            event=taken.event,
            meeting=meeting,
            slot=slots[number],
            table=tables[number],
            first=first,
            second=second,
        )
        made.append(meeting)
    return made[0], made[1]


def _privacy_rows(world: World, hidden: Organisation) -> None:
    taken_back = ErasureFactory(person=world.a.ambassador)
    taken_back.withdrawn_at = taken_back.asked_at
    taken_back.save()
    ErasureFactory(organisation=hidden, reason="contact")
    DataFileFactory(person=world.a.ambassador)


def _share_file(world: World) -> SharingGrant:
    file = StoredFile.objects.create(
        name="Plan of A.txt",
        media_type="text/plain",
        size=4,
        content=b"Plan",
        sha256="0" * 64,
        organisation_id=world.a.cluster.pk,
        idle_since=None,
    )
    return SharingGrantFactory(
        partnership=world.partnership,
        organisation=world.a.cluster,
        kind="file",
        file_id=file.pk,
        file_name=file.name,
    )


def _kernel_rows(world: World) -> tuple[MemberImport, Invitation]:
    a = world.a
    invitation = InvitationFactory(
        organisation=a.cluster, role=Role.AMBASSADOR, token_hash=hash_token(LINK)
    )
    CalendarFeedFactory(person=a.representatives[0], token_hash=hash_token(FEED))
    NoticeFactory(person=a.representatives[0])
    ChoiceFactory(person=a.representatives[0])
    HoursFactory(person=a.representatives[0])
    file = StoredFile.objects.create(
        name="members.csv",
        media_type="text/csv",
        size=1,
        content=b"x",
        sha256="0" * 64,
        organisation_id=a.cluster.pk,
    )
    AuditEntry.objects.create(
        person_id=a.manager.pk, partnership_id=world.partnership.pk, verb="x", target="t"
    )
    job = Job.objects.create(
        kind="directory.check_import",
        key="crowd",
        person_id=a.manager.pk,
        organisation_id=a.cluster.pk,
    )
    Job.objects.create(
        kind="directory.check-import",
        key="crowd-failed",
        state=Job.State.FAILED,
        person_id=a.manager.pk,
        organisation_id=a.cluster.pk,
        error="It failed.",
        finished_at=timezone.now(),
    )
    member_import = MemberImportFactory(
        cluster=a.cluster,
        job_id=job.pk,
        file_id=file.pk,
        problems_file_id=file.pk,
        columns={"header": ["Name"], "sample": [["A name"]], "sheets": [], "encoding": "utf-8"},
    )
    return member_import, invitation
