"""What the teams note: what each kind needs, who writes and reads it, and how it is found again."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from proxeny.assessments.models import Note
from proxeny.assessments.operations import notes as deeds
from proxeny.assessments.operations.notes import NoteFacts
from proxeny.assessments.queries.notes import Wanted, find_notes
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from tests.assessments.doing import do
from tests.assessments.working import (
    NOW,
    TODAY,
    address,
    at_work,
    founded,
    outsiders,
    page,
    wall,
    words,
)
from tests.factories.assessments import NoteFactory
from tests.files import is_table_file
from tests.stages import staged

pytestmark = pytest.mark.django_db
PRICE = NoteFacts(
    kind="price", title="A yearly licence", amount=Decimal("1200"), currency="eur", unit="a year"
)
TALK = NoteFacts(
    kind="interview", title="They buy by the year", origin="A buyer of a studio", seen_on=TODAY
)
READ = NoteFacts(
    kind="source", title="Study of 2025", url="https://example.org/study", seen_on=TODAY
)


@staged
def one(world):
    return at_work(world)


def write(person, engagement, facts=PRICE, **changes):
    return do(
        person,
        deeds.NOTES.write,
        engagement_id=engagement.pk,
        facts=replace(facts, **changes),
        now=NOW,
    )


# --- Writing


def test_both_teams_note_and_each_reads_what_the_other_noted(world, one):
    made = write(world.a.manager, one)
    assert (made.kind, made.amount, made.currency, made.unit) == (
        "price",
        Decimal("1200.00"),
        "EUR",
        "a year",
    )
    assert made.written_by_id == world.a.manager.pk
    other = write(world.b.ambassador, one, TALK)
    assert {note.pk for note in find_notes(one.pk, Wanted())} == {made.pk, other.pk}
    rows = AuditEntry.objects.filter(verb="write_note").order_by("pk")
    assert [(row.target, row.target_id, row.organisation_id, row.changes) for row in rows] == [
        ("assessments.note", made.pk, world.a.cluster.pk, {}),
        ("assessments.note", other.pk, world.b.cluster.pk, {}),
    ]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (replace(PRICE, amount=None), "amount"),
        (replace(PRICE, amount=None, currency="", unit=""), "amount"),
        (replace(PRICE, amount=Decimal(-1)), "amount"),
        (replace(PRICE, amount=Decimal("Infinity")), "amount"),
        (replace(PRICE, amount=Decimal(10) ** 12), "amount"),
        (replace(PRICE, currency="XXE"), "currency"),
        (replace(PRICE, currency=""), "currency"),
        (replace(PRICE, unit=" "), "unit"),
        (replace(PRICE, kind="risk"), "amount"),
        (replace(PRICE, kind="rumour"), "kind"),
        (replace(PRICE, title="  "), "title"),
        (replace(PRICE, title="x" * 201), "title"),
        (replace(PRICE, text="x" * 8001), "text"),
        (replace(TALK, origin=""), "origin"),
        (replace(TALK, seen_on=None), "seen_on"),
        (replace(TALK, seen_on=TODAY + timedelta(days=2)), "seen_on"),
        (replace(READ, url=""), "url"),
        (replace(READ, url="javascript:alert(1)"), "url"),
        (replace(READ, url="ftp://example.org"), "url"),
        (replace(READ, seen_on=None), "seen_on"),
    ],
)
def test_what_does_not_hold_is_said_beside_its_field(world, one, facts, field):
    with pytest.raises(InvalidInput) as refused:
        write(world.a.manager, one, facts)
    assert refused.value.field == field
    assert not Note.objects.exists()


def test_a_source_may_stand_on_paper(world, one):
    assert write(world.a.manager, one, READ, url="", origin="National library").url == ""


@pytest.mark.parametrize("state", ["asked", "checking", "handed-over", "closed", "declined"])
def test_nothing_is_noted_before_the_brief_or_after_the_hand_over(world, state):
    one = at_work(world, state=state)
    note = NoteFactory(engagement=one)
    with pytest.raises(Conflict):
        write(world.a.manager, one)
    with pytest.raises(Conflict):
        do(world.a.manager, deeds.NOTES.drop, engagement_id=one.pk, record_id=note.pk)


@pytest.mark.parametrize("state", ["brief", "working", "reported"])
def test_notes_are_gathered_from_the_brief_to_the_hand_over(world, state):
    assert write(world.b.manager, at_work(world, state=state)).pk


def test_nobody_but_the_teams_notes_anything(world, one, sign_in):
    note = NoteFactory(engagement=one, title="They buy nothing")
    wall(one, world.b.ambassador)
    with pytest.raises(NotAllowed):
        write(world.a.representatives[0], one)
    for name, person in {**outsiders(world, one), "walled": world.b.ambassador}.items():
        if name != "client":
            with pytest.raises(NotFound):
                write(person, one)
        client = sign_in(person)
        for url in (address(one, "work"), address(one, "note-edit", note.pk)):
            assert client.get(url).status_code == 404, name
        for url in (address(one, "note-add"), address(one, "note-drop", note.pk)):
            assert client.post(url, {"kind": "note", "title": "x"}).status_code == 404, name
    assert Note.objects.get().dropped_at is None


def test_a_note_that_changed_is_not_written_over(world, one):
    note = write(world.a.manager, one)
    changed = do(
        world.b.manager,
        deeds.NOTES.change,
        engagement_id=one.pk,
        record_id=note.pk,
        version=1,
        facts=replace(PRICE, unit="a month"),
        now=NOW,
    )
    assert (changed.unit, changed.version) == ("a month", 2)
    with pytest.raises(Conflict):
        do(
            world.a.manager,
            deeds.NOTES.change,
            engagement_id=one.pk,
            record_id=note.pk,
            version=1,
            facts=PRICE,
            now=NOW,
        )


def test_put_away_and_brought_back(world, one):
    note = write(world.a.manager, one)
    given = {"engagement_id": one.pk, "record_id": note.pk}
    for _twice in (1, 2):
        assert do(world.b.manager, deeds.NOTES.drop, **given).dropped_at
    assert not find_notes(one.pk, Wanted())
    for _twice in (1, 2):
        assert do(world.a.manager, deeds.NOTES.restore, **given).dropped_at is None
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["write_note", "drop_note", "restore_note"]


def test_what_something_rests_on_stays(world, one):
    finding = founded(one)
    note = Note.objects.get()
    given = {"engagement_id": one.pk, "record_id": note.pk}
    with pytest.raises(Conflict, match="A finding is based on this note"):
        do(world.a.manager, deeds.NOTES.drop, **given)
    finding.dropped_at = NOW
    finding.save()
    assert do(world.a.manager, deeds.NOTES.drop, **given).dropped_at


def test_a_note_of_another_engagement_is_none(world, one):
    foreign = NoteFactory(engagement=at_work(world, service=one.service, member=1))
    with pytest.raises(NotFound):
        do(world.a.manager, deeds.NOTES.drop, engagement_id=one.pk, record_id=foreign.pk)


def test_there_is_room_for_so_many_only(world, one, monkeypatch):
    monkeypatch.setattr(deeds, "NOTES", replace(deeds.NOTES, most=1))
    write(world.a.manager, one)
    with pytest.raises(Conflict):
        write(world.a.manager, one)


# --- Pages


def test_adding_on_the_page_asks_for_what_a_kind_needs(world, one, sign_in):
    client = sign_in(world.a.ambassador)
    html = page(client, address(one, "work") + "?add=price")
    assert 'name="amount"' in html
    assert 'name="seen_on"' in html
    assert 'name="amount"' not in page(client, address(one, "work") + "?add=interview")
    assert 'id="id_title"' not in page(client, address(one, "work") + "?add=rumour")
    answer = client.post(address(one, "note-add"), {"kind": "price", "title": "Licence"})
    assert answer.status_code == 422
    assert "This field is required" in answer.content.decode()
    sent = {
        "kind": "price",
        "title": "Licence",
        "amount": "99.5",
        "currency": "EUR",
        "unit": "a seat",
    }
    answer = client.post(address(one, "note-add"), sent)
    note = Note.objects.get()
    assert answer["Location"] == f"{address(one, 'work')}?add=price#note-{note.pk}"
    told = words(page(client, address(one, "work")))
    assert "Licence 99.50 EUR for a seat" in told


def test_search_kind_and_order(world, one, sign_in):
    NoteFactory(engagement=one, kind="risk", title="Rights", text="Music rights in France")
    NoteFactory(engagement=one, kind="note", title="Fairs", seen_on=date(2026, 1, 2))
    NoteFactory(engagement=one, kind="note", title="Away", dropped_at=NOW)

    def titles(**wanted):
        return [note.title for note in find_notes(one.pk, Wanted(**wanted))]

    assert titles(q="france RIGHTS") == ["Rights"]
    assert titles(kinds=("note",)) == ["Fairs"]
    assert titles() == ["Fairs", "Rights"]
    assert titles(sort="old") == ["Rights", "Fairs"]
    assert titles(sort="day") == ["Fairs", "Rights"]
    client = sign_in(world.b.manager)
    html = page(client, address(one, "work") + "?q=rights&kind=risk")
    assert "Rights" in html
    assert "Fairs" not in html
    assert "Nothing matches" in page(client, address(one, "work") + "?q=nothing")
    assert "Fairs" in page(client, address(one, "work") + "?kind=wrong&note=x&page=9")


def test_one_that_something_leads_to_is_shown_on_any_page(world, one, sign_in):
    first = NoteFactory(engagement=one, title="The first of many")
    NoteFactory.create_batch(50, engagement=one)
    client = sign_in(world.a.manager)
    assert "The first of many" not in page(client, address(one, "work"))
    html = page(client, f"{address(one, 'work')}?note={first.pk}")
    assert f'id="note-{first.pk}"' in html


def test_prices_stand_beside_those_that_compare(world, one, sign_in):
    for amount, currency, unit in (
        (300, "USD", "a year"),
        (90, "EUR", "a month"),
        (1200, "EUR", "a year"),
        (900, "EUR", "a year"),
    ):
        NoteFactory(
            engagement=one,
            kind="price",
            title=f"{amount}",
            amount=amount,
            currency=currency,
            unit=unit,
        )
    NoteFactory(engagement=one, kind="competitor", title="Rival")
    NoteFactory(engagement=one, kind="risk", title="No price")
    wanted = Wanted(kinds=("price", "competitor"), sort="amount")
    assert [note.title for note in find_notes(one.pk, wanted)] == [
        "Rival",
        "90",
        "900",
        "1200",
        "300",
    ]
    html = page(sign_in(world.a.manager), address(one, "work") + "?show=table")
    assert "<table" in html
    assert "No price" not in html


def test_taken_along_as_a_file_and_nothing_in_it_is_a_formula(world, one, sign_in):
    NoteFactory(
        engagement=one, kind="price", title="=1+1", amount=5, currency="EUR", unit="a piece"
    )
    client = sign_in(world.a.manager)
    text = client.get(address(one, "work") + "?export=csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][:3] == ["Kind", "In a few words", "Content"]
    assert rows[1][:2] == ["Price", "'=1+1"]
    assert rows[1][6:9] == ["5.0", "EUR", "a piece"]
    answer = client.get(address(one, "work") + "?export=xlsx")
    assert is_table_file(answer, "notes", "xlsx")


def test_nothing_is_offered_where_nothing_can_be_noted(world, sign_in):
    one = at_work(world, state="handed-over")
    note = NoteFactory(engagement=one)
    html = page(sign_in(world.a.manager), address(one, "work"))
    assert 'id="add"' not in html
    assert address(one, "note-edit", note.pk) not in html


def test_put_away_on_the_page_with_one_click_back(world, one, sign_in):
    note = NoteFactory(engagement=one, title="Fairs")
    client = sign_in(world.a.manager)
    client.post(address(one, "note-drop", note.pk))
    html = page(client, address(one, "work"))
    assert "“Fairs” archived." in html
    assert html.count(address(one, "note-restore", note.pk)) >= 2
    client.post(address(one, "note-restore", note.pk))
    assert f'id="note-{note.pk}"' in page(client, address(one, "work"))


def test_what_was_changed_meanwhile_is_shown_beside_what_was_typed(world, one, sign_in):
    note = write(world.a.manager, one, TALK)
    client, other = sign_in(world.a.manager), sign_in(world.b.manager)
    url = address(one, "note-edit", note.pk)
    sent = {
        "kind": "interview",
        "title": "Mine",
        "origin": "A buyer",
        "seen_on": str(TODAY),
        "version": "1",
    }
    assert client.post(url, sent).status_code == 302
    answer = other.post(url, {**sent, "title": "Theirs"})
    assert answer.status_code == 409
    html = words(answer.content.decode())
    assert "This changed while you were editing" in html
    assert Note.objects.get().title == "Mine"


def test_texts_are_text(world, one, sign_in):
    NoteFactory(engagement=one, title="<b>x</b>", text="<script>alert(1)</script>")
    html = page(sign_in(world.a.manager), address(one, "work"))
    assert "<script>alert(1)" not in html
    assert "&lt;b&gt;x&lt;/b&gt;" in html


def test_the_list_takes_the_same_queries_with_one_row_and_many(
    world, one, sign_in, django_assert_num_queries
):
    client = sign_in(world.a.manager)
    founded(one)
    page(client, address(one, "work"))
    for number in (0, 2):
        NoteFactory.create_batch(number, engagement=one, kind="price")
        with django_assert_num_queries(QUERIES):
            page(client, address(one, "work"))


QUERIES = 22
