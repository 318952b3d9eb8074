"""The service catalogue beneath its pages: written, signed, paused, put away; places that are free."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from proxeny.accounts.models import Seat
from proxeny.assessments.models import Service, ServiceTeam, ServiceText
from proxeny.assessments.operations import catalogue, terms
from proxeny.assessments.operations.catalogue import ServiceFacts, Words
from proxeny.assessments.queries import catalogue as queries
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.partnerships import texts
from proxeny.partnerships.models import Agreement, Partnership
from proxeny.partnerships.operations import signing
from tests.conftest import reader_of
from tests.factories.assessments import make_engagement, make_service
from tests.partnerships.rooms import do

pytestmark = pytest.mark.django_db
State = Service.State
FACTS = ServiceFacts(
    "demand",
    Decimal("1200.00"),
    "EUR",
    "client",
    2,
    60,
    {"en": Words("Demand check", "Would anybody buy it?")},
)


def add(world, person=None, facts=FACTS):
    return do(
        person or world.a.ambassador,
        catalogue.add_service,
        partnership_id=world.partnership.pk,
        facts=facts,
    )


def on(world, person, operation, service, **given):
    return do(
        person, operation, partnership_id=world.partnership.pk, service_id=service.pk, **given
    )


def staffed(world, **changes):
    """A draft with somebody on each side."""
    made = add(world, facts=replace(FACTS, **changes))
    for side in (world.a, world.b):
        on(world, side.manager, catalogue.name_deliverer, made, person_id=side.ambassador.pk)
    made.refresh_from_db()
    return made


def ask(world, made, side=None):
    return on(world, (side or world.a).manager, terms.ask_terms, made, seen=made.version)


def sign(world, agreement, person):
    return do(
        person,
        signing.sign_text,
        partnership_id=world.partnership.pk,
        agreement_id=agreement.pk,
        text_hash=agreement.text_hash,
    )


def offered(world, **changes):
    made = staffed(world, **changes)
    sign(world, ask(world, made), world.b.manager)
    made.refresh_from_db()
    return made


def state(made):
    return Service.objects.get(pk=made.pk).state


def change(world, made, person=None, **given):
    facts = replace(FACTS, **given.pop("facts", {}))
    given.setdefault("version", Service.objects.get(pk=made.pk).version)
    return on(
        world, person or world.b.ambassador, catalogue.change_service, made, facts=facts, **given
    )


def test_either_team_notes_a_service_and_nobody_else(world):
    made = add(world, world.b.ambassador)
    assert (made.state, made.price, made.version) == (State.DRAFT, Decimal("1200.00"), 1)
    assert queries.texts_of(made)["en"].name == "Demand check"
    row = AuditEntry.objects.get(verb="add_service")
    assert (row.organisation_id, row.partnership_id) == (world.b.cluster.pk, world.partnership.pk)
    for person in (world.a.representatives[0], world.c.manager, world.nobody_special):
        with pytest.raises(NotFound):
            add(world, person)
    assert Service.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"price": Decimal(-1)}, "price"),
        ({"price": Decimal("10000000")}, "price"),
        ({"currency": "XXY"}, "currency"),
        ({"currency": ""}, "currency"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": 100}, "capacity"),
        ({"promised_days": 4}, "promised_days"),
        ({"promised_days": 366}, "promised_days"),
        ({"question": "weather"}, "question"),
        ({"payer": "nobody"}, "payer"),
        ({"texts": {}}, "name_en"),
        ({"texts": {"en": Words(" ", "")}}, "name_en"),
        ({"texts": {"fr": Words("", "Une phrase")}}, "name_fr"),
        ({"texts": {"fr": Words("Nom", " ")}}, "summary_fr"),
        ({"texts": {"el": Words("x" * 121, "x")}}, "name_el"),
        ({"texts": {"de": Words("Name", "Satz")}}, "texts"),
    ],
)
def test_what_does_not_hold_is_refused_at_its_field(world, changes, field):
    with pytest.raises(InvalidInput) as refused:
        add(world, facts=replace(FACTS, **changes))
    assert refused.value.field == field
    assert not Service.objects.exists()


def test_texts_fall_back_to_english_then_to_what_there_is(world):
    made = add(
        world,
        facts=replace(
            FACTS,
            currency="eur",
            texts={
                "en": Words("Demand check", "In English."),
                "el": Words("Έλεγχος ζήτησης", "Ελληνικά."),
                "fr": Words("", "", ""),
            },
        ),
    )
    assert made.currency == "EUR"
    assert set(queries.texts_of(made)) == {"en", "el"}
    for language, name in (
        ("el", "Έλεγχος ζήτησης"),
        ("fr", "Demand check"),
        ("ar", "Demand check"),
    ):
        with translation.override(language):
            assert queries.get_service(made.pk).name == name
            assert queries.details_of(made).name == name
    ServiceText.objects.filter(language="en").delete()
    with translation.override("fr"):
        assert queries.get_service(made.pk).name == "Έλεγχος ζήτησης"


def test_each_side_names_only_its_own_people(world):
    made = add(world)
    with pytest.raises(InvalidInput, match="your own cluster"):
        on(world, world.a.manager, catalogue.name_deliverer, made, person_id=world.b.manager.pk)
    on(world, world.a.manager, catalogue.name_deliverer, made, person_id=world.a.ambassador.pk)
    on(world, world.b.ambassador, catalogue.name_deliverer, made, person_id=world.b.manager.pk)
    named = {
        one.party.organisation_id: one.person_id
        for one in ServiceTeam.objects.select_related("party")
    }
    assert named == {
        world.a.cluster.pk: world.a.ambassador.pk,
        world.b.cluster.pk: world.b.manager.pk,
    }
    on(world, world.b.manager, catalogue.name_deliverer, made, person_id=None)
    assert ServiceTeam.objects.filter(person=None).count() == 1


def test_terms_need_somebody_on_each_side(world):
    made = add(world)
    on(world, world.a.manager, catalogue.name_deliverer, made, person_id=world.a.ambassador.pk)
    made.refresh_from_db()
    with pytest.raises(InvalidInput, match="to deliver it at French cluster yet"):
        ask(world, made)
    on(world, world.b.manager, catalogue.name_deliverer, made, person_id=world.b.ambassador.pk)
    Seat.objects.filter(person=world.b.ambassador).update(
        starts_on=timezone.localdate() - timedelta(days=9),
        ends_on=timezone.localdate() - timedelta(days=1),
    )
    made.refresh_from_db()
    with pytest.raises(InvalidInput, match="French cluster"):
        ask(world, made)
    assert state(made) == State.DRAFT


def test_terms_are_signed_by_both_managers_and_then_members_see_the_service(world):
    made = staffed(world)
    with pytest.raises(NotAllowed):
        on(world, world.a.ambassador, terms.ask_terms, made, seen=made.version)
    with pytest.raises(Conflict):
        on(world, world.a.manager, terms.ask_terms, made, seen=made.version - 1)
    member = reader_of(world.b.representatives[0])
    agreement = ask(world, made)
    assert (agreement.kind, agreement.subject) == (Agreement.Kind.SERVICE, str(made.pk))
    assert state(made) == State.SIGNING
    assert agreement.text.split("\n\n") == [
        "Terms of the service “Demand check”",
        "Partnership: Athens – Paris",
        "Market question: Is there demand?",
        "Price: €1,200",
        "Paid by: The company",
        "Maximum number at the same time: 2",
        "Report within 60 days of the signed brief",
        "Delivered jointly by: Greek cluster, French cluster",
    ]
    assert texts.name_of(agreement) == "the terms of “Demand check”"
    [mail] = Mail.objects.all()
    assert mail.recipient == world.b.manager.email
    with acting_as(WEB, member):
        assert not queries.find_offered(member, queries.Sought()).exists()
    made.refresh_from_db()
    with pytest.raises(Conflict, match="already waiting for signatures"):
        ask(world, made, world.b)
    sign(world, agreement, world.b.manager)
    assert state(made) == State.OFFERED
    with acting_as(WEB, member):
        [found] = queries.find_offered(member, queries.Sought())
    assert found.name == "Demand check"
    assert set(AuditEntry.objects.values_list("verb", flat=True)) >= {
        "ask_service",
        "ask_terms",
        "sign_service",
        "offer_service",
    }


def test_terms_read_the_same_whatever_language_is_spoken(world):
    made = staffed(world, price=Decimal(0))
    parties = list(world.partnership.parties.select_related("organisation").order_by("side"))
    service = queries.get_service(made.pk)
    english = terms.write_terms(service, parties)
    assert "Price: free of charge" in english
    for language in ("fr", "el", "ar"):
        with translation.override(language):
            assert terms.write_terms(service, parties) == english


def test_terms_that_are_not_signed_leave_a_draft(world):
    made = staffed(world)
    agreement = ask(world, made)
    do(
        world.b.manager,
        signing.close_text,
        partnership_id=world.partnership.pk,
        agreement_id=agreement.pk,
        why="Too cheap.",
    )
    assert state(made) == State.DRAFT
    assert AuditEntry.objects.filter(verb="refuse_service").count() == 1
    made.refresh_from_db()
    again = ask(world, made, world.b)
    assert again.number == 2
    sign(world, again, world.a.manager)
    assert state(made) == State.OFFERED


def test_changed_terms_are_signed_anew_and_texts_change_freely(world):
    made = offered(world)
    change(world, made, facts={"texts": {"en": Words("Demand check", "Better said.")}})
    assert state(made) == State.OFFERED
    with pytest.raises(InvalidInput) as refused:
        change(world, made, facts={"price": Decimal(900)})
    assert refused.value.field == "sign_anew"
    assert queries.hold_terms(made)
    for name, value in (("price", Decimal(900)), ("capacity", 1)):
        change(world, made, facts={name: value}, sign_anew=True)
        assert state(made) == State.DRAFT
        assert not queries.hold_terms(made)
    assert not Agreement.objects.filter(kind="service", closed_at=None).exists()
    with pytest.raises(Conflict, match="sign its terms"):
        on(world, world.a.manager, catalogue.resume_service, made)


def test_a_change_on_an_older_version_is_refused_and_an_equal_one_writes_nothing(world):
    made = add(world)
    change(world, made, version=1)
    assert Service.objects.get().version == 1
    change(world, made, version=1, facts={"promised_days": 30})
    with pytest.raises(Conflict, match="Someone else has changed this"):
        change(world, made, version=1, facts={"promised_days": 40})
    changes = AuditEntry.objects.get(verb="change_service").changes
    assert changes == {"promised_days": ["60", "30"]}


def test_an_offered_service_keeps_somebody_on_each_side(world):
    made = offered(world)
    with pytest.raises(Conflict, match="has to deliver"):
        on(world, world.a.manager, catalogue.name_deliverer, made, person_id=None)
    on(world, world.a.manager, catalogue.name_deliverer, made, person_id=world.a.manager.pk)
    assert state(made) == State.OFFERED


def test_paused_put_away_and_brought_back(world):
    made = offered(world)
    on(world, world.b.ambassador, catalogue.pause_service, made)
    assert state(made) == State.PAUSED
    with pytest.raises(Conflict, match="is now “Paused”"):
        on(world, world.b.ambassador, catalogue.pause_service, made)
    on(world, world.a.ambassador, catalogue.resume_service, made)
    assert state(made) == State.OFFERED
    on(world, world.a.ambassador, catalogue.retire_service, made)
    on(world, world.a.ambassador, catalogue.reopen_service, made)
    assert state(made) == State.PAUSED
    on(world, world.a.ambassador, catalogue.retire_service, made)
    on(world, world.a.ambassador, catalogue.resume_service, made)
    assert state(made) == State.OFFERED


def test_a_draft_is_put_away_with_the_terms_that_wait(world):
    made = staffed(world)
    agreement = ask(world, made)
    on(world, world.a.ambassador, catalogue.retire_service, made)
    agreement.refresh_from_db()
    assert agreement.closed_at
    with pytest.raises(Conflict):
        change(world, made, facts={"capacity": 9})
    on(world, world.b.ambassador, catalogue.reopen_service, made)
    assert state(made) == State.DRAFT


def test_an_ended_partnership_offers_nothing_new(world):
    made = staffed(world)
    Partnership.objects.update(state=Partnership.State.ENDED)
    for operation in (catalogue.pause_service, catalogue.retire_service):
        with pytest.raises((Conflict, NotFound, NotAllowed)):
            on(world, world.a.manager, operation, made)
    assert state(made) == State.DRAFT


def test_places_are_those_that_no_open_engagement_takes(world):
    service, other = make_service(world, capacity=2), make_service(world, capacity=1)
    assert queries.free_places(service) == 2
    day = timezone.localdate() + timedelta(days=20)
    for number, one in enumerate(("asked", "checking", "working", "closed", "declined")):
        make_engagement(
            world,
            service=service,
            member=number % 3,
            state=one,
            due_on=day if one == "working" else None,
        )
    make_engagement(world, service=other, state="reported")
    reader = reader_of(world.b.representatives[0])
    with acting_as(WEB, reader):
        found = queries.places_of([service, other], today=day)
        later = queries.places_of([service], today=day + timedelta(days=1))
    assert found[service.pk] == queries.Places(2, 0, day)
    assert later[service.pk] == queries.Places(2, 0, None)
    assert found[other.pk] == queries.Places(1, 0, None)
    assert queries.free_places(service) == 0
    service.capacity = 1
    assert queries.free_places(service) == 0
