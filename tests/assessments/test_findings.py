"""What the teams conclude: chapters, order, confidence, and what each finding rests on."""

import threading
from dataclasses import replace

import pytest
from django.db import connection

from proxeny.assessments.models import Finding, FindingSource, Note
from proxeny.assessments.operations import findings as deeds
from proxeny.assessments.operations.findings import FindingFacts
from proxeny.assessments.queries.findings import (
    chapters_of,
    list_figures,
    list_unfounded,
    read_findings,
)
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import SERVICE, acting_as
from tests.assessments.doing import do
from tests.assessments.working import (
    NOW,
    address,
    at_work,
    figure,
    founded,
    outsiders,
    page,
    wall,
    words,
)
from tests.factories.assessments import (
    FigureVersionFactory,
    FindingFactory,
    FindingSourceFactory,
    NoteFactory,
    TemplateFactory,
    TemplateItemFactory,
)
from tests.factories.world import make_world
from tests.stages import staged

pytestmark = pytest.mark.django_db
FACTS = FindingFacts(title="Studios buy by subscription", text="Four of five said so.")


@staged
def one(world):
    return at_work(world)


def write(person, engagement, **changes):
    return do(
        person,
        deeds.FINDINGS.write,
        engagement_id=engagement.pk,
        facts=replace(FACTS, **changes),
        now=NOW,
    )


def move(person, finding, by):
    return do(
        person,
        deeds.move_finding,
        engagement_id=finding.engagement_id,
        finding_id=finding.pk,
        by=by,
    )


def titles(engagement):
    return [
        (chapter.title, [told.finding.title for told in chapter.findings])
        for chapter in read_findings(engagement.pk)
    ]


# --- Writing


def test_a_finding_stands_last_in_its_chapter_without_a_source(world, one):
    write(world.a.manager, one, title="First", chapter="Customers")
    made = write(world.b.manager, one, title="Second", chapter="Customers", confidence="low")
    assert (made.confidence, made.chapter, made.version) == ("low", "Customers", 1)
    assert titles(one) == [("Customers", ["First", "Second"])]
    assert [found.title for found in list_unfounded(one.pk)] == ["First", "Second"]
    row = AuditEntry.objects.filter(verb="write_finding").latest("pk")
    assert (row.target_id, row.organisation_id, row.changes) == (made.pk, world.b.cluster.pk, {})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 251}, "title"),
        ({"text": "x" * 6001}, "text"),
        ({"chapter": "x" * 301}, "chapter"),
        ({"confidence": "certain"}, "confidence"),
    ],
)
def test_what_does_not_hold_is_said_beside_its_field(world, one, changes, field):
    with pytest.raises(InvalidInput) as refused:
        write(world.a.manager, one, **changes)
    assert refused.value.field == field


@pytest.mark.parametrize("state", ["asked", "brief", "handed-over", "closed"])
def test_nothing_is_concluded_before_the_brief_is_signed_or_after_the_hand_over(world, state):
    with pytest.raises(Conflict):
        write(world.a.manager, at_work(world, state=state))


def test_nobody_but_the_teams_reads_or_writes_findings(world, one, sign_in, reading):
    finding = founded(one)
    people = {**outsiders(world, one), "walled": wall(one, world.b.ambassador)}
    for name, person in people.items():
        with pytest.raises((NotFound, NotAllowed)):
            write(person, one)
        client = sign_in(person)
        for url in (address(one, "findings"), address(one, "finding-sources", finding.pk)):
            assert client.get(url).status_code == 404, name
        assert client.post(address(one, "finding-drop", finding.pk)).status_code == 404, name
        with reading(person):
            assert not Finding.objects.exists()
            assert not FindingSource.objects.exists()
            if name == "client":
                assert read_findings(one.pk) == ()
            else:
                with pytest.raises(NotFound):
                    read_findings(one.pk)
    for person in (world.a.manager, world.b.manager):
        with reading(person):
            assert len(read_findings(one.pk)) == 1


def test_chapters_come_in_the_order_of_the_template_then_the_teams_own(world, one):
    template = TemplateFactory(partnership=world.partnership)
    for order, text in enumerate(("Size", "Customers"), start=1):
        TemplateItemFactory(template=template, kind="chapter", order=order, text=text)
    for title, chapter in (("a", ""), ("b", "Our own"), ("c", "Customers"), ("d", "Size")):
        write(world.a.manager, one, title=title, chapter=chapter)
    assert chapters_of(one) == ["Size", "Customers"]
    assert titles(one) == [("Size", ["d"]), ("Customers", ["c"]), ("Our own", ["b"]), ("", ["a"])]


