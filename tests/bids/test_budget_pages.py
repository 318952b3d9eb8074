"""The pages of a budget: all of it, one partner's figures, and files to take along."""

import csv
import io
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proxeny.accounts.models import Person
from proxeny.bids.models import Partner, Spending
from proxeny.bids.operations.sheets import read_sheet
from proxeny.bids.queries.bids import get_bid
from proxeny.kernel.models import AuditEntry
from tests.bids.bidding import bid_of, call_of, change, drop, partner_of
from tests.bids.planning import holds, packages_of, signed, spend
from tests.factories.bids import WorkPackageFactory
from tests.files import is_table_file
from tests.forms import form_of
from tests.partnerships.rooms import others, team, words

pytestmark = pytest.mark.django_db


def at(name, bid, *more):
    return reverse(f"bids:{name}", args=[bid.partnership_id, bid.pk, *more])


def text_of(answer):
    return unescape(words(answer.content.decode()))


def two_partners(world, **values):
    """Return a bid with two work packages and a partner of each side that costs something."""
    call = call_of(world, rule_set="", **values)
    bid = bid_of(world, call=call, months=24, overhead=7)
    made = packages_of(bid, (1, 12), (7, 24))
    greek, french = (
        partner_of(bid, one, rate=Decimal(rate), nonprofit=False)
        for one, rate in ((world.a.members[0], "5000.01"), (world.b.members[0], 6000))
    )
    spend(world.a.manager, greek, {(made[0], "months"): "0.33", (made[1], "travel"): "1200.50"})
    spend(world.b.manager, french, {(made[1], "months"): 4}, percent=Decimal(70))
    return bid, made, greek, french


def test_without_work_or_partners_it_says_what_comes_first(world, sign_in):
    bid, client = bid_of(world), sign_in(world.a.manager)
    shown = client.get(at("budget", bid))
    assert "Plan the work first" in text_of(shown)
    packages_of(bid, (1, 12))
    assert "No partners yet" in text_of(client.get(at("budget", bid)))
    partner = partner_of(bid, world.a.members[0])
    assert "By partner" in text_of(client.get(at("budget", bid)))
    assert "Nothing" not in text_of(client.get(at("budget-partner", bid, partner.pk)))


def test_both_sides_read_the_same_sums(world, sign_in):
    bid, _made, greek, french = two_partners(world)
    # 1,650.00 of people, 1,200.50 of travel, seven per cent of both; 24,000 and seven per cent.
    for person in team(world).values():
        shown = sign_in(person).get(at("budget", bid))
        text = text_of(shown)
        assert (
            "Greek member 1 Beneficiary 0.33 1,650 0 1,200.50 0 0 199.54 3,050.04 3,050.04 0"
            in text
        )
        assert "French member 1 Beneficiary 4 24,000 0 0 0 0 1,680 25,680 17,976 7,704" in text
        assert "Total 4.33 25,650 0 1,200.50 0 0 1,879.54 28,730.04 21,026.04 7,704" in text
        assert "1 · Work 1 No one leads work package 1. 0.33 1,765.50" in text
        assert "Total 4.33 28,730.04" in text
        html = shown.content.decode()
        assert at("budget-partner", bid, greek.pk) in html
        assert f'id="partner-{french.pk}"' in html
    for person in others(world).values():
        assert sign_in(person).get(at("budget", bid)).status_code == 404


def test_in_the_readers_language(world, sign_in):
    bid, *_rest = two_partners(world)
    Person.objects.filter(pk=world.b.manager.pk).update(language="fr")
    text = text_of(sign_in(world.b.manager).get(at("budget", bid)))
    assert "3 050,04" in text


