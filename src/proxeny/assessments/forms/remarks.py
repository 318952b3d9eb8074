"""The form of a remark beside a report's text."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RemarkForm(forms.Form):
    """A remark on a passage of a version, or an answer to one."""

    use_required_attribute = False

    number = forms.IntegerField(min_value=1, max_value=32767, widget=forms.HiddenInput)
    passage = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    answers = forms.IntegerField(
        min_value=1, max_value=2**63 - 1, required=False, widget=forms.HiddenInput
    )
    text = forms.CharField(
        label=_("Your remark"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "maxlength": "2000"}),
        error_messages={
            "required": _("Write your remark first."),
            "max_length": _("Your remark is too long. Use 2,000 characters or fewer."),
        },
    )
