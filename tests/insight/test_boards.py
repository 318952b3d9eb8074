"""The board: each side's own, of what it may read; as page, file, mail and by program."""

import csv
import io
import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from frictionless import Package, system

from proxeny.accounts.queries import get_reader_of_person
from proxeny.insight.board_figures import FIGURES, SECTIONS
from proxeny.insight.models import DigestChoice, Snapshot
from proxeny.insight.operations import boards
from proxeny.insight.operations.digests import choose_digest, people_of
from proxeny.insight.operations.refreshing import refresh
from proxeny.insight.pipeline import eyes_of
from proxeny.insight.presenters import tell_change
from proxeny.insight.quarters import before, days_of, quarter_of
from proxeny.insight.queries.boards import read_board
from proxeny.insight.tasks import start_digests
from proxeny.kernel import jobs
from proxeny.kernel.errors import NotFound
from proxeny.kernel.models import Job, Mail
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships.models import Party
from tests.factories import rooms
from tests.factories.insight import SnapshotFactory
from tests.papers import colours_of_drawings, glued_words, text_of_pdf
from tests.partnerships.rooms import day, others, party, team, words

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def work_out(world, side, *, today=TODAY) -> Snapshot:
    eyes = eyes_of(side.cluster.pk, world.partnership.pk, today=today)
    refresh(eyes, boards.PART, report=lambda _step, _percent: None)
    return Snapshot.objects.get(organisation=side.cluster, kind="board", period=quarter_of(today))


def value(snapshot: Snapshot, code: str) -> dict:
    return snapshot.content["values"][code]


def fill(world) -> None:
    room = world.partnership
    grant = rooms.FundingSourceFactory(partnership=room, kind="european")
    dues = rooms.FundingSourceFactory(partnership=room, kind="fees")
    rooms.FundingLineFactory(partnership=room, source=grant, year=TODAY.year, amount=750)
    rooms.FundingLineFactory(partnership=room, source=dues, year=TODAY.year, amount=250)
    rooms.RiskFactory(
        partnership=room,
        title="Nobody comes",
        inherent_likelihood=5,
        inherent_impact=5,
        current_likelihood=4,
        current_impact=4,
    )
    rooms.ActionFactory(partnership=room, due_on=day(-3))


def test_a_board_counts_money_risks_and_what_is_late(world):
    fill(world)
    made = work_out(world, world.a)
    assert value(made, "money_total")["value"] == 1000
    assert value(made, "money_granted")["value"] == pytest.approx(0.75)
    assert value(made, "money_largest")["value"] == pytest.approx(0.75)
    assert value(made, "risks_grave") == value(made, "risks_open") | {"of": 1}
    assert value(made, "actions_late")["value"] == 1
    assert value(made, "health_mean")["why"] == "none"
    assert value(made, "meetings_held")["why"] == "wait"


def test_health_tells_each_side_its_own_answers_first(world):
    review = rooms.HealthReviewFactory(partnership=world.partnership, shown_at=timezone.now())
    for side, given in ((world.a, 5), (world.b, 3)):
        rooms.HealthAnswerFactory(
            review=review,
            partnership=world.partnership,
            party=party(world, side),
            person=side.manager,
            factor="trust",
            value=given,
        )
    a, b = work_out(world, world.a), work_out(world, world.b)
    assert (value(a, "health_mean")["value"], value(a, "health_mean_other")["value"]) == (5, 3)
    assert (value(b, "health_mean")["value"], value(b, "health_mean_other")["value"]) == (3, 5)
    assert value(a, "health_apart")["value"] == 1


def test_an_average_is_told_with_its_scale_and_as_no_part_of_its_questions(world, sign_in):
    review = rooms.HealthReviewFactory(partnership=world.partnership, shown_at=timezone.now())
    for factor, given in (("trust", 4), ("roles", 3), ("stake", 4)):
        rooms.HealthAnswerFactory(
            review=review,
            partnership=world.partnership,
            party=party(world, world.a),
            person=world.a.manager,
            factor=factor,
            value=given,
        )
    work_out(world, world.a)
    page = sign_in(world.a.manager).get(f"/partnerships/{world.partnership.pk}/board/")
    told = words(page.content.decode())
    assert "3.7 on a scale of 1 to 5, 3 questions answered" in told
    assert "of 3" not in told


def test_an_open_review_counts_for_nothing(world):
    review = rooms.HealthReviewFactory(partnership=world.partnership, shown_at=None)
    rooms.HealthAnswerFactory(
        review=review,
        partnership=world.partnership,
        party=party(world, world.a),
        person=world.a.manager,
        factor="trust",
        value=1,
    )
    assert value(work_out(world, world.a), "health_mean")["value"] is None


def test_what_has_not_changed_is_not_worked_out_again(world):
    eyes = eyes_of(world.a.cluster.pk, world.partnership.pk, today=TODAY)
    done = [refresh(eyes, boards.PART, report=lambda _s, _p: None) for _ in range(2)]
    fill(world)
    done.append(refresh(eyes, boards.PART, report=lambda _s, _p: None))
    assert done == [True, False, True]
    assert Snapshot.objects.filter(kind="board").count() == 1


