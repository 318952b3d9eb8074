"""The best introductions between two member lists, as both sides and strangers."""

import pytest
from django.urls import reverse
from django.utils import timezone

from proxeny.directory.models import Listing, Organisation
from proxeny.kernel import jobs
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as, enter
from proxeny.partnerships.models import IntroductionPlan, ProposedIntroduction, SharingGrant
from proxeny.partnerships.operations.introductions import PlanSettings, plan_introductions
from tests.conftest import reader_of
from tests.directory.test_past_work import work
from tests.factories.directory import ListingFactory, OrganisationFactory
from tests.factories.meetings import MeetingFactory
from tests.factories.partnerships import ProposedIntroductionFactory, SharingGrantFactory
from tests.stages import staged

OFFERS = ("Aluminium castings for pumps", "Olive oil in glass bottles", "Translation of contracts")
NEEDS = ("Temperature sensors for furnaces", "Labels for glass", "Software for lawyers")


def _publish(organisation: Organisation, offer: str, need: str) -> None:
    ListingFactory(organisation=organisation, direction="offer", title=offer)
    ListingFactory(organisation=organisation, direction="need", title=need)


@staged
def lists(world):
    """Each member of A has its counterpart in B, which offers what it needs and needs its offer."""
    for member, offer, need in zip(world.a.members, OFFERS, NEEDS, strict=True):
        _publish(member, offer, need)
    for member, offer, need in zip(world.b.members, NEEDS, OFFERS, strict=True):
        _publish(member, offer, need)
    return world


def plan(world, person=None, **settings) -> IntroductionPlan:
    """Have introductions worked out by A's manager."""
    person = person or world.a.manager
    with acting_as(WEB, reader_of(person)):
        made = plan_introductions(
            actor=reader_of(person),
            partnership_id=world.partnership.pk,
            settings=PlanSettings(**settings),
        )
    jobs.run(made.job_id)
    enter(SERVICE)
    return IntroductionPlan.objects.get(pk=made.pk)


def page(client, made, **query):
    return client.get(
        reverse("partnerships:introduction-plan", args=[made.partnership_id, made.pk]), query
    )


def test_each_member_is_introduced_to_its_counterpart(lists):
    made = plan(lists, per_left=1, per_right=1)
    assert (made.state, made.reason) == ("ready", "")
    pairs = set(made.rows.values_list("left_id", "right_id"))
    assert pairs == {
        (left.pk, right.pk) for left, right in zip(lists.a.members, lists.b.members, strict=True)
    }
    assert made.value == made.bound > 0
    assert made.seconds > 0
    assert made.considered["left"] == made.considered["right"] == 3


def test_both_sides_see_why(lists, sign_in):
    made = plan(lists, per_left=1, per_right=1)
    for person in (lists.a.manager, lists.a.ambassador, lists.b.manager, lists.b.ambassador):
        text = page(sign_in(person), made, view="cards").text
        assert f"\u2068{lists.b.members[0].name}\u2069 offers" in text
        assert "no set within these limits is worth more" in text
        assert text.count('class="px-match"') == 3


def test_others_see_nothing(lists, sign_in):
    made = plan(lists)
    for person in (lists.a.representatives[0], lists.b.representatives[0]):
        assert page(sign_in(person), made).status_code == 403
    for person in (lists.c.manager, lists.nobody_special):
        assert page(sign_in(person), made).status_code == 404
        with acting_as(WEB, reader_of(person)):
            assert not IntroductionPlan.objects.exists()
            assert not ProposedIntroduction.objects.exists()


def test_only_managers_start_and_decide(lists, sign_in):
    made = plan(lists)
    row = made.rows.first()
    start = reverse("partnerships:introductions", args=[made.partnership_id])
    decide = reverse(
        "partnerships:introduction-decide", args=[made.partnership_id, made.pk, row.pk]
    )
    for person in (lists.a.ambassador, lists.b.ambassador):
        client = sign_in(person)
        assert client.get(start).status_code == 200
        assert client.post(start, {"per_left": 1, "per_right": 1}).status_code == 403
        assert client.post(decide, {"state": "kept"}).status_code == 403
    answer = sign_in(lists.b.manager).post(start, {"per_left": 2, "per_right": 2})
    assert answer.status_code == 302
    assert IntroductionPlan.objects.count() == 2


def test_when_a_grant_is_withdrawn_its_rows_are_gone_at_once(lists, sign_in):
    made = plan(lists, per_left=1, per_right=1)
    grants = SharingGrant.objects.filter(organisation=lists.b.cluster)
    for person in (lists.a.manager, lists.b.manager):
        assert lists.b.members[0].name in page(sign_in(person), made).text
    grants.update(withdrawn_at=timezone.now())
    for person in (lists.a.manager, lists.b.manager):
        text = page(sign_in(person), made).text
        assert lists.a.members[0].name not in text
        assert "Nothing left to show you" in text
        with acting_as(WEB, reader_of(person)):
            assert not ProposedIntroduction.objects.exists()
    grants.update(withdrawn_at=None)
    # Of one member alone.
    Organisation.objects.filter(pk=lists.b.members[0].pk).update(visibility="cluster")
    with acting_as(WEB, reader_of(lists.b.manager)):
        assert ProposedIntroduction.objects.count() == 2


