"""The figures of a label: counted from what was handed in, decided, awarded and answered."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.labels.models import Application, Award, Scheme
from proxeny.labels.queries.statistics import Share, public_figures, read_statistics
from proxeny.partnerships.models import Interest
from tests.conftest import reader_of
from tests.factories import labels as made
from tests.labels.living import DAY, asked, at, give, open_round
from tests.partnerships.rooms import words

pytestmark = pytest.mark.django_db


def statistics(person, scheme):
    with acting_as(WEB, reader_of(person)):
        return read_statistics(Scheme.objects.get(pk=scheme.pk))


def add(held, organisation, standing, **values):
    """Add an application to a decided round, with how it stands."""
    one = made.make_submitted(held, organisation, **values)
    made.ResultFactory(
        decision=held.decisions.get(),
        application=one,
        standing=standing,
        level=values.get("level", ""),
    )
    return one


def filled(world):
    """Return an award of a round with six applications: one awarded, two more passed."""
    award = give(world, organisation=world.a.members[0])
    held = award.application.round
    Application.objects.filter(pk=award.application_id).update(topics="Fisheries, sensors")
    add(held, world.b.members[0], "chosen", topics="fisheries")
    add(held, world.b.members[1], "waiting")
    add(held, world.a.members[1], "below", topics="Fisheries,")
    add(held, world.a.members[2], "below")
    add(held, world.b.members[2], "below")
    made.make_submitted(held, world.b.members[2], eligible=False, eligible_why="No seat.")
    made.ApplicationFactory(round=held, organisation=world.b.members[2])
    return award


def groups(found, by):
    return [(one.key, one.applied, one.passed, one.chosen, one.awarded) for one in found.groups[by]]


def test_applications_are_counted_by_round_origin_field_and_year(world):
    award = filled(world)
    held, year = award.application.round, str(timezone.localtime().year)
    found = statistics(world.a.manager, award.scheme)
    assert groups(found, "round") == [(str(held.pk), 6, 3, 2, 1)]
    assert groups(found, "origin") == [("FR", 3, 2, 1, 0), ("GR", 3, 1, 1, 1)]
    assert groups(found, "field") == [
        ("Fisheries", 3, 2, 2, 1),
        ("sensors", 1, 1, 1, 1),
        ("", 3, 1, 0, 0),
    ]
    assert groups(found, "year") == [(year, 6, 3, 2, 1)]
    assert (found.all.applied, found.all.passed, found.all.chosen, found.all.awarded) == (
        6,
        3,
        2,
        1,
    )


def test_a_conflict_of_interest_changes_no_figure(world):
    award = filled(world)
    Interest.objects.create(
        partnership=world.partnership,
        person=world.b.manager,
        subject="application",
        subject_id=award.application_id,
        conflicts=True,
        said_at=timezone.now(),
    )
    assert statistics(world.b.manager, award.scheme) == statistics(world.a.manager, award.scheme)


def test_a_round_counts_once_it_is_decided(world):
    award = give(world)
    held = open_round(award)
    made.make_submitted(held, world.b.members[0])
    found = statistics(world.a.manager, award.scheme)
    assert (found.all.applied, found.open) == (1, 1)


def test_levels_are_those_of_who_is_chosen(world):
    award = give(world)
    held = award.application.round
    add(held, world.b.members[0], "chosen")
    award.application.results.update(level="l2")
    found = statistics(world.a.manager, award.scheme)
    assert [(one.key, one.chosen) for one in found.groups["level"]] == [("l2", 1)]


def test_of_few_there_is_no_rate(world):
    assert [Share(1, 4).is_thin, Share(1, 5).is_thin] == [True, False]
    share = Share(2, 6)
    assert [round(one, 1) for one in (share.percent, share.low, share.high)] == [33.3, 9.7, 70.0]
    empty = Share(0, 0)
    assert (empty.percent, empty.low, empty.high) == (0, 0, 100)


def test_the_time_to_a_decision_is_told_in_days(world):
    award = give(world)
    held = award.application.round
    decision = held.decisions.get()
    for days, organisation in ((10, world.b.members[0]), (40, world.b.members[1])):
        one = add(held, organisation, "below")
        Application.objects.filter(pk=one.pk).update(submitted_at=decision.decided_at - days * DAY)
    Application.objects.filter(pk=award.application_id).update(
        submitted_at=decision.decided_at - 20 * DAY
    )
    span = statistics(world.a.manager, award.scheme).span
    assert (span.middle, span.shortest, span.longest, span.count) == (20, 10, 40, 3)


def test_what_was_achieved_is_added_by_kind_and_currency(world):
    award = give(world)
    now = timezone.now()
    second = give(world, held=award.application.round, organisation=world.b.members[0])
    told = {"answered_at": now, "still_holds": True, "achieved": "x"}
    asked(award, kind="funding", amount=Decimal(100), currency="EUR", **told)
    asked(second, kind="funding", amount=Decimal(50), currency="EUR", **told)
    asked(second, kind="funding", amount=Decimal(900), currency="MAD", **told)
    asked(second, kind="market", **(told | {"still_holds": False}))
    asked(award)
    found = statistics(world.a.manager, award.scheme)
    assert [
        (one.kind, one.currency, one.projects, one.figures, one.total) for one in found.achieved
    ] == [
        ("funding", "EUR", 2, 2, Decimal(150)),
        ("funding", "MAD", 1, 1, Decimal(900)),
        ("market", "", 1, 0, None),
    ]
    assert {(one.answered, one.asked) for one in found.achieved} == {(4, 5)}
    assert (found.still_holds, found.asked) == (Share(3, 4), 5)


def test_the_public_figures_count_what_everybody_reads(world):
    award = filled(world)
    now = timezone.now()
    more = {
        "scheme": award.scheme,
        "scheme_version": award.scheme_version,
        "status_list": award.status_list,
    }
    made.AwardFactory(**more, organisation=world.b.members[0], issued_at=None)
    made.AwardFactory(**more, organisation=world.a.members[0], why="name", replaces=award)
    Award.objects.filter(pk=award.pk).update(revoked_at=now)
    other = made.AwardFactory(**more, organisation=world.b.members[1])
    public = {"is_public": True, "answered_at": now, "reviewed_at": now, "still_holds": True}
    asked(other, kind="jobs", amount=Decimal(3), achieved="x", **public)
    asked(other, kind="jobs", amount=Decimal(9), achieved="x", **(public | {"is_public": False}))
    asked(award, kind="jobs", amount=Decimal(9), achieved="x", **public)
    with (
        acting_as(WEB, reader_of(world.nobody_special)),
        CaptureQueriesContext(connection) as caught,
    ):
        found = public_figures(award.scheme_id, now + timedelta(seconds=5))
    assert (found.given, found.holding, found.origins) == (2, 2, (("FR", 1), ("GR", 1)))
    assert found.achieved == (("jobs", "", 1, Decimal(3)),)
    assert len(caught) == 3


def page(client, award, name="statistics", status=200, **query):
    answer = client.get(at(name, award.partnership_id, award.scheme_id), query)
    assert answer.status_code == status
    return answer


def test_the_page_tells_rates_with_their_ranges_or_that_there_are_too_few(world, sign_in):
    award = filled(world)
    text = words(page(sign_in(world.b.manager), award).content.decode())
    assert "33%, range 10 – 70%" in text
    assert "too few to say" in text
    assert "Spring 2025" in text
    assert "Greece" in text
    assert "Fisheries" in text
    assert "No one has been asked yet." in text


def test_an_empty_page_says_what_will_stand_there(world, sign_in):
    version = made.make_scheme(world.partnership)
    held = made.RoundFactory(scheme_version=version)
    url = at("statistics", world.partnership.pk, version.scheme_id)
    client = sign_in(world.a.manager)
    assert "Once a round is decided" in words(client.get(url).content.decode())
    made.make_submitted(held, world.a.members[0])
    assert "1 application has been submitted." in words(client.get(url).content.decode())


def test_managers_alone_read_figures(world, sign_in):
    award = filled(world)
    for name in ("statistics", "statistics-export", "checkups"):
        page(sign_in(world.a.ambassador), award, name, status=403)
        page(sign_in(world.a.representatives[0]), award, name, status=404)
        page(sign_in(world.nobody_special), award, name, status=404)
    tabs = page(sign_in(world.a.ambassador), award, "scheme").content.decode()
    assert at("statistics", award.partnership_id, award.scheme_id) not in tabs


def test_the_figures_are_given_as_files(world, sign_in):
    award = filled(world)
    asked(
        award,
        kind="funding",
        amount=Decimal(100),
        currency="EUR",
        achieved="x",
        answered_at=timezone.now(),
        still_holds=True,
    )
    client = sign_in(world.a.manager)
    lines = page(client, award, "statistics-export").content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Compared by,Group,Applied,Passed,Chosen,Awarded")
    assert lines[1] == "Round,Spring 2025,6,3,2,1,33.3,9.7,70.0"
    assert "Origin,France,3,2,1,0,,," in lines
    achieved = page(client, award, "statistics-export", table="achieved").content.decode(
        "utf-8-sig"
    )
    assert achieved.splitlines()[1] == "Money raised,EUR,1,100.0,1,1,1"
    assert page(client, award, "statistics-export", form="xlsx").content[:2] == b"PK"


def test_the_page_asks_as_often_for_much_as_for_little(world, sign_in):
    award = give(world)
    client, counts = sign_in(world.a.manager), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as caught:
            page(client, award)
        counts.append(len(caught))
        filled_more = award.application.round
        for organisation in world.b.members:
            add(filled_more, organisation, "chosen", topics="a, b, c")
    assert counts[0] == counts[1]
