"""The same awards with openvc, an independent verifier: each proof alone, with the list."""

from collections.abc import Callable
from typing import Any

from benchmarks.credentials.world import NOW, Published
from openvc import VerificationPolicy, verify_credential
from openvc.did.base import DidDocument, DidResolverRegistry, parse_did_document
from openvc.status import CredentialRevoked

from proxeny.engine.credentials import did_to_url

__all__ = ["peer_for"]


class _Resolver:
    def __init__(self, published: Published) -> None:
        # Parsed once, as ours is in a batch.
        self._parsed: dict[str, DidDocument] = {}
        self._published = published

    def supports(self, did: str) -> bool:
        return did.startswith("did:web:")

    def resolve(self, did: str) -> DidDocument:
        if did not in self._parsed:
            raw = self._published.resolve(did_to_url(did))
            assert raw is not None
            self._parsed[did] = parse_did_document(raw)
        return self._parsed[did]


def peer_for(published: Published) -> Callable[[dict[str, Any]], bool]:
    """Return a function that says whether openvc accepts both proofs and finds it not revoked.

    It takes one proof at a time and the list as it is, without looking at who signed that: what it
    does is less than what `verify` does.
    """
    registry, policy = DidResolverRegistry([_Resolver(published)]), VerificationPolicy(now=NOW)

    def accepts(document: dict[str, Any]) -> bool:
        try:
            for proof in document["proof"]:
                verify_credential(
                    {**document, "proof": proof},
                    policy=policy,
                    resolver=registry,
                    resolve_status_list=published.resolve,
                )
        except CredentialRevoked:
            return False
        return True

    return accepts
