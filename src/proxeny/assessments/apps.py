"""Django application."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """The consultation service."""

    name = "proxeny.assessments"
    label = "assessments"
