"""The report of the desks: figures counted by hand, as each side reads them, and nobody else."""

import csv
import io
from dataclasses import asdict
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from proxeny.ambassadors.models import Introduction
from proxeny.ambassadors.queries.report import read_report
from proxeny.ambassadors.queries.report_presenters import tell_done, tell_now, tell_outcome
from proxeny.ambassadors.queries.totals import read_totals
from proxeny.kernel.errors import NotFound
from proxeny.meetings.outcome_days import Days
from tests.ambassadors.linking import english, read
from tests.ambassadors.reporting import MARCH, TODAY, make, make_spring, meet, on
from tests.conftest import reader_of
from tests.factories.rooms import PlacementFactory
from tests.papers import glued_words
from tests.stages import staged

ATHENS = Days(ZoneInfo("Europe/Athens"), *MARCH)
ALWAYS = Days(ZoneInfo("Europe/Athens"))


@staged
def spring(world):
    """The two desks' spring."""
    make_spring(world)
    return world


def report(reading, world, person, side, days=ATHENS):
    parties = list(world.partnership.parties.select_related("organisation").order_by("side"))
    mine = next(one for one in parties if one.organisation_id == side.cluster.pk)
    with reading(person):
        return read_report(reader_of(person), world.partnership, parties, mine, days, today=TODAY)


def page(world, name="report"):
    return reverse(f"ambassadors:{name}", args=[world.partnership.pk])


def test_each_desk_as_a_whole_is_what_was_counted_by_hand(spring, reading):
    with reading(spring.a.manager):
        a, b = read_totals(spring.partnership.pk, ATHENS, today=TODAY)
    assert asdict(a) == {
        "cluster_id": spring.a.cluster.pk,
        "is_own": True,
        "noted": 5,
        "asked": 5,
        "agreed": 3,
        "put_aside": 0,
        "refused_by_member": 0,
        "refused_by_other": 1,
        "open": 3,
        "late": 1,
        "booked": 1,
        "mandates": 1,
        "accepted": 1,
        "declined": 0,
        "waiting": 1,
        "unmet": 1,
        "days_to_yes": 4.0,
        "days_to_meeting": 15.0,
    }
    assert asdict(b) == {
        "cluster_id": spring.b.cluster.pk,
        "is_own": False,
        "noted": 2,
        "asked": 1,
        "agreed": 1,
        "put_aside": 1,
        "refused_by_member": 0,
        "refused_by_other": 0,
        "open": 0,
        "late": 0,
        "booked": 0,
        "mandates": 0,
        "accepted": 0,
        "declined": 0,
        "waiting": 0,
        "unmet": 0,
        "days_to_yes": 3.0,
        "days_to_meeting": 13.0,
    }


def test_all_days_count_if_none_are_given(spring, reading):
    with reading(spring.b.ambassador):
        a, b = read_totals(spring.partnership.pk, ALWAYS, today=TODAY)
    assert (a.noted, a.asked, a.agreed, a.mandates, a.is_own) == (6, 5, 3, 2, False)
    assert (b.noted, b.asked, b.agreed, b.is_own) == (2, 1, 1, True)


def test_the_database_tells_totals_to_both_teams_and_nobody_else(spring, reading):
    def told(person):
        with reading(person):
            return len(read_totals(spring.partnership.pk, ALWAYS, today=TODAY))

    assert told(spring.a.manager) == told(spring.b.ambassador) == 2
    outside = (spring.c.manager, spring.a.representatives[0], spring.nobody_special, None)
    assert [told(one) for one in outside] == [0, 0, 0, 0]


def test_the_day_is_one_of_the_readers_clocks(spring, reading):
    Introduction.objects.update(opened_at=on(31).replace(hour=21, minute=30))
    with reading(spring.a.manager):
        here, _b = read_totals(spring.partnership.pk, ATHENS, today=TODAY)
        paris = Days(ZoneInfo("Europe/Paris"), *MARCH)
        there, _b = read_totals(spring.partnership.pk, paris, today=TODAY)
    assert (here.noted, there.noted) == (0, 6)


def test_a_side_reads_its_own_members_and_the_others_total(spring, reading):
    found = report(reading, spring, spring.a.ambassador, spring.a)
    assert [
        (one.name, one.totals.noted, one.chain.held, one.chain.agreements) for one in found.desks
    ] == [("Greek cluster", 5, 2, 1), ("French cluster", 2, 1, 0)]
    told = {
        row.name: (
            row.mandates,
            row.noted,
            row.asked,
            row.agreed,
            row.refused,
            row.chain.held,
            row.chain.possible,
            row.chain.agreements,
        )
        for row in found.rows
    }
    assert told == {
        "Greek member 1": (0, 2, 2, 2, 0, 2, 1, 1),
        "Greek member 2": (1, 3, 3, 1, 1, 0, 0, 0),
    }
    assert [one.rating.worth for one in found.agreed] == [48_000]
    assert [one.next_step for one in found.due] == ["Call again"]


def test_the_other_side_reads_its_own_view(spring, reading):
    found = report(reading, spring, spring.b.manager, spring.b)
    assert [one.name for one in found.desks] == ["French cluster", "Greek cluster"]
    assert [(row.name, row.noted, row.put_aside, row.chain.held) for row in found.rows] == [
        ("French member 1", 1, 0, 1),
        ("French member 2", 1, 1, 0),
    ]
    assert (list(found.agreed), list(found.due)) == ([], [])