def test_what_does_not_fit_is_told_where_it_belongs(world, sign_in):
    bid, _made, _greek, french = two_partners(
        world,
        grant_most=10_000,
        own_rules=[
            {"kind": "rate", "key": "half", "percent": 50, "text": "Half of all costs"},
            {"kind": "count", "key": "three", "least": 9, "text": "Nine partners"},
        ],
    )
    text = text_of(sign_in(world.a.manager).get(at("budget", bid)))
    # The Greek one asks for what the call gives: 1,525.02.
    assert "The consortium requests €9,501.02 more than the largest grant." in text
    assert "It only has to fit before you submit." in text
    assert "Half of all costs French member 1 requests €5,136 more than its costs allow." in text
    assert "French member 1 requests €5,136 more than the call allows, which is 50%" in text
    assert "grants are €10,000 at most" in text
    assert "Nine partners" not in text
    spend(world.b.manager, french, {}, percent=None)
    text = text_of(sign_in(world.a.manager).get(at("budget", bid)))
    assert "It fits what the call says about amounts." not in text
    assert "French member 1 has no costs yet." in text
    assert "more than the largest grant" not in text


def test_a_call_that_says_nothing_of_sums(world, sign_in):
    bid, *_rest = two_partners(world)
    text = text_of(sign_in(world.a.manager).get(at("budget", bid)))
    assert "The call says nothing about amounts here" in text
    bid, *_rest = two_partners(world, grant_least=1)
    text = text_of(sign_in(world.a.manager).get(at("budget", bid)))
    assert "It fits what the call says about amounts." in text


def test_who_left_stands_apart(world, sign_in):
    bid, _made, _greek, french = two_partners(world)
    Partner.objects.filter(pk=french.pk).update(state="left")
    client = sign_in(world.a.manager)
    text = text_of(client.get(at("budget", bid)))
    assert "Total 0.33 1,650 0 1,200.50 0 0 199.54 3,050.04 3,050.04 0" in text
    assert "Not counted They declined or left." in text
    assert "French member 1 Beneficiary · Left 4 24,000" in text
    shown = client.get(at("budget-partner", bid, french.pk))
    assert "No longer in the bid" in text_of(shown)
    assert 'name="months_' not in shown.content.decode()
    refused = client.post(at("budget-partner", bid, french.pk), {"rate": "7"})
    assert refused.status_code in (409, 422)
    assert "not counted" in text_of(refused)
    assert french.spendings.count() == 1


def test_figures_as_people_type_them(world, sign_in):
    bid, made, greek, _french = two_partners(world)
    client, page = sign_in(world.a.manager), at("budget-partner", bid, greek.pk)
    form = form_of(client.get(page))
    assert (form["rate"], form[f"months_{made[0].pk}"]) == (["5000.01"], ["0.33"])
    assert form[f"travel_{made[1].pk}"] == ["1200.50"]
    answer = client.post(
        page,
        form
        | {
            "rate": "5 000",
            f"months_{made[0].pk}": "1,5",
            f"travel_{made[1].pk}": "",
            f"goods_{made[1].pk}": "12,500.25",
            f"equipment_{made[1].pk}": "0",
            "percent": "60",
        },
    )
    assert answer.url == f"{at('budget', bid)}#partner-{greek.pk}"
    found = Spending.objects.filter(partner=greek).order_by("category")
    assert [(one.category, one.amount) for one in found] == [
        ("goods", Decimal("12500.25")),
        ("months", Decimal("1.50")),
    ]
    saved = Partner.objects.get(pk=greek.pk)
    assert (saved.rate, saved.percent, saved.request) == (5000, 60, None)
    Person.objects.filter(pk=world.a.manager.pk).update(language="fr")
    form = form_of(client.get(page))
    assert form[f"goods_{made[1].pk}"] == ["12500,25"]
    assert client.post(page, form).status_code == 302
    assert AuditEntry.objects.filter(verb="write_partner_budget", target_id=greek.pk).count() == 2


