"""Webhooks over the API: the same rules, versions, and a secret that is told once."""

import pytest
from standardwebhooks.webhooks import Webhook as Verifier

from proxeny.kernel.models import ApiCall
from proxeny.webhooks import signing
from proxeny.webhooks.models import Webhook, WebhookDelivery
from tests.factories.webhooks import WebhookDeliveryFactory, WebhookFactory
from tests.stages import staged

URL = "https://hooks.example.org/proxeny"


@staged
def hook(world):
    return WebhookFactory(organisation=world.a.cluster, url=URL)


def body_of(world, **values) -> dict:
    return {"organisation_id": world.a.cluster.pk, "url": URL} | values


def test_adding_one_tells_its_secret_this_once(world, call):
    program = call(world.a.manager, "webhooks:write", "webhooks:read")
    answer = program.post("/webhooks", body_of(world, verbs=["sign_agreement"]))
    made = Webhook.objects.get()
    told = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/webhooks/{made.pk}")
    assert told["secret"] == signing.secret_of(made)
    Verifier(told["secret"])
    assert told["verbs"] == ["sign_agreement"]
    shown = program.get(f"/webhooks/{made.pk}").json()
    assert shown == {name: value for name, value in told.items() if name != "secret"}
    assert "nonce" not in shown


@pytest.mark.parametrize("path", ["/webhooks", "/webhooks/{pk}/secret"])
def test_answers_with_a_secret_are_not_kept_for_repeats(world, call, hook, path):
    program = call(world.a.manager)
    data = body_of(world, url=f"{URL}/2") if path == "/webhooks" else None
    answer = program.post(path.format(pk=hook.pk), data, key="k")
    assert answer.status_code == 422
    assert "without an Idempotency-Key" in answer.json()["detail"]
    assert not ApiCall.objects.exists()
    assert Webhook.objects.count() == 1


def test_other_writes_are_done_once(world, call, hook):
    program = call(world.a.manager)
    first = program.post(f"/webhooks/{hook.pk}/test", key="k")
    again = program.post(f"/webhooks/{hook.pk}/test", key="k")
    assert (first.status_code, again.status_code) == (202, 202)
    assert again["Idempotent-Replayed"] == "true"
    assert first.json() == again.json()
    assert WebhookDelivery.objects.count() == 1
    assert program.get(first["Location"]).json()["verb"] == "test_webhook"


@pytest.mark.parametrize(
    "field",
    ["state", "nonce", "position", "made_by", "version", "secret", "failing_since", "id"],
)
def test_nothing_else_can_be_set(world, call, hook, field):
    program = call(world.a.manager)
    answer = program.post("/webhooks", body_of(world, **{field: 1}))
    assert answer.status_code == 422
    answer = program.patch(f"/webhooks/{hook.pk}", {field: 1}, version=1)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"#/{field}"
    hook.refresh_from_db()
    assert hook.version == 1


@pytest.mark.parametrize(
    "values",
    [
        {"url": "https://127.0.0.1/"},
        {"url": "https://[::1]/"},
        {"url": "http://example.org/"},
        {"url": "x" * 501},
        {"url": ""},
        {"url": "https://hooks.example.org/\x00"},
        {"description": "x" * 201},
        {"verbs": ["no such"]},
        {"verbs": ["x"] * 201},
        {"verbs": "sign_agreement"},
        {"organisation_id": 2**63},
        {"organisation_id": 0},
    ],
)
def test_what_does_not_fit_is_refused(world, call, values):
    answer = call(world.a.manager).post("/webhooks", body_of(world, **values))
    assert answer.status_code == 422
    assert not Webhook.objects.exists()


