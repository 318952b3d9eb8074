"""Django application."""

from django.apps import AppConfig


class BidsConfig(AppConfig):
    """Joint bids."""

    name = "proxeny.bids"
    label = "bids"
