"""Leaving for a provider and coming back."""

from typing import Any

import requests
from allauth.account.internal.decorators import login_not_required
from allauth.decorators import rate_limit
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from proxeny.accounts.oidc.provider import ProviderClient


class _CallbackView(OAuth2CallbackView):
    """Hands the kept state on, so that the token can be checked against it."""

    adapter: ProviderClient

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, response


def _client_of(request: HttpRequest, provider_id: str) -> ProviderClient:
    client = ProviderClient(request, provider_id)
    try:
        client.get_provider()
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return client


@login_not_required
@require_http_methods(["GET", "POST"])
@rate_limit(action="login")
def leave(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the provider.

    Not by a redirect: the form's target would then be the provider, and the site's policy lets
    forms go to itself alone. A page that leads on needs no exception for anybody.
    """
    client = _client_of(request, provider_id)
    try:
        answer: HttpResponse = OAuth2LoginView.adapter_view(client)(request)
    except (OAuth2Error, requests.RequestException) as error:
        refusal: HttpResponse = render_authentication_error(
            request, client.get_provider(), exception=error
        )
        return refusal
    if not 300 <= answer.status_code < 400:
        return answer
    context = {"provider": client.get_provider(), "address": answer["Location"]}
    return render(request, "socialaccount/leave.html", context)


@login_not_required
@require_GET
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Process the provider's callback."""
    answer: HttpResponse = _CallbackView.adapter_view(_client_of(request, provider_id))(request)
    return answer