def test_what_is_not_shared_takes_no_part(lists):
    Organisation.objects.filter(pk=lists.b.members[0].pk).update(visibility="cluster")
    made = plan(lists, per_left=1, per_right=1)
    assert made.considered["right"] == 2
    SharingGrant.objects.filter(organisation=lists.b.cluster).update(withdrawn_at=timezone.now())
    made = plan(lists, per_left=1, per_right=1)
    assert (made.state, made.reason) == ("empty", "no_right")


def test_who_has_met_and_who_was_decided_on_is_left_out(lists, sign_in):
    first, second, third = zip(lists.a.members, lists.b.members, strict=True)
    MeetingFactory(
        partnership=lists.partnership, state="confirmed", organisations=[one.pk for one in first]
    )
    made = plan(lists, per_left=1, per_right=1)
    assert made.considered["met"] == 1
    pairs = {(left.pk, right.pk) for left, right in (second, third)}
    assert set(made.rows.values_list("left_id", "right_id")) == pairs
    row = made.rows.get(left=second[0])
    url = reverse("partnerships:introduction-decide", args=[made.partnership_id, made.pk, row.pk])
    client = sign_in(lists.b.manager)
    answer = client.post(url, {"state": "dropped"}, headers={"HX-Request": "true"})
    assert f"Undo: {second[0].name} and {second[1].name}" in answer.text
    again = plan(lists, per_left=1, per_right=1)
    assert set(again.rows.values_list("left_id")) == {(third[0].pk,)}
    client.post(url, {"state": "proposed"})
    row.refresh_from_db()
    assert (row.state, row.person) == ("proposed", None)


@staged
def rivals(world):
    """Two of B offer a member of A the same and need its offer; only one of them can be introduced."""
    own, *_ = world.a.members
    _publish(own, OFFERS[0], NEEDS[0])
    for member in world.b.members[:2]:
        _publish(member, NEEDS[0], OFFERS[0])
    return own, *world.b.members[:2]


def _chosen(world) -> Organisation:
    made = plan(world, per_left=1, per_right=1)
    return made.rows.get().right


def test_a_partner_of_a_partner_is_chosen_and_both_sides_read_why(world, rivals, sign_in):
    own, first, second = rivals
    assert _chosen(world) == first
    work("First", own, world.a.members[1])
    work("Second", world.a.members[1], second)
    assert _chosen(world) == second
    made = IntroductionPlan.objects.latest("pk")
    told = (
        f"\u2068{own.name}\u2069 worked with \u2068{world.a.members[1].name}\u2069, who worked"
        f" with \u2068{second.name}\u2069 in \u2068Second\u2069."
    )
    for person in (world.a.manager, world.b.ambassador):
        assert told in page(sign_in(person), made, view="cards").text
    Organisation.objects.filter(pk=world.a.members[1].pk).update(visibility="cluster")
    assert told in page(sign_in(world.a.manager), made, view="cards").text
    assert "worked with" not in page(sign_in(world.b.ambassador), made, view="cards").text


def test_past_work_that_one_side_may_not_read_counts_for_nothing(world, rivals, sign_in):
    """A shares two members by themselves, so that B does not read what projects they had."""
    own, first, second = rivals
    work("First", own, world.a.members[1])
    work("Second", world.a.members[1], second)
    SharingGrant.objects.filter(organisation=world.a.cluster).update(withdrawn_at=timezone.now())
    for member in world.a.members[:2]:
        SharingGrantFactory(
            partnership=world.partnership,
            organisation=world.a.cluster,
            kind="member",
            member=member,
        )
    made = plan(world, per_left=1, per_right=1)
    assert made.rows.get().right == first
    for person in (world.a.manager, world.b.manager):
        assert "worked with" not in page(sign_in(person), made, view="cards").text


def test_who_has_worked_together_gives_way_and_is_told_apart(world, rivals, sign_in):
    own, first, second = rivals
    work("First", own, first)
    assert _chosen(world) == second
    made = plan(world, per_left=2, per_right=1)
    assert set(made.rows.values_list("right", flat=True)) == {first.pk, second.pk}
    text = page(sign_in(world.b.manager), made, view="cards").text
    assert text.count("Have worked together in \u2068First\u2069.") == 1


