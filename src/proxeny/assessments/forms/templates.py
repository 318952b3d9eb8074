"""Forms of templates and lessons."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.assessments.models import TemplateItem
from proxeny.kernel.edit_conflicts import VersionedForm

Kind = TemplateItem.Kind


def _text(kind: str) -> forms.CharField:
    labels = {
        Kind.QUESTION: _("Question for the company"),
        Kind.STEP: _("What is done"),
        Kind.CHAPTER: _("Chapter title"),
    }
    return forms.CharField(
        label=labels[Kind(kind)],
        max_length=300,
        error_messages={"required": _("Enter a sentence.")},
    )


def _days() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Days after the brief"),
        required=False,
        widget=forms.NumberInput(attrs={"min": 0, "max": 365}),
    )


class AddItemForm(forms.Form):
    """A new question, step or chapter."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, kind: str) -> None:
        super().__init__(data, prefix=kind)
        self.kind = kind
        self.fields["text"] = _text(kind)
        if kind == Kind.STEP:
            self.fields["after_days"] = _days()


class ItemForm(VersionedForm):
    """A question, step or chapter that is there; the version is the template's."""

    use_required_attribute = False

    text = _text(Kind.STEP)
    after_days = _days()

    def __init__(self, data: Any = None, *, item: TemplateItem, version: int) -> None:
        initial = {"text": item.text, "after_days": item.after_days, "version": version}
        super().__init__(data, initial=initial)
        self.fields["text"] = _text(item.kind)
        if item.kind != Kind.STEP:
            del self.fields["after_days"]


class LessonForm(forms.Form):
    """A lesson learned."""

    use_required_attribute = False

    text = forms.CharField(
        label=_("What you learned"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": "1000"}),
        help_text=_(
            "Don’t name any company: everyone working on later assessments will read this."
        ),
        error_messages={"required": _("Enter a sentence.")},
    )


class RestoreItemForm(forms.Form):
    """A line that was dropped, as the undo in the message sends it back."""

    kind = forms.ChoiceField(choices=Kind.choices)
    text = forms.CharField(max_length=300)
    after_days = forms.IntegerField(required=False)
    order = forms.IntegerField(required=False)
