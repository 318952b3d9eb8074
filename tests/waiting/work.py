"""What waits in assessments, bids, labels and studies."""

from datetime import timedelta

from django.utils import timezone

from proxeny.assessments.models import Engagement
from proxeny.assessments.queries.report_content import fingerprint_of, gather_content
from proxeny.bids.models import Bid
from proxeny.labels.models import Juror
from proxeny.partnerships.models import Signatory
from tests.assessments import doing
from tests.factories import labels as made
from tests.factories import rooms
from tests.factories.assessments import (
    LaterFactory,
    RemarkFactory,
    ReportFactory,
    StepFactory,
)
from tests.factories.bids import (
    BidFactory,
    PaperFactory,
    PaperVersionFactory,
    PartnerFactory,
    StanceFactory,
)
from tests.factories.calls import CallFactory
from tests.factories.partnerships import AgreementFactory
from tests.factories.research import (
    ArrivalFactory,
    DataRequestFactory,
    PackageFactory,
    PublicationFactory,
    StudyFactory,
)
from tests.factories.world import World
from tests.labels.judging import assign, make_judged, submit
from tests.labels.living import asked, ending, give
from tests.partnerships.rooms import day, party
from tests.waiting.people import (
    AT_DESK_A,
    DESK_A,
    DESK_B,
    MANAGERS,
    MEMBER_A,
    TEAMS,
    B,
    Case,
    change,
)

ADVISERS = {DESK_A, DESK_B}
NOW = timezone.now()


# Assessments: A's ambassador and B's work on them, for the first member of A.


def request(world: World) -> Case:
    one = doing.ask(world)
    return Case(f"assessment:{one.pk}:take-up", MANAGERS, lambda: doing.staff(one, world))


def lead_to_name(world: World) -> Case:
    one = doing.ask(world)
    doing.name(one, world.a)
    return Case(f"assessment:{one.pk}:name", {B}, lambda: doing.name(one, world.b))


def conflict_to_declare(world: World) -> Case:
    one = doing.ask(world)
    doing.name(one, world.a)
    done = lambda: doing.declare(one, world.a.ambassador)  # noqa: E731
    return Case(f"assessment:{one.pk}:declare", {DESK_A}, done)


def brief_to_write(world: World) -> Case:
    one = doing.staff(doing.ask(world), world)

    def finish() -> None:
        doing.write(one, world.a.ambassador)
        doing.put(one, world)

    return Case(f"brief:{one.pk}:write", ADVISERS, finish)


def brief_to_sign(world: World) -> Case:
    one = doing.staff(doing.ask(world), world)
    doing.write(one, world.a.ambassador)
    text = doing.put(one, world)  # signed for A at once

    def finish() -> None:
        doing.sign(one, world.b.manager, text)
        doing.sign(one, world.a.representatives[0], text)

    return Case(f"brief:{one.pk}:sign", {B, MEMBER_A}, finish)


def step(world: World) -> Case:
    one = doing.begin(world)
    row = StepFactory(engagement=one, person=world.a.ambassador, due_on=day(0))
    return Case(f"step:{row.pk}:do", {DESK_A}, change(row, done_on=day(0)))


def report_to_give(world: World) -> Case:
    one = doing.begin(world)
    change(one, due_on=day(3))()
    return Case(f"report:{one.pk}:give", ADVISERS, change(one, state="reported"))


def report_to_hand_over(world: World) -> Case:
    one = doing.begin(world)
    change(one, state=Engagement.State.REPORTED, reported_at=NOW)()
    done = change(one, state=Engagement.State.HANDED_OVER)
    return Case(f"assessment:{one.pk}:hand-over", ADVISERS, done)


def remark(world: World) -> Case:
    one = doing.begin(world)
    change(one, state=Engagement.State.REPORTED, reported_at=NOW)()
    content = gather_content(doing.fresh(one))
    report = ReportFactory(engagement=one, content=content, sha256=fingerprint_of(content))
    row = RemarkFactory(report=report, organisation=world.a.members[0])
    return Case(f"remark:{row.pk}:settle", ADVISERS, change(row, settled_at=NOW))


def advice_to_a_company(world: World) -> Case:
    one = doing.begin(world)
    row = rooms.RecommendationFactory(
        partnership=world.partnership,
        source="assessment",
        source_id=one.pk,
        addressee="org",
        organisation=world.a.members[0],
        state="proposed",
    )
    return Case(f"recommendation:{row.pk}:decide", {MEMBER_A}, change(row, state="accepted"))