def test_our_own_chapters_are_offered_in_the_language_of_the_report(world):
    english, french = (
        at_work(world, language=code, member=at) for at, code in ((0, "en"), (1, "fr"))
    )
    assert len(chapters_of(english)) == len(chapters_of(french)) > 2


def test_moved_up_and_down_in_its_chapter_and_never_out_of_it(world, one):
    a, b, c = (write(world.a.manager, one, title=title, chapter="X") for title in "abc")
    write(world.a.manager, one, title="other", chapter="Y")
    move(world.b.manager, c, -1)
    assert titles(one)[0] == ("X", ["a", "c", "b"])
    move(world.b.manager, a, 1)
    assert titles(one)[0] == ("X", ["c", "a", "b"])
    move(world.b.manager, b, 1)
    move(world.b.manager, c, -1)
    assert titles(one) == [("X", ["c", "a", "b"]), ("Y", ["other"])]
    assert {Finding.objects.get(pk=found.pk).version for found in (a, b, c)} == {1}


def test_in_another_chapter_it_stands_last(world, one):
    a = write(world.a.manager, one, title="a", chapter="X")
    write(world.a.manager, one, title="b", chapter="Y")
    do(
        world.a.manager,
        deeds.FINDINGS.change,
        engagement_id=one.pk,
        record_id=a.pk,
        version=1,
        facts=FindingFacts(title="a", chapter="Y"),
        now=NOW,
    )
    assert titles(one) == [("Y", ["b", "a"])]


def test_put_away_and_brought_back_with_its_sources(world, one):
    finding = founded(one)
    given = {"engagement_id": one.pk, "record_id": finding.pk}
    for _twice in (1, 2):
        do(world.a.manager, deeds.FINDINGS.drop, **given)
    assert titles(one) == []
    Note.objects.update(dropped_at=NOW)
    for _twice in (1, 2):
        do(world.b.manager, deeds.FINDINGS.restore, **given)
    assert Note.objects.get().dropped_at is None
    assert not list_unfounded(one.pk)


# --- Sources


def test_a_finding_rests_on_notes_and_on_figures_as_they_were(world, one):
    finding = write(world.a.manager, one)
    note, newest = NoteFactory(engagement=one), figure(one)
    given = {"engagement_id": one.pk, "finding_id": finding.pk}
    do(world.a.manager, deeds.add_source, note_id=note.pk, place=" minute  4 ", **given)
    do(world.b.manager, deeds.add_source, figure_id=newest.pk, place="2025", **given)
    again = do(world.b.manager, deeds.add_source, figure_id=newest.pk, place="2024", **given)
    (chapter,) = read_findings(one.pk)
    (told,) = chapter.findings
    assert told.is_founded
    assert [(one.kind, one.title, one.place) for one in told.sources] == [
        ("interview", "They buy by the year", "minute 4"),
        ("figure", "Turnover of sound studios", "2024"),
    ]
    assert told.sources[1].figure.series == newest.series
    assert told.sources[1].figure.figure.licence == "CC BY 4.0"
    do(world.a.manager, deeds.remove_source, source_id=again.pk, **given)
    assert FindingSource.objects.count() == 1


def test_only_what_belongs_to_the_engagement_is_a_source(world, one):
    finding = write(world.a.manager, one)
    elsewhere = NoteFactory(engagement=at_work(world, service=one.service, member=1))
    away = NoteFactory(engagement=one, dropped_at=NOW)
    gone = figure(one, dropped_at=NOW)
    for named in (
        {"note_id": elsewhere.pk},
        {"note_id": away.pk},
        {"figure_id": gone.pk},
        {"figure_id": 0},
        {},
        {"note_id": away.pk, "figure_id": gone.pk},
    ):
        with pytest.raises(InvalidInput) as refused:
            do(
                world.a.manager,
                deeds.add_source,
                engagement_id=one.pk,
                finding_id=finding.pk,
                **named,
            )
        assert refused.value.field == "source"
    with pytest.raises(NotFound):
        do(
            world.a.manager,
            deeds.remove_source,
            engagement_id=one.pk,
            finding_id=finding.pk,
            source_id=0,
        )


def test_the_newest_values_of_each_figure_are_offered(world, one):
    first = figure(one)
    newest = FigureVersionFactory(figure=first.figure, number=2)
    other = figure(one, title="A first one")
    figure(one, dropped_at=NOW)
    assert [found.pk for found in list_figures(world.partnership.pk)] == [other.pk, newest.pk]


