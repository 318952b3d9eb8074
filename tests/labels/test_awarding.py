"""Awards: put before all sides, signed by each with its own key, issued with the last signature."""

from base64 import b64encode
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.engine.credentials import decode_list
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.labels.models import Application, Award, IssuerKey, Result, Round, StatusList
from proxeny.labels.operations.awarding import prepare_awards, put_awards
from proxeny.labels.operations.issuing import proofs_of
from proxeny.labels.operations.keys import report_loss
from proxeny.partnerships.models import Interest
from proxeny.partnerships.queries import parties_of
from tests.factories.labels import AppealFactory
from tests.labels.awarding import awarded, close, code, decided, keys, put, sign, verify
from tests.partnerships.rooms import do, others

pytestmark = pytest.mark.django_db


def test_an_award_holds_once_both_clusters_have_signed_each_with_its_own_key(world):
    keys(world)
    held = decided(world)
    agreement = put(world.a.manager, held)
    award = Award.objects.get()
    assert (award.issued_at, award.holder, award.title) == (
        None,
        world.a.members[0].name,
        "Project 0",
    )
    assert [
        one["verificationMethod"].rpartition("#")[2] for one in proofs_of(award.credential)
    ] == [f"key-{world.a.cluster.pk}-1"]
    assert Client().get(f"/awards/{award.code}/credential.json").status_code == 404
    sign(world.b.manager, agreement)
    award.refresh_from_db()
    assert award.issued_at is not None
    verdict = verify(award)
    assert (verdict.state, verdict.missing) == ("valid", ())
    assert [one.cluster for one in verdict.signatures] == [
        f"did:web:127.0.0.1%3A8000:issuers:{side.cluster.pk}" for side in (world.a, world.b)
    ]
    assert verdict.issuer == f"did:web:127.0.0.1%3A8000:labels:{held.scheme.slug}"
    assert (verdict.valid_from, verdict.valid_until) == (award.valid_from, award.valid_until)


def test_the_text_names_each_award_with_its_fingerprint_and_the_fee(world):
    keys(world)
    agreement = put(world.a.manager, decided(world, 2, fee_award=250))
    assert "Project 0\nHolder: " in agreement.text
    assert "Project 1\nHolder: Firm 1" in agreement.text
    assert agreement.text.count("Fingerprint: ") == 2
    assert "Level: Gold" in agreement.text
    assert "Total" not in agreement.text
    assert "Fee per award: 250.00 EUR" in agreement.text


def test_the_total_stands_in_an_award_where_it_is_to_be_told(world):
    keys(world)
    sign(world.b.manager, put(world.a.manager, decided(world), tells_total=True))
    award = Award.objects.get()
    results = award.credential["credentialSubject"]["result"]
    assert [one["value"] for one in results] == ["Gold", "80.00"]
    assert award.total == 80


def test_holders_are_told_with_their_page(world):
    award = awarded(world, fee_award=250)[0]
    mail = Mail.objects.get(key__startswith=f"award:{award.pk}:awarded")
    assert mail.recipient == award.application.contact_email
    assert mail.subject == "“Project 0” has been awarded the label Atlas"
    assert f"/awards/{award.code}/" in mail.text
    assert "The award fee is 250.00 EUR." in mail.text
    assert {one.verb for one in AuditEntry.objects.all()} >= {"put_awards", "issue_awards"}


def test_they_hold_from_a_chosen_day_for_as_long_as_the_scheme_says(world):
    keys(world)
    day = timezone.localdate() + timedelta(days=10)
    put(world.a.manager, decided(world, valid_months=24), from_on=day)
    award = Award.objects.get()
    assert award.valid_from.astimezone(timezone.get_default_timezone()).date() in (
        day,
        day - timedelta(days=1),
    )
    assert (award.valid_until.year, award.valid_until.month) == (
        award.valid_from.year + 2,
        award.valid_from.month,
    )
    with pytest.raises(Conflict, match="already waiting for signatures"):
        put(world.b.manager, Round.objects.get(), from_on=day)


def test_a_day_that_is_over_is_refused(world):
    keys(world)
    held = decided(world)
    with pytest.raises(InvalidInput, match="Choose today or a later date") as error:
        put(world.a.manager, held, from_on=timezone.localdate() - timedelta(days=3))
    assert error.value.field == "from_on"


def test_without_keys_nothing_is_put_and_who_lacks_one_is_told(world):
    held = decided(world)
    prepared = prepare_awards(held, parties_of(held.partnership))
    assert prepared.missing == (
        "Greek cluster doesn’t have a key to sign with yet.",
        "French cluster doesn’t have a key to sign with yet.",
    )
    with pytest.raises(InvalidInput, match="doesn’t have a key to sign with yet"):
        put(world.a.manager, held)
    assert not Award.objects.exists()


