"""Forms of recommendations: what is advised to whom, on what it rests, and what is decided."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.assessments.forms.findings import Groups, SourceForm
from proxeny.assessments.models import Engagement
from proxeny.assessments.operations.advising import AdviceFacts
from proxeny.assessments.operations.work import FIGURE, FINDING, NOTE
from proxeny.assessments.queries.findings import Chapter
from proxeny.kernel.versions import VersionedForm
from proxeny.partnerships.models import Party, Recommendation

Addressee = Recommendation.Addressee
TARGETS = {"finding": FINDING, "note": NOTE, "figure": FIGURE}


class AdviceForm(VersionedForm):
    """What is recommended, and who is to act."""

    use_required_attribute = False

    title = forms.CharField(
        label=_("What you recommend"), max_length=200,
        help_text=_("One sentence that begins with what is to be done."),
        error_messages={"required": _("Say in one sentence what you recommend.")},
    )  # fmt: skip
    addressee = forms.ChoiceField(
        label=_("Who is to act"), required=False,
        help_text=_("Who is to act decides on it. Without anybody it stays a draft."),
    )  # fmt: skip
    details = forms.CharField(
        label=_("Why, and how"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", "maxlength": "4000"}),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, engagement: Engagement, parties: Sequence[Party],
        advice: Recommendation | None = None,
    ) -> None:  # fmt: skip
        initial: dict[str, Any] = {"addressee": Addressee.COMPANY}
        if advice is not None:
            initial = {
                "version": advice.version, "title": advice.title, "details": advice.details,
                "addressee": _code_of(advice),
            }  # fmt: skip
        super().__init__(data, initial=initial)
        self.fields["addressee"].choices = [  # type: ignore[attr-defined]
            ("", _("nobody named yet")),
            (Addressee.COMPANY, engagement.client.name),
            *((f"party-{one.pk}", one.organisation.name) for one in parties),
            (Addressee.ALL, _("all parties")),
        ]

    def facts(self) -> AdviceFacts:
        """Return what was typed, for the operation."""
        found = self.cleaned_data
        code, _dash, number = found["addressee"].partition("-")
        return AdviceFacts(
            title=found["title"], details=found["details"],
            addressee=Addressee.ONE if number else code, party_id=int(number) if number else None,
        )  # fmt: skip


def _code_of(advice: Recommendation) -> str:
    return f"party-{advice.party_id}" if advice.party_id else advice.addressee


class RestForm(SourceForm):
    """On what a recommendation rests: a finding, a note, a figure."""

    text = forms.CharField(
        label=_("What it shows"), required=False, max_length=500,
        help_text=_("Who is to act reads this. Empty: what it is called."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, offered: Groups) -> None:
        super().__init__(data, offered=offered)
        self.fields["source"].label = _("A finding, a note or a figure")
        self.fields["source"].error_messages["required"] = _(
            "Choose a finding, a note or a figure."
        )

    def to_evidence(self) -> dict[str, Any]:
        """Return what was chosen, by the operation's parameter names."""
        kind, number = self.named()
        return {
            "target": TARGETS[kind], "target_id": number, "place": self.cleaned_data["place"],
            "text": self.cleaned_data["text"],
        }  # fmt: skip


def finding_choices(chapters: Iterable[Chapter]) -> Groups:
    """Return findings as choices."""
    found = [
        (f"finding-{one.finding.pk}", one.finding.title)
        for chapter in chapters
        for one in chapter.findings
    ]
    return [(_("Findings"), found)] if found else []
