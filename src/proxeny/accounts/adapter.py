"""The allauth adapter: accounts by invitation only, our mail templates, robust limits."""

import time
import uuid
from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.limits import count_attempt, forget_attempts, may_mail, remember_browser
from proxeny.accounts.models import Account, Person
from proxeny.kernel.mail import queue_mail

#: In a session: when it was last written down as used, in seconds.
SEEN_AT = "seen_at"
#: Mails that a stranger can cause by typing somebody's address.
_ASKED_BY_ANYBODY = ("account/email/password_reset_key", "account/email/unknown_account")


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves; a person joins by an invitation to a seat."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "duplicate_email": _("This is already your address."),
        "email_password_mismatch": _("The email address and password don’t match."),
        "enter_current_password": _("This isn’t your password."),
        "incorrect_password": _("This isn’t your password."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Sign-up pages say that an invitation is needed."""
        return False

    def new_user(self, request: HttpRequest) -> Account:
        """Return an empty account; allauth fills in the address."""
        return Account()

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There are no user names: the address is the name."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail, for known and unknown addresses alike, so that both take equally long."""
        if template_prefix in _ASKED_BY_ANYBODY and not may_mail(
            allauth_context.request, template_prefix, email
        ):
            return
        person = Person.objects.filter(email__iexact=email).order_by("-account", "pk").first()
        language = person.language if person else translation.get_language() or "en"
        with translation.override(language):
            message = self.render_mail(template_prefix, email, {"email": email, **context})
            queue_mail(
                key=f"{template_prefix}:{uuid.uuid4()}",
                recipient=email,
                template="accounts/mail/notice",
                context={
                    "subject": message.subject,
                    "paragraphs": [part for part in message.body.split("\n\n") if part.strip()],
                    "action_url": context.get("password_reset_url") or context.get("activate_url"),
                },
                language=language,
            )

    def format_email_subject(self, subject: str) -> str:
        """Return the subject unchanged: the sender already says Proxeny."""
        return subject.strip()

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Build the link from the configured address: a forged Host header must not name it."""
        path = reverse(
            "account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"}
        ).replace("UID-KEY", quote(key))
        return f"{settings.BASE_URL}{path}"

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Build the link from the configured address."""
        path = reverse("account_confirm_email", args=[emailconfirmation.key])
        return f"{settings.BASE_URL}{path}"

    def post_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse:
        """Know the browser again: its wrong passwords are counted apart from strangers'."""
        response: HttpResponse = super().post_login(request, user, **more)
        request.session[SEEN_AT] = int(time.time())
        remember_browser(request, response, user.email)
        return response

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count an attempt, before the password is looked at."""
        self._login_failed_rl_usage = count_attempt(request, "password", _login_of(credentials))
        if self._login_failed_rl_usage is None:
            raise self.validation_error("too_many_login_attempts")

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        # After a reset by mail.
        forget_attempts(request, "password", _login_of(credentials))


def _login_of(credentials: dict[str, Any]) -> str:
    return credentials.get("email") or credentials.get("username") or ""
