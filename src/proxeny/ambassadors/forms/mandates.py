"""Forms of mandates: what a member asks, and what the desk answers."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from proxeny.ambassadors.models import Mandate
from proxeny.ambassadors.operations.mandates import MandateFacts
from proxeny.ambassadors.queries.own_mandates import Ambassador
from proxeny.kernel.edit_conflicts import Standing, VersionedForm
from proxeny.kernel.form_fields import choice_field

#: So long a mandate holds unless the member says otherwise.
USUAL_DAYS = 183


def _area(rows: int, most: int = 2000) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto", "maxlength": str(most)})


class _Asked(forms.Form):
    """Mandate of a member to the ambassador."""

    use_required_attribute = False

    seeks = forms.CharField(
        label=_("What you’re looking for"),
        max_length=2000,
        widget=_area(4),
        help_text=_("Who you want to meet and why. A sentence or two is enough."),
        error_messages={"required": _("Describe what you’re looking for in a sentence or two.")},
    )
    material = forms.CharField(
        label=_("What the ambassador can share"),
        max_length=2000,
        required=False,
        widget=_area(3),
        help_text=_("What the ambassador can say about you and your offer, in your own words."),
    )
    material_url = forms.URLField(
        label=_("Link to more information"),
        max_length=500,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"dir": "ltr"}),
        error_messages={"invalid": _("Enter a full web address, such as https://company.example.")},
    )
    no_go = forms.CharField(
        label=_("Who not to approach"),
        max_length=2000,
        required=False,
        widget=_area(3),
        help_text=_("One organisation per line. The ambassador can’t introduce you to them."),
    )
    until = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Until this date, the ambassador can agree to meetings on your behalf."),
    )

    def facts(self) -> MandateFacts:
        """Return what was typed, for the operation."""
        names = ("seeks", "until", "material", "material_url", "no_go")
        return MandateFacts(**{name: self.cleaned_data[name] for name in names})


class AskForm(_Asked):
    """A new mandate."""

    whom = forms.ChoiceField(label=_("Ambassador to ask"))
    field_order = ("whom",)

    def __init__(self, data: Any = None, *, ambassadors: Sequence[Ambassador], today: date) -> None:
        super().__init__(data, initial={"until": today + timedelta(days=USUAL_DAYS)})
        self.by_key = {one.key: one for one in ambassadors}
        several = len({one.member.pk for one in ambassadors}) > 1
        choice_field(self, "whom").choices = [
            (one.key, _tell_ambassador(one, several=several)) for one in ambassadors
        ]
        if len(ambassadors) == 1:
            self.initial["whom"] = ambassadors[0].key
            self.fields["whom"].widget = forms.HiddenInput()

    def whom_asked(self) -> Ambassador:
        """Return the chosen ambassador, and the organisation in whose name the member asks."""
        return self.by_key[self.cleaned_data["whom"]]


def _tell_ambassador(one: Ambassador, *, several: bool) -> str:
    names = {
        "cluster": one.cluster.name,
        "partnership": one.partnership.title,
        "member": one.member.name,
    }
    if several:
        return gettext("%(partnership)s: %(cluster)s, for %(member)s") % names
    return gettext("%(partnership)s: %(cluster)s") % names


class MandateForm(_Asked, VersionedForm):
    """A mandate that is changed, or by which a question is answered."""

    def __init__(self, data: Any = None, *, mandate: Mandate) -> None:
        names = ("seeks", "material", "material_url", "no_go", "until", "version")
        super().__init__(data, initial={name: getattr(mandate, name) for name in names})
        self.mandate = mandate

    def standings(self) -> dict[str, Standing]:
        """Return the state to keep, with an objection if the ambassador has asked something."""
        asks = self.mandate.state == Mandate.State.QUESTION
        objection = gettext("The ambassador has since asked a question.") if asks else ""
        return {"state": Standing(self.mandate.state if asks else "", objection)}


class AnswerForm(forms.Form):
    """Answer of the desk. `seen` is the version that was read; nothing else of it is typed."""

    use_required_attribute = False

    seen = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(
        choices=[
            (one.value, one.label)
            for one in (Mandate.State.ACCEPTED, Mandate.State.QUESTION, Mandate.State.DECLINED)
        ],
        error_messages={
            "required": _("Accept, decline or ask a question."),
            "invalid_choice": _("Accept, decline or ask a question."),
        },
    )
    answer = forms.CharField(
        label=_("Message to the member"),
        max_length=1000,
        required=False,
        widget=_area(3, 1000),
        help_text=_("Required if you decline or ask a question. The member sees it."),
    )


class FindMandatesForm(forms.Form):
    """Filter of the desk's list of mandates."""

    q = forms.CharField(
        label=_("Search members and what they’re looking for"),
        required=False,
        max_length=200,
        widget=forms.SearchInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All")),
            (Mandate.State.ASKED, _("Waiting for the ambassador")),
            (Mandate.State.QUESTION, _("Question asked")),
            (Mandate.State.ACCEPTED, pgettext_lazy("of a mandate", "Accepted")),
            (Mandate.State.DECLINED, pgettext_lazy("of a mandate", "Declined")),
            (Mandate.State.WITHDRAWN, pgettext_lazy("of a mandate", "Withdrawn")),
        ],
    )

    @property
    def is_narrowed(self) -> bool:
        """Whether a state is selected."""
        return self.is_valid() and bool(self.cleaned_data["state"])

    def asked(self) -> dict[str, Any]:
        """Return what was asked; what cannot be read is left out."""
        return {"states": [self.cleaned_data["state"]]} if self.is_narrowed else {}
