"""An application in its making: who can begin one, and that nothing typed is lost or written over."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.labels.models import Answer, Application, Round
from proxeny.labels.operations.applying import mark_of, save_fields
from proxeny.labels.operations.documents import (
    bring_document,
    drop_document,
    restore_document,
)
from proxeny.labels.operations.self_assessment import assess_oneself
from proxeny.labels.queries.own_applications import find_own, gather, rows_of
from tests.conftest import reader_of
from tests.labels.applying import (
    begin,
    draft,
    fresh,
    hand_in,
    juror_of,
    keys_of,
    open_round,
    save,
    values,
    whole,
)
from tests.partnerships.rooms import do, others, team

pytestmark = pytest.mark.django_db


def bring(person, one, content=b"Three harbours.", indicator="", name="customers.txt", **more):
    return do(
        person,
        bring_document,
        application_id=one.pk,
        indicator=indicator,
        name=name,
        content=content,
        **more,
    )


def test_whoever_begins_is_whom_the_clusters_write_to(world):
    one, person = draft(world)
    assert (one.contact_name, one.contact_email) == (person.name, person.email)
    assert (one.country, one.state, one.version) == ("GR", "draft", 1)
    assert one.scheme_version == one.round.scheme_version
    entry = AuditEntry.objects.get(verb="begin_label_application")
    # The room does not read of a draft.
    assert (entry.organisation_id, entry.partnership_id) == (one.organisation_id, None)


def test_an_organisation_has_several_for_its_projects_but_not_any_number(world):
    held, person = open_round(world), world.a.representatives[0]
    for number in range(20):
        begin(person, held, world.a.members[0], f"Project {number}")
    with pytest.raises(Conflict, match="has 20 applications in this round"):
        begin(person, held, world.a.members[0], "One more")


def test_only_ones_own_organisation_applies(world):
    held = open_round(world)
    for person in (*others(world).values(), *team(world).values(), juror_of(world.a)):
        if person == world.a.representatives[0]:
            continue
        with pytest.raises(NotFound):
            begin(person, held, world.a.members[0])


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (
            {"countries": "FR MA"},
            (
                "Atlas is for organisations from these countries: France, Morocco. "
                "Greek member 1 isn’t from any of them."
            ),
        ),
        (
            {"kinds": "university"},
            (
                "Atlas is for organisations of these types: University. Greek member 1 "
                "isn’t one of them."
            ),
        ),
    ],
)
def test_whom_the_label_is_not_for_is_told_why(world, more, told):
    with pytest.raises(InvalidInput) as caught:
        draft(world, **more)
    assert (str(caught.value), caught.value.field) == (told, "organisation")


def test_a_cluster_that_gives_the_label_does_not_apply_for_it(world):
    with pytest.raises(InvalidInput, match="Greek cluster awards this label"):
        begin(world.a.manager, open_round(world), world.a.cluster)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "judging"},
        {"opens_at": timezone.now() + timedelta(days=1)},
        {"closes_at": timezone.now()},
        {"dropped_at": timezone.now()},
    ],
)
def test_one_begins_only_in_a_round_that_takes_applications(world, values):
    held = open_round(world)
    Round.objects.filter(pk=held.pk).update(**values)
    with pytest.raises(NotFound, match="You can’t apply in this round right now"):
        begin(world.a.representatives[0], held, world.a.members[0])


def test_each_field_is_saved_by_itself(world):
    one, person = draft(world)
    key = keys_of(one)[0]
    condition = gather(one).scheme.conditions[0].key
    saved = save(
        person,
        one,
        **{
            "summary": "  Nets.  ",
            "website": "nets.example",
            f"points_{key}": "3,5",
            f"text_{key}": "Three harbours.\r\nAnd more.",
            f"confirmed_{condition}": "on",
            "contact_email": "nobody",
            "country": "XX",
            "other": "1",
        },
    )
    assert saved.kept == (
        "summary",
        "website",
        f"points_{key}",
        f"text_{key}",
        f"confirmed_{condition}",
    )
    assert dict(saved.refused) == {
        "contact_email": "This isn’t an email address. It should look like name@example.org.",
        "country": "Choose the country of origin.",
        "other": "We couldn’t find this field.",
    }
    kept = fresh(one)
    assert (kept.summary, kept.website, kept.confirmed, kept.version) == (
        "Nets.",
        "https://nets.example",
        [condition],
        2,
    )
    answer = Answer.objects.get()
    assert (answer.text, answer.points) == ("Three harbours.\nAnd more.", Decimal("3.5"))
    save(person, one, **{f"points_{key}": "", f"confirmed_{condition}": ""})
    assert Answer.objects.get().points is None
    assert fresh(one).confirmed == []


@pytest.mark.parametrize("points", ["6", "-1", "many", "1.234", "NaN"])
def test_points_stay_within_the_scale(world, points):
    one, person = draft(world)
    key = keys_of(one)[0]
    saved = save(person, one, **{f"points_{key}": points})
    assert dict(saved.refused) == {
        f"points_{key}": "Enter 0 to 5 points, with no more than two decimals."
    }
    assert not Answer.objects.exists()


def test_a_text_that_is_too_long_is_refused_and_says_by_how_much(world):
    one, person = draft(world)
    saved = save(person, one, summary="x" * 3001, title=" ")
    assert dict(saved.refused) == {
        "summary": "Shorten this to 3000 characters; it has 3001.",
        "title": "Enter a project name.",
    }


def test_a_colleagues_newer_text_is_not_written_over(world):
    one, person = draft(world)
    key = keys_of(one)[0]
    seen = {f"text_{key}": mark_of(""), "summary": mark_of("")}
    save(person, one, seen=seen, **{f"text_{key}": "Theirs"})
    saved = save(person, one, seen=seen, **{f"text_{key}": "Mine", "summary": "Mine"})
    assert saved.kept == ("summary",)
    [clash] = saved.clashes
    assert (clash.name, clash.theirs, clash.mine) == (f"text_{key}", "Theirs", "Mine")
    assert values(one)[f"text_{key}"] == "Theirs"
    # Who has seen theirs may put their own in its place; who writes the same disagrees with nobody.
    assert save(person, one, seen=seen, **{f"text_{key}": "Theirs"}).is_whole
    seen = {f"text_{key}": mark_of("Theirs")}
    assert save(person, one, seen=seen, **{f"text_{key}": "Mine"}).is_whole
    assert values(one)[f"text_{key}"] == "Mine"


def test_that_somebody_writes_is_noted_once_an_hour(world):
    one, person = draft(world)
    for text in ("N", "Ne", "Net", "Nets"):
        save(person, one, summary=text)
    found = AuditEntry.objects.filter(verb="write_label_application")
    assert [(entry.partnership_id, entry.changes) for entry in found] == [(None, {})]
    save(person, one, summary="Nets.", now=timezone.now() + timedelta(hours=2))
    assert found.all().count() == 2


def test_nothing_is_written_once_it_is_handed_in_or_the_round_has_closed(world):
    one, person = whole(world)
    hand_in(person, one)
    with pytest.raises(Conflict, match="Withdraw it first"):
        save(person, one, summary="Other")
    other, person = draft(world, one.round)
    late = one.round.closes_at
    with pytest.raises(Conflict, match="What you wrote is saved"):
        save(person, other, summary="Other", now=late)
    assert save(person, other, summary="Other", now=late - timedelta(microseconds=1)).is_whole


def test_a_draft_is_read_and_written_by_its_own_people_alone(world):
    one, _person = draft(world)
    people = [
        world.a.manager,
        world.b.manager,
        world.a.ambassador,
        world.b.representatives[0],
        world.c.manager,
        world.nobody_special,
        juror_of(world.a),
    ]
    for person in people:
        with pytest.raises(NotFound):
            save(person, one, summary="Mine")
        with pytest.raises(NotFound):
            bring(person, one)


def test_own_points_are_reckoned_against_each_threshold(world):
    one, _person = draft(world)
    scheme = gather(one).scheme
    new, customers, people = keys_of(one)
    found = assess_oneself(scheme, {new: Decimal(1), customers: Decimal(4), people: None})
    assert (found.total.reached, found.passes, found.open) == (None, None, 1)
    novelty = found.criteria[0].indicators[0].line
    assert (novelty.reached, novelty.least, novelty.passes, novelty.gap) == (1, 2, False, 1)
    found = assess_oneself(scheme, {new: Decimal(2), customers: Decimal(4), people: Decimal(5)})
    # Novelty 40% with weight 2; market (2 × 80 + 100) / 3 = 86.67% with weight 1.
    assert [each.line.reached for each in found.criteria] == [Decimal(40), Decimal("86.67")]
    assert (found.total.reached, found.total.gap) == (Decimal("55.56"), Decimal("4.45"))
    assert (found.passes, found.level) == (False, None)
    assert scheme.told(found.next_level.title) == "Silver"
    found = assess_oneself(scheme, {key: Decimal(5) for key in keys_of(one)} | {"i0": Decimal(1)})
    assert (found.passes, scheme.told(found.level.title), found.next_level) == (True, "Gold", None)


def test_documents_are_known_by_their_content(world):
    one, person = draft(world)
    key = keys_of(one)[0]
    first = bring(person, one, indicator=key)
    assert (first.number, first.indicator, first.media_type, first.size) == (
        1,
        key,
        "text/plain",
        15,
    )
    for content, name, told in (
        (b"Three harbours.", "again.txt", "This exact document is already here."),
        (b"MZ\x90", "setup.exe", None),
        (b"<script>alert(1)</script>", "x.txt", None),
    ):
        with pytest.raises(InvalidInput) as caught:
            bring(person, one, content=content, name=name, indicator=key)
        assert caught.value.field == "file"
        assert told in (None, str(caught.value))
    # The same may be evidence for something else.
    assert bring(person, one).number == 2
    with pytest.raises(NotFound, match="We couldn’t find this indicator"):
        bring(person, one, content=b"Other", indicator="i0")


def test_a_document_is_taken_away_and_brought_back_in_a_draft(world):
    one, person = whole(world)
    kept = bring(person, one)
    do(person, drop_document, application_id=one.pk, number=kept.number)
    assert (gather(one).documents, len(gather(one).dropped)) == ((), 1)
    do(person, restore_document, application_id=one.pk, number=kept.number)
    assert len(gather(one).documents) == 1
    hand_in(person, one)
    for deed in (drop_document, restore_document):
        with pytest.raises(Conflict):
            do(person, deed, application_id=one.pk, number=kept.number)
    with pytest.raises(Conflict):
        bring(person, one, content=b"Later")
    verbs = AuditEntry.objects.filter(verb__contains="_document").values_list("verb", flat=True)
    assert sorted(verbs) == [
        "bring_label_document",
        "drop_label_document",
        "restore_label_document",
    ]


def test_an_application_holds_so_many_documents(world, monkeypatch):
    monkeypatch.setattr("proxeny.labels.operations.documents.MOST", 2)
    monkeypatch.setattr("proxeny.labels.operations.documents.MOST_BYTES", 20)
    one, person = draft(world)
    bring(person, one)
    with pytest.raises(Conflict, match="All documents together"):
        bring(person, one, content=b"Six more")
    bring(person, one, content=b"Six")
    with pytest.raises(Conflict, match="up to 2 documents"):
        bring(person, one, content=b"S")


def test_the_list_asks_as_often_for_three_as_for_one(world, reading, django_assert_num_queries):
    person = world.a.representatives[0]
    held = open_round(world)
    reader = reader_of(person)
    for count in (1, 3):
        while Application.objects.count() < count:
            whole(world, held)
        with reading(person), django_assert_num_queries(6):
            assert len(rows_of(find_own(reader))) == count


def test_saving_names_no_field_of_another_scheme(world):
    one, person = draft(world)
    other = open_round(world)
    key = keys_of(begin(person, other, world.a.members[0]))[0]
    saved = do(person, save_fields, application_id=one.pk, values={f"text_{key}": "x"})
    assert dict(saved.refused) == {f"text_{key}": "We couldn’t find this field."}
