"""How allauth behaves here: accounts are made by invitation only."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from proxeny.accounts.models import Account


class InvitationOnlyAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves; a person joins by an invitation to a seat."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Sign-up pages say that an invitation is needed."""
        return False

    def new_user(self, request: HttpRequest) -> Account:
        """Return an empty account; allauth fills in the address."""
        return Account()

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        """There are no user names: the address is the name."""
