"""Django application."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The shell: base page, components, home, static files."""

    name = "proxeny.web"
    label = "web"
