"""Forms of what becomes of awards: check-ups, a renewal, a new name."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.labels.life_words import CHECKUP_NAMES
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
        label=_("Is the project still what it was awarded for?"),
        choices=[("yes", _("Yes")), ("no", _("No longer"))],
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
        error_messages={"required": _("Say whether it is."), "invalid_choice": _("Say whether it is.")},
    )  # fmt: skip
    changed = forms.CharField(
        label=_("What has changed"), required=False, widget=_lines(),
        help_text=_("The clusters alone read this."),
    )  # fmt: skip
    achieved = forms.CharField(
        label=_("What it went on to achieve"), required=False, widget=_lines(),
        help_text=_("A sentence or two: what, where, with whom."),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("What kind of success"), required=False,
        choices=[("", _("None to tell yet")), *Checkup.Kind.choices],
    )  # fmt: skip
    amount = forms.DecimalField(
        label=_("Figure"), required=False, max_digits=14, decimal_places=2, min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("A sum of money, or how many: customers, jobs, partners."),
    )  # fmt: skip
    currency = forms.CharField(
        label=_("Currency"), required=False, max_length=3,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "dir": "ltr", "size": "3"}),
        help_text=_("For a sum of money, by its three letters, such as EUR."),
    )  # fmt: skip
    proof_url = forms.CharField(
        label=_("Where one reads of it"), required=False, max_length=500,
        widget=forms.URLInput(attrs={"dir": "ltr"}),
    )  # fmt: skip
    is_public = forms.BooleanField(
        label=_("What it achieved may stand on the public page of the award"), required=False,
        help_text=_("Once the clusters have looked at it. What has changed is never shown."),
    )  # fmt: skip
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, one: Checkup) -> None:
        names = ("changed", "achieved", "kind", "amount", "currency", "proof_url", "is_public")
        still = {True: "yes", False: "no", None: ""}[one.still_holds]
        super().__init__(data, initial={
            **{name: getattr(one, name) for name in names}, "still_holds": still,
            "seen": mark_of(one),
        })  # fmt: skip

    def to_facts(self) -> Answered:
        """Return what was typed, as the operation takes it."""
        given = self.cleaned_data
        return Answered(
            given["still_holds"] == "yes", given["changed"], given["achieved"], given["kind"],
            given["amount"], given["currency"], given["proof_url"], given["is_public"],
        )  # fmt: skip


class RenewForm(forms.Form):
    """What has changed since an award was given."""

    use_required_attribute = False

    changed = forms.CharField(
        label=_("What has changed since the label was awarded"), required=False,
        widget=_lines(), max_length=4000,
        help_text=_("You can go on writing on the next page. Your last answers are there."),
    )  # fmt: skip


class NewNameForm(forms.Form):
    """The new name of a holder, and why."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("New name of the holder"), max_length=MOST_NAME,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        error_messages={"required": _("Write the new name.")},
    )  # fmt: skip
    why = forms.CharField(
        label=_("Why, and where one can see it"),
        required=False,
        max_length=MOST_WHY,
        widget=_lines(2),
    )


class FindCheckupsForm(FindForm):
    """What a list of check-ups is narrowed to."""

    states = [(one, CHECKUP_NAMES[one][0]) for one in CHECKUP_STATES]


class AskCheckupForm(forms.Form):
    """Of which award a check-up is asked for, and by when."""

    use_required_attribute = False

    award = forms.TypedChoiceField(
        label=_("Which award"), coerce=int,
        error_messages={"required": _("Choose the award."),
                        "invalid_choice": _("Choose an award that holds, and of which nothing waits.")},
    )  # fmt: skip
    due_on = forms.DateField(
        label=_("Answer by"), required=False, widget=forms.DateInput(**_DAY),
        help_text=_("Empty: within 30 days."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, awards: Iterable[Award]) -> None:
        super().__init__(data)
        field: Any = self.fields["award"]
        field.choices = [("", "–"), *((one.pk, f"{one.title} · {one.holder}") for one in awards)]


class ReviewForm(forms.Form):
    """What the clusters say to an answer."""

    use_required_attribute = False

    review = forms.CharField(
        label=_("A word to the holder"), required=False, max_length=MOST_REVIEW,
        widget=_lines(2), help_text=_("They get it by mail. Empty: nothing is written."),
    )  # fmt: skip