def test_with_another_secret_keys_are_told_as_useless(world, settings):
    keys(world)
    held = decided(world)
    settings.SECRET_KEY = "another"
    prepared = prepare_awards(held, parties_of(held.partnership))
    assert len(prepared.missing) == 2
    assert "PROXENY_SECRET_KEY" in prepared.missing[0]
    with pytest.raises(InvalidInput):
        put(world.a.manager, held)


def test_a_secret_that_changes_in_between_is_refused_with_a_sentence(world, settings):
    keys(world)
    agreement = put(world.a.manager, decided(world))
    settings.SECRET_KEY = "another"
    with pytest.raises(Conflict, match="can no longer be used on this site"):
        sign(world.b.manager, agreement)
    assert Award.objects.get().issued_at is None


def test_a_key_lost_in_between_is_refused(world):
    keys(world)
    agreement = put(world.a.manager, decided(world))
    do(world.a.manager, report_loss, organisation_id=world.a.cluster.pk, number=1, why="Stolen.")
    with pytest.raises(Conflict, match="has since been reported as lost"):
        sign(world.b.manager, agreement)
    close(world.b.manager, agreement)
    assert Award.objects.get().dropped_at is not None


@pytest.mark.parametrize("change", ["withdrawn", "appealed", "given up"])
def test_who_withdraws_appeals_or_gives_up_in_between_is_refused(world, change):
    keys(world)
    held = decided(world)
    agreement = put(world.a.manager, held)
    one = Application.objects.get()
    if change == "withdrawn":
        Application.objects.update(state="withdrawn")
    elif change == "appealed":
        AppealFactory(application=one)
    else:
        Result.objects.update(standing="given-up")
    with pytest.raises(Conflict, match="Withdrawn, given up or under appeal since then: Project 0"):
        sign(world.b.manager, agreement)


def test_who_withdrew_or_appeals_before_is_left_out_and_told(world):
    keys(world)
    held = decided(world, 3)
    first, second, _third = Application.objects.order_by("pk")
    Application.objects.filter(pk=first.pk).update(state="withdrawn")
    AppealFactory(application=second)
    prepared = prepare_awards(held, parties_of(held.partnership))
    assert [(one.result.application.title, one.why) for one in prepared.left_out] == [
        ("Project 0", "It was withdrawn."),
        ("Project 1", "Its appeal hasn’t been decided yet."),
    ]
    sign(world.b.manager, put(world.a.manager, held))
    assert [one.title for one in Award.objects.all()] == ["Project 2"]


def test_a_text_that_is_closed_takes_awards_back_and_their_places_are_not_given_anew(world):
    keys(world)
    held = decided(world)
    agreement = put(world.a.manager, held)
    close(world.b.manager, agreement)
    first = Award.objects.get()
    assert first.dropped_at is not None
    sign(world.b.manager, put(world.a.manager, held))
    second = Award.objects.exclude(pk=first.pk).get()
    assert (first.status_index, second.status_index) == (0, 1)
    assert StatusList.objects.get().taken == 2
    assert verify(second).state == "valid"
    assert Client().get(f"/awards/{first.code}/credential.json").status_code == 404


def test_nobody_is_awarded_twice(world):
    awarded(world)
    held = Round.objects.select_related("scheme", "scheme_version").get()
    with pytest.raises(InvalidInput, match="There’s no one left to award in this round"):
        put(world.a.manager, held)


def test_who_has_a_conflict_of_interest_neither_puts_nor_signs(world):
    keys(world)
    held = decided(world)
    one = Application.objects.get()
    Interest.objects.create(
        partnership=world.partnership,
        person=world.b.manager,
        subject="application",
        subject_id=one.pk,
        conflicts=True,
        said_at=timezone.now(),
    )
    with pytest.raises(NotAllowed, match="conflict of interest"):
        put(world.b.manager, held)
    agreement = put(world.a.manager, held)
    with pytest.raises(NotAllowed, match="conflict of interest"):
        sign(world.b.manager, agreement)


def test_only_managers_put_awards_and_only_of_a_decided_round(world):
    keys(world)
    held = decided(world)
    with pytest.raises(NotAllowed):
        put(world.a.ambassador, held)
    for person in others(world).values():
        with pytest.raises(NotFound):
            put(person, held)
    Round.objects.update(state="discussing")
    with pytest.raises(Conflict):
        put(world.a.manager, held)


