"""Sign-in by a provider: for an account with the verified address, or for an invited one."""

import logging
import re
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.accounts import operations, queries
from proxeny.accounts.models import Account
from proxeny.accounts.oidc.outbound import ProviderSession
from proxeny.kernel.errors import Conflict, NotAllowed, NotFound

logger = logging.getLogger(__name__)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Sign-in by a provider, which only proves an address: nobody signs up by it."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "no_password": gettext_lazy(
            "This is your only way to sign in. Set a password first, using “Forgot your password?”."
        ),
        "connected_other": gettext_lazy(
            "This sign-in is already linked to another Proxeny account."
        ),
    }

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Providers are configured by the environment alone: no row of a table adds one."""
        configured = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
        apps = [SocialApp(provider="openid_connect", **one) for one in configured]
        return [
            app
            for app in apps
            if provider in (None, app.provider, app.provider_id)
            and client_id in (None, app.client_id)
        ]

    def get_requests_session(self) -> ProviderSession:
        """Return a session that asks configured hosts only."""
        return ProviderSession()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Say no, as the adapter of accounts does."""
        return False

    def new_user(self, request: HttpRequest, sociallogin: SocialLogin) -> Account:
        """Return an account with a time, which lies in the session while a password is asked for."""
        return Account(created_at=timezone.now())

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        """Log the reason for the operator; text after a colon may contain tokens and is dropped."""
        reason = f"{type(exception).__name__}: {str(exception).partition(':')[0]}"
        logger.warning("Sign-in by %s failed: %s", provider, reason if exception else error)

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[Account, str] | None:
        """Return the account that owns the address, if both sides have seen it verified.

        An account that this provider has already named by another number is not found: the
        address may have gone to somebody else in the meantime.
        """
        email = _verified_address(sociallogin)
        account = queries.find_account_of_address(email) if email else None
        if account is None or queries.is_connected(account.pk, sociallogin.account.provider):
            return None
        return account, email

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in people with an account or an invitation, and tell everybody else the reason.

        Connecting a provider to a signed-in account is left to allauth, which asks for the password
        first.
        """
        # It has done its work; nothing of it may come to lie in a session.
        sociallogin.token = None
        if sociallogin.state.get("process") == AuthProcess.CONNECT or sociallogin.is_existing:
            return None
        email, name = _verified_address(sociallogin), sociallogin.provider.name
        if not email:
            _refuse(
                request,
                name,
                _(
                    "%(provider)s doesn’t confirm that your address is verified. Verify it "
                    "there, or sign in with your password."
                )
                % {"provider": name},
            )
        token = _invitation_in(sociallogin.state.get("next") or "")
        if token:
            return self._accept(request, sociallogin, token, email)
        if queries.find_account_of_address(email):
            _refuse(
                request,
                name,
                _(
                    "%(email)s is connected to a different account at %(provider)s. Sign in with "
                    "your password."
                )
                % {"email": email, "provider": name},
            )
        _refuse(
            request,
            name,
            _(
                "No one signs in to Proxeny with %(email)s. If you were invited, open the link "
                "in that email and continue from there."
            )
            % {"email": email},
        )
        return None

    def _accept(
        self, request: HttpRequest, sociallogin: SocialLogin, token: str, email: str
    ) -> None:
        try:
            arrival = operations.accept_invitation(
                token=token, now=timezone.now(), proved_address=email
            )
        except NotAllowed:
            _refuse(
                request,
                sociallogin.provider.name,
                _(
                    "This invitation isn’t for %(email)s but for a different address. Ask for an "
                    "invitation to this address."
                )
                % {"email": email},
            )
        except (NotFound, Conflict):
            _refuse(request, sociallogin.provider.name, _("This invitation is no longer open."))
        sociallogin.connect(request, arrival.account)
        sociallogin.state["next"] = reverse("home")


def _verified_address(sociallogin: SocialLogin) -> str:
    found = [one.email for one in sociallogin.email_addresses if one.verified is True]
    return found[0] if len(found) == 1 else ""


def _invitation_in(path: str) -> str:
    """Return the token of an invitation's page, if that is where somebody came from."""
    pattern = reverse("invitation", kwargs={"token": "TOKEN"}).replace("TOKEN", r"([\w-]{20,})")
    found = re.fullmatch(pattern, path)
    return found[1] if found else ""


def _refuse(request: HttpRequest, provider: str, reason: str) -> Any:
    page = render(
        request, "socialaccount/refused.html", {"provider": provider, "reason": reason}, status=403
    )
    raise ImmediateHttpResponse(page)
