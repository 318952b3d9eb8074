"""Handing in: complete, once, in time, with a number and a receipt; withdrawn, and handed in anew."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from proxeny.kernel.canonical import digest_of
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as
from proxeny.labels.content import read_dossier
from proxeny.labels.models import Application, Indicator, Round, Submission
from proxeny.labels.operations.documents import bring_document
from proxeny.labels.operations.submitting import (
    check_complete,
    restore_submission,
    submit_application,
    withdraw_application,
)
from proxeny.labels.queries.own_applications import gather
from tests.conftest import reader_of
from tests.factories.labels import (
    AnswerFactory,
    ApplicationFactory,
    AssignmentFactory,
    JurorFactory,
    RoundFactory,
    SchemeVersionFactory,
    indicator_keys,
    make_scheme,
)
from tests.factories.world import make_world
from tests.labels.applying import (
    draft,
    fresh,
    hand_in,
    juror_of,
    keys_of,
    open_round,
    save,
    whole,
)
from tests.partnerships.rooms import do, others, party, team

pytestmark = pytest.mark.django_db


def withdraw(person, one, **more):
    return do(person, withdraw_application, application_id=one.pk, **more)


def restore(person, one, **more):
    return do(person, restore_submission, application_id=one.pk, **more)


def missing(one):
    return [each.field for each in check_complete(gather(fresh(one)))]


def test_all_that_is_missing_is_listed_with_its_field(world):
    one, person = draft(world)
    keys = keys_of(one)
    Application.objects.update(contact_name="", contact_email="")
    own = gather(fresh(one))
    condition = own.scheme.conditions[0].key
    fields = [f"{kind}_{key}" for key in keys for kind in ("points", "text")]
    assert missing(one) == [
        "summary",
        "contact_name",
        "contact_email",
        f"confirmed_{condition}",
        *fields,
    ]
    assert [each.text for each in check_complete(own)][3:6] == [
        "Confirm: We sell in at least one of the two countries.",
        "New abroad: enter your own points.",
        "New abroad: give your reasons.",
    ]
    with pytest.raises(InvalidInput, match="Still missing: Describe the project") as caught:
        hand_in(person, one)
    assert caught.value.field == "summary"
    assert not Submission.objects.exists()


def test_a_document_that_is_asked_for_has_to_be_there(world):
    scheme = make_scheme(world.partnership).scheme
    indicator = Indicator.objects.earliest("pk")
    Indicator.objects.filter(pk=indicator.pk).update(needs_file=True)
    held = RoundFactory(scheme_version=SchemeVersionFactory(scheme=scheme, number=2))
    one, person = whole(world, held)
    key = f"i{indicator.pk}"
    assert missing(one) == [f"file_{key}"]
    do(person, bring_document, application_id=one.pk, indicator=key, name="a.txt", content=b"A")
    assert missing(one) == []


def test_where_the_label_is_for_some_countries_the_project_comes_from_one(world):
    one, person = whole(world, countries="GR FR")
    save(person, one, country="MA")
    assert missing(one) == ["country"]
    save(person, one, country="FR")
    assert missing(one) == []


def test_what_is_handed_in_is_kept_word_for_word_with_its_receipt(world):
    one, person = whole(world)
    do(person, bring_document, application_id=one.pk, indicator="", name="a.txt", content=b"A")
    save(person, one, topics="fisheries, sensors")
    now = timezone.now()
    receipt = hand_in(person, one, now=now)
    assert (receipt.number, receipt.submitted_at, receipt.person_id) == (1, now, person.pk)
    assert receipt.digest == digest_of(receipt.content)
    dossier = read_dossier(receipt.content)
    assert (dossier.applicant, dossier.topics, dossier.country) == (
        "Greek member 1",
        ("fisheries", "sensors"),
        "GR",
    )
    assert [(each.indicator, each.points) for each in dossier.answers] == [
        (key, 4) for key in keys_of(one)
    ]
    assert [(each.number, each.size) for each in dossier.documents] == [(1, 1)]
    kept = fresh(one)
    assert (kept.state, kept.submitted_at) == ("submitted", now)
    entry = AuditEntry.objects.get(verb="submit_label_application")
    assert (entry.partnership_id, entry.organisation_id) == (None, one.organisation_id)
    mail = Mail.objects.get()
    assert mail.recipient == person.email
    assert mail.subject == "Submitted: “Nets that mend themselves”, number 1"
    assert receipt.digest in mail.text
    assert "time in Brussels" in mail.text


def test_an_anonymous_scheme_gives_jurors_no_name_and_no_site(world):
    one, person = whole(world, is_anonymous=True)
    save(person, one, website="https://nets.example", contact_email="other@nets.example")
    dossier = read_dossier(hand_in(person, one).content)
    assert (dossier.applicant, dossier.website) == ("", "")
    # Whoever hands in and whom the clusters write to both get the receipt.
    assert sorted(Mail.objects.values_list("recipient", flat=True)) == sorted(
        [person.email, "other@nets.example"]
    )


def test_a_second_click_hands_in_once_and_shows_the_same_receipt(world):
    one, person = whole(world)
    first = hand_in(person, one)
    later = one.round.closes_at + timedelta(days=1)
    assert hand_in(person, one) == first
    assert hand_in(person, one, now=later) == first
    assert (Submission.objects.count(), Mail.objects.count()) == (1, 1)


def test_the_last_moment_before_the_end_counts_and_the_end_does_not(world):
    held = open_round(world)
    one, person = whole(world, held)
    other, _person = whole(world, held)
    end = fresh(one).round.closes_at
    with pytest.raises(Conflict, match=r"The round closed on .* What you wrote is saved\."):
        hand_in(person, other, now=end)
    assert hand_in(person, one, now=end - timedelta(microseconds=1)).number == 1
    assert fresh(other).state == "draft"
    assert gather(fresh(other)).answers[keys_of(other)[0]].text == "Three harbours use them."


def test_nobody_else_hands_in_or_withdraws(world):
    one, person = whole(world)
    strangers = [*team(world).values(), *others(world).values(), juror_of(world.a)]
    for each in strangers:
        if each == person:
            continue
        with pytest.raises(NotFound):
            hand_in(each, one)
    hand_in(person, one)
    for each in strangers:
        if each == person:
            continue
        for deed in (withdraw, restore):
            with pytest.raises(NotFound):
                deed(each, one)


def test_who_reads_what_was_handed_in(world, reading):
    held = open_round(world, is_anonymous=True)
    one, person = whole(world, held)
    given, other = juror_of(world.b), juror_of(world.b)
    hand_in(person, one)
    side = party(world, world.b)
    seat = JurorFactory(round=held, person=given, party=side)
    JurorFactory(round=held, person=other, party=side)
    AssignmentFactory(juror=seat, application=one)
    reads = {
        person: (1, 1),
        world.a.manager: (1, 1),
        world.b.manager: (1, 1),
        given: (0, 1),
        other: (0, 0),
        world.a.ambassador: (0, 0),
        world.b.representatives[0]: (0, 0),
        world.c.manager: (0, 0),
        world.nobody_special: (0, 0),
    }
    for each, counted in reads.items():
        with reading(each):
            assert (Application.objects.count(), Submission.objects.count()) == counted, each.name


def test_withdrawn_it_is_changed_and_handed_in_anew_with_another_number(world):
    one, person = whole(world)
    first = hand_in(person, one)
    withdraw(person, one)
    assert fresh(one).state == "withdrawn"
    with pytest.raises(Conflict, match="This application hasn’t been submitted"):
        withdraw(person, one)
    save(person, one, summary="Better nets.")
    with pytest.raises(Conflict, match="You’ve changed it since then"):
        restore(person, one)
    second = hand_in(person, one)
    kept = list(Submission.objects.order_by("number"))
    assert [(each.number, each.withdrawn_at is None) for each in kept] == [(1, False), (2, True)]
    assert (kept[0].digest, second.digest != first.digest) == (first.digest, True)
    assert [mail.subject[:9] for mail in Mail.objects.order_by("pk")] == [
        "Submitted",
        "Withdrawn",
        "Submitted",
    ]


def test_a_withdrawal_is_undone_while_the_round_is_open(world):
    one, person = whole(world)
    first = hand_in(person, one)
    withdraw(person, one)
    assert restore(person, one) == first
    assert (fresh(one).state, Submission.objects.get().withdrawn_at) == ("submitted", None)
    with pytest.raises(Conflict, match="Nothing was withdrawn"):
        restore(person, one)
    withdraw(person, one)
    with pytest.raises(Conflict, match="The round no longer accepts applications"):
        restore(person, one, now=one.round.closes_at)


def test_what_is_decided_is_not_withdrawn(world):
    one, person = whole(world)
    hand_in(person, one)
    Round.objects.update(state="decided")
    with pytest.raises(Conflict, match="A decision has been made"):
        withdraw(person, one)
    Round.objects.update(state="judging")
    withdraw(person, one)


def _applicants(count):
    """Return a round and as many filled-in drafts as there are applicants, with who hands them in."""
    world = make_world()
    version = make_scheme(world.partnership)
    end = datetime(2026, 6, 30, 15, tzinfo=UTC)
    held = RoundFactory(scheme_version=version, opens_at=end - timedelta(days=30), closes_at=end)
    keys = indicator_keys(version.scheme)
    condition = next(one["key"] for one in version.content["conditions"])
    made = []
    for number in range(count):
        side = (world.a, world.b)[number % 2]
        place = number // 2 % 3
        one = ApplicationFactory(
            round=held,
            organisation=side.members[place],
            title=f"Project {number}",
            confirmed=[condition],
            contact_email=side.representatives[place].email,
        )
        for key in keys:
            AnswerFactory(application=one, indicator=key)
        made.append((reader_of(side.representatives[place]), one.pk))
    return held, made


def _at_once(jobs):
    """Run jobs, each over a connection of its own, all from one moment on; return what they raised."""
    gate, problems = threading.Barrier(len(jobs)), []

    def run(job):
        try:
            connection.ensure_connection()
            gate.wait(timeout=60)
            job()
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=120)
    assert not any(one.is_alive() for one in threads)
    return problems


def test_forty_who_hand_in_at_once_and_click_twice_get_forty_numbers(transactional_db):
    with acting_as(SERVICE):
        held, made = _applicants(41)
    *forty, (late_reader, late) = made
    last, receipts, lock = held.closes_at - timedelta(seconds=1), {}, threading.Lock()

    def click(reader, pk):
        def run():
            with acting_as(WEB, reader):
                got = submit_application(actor=reader, application_id=pk, now=last)
            with lock:
                receipts.setdefault(pk, []).append((got.number, got.digest))

        return run

    problems = _at_once([click(*one) for one in forty for _click in range(2)])
    assert problems == []
    # Each sees one receipt, the same at both clicks.
    assert sorted(len(set(got)) for got in receipts.values()) == [1] * 40
    assert sorted(len(got) for got in receipts.values()) == [2] * 40
    with acting_as(WEB, late_reader), pytest.raises(Conflict, match="closed on"):
        submit_application(actor=late_reader, application_id=late, now=held.closes_at)
    with acting_as(SERVICE):
        kept = Submission.objects.filter(withdrawn_at=None).order_by("number")
        assert [one.number for one in kept] == list(range(1, 41))
        assert {one.application_id for one in kept} == {pk for _reader, pk in forty}
        assert all(one.digest == digest_of(one.content) for one in kept)
        assert fresh(Application(pk=late)).state == "draft"
        assert gather(fresh(Application(pk=late))).answers != {}
        assert Mail.objects.count() == 40
