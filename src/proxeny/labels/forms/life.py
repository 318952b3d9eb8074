"""Forms of what becomes of awards: check-ups, a renewal, a new name."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.labels.award_life_presenters import CHECKUP_NAMES
from proxeny.labels.models import Award, Checkup
from proxeny.labels.operations.checkups import MOST_REVIEW, Answered, mark_of
from proxeny.labels.operations.renaming import MOST_NAME
from proxeny.labels.operations.renewing import MOST_WHY
from proxeny.labels.queries.life import CHECKUP_STATES
from proxeny.partnerships.find_forms import FindForm

_DAY: dict[str, Any] = {"attrs": {"type": "date"}, "format": "%Y-%m-%d"}


def _lines(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class CheckupForm(forms.Form):
    """Whether a project still is what it was awarded for, and what it went on to achieve."""

    use_required_attribute = False

    still_holds = forms.ChoiceField(
        label=_("Does the project still match what the label was awarded for?"),
        choices=[("yes", _("Yes")), ("no", _("No longer"))],
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
        error_messages={
            "required": _("Choose an answer."),
            "invalid_choice": _("Choose an answer."),
        },
    )
    changed = forms.CharField(
        label=_("What has changed"),
        required=False,
        widget=_lines(),
        help_text=_("Only the clusters can read this."),
    )
    achieved = forms.CharField(
        label=_("What it has achieved since"),
        required=False,
        widget=_lines(),
        help_text=_("A sentence or two: what, where and who with."),
    )
    kind = forms.ChoiceField(
        label=_("Type of success"),
        required=False,
        choices=[("", _("Nothing to report yet")), *Checkup.Kind.choices],
    )
    amount = forms.DecimalField(
        label=_("Figure"),
        required=False,
        max_digits=14,
        decimal_places=2,
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("An amount of money, or a number: customers, jobs, partners."),
    )
    currency = forms.CharField(
        label=_("Currency"),
        required=False,
        max_length=3,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "dir": "ltr", "size": "3"}),
        help_text=_("For an amount of money: the three-letter code, such as EUR."),
    )
    proof_url = forms.CharField(
        label=_("Where to read about it"),
        required=False,
        max_length=500,
        widget=forms.URLInput(attrs={"dir": "ltr"}),
    )
    is_public = forms.BooleanField(
        label=_("What it achieved may be shown on the award’s public page"),
        required=False,
        help_text=_("Once the clusters have reviewed it. What has changed is never shown."),
    )
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, one: Checkup) -> None:
        names = ("changed", "achieved", "kind", "amount", "currency", "proof_url", "is_public")
        still = {True: "yes", False: "no", None: ""}[one.still_holds]
        super().__init__(
            data,
            initial={
                **{name: getattr(one, name) for name in names},
                "still_holds": still,
                "seen": mark_of(one),
            },
        )

    def to_facts(self) -> Answered:
        """Return the values for the operation."""
        given = self.cleaned_data
        return Answered(
            given["still_holds"] == "yes",
            given["changed"],
            given["achieved"],
            given["kind"],
            given["amount"],
            given["currency"],
            given["proof_url"],
            given["is_public"],
        )


class RenewForm(forms.Form):
    """The changes since an award was given."""

    use_required_attribute = False

    changed = forms.CharField(
        label=_("What has changed since the label was awarded"),
        required=False,
        widget=_lines(),
        max_length=4000,
        help_text=_("You can continue on the next page. Your last answers are already there."),
    )


class NewNameForm(forms.Form):
    """The new name of a holder, and why."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Holder’s new name"),
        max_length=MOST_NAME,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Enter the new name.")},
    )
    why = forms.CharField(
        label=_("The reason, and where it can be verified"),
        required=False,
        max_length=MOST_WHY,
        widget=_lines(2),
    )


class FindCheckupsForm(FindForm):
    """A filter for check-ups."""

    states = [(one, CHECKUP_NAMES[one][0]) for one in CHECKUP_STATES]


class AskCheckupForm(forms.Form):
    """The award that a check-up is requested for, and the deadline."""

    use_required_attribute = False

    award = forms.TypedChoiceField(
        label=_("Which award"),
        coerce=int,
        error_messages={
            "required": _("Choose an award."),
            "invalid_choice": _("Choose a valid award with nothing pending."),
        },
    )
    due_on = forms.DateField(
        label=_("Answer by"),
        required=False,
        widget=forms.DateInput(**_DAY),
        help_text=_("Leave empty for 30 days."),
    )

    def __init__(self, data: Any = None, *, awards: Iterable[Award]) -> None:
        super().__init__(data)
        field: Any = self.fields["award"]
        field.choices = [("", "–"), *((one.pk, f"{one.title} · {one.holder}") for one in awards)]


class ReviewForm(forms.Form):
    """The clusters' comment on an answer."""

    use_required_attribute = False

    review = forms.CharField(
        label=_("Message to the holder"),
        required=False,
        max_length=MOST_REVIEW,
        widget=_lines(2),
        help_text=_("They’ll receive it by email. Leave empty to send nothing."),
    )
