"""Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LabelsConfig(AppConfig):
    """Labels of two or more clusters."""

    name = "proxeny.labels"
    label = "labels"

    def ready(self) -> None:
        """Say how its deeds read, what rooms know of it, and which columns name organisations."""
        from proxeny.labels.deadlines import find_deadlines
        from proxeny.notices.deadlines import show_deadlines_of

        show_deadlines_of(find_deadlines)
        from proxeny.directory.pointers import Doubled, Pointer, point
        from proxeny.labels import history, public_facts, room_facts, year_facts
        from proxeny.labels.forms.jury import use_round_form
        from proxeny.labels.operations import (  # noqa: F401  (say what is refused)
            kept,
            kept_rounds,
            signing_awards,
        )
        from proxeny.labels.operations.leaving import end_with_partnership, leave_with_party
        from proxeny.labels.operations.publishing import name_schemes
        from proxeny.labels.queries.awards import name_awards, name_decisions
        from proxeny.partnerships.models import Agreement
        from proxeny.partnerships.operations.endings import when_a_partnership_ends
        from proxeny.partnerships.operations.parties import when_a_party_leaves
        from proxeny.partnerships.overview import tell_dates, tell_tiles, tell_waiting
        from proxeny.partnerships.public_results import tell_results
        from proxeny.partnerships.report import tell_chapters
        from proxeny.partnerships.texts import name_subjects
        from proxeny.partnerships.views.frame import add_pages

        add_pages("working", ("labels", _("Labels"), "labels:list"))
        history.teach()
        use_round_form()
        name_subjects(Agreement.Kind.SCHEME, name_schemes, _("the label “%(name)s”"))
        name_subjects(Agreement.Kind.AWARD, name_decisions, _("the awards of “%(name)s”"))
        name_subjects(Agreement.Kind.REVOKE, name_awards, _("the revocation of “%(name)s”"))
        when_a_party_leaves(leave_with_party)
        when_a_partnership_ends(end_with_partnership)
        tell_results("award", _("Label that was awarded"), public_facts.find_results)
        tell_dates(room_facts.find_dates)
        tell_tiles(room_facts.find_tiles)
        tell_waiting(room_facts.find_waiting)
        tell_chapters(year_facts.find_chapters)
        point(Pointer("labels.Application", doubled=Doubled.LEAVE))
        point(Pointer("labels.Award", doubled=Doubled.LEAVE))
        point(Pointer("labels.Checkup", doubled=Doubled.LEAVE))
        point(Pointer("labels.IssuerKey", stays="of clusters that sign, which are never merged"))
