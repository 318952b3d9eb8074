"""Following, and the one mail a day: each is told what they may see, and nothing else."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from proxeny.directory import tasks
from proxeny.directory.models import Follow, Listing, SavedSearch
from proxeny.directory.operations import ListingText, add_listing, following, publishing
from proxeny.directory.queries.following import news_for
from proxeny.kernel import jobs
from proxeny.kernel.models import AuditEntry, Job, Mail
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as, enter
from tests.conftest import reader_of
from tests.factories.directory import (
    FollowFactory,
    ListingFactory,
    OrganisationFactory,
    SavedSearchFactory,
)
from tests.factories.notices import want_at_once


def tell(day: str = "1") -> list[Mail]:
    """Run the day's job; return the mails."""
    want_at_once("following")
    job = Job.objects.create(kind="directory.tell-followers", key=f"tell-{day}", arguments={})
    jobs.run(job.pk)
    enter(SERVICE)
    return list(Mail.objects.filter(key__startswith="following:"))


def publish(world, member, title: str):
    actor = reader_of(world.a.manager)
    with acting_as(WEB, actor):
        return add_listing(
            actor=actor,
            organisation_id=member.pk,
            now=timezone.now(),
            text=ListingText(direction="offer", title=title),
        )


def test_follow_and_no_longer(world, sign_in, call):
    member = world.a.members[0]
    listing = ListingFactory(organisation=member, title="Sensors")
    client = sign_in(world.b.representatives[0])
    for _ in range(2):
        client.post(reverse("directory:follow", args=[member.pk]))
        client.post(reverse("directory:listing-follow", args=[listing.pk]))
    assert Follow.objects.count() == 2
    shown = client.get("/directory/following/").content.decode()
    assert member.name in shown
    assert "Sensors" in shown
    assert "Unfollow" in client.get(f"/directory/{member.pk}/").content.decode()
    program = call(world.b.representatives[0])
    assert program.get("/directory/following").json() == {
        "organisations": [{"id": member.pk, "name": member.name}],
        "listings": [{"id": listing.pk, "title": "Sensors"}],
        "hidden": 0,
    }
    client.post(reverse("directory:listing-unfollow", args=[listing.pk]), {"list": "1"})
    undo = reverse("directory:listing-follow", args=[listing.pk])
    assert f'hx-post="{undo}"' in client.get("/directory/following/").content.decode()
    assert client.post(undo, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert Follow.objects.count() == 2
    client.post(reverse("directory:listing-unfollow", args=[listing.pk]))
    assert program.delete(f"/directory/organisations/{member.pk}/follow").status_code == 204
    assert not Follow.objects.exists()
    shown = client.get("/directory/following/").content.decode()
    assert "You’re not following anything yet" in shown


def test_what_is_hidden_cannot_be_followed_and_is_not_told(world, sign_in):
    draft = ListingFactory(organisation=world.a.members[0], status="draft", title="Secret plan")
    client = sign_in(world.b.manager)
    assert client.post(reverse("directory:listing-follow", args=[draft.pk])).status_code == 404
    FollowFactory(person=world.b.manager, listing=draft)
    shown = client.get("/directory/following/").content.decode()
    assert "Secret plan" not in shown
    assert "1 more is currently not visible to you" in shown


def test_news_come_in_one_mail_a_day(world):
    member = world.a.members[0]
    old = ListingFactory(organisation=member, title="Old sensors")
    FollowFactory(person=world.b.representatives[0], organisation=member)
    FollowFactory(person=world.b.representatives[0], listing=old)
    FollowFactory(person=world.c.manager, organisation=member)
    assert tell("0") == []
    publish(world, member, "New sensors")
    actor = reader_of(world.a.manager)
    with acting_as(WEB, actor):
        publishing.renew_listing(actor=actor, listing_id=old.pk, now=timezone.now())
    (mail,) = tell("1")
    assert mail.recipient == world.b.representatives[0].email
    assert mail.text.index("Published:") < mail.text.index("New sensors")
    assert mail.text.index("Renewed:") < mail.text.index("Old sensors")
    assert len(tell("2")) == 1, "what was told once is not told again"


def test_what_one_did_oneself_and_what_is_hidden_by_now_is_no_news(world):
    member = world.a.members[0]
    FollowFactory(person=world.a.manager, organisation=member)
    FollowFactory(person=world.b.manager, organisation=member)
    made = publish(world, member, "Sensors")
    actor = reader_of(world.a.manager)
    with acting_as(WEB, actor):
        publishing.hold_listing(actor=actor, listing_id=made.pk, now=timezone.now())
    assert tell() == []


def test_an_anonymous_offer_is_no_news_of_its_member(world):
    member = world.a.members[0]
    FollowFactory(person=world.b.manager, organisation=member)
    FollowFactory(person=world.b.representatives[0], organisation=world.a.cluster)
    actor = reader_of(world.a.manager)
    with acting_as(WEB, actor):
        add_listing(
            actor=actor,
            organisation_id=member.pk,
            now=timezone.now(),
            text=ListingText(direction="offer", title="Quiet", is_anonymous=True),
        )
    (mail,) = tell()
    assert mail.recipient == world.b.representatives[0].email
    assert member.name not in mail.text + mail.html
    assert world.a.cluster.name in mail.text


@pytest.mark.parametrize(("days", "told"), [(8, 0), (7, 1), (6, 0)])
def test_the_end_of_a_followed_text_is_told_a_week_before(world, days, told):
    now = timezone.now()
    listing = ListingFactory(
        organisation=world.a.members[0],
        title="Ends soon",
        expires_on=now.date() + timedelta(days=days),
    )
    FollowFactory(person=world.b.manager, listing=listing, told_at=now - timedelta(days=1))
    mails = tell()
    assert len(mails) == told
    assert all("Shown until" in one.text for one in mails)


def test_the_hour_queues_it_once_a_day(db):
    for _ in range(2):
        tasks.start_looking_after_listings(timezone.now())
    assert Job.objects.filter(kind="directory.tell-followers").count() == 1


# ---- One that fails


@contextmanager
def no_mail_to(person):
    """The database refuses each mail to somebody, as long as the block lasts."""
    alter("ADD CONSTRAINT refused CHECK (recipient <> %s) NOT VALID", person.email)
    yield
    alter("DROP CONSTRAINT refused")


def alter(change: str, *values: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE kernel_mail {change}", values)
    enter(SERVICE)


def run(kind: str, day: str) -> dict:
    for topic in ("following", "searches"):
        want_at_once(topic)
    job = Job.objects.create(kind=kind, key=f"{kind}-{day}", arguments={})
    jobs.run(job.pk)
    enter(SERVICE)
    return Job.objects.get(pk=job.pk).result


def recipients(key: str) -> list[str]:
    return sorted(Mail.objects.filter(key__startswith=key).values_list("recipient", flat=True))


def test_a_mail_that_fails_undoes_no_other_and_is_written_by_the_next_run(world):
    readers = [world.a.representatives[1], world.b.representatives[0], world.b.manager]
    for person in readers:
        FollowFactory(person=person, organisation=world.a.members[0])
    publish(world, world.a.members[0], "Sensors")
    with no_mail_to(readers[1]):
        assert run("directory.tell-followers", "1") == {"mails": 2, "failed": 1}
    others = sorted([readers[0].email, readers[2].email])
    assert recipients("following:") == others
    assert run("directory.tell-followers", "2") == {"mails": 1, "failed": 0}
    assert recipients("following:") == sorted(one.email for one in readers)


def test_a_search_that_fails_undoes_no_other_and_is_looked_through_again(world):
    readers = [world.a.representatives[1], world.b.representatives[0], world.b.manager]
    for person in readers:
        SavedSearchFactory(person=person, query="q=sensors", known=[])
    OrganisationFactory(steward=world.a.cluster, name="New sensors")
    with no_mail_to(readers[1]):
        assert run("directory.look-for-new", "1") == {"mails": 2, "failed": 1}
    enter(SERVICE)
    assert SavedSearch.objects.get(person=readers[1]).fresh == 0
    assert run("directory.look-for-new", "2") == {"mails": 1, "failed": 0}
    assert recipients("searches:") == sorted(one.email for one in readers)
    assert SavedSearch.objects.get(person=readers[1]).fresh == 1


def test_a_text_that_cannot_be_told_ends_later_and_the_others_now(world):
    past = date(2020, 1, 1)
    first, second = (
        ListingFactory(organisation=member, expires_on=past) for member in world.a.members[:2]
    )
    with no_mail_to(world.a.representatives[0]):
        assert run("directory.end-listings", "1") == {"expired": 1, "told": 0, "failed": 1}
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == ("published", "expired")
    assert run("directory.end-listings", "2") == {"expired": 1, "told": 0, "failed": 0}
    assert recipients("listing:") == sorted(one.email for one in world.a.representatives[:2])


def test_what_happens_after_the_look_is_told_by_the_next_one_and_once(world):
    FollowFactory(
        person=world.b.manager,
        organisation=world.a.members[0],
        told_at=timezone.now() - timedelta(days=1),
    )
    begun = timezone.now() - timedelta(minutes=10)
    made = publish(world, world.a.members[0], "Sensors")
    reader = reader_of(world.b.manager)
    with acting_as(WEB, reader):
        assert news_for(reader.person, now=begun, oldest=begun - timedelta(days=7)) == []
        now = timezone.now()
        news = news_for(reader.person, now=now, oldest=now - timedelta(days=7))
    assert [one.listing.pk for one in news] == [made.pk]


def test_news_of_a_day_that_had_its_mail_are_told_on_the_next(world):
    person = world.b.manager
    FollowFactory(person=person, organisation=world.a.members[0])
    now = timezone.now()
    publish(world, world.a.members[0], "First")
    reading = tasks.eyes_of_person
    with acting_as(SERVICE):
        later = now + timedelta(minutes=1)
        assert following.tell_follower(person.pk, now=later, reading=reading) == 1
        AuditEntry.objects.create(
            verb="resume_listing",
            target="directory.listing",
            at=later + timedelta(minutes=1),
            target_id=Listing.objects.get(title="First").pk,
        )
        later += timedelta(minutes=2)
        if later.date() == now.date():
            assert following.tell_follower(person.pk, now=later, reading=reading) == 0
        tomorrow = now + timedelta(days=1)
        assert following.tell_follower(person.pk, now=tomorrow, reading=reading) == 1
