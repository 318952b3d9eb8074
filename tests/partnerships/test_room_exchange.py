"""Give and take, and the rhythm: noted by one side, confirmed by the other, seen by both alike."""

from datetime import date

import pytest
from django.urls import reverse

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.partnerships import exchange
from proxeny.partnerships.models import Favour, Party, Rhythm
from proxeny.partnerships.operations import exchange as writing
from proxeny.partnerships.operations.balance import imbalance_of
from tests.factories import rooms
from tests.factories.directory import MembershipFactory
from tests.partnerships.rooms import TODAY, do, others, party
from tests.stages import staged


@staged
def favour(world):
    """A's side lent a desk to B's, says A."""
    return rooms.FavourFactory(
        giver=party(world, world.a), receiver=party(world, world.b), count=3, what="A desk"
    )


def answer(person, favour, **given):
    given = {"is_right": True, "why": "", "version": favour.version, **given}
    return do(
        person,
        writing.answer_favour,
        partnership_id=favour.partnership_id,
        favour_id=favour.pk,
        **given,
    )


def scales(world, reading, person):
    with reading(person):
        parties = list(
            Party.objects.filter(partnership=world.partnership)
            .select_related("organisation")
            .order_by("side")
        )
        rows = exchange.weigh(world.partnership, parties, today=TODAY)
    return {
        row.kind: [(counted, confirmed) for _party, counted, confirmed in row.by_party]
        for row in rows
        if sum(row.given)
    }


def test_it_counts_once_the_other_side_has_confirmed_it(world, reading, favour):
    assert scales(world, reading, world.a.manager) == {}
    answer(world.b.ambassador, favour)
    wanted = {"hosting": [(0, 3), (0, 0)]}
    for person in (world.a.manager, world.b.ambassador):
        assert scales(world, reading, person) == wanted


def test_who_noted_it_cannot_confirm_it(world, favour):
    with pytest.raises(NotAllowed):
        answer(world.a.manager, favour)
    for person in others(world).values():
        with pytest.raises(NotFound):
            answer(person, favour)


def test_not_so_needs_a_reason_and_does_not_count(world, reading, favour):
    with pytest.raises(InvalidInput):
        answer(world.b.manager, favour, is_right=False, why=" ")
    answer(world.b.manager, favour, is_right=False, why="It was one day.")
    favour.refresh_from_db()
    assert (favour.confirmed_at, favour.contested_why) == (None, "It was one day.")
    assert scales(world, reading, world.a.manager) == {}


def test_what_changed_meanwhile_is_not_confirmed(world, favour):
    Favour.objects.filter(pk=favour.pk).update(version=2)
    with pytest.raises(Conflict):
        answer(world.b.manager, favour)


def test_membership_of_the_other_is_counted_and_both_see_it(world, reading):
    MembershipFactory(cluster=world.a.cluster, organisation=world.b.cluster)
    for person in (world.a.manager, world.b.ambassador):
        assert scales(world, reading, person) == {"membership": [(0, 0), (1, 0)]}


def test_the_balance_is_told_of_two_sides(world, favour):
    a, b = party(world, world.a), party(world, world.b)
    row = exchange.Row("hosting", "Hosting", ((a, 1, 2), (b, 1, 0)))
    assert imbalance_of(row) == pytest.approx(0.5)
    assert imbalance_of(exchange.Row("bid", "Bids", ((a, 0, 0), (b, 0, 0)))) is None
    assert imbalance_of(exchange.Row("bid", "Bids", ((a, 1, 0), (b, 1, 0), (a, 1, 0)))) is None


def rhythm(person, world, **given):
    given = {
        "in_person": False,
        "every_days": 30,
        "since_on": date(2026, 5, 1),
        "version": 0,
        **given,
    }
    return do(person, writing.set_rhythm, partnership_id=world.partnership.pk, **given)


def test_a_rhythm_is_set_changed_and_dropped(world):
    rhythm(world.a.manager, world)
    rhythm(world.b.manager, world, every_days=14, version=1)
    assert Rhythm.objects.get().every_days == 14
    with pytest.raises(Conflict):
        rhythm(world.a.manager, world, every_days=60, version=1)
    assert rhythm(world.a.manager, world, every_days=None, version=2) is None
    assert not Rhythm.objects.exists()
    with pytest.raises(NotAllowed):
        rhythm(world.a.ambassador, world)
    with pytest.raises(InvalidInput) as error:
        rhythm(world.a.manager, world, every_days=4000)
    assert error.value.field == "every_days"


# The page.


def url(world, name="exchange", *more):
    from django.urls import reverse

    return reverse(f"partnerships:{name}", args=[world.partnership.pk, *more])


def test_the_page_asks_the_other_side(world, sign_in, favour):
    mine = sign_in(world.a.manager).get(url(world)).text
    assert "to be confirmed" in mine
    assert f"Confirm: {favour.what}" not in mine
    theirs = sign_in(world.b.ambassador)
    assert f"Confirm: {favour.what}" in theirs.get(url(world)).text
    post = {"seen": favour.version, "is_right": "yes", "why": ""}
    answered = theirs.post(url(world, "favour-answer", favour.pk), post, follow=True)
    assert "Thank you. Both sides can see it." in answered.text
    assert "confirmed" in answered.text


def test_the_page_says_what_is_missing(world, sign_in, favour):
    client = sign_in(world.b.manager)
    post = {"seen": favour.version, "is_right": "no", "why": ""}
    refused = client.post(url(world, "favour-answer", favour.pk), post)
    assert refused.status_code == 422
    assert "Give a reason in one sentence" in refused.text
    post = {"every_days": "30", "since_on": "", "in_person": "True", "seen": 0}
    assert client.post(url(world, "rhythm"), post).status_code == 422
    done = client.post(url(world, "rhythm"), {**post, "since_on": "2026-05-01"}, follow=True)
    assert "The other side can see it too." in done.text


def test_the_page_is_closed_to_others(world, sign_in):
    for person in others(world).values():
        assert sign_in(person).get(url(world)).status_code == 404


def test_as_many_queries_for_three_as_for_one(world, sign_in, django_assert_num_queries):
    client = sign_in(world.b.manager)
    rooms.FavourFactory(giver=party(world, world.a), receiver=party(world, world.b))
    client.get(url(world))
    with django_assert_num_queries(25) as counted:
        client.get(url(world))
    for _number in range(2):
        rooms.FavourFactory(giver=party(world, world.a), receiver=party(world, world.b))
    with django_assert_num_queries(len(counted)):
        client.get(url(world))


@pytest.mark.parametrize(
    ("kind", "one", "other"), [("favour", "giver", "receiver"), ("placement", "sender", "host")]
)
def test_a_new_note_begins_with_two_different_sides(world, sign_in, kind, one, other):
    url = reverse("partnerships:record-add", args=[world.partnership.pk, kind])
    form = sign_in(world.b.manager).get(url).context["form"]
    # One's own side first.
    sides = [party(world, side).pk for side in (world.b, world.a)]
    assert [form[one].value(), form[other].value()] == sides
