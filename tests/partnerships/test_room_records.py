"""What a room keeps: written by both sides, lost by nobody, closed to everybody else."""

from datetime import date, timedelta
from itertools import count

import pytest
from django.utils import timezone
from django.utils.functional import Promise

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.personal_data import tell_name
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import (
    Activity,
    Agreement,
    Charge,
    Favour,
    Objective,
    Partnership,
    Risk,
)
from proxeny.partnerships.operations.records import (
    add_record,
    change_record,
    drop_record,
    restore_record,
)
from proxeny.partnerships.record_forms import carried
from proxeny.partnerships.room_queries import list_records
from tests.factories import rooms
from tests.factories.bids import BidFactory
from tests.factories.calls import CallFactory
from tests.factories.directory import OrganisationFactory
from tests.factories.insight import TrendFactory
from tests.factories.labels import CriterionFactory, SchemeFactory
from tests.factories.partnerships import AgreementFactory
from tests.factories.research import StudyFactory
from tests.partnerships.rooms import do, others, party, team

DAY = date(2026, 5, 1)
GRADES = {
    f"{step}_{grade}": 2
    for step in ("inherent", "current", "residual")
    for grade in ("likelihood", "impact")
}


_WEEKS = count()
_SLUGS = count()


def add(world, person, sort, /, **values):
    return do(person, add_record, kind=sort, partnership_id=world.partnership.pk, values=values)


def change(world, person, sort, record, /, **values):
    return do(
        person,
        change_record,
        kind=sort,
        partnership_id=world.partnership.pk,
        record_id=record.pk,
        version=values.pop("version", record.version),
        values=values,
    )


def example(world, kind):
    """Values of a record of each kind; each stay a week after the one before."""
    objective = rooms.ObjectiveFactory(partnership=world.partnership)
    source = rooms.FundingSourceFactory(partnership=world.partnership)
    a, b = party(world, world.a), party(world, world.b)
    week = DAY + timedelta(weeks=next(_WEEKS))
    return {
        "objective": {"title": "More meetings"},
        "key-result": {"objective": objective.pk, "title": "Meetings", "target": 20},
        "activity": {"title": "First visit", "starts_on": DAY, "ends_on": DAY},
        "action": {"title": "Book the room", "due_on": DAY},
        "risk": {"title": "Nobody comes", **GRADES},
        "placement": {
            "person": world.a.ambassador.pk,
            "sender": a.pk,
            "host": b.pk,
            "starts_on": week,
            "ends_on": week + timedelta(days=4),
            "place": "Desk 4",
            "goals": "Twenty meetings",
        },
        "favour": {
            "kind": "hosting",
            "giver": a.pk,
            "receiver": b.pk,
            "what": "A desk",
            "happened_on": DAY,
        },
        "source": {"name": "A grant", "kind": "european"},
        "line": {"source": source.pk, "year": 2026, "amount": 100, "currency": "eur"},
        "recommendation": {"title": "Meet more often"},
        "study": {"title": "Wages", "question": "What is paid?"},
        **_of_study(world),
        **_of_bid(world),
        **_of_label(world),
        **_of_trend(world),
    }[kind]


def _of_study(world):
    study = StudyFactory(partnership=world.partnership).pk
    risk = rooms.RiskFactory(partnership=world.partnership).pk
    return {
        "contributor": {"study": study, "name": "Ada Example"},
        "weighed-risk": {"study": study, "risk": risk},
        "result": {"study": study, "title": "A table", "happened_on": DAY, "benefits": "industry"},
        "package": {"study": study, "title": "Answers", "details": "One row is one studio."},
    }


def _of_bid(world):
    call = CallFactory(steward=world.a.cluster).pk
    bid = BidFactory(partnership=world.partnership, call_id=call).pk
    lab = OrganisationFactory(visibility="public").pk
    return {
        "bid": {"call": call, "title": "Clean harbours"},
        "bid-partner": {"bid": bid, "organisation": lab},
        "work-package": {"bid": bid, "number": 1, "title": "Measure", "last_month": 6},
        "bid-paper": {"bid": bid, "title": "Part B"},
    }


