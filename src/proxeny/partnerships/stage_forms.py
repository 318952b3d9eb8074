"""Forms of stages, of texts that all sign, and of the parties themselves."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.models import Person
from proxeny.directory.models import Organisation
from proxeny.kernel.edit_conflicts import VersionedForm
from proxeny.kernel.form_fields import choice_field
from proxeny.kernel.personal_data import tell_name
from proxeny.partnerships.models import Assessment, Party, Stage


class StageForm(forms.Form):
    """Stage to enter, and a note to the others."""

    stage = forms.ChoiceField(choices=Stage.choices, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Note to the others"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class ExitForm(VersionedForm):
    """Exit plan; the version is the number of the text it was written from."""

    text = forms.CharField(
        label=_("Exit plan"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 18, "dir": "auto"}),
    )


def _text(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


class AssessmentForm(VersionedForm):
    """Internal assessment by a side before it commits."""

    brings = _text(_("What we bring"), _("Members, contacts, knowledge, places, time."))
    needs = _text(_("What we need from the others"), _("What we cannot do alone."))
    limits = _text(
        _("What we will not do"), _("Fields, partners or promises that are out of the question.")
    )
    doubts = _text(_("What makes us hesitate"), _("Better to say it here than to think it later."))
    is_done = forms.BooleanField(
        label=_("We’ve finished our assessment; the others can see the date"), required=False
    )
    transient = frozenset({"is_done"})

    def __init__(self, data: Any, *, assessment: Assessment | None, party: Party) -> None:
        initial: dict[str, Any] = {"version": 0, "is_done": party.assessed_on is not None}
        if assessment:
            names = ("brings", "needs", "limits", "doubts", "version")
            initial |= {name: getattr(assessment, name) for name in names}
        super().__init__(data, initial=initial)

    def to_values(self) -> dict[str, Any]:
        """Return what was typed by the operation's parameter names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class ContactForm(forms.Form):
    """Contact of a side in everyday matters."""

    person = forms.TypedChoiceField(
        label=_("Contact for your side"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, data: Any, *, people: Iterable[Person], current: int | None) -> None:
        super().__init__(data, initial={"person": current})
        named = [(one.pk, tell_name(one.name)) for one in people]
        choice_field(self, "person").choices = [("", _("no one yet")), *named]


class InviteForm(forms.Form):
    """Cluster to invite, and a note to it."""

    organisation = forms.TypedChoiceField(label=_("Cluster"), coerce=int)
    note = forms.CharField(
        label=_("Note with the invitation"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def __init__(self, data: Any, *, others: Iterable[Organisation]) -> None:
        super().__init__(data)
        choice_field(self, "organisation").choices = [
            ("", "–"),
            *((one.pk, f"{one.name} ({one.country})") for one in others),
        ]
