"""Forms of partnerships: the proposal, another text, a reason, sharing, and the list's filter."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models import Organisation
from proxeny.kernel.files import ACCEPTED
from proxeny.kernel.versions import VersionedForm
from proxeny.partnerships.history import READING
from proxeny.partnerships.models import Partnership, SharingGrant


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, **more)


class ProposalForm(VersionedForm):
    """Who, what for, and the text both sides are to sign."""

    cluster_id = forms.TypedChoiceField(label=_("Your cluster"), coerce=int)
    partner_id = forms.TypedChoiceField(
        label=_("The other cluster"),
        coerce=int,
        help_text=_("Clusters that show themselves to everyone."),
    )
    title = forms.CharField(
        label=_("Name of the partnership"),
        max_length=200,
        help_text=_("For instance both cities: “Athens – Paris”."),
    )
    purpose = forms.CharField(
        label=_("What we want together"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    starts_on = _day(_("Begins on"), help_text=_("Empty: the day both have signed."))
    ends_on = _day(_("Runs until"), help_text=_("Empty: open-ended."))
    text = forms.CharField(
        label=_("Agreement"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_("Both sides sign exactly this text. One signature alone binds nobody."),
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
        self.fields["cluster_id"].choices = [(one.pk, one.name) for one in own]
        self.fields["partner_id"].choices = [("", "–")] + [
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
    """Which text was read."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    text_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label=_("Your reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The other side reads it."),
    )


def _facts() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Include"),
        required=False,
        choices=SharingGrant.Field.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "For the people who hold a seat in the partner cluster; its members never see these."
        ),
    )


class SharingForm(forms.Form):
    """What the other side may use the list or the member for, what comes with it, until when."""

    purpose = forms.CharField(
        label=_("What for"),
        max_length=300,
        help_text=_("For instance: to find partners for the event in May."),
    )
    fields = _facts()
    ends_on = _day(_("Until"), help_text=_("The last day. Empty: until you stop it."))


class FileForm(forms.Form):
    """A file, what the other side may use it for, and until when."""

    # Before the file: what follows one that is too large is not read.
    purpose = forms.CharField(
        label=_("What for"),
        max_length=300,
        help_text=_("For instance: to prepare the stand together."),
    )
    file = forms.FileField(
        label=_("File"),
        max_length=255,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_(
            "Up to 10 MB: PDF, picture, text, CSV, document, workbook or slides, without macros."
        ),
        error_messages={"required": _("Choose the file that you want to share.")},
    )
    ends_on = _day(_("Until"), help_text=_("The last day. Empty: until you stop it."))


class ChangeSharingForm(VersionedForm):
    """What comes with something shared, and until when it is."""

    fields = _facts()
    ends_on = _day(_("Until"), help_text=_("The last day. Empty: until you stop it."))

    def __init__(self, data: Any = None, *, is_file: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if is_file:
            del self.fields["fields"]

    def to_values(self) -> dict[str, Any]:
        """Return what was typed by the operation's parameter names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class MemberSearch(forms.Form):
    """Which member to share."""

    q = forms.CharField(
        label=_("Name of the member"), required=False, max_length=100, widget=forms.SearchInput()
    )


class ReadingFilter(forms.Form):
    """Whose things were read, and how."""

    of = forms.ChoiceField(label=_("Shared by"), required=False)
    what = forms.ChoiceField(
        label=_("How"), required=False, choices=[("", _("Everything")), *READING.items()]
    )

    def __init__(self, *args: Any, sides: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["of"].choices = [("", _("Both sides")), *sides]


class PartnershipFilter(forms.Form):
    """Search and filter of the list."""

    q = forms.CharField(label=_("Name or cluster"), required=False, widget=forms.SearchInput())
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All states")), *Partnership.State.choices],
    )


class HistoryFilter(forms.Form):
    """Whose deeds, and which."""

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
        self.fields["side"].choices = [("", _("Both sides")), *sides]
        self.fields["what"].choices = [("", _("Everything")), *verbs]
