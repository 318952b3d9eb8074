"""Forms of health reviews: asking, and answering alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.partnerships.factors import FACTORS, GROUPS, Factor

#: Form value of "cannot say".
UNSAID = "-"
VALUES = ("1", "2", "3", "4", "5")


class OpenForm(forms.Form):
    """Until when answers are asked for."""

    due_on = forms.DateField(
        label=_("Answers due by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


@dataclass(frozen=True, slots=True)
class Question:
    """A factor with what the reader answered so far; `chosen` is empty before."""

    factor: Factor
    chosen: str
    remark: str


class AnswersForm(forms.Form):
    """All answers of one person; a factor that is not chosen is not answered."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for one in FACTORS:
            self.fields[one.code] = forms.ChoiceField(
                choices=[(value, value) for value in (*VALUES, UNSAID)], required=False
            )
            self.fields[f"{one.code}-remark"] = forms.CharField(max_length=1000, required=False)

    def to_answers(self) -> dict[str, tuple[int | None, str]]:
        """Return what was answered, by factor: a figure or None, and a remark."""
        found = {}
        for one in FACTORS:
            chosen = self.cleaned_data[one.code]
            remark = self.cleaned_data[f"{one.code}-remark"]
            if chosen or remark.strip():
                found[one.code] = (int(chosen) if chosen in VALUES else None, remark)
        return found


def ask(
    answers: Mapping[str, tuple[int | None, str]],
) -> list[tuple[Any, Sequence[Question]]]:
    """Return the questions by group, with the answers so far."""
    return [
        (label, [_question(one, answers) for one in FACTORS if one.group == code])
        for code, label in GROUPS.items()
    ]


def _question(factor: Factor, answers: Mapping[str, tuple[int | None, str]]) -> Question:
    if factor.code not in answers:
        return Question(factor, "", "")
    value, remark = answers[factor.code]
    return Question(factor, UNSAID if value is None else str(value), remark)