def outcome_of_a_report(world: World) -> Case:
    one = doing.begin(world)
    row = LaterFactory(engagement=one, asked_at=NOW)
    return Case(f"later:{row.pk}:answer", {MEMBER_A}, change(row, answered_at=NOW))


# Bids


def _bid(world: World, **values) -> Bid:
    call = CallFactory(steward=world.b.cluster, closes_at=NOW + timedelta(days=9))
    return BidFactory(partnership=world.partnership, call=call, **values)


def bid_to_join(world: World) -> Case:
    one = _bid(world)
    StanceFactory(bid=one, party=party(world, world.a))
    done = lambda: StanceFactory(bid=one, party=party(world, world.b))  # noqa: E731
    return Case(f"bid:{one.pk}:answer", {B}, done)


def bid_that_a_partner_left(world: World) -> Case:
    one = _bid(world, state="preparing")
    gone = PartnerFactory(bid=one, organisation=world.a.members[0], state="left", answered_at=NOW)
    return Case(f"bid:{one.pk}:check", TEAMS, change(gone, dropped_at=NOW))


def result_of_a_bid(world: World) -> Case:
    one = _bid(world, state="submitted", submitted_at=NOW - timedelta(days=200))
    return Case(f"bid:{one.pk}:result", TEAMS, change(one, state="lost"))


def missing_document(world: World) -> Case:
    row = PaperFactory(bid=_bid(world, state="preparing"), is_required=True)
    return Case(f"paper:{row.pk}:upload", TEAMS, lambda: PaperVersionFactory(paper=row))


def letter_of_intent(world: World) -> Case:
    partner = PartnerFactory(
        bid=_bid(world), organisation=world.a.members[0], state="asked", asked_at=NOW
    )
    letter = AgreementFactory(partnership=world.partnership, kind="letter", subject=str(partner.pk))
    Signatory.objects.create(agreement=letter, organisation=partner.organisation)
    return Case(f"partner:{partner.pk}:sign", {MEMBER_A}, change(letter, closed_at=NOW))


# Labels


def eligibility(world: World) -> Case:
    judged = make_judged(world, state="open")
    one = submit(judged, world.a.members[0])
    return Case(f"round:{judged.round.pk}:check", MANAGERS, change(one, eligible=True))


def jurors_question(world: World) -> Case:
    judged = make_judged(world)
    one = submit(judged, world.a.members[0], eligible=True)
    row = made.QuestionFactory(application=one, passed_on_at=None)
    return Case(f"round:{judged.round.pk}:pass-on", MANAGERS, change(row, passed_on_at=NOW))


def round_to_judge(world: World) -> Case:
    judged = make_judged(world, state="open")
    submit(judged, world.a.members[0], eligible=True)
    judged.set(closes_at=NOW - timedelta(minutes=1))
    done = change(judged.round, state="judging")
    return Case(f"round:{judged.round.pk}:judge", MANAGERS, done)


def missing_juror(world: World) -> Case:
    judged = make_judged(world)
    one = submit(judged, world.a.members[0], eligible=True)
    done = lambda: [assign(each, one) for each in (judged.greek, judged.french)]  # noqa: E731
    return Case(f"round:{judged.round.pk}:assign", MANAGERS, done)


def round_to_decide(world: World) -> Case:
    judged = make_judged(world, state="discussing")
    judged.set(decides_on=day(0))
    done = lambda: made.DecisionFactory(round=judged.round, waits=True, number=None)  # noqa: E731
    return Case(f"round:{judged.round.pk}:decide", MANAGERS, done)


def letters_to_send(world: World) -> Case:
    judged = make_judged(world, state="decided")
    one = submit(judged, world.a.members[0], eligible=True)
    row = made.ResultFactory(
        application=one,
        decision=made.DecisionFactory(round=judged.round),
        is_newest=True,
        standing="below",
        told_at=None,
    )
    return Case(f"round:{judged.round.pk}:inform", MANAGERS, change(row, told_at=NOW))


def appeal(world: World) -> Case:
    judged = make_judged(world, state="decided")
    one = submit(judged, world.a.members[0], eligible=True)
    row = made.AppealFactory(application=one)
    return Case(f"round:{judged.round.pk}:appeal", MANAGERS, change(row, state="refused"))


def award_to_give(world: World) -> Case:
    judged = make_judged(world, state="decided")
    one = submit(judged, world.a.members[0], eligible=True)
    row = made.ResultFactory(
        application=one, decision=made.DecisionFactory(round=judged.round), is_newest=True
    )
    return Case(f"round:{judged.round.pk}:award", MANAGERS, change(row, standing="given-up"))


