"""The pages of notices: as who was told, and as everybody else."""

import pytest
from django.urls import reverse

from proxeny.notices.models import Choice, Hours, Notice
from proxeny.notices.operations.choosing import DIGESTS, make_token
from proxeny.notices.topics import TOPICS
from tests.factories.notices import ChoiceFactory, NoticeFactory
from tests.stages import staged

WAYS = dict.fromkeys([one.name for one in TOPICS], "daily")
HOURS = {
    "digest_hour": 8,
    "digest_weekday": 3,
    "quiet_from": 20,
    "quiet_until": 6,
    "is_quiet_at_weekends": "on",
}


@staged
def told(world):
    """Three notices of Athens' manager, one of them read, and one of the other side's."""
    person = world.a.manager
    NoticeFactory(person=person, title="First", topic="events")
    NoticeFactory(person=person, title="Second", text="It waits.", path="/events/")
    NoticeFactory(person=person, title="Third", path="", read_at="2026-01-01T00:00Z")
    NoticeFactory(person=world.b.manager, title="Theirs")
    return person


def test_each_reads_their_own(told, world, sign_in):
    page = sign_in(told).get("/notices/").content.decode()
    assert [page.count(name) > 0 for name in ("First", "Second", "Third")] == [True] * 3
    assert "Theirs" not in page
    assert "3 notifications" in page
    other = sign_in(world.b.manager).get("/notices/").content.decode()
    assert "Theirs" in other
    assert "First" not in other
    assert (
        "No notifications yet"
        in sign_in(world.a.representatives[0]).get("/notices/").content.decode()
    )


def test_the_bell_counts_what_is_not_read(told, sign_in):
    client = sign_in(told)
    assert "Notifications: 2 unread" in client.get("/").content.decode()
    client.post("/notices/read/", {"until": Notice.objects.latest("pk").pk})
    page = client.get("/").content.decode()
    assert " unread" not in page
    assert "/notices/" in page
    assert Notice.objects.get(title="Theirs").read_at is None


def test_what_came_after_the_page_stays_unread(told, sign_in):
    client = sign_in(told)
    until = Notice.objects.filter(person=told).latest("pk").pk
    NoticeFactory(person=told, title="Later")
    client.post("/notices/read/", {"until": until})
    assert Notice.objects.get(title="Later").read_at is None
    client.post("/notices/read/", {"until": "x"})
    assert Notice.objects.get(title="Later").read_at is None


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?topic=events", ["First"]),
        ("?unread=1", ["First", "Second"]),
        ("?q=waits", ["Second"]),
        ("?q=nothing-like-it", []),
        ("?topic=nonsense", []),
    ],
)
def test_filters(told, sign_in, query, shown):
    page = sign_in(told).get(f"/notices/{query}").content.decode()
    assert [name for name in ("First", "Second", "Third") if name in page] == shown
    if not shown:
        assert "Nothing matches" in page


def test_the_order_and_the_export(told, sign_in):
    client = sign_in(told)
    page = client.get("/notices/?sort=when").content.decode()
    assert page.index("First") < page.index("Third")
    page = client.get("/notices/").content.decode()
    assert page.index("Third") < page.index("First")
    lines = client.get("/notices/?export=csv&unread=1").getvalue().decode().splitlines()
    assert len(lines) == 3
    assert "Second" in lines[1]
    answer = client.get("/notices/?export=xlsx")
    assert answer["Content-Type"].endswith("sheet")


