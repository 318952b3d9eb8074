"""Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ResearchConfig(AppConfig):
    """Research collaboration."""

    name = "proxeny.research"
    label = "research"

    def ready(self) -> None:
        """Say how its deeds read, what rooms know of it, and where its evidence leads."""
        from proxeny.partnerships.views.frame import add_pages
        from proxeny.research import history

        add_pages("working", ("studies", _("Studies"), "research:studies"))
        history.teach()
        _know_studies()
        _tell_rooms()
        _lead_to_rows()
        _publish()


def _know_studies() -> None:
    """Say what a study refuses, and where actions of studies were noted."""
    from django.urls import reverse

    from proxeny.partnerships.views.records import ORIGIN_PAGES
    from proxeny.research.operations import kept  # noqa: F401  (says what is refused)

    ORIGIN_PAGES["study"] = lambda pk, number: reverse("research:study", args=[pk, number])


def _tell_rooms() -> None:
    """Say what rooms know of studies: figures, dates, and what waits."""
    from proxeny.partnerships.overview import tell_dates, tell_tiles, tell_waiting
    from proxeny.research import room_facts

    tell_dates(room_facts.find_dates)
    tell_tiles(room_facts.find_tiles)
    tell_waiting(room_facts.find_waiting)


def _lead_to_rows() -> None:
    """Say where evidence in files stands, what recommendations of studies come from, and the year."""
    from django.urls import reverse
    from django.utils.translation import gettext

    from proxeny.partnerships.evidence import Origin, Way, come_from, lead_to, offer_way
    from proxeny.partnerships.models import Recommendation
    from proxeny.partnerships.report import tell_chapters
    from proxeny.research import rules, year_facts
    from proxeny.research.queries import advice

    def point_at_rows(one: Recommendation) -> Way:
        url = reverse("research:advice-rows", args=[one.partnership_id, one.pk])
        return Way(url, gettext("Point at rows of a table"), "table")

    lead_to(rules.FILE, advice.find_row_spots)
    come_from("study", Origin(advice.tell_study, advice.list_url_of))
    offer_way(point_at_rows)
    tell_chapters(year_facts.find_chapters)


def _publish() -> None:
    """Say what a publication is called among the texts to sign, and what follows its signatures."""
    from proxeny.partnerships.models import Agreement
    from proxeny.partnerships.public_results import tell_results
    from proxeny.partnerships.texts import name_subjects
    from proxeny.research.operations.publishing import name_publications
    from proxeny.research.public_facts import find_results

    sentence = _("the publication of the study “%(name)s”")
    name_subjects(Agreement.Kind.STUDY, name_publications, sentence)
    tell_results("study", _("Published study"), find_results)
