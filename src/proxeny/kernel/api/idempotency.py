"""Idempotency keys: a write that is sent again answers as it did, and is done once."""

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from proxeny.kernel.api.errors import KeyReused
from proxeny.kernel.api.limits import PIECE
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.models import ApiCall
from proxeny.kernel.tenancy import as_service

#: For so long the answer to a key is kept.
KEPT = timedelta(days=1)
_WRITES = {"POST", "PUT", "PATCH", "DELETE"}
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_HEADERS = ("Content-Type", "ETag", "Location")


def answer_once(
    request: HttpRequest, *, token_id: int, answer: Callable[[], HttpResponse]
) -> HttpResponse:
    """Answer a request; one that carries a known `Idempotency-Key` gets the first one's answer.

    The key is written in the request's own transaction: two that come at once wait for each other,
    and a request that was refused leaves no key behind.

    Raises
    ------
    InvalidInput
        The key is no key.
    KeyReused
        The key came with another request before.
    """
    key = request.headers.get("Idempotency-Key")
    # A piece of a file says by its offset whether it was sent before, and is never read at once.
    if key is None or request.method not in _WRITES or request.content_type == PIECE:
        return answer()
    if not _KEY.fullmatch(key):
        raise InvalidInput(
            _("An idempotency key must have 1 to 200 printable ASCII characters and no spaces.")
        )
    fingerprint = _fingerprint(request)
    with as_service("No reader may see kept calls; the key counts for this very token alone."):
        _forget(token_id, key, before=timezone.now() - KEPT)
        call, is_new = ApiCall.objects.get_or_create(
            token_id=token_id, key=key, defaults={"fingerprint": fingerprint}
        )
    if not is_new:
        return _answer_again(call, fingerprint)
    response = answer()
    if response.status_code < 400:
        with as_service("No reader may write kept calls; the answer is kept for this very token."):
            ApiCall.objects.filter(pk=call.pk).update(
                status=response.status_code,
                headers={name: response[name] for name in _HEADERS if name in response},
                body=response.content.decode(),
            )
    return response


def _forget(token_id: int, key: str, *, before: datetime) -> None:
    ApiCall.objects.filter(token_id=token_id, key=key, created_at__lt=before).delete()


def _answer_again(call: ApiCall, fingerprint: str) -> HttpResponse:
    if call.fingerprint != fingerprint:
        raise KeyReused(
            _("This idempotency key has already been used with a different request. Use a new one.")
        )
    response = HttpResponse(call.body, status=call.status, headers=call.headers)
    response["Idempotent-Replayed"] = "true"
    return response


def _fingerprint(request: HttpRequest) -> str:
    digest = hashlib.sha256()
    for part in _parts(request):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _parts(request: HttpRequest) -> Iterator[bytes]:
    yield (request.method or "").encode()
    yield request.get_full_path().encode()
    if request.content_type != "multipart/form-data":
        yield request.body
        return
    # Files may be larger than what is kept in memory, and the boundary differs each time.
    for name, values in sorted(request.POST.lists()):
        yield from (name.encode(), *(str(value).encode() for value in values))
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield from (name.encode(), str(file.name).encode())
            yield from file.chunks()
            file.seek(0)