def _of_label(world):
    scheme = SchemeFactory(partnership=world.partnership)
    criterion = CriterionFactory(scheme=scheme).pk
    opens_at = timezone.now() + timedelta(days=9)
    of = {"scheme": scheme.pk}
    return {
        # No two labels have one address.
        "scheme": {"title": "Atlas", "slug": f"label-{next(_SLUGS)}"},
        "label-criterion": {**of, "title": "Novelty"},
        "label-indicator": {**of, "criterion": criterion, "title": "New abroad"},
        "label-condition": {**of, "title": "We sell in one of the two countries."},
        "label-level": {**of, "title": "Gold", "least": 80},
        "label-quota": {**of, "title": "France", "countries": "FR", "least": 33},
        "label-round": {
            **of,
            "title": "Autumn",
            "opens_at": opens_at,
            "closes_at": opens_at + timedelta(days=30),
        },
    }


def _of_trend(world):
    trend = TrendFactory(partnership=world.partnership).pk
    return {
        "trend": {"title": "Digital twins", "area": "technology", "horizon": "soon"},
        "trend-evidence": {"trend": trend, "title": "Ten ports have one"},
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_record_is_added_changed_put_away_and_brought_back(world, reading, kind):
    made = add(world, world.a.manager, kind, **example(world, kind))
    # A partner is called what its entry calls it.
    tag = "brings" if kind == "bid-partner" else KINDS[kind].tag
    other: object = 7 if tag == "amount" else "Something else"
    if kind == "weighed-risk":
        # It is called what the register calls it.
        other = rooms.RiskFactory(partnership=world.partnership)
    writer = world.a.manager if kind == "favour" else world.b.manager
    changed = change(world, writer, kind, made, **{tag: other})
    assert (tell_name(str(getattr(changed, tag))), changed.version) == (str(other), 2)
    given = {"kind": kind, "partnership_id": world.partnership.pk, "record_id": made.pk}
    do(writer, drop_record, **given)
    with reading(world.b.ambassador):
        assert made.pk not in [one.pk for one in list_records(KINDS[kind], world.partnership.pk)]
        assert [
            one.pk for one in list_records(KINDS[kind], world.partnership.pk, dropped=True)
        ] == [made.pk]
    do(writer, restore_record, **given)
    with reading(world.b.ambassador):
        assert made.pk in [one.pk for one in list_records(KINDS[kind], world.partnership.pk)]
    verbs = AuditEntry.objects.filter(target=made._meta.label_lower, target_id=made.pk)
    assert list(verbs.order_by("pk").values_list("verb", flat=True)) == [
        KINDS[kind].verb(deed) for deed in ("add", "change", "drop", "restore")
    ]
    row = verbs.get(verb=KINDS[kind].verb("change"))
    assert row.partnership_id == world.partnership.pk
    assert str(row.changes[tag][1]) == str(getattr(other, "pk", other))


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_write(world, kind):
    for name, person in team(world).items():
        values = example(world, kind)
        if KINDS[kind].binding and "ambassador" in name:
            with pytest.raises(NotAllowed):
                add(world, person, kind, **values)
        else:
            add(world, person, kind, **values)
    for person in others(world).values():
        with pytest.raises(NotFound):
            add(world, person, kind, **values)


def test_two_who_write_at_once_lose_nothing(world):
    made = add(world, world.a.manager, "objective", title="More meetings")
    change(world, world.b.manager, "objective", made, title="Better meetings")
    with pytest.raises(Conflict, match="is kept here"):
        change(world, world.a.manager, "objective", made, version=1, title="Longer meetings")
    assert Objective.objects.get(pk=made.pk).title == "Better meetings"


def test_nothing_changed_is_no_news(world):
    made = add(world, world.a.manager, "objective", title="More meetings")
    same = change(world, world.b.manager, "objective", made, title="  More   meetings ")
    assert same.version == 1
    assert not AuditEntry.objects.filter(verb="change_objective").exists()


def test_an_ended_partnership_keeps_what_it_has(world):
    made = add(world, world.a.manager, "objective", title="More meetings")
    Partnership.objects.filter(pk=world.partnership.pk).update(state="ended")
    for operation in (drop_record, restore_record):
        with pytest.raises(Conflict, match="has ended"):
            do(
                world.a.manager,
                operation,
                kind="objective",
                partnership_id=world.partnership.pk,
                record_id=made.pk,
            )


def test_records_of_another_room_are_out_of_reach(world):
    made = rooms.ObjectiveFactory(
        partnership=Partnership.objects.create(title="Other", lead=world.a.cluster, state="active")
    )
    with pytest.raises(NotFound):
        change(world, world.a.manager, "objective", made, title="Mine")
    with pytest.raises(InvalidInput) as error:
        add(world, world.a.manager, "key-result", objective=made.pk, title="x", target=1)
    assert error.value.field == "objective"


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("objective", {"title": " "}, "title"),
        ("objective", {"title": "x" * 201}, "title"),
        ("objective", {"title": "x", "closed_on": DAY}, "outcome"),
        ("activity", {"title": "x", "starts_on": DAY, "ends_on": date(2026, 4, 1)}, "ends_on"),
        ("activity", {"title": "x", "starts_on": DAY, "ends_on": DAY, "worth": 6}, "worth"),
        ("activity", {"title": "x", "starts_on": DAY, "ends_on": DAY, "cost": -1}, None),
        ("action", {"title": "x", "due_on": DAY, "done_on": date(2999, 1, 1)}, "done_on"),
        ("risk", {"title": "x", **GRADES, "current_impact": 3}, "current_impact"),
        ("risk", {"title": "x", **GRADES, "residual_likelihood": 3}, "residual_likelihood"),
        ("risk", {"title": "x", **GRADES, "inherent_impact": 6}, "inherent_impact"),
        ("risk", {"title": "x", **GRADES, "closed_on": DAY}, "closed_why"),
        ("source", {"name": "x", "kind": "lottery"}, "kind"),
        ("action", {"title": "x", "due_on": DAY, "person": 999_999}, "person"),
        ("action", {"title": "x", "due_on": DAY, "party": 999_999}, "party"),
        ("recommendation", {"title": "x", "addressee": "one"}, "party"),
    ],
)
def test_bad_values_are_told_where_they_stand(world, kind, values, field):
    with pytest.raises(InvalidInput) as error:
        add(world, world.a.manager, kind, **values)
    assert error.value.field == field
    assert str(error.value)
    assert not KINDS[kind].model.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [({"currency": "XXQ"}, "currency"), ({"year": 26}, "year"), ({"amount": -5}, "amount")],
)
def test_bad_sums_are_told(world, values, field):
    with pytest.raises(InvalidInput) as error:
        add(world, world.a.manager, "line", **{**example(world, "line"), **values})
    assert error.value.field == field


