"""Forms of sign-in: our own words, codes counted so that no one locks others out, resets that tell
nothing."""

from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.accounts import queries
from proxeny.accounts.devices import name_device
from proxeny.accounts.limits import count_attempt

_LABELS = {
    "login": _("Email"),
    "email": _("Email"),
    "password": _("Password"),
    "oldpassword": _("Current password"),
    "password1": _("New password"),
    "password2": _("Repeat new password"),
    "code": _("Code"),
    "passwordless": _("Sign me in with this key alone, without the password"),
}


class _Named(forms.Form):
    """Calls its fields as our other pages do; a placeholder would only say the label again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = _LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)


class SignInForm(_Named, account.LoginForm):
    """E-mail and password."""


class PasswordAgainForm(_Named, account.ReauthenticateForm):
    """The password before a change."""


class ChangePasswordForm(_Named, account.ChangePasswordForm):
    """A new password in place of the one until now."""


class SetPasswordForm(_Named, account.SetPasswordForm):
    """The first password of a person who signs in by a provider."""


class NewPasswordForm(_Named, account.ResetPasswordKeyForm):
    """The new password behind a link that was mailed."""


class AddressForm(_Named, account.AddEmailForm):
    """A new address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("New address")


class FirstCodeForm(_Named, ActivateTOTPForm):
    """The first code of an authenticator app."""


class AddKeyForm(_Named, AddWebAuthnForm):
    """A passkey or a security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        agent = context.request.META.get("HTTP_USER_AGENT", "")
        self.initial.update(name=name_device(agent), passwordless=True)
        self.fields["passwordless"].help_text = _(
            "The key will then ask for your fingerprint, your face or a PIN. Untick this for a "
            "key that supports none of these."
        )


class _Counted(_Named):
    """Counts an attempt before the code is looked at, and takes it back when it is right."""

    def clean_code(self) -> str:
        """Return the code."""
        attempt = count_attempt(context.request, "code", self.user.email)  # type: ignore[attr-defined]
        if attempt is None:
            raise get_adapter().validation_error("too_many_login_attempts")
        code: str = super().clean_code()  # type: ignore[misc]
        attempt.rollback()
        return code


class CodeForm(_Counted, AuthenticateForm):
    """The second proof at sign-in."""


class CodeAgainForm(_Counted, ReauthenticateForm):
    """The proof before a change."""


class ResetForm(_Named, account.ResetPasswordForm):
    """Asks for a new password; an unknown address costs as many queries as a known one."""

    def clean_email(self) -> str:
        """Return the address; `users` holds its account, if there is one that is open."""
        email: str = self.cleaned_data["email"].lower()
        account = queries.find_account_to_sign_in(email)
        self.users = [account] if account is not None and account.is_active else []
        return email
