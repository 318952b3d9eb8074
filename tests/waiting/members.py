"""What waits at desks, for members, in the directory, and for a person alone."""

from datetime import timedelta

from django.utils import timezone

from proxeny.ambassadors.models import Introduction, Side
from proxeny.directory.models import Interest, Listing, MatchChoice, MemberImport
from proxeny.events.models import Event, Participation
from proxeny.kernel.models import Job
from tests.factories.accounts import ApiTokenFactory
from tests.factories.ambassadors import MandateFactory, TimeOptionFactory, make_case
from tests.factories.calls import CallFactory, CallWatchFactory
from tests.factories.directory import (
    DuplicatePairFactory,
    InterestFactory,
    ListingFactory,
    MemberImportFactory,
    SavedSearchFactory,
)
from tests.factories.events import EventFactory, GroupFactory, ParticipationFactory
from tests.factories.world import World
from tests.partnerships.rooms import day
from tests.waiting.people import (
    ADVISER,
    AT_DESK_A,
    DESK_A,
    DESK_B,
    MANAGERS,
    MEMBER_A,
    MEMBER_B,
    TEAM_A,
    A,
    B,
    Case,
    change,
)

State = Introduction.State


def _mandate(world: World, state: str):
    return MandateFactory(
        partnership=world.partnership,
        cluster=world.a.cluster,
        member=world.a.members[0],
        asked_by=world.a.representatives[0],
        state=state,
    )


def mandate(world: World) -> Case:
    made = _mandate(world, "asked")
    return Case(f"mandate:{made.pk}:answer", AT_DESK_A, change(made, state="accepted"))


def question_on_a_mandate(world: World) -> Case:
    made = _mandate(world, "question")
    return Case(f"mandate:{made.pk}:explain", {MEMBER_A}, change(made, state="asked"))


def time_for_the_desk(world: World) -> Case:
    case = make_case(world, state=State.FINDING)
    option = TimeOptionFactory(introduction=case, proposed_by="member", desk=None, member=True)
    return Case(f"introduction:{case.pk}:confirm", AT_DESK_A, change(option, desk=True))


def no_times_yet(world: World) -> Case:
    case = make_case(world, state=State.FINDING)
    return Case(
        f"introduction:{case.pk}:propose",
        AT_DESK_A,
        lambda: TimeOptionFactory(introduction=case),
    )


def next_step(world: World) -> Case:
    case = make_case(world, next_step="Call them", next_on=day(0))
    return Case(f"introduction:{case.pk}:step", {DESK_A}, change(case, next_on=day(5)))


def case_of_somebody_who_left(world: World) -> Case:
    case = make_case(world, in_charge=world.nobody_special)
    done = change(case, in_charge=world.a.ambassador)
    return Case(f"introduction:{case.pk}:hand-over", AT_DESK_A, done)


def wish(world: World) -> Case:
    case = make_case(world, state=State.ASKING)
    sides = Side.objects.filter(introduction=case)
    return Case(
        f"introduction:{case.pk}:wish", {MEMBER_A, MEMBER_B}, lambda: sides.update(answer="yes")
    )


def time_for_the_sides(world: World) -> Case:
    case = make_case(world, state=State.FINDING)
    option = TimeOptionFactory(introduction=case)
    done = change(option, member=True, stakeholder=True)
    return Case(f"introduction:{case.pk}:time", {MEMBER_A, MEMBER_B}, done)


def _interest(world: World, state: str, who: set[str]) -> Case:
    listing = ListingFactory(organisation=world.b.members[0], status=Listing.Status.PUBLISHED)
    made = InterestFactory(listing=listing, organisation=world.a.members[0], state=state)
    return Case(f"interest:{made.pk}:answer", who, change(made, state=Interest.State.DECLINED))


def interest_to_pass_on(world: World) -> Case:
    return _interest(world, Interest.State.ASKED, TEAM_A)


def interest_from_abroad(world: World) -> Case:
    return _interest(world, Interest.State.PASSED, {B, DESK_B})


def interest_sent_back(world: World) -> Case:
    return _interest(world, Interest.State.RETURNED, {MEMBER_A})


def interest_for_the_owner(world: World) -> Case:
    return _interest(world, Interest.State.OFFERED, {MEMBER_B})


