"""An award for everybody: its page, its badge, and the code that leads to it."""

from hashlib import sha256

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.csp import CSP
from django.utils.html import escape
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from proxeny.kernel.canonical import digest_of
from proxeny.kernel.downloads import disposition
from proxeny.kernel.linked_data import write_data
from proxeny.kernel.qr_codes import draw_code
from proxeny.kernel.view_helpers import answering
from proxeny.labels.award_facts import alt_of, describe_award, picture_of, show_award
from proxeny.labels.award_life_presenters import tell_figure_of
from proxeny.labels.models import Award
from proxeny.labels.operations.badges import bake_badge
from proxeny.labels.operations.issuing import award_url, read_signatures
from proxeny.labels.queries.awards import follower_of, state_of
from proxeny.labels.queries.public_awards import get_award, list_told

#: So long a page elsewhere may show a badge that holds no more.
_KEPT_S = 3600
_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


@login_not_required
@require_safe
@answering
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Show an award: its reason, its issuers, and its validity."""
    award = get_award(code)
    state = state_of(award, timezone.now())
    one = show_award(award, state)
    url = award_url(award.code)
    follower = follower_of(award)
    context = {
        "one": one,
        "award": award,
        "signed": _signed(award),
        "follower": follower,
        "before": award.replaces if award.replaces and award.replaces.issued_at else None,
        "told": [(each, tell_figure_of(each)) for each in list_told(award)],
        "url": url,
        "badge_url": f"{settings.BASE_URL}{reverse('labels:award-badge', args=[code, 'png'])}",
        "snippet": _snippet(award, url),
        "data": write_data(describe_award(one, url=url)),
    }
    return render(request, "labels/public/award.html", context)


def _signed(award: Award) -> list[dict[str, object]]:
    """Return the signatories in the order of the label, each with time and letter of the side."""
    issuers = award.scheme_version.content["issuers"]
    at = {one.organisation_id: one.at for one in read_signatures(award.credential)}
    return [
        {"name": one["name"], "at": at.get(one["organisation"]), "side": side}
        for one, side in zip(issuers, ["a", "b", *[""] * len(issuers)], strict=False)
    ]


def _snippet(award: Award, url: str) -> str:
    """Return the HTML for embedding the badge: no script, and nothing that tracks readers."""
    image = f"{settings.BASE_URL}{reverse('labels:award-badge', args=[award.code, 'svg'])}"
    return (
        f'<a href="{url}"><img src="{image}" width="180" height="180" '
        f'alt="{escape(alt_of(award))}" loading="lazy"></a>'
    )


@csp_override(
    {
        "default-src": [CSP.NONE],
        "style-src": [CSP.UNSAFE_INLINE],
        "font-src": ["data:"],
        "frame-ancestors": [CSP.NONE],
    }
)
@login_not_required
@require_safe
@answering
def show_badge(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Show the badge with the credential in it; one that is no longer valid is marked."""
    award = get_award(code)
    picture = picture_of(award, state_of(award, timezone.now()))
    tag = digest_of([form, repr(picture), award.credential])[:32]
    response = get_conditional_response(request, etag=f'"{tag}"')
    if response is None:
        response = HttpResponse(bake_badge(award, picture, form), content_type=_TYPES[form])
    return _for_all(response, tag, f"award-{award.code}.{form}")


@login_not_required
@require_safe
@answering
def show_code(request: HttpRequest, code: str) -> HttpResponse:
    """Show a QR code that leads to the award's page."""
    drawn = draw_code(award_url(get_award(code).code))
    return _for_all(
        HttpResponse(drawn, content_type=_TYPES["svg"]),
        sha256(drawn).hexdigest()[:32],
        f"award-{code}-code.svg",
    )


def _for_all(response: HttpResponse, tag: str, name: str) -> HttpResponse:
    """Let any site show it, and keep it for an hour at most."""
    response["ETag"] = f'"{tag}"'
    response["Cache-Control"] = f"public, max-age={_KEPT_S}"
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Content-Disposition"] = disposition(name, inline=True)
    response["X-Content-Type-Options"] = "nosniff"
    return response
