"""Django application."""

from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    """Partnerships: parties, agreement and sign-off, sharing."""

    name = "proxeny.partnerships"
    label = "partnerships"
