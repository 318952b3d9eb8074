"""Forms of sign-in: codes counted so that nobody locks others out, resets that tell nothing."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm

from proxeny.accounts import queries
from proxeny.accounts.limits import count_attempt


class _Counted:
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


class ResetForm(ResetPasswordForm):
    """Asks for a new password; an unknown address costs as many queries as a known one."""

    def clean_email(self) -> str:
        """Return the address; `users` holds its account, if there is one that is open."""
        email: str = self.cleaned_data["email"].lower()
        account = queries.find_account_to_sign_in(email)
        self.users = [account] if account is not None and account.is_active else []
        return email