def listing_to_review(world: World) -> Case:
    made = ListingFactory(organisation=world.a.members[0], status=Listing.Status.REVIEW)
    done = change(made, status=Listing.Status.PUBLISHED)
    return Case(f"listing:{made.pk}:review", {*AT_DESK_A, ADVISER}, done)


def listing_sent_back(world: World) -> Case:
    made = ListingFactory(
        organisation=world.a.members[0], status=Listing.Status.DRAFT, note="Say more."
    )
    done = change(made, status=Listing.Status.REVIEW)
    return Case(f"listing:{made.pk}:change", {MEMBER_A}, done)


def listing_that_ends(world: World) -> Case:
    made = ListingFactory(
        organisation=world.a.members[0], status=Listing.Status.PUBLISHED, expires_on=day(5)
    )
    return Case(f"listing:{made.pk}:renew", {MEMBER_A}, change(made, expires_on=day(300)))


def search(world: World) -> Case:
    made = SavedSearchFactory(person=world.a.ambassador, fresh=3)
    return Case(f"search:{made.pk}:see", {DESK_A}, change(made, fresh=0))


def wanted(world: World) -> Case:
    made = MatchChoice.objects.create(
        organisation=world.a.members[0], target=world.b.members[0], verdict="wanted"
    )
    key = f"cluster:{world.a.cluster.pk}:introduce"
    return Case(key, TEAM_A, made.delete)


def duplicates(world: World) -> Case:
    first, second = sorted(world.a.members[:2], key=lambda one: one.pk)
    made = DuplicatePairFactory(cluster=world.a.cluster, first=first, second=second)
    key = f"cluster:{world.a.cluster.pk}:merge"
    return Case(key, {A}, change(made, state="different"))


def member_list(world: World) -> Case:
    made = MemberImportFactory(cluster=world.a.cluster, state=MemberImport.State.CHECKED)
    done = change(made, state=MemberImport.State.APPLIED)
    return Case(f"import:{made.pk}:finish", {A}, done)


def _event(world: World, state: str) -> Event:
    return EventFactory(
        partnership=world.partnership,
        state=state,
        starts_on=day(9),
        ends_on=day(9),
        deadline_at=timezone.now() + timedelta(days=5),
    )


def event_to_prepare(world: World) -> Case:
    made = _event(world, Event.State.DRAFT)
    return Case(f"event:{made.pk}:setup", MANAGERS, change(made, state=Event.State.CANCELLED))


def event_to_register_for(world: World) -> Case:
    made = _event(world, Event.State.OPEN)
    taken = ParticipationFactory(
        event=made,
        organisation=world.a.members[0],
        group=GroupFactory(event=made),
        state=Participation.State.INVITED,
    )
    done = change(taken, state=Participation.State.REGISTERED)
    return Case(f"event:{made.pk}:register", {MEMBER_A}, done)


def watched_call(world: World) -> Case:
    call = CallFactory(steward=world.a.cluster, closes_at=timezone.now() + timedelta(days=5))
    CallWatchFactory(call=call, person=world.a.ambassador)
    return Case(f"call:{call.pk}:look-at", {DESK_A}, change(call, put_away_at=timezone.now()))


def token(world: World) -> Case:
    made = ApiTokenFactory(person=world.a.ambassador, expires_at=timezone.now() + timedelta(days=3))
    return Case(f"token:{made.pk}:renew", {DESK_A}, change(made, revoked_at=timezone.now()))


def failed_work(world: World) -> Case:
    made = Job.objects.create(
        kind="directory.find-duplicates",
        key="f:1",
        arguments={},
        state=Job.State.FAILED,
        person_id=world.a.ambassador.pk,
        organisation_id=world.a.cluster.pk,
        finished_at=timezone.now(),
    )
    return Case(f"job:{made.pk}:decide", AT_DESK_A, change(made, dismissed_at=timezone.now()))


CASES = (
    mandate,
    question_on_a_mandate,
    time_for_the_desk,
    no_times_yet,
    next_step,
    case_of_somebody_who_left,
    wish,
    time_for_the_sides,
    interest_to_pass_on,
    interest_from_abroad,
    interest_sent_back,
    interest_for_the_owner,
    listing_to_review,
    listing_sent_back,
    listing_that_ends,
    search,
    wanted,
    duplicates,
    member_list,
    event_to_prepare,
    event_to_register_for,
    watched_call,
    token,
    failed_work,
)