def test_a_change_needs_the_version_it_was_made_from(world, call, hook):
    program = call(world.a.manager)
    change = {"description": "New"}
    path = f"/webhooks/{hook.pk}"
    assert program.patch(path, change).status_code == 428
    assert program.patch(path, change, version=7).status_code == 412
    etag = program.get(path)["ETag"]
    answer = program.patch(path, change, version=etag)
    assert (answer.status_code, answer.json()["description"]) == (200, "New")
    assert answer.json()["url"] == URL
    assert program.patch(path, change, version=etag).status_code == 412
    assert program.get(path, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_each_sees_their_own_and_nothing_of_others(world, call, hook):
    delivery = WebhookDeliveryFactory(webhook=hook)
    of_b = WebhookFactory(organisation=world.b.cluster)
    rows = {world.a.manager: [hook.pk], world.b.manager: [of_b.pk], world.c.manager: []}
    for person, own in rows.items():
        found = call(person).get("/webhooks").json()
        assert [one["id"] for one in found["results"]] == own
    for person in (
        world.b.manager,
        world.c.manager,
        world.a.ambassador,
        world.a.representatives[0],
    ):
        program = call(person)
        for path in ("", "/deliveries", f"/deliveries/{delivery.pk}"):
            assert program.get(f"/webhooks/{hook.pk}{path}").status_code == 404
        for path in ("/pause", "/secret", "/test", "/deliveries/send-again"):
            assert program.post(f"/webhooks/{hook.pk}{path}").status_code == 404
        assert program.delete(f"/webhooks/{hook.pk}").status_code == 404
        assert program.patch(f"/webhooks/{hook.pk}", {}, version="*").status_code == 404
    for person in (world.a.ambassador, world.a.representatives[0]):
        assert call(person).get("/webhooks").status_code == 403
        assert call(person).post("/webhooks", body_of(world)).status_code == 403
    assert call(world.b.manager).post("/webhooks", body_of(world)).status_code == 403
    own = call(world.b.manager)
    assert own.get(f"/webhooks/{of_b.pk}/deliveries/{delivery.pk}").status_code == 404
    assert own.post(f"/webhooks/{of_b.pk}/deliveries/{delivery.pk}/send-again").status_code == 404


def test_a_token_needs_the_areas_scope(world, call, hook):
    reads = call(world.a.manager, "webhooks:read")
    assert reads.get(f"/webhooks/{hook.pk}").status_code == 200
    assert reads.post(f"/webhooks/{hook.pk}/pause").status_code == 403
    other = call(world.a.manager, "events:write", "events:read")
    assert other.get("/webhooks").status_code == 403


def test_the_life_of_one(world, call, hook):
    program, path = call(world.a.manager), f"/webhooks/{hook.pk}"
    assert program.post(f"{path}/pause").json()["state"] == "paused"
    assert program.post(f"{path}/pause").status_code == 409
    assert program.post(f"{path}/test").status_code == 409
    assert program.post(f"{path}/resume").json()["state"] == "active"
    old = signing.secret_of(hook)
    answer = program.post(f"{path}/secret").json()
    assert answer["secret"] not in (old, "")
    assert answer["former_until"] is not None
    assert program.delete(path).status_code == 204
    assert program.get(path).status_code == 404


def test_the_log_over_the_api(world, call, hook):
    program, path = call(world.a.manager), f"/webhooks/{hook.pk}/deliveries"
    made = WebhookDeliveryFactory.create_batch(3, webhook=hook)
    WebhookDelivery.objects.filter(pk=made[0].pk).update(due_at=None, dropped_at=made[0].due_at)
    page = program.get(path, {"page_size": 2}).json()
    assert [one["id"] for one in page["results"]] == [made[2].pk, made[1].pk]
    failed = program.get(path, {"state": "failed"}).json()["results"]
    assert [one["id"] for one in failed] == [made[0].pk]
    assert program.get(path, {"verb": "none"}).json()["results"] == []
    assert program.get(path, {"state": "x"}).status_code == 422
    assert program.post(f"{path}/send-again").json() == {"count": 1}
    assert program.post(f"{path}/{made[1].pk}/send-again").status_code == 202
    verbs = {one["verb"] for one in program.get("/webhooks/verbs").json()}
    assert {"sign_agreement", "apply_import", "publish_agenda"} <= verbs


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_the_same_queries(world, call, hook, rows, django_assert_num_queries):
    program = call(world.a.manager)
    WebhookFactory.create_batch(rows, organisation=world.a.cluster)
    WebhookDeliveryFactory.create_batch(rows, webhook=hook)
    program.get("/webhooks")
    with django_assert_num_queries(LIST_QUERIES):
        program.get("/webhooks")
    with django_assert_num_queries(LIST_QUERIES + 1):
        program.get(f"/webhooks/{hook.pk}/deliveries")


LIST_QUERIES = 14
