"""Messages sent to a real receiver: signed, tried again, given up, paused; one in hand at a time."""

import threading
import time
from datetime import timedelta

import pytest
from standardwebhooks.webhooks import Webhook as Verifier

from proxeny.kernel.models import AuditEntry, Mail
from proxeny.webhooks import outbound, rules, signing
from proxeny.webhooks.models import Webhook, WebhookDelivery
from proxeny.webhooks.operations import deliver
from proxeny.webhooks.operations.settle import settle
from tests.factories.webhooks import WebhookDeliveryFactory, WebhookFactory
from tests.webhooks.receiver import receiving
from tests.webhooks.test_trail import happen

Outcome, State = WebhookDelivery.Outcome, Webhook.State


def only(hook) -> WebhookDelivery:
    return hook.deliveries.get()


def test_what_happens_arrives_signed(world, hook, receiver, go_round):
    happen(world, partnership=world.partnership)
    assert go_round() == 1
    (got,) = receiver.got
    told = Verifier(signing.secret_of(hook)).verify(got.body, got.headers)
    assert told["type"] == "sign_agreement"
    assert told["data"]["partnership"] == world.partnership.pk
    assert (got.path, got.headers["content-type"]) == ("/hook", "application/json")
    assert got.headers["user-agent"].startswith("Proxeny-Webhooks/")
    assert "cookie" not in got.headers
    assert "authorization" not in got.headers
    sent = only(hook)
    assert (sent.state, sent.status_code, sent.attempts) == ("delivered", 204, 1)
    assert (sent.due_at, sent.taken_until) == (None, None)
    assert go_round() == 0
    assert len(receiver.got) == 1


def test_a_message_that_is_not_taken_comes_again_later_with_the_same_id(
    world, hook, receiver, go_round, clock
):
    receiver.answers = [500] * 3 + [200]
    happen(world, partnership=world.partnership)
    for wait in rules.WAITS[:3]:
        assert go_round() == 1
        assert only(hook).due_at == clock() + wait
        clock.now += wait - timedelta(milliseconds=1)
        assert go_round() == 0
        clock.now += timedelta(milliseconds=1)
    assert go_round() == 1
    assert only(hook).state == "delivered"
    assert len({one.id for one in receiver.got}) == 1
    assert len({one.body for one in receiver.got}) == 1
    stamps = [int(one.headers["webhook-timestamp"]) for one in receiver.got]
    assert stamps == sorted(set(stamps)), "each attempt is signed anew"


def test_after_the_last_attempt_it_is_given_up_and_the_webhook_called_failing(
    world, hook, receiver, go_round, clock
):
    receiver.answers = [503]
    happen(world, partnership=world.partnership)
    began = clock()
    for wait in rules.WAITS:
        assert go_round() == 1
        clock.now += wait
    assert go_round() == 1
    sent = only(hook)
    hook.refresh_from_db()
    assert (sent.state, sent.attempts, sent.due_at) == ("failed", 7, None)
    assert (hook.state, hook.failing_since) == (State.FAILING, began)
    assert timedelta(hours=31) < clock() - began < timedelta(hours=32)
    clock.move(days=1)
    assert go_round() == 0
    receiver.answers = [200]
    happen(world, partnership=world.partnership)
    assert go_round() == 1
    hook.refresh_from_db()
    assert (hook.state, hook.failing_since) == (State.ACTIVE, None)


def _fail_for(hook, clock, **by) -> None:
    Webhook.objects.filter(pk=hook.pk).update(failing_since=clock() - timedelta(**by))


def test_after_five_days_it_is_paused_and_its_managers_are_told(
    world, hook, receiver, go_round, clock
):
    receiver.answers = [500]
    happen(world, partnership=world.partnership)
    _fail_for(hook, clock, days=5, seconds=-1)
    go_round()
    hook.refresh_from_db()
    assert hook.state == State.ACTIVE
    _fail_for(hook, clock, days=5)
    clock.move(seconds=5)
    go_round()
    hook.refresh_from_db()
    assert (hook.state, hook.halt) == (State.PAUSED, Webhook.Halt.FAILURES)
    mail = Mail.objects.get()
    assert mail.recipient == world.a.manager.email
    assert mail.subject == "A webhook of Greek cluster is paused"
    assert receiver.url in mail.text
    row = AuditEntry.objects.get(verb="halt_webhook")
    assert (row.person_id, row.organisation_id) == (None, world.a.cluster.pk)
    clock.move(days=1)
    assert go_round() == 0, "a paused webhook is left alone"


def test_gone_means_gone(world, hook, receiver, go_round):
    receiver.answers = [410]
    happen(world, partnership=world.partnership)
    go_round()
    hook.refresh_from_db()
    assert (hook.state, hook.halt) == (State.PAUSED, Webhook.Halt.GONE)
    assert (
        "responded that it no longer exists, so nothing more is being sent to it."
        in Mail.objects.get().text
    )


