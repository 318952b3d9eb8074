"""Django application."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Webhooks: an organisation's events, sent to a program of its own."""

    name = "proxeny.webhooks"
    label = "webhooks"
