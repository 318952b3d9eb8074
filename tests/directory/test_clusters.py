"""A cluster's profile and members by kind: both sides, a member, a stranger; page and program."""

from decimal import Decimal

import pytest
from django.test import Client

from proxeny.directory import operations, queries
from proxeny.directory.models import ClusterProfile, Organisation
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from tests.conftest import reader_of
from tests.factories.directory import ClusterProfileFactory
from tests.forms import form_of


def write(reading, person, cluster, version=0, **changes):
    with reading(person):
        return operations.update_cluster_profile(
            actor=reader_of(person), cluster_id=cluster.pk, version=version, changes=changes
        )


def test_a_profile_is_written_and_shown_to_who_sees_the_cluster(world, sign_in):
    client, cluster = sign_in(world.a.manager), world.a.cluster
    url = f"/directory/{cluster.pk}/profile/"
    answer = client.post(
        url,
        form_of(client.get(url))
        | {
            "staff_fte": "2.5",
            "strategy": "We go abroad together.",
            "services": "Fairs",
            "ecosystems": ["creative", "digital"],
            "target_countries": ["FR", "MA"],
            "listing_days": "90",
        },
    )
    assert answer.status_code == 302
    profile = ClusterProfile.objects.get()
    assert (profile.staff_fte, profile.version) == (Decimal("2.50"), 1)
    assert profile.reviews_listings is True
    page = client.get(f"/directory/{cluster.pk}/").text
    for text in (
        "We go abroad together.",
        "Cultural and creative industries",
        "Morocco",
        "2.5",
        "They expire after 90 days.",
        "What the European platform requires",
    ):
        assert text in page, text
    for person in (world.b.manager, world.a.representatives[0]):
        page = sign_in(person).get(f"/directory/{cluster.pk}/").text
        assert "We go abroad together." in page
        assert "They expire after 90 days." not in page
        assert "What the European platform requires" not in page
    assert AuditEntry.objects.get(verb="update_cluster_profile").changes["staff_fte"] == [
        None,
        "2.5",
    ]
    Organisation.objects.filter(pk=cluster.pk).update(visibility="public")
    assert "We go abroad together." in Client().get(f"/directory/{cluster.pk}/").text


def test_what_is_missing_is_named_with_the_place_to_fill_it(world, sign_in):
    client, cluster = sign_in(world.a.manager), world.a.cluster
    Organisation.objects.filter(pk=world.a.members[0].pk).update(kind="lab")
    page = client.get(f"/directory/{cluster.pk}/")
    stand = {one["text"]: one for one in page.context["cluster"]["criteria"]}
    missing = stand["At least 0.5 full-time staff"]["missing"]
    assert missing == "You haven’t entered your number of staff."
    assert stand["At least 0.5 full-time staff"]["url"] == f"/directory/{cluster.pk}/profile/"
    assert stand["At least 15 committed members"]["missing"] == "12 members are missing."
    assert stand["Members of at least 2 kinds"]["is_met"] is True
    assert stand["A website"]["url"] == f"/directory/{cluster.pk}/edit/"
    seen = (
        sign_in(world.a.ambassador).get(f"/directory/{cluster.pk}/").context["cluster"]["criteria"]
    )
    assert [one["url"] for one in seen] == ["", "", "", ""]
    ClusterProfileFactory(organisation=cluster, committed_members=15)
    page = client.get(f"/directory/{cluster.pk}/")
    stand = {one["text"]: one for one in page.context["cluster"]["criteria"]}
    assert stand["At least 15 committed members"]["is_met"] is True


def test_members_are_counted_by_kind_as_far_as_they_are_shown(world, sign_in, reading):
    cluster = world.a.cluster
    Organisation.objects.filter(pk=world.a.members[0].pk).update(kind="lab")
    Organisation.objects.filter(pk=world.a.members[1].pk).update(visibility="private")

    def counts(person):
        page = (sign_in(person) if person else Client()).get(f"/directory/{cluster.pk}/")
        return {one.kind: one.count for one in page.context["cluster"]["counts"]}

    assert counts(world.a.manager) == {"company": 2, "lab": 1}
    assert counts(world.b.manager) == {"company": 1, "lab": 1}
    Organisation.objects.filter(pk=cluster.pk).update(visibility="public")
    assert counts(None) == {}
    page = sign_in(world.a.manager).get(f"/directory/{cluster.pk}/").text
    assert f"/directory/?cluster={cluster.pk}&amp;kind=lab" in page


def test_only_the_managers_write_a_profile(world, reading, sign_in):
    for person in (
        world.a.ambassador,
        world.a.representatives[0],
        world.b.manager,
        world.nobody_special,
    ):
        with pytest.raises((NotAllowed, NotFound)):
            write(reading, person, world.a.cluster, strategy="Ours")
        answer = sign_in(person).get(f"/directory/{world.a.cluster.pk}/profile/")
        assert answer.status_code in (403, 404)
    with pytest.raises(NotAllowed):
        write(reading, world.a.manager, world.a.members[0], strategy="A member's")
    assert not ClusterProfile.objects.exists()


def test_two_who_write_lose_nothing(world, reading):
    write(reading, world.a.manager, world.a.cluster, strategy="First")
    with pytest.raises(Conflict):
        write(reading, world.a.manager, world.a.cluster, strategy="Second")
    assert write(reading, world.a.manager, world.a.cluster, version=1, services="S").version == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("staff_fte", Decimal("-1")),
        ("staff_fte", Decimal("10000")),
        ("ecosystems", ["space"]),
        ("target_countries", ["XX"]),
        ("listing_days", 0),
        ("listing_days", 5000),
    ],
)
def test_what_does_not_hold_is_refused(world, reading, name, value):
    with pytest.raises(InvalidInput) as refused:
        write(reading, world.a.manager, world.a.cluster, **{name: value})
    assert refused.value.field == name


def test_a_program_reads_and_writes_the_profile(world, call):
    url = f"/directory/organisations/{world.a.cluster.pk}/profile"
    program = call(world.a.manager)
    assert program.get(url).json()["version"] == 0
    sent = {"staff_fte": "1.5", "ecosystems": ["digital"], "listing_days": 30}
    answer = program.patch(url, sent, version=0)
    assert answer.status_code == 200, answer.json()
    got = answer.json()
    assert (got["staff_fte"], got["ecosystems"], got["listing_days"]) == ("1.50", ["digital"], 30)
    assert got["members"] == [{"kind": "company", "count": 3}]
    assert [one["is_met"] for one in got["criteria"]] == [True, False, False, False]
    assert program.patch(url, sent, version=0).status_code == 412
    seen = call(world.b.manager).get(url).json()
    assert (seen["staff_fte"], seen["listing_days"], seen["criteria"]) == ("1.50", None, None)
    assert call(world.b.manager).patch(url, sent, version="*").status_code == 403
    assert call(world.c.manager).get(url).status_code == 404
    member = f"/directory/organisations/{world.a.members[0].pk}/profile"
    assert program.get(member).status_code == 404


def test_a_cluster_says_nothing_of_a_profile_until_it_writes_one(world, reading):
    with reading(world.b.manager):
        profile = queries.get_cluster_profile(world.a.cluster.pk)
    assert (profile.version, profile.strategy) == (0, "")
