"""Forms of partnerships: the proposal, another text, a reason, sharing, and the list's filter."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from proxeny.directory.models import Organisation
from proxeny.kernel.edit_conflicts import VersionedForm
from proxeny.kernel.files import ACCEPTED
from proxeny.kernel.form_fields import choice_field
from proxeny.partnerships.history import READING
from proxeny.partnerships.models import Partnership, SharingGrant


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, **more)


class ProposalForm(VersionedForm):
    """Proposal: the partner, the purpose, and the text both sides are to sign."""

    cluster_id = forms.TypedChoiceField(label=_("Your cluster"), coerce=int)
    partner_id = forms.TypedChoiceField(
        label=_("The other cluster"),
        coerce=int,
        help_text=_("Clusters that are visible to everyone."),
    )
    title = forms.CharField(
        label=_("Name of the partnership"),
        max_length=200,
        help_text=_("For instance, the two cities: “Athens – Paris”."),
    )
    purpose = forms.CharField(
        label=_("What we want to achieve together"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    starts_on = _day(_("Begins on"), help_text=_("Leave empty for the day everyone has signed."))
    ends_on = _day(_("Runs until"), help_text=_("Leave empty if open-ended."))
    text = forms.CharField(
        label=_("Agreement"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_("Both sides sign exactly this text. One signature alone isn’t binding."),
    )

    def __init__(
        self,
        *args: Any,
        own: Iterable[Organisation] = (),
        others: Iterable[Organisation] = (),
        is_change: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if is_change:
            del self.fields["cluster_id"], self.fields["partner_id"]
            return
        own = list(own)
        choice_field(self, "cluster_id").choices = [(one.pk, one.name) for one in own]
        choice_field(self, "partner_id").choices = [("", "–")] + [
            (one.pk, f"{one.name} ({one.country})") for one in others
        ]
        if len(own) == 1:
            self.fields["cluster_id"].initial = own[0].pk
            self.fields["cluster_id"].widget = forms.HiddenInput()

    def to_values(self) -> dict[str, Any]:
        """Return what was typed by the operations' parameter names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class TextForm(VersionedForm):
    """Another text of the agreement; the version is the number of the text it was written from."""

    text = forms.CharField(
        label=_("Agreement"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 24})
    )


class SignForm(forms.Form):
    """Version of the text that was read."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    text_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ReasonForm(forms.Form):
    """Reason for a step."""

    reason = forms.CharField(
        label=_("Your reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The others will read it."),
    )


def _facts() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Include"),
        required=False,
        choices=SharingGrant.Field.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For people with a role in the partner cluster; its members never see these."),
    )


class SharingForm(forms.Form):
    """Purpose, extra facts and last day for sharing the list or a member."""

    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=300,
        help_text=_("For instance: to find partners for the event in May."),
    )
    fields: Any = _facts()
    ends_on = _day(_("Until"), help_text=_("The last day. Leave empty to share until you stop it."))


class FileForm(forms.Form):
    """A file, what the other side may use it for, and until when."""

    # Before the file: what follows one that is too large is not read.
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=300,
        help_text=_("For instance: to prepare the stand together."),
    )
    file = forms.FileField(
        label=_("File"),
        max_length=255,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_(
            "Up to 10 MB: PDF, image, text, CSV, document, workbook or slides, without macros."
        ),
        error_messages={"required": _("Choose the file you want to share.")},
    )
    ends_on = _day(_("Until"), help_text=_("The last day. Leave empty to share until you stop it."))


class ChangeSharingForm(VersionedForm):
    """Extra facts and last day of something shared."""

    fields: Any = _facts()
    ends_on = _day(_("Until"), help_text=_("The last day. Leave empty to share until you stop it."))

    def __init__(self, data: Any = None, *, is_file: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if is_file:
            del self.fields["fields"]

    def to_values(self) -> dict[str, Any]:
        """Return what was typed by the operation's parameter names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class MemberSearch(forms.Form):
    """Search for a member to share."""

    q = forms.CharField(
        label=_("Name of the member"), required=False, max_length=100, widget=forms.SearchInput()
    )


def _of_sides(sides: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what a side is chosen from: all of them first."""
    found = list(sides)
    return [("", ngettext("Both sides", "All sides", max(len(found) - 1, 1))), *found]


class ReadingFilter(forms.Form):
    """Filter of the log of reads: owner, and kind of access."""

    of = forms.ChoiceField(label=_("Shared by"), required=False)
    what = forms.ChoiceField(
        label=_("How"), required=False, choices=[("", _("Everything")), *READING.items()]
    )

    def __init__(self, *args: Any, sides: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "of").choices = _of_sides(sides)


class PartnershipFilter(forms.Form):
    """Search and filter of the list."""

    q = forms.CharField(label=_("Name or cluster"), required=False, widget=forms.SearchInput())
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All states")), *Partnership.State.choices],
    )


class HistoryFilter(forms.Form):
    """Filter of the history: side, and kind of action."""

    side = forms.ChoiceField(label=_("By"), required=False)
    what = forms.ChoiceField(label=_("What"), required=False)

    def __init__(
        self,
        *args: Any,
        sides: Iterable[tuple[str, str]],
        verbs: Iterable[tuple[str, Any]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "side").choices = _of_sides(sides)
        choice_field(self, "what").choices = [("", _("Everything")), *verbs]
