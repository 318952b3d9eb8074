"""The page of a work plan, on both sides and for strangers."""

from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proxeny.bids.models import PackageNeed, WorkPackage
from tests.bids.bidding import bid_of, drop, partner_of
from tests.bids.planning import need, packages_of
from tests.factories.bids import SpendingFactory
from tests.forms import form_of
from tests.partnerships.rooms import others, team, words

pytestmark = pytest.mark.django_db


def at(name, bid, *more):
    return reverse(f"bids:{name}", args=[bid.partnership_id, bid.pk, *more])


def text_of(answer):
    return unescape(words(answer.content.decode()))


def test_an_empty_plan_says_what_to_do_and_begins_with_four(world, sign_in):
    bid, client = bid_of(world, months=24), sign_in(world.a.ambassador)
    shown = client.get(at("plan", bid))
    assert "Plan the first work packages" in text_of(shown)
    new = reverse("partnerships:record-add", args=[bid.partnership_id, "work-package"])
    assert f'{new}?bid={bid.pk}&amp;number=1"' in shown.content.decode()
    answer = client.post(at("plan-begin", bid), follow=True)
    text = text_of(answer)
    assert "Here are four work packages to start with" in text
    assert "1 · Coordination" in text
    undo = unescape(answer.content.decode()).split('action="' + at("plan-take-back", bid))[1]
    query = undo[: undo.index('"')]
    answer = sign_in(world.b.manager).post(at("plan-take-back", bid) + query, follow=True)
    assert "4 work packages archived" in text_of(answer)
    assert "4 archived" in text_of(answer)
    assert WorkPackage.objects.filter(bid=bid, dropped_at=None).count() == 0
    twice = client.post(at("plan-take-back", bid) + "?packages=x,,9999999999999999999", follow=True)
    assert "0 work packages archived" in text_of(twice)


def test_who_may_not_write_reads_that_nothing_is_planned(world, sign_in):
    bid = bid_of(world, state="not-taken")
    text = text_of(sign_in(world.a.manager).get(at("plan", bid)))
    assert "No work is planned" in text
    assert "New work package" not in text


def test_the_plan_as_picture_and_as_table(world, sign_in):
    bid = bid_of(world, months=24, starts_on=date(2027, 3, 1))
    lead = partner_of(bid, world.a.members[0])
    one, two = packages_of(bid, (1, 12), (7, 24), lead=lead)
    SpendingFactory(partner=lead, package=one, amount="1.33")
    need(world.a.manager, two, one)
    for person in team(world).values():
        shown = sign_in(person).get(at("plan", bid))
        html, text = shown.content.decode(), text_of(shown)
        assert html.count('id="work-package-') == 2
        assert (
            "Work package 2 starts in month 7 but depends on work package 1, which "
            "ends in month 12."
        ) in text
        assert "M7–M24 01/09/2027 – 28/02/2029" in text
        assert "person-months: 1.33" in text
        assert "Total person-months 1.33" in text
        assert "only ends in month 12" in text
        assert 'class="is-clash"' in html
        new = reverse("partnerships:record-add", args=[bid.partnership_id, "work-package"])
        assert f'{new}?bid={bid.pk}&amp;number=3"' in html
    for person in others(world).values():
        assert sign_in(person).get(at("plan", bid)).status_code == 404


def test_what_is_over_is_read_and_not_written(world, sign_in):
    bid = bid_of(world)
    one, _two = packages_of(bid, (1, 12), (7, 24))
    type(bid).objects.filter(pk=bid.pk).update(state="submitted", submitted_at=bid.created_at)
    client = sign_in(world.a.manager)
    html = client.get(at("plan", bid)).content.decode()
    assert 'name="needs"' not in html
    assert "New work package" not in html
    for name in ("plan-begin", "plan-take-back"):
        assert client.post(at(name, bid)).status_code == 403
    assert client.get(at("plan-needs", bid, one.pk)).status_code == 403


