"""What waits in a partnership, between its sides."""

from datetime import timedelta

from django.utils import timezone

from proxeny.partnerships.models import (
    Agreement,
    Charge,
    HealthAnswer,
    IntroductionPlan,
    ProposedIntroduction,
)
from tests.factories import rooms
from tests.factories.alliances import PageVersionFactory
from tests.factories.meetings import RatingFactory, make_catch_up, make_meeting
from tests.factories.partnerships import (
    AgreementFactory,
    PartnershipFactory,
    PartyFactory,
    SharingGrantFactory,
    SignOffFactory,
)
from tests.factories.world import World
from tests.partnerships.rooms import day, party
from tests.partnerships.test_stages import invite
from tests.waiting.people import (
    DESK_A,
    DESK_B,
    MANAGERS,
    MEMBER_A,
    MEMBER_B,
    TEAM_B,
    TEAMS,
    A,
    B,
    C,
    Case,
    change,
)


def _signed_by_a(world: World, kind: str, subject: str = "") -> Case:
    text = AgreementFactory(partnership=world.partnership, kind=kind, subject=subject)
    SignOffFactory(agreement=text, party=party(world, world.a))
    return Case(
        f"agreement:{text.pk}:sign",
        {B},
        lambda: SignOffFactory(agreement=text, party=party(world, world.b)),
    )


def amendment(world: World) -> Case:
    return _signed_by_a(world, "text")


def stage(world: World) -> Case:
    return _signed_by_a(world, "stage", "working")


def exit_plan(world: World) -> Case:
    return _signed_by_a(world, "exit")


def refused_text(world: World) -> Case:
    found = _signed_by_a(world, "end")
    text = Agreement.objects.get(kind="end")
    return Case(found.key, found.who, change(text, closed_at=timezone.now()))


def proposal(world: World) -> Case:
    made = PartnershipFactory(title="Olive and Silk", lead=world.a.cluster, state="proposed")
    sides = [
        PartyFactory(partnership=made, organisation=side.cluster, side=letter)
        for side, letter in ((world.a, "A"), (world.b, "B"))
    ]
    text = AgreementFactory(partnership=made)
    SignOffFactory(agreement=text, party=sides[0])
    return Case(f"agreement:{text.pk}:sign", {B}, change(made, state="declined"))


def joining(world: World) -> Case:
    AgreementFactory(partnership=world.partnership, completed_at=timezone.now())
    for side in (world.a, world.b):
        SignOffFactory(agreement=Agreement.objects.get(), party=party(world, side))
    invite(world)
    text = Agreement.objects.get(kind="joining")
    return Case(f"agreement:{text.pk}:sign", {B, C}, change(text, closed_at=timezone.now()))


def advice_to_one_side(world: World) -> Case:
    made = rooms.RecommendationFactory(
        partnership=world.partnership, party=party(world, world.b), state="proposed"
    )
    return Case(f"recommendation:{made.pk}:decide", {B}, change(made, state="accepted"))


def advice_to_all(world: World) -> Case:
    made = rooms.RecommendationFactory(partnership=world.partnership, state="proposed")
    return Case(f"recommendation:{made.pk}:decide", MANAGERS, change(made, state="refused"))


def stay(world: World) -> Case:
    made = rooms.PlacementFactory(
        sender=party(world, world.a), host=party(world, world.b), person=world.a.ambassador
    )
    return Case(f"placement:{made.pk}:agree", {B}, change(made, agreed_at=timezone.now()))


def stay_report(world: World) -> Case:
    made = rooms.PlacementFactory(
        sender=party(world, world.a),
        host=party(world, world.b),
        person=world.a.ambassador,
        agreed_at=timezone.now(),
        report_due_on=day(-2),
    )
    done = change(made, closed_on=day(0), report="Twenty meetings.")
    return Case(f"placement:{made.pk}:do", {DESK_A}, done)


def report_of_somebody_who_left(world: World) -> Case:
    made = rooms.PlacementFactory(
        sender=party(world, world.a),
        host=party(world, world.b),
        agreed_at=timezone.now(),
        report_due_on=day(-2),
    )
    done = change(made, closed_on=day(0), report="Twenty meetings.")
    return Case(f"placement:{made.pk}:do", {A}, done)


def contribution(world: World) -> Case:
    made = rooms.FavourFactory(giver=party(world, world.a), receiver=party(world, world.b))
    return Case(f"favour:{made.pk}:confirm", TEAM_B, change(made, confirmed_at=timezone.now()))


def review(world: World) -> Case:
    made = rooms.HealthReviewFactory(partnership=world.partnership)
    return Case(f"review:{made.pk}:answer", TEAMS, change(made, shown_at=timezone.now()))