def test_opening_one_reads_it_and_leads_on(told, world, sign_in):
    client, notice = sign_in(told), Notice.objects.get(title="Second")
    answer = client.get(reverse("notices:open", args=[notice.pk]))
    assert answer["Location"] == "/events/"
    notice.refresh_from_db()
    assert notice.read_at is not None
    client.post(reverse("notices:unread", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.read_at is None
    plain = Notice.objects.get(title="Third")
    assert client.get(reverse("notices:open", args=[plain.pk]))["Location"] == "/notices/"
    other = sign_in(world.b.manager)
    assert other.get(reverse("notices:open", args=[notice.pk])).status_code == 404
    assert other.post(reverse("notices:unread", args=[notice.pk])).status_code == 404


def test_choices_are_kept(told, world, sign_in):
    client = sign_in(told)
    page = client.get("/notices/choices/").content.decode()
    for topic in TOPICS:
        assert str(topic.label) in page
    assert client.post("/notices/choices/ways/", WAYS)["Location"] == "/notices/choices/"
    assert set(Choice.objects.values_list("person", "way")) == {(told.pk, "daily")}
    client.post("/notices/choices/hours/", HOURS)
    hours = Hours.objects.get()
    assert (hours.person, hours.digest_hour, hours.digest_weekday) == (told, 8, 3)
    assert (hours.quiet_from, hours.quiet_until) == (20, 6)
    assert (hours.is_quiet_at_weekends, hours.shows_deadlines) == (True, False)
    # The other side's choices are their own.
    other = sign_in(world.b.manager).get("/notices/choices/").content.decode()
    assert "One email a day is enough" in other
    assert "One email a day is enough" not in client.get("/notices/choices/").content.decode()


def test_what_is_wrong_is_said_and_nothing_is_kept(told, sign_in):
    client = sign_in(told)
    answer = client.post("/notices/choices/hours/", HOURS | {"quiet_from": "25"})
    assert answer.status_code == 422
    answer = client.post("/notices/choices/ways/", WAYS | {"events": "by pigeon"})
    assert answer.status_code == 422
    # The weekly overview at once would be no overview.
    assert client.post("/notices/choices/ways/", WAYS | {"week": "now"}).status_code == 422
    assert not Choice.objects.exists()
    assert not Hours.objects.exists()


def test_one_mail_a_day_is_one_click(told, sign_in):
    ChoiceFactory(person=told, topic="offers", way="page")
    sign_in(told).post("/notices/choices/less/")
    ways = dict(Choice.objects.values_list("topic", "way"))
    assert ways["offers"] == "page"
    assert ways["meetings"] == "daily"
    assert "following" not in ways


def test_whoever_got_a_mail_chooses_without_a_sign_in(told, client):
    url = reverse("notices:fewer", args=[make_token(told.pk, "events")])
    page = client.get(url)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert told.name not in page.content.decode()
    assert told.email not in page.content.decode()
    assert not Choice.objects.exists()
    assert "Your choice has been saved" in client.post(url, {"way": "daily"}).content.decode()
    assert Choice.objects.get().way == "daily"
    assert client.post(url, {"way": "never ever"}).status_code == 422
    # A mail program asks once, without a page (RFC 8058).
    assert client.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 204
    assert Choice.objects.get().way == "page"


def test_the_link_of_a_digest_is_for_all_that_comes_in_it(told, client):
    ChoiceFactory(person=told, topic="events", way="weekly")
    url = reverse("notices:fewer", args=[make_token(told.pk, DIGESTS)])
    client.post(url, {"List-Unsubscribe": "One-Click"})
    ways = dict(Choice.objects.values_list("topic", "way"))
    assert ways == dict.fromkeys(["events", "following", "searches", "week"], "page")


@pytest.mark.parametrize("token", ["unknown", "WzEsImV2ZW50cyJd:1:x"])
def test_a_link_that_nobody_made_opens_nothing(db, client, token):
    assert client.get(f"/notices/fewer/{token}/").status_code == 404
    assert client.post(f"/notices/fewer/{token}/", {"way": "page"}).status_code == 404


def test_a_link_of_another_secret_opens_nothing(told, client, settings):
    url = reverse("notices:fewer", args=[make_token(told.pk, "events")])
    settings.SECRET_KEY = "another one, which signs something else altogether"
    assert client.get(url).status_code == 404


def test_the_link_of_who_is_gone_opens_nothing(told, client):
    url = reverse("notices:fewer", args=[make_token(told.pk, "events")])
    told.erased_at = "2026-01-01T00:00Z"
    told.save()
    assert client.get(url).status_code == 404


def test_programs_read_and_choose(told, world, call):
    program = call(told)
    rows = program.get("/notices").json()["results"]
    assert {one["title"] for one in rows} == {"First", "Second", "Third"}
    number = Notice.objects.get(title="First").pk
    assert program.post(f"/notices/{number}/read", {}).json()["read_at"]
    assert program.post(f"/notices/{number}/unread", {}).json()["read_at"] is None
    assert call(world.b.manager).post(f"/notices/{number}/read", {}).status_code == 404
    assert program.post("/notices/read", {"until_id": number}).json() == {"count": 1}
    answer = program.put("/notices/topics", {"topics": [{"topic": "events", "way": "daily"}]})
    assert {one["topic"]: one["way"] for one in answer.json()}["events"] == "daily"
    # What waits is told once a day at most, whoever asks.
    answer = program.put("/notices/topics", {"topics": [{"topic": "week", "way": "now"}]})
    assert {one["topic"]: one["way"] for one in answer.json()}["week"] == "daily"
    bad = program.put("/notices/topics", {"topics": [{"topic": "nothing", "way": "daily"}]})
    assert bad.status_code == 422
    assert program.get("/notices/hours").json()["digest_hour"] == 7
    assert program.patch("/notices/hours", {"digest_hour": 9}).json()["digest_hour"] == 9
    assert program.patch("/notices/hours", {"quiet_from": 99}).status_code == 422