def test_what_cannot_be_read_is_shown_again_with_what_was_typed(world, sign_in):
    bid, made, greek, _french = two_partners(world)
    client, page = sign_in(world.a.manager), at("budget-partner", bid, greek.pk)
    form = form_of(client.get(page))
    typed = {
        f"months_{made[0].pk}": "a lot",
        f"travel_{made[0].pk}": "-5",
        f"goods_{made[0].pk}": "10000000000",
        f"equipment_{made[0].pk}": "0.125",
        f"goods_{made[1].pk}": "77",
        "percent": "101",
    }
    answer = client.post(page, form | typed)
    assert answer.status_code == 422
    text = text_of(answer)
    for sentence in (
        "such as 1250.50",
        "from 0 to 9,999,999,999.99",
        "no more than two decimal places",
        "from 0 to 100.",
    ):
        assert sentence in text
    kept = form_of(answer)
    assert all(kept[name] == [value] for name, value in typed.items())
    assert greek.spendings.count() == 2


def test_a_work_package_that_was_put_away_meanwhile_loses_nothing(world, sign_in):
    bid, made, greek, _french = two_partners(world)
    client, page = sign_in(world.a.manager), at("budget-partner", bid, greek.pk)
    form = form_of(client.get(page))
    drop(world.b.manager, made[1], "work-package")
    answer = client.post(
        page,
        form
        | {
            f"travel_{made[1].pk}": "1300",
            f"months_{made[1].pk}": "2",
            "rate": "4000",
        },
    )
    assert answer.status_code == 422
    assert (
        "Work package “Work 2” has been archived in the meantime. What you entered for it wasn’t"
        " saved: Person-months 2, Travel 1300."
    ) in text_of(answer)
    again = client.post(page, form_of(answer))
    assert again.status_code == 302
    assert Partner.objects.get(pk=greek.pk).rate == 4000
    assert greek.spendings.get(package=made[1]).amount == Decimal("1200.50")


def test_two_who_write_at_once_lose_nothing(world, sign_in):
    bid, made, greek, _french = two_partners(world)
    page = at("budget-partner", bid, greek.pk)
    one, other = sign_in(world.a.manager), sign_in(world.b.manager)
    forms = [form_of(client.get(page)) for client in (one, other)]
    cell = f"months_{made[0].pk}"
    assert one.post(page, forms[0] | {cell: "2", "rate": "4000"}).status_code == 302
    answer = other.post(page, forms[1] | {cell: "3", f"goods_{made[0].pk}": "9"})
    assert answer.status_code == 409
    assert "1 Work 1 · Person-months" in text_of(answer)
    assert "Greek manager" in text_of(answer)
    kept = form_of(answer)
    assert (kept[cell], kept["rate"], kept[f"goods_{made[0].pk}"]) == (["3"], ["4000"], ["9"])
    assert greek.spendings.get(category="months").amount == 2
    assert other.post(page, kept | {"version-take": "typed"}).status_code == 302
    assert greek.spendings.get(category="months").amount == 3


def test_a_change_of_the_role_is_no_change_of_figures(world, sign_in):
    bid, made, greek, _french = two_partners(world)
    client, page = sign_in(world.a.manager), at("budget-partner", bid, greek.pk)
    form = form_of(client.get(page))
    change(world.b.manager, greek, "bid-partner", brings="Sensors")
    assert client.post(page, form | {f"goods_{made[0].pk}": "9"}).status_code == 302


def test_saving_what_is_there_already_says_so_and_changes_nothing(world, sign_in):
    bid, _made, greek, _french = two_partners(world)
    text, client = signed(bid), sign_in(world.a.manager)
    page = at("budget-partner", bid, greek.pk)
    assert client.post(page, form_of(client.get(page))).status_code == 302
    assert holds(text)
    assert Partner.objects.get(pk=greek.pk).version == 2


def test_who_may_not_write_reads_the_grid(world, sign_in):
    bid, _made, greek, _french = two_partners(world)
    type(bid).objects.filter(pk=bid.pk).update(state="submitted", submitted_at=bid.created_at)
    client, page = sign_in(world.b.manager), at("budget-partner", bid, greek.pk)
    shown = client.get(page)
    assert "1 · Work 1 0.33" in text_of(shown)
    assert 'name="rate"' not in shown.content.decode()
    assert client.post(page, {"rate": "1"}).status_code == 403
    for person in others(world).values():
        assert sign_in(person).get(page).status_code == 404
        assert sign_in(person).post(page, {"rate": "1"}).status_code == 404


