"""The form that says of which days outcome figures are shown, and by what they are compared."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.insight.presenters import tell_quarter
from proxeny.insight.queries.outcomes import ALL, RECENT, Outcomes
from proxeny.kernel.form_fields import choice_field, choices_of
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.outcome_forms import OutcomeFilter

#: Compared quarter by quarter, as nothing else was chosen.
QUARTER = "quarter"


class PeriodFilter(OutcomeFilter):
    """A calculated period or a custom range of days, and the groups to compare."""

    period = forms.ChoiceField(
        label=_("Days"),
        required=False,
        error_messages={
            "invalid_choice": _("No figures for these dates. Choose others from the list.")
        },
    )
    field_order = ("period", "since", "until", "by")

    def __init__(
        self, data: Any, *, reader: Reader, partnership_id: int, outcomes: Outcomes
    ) -> None:
        asked = data.copy()
        asked["by"] = data.get("by") or QUARTER
        asked["period"] = data.get("period") or RECENT
        super().__init__(asked, reader=reader, partnership_id=partnership_id)
        choice_field(self, "period").choices = period_choices(outcomes)
        known = [one for one in choices_of(self, "by") if one[0] != QUARTER]
        choice_field(self, "by").choices = [(QUARTER, _("Quarters")), *known]
        self.fields["since"].label = _("Or from")
        self.order_fields(self.field_order)


def period_choices(outcomes: Outcomes) -> list[tuple[str, Any]]:
    """Return the periods there are figures of, with what they are called."""
    return [
        (RECENT, _("The last 12 months")),
        (ALL, _("All time")),
        *((one, one) for one in outcomes.years),
        *((one, tell_quarter(one)) for one in reversed(outcomes.quarters)),
    ]