def test_boxes_on_the_page_say_what_is_needed(world, sign_in):
    bid = bid_of(world)
    one, two, three = packages_of(bid, (1, 6), (7, 12), (7, 12))
    client = sign_in(world.a.manager)
    page = client.get(at("plan", bid))
    assert page.content.decode().count(f'action="{at("plan-needs", bid, two.pk)}"') == 1
    form = form_of(client.get(at("plan-needs", bid, two.pk)))
    answer = client.post(at("plan-needs", bid, two.pk), form | {"needs": [one.pk, three.pk]})
    assert answer.url == f"{at('plan', bid)}#work-package-{two.pk}"
    assert PackageNeed.objects.filter(package=two).count() == 2
    form = form_of(client.get(at("plan-needs", bid, one.pk)))
    refused = client.post(at("plan-needs", bid, one.pk), form | {"needs": [two.pk]})
    assert refused.status_code == 422
    assert "in a loop: 1 Work 1, 2 Work 2" in text_of(refused)
    assert form_of(refused)["needs"] == [str(two.pk)]
    nonsense = client.post(at("plan-needs", bid, one.pk), form | {"needs": ["x"]})
    assert nonsense.status_code == 422
    assert client.get(at("plan-needs", bid, 999_999)).status_code == 404
    for person in others(world).values():
        assert sign_in(person).post(at("plan-needs", bid, one.pk), form).status_code == 404


def test_the_form_on_the_page_is_sent_as_it_stands(world, sign_in):
    bid = bid_of(world)
    one, two = packages_of(bid, (1, 6), (7, 12))
    need(world.a.manager, two, one)
    client = sign_in(world.b.manager)
    page = client.get(at("plan", bid)).content.decode()
    start = page.index(f'action="{at("plan-needs", bid, two.pk)}"')
    rest = page[start:]

    class Part:
        content = f"<form {rest[: rest.index('</form>')]}</form>".encode()

    values = form_of(Part())
    assert values["needs"] == [str(one.pk)]
    del values["needs"]
    assert client.post(at("plan-needs", bid, two.pk), values).status_code == 302
    assert PackageNeed.objects.count() == 0


def test_what_was_put_away_can_be_brought_back_there(world, sign_in):
    bid = bid_of(world)
    one, _two = packages_of(bid, (1, 6), (7, 12))
    drop(world.a.manager, one, "work-package")
    client = sign_in(world.a.manager)
    html = client.get(at("plan", bid)).content.decode()
    assert "1 archived" in html
    back = reverse("partnerships:record-restore", args=[bid.partnership_id, "work-package", one.pk])
    assert back in html
    assert client.post(back).url == f"{at('plan', bid)}#work-package-{one.pk}"
    other = bid_of(world)
    assert "archived" not in client.get(at("plan", other)).content.decode()


def test_it_is_mirrored_where_people_read_from_right_to_left(world, sign_in):
    bid = bid_of(world, months=24)
    packages_of(bid, (1, 12), (7, 24))
    person = world.a.manager
    person.account.language = "ar"
    client = sign_in(person)
    type(person).objects.filter(pk=person.pk).update(language="ar")
    html = client.get(at("plan", bid), headers={"Accept-Language": "ar"}).content.decode()
    assert 'dir="rtl"' in html
    assert '<svg x="50.00%" y="50%" width="50.00%"' in html


def _count(client, address):
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_it_takes_the_same_queries_however_much_is_planned(world, sign_in):
    bid, client = bid_of(world), sign_in(world.a.manager)
    lead = partner_of(bid, world.a.members[0])
    made = packages_of(bid, (1, 6), lead=lead)
    SpendingFactory(partner=lead, package=made[0])
    _count(client, at("plan", bid))
    one = _count(client, at("plan", bid))
    for number in (2, 3):
        package = WorkPackage.objects.create(
            partnership=bid.partnership,
            bid=bid,
            number=number,
            title="More",
            first_month=1,
            last_month=3,
            lead=lead,
        )
        SpendingFactory(partner=lead, package=package)
        need(world.a.manager, package, made[0])
    assert _count(client, at("plan", bid)) == one
