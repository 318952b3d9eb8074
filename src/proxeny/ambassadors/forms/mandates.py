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
from proxeny.kernel.versions import Standing, VersionedForm

#: So long a mandate holds unless the member says otherwise.
USUAL_DAYS = 183


def _area(rows: int, most: int = 2000) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto", "maxlength": str(most)})


class _Asked(forms.Form):
    """What a member asks of the ambassador."""

    use_required_attribute = False

    seeks = forms.CharField(
        label=_("What you seek"), max_length=2000, widget=_area(4),
        help_text=_("Whom you want to meet, and what for: a sentence or two will do."),
        error_messages={"required": _("Write what you seek, in a sentence or two.")},
    )  # fmt: skip
    material = forms.CharField(
        label=_("What the ambassador may show"), max_length=2000, required=False, widget=_area(3),
        help_text=_("What may be said about you and your offer, in your own words."),
    )  # fmt: skip
    material_url = forms.URLField(
        label=_("Link to more"), max_length=500, required=False, assume_scheme="https",
        widget=forms.URLInput(attrs={"dir": "ltr"}),
        error_messages={"invalid": _("Enter a full web address, like https://company.example.")},
    )  # fmt: skip
    no_go = forms.CharField(
        label=_("Whom not to approach"), max_length=2000, required=False, widget=_area(3),
        help_text=_("One organisation a line. The ambassador cannot introduce you to them."),
    )  # fmt: skip
    until = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Until this day the ambassador may say yes for you to meeting somebody."),
    )  # fmt: skip

    def facts(self) -> MandateFacts:
        """Return what was typed, for the operation."""
        names = ("seeks", "until", "material", "material_url", "no_go")
        return MandateFacts(**{name: self.cleaned_data[name] for name in names})


class AskForm(_Asked):
    """A new mandate."""

    whom = forms.ChoiceField(label=_("Whom you ask"))
    field_order = ("whom",)

    def __init__(
        self, data: Any = None, *, ambassadors: Sequence[Ambassador], today: date
    ) -> None:  # fmt: skip
        super().__init__(data, initial={"until": today + timedelta(days=USUAL_DAYS)})
        self.by_key = {one.key: one for one in ambassadors}
        several = len({one.member.pk for one in ambassadors}) > 1
        self.fields["whom"].choices = [  # type: ignore[attr-defined]
            (one.key, _tell_ambassador(one, several=several)) for one in ambassadors
        ]
        if len(ambassadors) == 1:
            self.initial["whom"] = ambassadors[0].key
            self.fields["whom"].widget = forms.HiddenInput()

    def whom_asked(self) -> Ambassador:
        """Return whom the member asks, and for which organisation."""
        return self.by_key[self.cleaned_data["whom"]]


def _tell_ambassador(one: Ambassador, *, several: bool) -> str:
    names = {
        "cluster": one.cluster.name, "partnership": one.partnership.title,
        "member": one.member.name,
    }  # fmt: skip
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
        """Tell who wrote while the ambassador asked something."""
        asks = self.mandate.state == Mandate.State.QUESTION
        objection = gettext("The ambassador has asked something meanwhile.") if asks else ""
        return {"state": Standing(self.mandate.state if asks else "", objection)}


class AnswerForm(forms.Form):
    """What the desk answers. `seen` is the version that was read; nothing else of it is typed."""

    use_required_attribute = False

    seen = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(
        choices=[(one.value, one.label) for one in (
            Mandate.State.ACCEPTED, Mandate.State.QUESTION, Mandate.State.DECLINED)],
        error_messages={"required": _("Accept it, decline it, or ask back."),
                        "invalid_choice": _("Accept it, decline it, or ask back.")},
    )  # fmt: skip
    answer = forms.CharField(
        label=_("A word to the member"), max_length=1000, required=False, widget=_area(3, 1000),
        help_text=_("Needed to decline or to ask back: the member reads it."),
    )  # fmt: skip


class FindMandatesForm(forms.Form):
    """What narrows the desk's list of mandates."""

    q = forms.CharField(
        label=_("Search in members and what they seek"), required=False, max_length=200,
        widget=forms.SearchInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )  # fmt: skip
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[
            ("", _("All")),
            (Mandate.State.ASKED, _("Waiting for the ambassador")),
            (Mandate.State.QUESTION, _("Asked back")),
            (Mandate.State.ACCEPTED, pgettext_lazy("of a mandate", "Accepted")),
            (Mandate.State.DECLINED, pgettext_lazy("of a mandate", "Declined")),
            (Mandate.State.WITHDRAWN, pgettext_lazy("of a mandate", "Withdrawn")),
        ],
    )  # fmt: skip

    @property
    def is_narrowed(self) -> bool:
        """Whether a state was asked for."""
        return self.is_valid() and bool(self.cleaned_data["state"])

    def asked(self) -> dict[str, Any]:
        """Return what was asked; what cannot be read is left out."""
        return {"states": [self.cleaned_data["state"]]} if self.is_narrowed else {}