def test_a_new_quarter_leaves_the_old_one_as_it_was(world):
    first = date(TODAY.year, 2, 1)
    work_out(world, world.a, today=first)
    rooms.RiskFactory(partnership=world.partnership)
    work_out(world, world.a, today=date(TODAY.year, 5, 1))
    with acting_as(SERVICE):
        mine = Party.objects.get(partnership=world.partnership, organisation=world.a.cluster)
    board = read_board(world.partnership, mine)
    assert board.quarters == (f"{TODAY.year}-Q2", f"{TODAY.year}-Q1")
    risks = next(one for one in board.figures if one.figure.code == "risks_open")
    assert (risks.value, risks.before, risks.change, risks.tone) == (1, 0, 1, "bad")
    assert read_board(world.partnership, mine, quarter=quarter_of(first)).figures
    with pytest.raises(NotFound):
        read_board(world.partnership, mine, quarter="1999-Q1")


def test_a_change_too_small_to_be_told_is_none(world):
    for month, share in ((2, 0.02994), (5, 0.02959)):
        SnapshotFactory(
            organisation=world.a.cluster,
            partnership=world.partnership,
            kind="board",
            period=quarter_of(date(TODAY.year, month, 1)),
            content={"values": {"cooperation_rate": {"value": share}}},
        )
    with acting_as(SERVICE):
        mine = Party.objects.get(partnership=world.partnership, organisation=world.a.cluster)
    board = read_board(world.partnership, mine)
    rate = next(one for one in board.figures if one.figure.code == "cooperation_rate")
    assert (rate.change, rate.tone, tell_change(rate)) == (0, "", "same as in the previous quarter")


def test_what_was_counted_by_another_method_is_not_compared(world):
    for month, method, share in ((2, "1", 0.03), (5, "2", 0.45)):
        SnapshotFactory(
            organisation=world.a.cluster,
            partnership=world.partnership,
            kind="board",
            period=quarter_of(date(TODAY.year, month, 1)),
            method=method,
            content={"values": {"cooperation_rate": {"value": share}}},
        )
    with acting_as(SERVICE):
        mine = Party.objects.get(partnership=world.partnership, organisation=world.a.cluster)
    board = read_board(world.partnership, mine)
    rate = next(one for one in board.figures if one.figure.code == "cooperation_rate")
    assert (rate.value, rate.before, rate.change) == (0.45, None, None)
    assert [value for _name, value in rate.course] == [None, 0.45]


def test_what_other_figures_tell_leads_on_the_board(world):
    SnapshotFactory(
        organisation=world.a.cluster,
        partnership=world.partnership,
        kind="outcomes",
        content={"board": {"meetings_held": {"value": 41}, "made_up": {"value": 1}}},
    )
    # The other side's do not.
    SnapshotFactory(
        organisation=world.b.cluster,
        partnership=world.partnership,
        kind="foresight",
        content={"board": {"trends": {"value": 7}}},
    )
    made = work_out(world, world.a)
    assert value(made, "meetings_held")["value"] == 41
    assert value(made, "trends")["why"] == "wait"
    assert "made_up" not in made.content["values"]


def test_both_sides_read_their_own_and_nobody_else(world, sign_in):
    fill(world)
    work_out(world, world.a)
    address = f"/partnerships/{world.partnership.pk}/board/"
    for name, person in team(world).items():
        answer = sign_in(person).get(address)
        assert answer.status_code == 200, name
        text = words(answer.content.decode())
        assert ("Nobody comes" in text) == name.endswith("A"), name
        assert ("No figures yet" in text) == name.endswith("B"), name
    for name, person in others(world).items():
        for more in ("", "board.pdf", "board.csv", "board.xlsx", "datapackage.json"):
            assert sign_in(person).get(address + more).status_code == 404, (name, more)
        assert sign_in(person).post(f"{address}mail/", {"wanted": "yes"}).status_code == 404


def test_a_board_takes_the_same_queries_however_much_is_behind_it(world, sign_in):
    client, counts = sign_in(world.a.manager), []
    address = f"/partnerships/{world.partnership.pk}/board/"
    for month in (2, 5, 8):
        fill(world)
        work_out(world, world.a, today=date(TODAY.year, month, 1))
        client.get(address)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(address).status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] == counts[2] <= 24


def test_the_file_is_what_its_description_says(world, sign_in, tmp_path):
    fill(world)
    work_out(world, world.a)
    client = sign_in(world.a.manager)
    address = f"/partnerships/{world.partnership.pk}/board/"
    described = json.loads(client.get(f"{address}datapackage.json").content)
    table = client.get(f"{address}board.csv").content
    (tmp_path / described["resources"][0]["path"]).write_bytes(table)
    (tmp_path / "datapackage.json").write_text(json.dumps(described))
    with system.use_context(trusted=True):
        report = Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])
    rows = list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))
    assert [row["figure"] for row in rows] == [one.code for one in FIGURES]
    assert {row["section"] for row in rows} == set(SECTIONS)
    assert client.get(f"{address}board.xlsx").content[:2] == b"PK"
    assert client.get(f"{address}board.pdf").content[:5] == b"%PDF-"
    assert client.get(f"{address}board.ods").status_code == 404
    assert client.get(f"{address}board.csv?quarter=1999-Q1").status_code == 404


