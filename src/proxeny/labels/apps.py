"""Django application."""

from django.apps import AppConfig


class LabelsConfig(AppConfig):
    """Labels of two or more clusters."""

    name = "proxeny.labels"
    label = "labels"
