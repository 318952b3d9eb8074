"""Who an address and a password are."""

from allauth.account.auth_backends import AuthenticationBackend

from proxeny.accounts import queries
from proxeny.accounts.models import Account


class AddressBackend(AuthenticationBackend):
    """Looks an address up by one query, whether there is an account or not."""

    def _authenticate_by_email(self, email: str, password: str) -> Account | None:
        return self._check_password(queries.find_account_to_sign_in(email), password)