def test_what_was_kept_and_dropped_changes_what_is_chosen(world, rivals):
    """Those of the own region were kept, and others dropped."""
    own, first, second = rivals
    Organisation.objects.filter(pk=own.pk).update(nuts="EL304")
    Organisation.objects.filter(pk=first.pk).update(nuts="FR101")
    Organisation.objects.filter(pk=second.pk).update(nuts="EL303")
    assert _chosen(world) == first
    made = IntroductionPlan.objects.latest("pk")
    for number in range(12):
        is_here = number % 2
        other = OrganisationFactory(
            name=f"Known {number}", steward=world.b.cluster, nuts="EL306" if is_here else "FR102"
        )
        _publish(other, NEEDS[0], OFFERS[0])
        ProposedIntroductionFactory(
            plan=made, left=own, right=other, state="kept" if is_here else "dropped"
        )
    again = plan(world, per_left=2, per_right=1, leave_out=[])
    assert again.rows.order_by("-score").first().right == second


def test_a_promise_that_cannot_be_kept_is_an_answer(lists, sign_in):
    lonely = OrganisationFactory(name="Lonely", steward=lists.a.cluster)
    _publish(lonely, "Zebra saddles", "Unicorn horns")
    made = plan(lists, per_left=1, per_right=1, everybody=True)
    assert made.state == "infeasible"
    assert not made.rows.exists()
    text = page(sign_in(lists.a.manager), made).text
    assert "No match for: Lonely" in text


def test_nothing_to_propose_is_an_answer(world, sign_in):
    made = plan(world)
    assert (made.state, made.reason) == ("empty", "no_candidates")
    assert "Nothing to propose" in page(sign_in(world.a.manager), made).text


def test_caps_and_choices_hold(lists):
    for number in range(3):
        _publish(
            OrganisationFactory(name=f"Maker {number}", kind="startup", steward=lists.b.cluster),
            f"Temperature sensors for furnaces {number}",
            "Aluminium castings for pumps",
        )
    made = plan(lists, per_left=2, per_right=1)
    counts = [made.rows.filter(left=one).count() for one in lists.a.members]
    assert counts[0] == 2
    assert plan(lists, most=2).rows.count() == 2
    assert plan(lists, kinds=["startup"]).reason == "no_left"
    made = plan(lists, leave_out=[lists.a.members[0].pk])
    assert not made.rows.filter(left=lists.a.members[0]).exists()


def test_names_to_leave_out_must_be_members(lists, sign_in):
    client = sign_in(lists.a.manager)
    url = reverse("partnerships:introductions", args=[lists.partnership.pk])
    answer = client.post(url, {"per_left": 1, "per_right": 1, "names": "Nobody of that name"})
    assert answer.status_code == 422
    assert "Nobody of that name" in answer.text
    name = lists.b.members[0].name.upper()
    client.post(url, {"per_left": 1, "per_right": 1, "names": name})
    assert IntroductionPlan.objects.get().settings["leave_out"] == [lists.b.members[0].pk]


def test_a_plan_of_one_is_worked_out_at_a_time(lists, sign_in):
    client = sign_in(lists.a.manager)
    url = reverse("partnerships:introductions", args=[lists.partnership.pk])
    assert client.post(url, {"per_left": 1, "per_right": 1}).status_code == 302
    answer = client.post(url, {"per_left": 1, "per_right": 1})
    assert answer.status_code == 422
    assert "A search for introductions is already running" in answer.text


def test_queries_do_not_grow_with_the_list(lists, sign_in, django_assert_num_queries):
    client = sign_in(lists.a.manager)
    made = plan(lists, per_left=1, per_right=1, most=1)
    page(client, made)
    with django_assert_num_queries(17):
        assert page(client, made, view="cards").text.count('class="px-match"') == 1
    made = plan(lists, per_left=3, per_right=3)
    assert made.rows.count() > 1
    with django_assert_num_queries(17):
        page(client, made, view="cards")


@pytest.mark.parametrize(("who", "most"), [("manager", 15), ("ambassador", 15)])
def test_the_page_of_plans_asks_as_often_for_many_as_for_one(
    lists, sign_in, django_assert_num_queries, who, most
):
    url = reverse("partnerships:introductions", args=[lists.partnership.pk])
    client = sign_in(getattr(lists.b, who))
    plan(lists, per_left=1, per_right=1)
    client.get(url)
    with django_assert_num_queries(most):
        assert f"{lists.a.cluster.name}" in client.get(url).text
    for number in range(4):
        OrganisationFactory(name=f"More {number}", steward=lists.b.cluster, sectors=["Metal"])
        plan(lists, per_left=1, per_right=1)
    with django_assert_num_queries(most):
        client.get(url)


def test_the_list_as_a_file_and_narrowed(lists, sign_in):
    made = plan(lists, per_left=1, per_right=1)
    client = sign_in(lists.b.ambassador)
    url = reverse("partnerships:introduction-export", args=[made.partnership_id, made.pk])
    text = client.get(url, {"q": "member 2"}).content.decode("utf-8-sig")
    assert lists.a.members[1].name in text
    assert lists.a.members[0].name not in text
    assert Listing.objects.get(organisation=lists.b.members[1], direction="offer").title in text
