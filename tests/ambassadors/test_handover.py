"""Handing over a desk: what goes with somebody's cases, who may, and what nobody may pass on."""

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from proxeny.accounts.models import Seat
from proxeny.accounts.operations.privacy.erasing import carry_out_erasure
from proxeny.ambassadors.models import Introduction, Note, Side
from proxeny.ambassadors.operations.handover import hand_over_desk
from proxeny.ambassadors.operations.wishes import ask_sides
from proxeny.ambassadors.queries.handover import list_holders, read_sheet
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.kernel.personal_data import ERASED_NAME
from tests.ambassadors.desk import CLAIRE, do
from tests.ambassadors.linking import english, read
from tests.factories.accounts import ErasureFactory
from tests.factories.ambassadors import (
    MandateFactory,
    NoteFactory,
    TimeOptionFactory,
    make_case,
)
from tests.factories.rooms import PlacementFactory
from tests.papers import glued_words
from tests.stages import staged

State = Introduction.State


@staged
def full(world):
    """Four cases of A's ambassador and one of nobody; what belongs to them."""
    today = timezone.localdate()
    noted = make_case(world, 0, 0, next_step="Ask for samples", next_on=today - timedelta(days=3))
    for number in range(3):
        NoteFactory(
            introduction=noted,
            text=f"Note {number}",
            person=world.a.ambassador,
            written_at=timezone.now() - timedelta(days=9 - number),
        )
    finding = make_case(world, 0, 1, state=State.FINDING)
    TimeOptionFactory(introduction=finding)
    make_case(world, 1, 0, state=State.BOOKED)
    make_case(world, 2, 0, state=State.MET)
    make_case(world, 2, 2, in_charge=None)
    make_case(world, 1, 2, state=State.CLOSED)
    MandateFactory(
        partnership=world.partnership,
        cluster=world.a.cluster,
        state="accepted",
        member=world.a.members[0],
        no_go="Acme",
    )
    MandateFactory(
        partnership=world.partnership,
        cluster=world.a.cluster,
        state="accepted",
        member=world.a.members[1],
        until=today - timedelta(days=1),
    )
    parties = {one.side: one for one in world.partnership.parties.all()}
    PlacementFactory(
        person=world.a.ambassador,
        sender=parties["A"],
        host=parties["B"],
        place="Rue de Rome",
        starts_on=today - timedelta(days=9),
        ends_on=today + timedelta(days=90),
    )
    return world


def leave(person):
    """End all seats of somebody, yesterday."""
    yesterday = timezone.localdate() - timedelta(days=1)
    Seat.objects.filter(person=person).update(
        starts_on=yesterday - timedelta(days=90), ends_on=yesterday
    )


def page(world, name="hand-over", person=None):
    query = f"?from={person.pk if person else 'nobody'}" if person != 0 else ""
    return reverse(f"ambassadors:{name}", args=[world.partnership.pk]) + query


def holders(reading, world, person):
    with reading(person):
        return list_holders(world.partnership.pk, world.a.cluster.pk, today=timezone.localdate())


def sheet(reading, world, person, key=None):
    found = holders(reading, world, person)
    holder = next(one for one in found if key is None or one.person_id == key)
    with reading(person):
        return read_sheet(
            world.partnership.pk, world.a.cluster.pk, holder, now=timezone.localtime()
        )


def hand_over(world, by, to, from_id=None, why="She goes home."):
    return do(
        by,
        hand_over_desk,
        now=timezone.now(),
        partnership_id=world.partnership.pk,
        from_id=from_id,
        person_id=to.pk,
        why=why,
    )


def test_the_sheet_tells_all_that_goes_with_the_cases(full, reading):
    told = sheet(reading, full, full.a.manager, full.a.ambassador.pk)
    assert [(one.state, one.count) for one in told.groups] == [
        ("noted", 1),
        ("finding", 1),
        ("booked", 1),
        ("met", 1),
    ]
    noted, finding, *_others = (one.lines[0] for one in told.groups)
    assert (noted.case.next_step, noted.card.is_late) == ("Ask for samples", True)
    assert [one.text for one in noted.notes] == ["Note 2", "Note 1"]
    assert len(finding.times) == 1
    assert [one.member.name for one in told.mandates] == ["Greek member 1"]
    assert [one.record.place for one in told.stays] == ["Rue de Rome"]
    assert told.booked == 1


