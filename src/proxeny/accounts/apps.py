"""Django application."""

from typing import Any

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, sign-in, seats and invitations."""

    name = "proxeny.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Follow a changed address; a signal is the only way allauth tells of it."""
        from allauth.account.signals import email_changed

        from proxeny.accounts import security_log
        from proxeny.accounts.history import teach

        teach()
        security_log.listen()
        email_changed.connect(_follow_address, dispatch_uid="proxeny.follow_address")


def _follow_address(*, user: Any, to_email_address: Any, **_: Any) -> None:
    from proxeny.accounts.operations import follow_changed_address

    follow_changed_address(account_id=user.pk, email=to_email_address.email)