def _redirect(handler) -> None:
    handler.send_response(307)
    handler.send_header("Location", handler.server.elsewhere)
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def test_a_redirect_is_not_followed(world, hook, receiver, go_round):
    with receiving() as elsewhere:

        def answer(handler):
            handler.server.elsewhere = elsewhere.url
            _redirect(handler)

        receiver.answers = [answer]
        happen(world, partnership=world.partnership)
        go_round()
        assert elsewhere.got == []
    assert (only(hook).outcome, only(hook).status_code) == (Outcome.REDIRECT, 307)


def _endless(handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(2000):
        handler.wfile.write(b"x" * 1024)


def test_an_answer_is_read_up_to_a_kilobyte(world, hook, receiver, go_round, monkeypatch):
    receiver.answers = [_endless]
    happen(world, partnership=world.partnership)
    go_round()
    assert (only(hook).state, only(hook).answer) == ("delivered", "x" * 500)


def _zipped(handler) -> None:
    handler.send_response(500)
    handler.send_header("Content-Encoding", "gzip")
    handler.end_headers()
    handler.wfile.write(b"\x1f\x8b\x00bad\x00\n<b>")


def test_an_answer_is_kept_as_plain_text_and_never_unpacked(world, hook, receiver, go_round):
    receiver.answers = [_zipped]
    happen(world, partnership=world.partnership)
    go_round()
    assert only(hook).status_code == 500
    assert "\x00" not in only(hook).answer
    assert only(hook).answer.endswith("<b>")


def _drip(handler) -> None:
    """One byte of a header now and then, for ever: each of them in time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-A: ")
    for _ in range(200):
        try:
            handler.wfile.write(b"a")
            handler.wfile.flush()
        except OSError:
            return
        time.sleep(0.05)


@pytest.mark.parametrize("behaviour", [_drip, lambda handler: time.sleep(5)], ids=["drip", "still"])
def test_a_receiver_that_dawdles_is_cut_off(
    world, hook, receiver, go_round, monkeypatch, behaviour
):
    monkeypatch.setattr(outbound, "DEADLINE_S", 0.4)
    receiver.answers = [behaviour]
    happen(world, partnership=world.partnership)
    began = time.monotonic()
    go_round()
    assert time.monotonic() - began < 2
    assert only(hook).outcome == Outcome.TIMEOUT


def test_a_receiver_that_is_not_there(world, hook, go_round):
    Webhook.objects.filter(pk=hook.pk).update(url="http://127.0.0.1:1/")
    happen(world, partnership=world.partnership)
    go_round()
    assert (only(hook).outcome, only(hook).status_code) == (Outcome.CONNECTION, None)


def test_a_dead_receiver_holds_up_nobody_and_is_asked_once_a_round(world, hook, receiver, go_round):
    receiver.answers = [500]
    with receiving() as other:
        of_b = WebhookFactory(organisation=world.b.cluster, url=other.url)
        for _ in range(5):
            happen(world, partnership=world.partnership)
        assert go_round() == 6
        assert len(receiver.got) == 1
        assert len(other.got) == 5
        ids = [one.id for one in other.got]
    assert ids == list(of_b.deliveries.order_by("position").values_list("message_id", flat=True))


def test_webhooks_are_sent_to_beside_each_other(world, receiver, go_round):
    together = threading.Barrier(3, timeout=5)
    receiver.answers = [lambda handler: (together.wait(), _fine(handler))]
    for number, side in enumerate((world.a, world.b, world.a)):
        WebhookFactory(organisation=side.cluster, url=f"{receiver.url}/{number}")
    happen(world, partnership=world.partnership)
    assert go_round() == 3
    assert WebhookDelivery.objects.filter(delivered_at=None).count() == 0


def _fine(handler) -> None:
    handler.send_response(204)
    handler.end_headers()


def test_what_a_dead_sender_held_is_sent_again_with_the_same_id(
    world, hook, receiver, go_round, clock, monkeypatch
):
    """The process dies between the receiver's answer and our note of it."""
    happen(world, partnership=world.partnership)
    with monkeypatch.context() as patch:
        patch.setattr(deliver, "settle", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            go_round()
    assert go_round() == 0, "another sender keeps away while the first may still be at work"
    clock.now += deliver.LEASE
    assert go_round() == 1
    assert len(receiver.got) == 2
    assert len({one.id for one in receiver.got}) == 1
    assert only(hook).state == "delivered"


def test_nothing_of_a_removed_webhook_is_settled(hook, clock):
    delivery = WebhookDeliveryFactory(webhook=hook)
    hook.delete()
    assert settle(delivery.pk, outbound.Answer("delivered", 204), now=clock()) is None
