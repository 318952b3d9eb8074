"""Forms of recommendations: their text, addressee, evidence, and decisions on them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.assessments.forms.findings import Groups, SourceForm
from proxeny.assessments.models import Engagement
from proxeny.assessments.operations.advising import AdviceFacts
from proxeny.assessments.operations.work import FIGURE, FINDING, NOTE
from proxeny.assessments.queries.findings import Chapter
from proxeny.kernel.edit_conflicts import VersionedForm
from proxeny.kernel.form_fields import choice_field
from proxeny.partnerships.models import Party, Recommendation

Addressee = Recommendation.Addressee
TARGETS = {"finding": FINDING, "note": NOTE, "figure": FIGURE}


class AdviceForm(VersionedForm):
    """A recommendation, and the side that is to act."""

    use_required_attribute = False

    title = forms.CharField(
        label=_("Your recommendation"),
        max_length=200,
        help_text=_("One sentence that starts with the action to take."),
        error_messages={"required": _("Enter your recommendation in one sentence.")},
    )
    addressee = forms.ChoiceField(
        label=_("Who should act"),
        required=False,
        help_text=_("The recipient decides on it. Without a recipient, it stays a draft."),
    )
    details = forms.CharField(
        label=_("Why and how"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", "maxlength": "4000"}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        engagement: Engagement,
        parties: Sequence[Party],
        advice: Recommendation | None = None,
    ) -> None:
        initial: dict[str, Any] = {"addressee": Addressee.COMPANY}
        if advice is not None:
            initial = {
                "version": advice.version,
                "title": advice.title,
                "details": advice.details,
                "addressee": _code_of(advice),
            }
        super().__init__(data, initial=initial)
        choice_field(self, "addressee").choices = [
            ("", _("no one named yet")),
            (Addressee.COMPANY, engagement.client.name),
            *((f"party-{one.pk}", one.organisation.name) for one in parties),
            (Addressee.ALL, _("all parties")),
        ]

    def facts(self) -> AdviceFacts:
        """Return the values for the operation."""
        found = self.cleaned_data
        code, _dash, number = found["addressee"].partition("-")
        return AdviceFacts(
            title=found["title"],
            details=found["details"],
            addressee=Addressee.ONE if number else code,
            party_id=int(number) if number else None,
        )


def _code_of(advice: Recommendation) -> str:
    return f"party-{advice.party_id}" if advice.party_id else advice.addressee


class RestForm(SourceForm):
    """On what a recommendation rests: a finding, a note, a figure."""

    text = forms.CharField(
        label=_("What it shows"),
        required=False,
        max_length=500,
        help_text=_("The recipient reads this. If you leave it empty, the title is shown."),
    )

    def __init__(self, data: Any = None, *, offered: Groups) -> None:
        super().__init__(data, offered=offered)
        self.fields["source"].label = _("A finding, a note or a figure")
        self.fields["source"].error_messages["required"] = _(
            "Choose a finding, a note or a figure."
        )

    def to_evidence(self) -> dict[str, Any]:
        """Return the choice, by the operation's parameter names."""
        kind, number = self.named()
        return {
            "target": TARGETS[kind],
            "target_id": number,
            "place": self.cleaned_data["place"],
            "text": self.cleaned_data["text"],
        }


def finding_choices(chapters: Iterable[Chapter]) -> Groups:
    """Return findings as choices."""
    found = [
        (f"finding-{one.finding.pk}", one.finding.title)
        for chapter in chapters
        for one in chapter.findings
    ]
    return [(_("Findings"), found)] if found else []
