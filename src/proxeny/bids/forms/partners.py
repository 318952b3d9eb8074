"""What a partner answers on its own page or by a link, and what the room notes of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class _Form(forms.Form):
    use_required_attribute = False


class SignForm(_Form):
    """A signature: under which text, as it was read; by a link also whose.

    A word goes with the letter of intent alone.
    """

    agreement = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    text_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)
    name = forms.CharField(
        label=_("Your name"), max_length=150, help_text=_("It stands under the text."),
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        error_messages={"required": _("Write your name: it stands under the text.")},
    )  # fmt: skip
    word = forms.CharField(
        label=_("A word to the coordinator"), required=False, max_length=2000, widget=_lines(3)
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
        label=pgettext_lazy("the reason for a no", "Why"), max_length=2000, widget=_lines(3),
        help_text=_("The coordinator and the clusters read it."),
        error_messages={"required": _("Say why, in a sentence that the others read.")},
    )  # fmt: skip


class AskBackForm(_Form):
    """What a partner would like to know before it answers."""

    word = forms.CharField(
        label=_("What would you like to know?"), max_length=2000, widget=_lines(3),
        error_messages={"required": _("Write what you would like to know.")},
    )  # fmt: skip


class LeaveForm(_Form):
    """Why a partner that took part leaves."""

    why = forms.CharField(
        label=pgettext_lazy("the reason for leaving", "Why"), max_length=2000, widget=_lines(3),
        help_text=_("All others that take part read it."),
        error_messages={"required": _("Say why, in a sentence that the others read.")},
    )  # fmt: skip