def test_a_milestone_is_one_day_and_done_has_a_day(world):
    made = add(
        world,
        world.a.manager,
        "activity",
        title="Signed",
        starts_on=DAY,
        ends_on=date(2026, 7, 1),
        is_milestone=True,
    )
    assert made.ends_on == DAY
    done = change(world, world.b.manager, "activity", made, state="done")
    assert Activity.objects.get(pk=made.pk).done_on == done.done_on == timezone.now().date()
    again = change(world, world.b.manager, "activity", done, state="doing")
    assert Activity.objects.get(pk=again.pk).done_on is None


def test_who_is_in_charge_stands_on_each_side(world):
    a, b = party(world, world.a), party(world, world.b)
    charges = {a.pk: world.a.ambassador.pk, b.pk: world.b.manager.pk}
    made = add(world, world.a.manager, "risk", title="x", charges=charges, **GRADES)
    kept = dict(Charge.objects.filter(risk=made).values_list("party_id", "person_id"))
    assert kept == charges
    changed = change(world, world.b.manager, "risk", made, charges={a.pk: world.a.manager.pk})
    assert changed.version == 2
    assert Charge.objects.get(risk=made).person == world.a.manager
    with pytest.raises(InvalidInput) as error:
        change(world, world.b.manager, "risk", changed, charges={a.pk: world.c.manager.pk})
    assert error.value.field == "charges"


