"""Remarks on an application during the discussion."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proxeny.labels.content import SchemeText
from proxeny.labels.operations.discussing import MOST_REMARK


class RemarkForm(forms.Form):
    """A remark, of the whole or of one indicator."""

    use_required_attribute = False

    text = forms.CharField(
        label=_("Remark"),
        max_length=MOST_REMARK,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "maxlength": str(MOST_REMARK)}),
        error_messages={"required": _("Enter your remark.")},
    )
    indicator = forms.ChoiceField(label=_("What it’s about"), required=False)

    def __init__(self, data: Any = None, *, text: SchemeText) -> None:
        super().__init__(data)
        whole = ("", gettext("the whole application"))
        about: Any = self.fields["indicator"]
        about.choices = [
            whole,
            *((one.key, text.told(one.title)) for one in text.indicators()),
        ]
