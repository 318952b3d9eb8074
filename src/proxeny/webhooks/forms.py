"""Forms for webhooks: address and subscribed actions, and the filter of the log."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models import Organisation
from proxeny.kernel.edit_conflicts import VersionedForm
from proxeny.kernel.form_fields import choice_field
from proxeny.webhooks.models import DESCRIPTION_LENGTH, URL_LENGTH
from proxeny.webhooks.queries import list_verbs


class WebhookForm(VersionedForm):
    """The address of a webhook, and the actions it subscribes to."""

    organisation_id = forms.TypedChoiceField(label=_("Organisation"), coerce=int)
    url = forms.CharField(
        label=_("Address of your program"),
        max_length=URL_LENGTH,
        help_text=_("Must begin with https:// and be on the public internet."),
        widget=forms.URLInput(attrs={"dir": "ltr", "placeholder": "https://example.org/proxeny"}),
    )
    description = forms.CharField(
        label=_("What it’s for"),
        max_length=DESCRIPTION_LENGTH,
        required=False,
        help_text=_("For your colleagues, for instance: keeps our member database up to date."),
    )
    verbs = forms.MultipleChoiceField(
        label=_("Events it receives"),
        required=False,
        choices=list_verbs,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "If you tick none, it receives everything you’re allowed to read in the history."
        ),
    )

    def __init__(
        self, *args: Any, organisations: Iterable[Organisation] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        own = list(organisations)
        if not own:
            del self.fields["organisation_id"]
            return
        choice_field(self, "organisation_id").choices = [(one.pk, one.name) for one in own]
        if len(own) == 1:
            self.fields["organisation_id"].initial = own[0].pk
            self.fields["organisation_id"].widget = forms.HiddenInput()

    def to_values(self) -> dict[str, Any]:
        """Return the values for the operations."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class LogFilter(forms.Form):
    """A filter of deliveries."""

    state = forms.ChoiceField(
        label=_("Result"),
        required=False,
        choices=[
            ("", _("All")),
            ("waiting", _("Waiting")),
            ("delivered", _("Delivered")),
            ("failed", _("Given up")),
        ],
    )
    verb = forms.ChoiceField(label=_("What happened"), required=False)

    def __init__(self, *args: Any, verbs: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice_field(self, "verb").choices = [("", _("All")), *verbs]
