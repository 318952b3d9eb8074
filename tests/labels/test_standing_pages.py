"""The managers' pages of scores: all applications, one of them, how jurors judge, and the file."""

import csv
import io
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proxeny.engine.label import Strictness
from proxeny.labels.models import Remark
from proxeny.labels.operations.juror_presenters import tell_strictness
from tests.files import is_table_file
from tests.labels.judging import assign, make_judged, submit
from tests.partnerships.rooms import others, words
from tests.stages import staged

pytestmark = pytest.mark.django_db


@staged
def judged(world):
    return make_judged(world)


def url(judged, *more, query=""):
    name = "labels:scores-one" if more else "labels:scores"
    return reverse(name, args=[judged.round.partnership_id, judged.round.pk, *more]) + query


def text_of(answer):
    return unescape(words(answer.content.decode()))


def fill(judged, world, count=3):
    found = []
    for organisation in [*world.a.members, *world.b.members][:count]:
        one = submit(judged, organisation)
        assign(judged.greek, one, 2, 2, 2)
        assign(judged.french, one, 4, 4, 4.5)
        found.append(one)
    return found


def test_managers_of_both_sides_read_progress_totals_and_how_far_apart(world, judged, sign_in):
    first, second = (submit(judged, one) for one in world.a.members[:2])
    assign(judged.greek, first, 2, 2, 2)
    assign(judged.french, first, 4, 4, 4)
    assign(judged.greek, second, 3, state="open")
    for person in (world.a.manager, world.b.manager):
        answer = sign_in(person).get(url(judged))
        text = text_of(answer)
        row, other = answer.context["rows"]
        assert [(one.name, one.text) for one in row.cells] == [
            ("Greek juror", "40.00%"),
            ("French juror", "80.00%"),
        ]
        assert (row.total, row.ends, row.missing) == ("60.00%", "40.00% to 80.00%", 0)
        assert [one.text for one in other.cells] == ["1 of 3"]
        assert (other.total, other.ends) == ("", "")
        assert "The label requires 60.00% or more." in text
        assert "No figure yet: too few scores to tell strictness from chance." in text


def test_how_strict_and_where_apart_is_told_in_words(world, judged, sign_in):
    fill(judged, world, 6)
    answer = sign_in(world.a.manager).get(url(judged))
    strict, mild = answer.context["jurors"]
    assert (strict.name, strict.cluster, strict.count, strict.is_sure) == (
        "Greek juror",
        "Greek cluster",
        6,
        True,
    )
    assert strict.text.startswith("20.")
    assert " points stricter than the others (" in strict.text
    assert " points more lenient than the others (" in mild.text
    widest = answer.context["spreads"][0]
    assert widest.title == "Team"
    assert widest.text == "Spread of 35.4 points out of 100, across 6 applications"
    assert widest.example.endswith(": French juror gave 4½, Greek juror gave 2.")


def test_small_numbers_are_told_honestly():
    assert tell_strictness(Strictness("1", 1, 0, reason="alone")) == (
        "No figure: no one else has scored the same applications."
    )
    assert tell_strictness(Strictness("1", 2, 0, reason="too_few")) == (
        "No figure yet: too few scores to tell strictness from chance."
    )
    assert tell_strictness(Strictness("1", 9, 0, -3.1, 1, -5.02, -1.18)) == (
        "3.1 points stricter than the others (1.2 to 5.0)"
    )
    assert tell_strictness(Strictness("1", 9, 0, 3.1, 1, 1.18, 5.02)) == (
        "3.1 points more lenient than the others (1.2 to 5.0)"
    )
    assert tell_strictness(Strictness("1", 9, 0, -0.8, 1, -4.1, 2.5)) == (
        "No clear difference: between 4.1 points stricter and 2.5 points more lenient"
    )


def test_one_application_stands_with_all_scores_and_comments(world, judged, sign_in):
    [one] = fill(judged, world, 1)
    client = sign_in(world.b.manager)
    text = text_of(client.get(url(judged, one.pk)))
    for said in (
        "Greek juror · Greek cluster",
        "French juror · French cluster",
        "4½",
        "2 to 4½",
        "Convincing.",
        "60.56%",
        "3.25",
    ):
        assert said in text
    assert "Add remark" not in text
    judged.set(state="discussing")
    answer = client.post(url(judged, one.pk), {"text": "Look at the harbour."}, follow=True)
    assert "Remark added. The jurors can read it too." in text_of(answer)
    assert Remark.objects.get().person == world.b.manager
    answer = client.post(url(judged, one.pk), {"text": " "})
    assert answer.status_code == 422
    assert "Enter your remark." in text_of(answer)
    assert client.get(url(judged, 999_999)).status_code == 404


def test_the_file_has_a_row_for_each_score(world, judged, sign_in):
    fill(judged, world, 2)
    answer = sign_in(world.a.manager).get(url(judged, query="?export=csv"))
    assert is_table_file(answer, "scores-spring-2026", "csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2 * 2 * 3
    assert list(rows[-1].values()) == [
        "2",
        "Nets that mend themselves",
        "Greek member 2",
        "GR",
        "French juror",
        "French cluster",
        "Scored",
        "Team",
        "4.5",
        "5",
        "Convincing.",
    ]
    answer = sign_in(world.a.manager).get(url(judged, query="?export=xlsx"))
    assert answer.content[:2] == b"PK"


def test_before_anything_is_there_it_says_so(world, judged, sign_in):
    client = sign_in(world.a.manager)
    assert "Nothing to judge yet" in text_of(client.get(url(judged)))
    judged.set(state="planned", scheme_version=None)
    assert "Nothing to judge yet" in text_of(client.get(url(judged)))


def test_nobody_else_reads_scores(world, judged, sign_in):
    [one] = fill(judged, world, 1)
    people = {**others(world), "juror": judged.greek.person}
    for person in people.values():
        assert sign_in(person).get(url(judged)).status_code == 404
        assert sign_in(person).get(url(judged, one.pk)).status_code == 404
    for person in (world.a.ambassador, world.b.ambassador):
        assert sign_in(person).get(url(judged)).status_code == 403


def test_pages_take_as_many_queries_for_one_as_for_three(world, judged, sign_in):
    client = sign_in(world.a.manager)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url(judged)).status_code == 200
        return len(captured)

    fill(judged, world, 1)
    first = queries()
    for organisation in world.b.members[:2]:
        two = submit(judged, organisation)
        assign(judged.greek, two, 2, 2, 2)
        assign(judged.french, two, 4, 4, 4)
    assert queries() == first


def test_jurors_talk_it_over_on_their_page(world, judged, sign_in):
    [one] = fill(judged, world, 1)
    given = one.assignments.get(juror=judged.greek)
    page = reverse("labels:discuss", args=[given.pk])
    client = sign_in(given.person)
    answer = client.get(page, follow=True)
    assert "You’ll see the other jurors’ scores once the jury discusses them." in text_of(answer)
    judged.set(state="discussing")
    text = text_of(client.get(page))
    assert "You (juror 1)" in text
    assert "Juror 2 · French cluster" in text
    assert "French juror" not in text
    answer = client.post(page, {"text": "Why so strict?", "indicator": judged.keys[0]}, follow=True)
    assert "Why so strict?" in text_of(answer)
    answer = client.post(page, {"text": "x", "indicator": "i999"})
    assert answer.status_code == 422
    assert "See the others’ scores and discuss" in text_of(
        client.get(reverse("labels:score", args=[given.pk]))
    )
    for person in (*others(world).values(), world.a.manager):
        assert sign_in(person).get(page).status_code == 404
