"""The joint register of risks: the matrix, the list, and what both sides accept."""

from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone

from proxeny.kernel.errors import Conflict
from proxeny.kernel.models import Mail
from proxeny.partnerships.models import Agreement, Partnership, Risk, SignOff
from proxeny.partnerships.operations.records import change_record
from proxeny.partnerships.operations.risks import ask_acceptance
from proxeny.partnerships.operations.signing import close_text, sign_text
from proxeny.partnerships.risk_queries import LEVELS, Grade, read_register
from tests.factories import rooms
from tests.partnerships.rooms import TODAY, day, do, others, party, team, words


def page(client, world, status=200):
    answer = client.get(reverse("partnerships:risks", args=[world.partnership.pk]))
    assert answer.status_code == status
    return answer.content.decode()


def risk(world, title="Nobody comes", current=(3, 3), **values):
    return rooms.RiskFactory(
        partnership=world.partnership,
        title=title,
        inherent_likelihood=5,
        inherent_impact=5,
        current_likelihood=current[0],
        current_impact=current[1],
        residual_likelihood=1,
        residual_impact=1,
        **values,
    )


def register(world):
    partnership = Partnership.objects.prefetch_related("parties__organisation").get(
        pk=world.partnership.pk
    )
    return read_register(partnership, list(partnership.parties.all()), today=TODAY)


def accept(world, person, made, **given):
    given.setdefault("version", made.version)
    return do(person, ask_acceptance, partnership_id=world.partnership.pk, risk_id=made.pk, **given)


def sign(world, person, text):
    return do(
        person,
        sign_text,
        partnership_id=world.partnership.pk,
        agreement_id=text.pk,
        text_hash=text.text_hash,
    )


# What is read.


def test_the_gravest_stand_first_and_keep_their_numbers(world):
    risk(world, "First", (1, 2))
    put_away = risk(world, "Put away", (5, 5))
    risk(world, "Likely", (4, 3))
    risk(world, "Bad", (3, 4))
    risk(world, "Over", closed_on=day(-1), closed_why="It passed.")
    Risk.objects.filter(pk=put_away.pk).update(dropped_at=timezone.now())
    found = register(world)
    assert [(one.number, one.record.title) for one in found.open] == [
        (4, "Bad"),
        (3, "Likely"),
        (1, "First"),
    ]
    assert [(one.number, one.record.title) for one in found.closed] == [(5, "Over")]
    assert (found.grave, found.accepted, found.overdue) == (2, 0, 0)


def test_each_risk_stands_in_its_three_cells(world):
    risk(world, current=(4, 2))
    matrix = register(world).matrix
    assert [row[0].grade.likelihood for row in matrix] == [5, 4, 3, 2, 1]
    assert [cell.grade.impact for cell in matrix[0]] == [1, 2, 3, 4, 5]
    where = {
        step: [
            (cell.grade.likelihood, cell.grade.impact)
            for row in matrix
            for cell in row
            if getattr(cell, step)
        ]
        for step in ("inherent", "current", "residual")
    }
    assert where == {"inherent": [(5, 5)], "current": [(4, 2)], "residual": [(1, 1)]}


def test_every_grade_has_a_level_and_levels_rise():
    values = [Grade(row, column) for row in range(1, 6) for column in range(1, 6)]
    ranks = {code: rank for rank, (_from, code, _label, _tone) in enumerate(LEVELS[::-1])}
    by_value = sorted((one.value, ranks[one.level]) for one in values)
    assert all(one[1] <= other[1] for one, other in pairwise(by_value))
    assert {one.level for one in values} == set(ranks)
    assert (Grade(5, 5).level, Grade(1, 1).level) == ("severe", "low")


# The page.


def test_an_empty_register_says_what_to_do_first(world, sign_in):
    html = page(sign_in(world.b.ambassador), world)
    assert "Add the first risk" in html
    assert reverse("partnerships:record-add", args=[world.partnership.pk, "risk"]) in html


def test_both_teams_read_the_register_and_nobody_else(world, sign_in):
    risk(world)
    for name, person in team(world).items():
        assert "Nobody comes" in page(sign_in(person), world), name
    for person in others(world).values():
        page(sign_in(person), world, status=404)