def test_a_record_is_as_old_as_its_deed(world):
    then = timezone.now() - timedelta(days=400)
    made = do(
        world.a.manager,
        add_record,
        kind="recommendation",
        partnership_id=world.partnership.pk,
        values={"title": "Pay interns"},
        now=then,
    )
    made.refresh_from_db()
    assert made.created_at == then


def test_activities_do_not_need_each_other_in_a_circle(world):
    first = add(world, world.a.manager, "activity", **example(world, "activity"))
    second = add(world, world.a.manager, "activity", needs=[first.pk], **example(world, "activity"))
    third = add(world, world.a.manager, "activity", needs=[second.pk], **example(world, "activity"))
    with pytest.raises(InvalidInput, match="on each other in a loop") as error:
        change(world, world.b.manager, "activity", first, needs=[third.pk])
    assert error.value.field == "needs"
    changed = change(world, world.b.manager, "activity", third, needs=[])
    assert changed.version == 2
    change(world, world.b.manager, "activity", first, needs=[third.pk])


def test_a_changed_risk_is_accepted_no_longer(world):
    made = add(world, world.a.manager, "risk", title="x", response="accept", **GRADES)
    signed = AgreementFactory(
        partnership=world.partnership,
        kind=Agreement.Kind.RISK,
        subject=str(made.pk),
        completed_at=timezone.now(),
    )
    changed = change(world, world.b.manager, "risk", made, review_on=date(2027, 1, 1))
    signed.refresh_from_db()
    assert signed.closed_at is None
    change(world, world.b.manager, "risk", changed, residual_impact=1)
    signed.refresh_from_db()
    assert signed.closed_at is not None
    assert Risk.objects.get(pk=made.pk).residual_impact == 1


def test_what_one_side_noted_is_its_own_to_change(world):
    made = add(world, world.a.manager, "favour", **example(world, "favour"))
    assert (made.noted_by, made.person) == (world.a.cluster, world.a.manager)
    with pytest.raises(NotAllowed):
        change(world, world.b.manager, "favour", made, what="Nothing at all")
    where = {"kind": "favour", "partnership_id": world.partnership.pk, "record_id": made.pk}
    with pytest.raises(NotAllowed, match="Only the side that recorded this can change it"):
        do(world.b.manager, drop_record, **where)
    do(world.a.ambassador, drop_record, **where)
    with pytest.raises(NotAllowed, match="Only the side that recorded this can change it"):
        do(world.b.ambassador, restore_record, **where)
    made = do(world.a.manager, restore_record, **where)
    Favour.objects.filter(pk=made.pk).update(confirmed_at=timezone.now())
    change(world, world.a.ambassador, "favour", made, what="Two desks")
    made.refresh_from_db()
    assert made.confirmed_at is None, "what is confirmed is what was read"
    with pytest.raises(InvalidInput) as error:
        add(
            world,
            world.a.manager,
            "favour",
            **{**example(world, "favour"), "receiver": made.giver_id},
        )
    assert error.value.field == "receiver"


@pytest.mark.parametrize("kind", KINDS)
def test_every_label_of_a_form_is_said_in_the_readers_language(kind):
    for name in KINDS[kind].fields:
        label = KINDS[kind].model._meta.get_field(name).verbose_name
        assert name in carried(KINDS[kind]) or isinstance(label, Promise), (
            f"{kind}.{name} is not translated"
        )
