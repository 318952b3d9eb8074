"""Pages of webhooks: what a manager does, what nobody else sees, what two do at once."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from proxeny.kernel.models import AuditEntry
from proxeny.webhooks import rules, signing
from proxeny.webhooks.models import Webhook, WebhookDelivery
from tests.factories.webhooks import WebhookDeliveryFactory, WebhookFactory
from tests.stages import staged

URL = "https://hooks.example.org/proxeny"
State = Webhook.State


@pytest.fixture
def manager(world, sign_in):
    return sign_in(world.a.manager)


@staged
def hook(world):
    return WebhookFactory(organisation=world.a.cluster, url=URL)


def test_a_manager_adds_a_webhook_and_sees_its_secret_once(world, manager):
    assert "No programs are connected yet" in manager.get("/webhooks/").content.decode()
    page = manager.get("/webhooks/new/").content.decode()
    assert "Signed the agreement" in page
    form = {
        "organisation_id": world.a.cluster.pk,
        "url": f" {URL} ",
        "description": "Member  base",
        "verbs": ["sign_agreement", "end_partnership"],
    }
    page = manager.post("/webhooks/new/", form).content.decode()
    hook = Webhook.objects.get()
    secret = signing.secret_of(hook)
    assert re.findall(r"whsec_[\w+/=]+", page)[0] == secret
    assert (hook.url, hook.description) == (URL, "Member base")
    assert hook.verbs == ["end_partnership", "sign_agreement"]
    assert (hook.made_by_id, hook.state) == (world.a.manager.pk, State.ACTIVE)
    for path in ("/webhooks/", f"/webhooks/{hook.pk}/", f"/webhooks/{hook.pk}/edit/"):
        page = manager.get(path).content.decode()
        assert URL in page
        assert "whsec_" not in page
        assert hook.nonce not in page
    assert secret not in str(AuditEntry.objects.values_list("changes", flat=True))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"url": "https://127.0.0.1/"},
            (
                "Use the server’s name, such as hooks.example.org. Don’t use an IP address, "
                "and don’t put a user name or password before it."
            ),
        ),
        ({"url": "http://hooks.example.org/"}, "must begin with https://"),
        ({"url": "https://hooks.example.org:22/"}, "Use port 443 or 8443."),
        ({"url": ""}, "This field is required"),
        ({"url": URL, "verbs": ["nothing"]}, "nothing is not one of the available choices"),
        ({"url": URL, "organisation_id": "999"}, "Not saved yet"),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(world, manager, given, said):
    form = {"organisation_id": world.a.cluster.pk} | given
    answer = manager.post("/webhooks/new/", form)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Webhook.objects.exists()


def test_the_same_address_once_and_twenty_at_most(world, manager, hook):
    form = {"organisation_id": world.a.cluster.pk, "url": URL}
    assert "There’s already a webhook to this address." in (
        manager.post("/webhooks/new/", form).content.decode()
    )
    WebhookFactory.create_batch(rules.MOST_WEBHOOKS - 1, organisation=world.a.cluster)
    answer = manager.post("/webhooks/new/", form | {"url": f"{URL}/2"})
    assert "at most 20 webhooks" in answer.content.decode()
    assert Webhook.objects.count() == 20


def test_nobody_but_a_manager_of_the_organisation_sees_anything(world, hook, sign_in):
    delivery = WebhookDeliveryFactory(webhook=hook)
    others = {
        world.b.manager: 404,
        world.c.manager: 404,
        world.a.ambassador: 404,
        world.a.representatives[0]: 404,
        world.nobody_special: 404,
    }
    for person, status in others.items():
        client = sign_in(person)
        assert client.get(f"/webhooks/{hook.pk}/").status_code == status
        for path in (
            "pause",
            "secret",
            "test",
            "remove",
            "again",
            f"deliveries/{delivery.pk}/again",
        ):
            assert client.post(f"/webhooks/{hook.pk}/{path}/").status_code == status
        page = client.get("/webhooks/")
        assert page.status_code == (200 if person in (world.b.manager, world.c.manager) else 403)
        assert URL not in page.content.decode()
    hook.refresh_from_db()
    assert (hook.state, hook.version) == (State.ACTIVE, 1)


def test_a_colleague_cannot_add_one_for_an_organisation_of_others(world, sign_in):
    client = sign_in(world.b.manager)
    client.post("/webhooks/new/", {"organisation_id": world.a.cluster.pk, "url": URL})
    assert not Webhook.objects.exists()


def test_pausing_and_resuming(manager, hook):
    path = f"/webhooks/{hook.pk}"
    page = manager.post(f"{path}/pause/", follow=True).content.decode()
    assert "Paused by a manager" in page
    assert "Send a test" not in page
    assert "as soon as you resume" in page
    assert (
        "This webhook is already paused."
        in manager.post(f"{path}/pause/", follow=True).content.decode()
    )
    assert "Resume it first" in manager.post(f"{path}/test/", follow=True).content.decode()
    Webhook.objects.update(failing_since=timezone.now())
    assert (
        "Resumed. It continues where it stopped."
        in manager.post(f"{path}/resume/", follow=True).content.decode()
    )
    hook.refresh_from_db()
    assert (hook.state, hook.halt, hook.failing_since) == (State.ACTIVE, "", None)
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["pause_webhook", "resume_webhook"]


def test_a_new_secret_leaves_the_former_a_day(manager, hook):
    old = signing.secret_of(hook)
    page = manager.post(f"/webhooks/{hook.pk}/secret/").content.decode()
    hook.refresh_from_db()
    new = signing.secret_of(hook)
    assert new in page
    assert old not in page
    assert old != new
    assert 86_390 < (hook.former_until - timezone.now()).total_seconds() <= 86_400
    assert "also signs until" in manager.get(f"/webhooks/{hook.pk}/").content.decode()


def test_a_test_is_queued_once_and_found_in_the_log(manager, hook, django_assert_num_queries):
    path = f"/webhooks/{hook.pk}"
    assert "Nothing sent yet" in manager.get(f"{path}/").content.decode()
    page = manager.post(f"{path}/test/", follow=True).content.decode()
    assert "The test is on its way." in page
    assert 'hx-trigger="every 3s"' in page
    again = manager.post(f"{path}/test/", follow=True).content.decode()
    assert "A test is already on its way." in again
    delivery = WebhookDelivery.objects.get()
    assert (delivery.verb, delivery.position) == ("test_webhook", None)
    assert f'"id":{hook.pk}' in delivery.body


def _failed(hook, **values):
    return WebhookDeliveryFactory(
        webhook=hook,
        attempts=7,
        due_at=None,
        dropped_at=timezone.now(),
        tried_at=timezone.now(),
        outcome="status",
        status_code=500,
        answer="<script>alert(1)</script>",
        **values,
    )


def test_the_log_says_what_came_of_each_message_and_sends_it_again(manager, hook):
    delivery = _failed(hook)
    page = manager.get(f"/webhooks/{hook.pk}/").content.decode()
    for said in (
        "Given up",
        "The response was not a success",
        "500",
        "7 attempts",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        delivery.message_id,
    ):
        assert said in page, said
    assert "<script>alert" not in page
    manager.post(f"/webhooks/{hook.pk}/deliveries/{delivery.pk}/again/")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("waiting", 0)
    assert delivery.due_at <= timezone.now()


def test_all_that_was_given_up_is_sent_again_at_once(manager, hook):
    for _ in range(3):
        _failed(hook)
    done = WebhookDeliveryFactory(webhook=hook, due_at=None, delivered_at=timezone.now())
    page = manager.post(f"/webhooks/{hook.pk}/again/", follow=True).content.decode()
    assert "3 messages are on their way again." in page
    assert WebhookDelivery.objects.filter(due_at__isnull=False).count() == 3
    done.refresh_from_db()
    assert done.state == "delivered"
    page = manager.post(f"/webhooks/{hook.pk}/again/", follow=True).content.decode()
    assert "There are no failed messages to resend." in page


def test_a_message_in_hand_is_not_sent_beside_itself(manager, hook):
    taken = timezone.now() + timedelta(seconds=9)
    delivery = WebhookDeliveryFactory(webhook=hook, attempts=1, taken_until=taken)
    page = manager.post(f"/webhooks/{hook.pk}/deliveries/{delivery.pk}/again/", follow=True)
    assert "being sent right now" in page.content.decode()


def test_the_log_is_filtered_and_exported(manager, hook):
    _failed(hook, verb="end_partnership")
    WebhookDeliveryFactory(webhook=hook, due_at=None, delivered_at=timezone.now())
    path = f"/webhooks/{hook.pk}/"
    for query, count in {
        "": 2,
        "?state=failed": 1,
        "?state=delivered": 1,
        "?state=waiting": 0,
        "?verb=end_partnership": 1,
        "?verb=none": 0,
        "?state=x&page=99": 2,
    }.items():
        page = manager.get(path + query).content.decode()
        assert page.count("<details><summary>") == count, query
    assert "Nothing matches" in manager.get(path + "?state=waiting").content.decode()
    lines = manager.get(path + "?export=csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert lines[2].split(",")[1] == "end_partnership"
    assert manager.get(path + "?export=xlsx").content[:2] == b"PK"


def test_removing_asks_first_and_takes_the_log_along(manager, hook):
    WebhookDeliveryFactory(webhook=hook)
    assert "Remove this webhook?" in manager.get(f"/webhooks/{hook.pk}/remove/").content.decode()
    assert Webhook.objects.count() == 1
    assert manager.post(f"/webhooks/{hook.pk}/remove/").status_code == 302
    assert (Webhook.objects.count(), WebhookDelivery.objects.count()) == (0, 0)
    row = AuditEntry.objects.get()
    assert (row.verb, row.changes) == ("remove_webhook", {"url": [URL, None]})


def test_two_who_change_it_at_once_lose_nothing(manager, hook):
    path = f"/webhooks/{hook.pk}/edit/"
    first = {"url": URL, "description": "First member", "version": 1}
    assert manager.post(path, first).status_code == 302
    merged = manager.post(path, {"url": f"{URL}/2", "description": "", "version": 1})
    assert merged.status_code in (302, 409)
    clash = manager.post(path, {"url": URL, "description": "Third", "version": 1})
    page = clash.content.decode()
    assert clash.status_code == 409
    assert "First member" in page
    assert "Third" in page
    hook.refresh_from_db()
    assert hook.description == "First member"


def test_the_history_tells_of_it(manager, hook):
    manager.post(f"/webhooks/{hook.pk}/edit/", {"url": URL, "description": "New", "version": 1})
    page = manager.get(f"/history/webhook/{hook.pk}/").content.decode()
    assert "Changed a webhook" in page
    assert "New" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_take_the_same_queries_for_any_number_of_rows(
    world, manager, hook, rows, django_assert_num_queries
):
    WebhookFactory.create_batch(rows, organisation=world.a.cluster)
    for _ in range(rows):
        _failed(hook)
    manager.get("/webhooks/")
    with django_assert_num_queries(LIST_QUERIES):
        manager.get("/webhooks/")
    with django_assert_num_queries(DETAIL_QUERIES):
        manager.get(f"/webhooks/{hook.pk}/")


LIST_QUERIES, DETAIL_QUERIES = 11, 14