def test_the_document_is_laid_out_with_its_own_stylesheet(world, sign_in):
    fill(world)
    for month in (2, 5):
        work_out(world, world.a, today=date(TODAY.year, month, 1))
    client = sign_in(world.a.manager)
    client.cookies["django_language"] = "en"
    address = f"/partnerships/{world.partnership.pk}/board/"
    page, document = client.get(address).text, client.get(f"{address}board.pdf").content
    assert glued_words(document, page) == set()
    text = text_of_pdf(document)
    # What only a screen reader is told, the caption of each table, is not printed a second time.
    assert text.count("Goals, work and risks") == 1
    # The way of a figure is drawn in the colour of the first side, and nothing at all in black.
    colours = colours_of_drawings(document)
    assert "0.05098 0.392157 0.470588" in colours
    assert "0 0 0" not in colours


def test_programs_read_the_same(world, call):
    fill(world)
    address = f"/api/v1/insight/partnerships/{world.partnership.pk}/board"
    caller = call(world.a.ambassador)
    assert caller.get(address).status_code == 404
    work_out(world, world.a)
    found = caller.get(address).json()
    by_code = {one["code"]: one for one in found["figures"]}
    assert by_code["money_granted"]["value"] == pytest.approx(0.75)
    assert by_code["meetings_held"]["missing"] == "wait"
    assert caller.put(f"{address}/mail", {"wanted": True}).status_code == 204
    assert caller.get(f"{address}/mail").json() == {"wanted": True}
    assert call(world.b.manager).get(address).status_code == 404
    assert call(world.a.representatives[0]).get(address).status_code == 404


def test_managers_get_the_mail_unless_they_said_no(world):
    room = world.partnership
    with acting_as(SERVICE):
        wanted = people_of(room.pk, today=TODAY)
    assert {world.a.manager.pk, world.b.manager.pk} <= set(wanted)
    assert world.a.ambassador.pk not in wanted
    do_choose = {"partnership_id": room.pk}
    for person, wants in ((world.a.manager, False), (world.a.ambassador, True)):
        _choose(person, wanted=wants, **do_choose)
    with acting_as(SERVICE):
        wanted = people_of(room.pk, today=TODAY)
    assert world.a.manager.pk not in wanted
    assert world.a.ambassador.pk in wanted
    for person in others(world).values():
        with pytest.raises(NotFound):
            _choose(person, wanted=True, **do_choose)


def _choose(person, **given):
    reader = get_reader_of_person(person.pk, today=TODAY)
    with acting_as("proxeny_web", reader):
        return choose_digest(actor=reader, **given)


def test_a_quarter_is_mailed_once_each_with_that_side_s_figures(world):
    ended = date(TODAY.year, 3, 30)
    fill(world)
    work_out(world, world.a, today=ended)
    # One who asked for it, and has left since.
    DigestChoice.objects.create(
        partnership=world.partnership, person=world.nobody_special, wanted=True
    )
    now = timezone.now().replace(year=TODAY.year, month=4, day=2, hour=9)
    for _again in range(2):
        with acting_as(SERVICE):
            start_digests(now)
    job = Job.objects.get(kind="insight.digest")
    jobs.run(job.pk)
    job.refresh_from_db()
    # The other side has no board of that quarter: nothing is sent instead.
    assert job.result == {"written": 1, "failed": 0}
    mail = Mail.objects.get(key__startswith="insight.digest:")
    assert mail.recipient == world.a.manager.email
    assert "Q1 2026" in mail.subject
    assert "75%" in mail.text
    assert "Nobody comes" not in mail.subject
    assert f"/partnerships/{world.partnership.pk}/board/?quarter={quarter_of(ended)}" in mail.text


@pytest.mark.parametrize(("month", "number", "hour"), [(4, 12, 9), (5, 2, 9), (4, 2, 3)])
def test_mails_go_out_in_the_first_days_of_a_quarter_and_by_day(world, month, number, hour):
    work_out(world, world.a, today=date(TODAY.year, 3, 30))
    with acting_as(SERVICE):
        start_digests(timezone.now().replace(month=month, day=number, hour=hour))
    assert not Job.objects.filter(kind="insight.digest").exists()


def test_quarters():
    assert quarter_of(date(2026, 3, 31)) == "2026-Q1"
    assert quarter_of(date(2026, 12, 1)) == "2026-Q4"
    assert days_of("2026-Q4") == (date(2026, 10, 1), date(2026, 12, 31))
    assert days_of("2024-Q1") == (date(2024, 1, 1), date(2024, 3, 31))
    assert before("2026-Q1") == "2025-Q4"
    with pytest.raises(ValueError, match="no quarter"):
        days_of("2026-Q5")
