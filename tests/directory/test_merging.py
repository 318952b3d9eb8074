"""Two entries of one cluster made one, everything that points to them, and the way back."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proxeny.accounts.models import Role, Seat
from proxeny.directory import operations, queries
from proxeny.directory.models import (
    Details,
    DuplicatePair,
    Identifier,
    Merge,
    Organisation,
    OrganisationDetails,
)
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.meetings.models import MeetingParty
from tests.conftest import reader_of
from tests.factories.accounts import InvitationFactory, PersonFactory, SeatFactory
from tests.factories.directory import (
    DuplicatePairFactory,
    FollowFactory,
    IdentifierFactory,
    InterestFactory,
    ListingFactory,
    MatchChoiceFactory,
    MembershipFactory,
    OrganisationFactory,
    ProjectFactory,
    ProjectPartFactory,
)
from tests.factories.meetings import make_meeting
from tests.factories.partnerships import SharingGrantFactory
from tests.factories.world import make_event
from tests.stages import staged

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@staged
def two(world):
    """A member of A, and a second entry for the same one."""
    kept = world.a.members[0]
    gone = OrganisationFactory(
        name="Greek member one SA",
        country="GR",
        steward=world.a.cluster,
        city="Volos",
        visibility="partnership",
        website="https://one.example",
        sectors=["robots"],
        key="old-1",
        contact="The Contact",
        email="one@one.example",
        employees=60,
        open_facts=["employees"],
    )
    MembershipFactory(cluster=world.a.cluster, organisation=gone, starts_on=date(2020, 1, 1))
    return kept, gone


def merge(reading, person, kept, gone, chosen=()):
    with reading(person):
        return operations.merge_organisations(
            actor=reader_of(person), kept_id=kept.pk, gone_id=gone.pk, chosen=chosen, now=NOW
        )


def unmerge(reading, person, made):
    with reading(person):
        return operations.unmerge_organisations(actor=reader_of(person), merge_id=made.pk, now=NOW)


def snapshot(one):
    """All that an entry says, and what points to it."""
    one = Organisation.objects.get(pk=one.pk)
    facts = Details.objects.filter(pk=one.pk).values().first()
    return {
        "facts": {
            name: one.fact(name)
            for name in (
                "name",
                "former_names",
                "city",
                "website",
                "sectors",
                "key",
                "visibility",
                "size",
                "identifiers",
                "open_facts",
                "latitude",
            )
        },
        "guarded": facts,
        "seats": sorted(one.seats.values_list("person_id", "role", "ends_on"), key=str),
        "listings": sorted(one.listings.values_list("pk", flat=True)),
        "memberships": sorted(one.memberships.values_list("pk", "ends_on"), key=str),
        "parties": sorted(one.meeting_parties.values_list("pk", flat=True)),
        "participations": sorted(one.participations.values_list("pk", flat=True)),
        "merged_into": one.merged_into_id,
        "search": Organisation.objects.filter(pk=one.pk)
        .values_list("search_text", flat=True)
        .get(),
    }


def test_facts_are_united_and_chosen(world, reading, two):
    kept, gone = two
    IdentifierFactory(organisation=kept, scheme="pic", value="999984059")
    IdentifierFactory(organisation=gone, scheme="pic", value="999984059")
    IdentifierFactory(organisation=gone, scheme="vat", value="EL094014201")
    Organisation.objects.filter(pk=kept.pk).update(sectors=["drones", "robots"], city="Athens")
    made = merge(reading, world.a.manager, kept, gone, ["website", "email", "employees"])
    kept = Organisation.objects.get(pk=kept.pk)
    assert kept.name == "Greek member 1"
    assert kept.former_names == ["Greek member one SA"]
    assert (kept.city, kept.website) == ("Athens", "https://one.example")
    assert kept.sectors == ["drones", "robots"]
    assert kept.fact("identifiers") == ["pic:999984059", "vat:EL094014201"]
    guarded = Details.objects.get(pk=kept.pk)
    assert (guarded.email, guarded.employees, guarded.contact) == ("one@one.example", 60, "")
    assert kept.size == "medium"
    gone = Organisation.objects.get(pk=gone.pk)
    assert (gone.merged_into_id, gone.visibility, gone.key) == (kept.pk, "private", "")
    assert made.before["website"] == ["", "https://one.example"]


def test_a_chosen_name_makes_the_other_a_former_one(world, reading, two):
    kept, gone = two
    merge(reading, world.a.manager, kept, gone, ["name", "key"])
    kept = Organisation.objects.get(pk=kept.pk)
    assert (kept.name, kept.former_names, kept.key) == (
        "Greek member one SA",
        ["Greek member 1"],
        "old-1",
    )


def test_nothing_is_opened_by_a_merge(world, reading, two):
    """A contact that was not open stays so, wherever it comes from."""
    kept, gone = two
    Organisation.objects.filter(pk=kept.pk).update(open_facts=["contact", "email"])
    merge(reading, world.a.manager, kept, gone, ["contact"])
    kept = Organisation.objects.get(pk=kept.pk)
    assert kept.open_facts == ["email"]
    with reading(world.b.representatives[0]):
        assert OrganisationDetails.objects.get(pk=kept.pk).contact is None


def test_everything_that_points_to_the_one_points_to_the_other(world, reading, two):
    kept, gone = two
    person = PersonFactory(name="Second person")
    seat = SeatFactory(person=person, organisation=gone, role=Role.REPRESENTATIVE)
    invitation = InvitationFactory(organisation=gone)
    offer = ListingFactory(organisation=gone, title="Robots for ports")
    interest = InterestFactory(
        listing=ListingFactory(organisation=world.b.members[0]), organisation=gone
    )
    part = ProjectPartFactory(project=ProjectFactory(steward=world.a.cluster), organisation=gone)
    follow = FollowFactory(person=world.b.manager, organisation=gone)
    choice = MatchChoiceFactory(organisation=world.b.members[0], target=gone)
    grant = SharingGrantFactory(
        partnership=world.partnership, organisation=world.a.cluster, kind="member", member=gone
    )
    event = make_event(world)
    participation = event.greek[0]
    type(participation).objects.filter(pk=participation.pk).update(organisation=gone)
    meeting = make_meeting(
        world.partnership, (gone, person), (world.b.members[0], world.b.representatives[0])
    )
    merge(reading, world.a.manager, kept, gone)
    for row, field in (
        (seat, "organisation_id"),
        (invitation, "organisation_id"),
        (offer, "organisation_id"),
        (interest, "organisation_id"),
        (part, "organisation_id"),
        (follow, "organisation_id"),
        (choice, "target_id"),
        (grant, "member_id"),
        (participation, "organisation_id"),
    ):
        row.refresh_from_db()
        assert getattr(row, field) == kept.pk, row._meta.label
    meeting.refresh_from_db()
    assert sorted(meeting.organisations) == sorted([kept.pk, world.b.members[0].pk])
    assert MeetingParty.objects.filter(meeting=meeting, organisation=kept).exists()
    with reading(person):
        assert Organisation.objects.filter(pk=kept.pk).exists()
        assert reader_of(person).organisations == (kept.pk,)
    with reading(world.b.manager):
        found = queries.visible_organisations(queries.Filters(q="robots for ports"))
        assert [one.pk for one in found] == [kept.pk]


def test_a_seat_or_membership_that_the_kept_one_has_ends_and_moves(world, reading, two):
    kept, gone = two
    double = SeatFactory(
        person=world.a.representatives[0],
        organisation=gone,
        role=Role.REPRESENTATIVE,
        starts_on=date(2026, 1, 1),
    )
    merge(reading, world.a.manager, kept, gone)
    double.refresh_from_db()
    assert (double.organisation_id, double.ends_on) == (kept.pk, NOW.date())
    kept_seats = Seat.objects.filter(organisation=kept, ends_on=None)
    assert kept_seats.count() == 1
    ends = kept.memberships.order_by("starts_on").values_list("starts_on", "ends_on")
    assert list(ends) == [(date(2020, 1, 1), NOW.date()), (date(2024, 1, 1), None)]


@pytest.mark.parametrize("what", ["event", "meeting", "grant", "interest"])
def test_two_that_take_part_in_the_same_thing_are_refused_by_name(world, reading, two, what):
    kept, gone = two
    if what == "event":
        event = make_event(world, title="Heritage days")
        twin = event.greek[1]
        type(twin).objects.filter(pk=twin.pk).update(organisation=gone)
        name = "Heritage days"
    elif what == "meeting":
        make_meeting(world.partnership, (kept, None), (gone, None), title="Coffee")
        name = "Coffee"
    elif what == "grant":
        for member in (kept, gone):
            SharingGrantFactory(
                partnership=world.partnership,
                organisation=world.a.cluster,
                kind="member",
                member=member,
            )
        name = "Athens – Paris"
    else:
        listing = ListingFactory(organisation=world.b.members[0], title="A port robot")
        for member in (kept, gone):
            InterestFactory(listing=listing, organisation=member)
        name = "A port robot"
    before = snapshot(kept), snapshot(gone)
    with pytest.raises(Conflict, match=name):
        merge(reading, world.a.manager, kept, gone)
    assert (snapshot(kept), snapshot(gone)) == before
    assert not Merge.objects.exists()


def test_what_the_manager_may_not_see_is_not_named(world, reading, two):
    kept, gone = two
    meeting = make_meeting(world.partnership, (kept, None), (gone, None), title="Secret talk")
    type(meeting).objects.filter(pk=meeting.pk).update(partnership=other_partnership(world))
    with pytest.raises(Conflict) as refused:
        merge(reading, world.a.manager, kept, gone)
    assert "Secret talk" not in str(refused.value)
    assert "something you can’t see" in str(refused.value)


def other_partnership(world):
    from tests.factories.partnerships import PartnershipFactory, PartyFactory

    made = PartnershipFactory(title="Others", lead=world.c.cluster)
    PartyFactory(partnership=made, organisation=world.c.cluster, side="A")
    PartyFactory(partnership=made, organisation=world.b.cluster, side="B")
    # The two are at the table of others, as drafts: their own cluster sees nothing of it.
    made.meetings.update(state="draft")
    return made


def test_a_withdrawn_part_is_left_and_comes_back(world, reading, two):
    kept, gone = two
    event = make_event(world)
    twin = event.greek[1]
    type(twin).objects.filter(pk=twin.pk).update(organisation=gone, state="withdrawn")
    merge(reading, world.a.manager, kept, gone)
    twin.refresh_from_db()
    assert twin.organisation_id == gone.pk


def test_a_merge_is_taken_back_whole(world, reading, two):
    kept, gone = two
    person = PersonFactory()
    SeatFactory(person=person, organisation=gone, role=Role.REPRESENTATIVE)
    SeatFactory(person=world.a.representatives[0], organisation=gone, role=Role.REPRESENTATIVE)
    ListingFactory(organisation=gone, title="Robots for ports")
    for one, key in ((kept, "999984059"), (gone, "999984059"), (gone, "999997930")):
        IdentifierFactory(organisation=one, value=key)
    make_meeting(world.partnership, (gone, person), (world.b.members[0], None))
    with reading(world.a.manager):
        for one in (kept, gone):
            operations.update_organisation(
                actor=reader_of(world.a.manager),
                organisation_id=one.pk,
                version=1,
                changes={"summary": "Text"},
            )
    before = snapshot(kept), snapshot(gone)
    pair = DuplicatePairFactory(first=kept, second=gone)
    made = merge(reading, world.a.manager, kept, gone, ["name", "key", "email", "city", "latitude"])
    pair.refresh_from_db()
    assert pair.state == DuplicatePair.State.SAME
    assert (snapshot(kept), snapshot(gone)) != before
    unmerge(reading, world.a.manager, made)
    assert (snapshot(kept), snapshot(gone)) == before
    pair.refresh_from_db()
    assert pair.state == DuplicatePair.State.OPEN
    with pytest.raises(Conflict, match="already been undone"):
        unmerge(reading, world.a.manager, made)
    assert AuditEntry.objects.filter(verb="unmerge_organisations").count() == 1


def test_what_was_changed_since_stays_when_a_merge_is_taken_back(world, reading, two):
    kept, gone = two
    made = merge(reading, world.a.manager, kept, gone, ["city", "website"])
    with reading(world.a.manager):
        version = queries.get_organisation(kept.pk).version
        operations.update_organisation(
            actor=reader_of(world.a.manager),
            organisation_id=kept.pk,
            version=version,
            changes={"website": "https://new.example", "sectors": ["robots", "ships"]},
        )
    unmerge(reading, world.a.manager, made)
    kept = Organisation.objects.get(pk=kept.pk)
    assert (kept.city, kept.website, kept.sectors) == ("", "https://new.example", ["ships"])


def test_a_merge_is_not_taken_back_over_what_came_after(world, reading, two):
    kept, gone = two
    made = merge(reading, world.a.manager, kept, gone)
    third = OrganisationFactory(name="Third", steward=world.a.cluster, country="GR", key="old-1")
    with pytest.raises(Conflict, match="has the reference “old-1”"):
        unmerge(reading, world.a.manager, made)
    Organisation.objects.filter(pk=third.pk).update(key="")
    merge(reading, world.a.manager, third, kept)
    with pytest.raises(Conflict, match="has since been merged into another entry"):
        unmerge(reading, world.a.manager, made)


def test_only_the_managers_of_the_cluster_merge_its_entries(world, reading, two):
    kept, gone = two
    others = (
        world.a.ambassador,
        world.a.representatives[0],
        world.b.manager,
        world.c.manager,
        world.nobody_special,
    )
    for person in others:
        with pytest.raises((NotAllowed, NotFound)):
            merge(reading, person, kept, gone)
    with pytest.raises((NotAllowed, NotFound)):
        merge(reading, world.a.manager, kept, world.b.members[0])
    with pytest.raises(NotAllowed):
        merge(reading, world.a.manager, world.a.cluster, kept)
    with pytest.raises(InvalidInput):
        merge(reading, world.a.manager, kept, kept)
    with pytest.raises(InvalidInput):
        merge(reading, world.a.manager, kept, gone, ["steward"])
    made = merge(reading, world.a.manager, kept, gone)
    for person in others:
        with pytest.raises((NotAllowed, NotFound)):
            unmerge(reading, person, made)
    with pytest.raises(Conflict, match="has already been merged"):
        merge(reading, world.a.manager, kept, gone)
    with pytest.raises(Conflict, match="merged into another"), reading(world.a.manager):
        operations.update_organisation(
            actor=reader_of(world.a.manager),
            organisation_id=gone.pk,
            version=2,
            changes={"city": "Volos 2"},
        )


def test_a_cluster_known_from_a_list_is_merged_with_another_one_alone(world, reading, two):
    kept, gone = two
    Organisation.objects.filter(pk=gone.pk).update(kind="cluster")
    with pytest.raises(Conflict, match="can’t merge"):
        merge(reading, world.a.manager, kept, gone)
    Organisation.objects.filter(pk=kept.pk).update(kind="cluster")
    merge(reading, world.a.manager, kept, gone)


def test_the_one_that_went_is_in_no_list(world, reading, two, sign_in):
    kept, gone = two
    merge(reading, world.a.manager, kept, gone)
    for person in (world.a.manager, world.a.ambassador, world.b.manager, None):
        with reading(person):
            seen = set(queries.visible_organisations().values_list("pk", flat=True))
            members = queries.members_of(world.a.cluster.pk, today=NOW.date())
            assert gone.pk not in seen
            assert gone.pk not in set(members.values_list("pk", flat=True))


def test_its_address_leads_to_the_kept_one_for_who_may_see_that(world, reading, two, sign_in, call):
    kept, gone = two
    merge(reading, world.a.manager, kept, gone)
    for person in (world.a.manager, world.a.representatives[1], world.b.manager):
        answer = sign_in(person).get(f"/directory/{gone.pk}/")
        assert (answer.status_code, answer.url) == (302, f"/directory/{kept.pk}/"), person
        told = call(person).get(f"/directory/organisations/{gone.pk}")
        assert told.status_code == 307
        assert told["Location"] == f"/api/v1/directory/organisations/{kept.pk}"
    for person in (world.c.manager, world.nobody_special):
        assert sign_in(person).get(f"/directory/{gone.pk}/").status_code == 404


def test_the_history_of_both_is_read_with_the_kept_one(world, reading, two, sign_in):
    kept, gone = two
    with reading(world.a.manager):
        operations.update_organisation(
            actor=reader_of(world.a.manager),
            organisation_id=gone.pk,
            version=1,
            changes={"city": "Larissa"},
        )
    merge(reading, world.a.manager, kept, gone)
    page = sign_in(world.a.manager).get(f"/history/organisation/{kept.pk}/").text
    assert "Merged two entries" in page
    assert "Greek member one SA → Greek member 1" in page
    assert "Larissa" in page
    stranger = sign_in(world.c.manager).get(f"/history/organisation/{kept.pk}/")
    assert stranger.status_code == 404


def test_many_rows_cost_no_more_queries(world, reading, two):
    kept, gone = two
    ListingFactory(organisation=gone)
    with CaptureQueriesContext(connection) as few:
        made = merge(reading, world.a.manager, kept, gone)
    unmerge(reading, world.a.manager, made)
    ListingFactory.create_batch(8, organisation=gone)
    SeatFactory.create_batch(4, organisation=gone)
    with CaptureQueriesContext(connection) as many:
        merge(reading, world.a.manager, kept, gone)
    assert len(many) <= len(few) + 2
    assert Identifier.objects.count() == 0
