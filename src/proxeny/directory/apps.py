"""Django application."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Organisations, memberships, offers and needs, and their import."""

    name = "proxeny.directory"
    label = "directory"