def test_who_is_not_paid_reads_that_a_percentage_does_not_count(world, sign_in):
    bid = bid_of(world)
    packages_of(bid, (1, 12))
    partner = partner_of(bid, world.a.members[0], role="associated_partner")
    html = sign_in(world.a.manager).get(at("budget-partner", bid, partner.pk)).content.decode()
    assert "Not counted: the grant doesn’t fund partners in this role." in html
    assert "data-unpaid" in html


def test_the_history_tells_the_sums(world, sign_in):
    _bid, _made, _greek, french = two_partners(world)
    text = text_of(
        sign_in(world.a.manager).get(reverse("history:show", args=["bid-partner", french.pk]))
    )
    assert "Entered the budget of a bid partner" in text
    assert "Total costs: 0.00 25680.00 Amount requested: 0.00 17976.00" in text


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_file_holds_each_cell_and_the_same_totals(world, sign_in):
    bid, *_rest = two_partners(world)
    client = sign_in(world.b.ambassador)
    answer = client.get(at("budget", bid) + "?export=csv")
    assert is_table_file(answer, "budget", "csv")
    rows = rows_of(answer.content)
    cells = [row for row in rows if row["Row"] == "cost"]
    assert [
        (row["Partner"], row["Work package"], row["Category"], row["Person-months"], row["Amount"])
        for row in cells
    ] == [
        ("French member 1", "Work 2", "Personnel", "4.0", "24000.0"),
        ("French member 1", "Work 2", "Indirect costs", "", "1680.0"),
        ("Greek member 1", "Work 1", "Personnel", "0.33", "1650.0"),
        ("Greek member 1", "Work 1", "Indirect costs", "", "115.5"),
        ("Greek member 1", "Work 2", "Travel", "", "1200.5"),
        ("Greek member 1", "Work 2", "Indirect costs", "", "84.04"),
    ]
    sheet = read_sheet(get_bid(bid.partnership_id, bid.pk))
    total = Decimal(sheet.total.total) / 100
    for kind in ("partner total", "work package total", "total"):
        some = [row for row in rows if row["Row"] == kind and row["Category"] == "Total costs"]
        assert sum(Decimal(row["Amount"]) for row in some) == total
    assert sum(Decimal(row["Amount"]) for row in cells) == total
    assert {row["Currency"] for row in rows} == {"EUR"}
    asked = [row["Amount"] for row in rows if row["Category"] == "Amount requested"]
    assert asked == ["17976.0", "3050.04", "21026.04"]
    xlsx = client.get(at("budget", bid) + "?export=xlsx")
    assert xlsx.content[:2] == b"PK"


def test_a_sum_below_nothing_stays_a_number(world, sign_in):
    bid, _made, greek, _french = two_partners(world)
    spend(world.a.manager, greek, {}, request=Decimal("50.25"))
    answer = sign_in(world.a.manager).get(at("budget", bid) + "?export=csv")
    rows = rows_of(answer.content)
    own = [row["Amount"] for row in rows if row["Category"] == "Own contribution"]
    assert own == ["7704.0", "-50.25", "7653.75"]


def _count(client, address):
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_pages_take_the_same_queries_however_much_there_is(world, sign_in):
    bid, client = bid_of(world, overhead=25), sign_in(world.a.manager)
    made = packages_of(bid, (1, 6))
    partners = [partner_of(bid, world.a.members[0])]
    spend(world.a.manager, partners[0], {(made[0], "months"): 1})
    addresses = [
        at("budget", bid),
        at("budget-partner", bid, partners[0].pk),
        at("budget", bid) + "?export=csv",
    ]
    for address in addresses:
        _count(client, address)
    one = [_count(client, address) for address in addresses]
    for number, organisation in ((2, world.a.members[1]), (3, world.b.members[0])):
        made.append(WorkPackageFactory(bid=bid, number=number))
        partner = partner_of(bid, organisation)
        partners.append(partner)
        spend(world.a.manager, partner, {(package, "months"): 1 for package in made})
    assert [_count(client, address) for address in addresses] == one
