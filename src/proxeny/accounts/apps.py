"""Django application."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, their sign-in, their seats, and invitations."""

    name = "proxeny.accounts"
    label = "accounts"
