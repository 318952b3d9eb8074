"""Publishing a study: what is missing, signatures, versions, withdrawing."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.partnerships.operations import records, signing
from proxeny.partnerships.texts import name_of
from proxeny.research.models import Package, Publication, Study
from proxeny.research.operations import publishing
from tests.conftest import reader_of
from tests.factories import research as made
from tests.partnerships.rooms import do
from tests.research.advising import file_of
from tests.research.publishing import NOW, publish, put, sign, text_of, whole_study

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]


def test_it_is_published_with_the_last_signature_and_not_before(world, reading):
    study = whole_study(world)
    agreement = put(world, study)
    one = Publication.objects.get(study=study)
    assert (one.number, one.slug, one.published_at) == (
        1,
        f"what-small-studios-earn-abroad-{study.pk}",
        None,
    )
    with reading(None):
        assert not Publication.objects.exists()
    with reading(world.c.manager):
        assert not Publication.objects.exists()
    assert Mail.objects.filter(recipient=world.b.manager.email).count() == 1
    sign(world, agreement)
    with reading(None):
        assert Publication.objects.get().published_at is not None
    entry = AuditEntry.objects.get(verb="publish_study")
    assert (entry.person_id, entry.changes["number"]) == (world.b.manager.pk, 1)
    assert name_of(agreement) == f"the publication of the study “{study.title}”"


def test_the_text_names_title_packages_and_the_checksum_of_the_content(world):
    study = whole_study(world)
    text = put(world, study).text
    one = Publication.objects.get(study=study)
    assert "“What small studios earn abroad”, version 1" in text
    assert "Data package “Answers of 40 studios”: open to all, CC BY 4.0, files: 1" in text
    assert "Data package “Interviews”: on request, All rights reserved, files: 1" in text
    assert "Data package “Names”: not shared, CC BY 4.0, files: 0" in text
    assert publishing.checksum_of(one.content) in text
    assert f"/studies/{one.slug}/" in text
    assert "Ada Example" in text


def test_what_is_missing_is_told_and_nothing_is_published(world, reading):
    study = made.StudyFactory(partnership=world.partnership)
    made.PackageFactory(study=study, access="request")
    with reading(world.a.manager):
        missing = publishing.prepare_publication(study, today=NOW.date()).missing
    assert missing == (
        "The study hasn’t started yet.",
        "What was found hasn’t been written up yet.",
        "No contributor is marked as a cited author.",
        "No version of the data package “Answers of 40 studios” has been released yet.",
    )
    with pytest.raises(InvalidInput, match="hasn’t started"):
        put(world, study)
    assert not Publication.objects.exists()
    assert text_of(world) is None


def test_a_name_that_is_not_safe_elsewhere_is_told(world, reading):
    study = whole_study(world)
    file_of(study, path="datapackage.json", content="{}", package=made.PackageFactory(study=study))
    with reading(world.a.manager):
        [told] = publishing.prepare_publication(study, today=NOW.date()).missing
    assert "datapackage.json" in told


@pytest.mark.parametrize(
    ("who", "error"),
    [("ambassador", NotAllowed), ("stranger", NotFound), ("other", NotFound)],
)
def test_only_managers_put_it_before_all(world, reading, who, error):
    study = whole_study(world)
    person = {
        "ambassador": world.a.ambassador,
        "stranger": world.nobody_special,
        "other": world.c.manager,
    }[who]
    with reading(person), pytest.raises(error):
        publishing.ask_publication(
            actor=reader_of(person),
            partnership_id=world.partnership.pk,
            study_id=study.pk,
            seen="",
            now=NOW,
        )
    assert not Publication.objects.exists()


def test_nobody_signs_what_was_changed_since(world, reading):
    study = whole_study(world)
    with reading(world.a.manager):
        seen = publishing.prepare_publication(study, today=NOW.date()).checksum
    Study.objects.update(summary="They earn half of it abroad.")
    with reading(world.a.manager), pytest.raises(Conflict, match="changed while"):
        publishing.ask_publication(
            actor=reader_of(world.a.manager),
            partnership_id=world.partnership.pk,
            study_id=study.pk,
            seen=seen,
            now=NOW,
        )
    put(world, study)
    with pytest.raises(Conflict, match="waiting for signatures"):
        put(world, study, world.b.manager)


def test_later_work_changes_nothing_and_a_new_publication_is_a_new_number(world, reading):
    study = whole_study(world)
    first = publish(world, study)
    Study.objects.update(summary="They earn half of it abroad.", title="Half of it")
    Package.objects.filter(title="Names").update(access="open")
    first.refresh_from_db()
    assert first.content["description"] == "Small studios earn a third of it abroad."
    study.refresh_from_db()
    second = publish(world, study)
    assert (second.number, second.slug) == (2, first.slug)
    assert second.content["version"] == "2"
    assert second.content["description"] == "They earn half of it abroad."


def test_who_does_not_sign_says_why_and_the_next_try_keeps_the_number(world, reading, sign_in):
    study = whole_study(world)
    agreement = put(world, study)
    with reading(world.b.manager):
        signing.close_text(
            actor=reader_of(world.b.manager),
            partnership_id=world.partnership.pk,
            agreement_id=agreement.pk,
            why="The summary is too bold.",
            now=timezone.now(),
        )
    page = sign_in(world.a.manager).get(
        reverse("research:publication", args=[world.partnership.pk, study.pk])
    )
    assert "The summary is too bold." in page.content.decode()
    assert not Publication.objects.filter(published_at__isnull=False).exists()
    one = publish(world, study)
    assert (one.number, Publication.objects.count()) == (1, 1)


def test_it_is_withdrawn_in_all_versions_with_a_reason(world, reading):
    study = whole_study(world)
    publish(world, study)
    Study.objects.update(summary="They earn half of it abroad.")
    study.refresh_from_db()
    publish(world, study)
    given = {"partnership_id": world.partnership.pk, "study_id": study.pk, "now": NOW}
    with reading(world.b.manager):
        actor = reader_of(world.b.manager)
        with pytest.raises(InvalidInput):
            publishing.withdraw_publication(actor=actor, reason=" ", **given)
        publishing.withdraw_publication(actor=actor, reason="A row was wrong.", **given)
        with pytest.raises(Conflict):
            publishing.withdraw_publication(actor=actor, reason="Again.", **given)
    assert set(Publication.objects.values_list("withdrawn_why", flat=True)) == {"A row was wrong."}
    assert AuditEntry.objects.get(verb="withdraw_study").why == "A row was wrong."
    with reading(world.b.ambassador), pytest.raises(NotAllowed):
        publishing.withdraw_publication(actor=reader_of(world.b.ambassador), reason="No.", **given)
    # What comes after it is a version of its own.
    Study.objects.update(summary="They earn a third of it abroad, counted again.")
    study.refresh_from_db()
    assert publish(world, study).number == 3


def test_what_waits_is_not_published_once_the_study_was_withdrawn(world):
    study = whole_study(world)
    publish(world, study)
    Study.objects.update(summary="They earn half of it abroad.")
    waiting = put(world, study)
    withdraw(world, study)
    with pytest.raises(Conflict):
        sign(world, waiting)
    assert not Publication.objects.filter(withdrawn_at=None, published_at__isnull=False).exists()


def test_what_waits_is_not_published_once_the_study_was_put_away(world):
    study = whole_study(world)
    waiting = put(world, study)
    given = {"kind": "study", "partnership_id": world.partnership.pk, "record_id": study.pk}
    do(world.a.manager, records.drop_record, **given)
    with pytest.raises(Conflict):
        sign(world, waiting)
    # Nor once it is back: it is put before all sides anew.
    do(world.a.manager, records.restore_record, **given)
    with pytest.raises(Conflict):
        sign(world, waiting)
    assert publish(world, study).number == 1


def test_a_study_that_is_put_away_can_be_withdrawn(world, sign_in):
    study = whole_study(world)
    publish(world, study)
    do(
        world.a.manager,
        records.drop_record,
        kind="study",
        partnership_id=world.partnership.pk,
        record_id=study.pk,
    )
    client = sign_in(world.a.manager)
    numbers = [world.partnership.pk, study.pk]
    page = client.get(reverse("research:publication", args=numbers)).content.decode()
    assert "Withdraw it" in page
    assert "Send for signature" not in page
    client.post(reverse("research:publication-withdraw", args=numbers), {"reason": "Wrong."})
    assert Publication.objects.get().withdrawn_why == "Wrong."


def test_the_partnership_is_locked_before_anything_is_put_before_its_sides(world):
    with CaptureQueriesContext(connection) as asked:
        put(world, whole_study(world))
    locked = [one["sql"] for one in asked if "FOR UPDATE" in one["sql"]]
    assert [re.findall(r'FROM "(\w+)"', sql)[0] for sql in locked[:2]] == [
        "research_study",
        "partnerships_partnership",
    ]


def test_the_checksum_is_in_the_text_however_many_packages_there_are(world):
    study = whole_study(world)
    put(world, study)
    one = Publication.objects.get(study=study)
    one.content["datasets"] *= 200
    text = publishing.write_text(one, world.partnership)
    assert len(text) == 19_000
    assert publishing.checksum_of(one.content) in text


def test_only_packages_that_are_named_are_said_to_be_named(world, reading):
    study = whole_study(world)
    made.PackageFactory(study=study, title="Never released", access="closed")
    with reading(world.a.manager):
        remarks = publishing.prepare_publication(study, today=NOW.date()).remarks
    assert "These data packages are listed, but their files stay in the room: Names" in remarks


def withdraw(world, study):
    return do(
        world.a.manager,
        publishing.withdraw_publication,
        study_id=study.pk,
        partnership_id=world.partnership.pk,
        reason="A row was wrong.",
    )


@pytest.mark.parametrize("field", ["why", "question"])
def test_neither_reason_nor_question_is_shown_as_what_was_found(world, sign_in, field):
    study = whole_study(world)
    said = getattr(study, field)
    Study.objects.filter(pk=study.pk).update(summary="", **({} if field == "why" else {"why": ""}))
    url = reverse("research:publication", args=[world.partnership.pk, study.pk])
    page = sign_in(world.a.manager).get(url).content.decode()
    assert said in page
    [found] = re.findall('<section class="pb-part" id="found".*?</section>', page, re.DOTALL)
    assert "No findings written up yet." in found
    assert said not in found


def test_both_sides_do_it_in_their_pages(world, sign_in):
    study = whole_study(world)
    url = reverse("research:publication", args=[world.partnership.pk, study.pk])
    a, b = sign_in(world.a.manager), sign_in(world.b.manager)
    text = a.get(url).content.decode()
    assert "Send for signature" in text
    assert "These data packages are listed, but their files stay in the room: Names" in text
    assert "names.csv" not in text
    assert "Draft of ours" not in text
    seen = re.search(r'name="seen" value="(\w{64})"', text)[1]
    assert "signs first" in sign_in(world.a.ambassador).get(url).content.decode()
    page = a.post(
        reverse("research:publication-ask", args=[world.partnership.pk, study.pk]),
        {"seen": seen},
        follow=True,
    )
    assert "Signed for your side" in page.content.decode()
    agreement = text_of(world)
    text = b.get(url).content.decode()
    assert reverse("partnerships:text", args=[world.partnership.pk, agreement.pk]) in text
    b.post(
        reverse("partnerships:text-sign", args=[world.partnership.pk, agreement.pk]),
        {"text_hash": agreement.text_hash},
    )
    text = b.get(url).content.decode()
    assert "Nothing has changed since it was published." in text
    assert reverse("research:public", args=[f"what-small-studios-earn-abroad-{study.pk}"]) in text
    Study.objects.update(summary="They earn half of it abroad.")
    text = a.get(url).content.decode()
    assert "Changes since version 1" in text
    assert "Changed: What was found" in text
    page = a.post(
        reverse("research:publication-withdraw", args=[world.partnership.pk, study.pk]), {}
    )
    assert page.status_code == 422
    page = a.post(
        reverse("research:publication-withdraw", args=[world.partnership.pk, study.pk]),
        {"reason": "A row was wrong."},
        follow=True,
    )
    assert "A row was wrong." in page.content.decode()


@pytest.mark.parametrize("who", ["nobody_special", "c"])
def test_others_do_not_see_the_page(world, sign_in, who):
    study = whole_study(world)
    person = world.c.manager if who == "c" else world.nobody_special
    for name in ("publication", "crate"):
        url = reverse(f"research:{name}", args=[world.partnership.pk, study.pk])
        assert sign_in(person).get(url).status_code == 404


def test_the_page_asks_as_often_for_three_as_for_one(world, sign_in, django_assert_max_num_queries):
    study = whole_study(world)
    publish(world, study)
    client = sign_in(world.a.manager)
    url = reverse("research:publication", args=[world.partnership.pk, study.pk])
    client.get(url)
    with django_assert_max_num_queries(42):
        client.get(url)
    for number in range(3):
        made.ContributorFactory(study=study, name=f"Person {number}")
        file_of(study, package=made.PackageFactory(study=study, title=f"Package {number}"))
    with django_assert_max_num_queries(42):
        client.get(url)
