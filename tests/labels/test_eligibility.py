"""Whether an application takes part, and its fee: noted by managers of either side."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.labels.models import Round
from proxeny.labels.operations.eligibility import note_eligibility, note_payment
from proxeny.labels.operations.submitting import withdraw_application
from proxeny.labels.queries.applications import find_submitted, submitted_in
from proxeny.partnerships.models import Interest
from tests.factories.labels import JurorFactory, make_submitted
from tests.labels.applying import draft, fresh, hand_in, juror_of, open_round, save, whole
from tests.partnerships.rooms import do, party

pytestmark = pytest.mark.django_db


def note(person, one, eligible=True, why="", **more):
    return do(
        person,
        note_eligibility,
        partnership_id=one.partnership_id,
        round_id=one.round_id,
        application_id=one.pk,
        eligible=eligible,
        why=why,
        **more,
    )


def pay(person, one, paid_on, **more):
    return do(
        person,
        note_payment,
        partnership_id=one.partnership_id,
        round_id=one.round_id,
        application_id=one.pk,
        paid_on=paid_on,
        **more,
    )


def test_either_side_notes_it_with_a_reason(world):
    one = make_submitted(open_round(world), world.a.members[0])
    with pytest.raises(InvalidInput, match="Explain why it isn’t eligible") as caught:
        note(world.b.manager, one, eligible=False)
    assert caught.value.field == "why"
    note(world.b.manager, one, eligible=False, why="It sells in no country of the two.")
    kept = fresh(one)
    assert (kept.eligible, kept.eligible_why, kept.version) == (
        False,
        "It sells in no country of the two.",
        2,
    )
    entry = AuditEntry.objects.get(verb="note_label_eligibility")
    # Jurors of the room may read of it, and learn neither who applies nor why.
    assert (entry.partnership_id, entry.changes, entry.why) == (
        one.partnership_id,
        {"eligible": ["None", "False"]},
        "",
    )
    with pytest.raises(Conflict, match="Someone else has changed this"):
        note(world.a.manager, one, version=1)
    note(world.a.manager, one, eligible=None, version=2)
    assert fresh(one).eligible is None


def test_it_is_not_noted_any_more_once_it_is_decided_but_a_fee_is(world):
    one = make_submitted(open_round(world), world.a.members[0])
    Round.objects.update(state="decided")
    with pytest.raises(Conflict):
        note(world.a.manager, one)
    pay(world.a.manager, one, date(2026, 3, 1))
    assert fresh(one).paid_on == date(2026, 3, 1)
    with pytest.raises(InvalidInput, match="in the future"):
        pay(world.a.manager, one, timezone.now().date() + timedelta(days=2))
    pay(world.b.manager, one, None)
    assert fresh(one).paid_on is None


def test_nobody_but_managers_without_a_conflict_notes_it(world):
    one = make_submitted(open_round(world), world.a.members[0])
    with pytest.raises(NotAllowed):
        note(world.a.ambassador, one)
    for each in (world.c.manager, world.a.representatives[0], juror_of(world.b)):
        with pytest.raises(NotFound):
            note(each, one)
    Interest.objects.create(
        partnership=one.partnership,
        person=world.a.manager,
        subject="application",
        subject_id=one.pk,
        conflicts=True,
        said_at=timezone.now(),
    )
    for deed in (
        lambda: note(world.a.manager, one),
        lambda: pay(world.a.manager, one, date(2026, 3, 1)),
    ):
        with pytest.raises(NotFound):
            deed()


def test_a_draft_is_not_seen_and_what_is_handed_in_anew_is_looked_at_anew(world):
    held = open_round(world)
    one, person = whole(world, held)
    other, _person = draft(world, held)
    with pytest.raises(NotFound):
        note(world.a.manager, other)
    hand_in(person, one)
    note(world.a.manager, one)
    do(person, withdraw_application, application_id=one.pk)
    assert fresh(one).eligible is True
    save(person, one, summary="Better.")
    hand_in(person, one)
    assert fresh(one).eligible is None


def test_the_list_is_searched_filtered_and_sorted_also_by_who_is_in_no_list(
    world, reading, django_assert_num_queries
):
    held = open_round(world)
    first = make_submitted(held, world.a.members[0], title="Nets", country="GR", eligible=True)
    with reading(world.b.manager), django_assert_num_queries(7):
        assert len(submitted_in(held)) == 1
    second = make_submitted(held, world.b.members[0], title="Écluses", country="FR")
    # A company that no list of the two sides has is named by its application.
    third = make_submitted(held, world.c.members[0], title="Argan", country="MA", eligible=False)
    with reading(world.b.manager), django_assert_num_queries(7):
        rows = submitted_in(held)
    found = {
        "": [first, second, third],
        "ecluses": [second],
        "Other member 1": [third],
        "none": [],
    }
    for search, wanted in found.items():
        assert find_submitted(rows, search=search) == wanted
    assert find_submitted(rows, eligible="open") == [second]
    assert find_submitted(rows, eligible="no") == [third]
    assert find_submitted(rows, country="GR") == [first]
    assert find_submitted(rows, sort="title") == [third, second, first]
    assert find_submitted(rows, sort="-number") == [third, second, first]
    assert find_submitted(rows, sort="organisation") == [second, first, third]
    assert find_submitted(rows, state="withdrawn") == []


def test_a_manager_with_an_interest_says_so_and_sees_nothing_of_it(world, sign_in):
    held = open_round(world)
    one = make_submitted(held, world.a.members[0], title="Nets")
    address = reverse(
        "labels:round-application-conflict", args=[held.partnership_id, held.pk, one.pk]
    )
    client = sign_in(world.a.manager)
    assert client.post(address, {"reason": ""}).status_code == 422
    text = client.post(address, {"reason": "I own shares."}, follow=True).content.decode()
    assert "Conflict of interest recorded. You can no longer see this application." in text
    assert "Nets" not in text
    for page in (client.get, client.post):
        assert page(address.replace("conflict/", "")).status_code in (404, 405)
    entry = AuditEntry.objects.get(verb="declare_label_conflict")
    assert (entry.changes, entry.why) == ({}, "")
    # Who judges in the round says it of all who apply, on the page of the jury.
    JurorFactory(round=held, person=world.b.manager, party=party(world, world.b))
    other = sign_in(world.b.manager).post(address, {"reason": "I own shares."})
    assert "declare it on your jury page" in other.content.decode()
