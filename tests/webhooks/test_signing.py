"""Signatures, read by the specification's own verifier and by its published example."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from proxeny.webhooks import signing
from proxeny.webhooks.models import Webhook

BODY = b'{"type":"sign_agreement"}'


def hook(**values) -> Webhook:
    return Webhook(pk=7, nonce="one", **values)


def headers(webhook: Webhook, **values) -> dict:
    given = {"message_id": "msg_7_1", "body": BODY, "now": datetime.now(UTC)} | values
    return signing.headers_of(webhook, **given)


def test_the_specifications_example_has_this_signature():
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signed = b'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}'
    assert signing._sign(key, signed) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_an_outside_verifier_accepts_a_message_and_refuses_a_changed_one():
    webhook = hook()
    verifier = Verifier(signing.secret_of(webhook))
    # The verifier goes by the clock, and takes five minutes at most.
    now = datetime.now(UTC)
    assert verifier.verify(BODY, headers(webhook)) == {"type": "sign_agreement"}
    for changed in (
        (BODY + b" ", headers(webhook)),
        (BODY, headers(webhook) | {"webhook-id": "msg_7_2"}),
        (BODY, headers(webhook, now=now) | {"webhook-timestamp": str(int(now.timestamp()) + 1)}),
        (BODY, headers(webhook, now=now - timedelta(hours=1))),
        (BODY, headers(hook(former_nonce="x")) | {"webhook-signature": "v1,AAAA"}),
    ):
        with pytest.raises(WebhookVerificationError):
            verifier.verify(*changed)


def test_for_a_day_the_former_secret_holds_too():
    now = datetime.now(UTC)
    old = signing.secret_of(Webhook(pk=7, nonce="former"))
    webhook = hook(former_nonce="former", former_until=now + timedelta(seconds=1))
    sent = headers(webhook, now=now)
    assert sent["webhook-signature"].count("v1,") == 2
    for secret in (old, signing.secret_of(webhook)):
        Verifier(secret).verify(BODY, sent)
    later = headers(webhook, now=now + timedelta(seconds=1))
    assert later["webhook-signature"].count("v1,") == 1
    with pytest.raises(WebhookVerificationError):
        Verifier(old).verify(BODY, later)


def test_a_secret_is_of_one_webhook_one_nonce_and_one_installation(settings):
    secrets = {
        signing.secret_of(one)
        for one in (Webhook(pk=1, nonce="a"), Webhook(pk=1, nonce="b"), Webhook(pk=11, nonce="a"))
    }
    settings.SECRET_KEY = "another"
    secrets.add(signing.secret_of(Webhook(pk=1, nonce="a")))
    assert len(secrets) == 4
    for one in secrets:
        assert one.startswith("whsec_")
        assert len(base64.b64decode(one.removeprefix("whsec_"))) == hashlib.sha256().digest_size


def test_a_nonce_is_never_the_same():
    assert len({signing.make_nonce() for _ in range(100)}) == 100
    assert len(signing.make_nonce()) == Webhook._meta.get_field("nonce").max_length
