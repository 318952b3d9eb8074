"""Past work and answers change the order of whom to meet, and say why, as far as the reader sees."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.directory.models import MatchChoice, MatchList, Organisation, ProjectPart
from proxeny.directory.operations.past_work import Past
from proxeny.directory.queries.past_work import Work, works_near, works_of
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.partnerships.models import SharingGrant
from tests.conftest import reader_of
from tests.directory.test_matching import find, page, say
from tests.factories.directory import OrganisationFactory, ProjectFactory, ProjectPartFactory
from tests.factories.meetings import RatingFactory, make_meeting
from tests.stages import staged

WORKED = "You worked with \u2068Greek member 2\u2069, who worked with them in \u2068Second\u2069."


def work(title: str, *members: Organisation) -> None:
    """Have organisations carry out a project, of which each of their clusters keeps a row."""
    for steward in {one.steward for one in members}:
        project = ProjectFactory(steward=steward, reference=f"ref-{title}", title=title)
        for one in members:
            if one.steward == steward:
                ProjectPartFactory(project=project, organisation=one)


def targets(organisation: Organisation) -> list[int]:
    return [one["target"] for one in MatchList.objects.get(organisation=organisation).proposals]


@staged
def chain(world):
    """The own member worked with a colleague in A, and that one with a member of B."""
    own, colleague = world.a.members[:2]
    other = world.b.members[1]
    work("First", own, colleague)
    work("Second", colleague, other)
    return own, colleague, other


def test_a_partner_of_a_partner_is_proposed_and_the_page_says_why(world, chain, sign_in):
    """No text says anything of anybody."""
    own, _colleague, other = chain
    person = world.a.representatives[0]
    find(person, own)
    assert targets(own) == [other.pk]
    client = sign_in(person)
    assert WORKED in page(client, own).text
    assert WORKED in client.get("/").text
    file = client.get(reverse("directory:matches-export", args=[own.pk]), {"format": "csv"})
    assert "who worked with \u2068French member 2\u2069 in" in file.content.decode("utf-8-sig")


def test_the_clusters_team_reads_it_with_names(world, chain, sign_in):
    own, colleague, other = chain
    find(world.a.manager, own)
    told = (
        f"\u2068{own.name}\u2069 worked with \u2068{colleague.name}\u2069, who worked with"
        f" \u2068{other.name}\u2069 in \u2068Second\u2069."
    )
    assert told in page(sign_in(world.a.manager), own).text


def _hide_colleague(chain):
    Organisation.objects.filter(pk=chain[1].pk).update(visibility="private")


def _forget_second(chain):
    ProjectPart.objects.filter(organisation=chain[2]).delete()


def _forget_first(chain):
    ProjectPart.objects.filter(organisation=chain[0]).delete()


def _stop_sharing(chain):
    SharingGrant.objects.filter(organisation=chain[2].steward).update(withdrawn_at=timezone.now())


@pytest.mark.parametrize("change", [_hide_colleague, _forget_second, _forget_first, _stop_sharing])
def test_who_may_not_see_a_link_of_the_chain_is_not_told_of_it(world, chain, sign_in, change):
    own, colleague, other = chain
    person = world.a.representatives[0]
    find(person, own)
    change(chain)
    text = page(sign_in(person), own).text
    assert [one for one in ("Second", colleague.name, other.name) if one in text] == []
    find(person, own)
    assert targets(own) == []


def test_of_two_that_offer_the_same_the_partner_of_a_partner_comes_first(world, sign_in):
    own, colleague, _third = world.a.members
    near, far = world.b.members[1], world.b.members[0]
    say(own, "need", "Temperature sensors for furnaces")
    for one in (far, near):
        say(one, "offer", "Temperature sensors for a furnace")
    person = world.a.representatives[0]
    find(person, own)
    assert targets(own) == [far.pk, near.pk]
    work("First", own, colleague)
    work("Second", colleague, near)
    find(person, own)
    assert targets(own) == [near.pk, far.pk]


def test_words_that_meet_both_ways_stand_before_past_work_alone(world, chain):
    own, _colleague, other = chain
    best = world.b.members[2]
    for one, offer, need in (
        (own, "Aluminium castings", "Temperature sensors"),
        (best, "Temperature sensors", "Aluminium castings"),
    ):
        say(one, "offer", offer)
        say(one, "need", need)
    find(world.a.representatives[0], own)
    assert targets(own) == [best.pk, other.pk]


def test_who_has_worked_with_one_stands_last_and_is_told_apart(world, sign_in):
    own, known, _third = world.a.members
    new = world.b.members[0]
    say(own, "need", "Temperature sensors for furnaces")
    say(known, "offer", "Temperature sensors for furnaces")
    say(new, "offer", "Sensors and other things for all who like them, of any temperature")
    person = world.a.representatives[0]
    find(person, own)
    assert targets(own) == [known.pk, new.pk]
    work("First", own, known)
    find(person, own)
    assert targets(own) == [new.pk, known.pk]
    assert "Have worked together in \u2068First\u2069." in page(sign_in(person), own).text


def test_a_partner_of_a_partner_must_be_sought_too(world, chain):
    own, _colleague, _other = chain
    say(own, "need", "Temperature sensors", partner_countries=["BE"])
    find(world.a.representatives[0], own)
    assert targets(own) == []


def _meet(world, own, number: int, value: str, **values) -> Organisation:
    other = OrganisationFactory(name=f"Met {number}", steward=world.b.cluster, **values)
    say(other, "offer", f"Temperature sensors for a furnace, series {number}")
    meeting = make_meeting(world.partnership, (own, None), (other, None), state="held")
    RatingFactory(party=meeting.parties.get(organisation=own), value=value)
    # What the other side says of it counts for nothing.
    RatingFactory(party=meeting.parties.get(organisation=other), value="no-interest")
    return other


def _fresh(world) -> tuple[Organisation, Organisation]:
    """Two who offer the same; the one that stands second in every order is of the own region."""
    elsewhere, here = (
        OrganisationFactory(name=f"New of {nuts}", steward=world.b.cluster, nuts=nuts)
        for nuts in ("FR101", "EL303")
    )
    for one in (elsewhere, here):
        say(one, "offer", "Temperature sensors for a furnace")
    return elsewhere, here


def test_what_was_said_of_meetings_changes_the_order(world):
    own = world.a.members[0]
    Organisation.objects.filter(pk=own.pk).update(nuts="EL304")
    say(own, "need", "Temperature sensors for furnaces")
    elsewhere, here = _fresh(world)
    person = world.a.representatives[0]
    find(person, own)
    assert targets(own) == [elsewhere.pk, here.pk]
    for number in range(12):
        is_here = number % 2
        _meet(
            world,
            own,
            number,
            "possible" if is_here else "no-interest",
            nuts="EL306" if is_here else "FR102",
        )
    find(person, own)
    # Whom it has met is not proposed; of the others, the like of those it liked comes first.
    assert targets(own) == [here.pk, elsewhere.pk]


def test_what_was_said_of_a_meeting_counts_more_than_what_was_said_before(world, reading):
    from proxeny.directory.operations.ranking import load_market

    own = world.a.members[0]
    other = _meet(world, own, 1, "no-interest")
    wanted = world.b.members[0]
    for one in (other, wanted):
        MatchChoice.objects.create(organisation=own, target=one, verdict="wanted")
    person = world.a.representatives[0]
    with reading(person):
        market = load_market(
            actor=reader_of(person), organisation_id=own.pk, today=timezone.localdate()
        )
    assert market.liked == {other.pk: 0.0, wanted.pk: 1.0}


def test_the_page_asks_as_often_for_many_chains_as_for_one(world, sign_in):
    own, colleague, _third = world.a.members
    work("First", own, colleague)
    person, counts = world.a.representatives[0], []
    client = sign_in(person)
    for numbers in (range(1), range(1, 9)):
        for number in numbers:
            other = OrganisationFactory(name=f"Maker {number}", steward=world.b.cluster)
            work(f"Second {number}", colleague, other)
            refused = OrganisationFactory(name=f"Refused {number}", steward=world.b.cluster)
            MatchChoice.objects.create(organisation=own, target=refused, verdict="refused")
        find(person, own)
        page(client, own)
        with CaptureQueriesContext(connection) as asked:
            assert page(client, own).text.count("You worked with") == numbers.stop
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 23


def test_a_project_is_one_whoever_keeps_its_row(world):
    own, other = world.a.members[0], world.b.members[0]
    work("First", own, other)
    assert [set(one.rows) for one in works_near(own.pk)] == [{own.pk, other.pk}]
    with acting_as(WEB, reader_of(world.c.manager)):
        assert works_near(own.pk) == []
    kept = works_of({world.a.cluster.pk: [own.pk, other.pk]})
    assert [set(one.rows) for one in kept] == [{own.pk}]


def test_common_partners_are_those_of_adamic_and_adar():
    import math

    works = [Work({1: 10, 2: 10}), Work({2: 20, 3: 21}), Work({2: 30, 4: 30})]
    past = Past(works, {1: 0, 3: 1})
    share = 1 / math.log(3) / (1 + 1 / math.log(3))
    assert past.common_with(1) == pytest.approx({3: share, 4: share})
    assert past.partners_of(1) == {2}
    assert past.keep_reasons(1, 3) == [
        {"kind": "colleagues", "share": 0, "chains": [[2, 10, 10, 20, 21]]}
    ]
    assert past.keep_reasons(2, 3) == [{"kind": "projects", "share": 0, "rows": [[20, 21]]}]
    assert past.keep_reasons(1, 9) == []
    assert Past([], {}).common_with(1) == {}
