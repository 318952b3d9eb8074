"""Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LabelsConfig(AppConfig):
    """Labels of two or more clusters."""

    name = "proxeny.labels"
    label = "labels"

    def ready(self) -> None:
        """Say how its deeds read, what rooms know of it, and which columns name organisations."""
        from proxeny.directory.pointers import Doubled, Pointer, point
        from proxeny.labels import history
        from proxeny.partnerships.views.frame import add_pages

        add_pages("working", ("labels", _("Labels"), "labels:list"))
        history.teach()
        point(Pointer("labels.Application", doubled=Doubled.LEAVE))
        point(Pointer("labels.Award", doubled=Doubled.LEAVE))
        point(Pointer("labels.Checkup", doubled=Doubled.LEAVE))
        point(Pointer("labels.IssuerKey", doubled=Doubled.LEAVE))
