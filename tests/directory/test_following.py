"""Following, and the one mail a day: each is told what they may see, and nothing else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from proxeny.directory import tasks
from proxeny.directory.models import Follow
from proxeny.directory.operations import ListingText, add_listing, publishing
from proxeny.kernel import jobs
from proxeny.kernel.models import Job, Mail
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as, enter
from tests.conftest import reader_of
from tests.factories.directory import FollowFactory, ListingFactory


def tell(day: str = "1") -> list[Mail]:
    """Run the day's job; return the mails."""
    job = Job.objects.create(kind="directory.tell-followers", key=f"tell-{day}", arguments={})
    jobs.run(job.pk)
    enter(SERVICE)
    return list(Mail.objects.filter(key__startswith="following:"))


def publish(world, member, title: str):
    actor = reader_of(world.a.manager)
    with acting_as(WEB, actor):
        return add_listing(actor=actor, organisation_id=member.pk, now=timezone.now(),
                           text=ListingText(direction="offer", title=title))  # fmt: skip


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
    assert "Follow no longer" in client.get(f"/directory/{member.pk}/").content.decode()
    program = call(world.b.representatives[0])
    assert program.get("/directory/following").json() == {
        "organisations": [{"id": member.pk, "name": member.name}],
        "listings": [{"id": listing.pk, "title": "Sensors"}], "hidden": 0,
    }  # fmt: skip
    client.post(reverse("directory:listing-unfollow", args=[listing.pk]), {"list": "1"})
    assert program.delete(f"/directory/organisations/{member.pk}/follow").status_code == 204
    assert not Follow.objects.exists()
    assert "You follow nothing yet" in client.get("/directory/following/").content.decode()


def test_what_is_hidden_cannot_be_followed_and_is_not_told(world, sign_in):
    draft = ListingFactory(organisation=world.a.members[0], status="draft", title="Secret plan")
    client = sign_in(world.b.manager)
    assert client.post(reverse("directory:listing-follow", args=[draft.pk])).status_code == 404
    FollowFactory(person=world.b.manager, listing=draft)
    shown = client.get("/directory/following/").content.decode()
    assert "Secret plan" not in shown
    assert "1 more is not shown to you" in shown


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
        add_listing(actor=actor, organisation_id=member.pk, now=timezone.now(),
                    text=ListingText(direction="offer", title="Quiet", is_anonymous=True))  # fmt: skip
    (mail,) = tell()
    assert mail.recipient == world.b.representatives[0].email
    assert member.name not in mail.text + mail.html
    assert world.a.cluster.name in mail.text


@pytest.mark.parametrize(("days", "told"), [(8, 0), (7, 1), (6, 0)])
def test_the_end_of_a_followed_text_is_told_a_week_before(world, days, told):
    now = timezone.now()
    listing = ListingFactory(organisation=world.a.members[0], title="Ends soon",
                             expires_on=now.date() + timedelta(days=days))  # fmt: skip
    FollowFactory(person=world.b.manager, listing=listing, told_at=now - timedelta(days=1))
    mails = tell()
    assert len(mails) == told
    assert all("Shown until" in one.text for one in mails)


def test_the_hour_queues_it_once_a_day(db):
    for _ in range(2):
        tasks.start_looking_after_listings(timezone.now())
    assert Job.objects.filter(kind="directory.tell-followers").count() == 1
