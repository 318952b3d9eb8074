"""Signatures after the Standard Webhooks specification (https://www.standardwebhooks.com).

A receiver computes HMAC-SHA256 over `id.timestamp.body` with the secret it was given, and compares
it with one of the signatures in the header. The secret itself is nowhere kept: it is worked out
from the installation's secret key, the webhook's id and its nonce.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

from django.utils.crypto import salted_hmac

from proxeny.webhooks.models import Webhook

_SALT = "proxeny.webhooks.signing"
PREFIX = "whsec_"


def make_nonce() -> str:
    """Return 256 random bits; a new one makes a new secret."""
    return secrets.token_urlsafe(32)


def _key(webhook: Webhook, nonce: str) -> bytes:
    return salted_hmac(_SALT, f"{webhook.pk}:{nonce}", algorithm="sha256").digest()


def secret_of(webhook: Webhook) -> str:
    """Return a webhook's secret as its receiver needs it."""
    return PREFIX + base64.b64encode(_key(webhook, webhook.nonce)).decode()


def headers_of(webhook: Webhook, *, message_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """Return the headers of one attempt. While a secret is being changed, both sign."""
    nonces = [webhook.nonce]
    if webhook.former_nonce and webhook.former_until and now < webhook.former_until:
        nonces.append(webhook.former_nonce)
    timestamp = int(now.timestamp())
    signed = f"{message_id}.{timestamp}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_sign(_key(webhook, one), signed) for one in nonces),
    }


def _sign(key: bytes, signed: bytes) -> str:
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
