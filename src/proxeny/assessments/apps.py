"""Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AssessmentsConfig(AppConfig):
    """The consultation service."""

    name = "proxeny.assessments"
    label = "assessments"

    def ready(self) -> None:
        """Say how its deeds read in a history, and what becomes of its rows in a merge."""
        from proxeny.assessments.deadlines import find_deadlines
        from proxeny.notices.deadlines import show_deadlines_of

        show_deadlines_of(find_deadlines)
        from proxeny.assessments.history import teach
        from proxeny.partnerships.views.frame import add_pages

        add_pages("working", ("assessments", _("Assessments"), "assessments:list"))
        teach()
        _point()
        _lead_to_sources()
        _name_services()
        _follow_engagements()
        _tell_outcomes()


def _point() -> None:
    """Say what becomes of its rows when two entries of the directory are merged."""
    from proxeny.directory.pointers import Pointer, point

    point(
        Pointer("assessments.Engagement", "client"),
        Pointer("assessments.Engagement", "cluster", stays="clusters are never merged"),
        Pointer("assessments.Remark"),
    )


def _lead_to_sources() -> None:
    """Say where evidence stands, where recommendations are written, and who hears of a step."""
    from proxeny.assessments.operations.advice_letters import tell_step
    from proxeny.assessments.operations.work import FIGURE, FINDING, NOTE
    from proxeny.assessments.queries import advised
    from proxeny.partnerships.evidence import lead_to, write_at
    from proxeny.partnerships.operations.advice import follow

    lead_to(FINDING, advised.find_finding_addresses)
    lead_to(NOTE, advised.find_note_addresses)
    lead_to(FIGURE, advised.find_figure_addresses)
    write_at("assessment", advised.home_of)
    follow("assessment", tell_step)


def _name_services() -> None:
    """Say what terms of services are called, and what follows once all have signed them."""
    from proxeny.assessments.operations.terms import name_services
    from proxeny.partnerships.models import Agreement
    from proxeny.partnerships.texts import name_subjects

    name_subjects(Agreement.Kind.SERVICE, name_services, _("the terms of “%(name)s”"))


def _follow_engagements() -> None:
    """Say how requests and briefs read, what follows a signed brief, and what rooms know of them."""
    from proxeny.assessments import engagement_history, room_facts
    from proxeny.assessments.operations import briefs  # noqa: F401  (says what follows)
    from proxeny.partnerships.models import Agreement
    from proxeny.partnerships.overview import tell_dates, tell_tiles, tell_waiting
    from proxeny.partnerships.texts import name_subjects

    engagement_history.teach()
    name_subjects(Agreement.Kind.BRIEF, engagement_history.name_briefs, _("the brief “%(name)s”"))
    tell_dates(room_facts.find_dates)
    tell_tiles(room_facts.find_tiles)
    tell_waiting(room_facts.find_waiting)


def _tell_outcomes() -> None:
    """Tell the yearly report what came of assessments."""
    from proxeny.assessments import outcome_facts
    from proxeny.partnerships.report import tell_chapters

    tell_chapters(outcome_facts.find_chapters)
