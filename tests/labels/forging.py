"""Shorthands of the tests of verification: an award's file, and copies of it that somebody was at."""

import json
from copy import deepcopy
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.utils import timezone

from proxeny.engine.credentials import add_proof, generate
from proxeny.labels.models import Award
from proxeny.labels.operations.issuing import issuing_of, method_of
from proxeny.labels.operations.keys import open_key
from proxeny.labels.queries.keys import current_keys


def file_of(document: Any) -> bytes:
    """Return a credential as a file."""
    return json.dumps(document, ensure_ascii=False).encode()


def altered(award: Award, **words: str) -> dict[str, Any]:
    """Return its credential with the holder's name changed after it was signed."""
    document = deepcopy(award.credential)
    document["credentialSubject"]["identifier"][0]["identityHash"] = words.get("holder", "Somebody")
    return document


def one_signature(award: Award) -> dict[str, Any]:
    """Return its credential with the first cluster's signature alone."""
    return {**award.credential, "proof": award.credential["proof"][:1]}


def signed_twice(award: Award) -> dict[str, Any]:
    """Return its credential, signed by the first cluster twice and not by the second."""
    issuing = issuing_of(award.scheme_version)
    key = current_keys(issuing.clusters)[issuing.clusters[0]]
    return add_proof(
        one_signature(award),
        signer=open_key(key),
        method=method_of(issuing, key),
        created=timezone.now(),
    )


def forged(award: Award) -> dict[str, Any]:
    """Return its credential, signed for both clusters by somebody with keys of their own."""
    document = {**award.credential, "proof": []}
    for proof in award.credential["proof"]:
        document = add_proof(
            document, signer=generate(), method=proof["verificationMethod"], created=timezone.now()
        )
    return document


def of_others(award: Award) -> dict[str, Any]:
    """Return its credential as if another site had issued it."""
    text = json.dumps(award.credential)
    host = urlsplit(award.credential["id"]).netloc
    return json.loads(
        text.replace(host, "label.example")
        .replace(host.replace(":", "%3A"), "label.example")
        .replace("http://label", "https://label")
    )


def published(award: Award) -> dict[str, dict[str, Any]]:
    """Return the documents that it takes to check an award, by address, as the site gives them."""
    client, found = Client(), {}
    issuing = issuing_of(award.scheme_version)
    for url in (
        award.credential["credentialStatus"]["statusListCredential"],
        _document(issuing.did),
        *(_document(one) for one in _clusters(issuing.did, client)),
    ):
        found[url] = _get(client, url)
    return found


def _clusters(did: str, client: Client) -> list[str]:
    return _get(client, _document(did))["controller"]


def _document(did: str) -> str:
    from proxeny.engine.credentials import did_to_url

    return did_to_url(did)


def _get(client: Client, url: str) -> dict[str, Any]:
    answer = client.get(urlsplit(url).path)
    assert answer.status_code == 200, url
    return json.loads(answer.content)
