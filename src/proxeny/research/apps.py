"""Django application."""

from django.apps import AppConfig


class ResearchConfig(AppConfig):
    """Research collaboration."""

    name = "proxeny.research"
    label = "research"
