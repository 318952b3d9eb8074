"""The provider as allauth knows it: with a nonce, a checked token, and strict words on addresses."""

import hashlib
import secrets
from typing import Any

import jwt
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialToken
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from proxeny.accounts.oidc.outbound import ProviderSession

#: Signatures that need the provider's private key; never `none`, never a shared secret.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
_NEEDED = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
#: Seconds for which a provider's own description of itself is kept.
_KEPT = 600


class ProviderClient(OpenIDConnectOAuth2Adapter):
    """The client of a provider.

    Attributes
    ----------
    state : dict
        What this browser's session kept when it was sent to the provider.
    """

    state: dict[str, Any]

    @property
    def issuer(self) -> str:
        """The configured issuer."""
        return str(self.get_provider().app.settings["server_url"])

    @property
    def openid_config(self) -> dict[str, Any]:
        """The provider's own configuration; it must name the configured issuer."""
        key = f"oidc:{hashlib.sha256(self.issuer.encode()).hexdigest()}"
        found: dict[str, Any] | None = cache.get(key)
        if found is None:
            found = _ask(self.get_provider().server_url)
            cache.set(key, found, _KEPT)
        if found.get("issuer") != self.issuer:
            raise OAuth2Error("Another issuer answers than the configured one.")
        if missing := [name for name in _NEEDED if not found.get(name)]:
            raise OAuth2Error(f"The provider does not name its {missing[0]}.")
        return found

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Return the configured address: a forged Host header must not name it."""
        path = reverse("openid_connect_callback", kwargs={"provider_id": self.provider_id})
        return f"{settings.BASE_URL}{path}"

    def complete_login(
        self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any
    ) -> Any:
        """Return the identity asserted by the provider, after every check the standard requires."""
        identity = self._check_token(app, kwargs["response"].get("id_token"))
        person = _ask(self.profile_url, token=token.token)
        # OpenID Connect Core 5.3.2: without this another person's answer could be slipped in.
        if person.get("sub") != identity["sub"]:
            raise OAuth2Error("Token and answer speak of different people.")
        return self.get_provider().sociallogin_from_response(
            request, {"id_token": identity, "userinfo": person}
        )

    def _check_token(self, app: Any, raw: Any) -> dict[str, Any]:
        if not isinstance(raw, str):
            raise OAuth2Error("The provider sent no ID token.")
        try:
            claims = jwt.decode(
                raw,
                self._key_of(raw),
                algorithms=_ALGORITHMS,
                audience=app.client_id,
                issuer=self.issuer,
                leeway=60,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error("The ID token does not hold.") from error
        wanted = self.state.get("nonce") or ""
        if not wanted or not secrets.compare_digest(str(claims.get("nonce", "")), wanted):
            raise OAuth2Error("The ID token answers another request.")
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("The ID token was made for another site.")
        return claims

    def _key_of(self, raw: str) -> jwt.PyJWK:
        keys = jwt.PyJWKSet.from_dict(_ask(self.openid_config["jwks_uri"])).keys
        wanted = jwt.get_unverified_header(raw).get("kid")
        for key in keys:
            if wanted is None or key.key_id == wanted:
                return key
        raise jwt.InvalidKeyError("The provider does not know the key.")


def _ask(address: str, *, token: str = "") -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with ProviderSession() as session:
        answer = session.get(address, headers=headers)
    if answer.status_code != requests.codes.ok:
        raise OAuth2Error(f"The provider answers {answer.status_code}.")
    found = answer.json()
    if not isinstance(found, dict):
        raise OAuth2Error("The provider answers with something else than an object.")
    return found


class Provider(OpenIDConnectProvider):
    """A configured OpenID Connect provider."""

    oauth2_adapter_class = ProviderClient

    @property
    def server_url(self) -> str:
        """The address of the provider's configuration; the issuer's slash is not doubled."""
        return f"{self.app.settings['server_url'].rstrip('/')}/.well-known/openid-configuration"

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:
        """Send the browser to the provider; the request is the same whatever link led here."""
        known = {AuthProcess.LOGIN, AuthProcess.CONNECT}
        nonce = secrets.token_urlsafe(24)
        answer: HttpResponse = super().redirect(
            request,
            process if process in known else AuthProcess.LOGIN,
            next_url,
            data,
            scope=self.get_default_scope(),
            auth_params={"nonce": nonce},
            nonce=nonce,
        )
        return answer

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Return one name for issuer and subject together: two issuers number their people alike."""
        identity = data["id_token"]
        return hashlib.sha256(f"{identity['iss']}\0{identity['sub']}".encode()).hexdigest()

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keep the address alone, so that its owner recognises the connection."""
        return {"email": _address(data)[0]}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """Nothing else of the answer is used."""
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """Return the address, marked as verified only if the provider explicitly reports it."""
        email, is_verified = _address(data)
        return [EmailAddress(email=email, verified=is_verified, primary=True)] if email else []


def _address(data: dict[str, Any]) -> tuple[str, bool]:
    source = data["userinfo"] if "email" in data["userinfo"] else data["id_token"]
    email = source.get("email")
    if not isinstance(email, str):
        return "", False
    # A string, a 1 or a missing word is not `true`.
    return email.strip().lower(), source.get("email_verified") is True


provider_classes = [Provider]