def test_the_sheet_names_nobody_who_has_not_said_so(full, reading):
    Side.objects.filter(role="stakeholder", organisation=full.b.members[1]).update(may_pass_on=True)
    for person in (full.a.ambassador, full.a.manager):
        told = sheet(reading, full, person, full.a.ambassador.pk)
        known = [(one.organisation, one.name, one.email, one.is_kept) for one in told.contacts]
        members = [
            (one.name, person.name, person.email, False)
            for one, person in zip(full.a.members, full.a.representatives, strict=True)
        ]
        assert known == [
            *members,
            ("French member 1", "", "", True),
            ("French member 2", CLAIRE.name, CLAIRE.email, False),
        ]
        assert len(told.kept) == 1


def test_a_refusal_to_be_passed_on_counts_like_no_word(full, reading):
    Side.objects.filter(role="stakeholder").update(may_pass_on=False)
    told = sheet(reading, full, full.a.manager, full.a.ambassador.pk)
    assert CLAIRE.email not in {one.email for one in told.contacts}


def test_all_of_it_goes_over_in_one_step(full):
    assert hand_over(full, full.a.ambassador, full.a.manager, full.a.ambassador.pk) == 4
    cases = Introduction.objects.filter(in_charge=full.a.manager)
    assert set(cases.values_list("state", flat=True)) == {"noted", "finding", "booked", "met"}
    assert Introduction.objects.get(state="closed").in_charge_id == full.a.ambassador.pk
    rows = AuditEntry.objects.filter(verb="reassign_introduction")
    assert {one.why for one in rows} == {"She goes home."}
    assert rows.count() == 4
    kinds = {(mail.recipient, mail.key.split(":")[2]) for mail in Mail.objects.all()}
    assert kinds == {
        (full.a.manager.email, "reassigned"),
        (full.a.manager.email, "booked"),
        (full.a.ambassador.email, "off"),
    }


def test_what_is_nobodys_is_given_to_somebody(full):
    assert hand_over(full, full.a.manager, full.a.ambassador) == 1
    assert not Introduction.objects.filter(in_charge=None).exists()


def test_what_cannot_be_handed_over(full):
    own = full.a.ambassador.pk
    with pytest.raises(InvalidInput):
        hand_over(full, full.a.manager, full.a.ambassador, own)
    with pytest.raises(InvalidInput):
        hand_over(full, full.a.manager, full.b.ambassador, own)
    with pytest.raises(InvalidInput):
        hand_over(full, full.a.manager, full.a.manager, own, why=" ")
    with pytest.raises(Conflict):
        hand_over(full, full.a.manager, full.a.ambassador, full.b.manager.pk)
    for person in (full.b.manager, full.a.representatives[0], full.c.manager):
        with pytest.raises((NotAllowed, NotFound, InvalidInput)):
            hand_over(full, person, full.a.manager, own)
    assert Introduction.objects.filter(in_charge=own).count() == 5


def test_nothing_is_lost_when_somebody_leaves(full, reading, sign_in):
    leave(full.a.ambassador)
    first, *_others = holders(reading, full, full.a.manager)
    assert (first.person_id, first.has_left, first.open, first.met) == (
        full.a.ambassador.pk,
        True,
        3,
        1,
    )
    client = english(sign_in(full.a.manager))
    text = read(client.get(page(full, person=0)))
    assert "has left the desk and is still in charge of 4 introductions" in text
    assert "Note 2" in text
    assert hand_over(full, full.a.manager, full.a.manager, full.a.ambassador.pk) == 4
    assert "has left the desk" not in read(client.get(page(full, person=0)))