def test_what_changed_since_it_was_read_is_not_put(world):
    keys(world)
    held = decided(world)
    with pytest.raises(Conflict, match="while you were reading"):
        do(
            world.a.manager,
            put_awards,
            partnership_id=held.partnership_id,
            round_id=held.pk,
            seen="0" * 64,
            make_code=code,
        )


def test_an_award_that_was_changed_in_the_database_is_not_signed(world):
    keys(world)
    agreement = put(world.a.manager, decided(world))
    award = Award.objects.get()
    award.credential["credentialSubject"]["identifier"][0]["identityHash"] = "Somebody else"
    award.save()
    with pytest.raises(Conflict, match="text has changed"):
        sign(world.b.manager, agreement)


def test_a_renewal_follows_on_the_end_of_what_it_renews(world):
    before = awarded(world)[0]
    held = decided(world, slug="atlas-again")
    Application.objects.filter(round=held).update(renews=before)
    sign(world.b.manager, put(world.a.manager, held))
    after = Award.objects.latest("pk")
    assert (after.why, after.replaces_id) == ("renewal", before.pk)
    assert after.valid_from == before.valid_until
    before.refresh_from_db()
    assert before.revoked_at is None
    assert verify(after).state == "not_yet_valid"
    assert verify(after, now=after.valid_from + timedelta(hours=1)).state == "unchecked"


def test_putting_and_signing_ask_as_often_for_one_award_as_for_three(world):
    keys(world)
    counts = {}
    for many in (1, 3):
        held = decided(world, many, slug=f"atlas-{many}")
        with CaptureQueriesContext(connection) as putting:
            agreement = put(world.a.manager, held)
        counts[many] = len(putting)
        with CaptureQueriesContext(connection) as signing:
            sign(world.b.manager, agreement)
        # Mails are one by one.
        counts[many, "signing"] = len(
            [
                one
                for one in signing
                if "kernel_mail" not in one["sql"]
                and "notices_" not in one["sql"]
                and "procrastinate" not in one["sql"]
                and "set_config" not in one["sql"]
                and "SAVEPOINT" not in one["sql"]
            ]
        )
    assert counts[1] == counts[3]
    assert counts[1, "signing"] == counts[3, "signing"]


def test_a_hundred_thousandth_award_is_issued_as_fast_as_the_first(world, record_property):
    first = awarded(world)[0]
    own = {"id", "code", "status_index"}
    same = ", ".join(one.column for one in Award._meta.fields if one.column not in own)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO labels_award (code, status_index, {same})"  # noqa: S608  its own columns
            f" SELECT 'many' || n, n, {same} FROM labels_award, generate_series(1, 99999) n"
        )
    StatusList.objects.update(taken=131_071)
    held = decided(world, 2, slug="atlas-late")
    Round.objects.filter(pk=held.pk).update(
        scheme=first.scheme, scheme_version=first.scheme_version
    )
    Result.objects.filter(round=held).update(level=first.level)
    held = Round.objects.select_related("scheme", "scheme_version").get(pk=held.pk)
    began = timezone.now()
    agreement = put(world.a.manager, held)
    sign(world.b.manager, agreement)
    seconds = (timezone.now() - began).total_seconds()
    record_property("seconds to issue the 100,001st award", round(seconds, 2))
    assert seconds < 5
    late = list(Award.objects.order_by("-pk")[:2])
    # The first list was full after one more place: the next award began a second one.
    assert {one.status_list.number for one in late} == {1, 2}
    assert [verify(one).state for one in late] == ["valid", "valid"]
    client = Client()
    size = len(client.get(f"/labels/{first.scheme.slug}/status/1/").content)
    assert size < 200_000
    from proxeny.kernel.view_helpers import PAGE_SIZE

    client.force_login(world.a.manager.account)
    shown = client.get(f"/partnerships/{world.partnership.pk}/labels/{first.scheme_id}/awards/")
    assert len(shown.context["rows"]) == PAGE_SIZE
    assert shown.context["count"] == 100_002


def test_the_private_half_is_nowhere_in_the_clear(world, caplog):
    caplog.set_level("DEBUG")
    award = awarded(world)[0]
    from proxeny.labels.operations.keys import open_key

    seeds = [open_key(one).reveal_seed() for one in IssuerKey.objects.all()]
    forms = [form for one in seeds for form in (one.hex(), b64encode(one).decode(), repr(one))]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608  its own tables
            text = " ".join(row[0] for row in cursor.fetchall())
            assert not any(form in text for form in forms), table
    assert not any(form in caplog.text for form in forms)
    assert (
        decode_list(award.status_list.credential["credentialSubject"]["encodedList"]).is_set(0)
        is False
    )