def test_what_came_of_it_stands_beside_the_reference(spring, reading):
    cases = [
        make(
            spring.a, spring.a.members[2], spring.b.members[0], on(2), state="closed", world=spring
        )
        for _ in range(4)
    ]
    for case in cases:
        meet(spring, spring.a, case, on(25), later={"value": "contact"})
    found = report(reading, spring, spring.a.manager, spring.a)
    lines = {str(one.label): one for one in tell_outcome(found)}
    agreement = lines["Led to an agreement"]
    # One of five that answered: Wilson's range is 3.6 to 62.4%; one meeting alone tells no rate.
    assert agreement.values == ("1 · 20.0% of 5 (3.6 – 62.4)", "0")
    assert agreement.note == "at ten European events 1.2%"
    assert lines["Supply or distribution"].values == ("1", "0")
    assert lines["Value of the agreements"].values == ("€48,000", "")


def test_the_lines_tell_how_long_it_took_and_what_is_open(spring, reading):
    found = report(reading, spring, spring.a.manager, spring.a)
    done = {str(one.label): one.values for one in tell_done(found)}
    assert done["Median days from request to both saying yes"] == ("4", "3")
    assert done["Meetings planned"] == ("2", "1")
    assert {str(one.label): one.values for one in tell_now(found)} == {
        "Open introductions": ("3", "0"),
        "of which the next step is overdue": ("1", "0"),
        "Upcoming booked meetings": ("1", "0"),
        "Mandates without a final answer": ("1", "0"),
    }


def test_the_page_names_own_members_alone(spring, sign_in):
    given = {"since": "2026-03-01", "until": "2026-03-31"}
    for person, own, others in (
        (spring.a.manager, spring.a, spring.b),
        (spring.b.ambassador, spring.b, spring.a),
    ):
        text = read(english(sign_in(person)).get(page(spring), given))
        rows = text.partition('id="for-h"')[2].partition("</details>")[0]
        assert own.members[0].name in rows
        assert others.members[0].name not in rows
        assert f"/directory/{others.members[0].pk}/" not in text
        assert all(one.cluster.name in text for one in (own, others))


def test_strangers_find_no_report(spring, sign_in):
    for person in (spring.c.manager, spring.a.representatives[0], spring.nobody_special):
        for name in ("report", "report-pdf"):
            assert sign_in(person).get(page(spring, name)).status_code == 404


def test_a_side_s_report_is_its_own_team_s(spring, reading):
    for person in (spring.b.manager, spring.a.representatives[0], spring.c.manager):
        with pytest.raises(NotFound):
            report(reading, spring, person, spring.a)


def test_wrong_days_are_told(spring, sign_in):
    client = english(sign_in(spring.a.manager))
    turned = client.get(page(spring), {"since": "2026-03-31", "until": "2026-03-01"})
    assert (turned.status_code, "The last day can’t be before the first day." in read(turned)) == (
        422,
        True,
    )
    assert client.get(page(spring), {"since": "soon"}).status_code == 422
    far = client.get(page(spring), {"until": "9999-12-31"})
    assert "Choose a date between 1900 and 2199." in read(far)
    assert client.get(page(spring, "report-pdf"), {"until": "9999-12-31"}).status_code == 302


def test_nothing_yet_is_said(world, sign_in):
    text = read(english(sign_in(world.a.manager)).get(page(world)))
    assert "Nothing to report for this period" in text


def test_the_table_has_each_desk_and_each_own_member(spring, sign_in):
    client = english(sign_in(spring.a.manager))
    given = {"since": "2026-03-01", "until": "2026-03-31"}
    answer = client.get(page(spring), given | {"export": "csv"})
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    told = [dict(zip(head, row, strict=True)) for row in rows]
    assert [one["Whose"] for one in told] == [
        "The desk of Greek cluster",
        "The desk of French cluster",
        "Greek member 1",
        "Greek member 2",
    ]
    names = ("Introductions recorded", "Meetings held", "Value, EUR", "Mandates accepted")
    assert [[one[name] for name in names] for one in told] == [
        ["5", "2", "48000.0", "1"],
        ["2", "1", "", "0"],
        ["2", "2", "48000.0", ""],
        ["3", "0", "", ""],
    ]
    book = client.get(page(spring), given | {"export": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    cells = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    assert cells["The desk of Greek cluster"][head.index("Introductions recorded")].value == 5


def test_the_document_tells_the_same_in_two_languages(spring, sign_in):
    PlacementFactory(
        partnership=spring.partnership,
        person=spring.a.ambassador,
        starts_on=MARCH[0],
        ends_on=MARCH[1],
        place="Paris, second floor",
        agreed_at=on(1),
        sender=spring.partnership.parties.get(side="A"),
        host=spring.partnership.parties.get(side="B"),
        proposed_by=spring.partnership.parties.get(side="A"),
    )
    client = english(sign_in(spring.a.manager))
    for language in ("en", "ar", "all"):
        answer = client.get(page(spring, "report-pdf"), {"language": language})
        assert answer["Content-Type"] == "application/pdf"
        text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.content)).pages)
        assert "Greek member 1" in text
        assert "Paris, second floor" in text
    html, document = (client.get(page(spring, name)) for name in ("report", "report-pdf"))
    assert glued_words(document.content, html.text) == set()
    other = english(sign_in(spring.b.manager)).get(page(spring, "report-pdf"))
    text = "".join(one.extract_text() for one in PdfReader(io.BytesIO(other.content)).pages)
    assert ("French member 1" in text, "Greek member 2" in text) == (True, False)


def test_the_page_asks_as_much_for_one_as_for_many(world, sign_in):
    client = sign_in(world.a.manager)
    counts = []
    for member in range(3):
        make(
            world.a,
            world.a.members[member],
            world.b.members[0],
            on(1),
            state="asking",
            asked_at=on(2),
            next_step="Call",
            world=world,
        )
        if member != 1:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(page(world)).status_code == 200
            counts.append(len(asked))
    assert counts[0] == counts[1]
