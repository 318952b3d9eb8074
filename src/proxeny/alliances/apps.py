"""Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlliancesConfig(AppConfig):
    """Public pages of partnerships and alliances."""

    name = "proxeny.alliances"
    label = "alliances"

    def ready(self) -> None:
        """Say how its deeds read, what rooms know of it, and how its texts are named."""
        from proxeny.alliances import history
        from proxeny.alliances.operations.publishing import name_pages
        from proxeny.alliances.room_facts import find_waiting
        from proxeny.partnerships.models import Agreement
        from proxeny.partnerships.overview import tell_waiting
        from proxeny.partnerships.texts import name_subjects
        from proxeny.partnerships.views.frame import add_pages

        add_pages("overview", ("alliance", _("Alliance"), "alliances:page"))
        history.teach()
        tell_waiting(find_waiting)
        name_subjects(Agreement.Kind.PAGE, name_pages, _("the public page “%(name)s”"))
