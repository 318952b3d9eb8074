"""One-time and recovery codes, counted so that nobody can lock somebody else out."""

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm

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