@pytest.mark.django_db(transaction=True)
def test_a_note_is_not_put_away_while_a_finding_comes_to_rest_on_it():
    with acting_as(SERVICE):
        world = make_world()
        one = at_work(world)
        note, finding = NoteFactory(engagement=one), FindingFactory(engagement=one)
    from proxeny.assessments.operations.notes import NOTES

    ready, found = threading.Barrier(2), []

    def run(person, deed, **given):
        try:
            ready.wait(20)
            do(person, deed, engagement_id=one.pk, now=NOW, **given)
            found.append(deed.__name__)
        except (Conflict, InvalidInput):
            found.append("refused")
        finally:
            connection.close()

    threads = [
        threading.Thread(
            target=run, args=(world.a.manager, NOTES.drop), kwargs={"record_id": note.pk}
        ),
        threading.Thread(
            target=run,
            args=(world.b.manager, deeds.add_source),
            kwargs={"finding_id": finding.pk, "note_id": note.pk},
        ),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(found) == 2
    assert found.count("refused") == 1


# --- Pages


def test_the_page_tells_what_rests_on_what_and_what_cannot_be_reported(world, one, sign_in):
    finding = founded(one, chapter="Customers", confidence="high")
    FindingFactory(engagement=one, title="A feeling")
    client = sign_in(world.b.manager)
    html = page(client, address(one, "findings"))
    told = words(html)
    assert "Customers Studios buy by subscription Well founded" in told
    assert "(minute 4 )" in told or "( minute 4 )" in told
    assert "1 finding has no source yet and can’t go into a report." in told
    note = Note.objects.get()
    assert f"{address(one, 'work')}?note={note.pk}#note-{note.pk}" in html
    assert f'id="finding-{finding.pk}"' in html


def test_writing_leads_to_its_sources_and_back(world, one, sign_in):
    note = NoteFactory(engagement=one)
    client = sign_in(world.a.ambassador)
    answer = client.post(address(one, "finding-add"), {"title": "", "confidence": "low"})
    assert answer.status_code == 422
    sent = {"title": "They pay by the year", "chapter": "Price", "confidence": "low"}
    answer = client.post(address(one, "finding-add"), sent)
    finding = Finding.objects.get()
    here = address(one, "finding-sources", finding.pk)
    assert answer["Location"] == here
    assert client.post(here, {"source": "note-0", "place": ""}).status_code == 422
    assert client.post(here, {"source": "", "place": ""}).status_code == 422
    assert client.post(here, {"source": f"note-{note.pk}", "place": "p. 3"})["Location"] == here
    source = FindingSource.objects.get()
    html = page(client, here)
    gone = address(one, "finding-source-remove", finding.pk, source.pk)
    assert gone in html
    client.post(gone)
    assert not FindingSource.objects.exists()
    html = page(client, here)
    assert f"{here}?source=note-{note.pk}&amp;place=p.+3" in html
    client.post(f"{here}?source=note-{note.pk}&place=p.+3")
    assert FindingSource.objects.get().place == "p. 3"


def test_buttons_move_it_and_none_leads_past_an_end(world, one, sign_in):
    first, second = (
        FindingFactory(engagement=one, title="a"),
        FindingFactory(engagement=one, title="b"),
    )
    client = sign_in(world.a.manager)
    assert page(client, address(one, "findings")).count("disabled") == 2
    answer = client.post(address(one, "finding-move", second.pk), {"by": "-1"})
    assert answer["Location"] == f"{address(one, 'findings')}#finding-{second.pk}"
    assert titles(one) == [("", ["b", "a"])]
    client.post(address(one, "finding-move", first.pk), {"by": "nonsense"})
    assert titles(one) == [("", ["b", "a"])]


def test_what_was_changed_meanwhile_is_shown_beside_what_was_typed(world, one, sign_in):
    finding = write(world.a.manager, one)
    url = address(one, "finding-edit", finding.pk)
    sent = {"title": "Mine", "text": "", "chapter": "", "confidence": "low", "version": "1"}
    assert sign_in(world.a.manager).post(url, sent).status_code == 302
    answer = sign_in(world.b.manager).post(url, {**sent, "title": "Theirs"})
    assert answer.status_code == 409
    assert "This changed while you were editing" in words(answer.content.decode())


def test_reading_takes_the_same_queries_with_one_finding_and_many(
    world, one, sign_in, django_assert_num_queries
):
    client = sign_in(world.a.manager)
    founded(one)
    page(client, address(one, "findings"))
    for number in (0, 2):
        for _time in range(number):
            found = founded(one, chapter=f"Chapter {_time}")
            FindingSourceFactory(finding=found, figure=figure(one))
        with django_assert_num_queries(READING):
            read_findings(one.pk)
        with django_assert_num_queries(QUERIES):
            page(client, address(one, "findings"))


READING, QUERIES = 9, 24
