"""A partner's answers on its own page or by a link, and the room's notes about it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class _Form(forms.Form):
    use_required_attribute = False


class SignForm(_Form):
    """A signature: the text as it was read; by a link also the signer's name.

    A word goes with the letter of intent alone.
    """

    agreement = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    text_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)
    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        help_text=_("Shown below the text."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        error_messages={"required": _("Enter your name. It appears under the text.")},
    )
    word = forms.CharField(
        label=_("Message to the coordinator"), required=False, max_length=2000, widget=_lines(3)
    )

    def __init__(self, *args: Any, by_name: bool, with_word: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by_name:
            del self.fields["name"]
        if not with_word:
            del self.fields["word"]


class RefuseForm(_Form):
    """A no to a text, with the reason."""

    agreement = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    why = forms.CharField(
        label=pgettext_lazy("the reason for a no", "Reason"),
        max_length=2000,
        widget=_lines(3),
        help_text=_("Visible to the coordinator and the clusters."),
        error_messages={"required": _("Give a reason in one sentence. The others will see it.")},
    )


class AskBackForm(_Form):
    """A partner's question before it answers."""

    word = forms.CharField(
        label=_("What would you like to know?"),
        max_length=2000,
        widget=_lines(3),
        error_messages={"required": _("Enter your question.")},
    )


class LeaveForm(_Form):
    """The reason for a participating partner to leave."""

    why = forms.CharField(
        label=pgettext_lazy("the reason for leaving", "Reason"),
        max_length=2000,
        widget=_lines(3),
        help_text=_("Visible to all the other participants."),
        error_messages={"required": _("Give a reason in one sentence. The others will see it.")},
    )
