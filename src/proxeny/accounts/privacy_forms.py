"""Forms of privacy: the wish to be erased."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EraseForm(forms.Form):
    """When, and whether the person means it."""

    when = forms.ChoiceField(
        label=_("When"),
        choices=[
            ("later", _("In three days. Until then I may change my mind")),
            ("now", _("At once. This cannot be undone")),
        ],
        initial="later",
        widget=forms.RadioSelect,
    )
    sure = forms.BooleanField(
        label=_("I have read what goes and what stays"),
        error_messages={"required": _("Tick this when you have read it.")},
    )


class EraseContactForm(forms.Form):
    """Whether the manager means it."""

    sure = forms.BooleanField(
        label=_("The person asked for this, or is no longer the contact"),
        error_messages={"required": _("Tick this if it is so.")},
    )
