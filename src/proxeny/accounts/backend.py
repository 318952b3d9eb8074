"""Sign-in by e-mail address and password."""

from allauth.account.auth_backends import AuthenticationBackend

from proxeny.accounts import queries
from proxeny.accounts.models import Account


class AddressBackend(AuthenticationBackend):
    """Looks an address up by one query, whether there is an account or not."""

    def _authenticate_by_email(self, email: str, password: str) -> Account | None:
        found: Account | None = self._check_password(
            queries.find_account_to_sign_in(email), password
        )
        return found

    def get_user(self, user_id: int) -> Account | None:
        """Return the account of a session, if it may still be used; before every page."""
        account = queries.find_account(user_id)
        return account if account and self.user_can_authenticate(account) else None