def answered_review(world: World) -> Case:
    award = give(world)
    row = asked(award, answered_at=NOW)
    return Case(f"checkup:{row.pk}:review", MANAGERS, change(row, reviewed_at=NOW))


def _juror(world: World, **values) -> Juror:
    judged = make_judged(world)
    return made.JurorFactory(
        round=judged.round,
        person=world.b.ambassador,
        party=party(world, world.b),
        **values,
    )


def invited_juror(world: World) -> Case:
    one = _juror(world, state="asked", declared_at=None)
    return Case(f"jury:{one.pk}:answer", {DESK_B}, change(one, state="out"))


def juror_to_declare(world: World) -> Case:
    one = _juror(world, declared_at=None)
    return Case(f"jury:{one.pk}:declare", {DESK_B}, change(one, declared_at=NOW))


def juror_to_score(world: World) -> Case:
    one = _juror(world)
    application = made.make_submitted(one.round, world.a.members[0], eligible=True)
    row = made.AssignmentFactory(juror=one, application=application, state="open")
    return Case(f"jury:{one.pk}:score", {DESK_B}, change(row, state="done"))


def draft(world: World) -> Case:
    judged = make_judged(world, state="open")
    judged.set(closes_at=NOW + timedelta(days=3))
    one = made.ApplicationFactory(round=judged.round, organisation=world.a.members[0])
    return Case(
        f"application:{one.pk}:submit", {MEMBER_A}, change(one, state="submitted", submitted_at=NOW)
    )


def question_to_an_applicant(world: World) -> Case:
    judged = make_judged(world)
    one = submit(judged, world.a.members[0], eligible=True)
    row = made.QuestionFactory(application=one, passed_on_at=NOW)
    return Case(f"question:{row.pk}:answer", {MEMBER_A}, change(row, answered_at=NOW))


def yearly_review(world: World) -> Case:
    row = asked(give(world))
    return Case(f"checkup:{row.pk}:answer", {MEMBER_A}, change(row, answered_at=NOW))


def result_to_read(world: World) -> Case:
    judged = make_judged(world, state="decided")
    one = submit(judged, world.a.members[0], eligible=True)
    row = made.ResultFactory(
        application=one, decision=made.DecisionFactory(round=judged.round), is_newest=True
    )
    done = change(row, told_at=NOW - timedelta(days=20))
    return Case(f"result:{row.pk}:read", {MEMBER_A}, done)


def award_to_renew(world: World) -> Case:
    award = ending(world)
    return Case(f"award:{award.pk}:renew", {MEMBER_A}, change(award, revoked_at=NOW))


# Studies


def data_request(world: World) -> Case:
    study = StudyFactory(partnership=world.partnership)
    row = DataRequestFactory(
        package=PackageFactory(study=study), publication=PublicationFactory(study=study)
    )
    who = MANAGERS | AT_DESK_A | {DESK_B}
    return Case(f"data-request:{row.pk}:decide", who, change(row, state="refused"))


def advice_to_follow_up(world: World) -> Case:
    study = StudyFactory(partnership=world.partnership)
    row = rooms.RecommendationFactory(
        partnership=world.partnership, source="study", source_id=study.pk, state="accepted"
    )
    change(row, created_at=NOW - timedelta(days=400))()
    return Case(f"recommendation:{row.pk}:follow-up", TEAMS, change(row, state="refused"))


def study_from_elsewhere(world: World) -> Case:
    row = ArrivalFactory(partnership=world.partnership, state="shown")
    return Case(f"arrival:{row.pk}:take", TEAMS, change(row, state="left"))


#: Those of somebody outside the room.
OUTSIDE = (
    advice_to_a_company,
    outcome_of_a_report,
    letter_of_intent,
    invited_juror,
    juror_to_declare,
    juror_to_score,
    draft,
    question_to_an_applicant,
    yearly_review,
    result_to_read,
    award_to_renew,
)
CASES = (
    request,
    lead_to_name,
    conflict_to_declare,
    brief_to_write,
    brief_to_sign,
    step,
    report_to_give,
    report_to_hand_over,
    remark,
    bid_to_join,
    bid_that_a_partner_left,
    result_of_a_bid,
    missing_document,
    eligibility,
    jurors_question,
    round_to_judge,
    missing_juror,
    round_to_decide,
    letters_to_send,
    appeal,
    award_to_give,
    answered_review,
    data_request,
    advice_to_follow_up,
    study_from_elsewhere,
)