def test_the_page_tells_all_of_a_risk(world, sign_in):
    made = risk(
        world,
        "Nobody comes",
        (4, 4),
        details="Because of the date.",
        treatment="Call.",
        review_on=day(-3),
    )
    rooms.ChargeFactory(risk=made, party=party(world, world.a), person=world.a.ambassador)
    rooms.ActionFactory(
        partnership=world.partnership,
        title="Call everybody",
        due_on=day(-2),
        origin="risk",
        origin_id=made.pk,
    )
    rooms.ActionFactory(partnership=world.partnership, title="Of no risk")
    html = page(sign_in(world.b.manager), world)
    told = words(html)
    assert "inherent 25 today 16 residual 1" in told
    assert "Today 16 4 × 4 very high" in told
    assert "Because of the date." in told
    assert "Reduce it Call." in told
    assert "Greek cluster: Greek ambassador" in told
    assert "French cluster: no one yet" in told
    assert "overdue" in told
    assert "Call everybody" in told
    assert "2 days late" in told
    assert "Of no risk" not in told
    assert f"?origin=risk&amp;origin_id={made.pk}" in html
    assert f"/history/risk/{made.pk}/" in html
    assert "style=" not in html


def test_what_is_missing_is_told(world, sign_in):
    risk(world, response="")
    told = words(page(sign_in(world.a.manager), world))
    assert "not chosen yet" in told
    assert "no date set" in told
    assert "Choose a response before both sides accept it." in told
    assert "Accept for our side" not in told


@pytest.mark.parametrize(("offset", "word"), [(-1, "overdue"), (3, "soon"), (40, "")])
def test_reviews_that_are_near_or_over(world, offset, word):
    risk(world, review_on=day(offset))
    [one] = register(world).open
    assert (one.is_overdue, one.is_soon) == (word == "overdue", word == "soon")


def test_several_in_a_cell_are_counted(world, sign_in):
    for _each in range(3):
        risk(world, current=(2, 2))
    html = page(sign_in(world.a.manager), world)
    matrix = words(html[html.index("rm-matrix") : html.index("</table>")])
    assert "1 2 3 3 risks" in matrix


def test_closed_risks_are_folded_below(world, sign_in):
    risk(world, "Over", closed_on=day(-4), closed_why="The event took place.")
    told = words(page(sign_in(world.a.manager), world))
    assert "No open risks" in told
    assert "1 closed risk 1 Over The event took place." in told


# Acceptance.


def test_both_sides_accept_a_risk(world, sign_in):
    made = risk(world)
    mine, theirs = sign_in(world.a.manager), sign_in(world.b.manager)
    address = reverse("partnerships:risk-accept", args=[world.partnership.pk, made.pk])
    answer = mine.post(address, {"version": made.version})
    assert answer["Location"].endswith(f"/risks/#risk-{made.pk}")
    told = words(page(mine, world))
    assert "Accepted for your side." in told
    assert "Greek cluster Greek manager" in told
    assert "French cluster still to sign" in told
    text = Agreement.objects.get()
    read = reverse("partnerships:text", args=[world.partnership.pk, text.pk])
    html = page(theirs, world)
    assert read in html
    assert "Read and sign" in html
    assert "Read and sign" not in page(sign_in(world.b.ambassador), world)
    assert "Read and sign" not in page(mine, world)
    sign(world, world.b.manager, text)
    told = words(page(theirs, world))
    assert "French cluster French manager" in told
    assert "Accepted by all sides 1 of 1" in told
    assert register(world).open[0].acceptance == "accepted"
    assert Mail.objects.filter(recipient=world.b.manager.email).count() == 1


def test_a_change_makes_it_void_and_it_can_be_accepted_anew(world, sign_in):
    made = risk(world)
    text = accept(world, world.a.manager, made)
    sign(world, world.b.manager, text)
    do(
        world.b.ambassador,
        change_record,
        kind="risk",
        partnership_id=world.partnership.pk,
        record_id=made.pk,
        version=1,
        values={"current_likelihood": 2},
    )
    told = words(page(sign_in(world.a.manager), world))
    assert "It changed on" in told
    assert "earlier signatures are no longer valid" in told
    assert "Accepted by all sides 0 of 1" in told
    made.refresh_from_db()
    again = accept(world, world.b.manager, made)
    assert again.number == 2
    assert register(world).open[0].acceptance == "waiting"
    told = words(page(sign_in(world.a.manager), world))
    assert "Read and sign" in told
    assert "It changed on" not in told


