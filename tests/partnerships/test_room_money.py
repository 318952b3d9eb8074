"""The money of a room: who pays what, exchange rates, and what goes on when money ends."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from proxeny.kernel.errors import NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.partnerships.models import Activity, ExchangeRate, Partnership
from proxeny.partnerships.money import read_ledger
from proxeny.partnerships.money_queries import list_rates, list_sources
from proxeny.partnerships.operations import funding
from proxeny.partnerships.share_chart import draw_bar
from tests.factories import rooms
from tests.partnerships.rooms import TODAY, do, others, party, team, words
from tests.stages import staged

YEAR = TODAY.year
NEW_YEAR, END_OF_YEAR = date(YEAR, 1, 1), date(YEAR, 12, 31)


def address(world, name="money", **more):
    return reverse(f"partnerships:{name}", kwargs={"pk": world.partnership.pk, **more})


def page(client, world, name="money", status=200, **query):
    answer = client.get(address(world, name), query)
    assert answer.status_code == status
    return answer.content.decode()


def source(world, name, kind, amount=None, *, activity=None, year=YEAR, currency="EUR", **given):
    made = rooms.FundingSourceFactory(partnership=world.partnership, name=name, kind=kind, **given)
    if amount is not None:
        rooms.FundingLineFactory(
            source=made, activity=activity, year=year, amount=amount, currency=currency
        )
    return made


def activity(world, title, cost, **given):
    return rooms.ActivityFactory(
        partnership=world.partnership,
        title=title,
        cost=cost,
        starts_on=NEW_YEAR,
        ends_on=END_OF_YEAR,
        **given,
    )


@staged
def funded(world):
    """A desk that a grant pays for, a fair that needs it, and fees that may move."""
    desk = activity(world, "The desk", 5000, core=True, worth=5)
    fair = activity(world, "The fair", 2000, worth=2)
    rooms.DependencyFactory(activity=fair, needs=desk)
    source(world, "The grant", "european", 6000, activity=desk)
    source(world, "The fees", "fees", 3000, movable=True, party=party(world, world.a))
    return world


def read(world):
    return read_ledger(world.partnership, today=TODAY)


def test_both_teams_see_the_money_and_nobody_else(funded, sign_in):
    for name, person in team(funded).items():
        found = page(sign_in(person), funded)
        assert "The grant" in found, name
        assert ("New source" in found) == name.startswith("manager"), name
    for name, person in others(funded).items():
        for route in ("money", "stress"):
            assert sign_in(person).get(address(funded, route)).status_code == 404, name


def test_shares_by_kind_and_side_stand_as_bars_and_as_a_table(funded, sign_in):
    html = page(sign_in(funded.b.manager), funded)
    told = words(html)
    assert f"Money in {YEAR} €9,000" in told
    assert 'aria-label="Shares by kind of source in ' in html
    assert "Member fees 33%, European grant 67%" in html
    assert "Greek cluster 33%, all together 67%" in html
    assert f"{YEAR} European grant €6,000 66.7%" in told
    assert "5,556 As concentrated as 1.8 equal sources. The grant alone pays 67%." in told


def test_concentration_is_that_of_the_guidelines_example(world):
    for number, amount in enumerate((30, 30, 20, 20)):
        source(world, f"Source {number}", "own", amount)
    found = funding.measure_years(read(world))[0]
    assert round(found.by_source.index * 10_000) == 2600
    assert found.granted == 0


def test_years_rise_and_each_counts_its_own_lines(funded):
    source(funded, "Later", "national", 500, year=YEAR + 1)
    found = funding.measure_years(read(funded))
    assert [(one.year, one.total) for one in found] == [(YEAR, 9000), (YEAR + 1, 500)]
    assert [round(one.granted, 3) for one in found] == [0.667, 1.0]


def test_the_core_without_grants_is_known_at_once(funded, sign_in):
    assert funding.save_core_without_grants(read(funded), year=YEAR) == 2000
    assert "would save the core if all grants ended €2,000" in words(
        page(sign_in(funded.a.ambassador), funded)
    )


def test_without_a_core_nothing_is_said_of_it(world, sign_in):
    source(world, "Own", "own", 10)
    assert funding.save_core_without_grants(read(world), year=None) is None
    assert "if all grants ended" not in page(sign_in(world.a.manager), world)


def test_another_currency_is_told_with_its_sum_its_rate_and_the_rates_day(world, sign_in):
    source(world, "London", "national", 100, currency="GBP")
    client = sign_in(world.a.manager)
    told = words(page(client, world))
    assert "1 amount isn’t counted yet GBP: there’s no exchange rate." in told
    assert "no rate for GBP: not counted" in told
    since = TODAY - timedelta(days=3)
    rooms.ExchangeRateFactory(partnership=world.partnership, rate="1.1523", since_on=since)
    rooms.ExchangeRateFactory(
        partnership=world.partnership, rate="2", since_on=TODAY + timedelta(days=3)
    )
    rooms.ExchangeRateFactory(
        partnership=world.partnership, rate="3", since_on=TODAY - timedelta(days=30)
    )
    told = words(page(client, world))
    assert "isn’t counted yet" not in told
    assert "not counted" not in told
    assert f"£100 at 1.1523, the rate of {date_format(since)}" in told
    assert "€115.23" in told
    states = [
        (str(one.rate.rate.normalize()), one.state) for one in list_rates(read(world), today=TODAY)
    ]
    assert states == [("2", "later"), ("1.1523", "counts"), ("3", "past")]


def test_money_for_what_was_put_away_counts_for_nothing_and_says_so(funded, sign_in):
    desk = read(funded).activities[0]
    desk.dropped_at = timezone.now()
    desk.save()
    ledger = read(funded)
    assert [one.amount for one in ledger.idle] == [6000]
    assert [one.total for one in list_sources(ledger, today=TODAY)] == [3000, 0]
    assert "for an archived activity: not counted" in page(sign_in(funded.a.manager), funded)


def test_what_ends_soon_and_what_has_ended_is_told(world, sign_in):
    for days in (-1, 30, 400):
        source(world, f"In {days}", "own", 1, ends_on=TODAY + timedelta(days=days))
    told = page(sign_in(world.a.manager), world)
    assert len(re.findall(r"\bends on\b", told)) == 1
    assert told.count("ended on") == 1
    assert told.count("until ") >= 1


def test_what_was_put_away_can_be_brought_back(world, sign_in):
    made = source(world, "Old fund", "own", 5, dropped_at=timezone.now())
    html = page(sign_in(world.a.manager), world)
    back = address(world, "record-restore", kind="source", record_id=made.pk)
    assert "Old fund" in html
    assert back in html


def test_empty_money_says_what_to_do_first(world, sign_in):
    assert "Start with the largest grant" in page(sign_in(world.a.manager), world)
    told = page(sign_in(world.a.ambassador), world)
    assert "A manager of one of the clusters records who pays" in told
    assert address(world, "record-add", kind="source") not in told


def test_money_takes_the_same_queries_with_one_source_and_many(
    funded, sign_in, django_assert_num_queries
):
    client = sign_in(funded.a.manager)
    page(client, funded)
    with django_assert_num_queries(QUERIES):
        page(client, funded)
    for number in range(3):
        rooms.ExchangeRateFactory(
            partnership=funded.partnership, since_on=TODAY - timedelta(days=number)
        )
        made = source(funded, f"More {number}", "own", 7, party=party(funded, funded.b))
        rooms.FundingLineFactory(source=made, year=YEAR, amount=5, currency="GBP")
        activity(funded, f"Further {number}", 3)
    with django_assert_num_queries(QUERIES):
        assert "More 2" in page(client, funded)


#: The session, the web role and the reader's arrays, the room, and seven of the money.
QUERIES = 18


def test_a_rate_is_noted_changed_and_taken_away(world, sign_in):
    client = sign_in(world.b.manager)
    source(world, "London", "national", 100, currency="GBP")
    form = {"currency": "gbp", "rate": "1.2", "since_on": str(TODAY), "source": "Bank"}
    answer = client.post(address(world, "rate-add"), form)
    assert answer["Location"] == address(world) + "#rates"
    client.post(address(world, "rate-add"), {**form, "rate": "1.25"})
    made = ExchangeRate.objects.get()
    assert (made.currency, made.rate, made.source) == ("GBP", Decimal("1.25"), "Bank")
    assert "€125" in page(sign_in(world.a.ambassador), world)
    client.post(address(world, "rate-remove", rate_id=made.pk))
    assert not ExchangeRate.objects.exists()
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", "organisation_id")
    assert list(verbs)[-3:] == [
        ("set_rate", world.b.cluster.pk),
        ("set_rate", world.b.cluster.pk),
        ("remove_rate", world.b.cluster.pk),
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"currency": "EUR"}, "Enter another currency"),
        ({"currency": "XQQ"}, "Enter another currency"),
        ({"rate": "0"}, "Enter a rate above zero."),
        ({"rate": "much"}, "Enter a number"),
        ({"since_on": ""}, "This field is required"),
    ],
)
def test_a_wrong_rate_is_said_beside_its_field(world, sign_in, wrong, sentence):
    source(world, "London", "national", 100, currency="GBP")
    form = {"currency": "GBP", "rate": "1.2", "since_on": str(TODAY), "source": "", **wrong}
    answer = sign_in(world.a.manager).post(address(world, "rate-add"), form)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ExchangeRate.objects.exists()


def test_only_managers_of_an_active_room_note_rates(world, sign_in):
    form = {"currency": "GBP", "rate": "1.2", "since_on": str(TODAY), "source": ""}
    kept = rooms.ExchangeRateFactory(partnership=world.partnership)
    routes = (address(world, "rate-add"), address(world, "rate-remove", rate_id=kept.pk))
    for route in routes:
        assert sign_in(world.a.ambassador).post(route, form).status_code == 403
        for person in others(world).values():
            assert sign_in(person).post(route, form).status_code == 404
    Partnership.objects.update(state="ended")
    assert sign_in(world.a.manager).post(routes[0], form).status_code == 403
    sign_in(world.a.manager).post(routes[1])
    assert ExchangeRate.objects.count() == 1


def test_a_rate_of_another_room_is_none(world):
    from tests.factories.partnerships import PartnershipFactory

    other = rooms.ExchangeRateFactory(partnership=PartnershipFactory(lead=world.c.cluster))
    with pytest.raises(NotFound):
        do_now(world.a.manager, funding.remove_rate, world, rate_id=other.pk)
    with pytest.raises(NotAllowed):
        do_now(world.a.ambassador, funding.remove_rate, world, rate_id=other.pk)


def do_now(person, operation, world, **given):
    """An operation that asks for no time."""
    return do(
        person,
        lambda *, now, **more: operation(**more),
        partnership_id=world.partnership.pk,
        **given,
    )


def test_a_bar_begins_at_the_readers_side():
    parts = [("a", "A", Decimal(1)), ("none", "", Decimal(0)), ("b", "B", Decimal(3))]
    drawn = draw_bar(parts, is_rtl=False)
    assert [(one.code, one.x, one.width, one.middle) for one in drawn] == [
        ("a", "0.000%", "25.000%", "12.500%"),
        ("b", "25.000%", "75.000%", "62.500%"),
    ]
    mirrored = draw_bar(parts, is_rtl=True)
    assert [(one.x, one.width) for one in mirrored] == [
        ("75.000%", "25.000%"),
        ("0.000%", "75.000%"),
    ]
    assert draw_bar([], is_rtl=False) == []


def test_sums_follow_the_readers_language(funded, sign_in):
    client = sign_in(funded.a.manager)
    client.cookies["django_language"] = "fr"
    assert "9\u202f000\xa0€" in page(client, funded)


# --- What goes on if this ends


def ask(client, world, status=200, **query):
    return page(client, world, "stress", status, **query)


def test_the_answer_is_exact_and_tells_why(funded, sign_in):
    client = sign_in(funded.b.ambassador)
    told = words(ask(client, funded))
    assert "The core continues. Nothing stops." in told
    grant = read(funded).sources[0]
    told = words(ask(client, funded, **{f"s{grant.pk}": 0}))
    assert "The core doesn’t continue. €2,000 would save it." in told
    assert "The grant ends." in told
    assert "The money left is worth more elsewhere. continues with €2,000" in told
    assert "Depends on what stops: The desk continues with €4,000" in told
    told = words(ask(client, funded, **{f"s{grant.pk}": 50}))
    assert "The grant : 50% is left." in told
    assert "The core continues. 1 activity stops." in told


def test_it_says_what_it_counts_where_something_is_done_already(funded, sign_in):
    """So that nobody wonders why Money tells another sum."""
    client = sign_in(funded.b.ambassador)
    said = "This question is about what is still to come"
    assert said not in words(ask(client, funded))
    assert "everything recorded for the year, past or to come" in words(page(client, funded))
    one = Activity.objects.filter(partnership=funded.partnership, cost__gt=0).order_by("pk")[0]
    Activity.objects.filter(pk=one.pk).update(state="done")
    told = words(ask(client, funded))
    assert said in told
    noted, spent, counts = (
        Decimal(one.replace(",", ""))
        for one in re.search(
            r"of €([\d,]+) recorded under Finances, €([\d,]+) went .* and €([\d,]+) counts", told
        ).groups()
    )
    assert noted - spent == counts
    assert f"Money left €{counts:,}" in told


def test_a_recommendation_can_be_written_from_the_answer(funded, sign_in):
    grant = read(funded).sources[0]
    client = sign_in(funded.a.ambassador)
    add = address(funded, "record-add", kind="recommendation")
    assert add not in ask(client, funded)
    html = ask(client, funded, **{f"s{grant.pk}": 0})
    link = f"{add}?title=Make%20the%20core%20independent%20of%20The%20grant"
    assert link in html
    assert 'value="Make the core independent of The grant"' in client.get(link).content.decode()


def test_the_state_of_the_sliders_stands_in_the_address(funded, sign_in):
    client = sign_in(funded.a.manager)
    grant, fees = read(funded).sources
    html = ask(client, funded, **{f"s{grant.pk}": 35, f"s{fees.pk}": 100, "sure": "on"})
    assert re.search(rf'name="s{grant.pk}" min="0" max="100" step="5" value="35"', html)
    assert f"/money/stress/?year={YEAR}&amp;sure=on&amp;s{grant.pk}=35" in html
    answer = client.get(
        address(funded, "stress"),
        {f"s{grant.pk}": 35, f"s{fees.pk}": 100},
        headers={"HX-Request": "true", "HX-Target": "stress-answer"},
    )
    assert answer["HX-Replace-Url"] == f"?year={YEAR}&s{grant.pk}=35"


def test_hopes_count_for_nothing_when_only_secured_money_does(funded, sign_in):
    client = sign_in(funded.a.manager)
    grant = read(funded).sources[0]
    grant.certainty = "likely"
    grant.save()
    assert "The core continues." in words(ask(client, funded))
    told = words(ask(client, funded, sure="on"))
    assert "Only secured money counts." in told
    assert "The core doesn’t continue." in told
    assert "not counted for now" in told


def test_a_year_or_all(funded, sign_in):
    client = sign_in(funded.a.manager)
    source(funded, "Next year", "own", 777, year=YEAR + 1)
    assert "Money left €9,000" in words(ask(client, funded))
    assert "Money left €9,777" in words(ask(client, funded, year="all"))
    assert "Money left €777" in words(ask(client, funded, year=YEAR + 1))


def test_what_hangs_on_each_source_stands_below(funded, sign_in):
    html = ask(sign_in(funded.a.manager), funded)
    told = words(html.split('id="pillars"')[1])
    assert "The grant €6,000 67% needs €2,000 The desk , The fair" in told
    assert "The fees €3,000 33% continues The fair" in told
    grant = read(funded).sources[0]
    assert f"?year={YEAR}&amp;s{grant.pk}=0" in html


def test_what_hangs_on_many_sources_comes_after_the_answer(funded, sign_in, monkeypatch):
    monkeypatch.setattr("proxeny.partnerships.views.money.AT_ONCE", 1)
    client = sign_in(funded.a.manager)
    html = ask(client, funded)
    assert 'hx-trigger="load" hx-target="#pillars"' in html
    assert "needs €2,000" not in html
    part = client.get(
        address(funded, "stress"),
        {"year": YEAR},
        headers={"HX-Request": "true", "HX-Target": "pillars"},
    ).content.decode()
    assert part.strip().startswith('<div id="pillars">')
    assert "needs €2,000" in part
    assert "needs €2,000" in ask(client, funded, pillars="1")


def test_what_is_done_does_not_stop_and_its_money_is_spent(funded):
    activity(funded, "Done", 1000, state="done")
    own = activity(funded, "Done with its own money", 400, state="done")
    source(funded, "For it", "own", 400, activity=own)
    plan, activities = funding.make_plan(read(funded), year=YEAR)
    assert [one.title for one in activities] == ["The desk", "The fair"]
    assert [one.amount for one in plan.lines] == [600_000, 200_000]


def test_no_cent_gets_lost_where_a_part_is_left(world):
    activity(world, "Done", 100, state="done")
    activity(world, "Core", 500, core=True)
    for number in range(3):
        source(world, f"Fee {number}", "member", Decimal("200.01"))
    plan, _activities = funding.make_plan(read(world), year=YEAR)
    # What is done took 100 of 600.03; thirds of a cent are no reason to ask for more.
    assert sum(one.amount for one in plan.lines) == 50_003
    assert funding.save_core_without_grants(read(world), year=YEAR) == 0


def test_the_cost_of_a_year_is_its_days_part(world):
    made = rooms.ActivityFactory(
        partnership=world.partnership,
        cost=730,
        starts_on=date(2025, 1, 1),
        ends_on=date(2026, 12, 31),
    )
    plan, activities = funding.make_plan(read(world), year=2026)
    assert activities == [made]
    assert [one.cost for one in plan.activities] == [36_500]


@pytest.mark.parametrize("part", ["101", "-1", "much"])
def test_a_slider_beyond_its_ends_is_refused(funded, sign_in, part):
    grant = read(funded).sources[0]
    told = ask(sign_in(funded.a.manager), funded, 422, **{f"s{grant.pk}": part})
    assert "0 to 100" in told


def test_what_is_asked_of_no_source_is_left_out(funded, sign_in):
    assert "The core continues." in ask(sign_in(funded.a.manager), funded, s999999=0, s=4, x="y")


def test_nothing_to_ask_yet(world, sign_in):
    client = sign_in(world.a.manager)
    assert "First record who pays for what." in ask(client, world)
    source(world, "Own", "own", 10)
    assert "The plan is empty" in ask(client, world)
    activity(world, "Walk", 5)
    assert "Nothing is marked as core." in ask(client, world)


def test_the_answer_takes_the_same_queries_however_much_is_asked(
    funded, sign_in, django_assert_num_queries
):
    client = sign_in(funded.a.manager)
    ask(client, funded)
    with django_assert_num_queries(STRESS_QUERIES):
        ask(client, funded)
    for number in range(3):
        made = activity(funded, f"Further {number}", 3)
        rooms.DependencyFactory(activity=made, needs=read(funded).activities[0])
        source(funded, f"More {number}", "own", 7)
    with django_assert_num_queries(STRESS_QUERIES):
        assert "More 2" in ask(client, funded)


STRESS_QUERIES = 17


def test_names_in_the_answer_are_text(world, sign_in):
    evil = "<script>alert(1)</script>"
    made = activity(world, evil, 5, core=True)
    source(world, evil, "own", 5, activity=made)
    for route in ("money", "stress"):
        assert evil not in page(sign_in(world.a.manager), world, route)


def test_arabic_pages_are_drawn_from_the_right(funded, sign_in):
    client = sign_in(funded.a.manager)
    client.cookies["django_language"] = "ar"
    html = page(client, funded)
    assert '<rect x="66.667%" y="0" width="33.333%"' in html
