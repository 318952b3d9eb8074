"""Public documents for machines, without an account: identifiers, lists, credentials."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from hashlib import sha256
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from proxeny.kernel.errors import InvalidInput, NotFound
from proxeny.kernel.view_helpers import answering
from proxeny.labels.operations import issuing
from proxeny.labels.queries.awards import get_public_award
from proxeny.labels.queries.status_lists import get_status_list

#: So long others may keep a copy: a revocation is known everywhere soon after it is signed.
_KEPT_S = 300
_VC = "application/vc"

Find = Callable[..., Mapping[str, Any]]


def _document(media_type: str) -> Callable[[Find], Callable[..., HttpResponse]]:
    """Answer with a public JSON document, readable from pages of any site, and cacheable."""

    def decorate(find: Find) -> Callable[..., HttpResponse]:
        @login_not_required
        @require_safe
        @answering
        @wraps(find)
        def answer(request: HttpRequest, **arguments: Any) -> HttpResponse:
            try:
                found = find(**arguments)
            except InvalidInput as error:
                raise NotFound(str(error)) from error
            body = json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()
            response = HttpResponse(body, content_type=media_type)
            response["ETag"] = f'"{sha256(body).hexdigest()[:32]}"'
            response["Cache-Control"] = f"public, max-age={_KEPT_S}"
            response["Access-Control-Allow-Origin"] = "*"
            response["Cross-Origin-Resource-Policy"] = "cross-origin"
            return get_conditional_response(request, etag=response["ETag"], response=response) or (
                response
            )

        return answer

    return decorate


@_document("application/did+json")
def show_label(*, slug: str, since: int | None = None) -> Mapping[str, Any]:
    """Show the identifier of a label: its controllers, and the valid keys."""
    return issuing.label_document(issuing.issuing_since(slug, since))


@_document("application/did+json")
def show_issuer(*, pk: int) -> Mapping[str, Any]:
    """Show the identifier of a cluster with its keys."""
    return issuing.cluster_document(pk)


@_document(_VC)
def show_status(*, slug: str, number: int) -> Mapping[str, Any]:
    """Show the revocations of a label's awards, as all its clusters have signed them."""
    return get_status_list(slug, number)


@_document(_VC)
def show_credential(*, code: str) -> Mapping[str, Any]:
    """Show an award as all its clusters have signed it."""
    found: Mapping[str, Any] | None = get_public_award(code).credential
    if not found:
        raise NotFound(_("We couldn’t find this award."))
    return found