def test_who_does_not_accept_says_why(world, sign_in):
    made = risk(world)
    text = accept(world, world.a.manager, made)
    do(
        world.b.manager,
        close_text,
        partnership_id=world.partnership.pk,
        agreement_id=text.pk,
        why="We would rather avoid it.",
    )
    told = words(page(sign_in(world.a.manager), world))
    assert "not accepted" in told
    assert "We would rather avoid it." in told
    assert register(world).open[0].acceptance == "refused"


@pytest.mark.parametrize(
    ("values", "version", "sentence"),
    [
        ({}, 7, "Someone else has changed this since you opened it."),
        ({}, "x", "Someone else has changed this since you opened it."),
        ({"response": ""}, 1, "Choose a response before you accept it."),
        (
            {"closed_on": TODAY, "closed_why": "x"},
            1,
            "Someone else has changed this since you opened it.",
        ),
    ],
)
def test_what_cannot_be_accepted_is_told(world, sign_in, values, version, sentence):
    made = risk(world, **values)
    client = sign_in(world.a.manager)
    address = reverse("partnerships:risk-accept", args=[world.partnership.pk, made.pk])
    assert client.post(address, {"version": version}).status_code == 302
    assert sentence in page(client, world)
    assert not SignOff.objects.exists()


def test_accepting_twice_is_accepting_once(world):
    made = risk(world)
    accept(world, world.a.manager, made)
    with pytest.raises(Conflict, match="already accepted or waiting for signatures"):
        accept(world, world.b.manager, made)
    assert Agreement.objects.count() == 1


def test_only_managers_accept(world, sign_in):
    made = risk(world)
    address = reverse("partnerships:risk-accept", args=[world.partnership.pk, made.pk])
    assert "Accept for our side" not in page(sign_in(world.a.ambassador), world)
    assert sign_in(world.a.ambassador).post(address, {"version": 1}).status_code == 403
    for person in others(world).values():
        assert sign_in(person).post(address, {"version": 1}).status_code == 404
    assert not Agreement.objects.exists()


def test_a_risk_of_another_room_is_not_accepted(world, sign_in):
    elsewhere = Partnership.objects.create(title="Other", lead=world.a.cluster, state="active")
    made = rooms.RiskFactory(partnership=elsewhere)
    address = reverse("partnerships:risk-accept", args=[world.partnership.pk, made.pk])
    assert sign_in(world.a.manager).post(address, {"version": 1}).status_code == 404


def test_an_ended_partnership_keeps_its_register(world, sign_in):
    made = risk(world)
    Partnership.objects.filter(pk=world.partnership.pk).update(state="ended")
    client = sign_in(world.a.manager)
    html = page(client, world)
    assert "Nobody comes" in html
    assert "Accept for our side" not in html
    address = reverse("partnerships:risk-accept", args=[world.partnership.pk, made.pk])
    client.post(address, {"version": 1})
    assert "has ended" in page(client, world)


def test_queries_do_not_grow_with_the_register(world, sign_in, django_assert_num_queries):
    client = sign_in(world.a.manager)

    def add(title):
        made = risk(world, title)
        rooms.ChargeFactory(risk=made, party=party(world, world.a), person=world.a.manager)
        rooms.ActionFactory(
            partnership=world.partnership,
            origin="risk",
            origin_id=made.pk,
            party=party(world, world.b),
            person=world.b.manager,
        )
        accept(world, world.a.manager, made)

    add("One")
    page(client, world)
    with django_assert_num_queries(17):
        page(client, world)
    add("Two")
    add("Three")
    with django_assert_num_queries(17):
        page(client, world)


def test_in_arabic_and_french_the_page_stands(world, sign_in):
    risk(world)
    client = sign_in(world.a.manager)
    for language in ("ar", "fr", "el"):
        client.cookies["django_language"] = language
        assert "Nobody comes" in page(client, world)
