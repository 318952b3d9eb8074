"""Forms of privacy: the wish to be erased."""

from django import forms
from django.utils.translation import gettext_lazy as _


class EraseForm(forms.Form):
    """The time of the erasure, and the person's confirmation."""

    when = forms.ChoiceField(
        label=_("When"),
        choices=[
            ("later", _("In three days. I can change my mind until then")),
            ("now", _("Immediately. This can’t be undone")),
        ],
        initial="later",
        widget=forms.RadioSelect,
    )
    sure = forms.BooleanField(
        label=_("I’ve read what will be deleted and what will be kept"),
        error_messages={"required": _("Tick this box once you’ve read it.")},
    )


class EraseContactForm(forms.Form):
    """Whether the manager means it."""

    sure = forms.BooleanField(
        label=_("The person has requested this, or is no longer the contact"),
        error_messages={"required": _("Tick this box to confirm.")},
    )