def review_to_show(world: World) -> Case:
    sides = (world.a, world.b)
    made = rooms.HealthReviewFactory(
        partnership=world.partnership, answered={str(party(world, one).pk): 1 for one in sides}
    )
    for one in sides:
        rooms.HealthAnswerFactory(review=made, person=one.manager, party=party(world, one))
    assert HealthAnswer.objects.count() == 2
    return Case(f"review:{made.pk}:show", MANAGERS, change(made, shown_at=timezone.now()))


def action(world: World) -> Case:
    made = rooms.ActionFactory(
        partnership=world.partnership, person=world.b.ambassador, due_on=day(3)
    )
    return Case(f"action:{made.pk}:do", {DESK_B}, change(made, done_on=day(0)))


def risk(world: World) -> Case:
    made = rooms.RiskFactory(partnership=world.partnership, review_on=day(-1))
    Charge.objects.create(
        partnership=world.partnership,
        party=party(world, world.a),
        person=world.a.manager,
        risk=made,
    )
    return Case(f"risk:{made.pk}:do", {A}, change(made, closed_on=day(0)))


def activity(world: World) -> Case:
    made = rooms.ActivityFactory(
        partnership=world.partnership, starts_on=day(-9), ends_on=day(2), is_milestone=False
    )
    Charge.objects.create(
        partnership=world.partnership,
        party=party(world, world.b),
        person=world.b.ambassador,
        activity=made,
    )
    return Case(f"activity:{made.pk}:do", {DESK_B}, change(made, state="done"))


def sharing(world: World) -> Case:
    made = SharingGrantFactory(
        partnership=world.partnership,
        organisation=world.a.cluster,
        kind="member",
        member=world.a.members[0],
        ends_on=day(9),
    )
    return Case(f"grant:{made.pk}:renew", {A}, change(made, ends_on=day(300)))


def proposed_introductions(world: World) -> Case:
    plan = IntroductionPlan.objects.create(
        partnership=world.partnership,
        left=world.a.cluster,
        right=world.b.cluster,
        state="ready",
    )
    row = ProposedIntroduction.objects.create(
        plan=plan,
        partnership=world.partnership,
        left=world.a.members[0],
        right=world.b.members[0],
        score=0.5,
    )
    return Case(f"introduction-plan:{plan.pk}:decide", MANAGERS, change(row, state="kept"))


def page(world: World) -> Case:
    members = [{"party": party(world, world.a).pk, "name": "Greek cluster"}]
    made = PageVersionFactory(
        partnership=world.partnership,
        published_at=timezone.now(),
        content={"headline": "Ports", "members": members},
    )
    key = f"page:{world.partnership.pk}:renew"
    return Case(key, MANAGERS, change(made, withdrawn_at=timezone.now()))


def catch_up(world: World) -> Case:
    made = make_catch_up(
        world.partnership,
        world.a.ambassador,
        world.b.manager,
        starts_at=timezone.now() + timedelta(days=3),
    )
    guests = made.guests.all()
    return Case(f"catch-up:{made.pk}:answer", {DESK_A, B}, lambda: guests.update(answer="ACCEPTED"))


def minutes(world: World) -> Case:
    made = make_catch_up(
        world.partnership,
        world.a.manager,
        world.b.manager,
        starts_at=timezone.now() - timedelta(hours=3),
    )
    return Case(f"catch-up:{made.pk}:minutes", TEAMS, change(made.meeting, state="held"))


def _met(world: World, days: int, state: str) -> tuple[object, list[object]]:
    begins = timezone.now() - timedelta(days=days)
    meeting = make_meeting(
        world.partnership,
        *((one.members[0], one.representatives[0]) for one in (world.a, world.b)),
        starts_at=begins,
        ends_at=begins + timedelta(hours=1),
        state=state,
    )
    return meeting, list(meeting.parties.all())


def rating(world: World) -> Case:
    meeting, places = _met(world, 1, "confirmed")
    return Case(
        f"meeting:{meeting.pk}:rate",
        {MEMBER_A, MEMBER_B},
        lambda: [RatingFactory(party=one) for one in places],
    )


def outcome_after_half_a_year(world: World) -> Case:
    meeting, places = _met(world, 250, "held")
    for one in places:
        RatingFactory(party=one)
    return Case(
        f"meeting:{meeting.pk}:rate",
        {MEMBER_A, MEMBER_B},
        lambda: [RatingFactory(party=one, phase="later") for one in places],
    )


#: Those that wait beyond the room, or that an end of the partnership leaves.
BEYOND = (proposal, rating, outcome_after_half_a_year)
CASES = (
    amendment,
    stage,
    exit_plan,
    refused_text,
    joining,
    advice_to_one_side,
    advice_to_all,
    stay,
    stay_report,
    report_of_somebody_who_left,
    contribution,
    review,
    review_to_show,
    action,
    risk,
    activity,
    sharing,
    proposed_introductions,
    page,
    catch_up,
    minutes,
)
