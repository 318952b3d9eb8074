"""Form for the note on a meeting request."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proxeny.events.models import MeetingRequest
from proxeny.events.operations.requests import mark_version
from proxeny.kernel.edit_conflicts import Standing, VersionedForm


class NoteForm(VersionedForm):
    """Note on a meeting request. The mark itself is set by a tap, and only kept here."""

    use_required_attribute = False
    transient = frozenset({"kind"})

    kind = forms.ChoiceField(choices=MeetingRequest.Kind.choices, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("Why do you want to meet them?"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Why do you want to meet them?")}),
    )

    def __init__(self, data: Any = None, *, kind: str, note: str, key: str) -> None:
        initial = {"kind": kind, "note": note, "version": mark_version(kind, note)}
        super().__init__(data, initial=initial, auto_id=f"{key}-%s")
        self.mark = kind

    def standings(self) -> dict[str, Standing]:
        """Return whether there is a mark: saving a note without one marks again."""
        gone = gettext("This choice has since been withdrawn. If you save, it will be restored.")
        return {"mark": Standing("set" if self.mark else "", "" if self.mark else gone)}

    def wanted(self) -> str:
        """Return the mark that the note stays with: the one that is saved, or the one shown."""
        return self.mark or str(self.cleaned_data["kind"])
