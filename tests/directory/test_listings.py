"""The life of an offer or need: written, read by an adviser, shown, resting, renewed, anonymous."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from proxeny.accounts.models import Role, Seat
from proxeny.directory import tasks
from proxeny.directory.models import Listing, ListingClient, Organisation, ProfileVector
from proxeny.directory.operations import ending, publishing
from proxeny.directory.queries.listings import list_decided
from proxeny.kernel import jobs
from proxeny.kernel.errors import NotFound
from proxeny.kernel.jobs import schedule
from proxeny.kernel.models import AuditEntry, Job, Mail
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as, enter
from tests.conftest import reader_of
from tests.factories.accounts import PersonFactory, SeatFactory
from tests.factories.directory import (
    ClusterProfileFactory,
    ListingClientFactory,
    ListingFactory,
    ProfileVectorFactory,
)

TEXT = "We measure how warm and damp old halls are, without cables, for half a year on one battery."
FORM = {
    "direction": "offer",
    "kind": "technology",
    "title": "Sensors for old halls",
    "summary": TEXT,
    "description": "",
    "partner_role": "Try them in two halls for six months.",
    "language": "en",
    "technologies": "sensors, batteries",
    "markets": "museums؛ churches",
    "stage": "prototype",
    "ipr": "secret",
    "partner_kinds": ["company", "lab"],
    "partner_countries": ["FR", "MA"],
    "is_open": "on",
}


def page(listing: Listing, name: str = "listing") -> str:
    return reverse(f"directory:{name}", args=[listing.pk])


def write(client, member: Organisation, **more: object) -> Listing:
    answer = client.post(f"/directory/{member.pk}/listings/new/", FORM | more)
    assert answer.status_code == 302, answer.content.decode()
    return Listing.objects.latest("pk")


def told(kind: str) -> list[str]:
    return sorted(
        Mail.objects.filter(key__regex=f":{kind}(-[0-9-]+)?:").values_list("recipient", flat=True)
    )


def test_all_facts_are_kept_as_typed(world, sign_in):
    made = write(sign_in(world.a.manager), world.a.members[0])
    assert (made.markets, made.technologies) == (["museums", "churches"], ["sensors", "batteries"])
    assert (made.stage, made.ipr, made.partner_kinds) == ("prototype", "secret", ["company", "lab"])
    assert (made.status, made.is_open, made.is_anonymous) == ("published", True, False)
    assert made.expires_on == timezone.now().date() + timedelta(days=365)
    shown = sign_in(world.b.representatives[0]).get(page(made)).content.decode()
    for words in (
        "Sensors for old halls",
        "museums, churches",
        "Prototype in testing",
        "France",
        "Try them in two halls",
        "Greek member 1",
    ):
        assert words in shown
    assert "What you can do" not in shown


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "x" * 257),
        ("title", " – "),
        ("summary", "x" * 501),
        ("description", "x" * 4001),
        ("partner_role", "x" * 4001),
        ("markets", "a, b, c, d, e, f"),
        ("technologies", "x" * 81),
        ("partner_kinds", ["castle"]),
        ("partner_countries", ["XX"]),
        ("expires_on", "2020-01-01"),
        ("stage", "done"),
        ("language", "xx"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(world, sign_in, field, value):
    url = f"/directory/{world.a.members[0].pk}/listings/new/"
    answer = sign_in(world.a.manager).post(url, FORM | {field: value})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert not Listing.objects.exists()


def test_a_member_is_read_by_an_adviser_first(world, sign_in):
    adviser = SeatFactory(organisation=world.a.cluster, role=Role.ADVISER).person
    member, partner = world.a.members[0], sign_in(world.b.manager)
    made = write(sign_in(world.a.representatives[0]), member)
    assert made.status == "review"
    assert told("submitted") == [adviser.email]
    assert partner.get(page(made)).status_code == 404
    assert sign_in(world.a.representatives[1]).get(page(made)).status_code == 404
    desk = sign_in(adviser)
    assert "Sensors for old halls" in desk.get("/directory/review/").content.decode()
    assert "waiting for your review" in desk.get("/").content.decode()
    assert "It’s waiting for you" in desk.get(page(made)).content.decode()
    assert desk.post(page(made, "review-pass"), {"seen": made.version}).status_code == 302
    made.refresh_from_db()
    assert (made.status, made.reviewer) == ("published", adviser)
    assert told("passed") == [world.a.representatives[0].email]
    assert partner.get(page(made)).status_code == 200
    entry = AuditEntry.objects.get(verb="pass_listing")
    assert entry.organisation_id == world.a.cluster.pk


def test_a_text_goes_back_with_a_note_and_the_decision_can_be_taken_back(world, sign_in):
    made = write(sign_in(world.a.representatives[0]), world.a.members[0])
    desk = sign_in(world.a.ambassador)
    assert desk.post(page(made, "review-return"), {"seen": 1, "note": " "}).status_code == 422
    desk.post(page(made, "review-return"), {"seen": 1, "note": "Say what the partner pays."})
    made.refresh_from_db()
    assert (made.status, made.note) == ("draft", "Say what the partner pays.")
    (mail,) = Mail.objects.filter(key__contains=":returned:")
    assert mail.reply_to == world.a.ambassador.email
    assert "Say what the partner pays." in mail.text
    own = sign_in(world.a.representatives[0])
    assert "Say what the partner pays." in own.get(page(made)).content.decode()
    assert "has asked for a change" in own.get("/").content.decode()
    # The ambassador does not see the draft any more, and may still take the decision back.
    assert desk.get(page(made)).status_code == 404
    assert "Sensors for old halls" in desk.get("/directory/review/").content.decode()
    desk.post(page(made, "review-reopen"), {"seen": made.version})
    made.refresh_from_db()
    assert (made.status, made.note) == ("review", "")
    sign_in(world.a.manager).post(page(made, "review-pass"), {"seen": made.version})
    own.post(page(made, "listing-hold"))
    assert desk.post(page(made, "review-reopen"), {"seen": made.version + 2}).status_code == 404


def test_nobody_decides_about_what_they_have_not_read(world, sign_in):
    own, desk = sign_in(world.a.representatives[0]), sign_in(world.a.ambassador)
    made = write(own, world.a.members[0])
    own.post(page(made, "listing-edit"), FORM | {"version": 1, "title": "Buy it now!"})
    desk.post(page(made, "review-pass"), {"seen": 1})
    made.refresh_from_db()
    assert made.status == "review"
    assert own.post(page(made, "review-pass"), {"seen": 2}).status_code == 403
    for other in (world.b.manager, world.c.manager):
        assert sign_in(other).post(page(made, "review-pass"), {"seen": 2}).status_code == 404
    juror = SeatFactory(organisation=world.a.cluster, role=Role.JUROR).person
    assert sign_in(juror).get("/directory/review/").status_code == 403
    assert sign_in(world.a.representatives[1]).get("/directory/review/").status_code == 403


def test_an_adviser_changes_small_things_and_the_writer_is_told(world, sign_in):
    made = write(sign_in(world.a.representatives[0]), world.a.members[0])
    desk = sign_in(world.a.ambassador)
    answer = desk.get(page(made, "listing-edit"))
    assert "is_anonymous" not in answer.context["form"].fields
    desk.post(page(made, "listing-edit"), FORM | {"version": 1, "title": "Sensors for halls"})
    made.refresh_from_db()
    assert (made.status, made.title, made.version) == ("review", "Sensors for halls", 2)
    (mail,) = Mail.objects.filter(key__contains=":edited:")
    assert mail.recipient == world.a.representatives[0].email
    assert "In one line" in mail.text
    desk.post(page(made, "review-pass"), {"seen": 2})
    assert desk.post(page(made, "listing-edit"), FORM | {"version": 3}).status_code == 403


def test_changed_words_are_read_again_and_other_facts_are_not(world, sign_in):
    own = sign_in(world.a.representatives[0])
    made = write(own, world.a.members[0])
    sign_in(world.a.manager).post(page(made, "review-pass"), {"seen": 1})
    own.post(page(made, "listing-edit"), FORM | {"version": 2, "partner_sizes": ["micro"]})
    made.refresh_from_db()
    assert (made.status, made.partner_sizes) == ("published", ["micro"])
    own.post(page(made, "listing-edit"), FORM | {"version": 3, "summary": f"{TEXT} Cheap."})
    made.refresh_from_db()
    assert made.status == "review"
    # Neither does the way over the archive, a draft or a rest lead around the adviser.
    for step in ("withdraw", "submit", "archive", "restore"):
        own.post(page(made, f"listing-{step}"))
    made.refresh_from_db()
    assert made.status == "draft"
    own.post(page(made, "listing-submit"))
    made.refresh_from_db()
    assert made.status == "review"


def test_a_cluster_may_want_no_reading(world, sign_in):
    ClusterProfileFactory(organisation=world.a.cluster, reviews_listings=False, listing_days=90)
    made = write(sign_in(world.a.representatives[0]), world.a.members[0])
    assert made.status == "published"
    assert made.expires_on == timezone.now().date() + timedelta(days=90)
    assert not Mail.objects.exists()


@pytest.mark.parametrize(
    ("before", "step", "after"),
    [
        ("draft", "submit", "published"),
        ("published", "withdraw", "draft"),
        ("published", "hold", "on_hold"),
        ("on_hold", "resume", "published"),
        ("expired", "renew", "published"),
        ("on_hold", "renew", "published"),
        ("published", "renew", "published"),
        ("published", "archive", "archived"),
        ("draft", "archive", "archived"),
        ("review", "withdraw", "draft"),
        # What does not apply changes nothing and says so.
        ("draft", "hold", "draft"),
        ("draft", "renew", "draft"),
        ("published", "submit", "published"),
        ("published", "resume", "published"),
        ("archived", "renew", "archived"),
    ],
)
def test_every_step_leads_where_it_says(world, sign_in, before, step, after):
    listing = ListingFactory(organisation=world.a.members[0], status=before)
    answer = sign_in(world.a.manager).post(page(listing, f"listing-{step}"), follow=True)
    listing.refresh_from_db()
    assert (answer.status_code, listing.status) == (200, after)
    changed = before != after or (step == "renew" and before == "published")
    assert AuditEntry.objects.filter(verb=f"{step}_listing").exists() == changed


def test_the_archive_gives_back_what_it_took(world, sign_in):
    client = sign_in(world.a.manager)
    for status, back in (("published", "published"), ("on_hold", "published"), ("draft", "draft")):
        listing = ListingFactory(organisation=world.a.members[0], status=status)
        client.post(page(listing, "listing-archive"))
        client.post(page(listing, "listing-restore"))
        listing.refresh_from_db()
        assert listing.status == back


def test_a_text_is_told_to_end_twice_and_then_rests(world):
    now = timezone.now()
    today = now.date()
    listing = ListingFactory(
        organisation=world.a.members[0], title="Sensors", expires_on=today + timedelta(days=30)
    )
    for days in (0, 1, 22, 23, 24, 30):
        for pk in ending.find_ending(now=now + timedelta(days=days)):
            ending.announce_ending(pk, now=now + timedelta(days=days))
    assert told("ending") == [world.a.representatives[0].email] * 2
    assert ending.find_expired(now=now + timedelta(days=30)) == []
    assert ending.end_listing(listing.pk, now=now + timedelta(days=30)) == 0
    assert ending.find_expired(now=now + timedelta(days=31)) == [listing.pk]
    assert ending.end_listing(listing.pk, now=now + timedelta(days=31)) == 1
    listing.refresh_from_db()
    assert listing.status == "expired"
    assert told("expired") == [world.a.representatives[0].email]
    assert "sensors" not in Organisation.objects.get(pk=world.a.members[0].pk).search_text


def test_the_hour_queues_it_once_a_day_and_the_job_does_it(world, sign_in):
    listing = ListingFactory(organisation=world.a.members[0], expires_on=date(2020, 1, 1))
    soon = ListingFactory(
        organisation=world.a.members[0],
        expires_on=timezone.now().date() + timedelta(days=5),
        title="Ends soon",
    )
    assert tasks.start_looking_after_listings in schedule.HOURLY
    for _ in range(2):
        tasks.start_looking_after_listings(timezone.now())
    jobs.run(Job.objects.get(kind="directory.end-listings").pk)
    enter(SERVICE)
    assert Job.objects.get(kind="directory.end-listings").result == {
        "expired": 1,
        "told": 1,
        "failed": 0,
    }
    listing.refresh_from_db()
    assert listing.status == "expired"
    own = sign_in(world.a.representatives[0])
    assert "Ends soon" in own.get("/").content.decode()
    own.post(page(soon, "listing-renew"))
    soon.refresh_from_db()
    assert soon.expires_on == timezone.now().date() + timedelta(days=365)
    assert soon.expiry_told_on is None
    # Others of the cluster's staff see what rests, other members and partners do not.
    assert sign_in(world.a.ambassador).get(page(listing)).status_code == 200
    for person in (world.a.representatives[1], world.b.manager):
        assert sign_in(person).get(page(listing)).status_code == 404


# ---- Without a name


def test_an_anonymous_text_is_the_clusters_and_says_nowhere_whose_it_is(world, sign_in, call):
    member = world.a.members[0]
    own = sign_in(world.a.representatives[0])
    made = write(own, member, is_anonymous="on")
    assert made.organisation == world.a.cluster
    assert ListingClient.objects.get(listing=made).organisation == member
    sign_in(world.a.manager).post(page(made, "review-pass"), {"seen": 1})
    assert "It comes from" in own.get(page(made)).content.decode()
    assert "It comes from" in sign_in(world.a.ambassador).get(page(made)).content.decode()
    for person in (world.a.representatives[1], world.b.manager, world.b.representatives[0]):
        client, program = sign_in(person), call(person)
        shown = client.get(page(made)).content.decode()
        assert "a member of" in shown
        path = f"/directory/listings/{made.pk}"
        texts = [
            shown,
            client.get(f"/directory/{world.a.cluster.pk}/").content.decode(),
            client.get(f"/history/listing/{made.pk}/").content.decode(),
            program.get(path).content.decode(),
            program.get(f"{path}/history").content.decode(),
        ]
        assert all(member.name not in text for text in texts)
        assert program.get(path).json()["behind"] is None
        assert "Sensors" not in client.get(f"/directory/{member.pk}/").content.decode()
    assert "sensors" not in Organisation.objects.get(pk=member.pk).search_text
    assert "sensors" in Organisation.objects.get(pk=world.a.cluster.pk).search_text


def test_a_name_is_taken_away_and_put_back(world, sign_in):
    member, own = world.a.members[0], sign_in(world.a.representatives[0])
    made = write(own, member)
    manager = sign_in(world.a.manager)
    manager.post(page(made, "review-pass"), {"seen": 1})
    for holder in (member, world.a.cluster):
        ProfileVectorFactory(organisation=holder)
    for version, anonymous in ((2, True), (4, False)):
        form = FORM | {"version": version} | ({"is_anonymous": "on"} if anonymous else {})
        assert own.post(page(made, "listing-edit"), form).status_code == 302
        made.refresh_from_db()
        assert made.status == "review", "the words are another's now: they are read again"
        manager.post(page(made, "review-pass"), {"seen": made.version})
        made.refresh_from_db()
        assert (made.is_anonymous, made.status) == (anonymous, "published")
        assert made.organisation_id == (world.a.cluster.pk if anonymous else member.pk)
        assert ListingClient.objects.filter(listing=made).exists() == anonymous
        assert own.get(page(made)).status_code == 200
        for holder, holds in ((member, not anonymous), (world.a.cluster, anonymous)):
            assert ("sensors" in Organisation.objects.get(pk=holder.pk).search_text) == holds
        # A model read both with and without this text: it has to read them anew.
        assert not ProfileVector.objects.exists()


def test_an_anonymous_text_is_handled_as_its_cluster_handles_its_members(world, call):
    ClusterProfileFactory(organisation=world.a.cluster, reviews_listings=False, listing_days=90)
    made = (
        call(world.a.representatives[0])
        .post(
            f"/directory/organisations/{world.a.members[0].pk}/listings",
            {"direction": "need", "title": "A lens", "is_anonymous": True},
        )
        .json()
    )
    last = timezone.now().date() + timedelta(days=90)
    assert (made["status"], made["expires_on"]) == ("published", last.isoformat())


def test_to_change_an_anonymous_text_leaves_its_members_entry_alone(world, call):
    own = call(world.a.representatives[0])
    made = own.post(
        f"/directory/organisations/{world.a.members[0].pk}/listings",
        {"direction": "need", "title": "A lens", "is_anonymous": True},
    )
    Organisation.objects.filter(pk=world.a.members[0].pk).update(search_text="as it was")
    assert own.patch(made["Location"], {"title": "Lenses"}, version=1).status_code == 200
    assert Organisation.objects.get(pk=world.a.members[0].pk).search_text == "as it was"


def test_who_has_left_the_cluster_reads_no_more_what_it_decided_there(world, reading):
    person = world.a.ambassador
    sent_back = ListingFactory(
        organisation=world.a.members[0],
        status="draft",
        note="More, please",
        reviewer=person,
        submitted_at=timezone.now(),
    )
    before = timezone.now() - timedelta(days=1)
    with reading(person):
        assert list_decided(reader_of(person), after=before) == [sent_back]
    Seat.objects.filter(person=person).update(organisation=world.c.cluster)
    with reading(person):
        assert list_decided(reader_of(person), after=before) == []


def test_only_a_clusters_member_leaves_its_name_out(world, call):
    sent = {"direction": "offer", "title": "Tours", "is_anonymous": True}
    program = call(world.a.manager)
    answer = program.post(f"/directory/organisations/{world.a.cluster.pk}/listings", sent)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "#/is_anonymous"


def test_the_reviewer_sees_what_gives_the_writer_away(world, sign_in):
    made = write(
        sign_in(world.a.representatives[0]),
        world.a.members[0],
        is_anonymous="on",
        summary=f"{TEXT} Greek member 1 makes them.",
    )
    shown = sign_in(world.a.ambassador).get(page(made)).content.decode()
    assert "“\u2068Greek member 1\u2069” is your name" in shown


def test_the_writer_checks_the_text_before_it_is_saved(world, sign_in):
    url = f"/directory/{world.a.members[0].pk}/listings/new/"
    client = sign_in(world.a.representatives[0])
    loud = FORM | {"check": "1", "summary": "The best! Buy now, only €9 each!"}
    answer = client.post(url, loud)
    assert (answer.status_code, Listing.objects.count()) == (200, 0)
    assert "This reads like an advert:" in answer.content.decode()
    assert "The best! Buy now" in answer.content.decode()
    assert "No improvements to suggest." in client.post(url, FORM | {"check": "1"}).content.decode()


def test_drafts_and_programs_go_no_way_around(world, call):
    own = call(world.a.representatives[0])
    made = own.post(
        f"/directory/organisations/{world.a.members[0].pk}/listings",
        {"direction": "need", "title": "A lens", "is_draft": True},
    )
    path = made["Location"]
    assert own.post(f"{path}/submit").json()["status"] == "review"
    for step in ("hold", "resume", "renew"):
        assert own.post(f"{path}/{step}").status_code == 409
    assert own.post(f"{path}/pass", version="*").status_code == 403
    assert own.post(f"{path}/archive").json()["status"] == "archived"
    assert own.post(f"{path}/restore").json()["status"] == "draft"


def test_who_has_a_seat_as_representative_of_the_cluster_is_no_adviser(world, sign_in):
    person = PersonFactory()
    SeatFactory(person=person, organisation=world.a.cluster, role=Role.REPRESENTATIVE)
    made = write(sign_in(world.a.representatives[0]), world.a.members[0])
    assert sign_in(person).post(page(made, "review-pass"), {"seen": 1}).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_takes_the_same_queries(world, sign_in, count, django_assert_num_queries):
    for member in world.a.members[:count]:
        ListingFactory(organisation=member, status="review", submitted_at=timezone.now())
    client = sign_in(world.a.ambassador)
    # One of them is for the section "To read" above the page.
    with django_assert_num_queries(18):
        assert client.get("/directory/review/").content.decode().count("<article") == count


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_takes_the_same_queries(world, sign_in, count, django_assert_max_num_queries):
    first = None
    for member in world.a.members[:count]:
        first = ListingClientFactory(organisation=member, listing__title="Of one").listing
    client = sign_in(world.b.representatives[0])
    with django_assert_max_num_queries(16):
        assert client.get(page(first)).status_code == 200


def test_a_hidden_text_is_no_different_from_none(world):
    hidden = ListingFactory(organisation=world.a.members[0], status="draft")
    with acting_as(WEB, reader_of(world.b.manager)):
        for pk in (hidden.pk, 10**9):
            with pytest.raises(NotFound, match="We couldn’t find this offer or need"):
                publishing.renew_listing(
                    actor=reader_of(world.b.manager), listing_id=pk, now=timezone.now()
                )