def test_nothing_is_lost_when_somebody_is_erased(full, reading):
    leave(full.a.ambassador)
    Side.objects.filter(role="stakeholder", organisation=full.b.members[1]).update(may_pass_on=True)
    now = timezone.now()
    erasure = ErasureFactory(person=full.a.ambassador, due_at=now - timedelta(days=1))
    assert carry_out_erasure(erasure_id=erasure.pk, now=now)["state"] == "erased"
    found = holders(reading, full, full.a.manager)
    assert [(one.person_id, one.open, one.met) for one in found] == [(None, 4, 1)]
    assert Note.objects.filter(text="Note 2", dropped_at=None).count() == 1
    told = sheet(reading, full, full.a.manager)
    assert (CLAIRE.email, False) in {(one.email, one.is_kept) for one in told.contacts}
    assert len(told.kept) == 2
    assert ERASED_NAME not in str(told.contacts)
    assert hand_over(full, full.a.manager, full.a.manager) == 5


def test_an_address_that_may_not_be_passed_on_stays_hidden_and_is_written_to(full, sign_in):
    case = Introduction.objects.get(next_step="Ask for samples")
    path = reverse("ambassadors:case", args=[full.partnership.pk, case.pk])
    assert CLAIRE.email in read(english(sign_in(full.a.ambassador)).get(path))
    hand_over(full, full.a.ambassador, full.a.manager, full.a.ambassador.pk)
    assert CLAIRE.email not in read(english(sign_in(full.a.manager)).get(path))
    do(full.a.manager, ask_sides, introduction_id=case.pk)
    assert Mail.objects.filter(recipient=CLAIRE.email).count() == 1
    Side.objects.filter(introduction=case).update(may_pass_on=True)
    assert CLAIRE.email in read(english(sign_in(full.a.manager)).get(path))


def test_the_page_hands_over_and_says_what_is_wrong(full, sign_in):
    client = english(sign_in(full.a.manager))
    path = page(full, person=full.a.ambassador)
    text = read(client.get(path))
    assert "Hand over 4 introductions" in text
    assert "1 booked meeting changes calendars" in text
    wrong = client.post(path, {"person": full.a.manager.pk, "why": ""})
    assert wrong.status_code == 422
    assert client.post(path, {"person": full.b.manager.pk, "why": "x"}).status_code == 422
    done = client.post(path, {"person": full.a.manager.pk, "why": "She goes home."}, follow=True)
    assert "4 introductions handed over." in read(done)
    again = client.post(path, {"person": full.a.manager.pk, "why": "Again"})
    assert again.status_code in (404, 422)


def test_who_only_reads_gets_no_form(full, sign_in):
    Seat.objects.filter(person=full.a.manager).update(role="adviser")
    client = english(sign_in(full.a.manager))
    path = page(full, person=full.a.ambassador)
    text = read(client.get(path))
    assert ("Ask for samples" in text, "Hand over everything" in text) == (True, False)
    given = {"person": full.a.ambassador.pk, "why": "x"}
    assert client.post(path, given).status_code in (403, 404)


def test_the_other_side_and_strangers_see_nothing_of_it(full, sign_in):
    assert "Nothing to hand over" in read(
        english(sign_in(full.b.manager)).get(page(full, person=0))
    )
    assert sign_in(full.b.manager).get(page(full, person=full.a.ambassador)).status_code == 404
    for person in (full.c.manager, full.a.representatives[0]):
        for name in ("hand-over", "hand-over-pdf"):
            assert sign_in(person).get(page(full, name, full.a.ambassador)).status_code == 404
    assert sign_in(full.b.manager).get(page(full, "hand-over-pdf", None)).status_code == 404


def test_the_document_holds_no_address_that_may_not_be_passed_on(full, sign_in):
    answer = english(sign_in(full.a.ambassador)).get(page(full, "hand-over-pdf", full.a.ambassador))
    text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.content)).pages)
    html = english(sign_in(full.a.ambassador)).get(page(full, "hand-over", full.a.ambassador)).text
    assert glued_words(answer.content, html) == set()
    assert "Ask for samples" in text
    assert CLAIRE.email not in text
    assert full.a.representatives[0].email in text.replace("\n", "")


def test_the_page_asks_as_much_for_one_as_for_many(world, sign_in):
    client = sign_in(world.a.manager)
    counts = []
    for number in range(3):
        NoteFactory(introduction=make_case(world, number, 0, state=State.FINDING))
        TimeOptionFactory(introduction=Introduction.objects.latest("pk"))
        if number == 1:
            continue
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page(world, person=world.a.ambassador)).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
