"""A juror's input: as a form of the whole page, and in batches sent by a device."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from proxeny.kernel.errors import InvalidInput
from proxeny.labels.content import DocumentText, IndicatorText
from proxeny.labels.models import Score
from proxeny.labels.operations.scoring import (
    MOST_COMMENT,
    MOST_OVERALL,
    MOST_WITH_HALVES,
    Typed,
    TypedComment,
    step_of,
)
from proxeny.labels.queries.scoring import Reading
from proxeny.labels.scheme_presenters import ShownCriterion, ShownIndicator, show_scheme
from proxeny.labels.score_presenters import CANNOT, plain_points, tell_half


def _points_field(one: IndicatorText) -> forms.Field:
    label = gettext("Points from 0 to %(scale)s") % {"scale": one.scale}
    if one.scale > MOST_WITH_HALVES:
        widget = forms.NumberInput(
            attrs={"min": "0", "max": str(one.scale), "step": "1", "inputmode": "numeric"}
        )
        return forms.IntegerField(
            label=label, required=False, min_value=0, max_value=one.scale, widget=widget
        )
    steps = [step * step_of(one) for step in range(int(one.scale / step_of(one)) + 1)]
    choices = [(plain_points(step), tell_half(step)) for step in steps]
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[*choices, (CANNOT, gettext("Cannot judge"))],
        widget=forms.RadioSelect,
    )


def _words(label: Any, most: int, rows: int) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto", "maxlength": str(most)})
    return forms.CharField(label=label, max_length=most, required=False, widget=widget)


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator on the page of its juror, in their language.

    `criterion` where it is the first of one; `said` is what the applicant writes, `own` the points
    that they give themselves; `score` is the juror's, `given` its points.
    """

    number: int
    criterion: ShownCriterion | None
    indicator: ShownIndicator
    said: str
    own: str
    documents: list[DocumentText]
    points: Any
    cannot: Any
    comment: Any
    score: Score | None
    given: str


class ScoreForm(forms.Form):
    """All scores of one application. `seen` is when the page was drawn."""

    use_required_attribute = False

    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    overall = _words(_("Overall comment"), MOST_OVERALL, 4)

    def __init__(self, data: Any = None, *, reading: Reading, now: datetime) -> None:
        self.reading = reading
        initial: dict[str, Any] = {"seen": now.isoformat(), "overall": reading.assignment.comment}
        for key, score in reading.scores.items():
            initial[f"points-{key}"] = plain_points(score.points)
            initial[f"cannot-{key}"] = score.points is None
            initial[f"comment-{key}"] = score.comment
        super().__init__(data, initial=initial)
        for one in reading.text.indicators():
            self.fields[f"points-{one.key}"] = _points_field(one)
            if one.scale > MOST_WITH_HALVES:
                self.fields[f"cannot-{one.key}"] = forms.BooleanField(
                    label=gettext("Cannot judge"), required=False
                )
                if initial.get(f"points-{one.key}") == CANNOT:
                    self.initial[f"points-{one.key}"] = None
            self.fields[f"comment-{one.key}"] = _words(gettext("Reason"), MOST_COMMENT, 2)

    def clean(self) -> dict[str, Any]:
        """Refuse a comment without points: it would be lost."""
        for one in self.reading.text.indicators():
            comment = self.cleaned_data.get(f"comment-{one.key}")
            if comment and self._chosen(one.key) is None and f"points-{one.key}" not in self.errors:
                self.add_error(
                    f"points-{one.key}",
                    gettext(
                        "Give points, or choose “Cannot judge”: a comment on its own isn’t saved."
                    ),
                )
        return self.cleaned_data

    def _chosen(self, key: str) -> str | None:
        """Return the points that were chosen for an indicator, as they are sent; None for none."""
        if self.cleaned_data.get(f"cannot-{key}"):
            return CANNOT
        points = self.cleaned_data.get(f"points-{key}")
        return None if points in (None, "") else str(points)

    def to_values(self, now: datetime) -> dict[str, Any]:
        """Return the values for the operations."""
        typed = [
            Typed(
                one.key,
                None if chosen == CANNOT else Decimal(chosen),
                self.cleaned_data[f"comment-{one.key}"],
                now,
            )
            for one in self.reading.text.indicators()
            if (chosen := self._chosen(one.key)) is not None
        ]
        return {
            "scores": typed,
            "comment": TypedComment(self.cleaned_data["overall"], now),
            "seen": self.cleaned_data["seen"],
        }

    def rows(self) -> Iterator[IndicatorRow]:
        """Yield the indicators with all that belongs to them, in their order."""
        number = 0
        for criterion in show_scheme(self.reading.text).criteria:
            for place, one in enumerate(criterion.indicators):
                number += 1
                yield self._row(one, number, None if place else criterion)

    def _row(
        self, one: ShownIndicator, number: int, criterion: ShownCriterion | None
    ) -> IndicatorRow:
        key, dossier = one.key, self.reading.dossier
        answer, score = dossier.answer(key), self.reading.scores.get(key)
        return IndicatorRow(
            number,
            criterion,
            one,
            answer.text if answer else "",
            tell_half(answer.points) if answer else "",
            [each for each in dossier.documents if each.indicator == key],
            self[f"points-{key}"],
            self[f"cannot-{key}"] if f"cannot-{key}" in self.fields else None,
            self[f"comment-{key}"],
            score,
            tell_half(score.points) if score else "",
        )


class _Score(BaseModel):
    indicator: Annotated[str, Field(max_length=24)]
    points: Annotated[Decimal, Field(max_digits=9, decimal_places=4)] | None
    comment: Annotated[str, Field(max_length=20_000)] = ""
    saved_at: AwareDatetime


class _Comment(BaseModel):
    text: Annotated[str, Field(max_length=20_000)]
    saved_at: AwareDatetime


class _Batch(BaseModel):
    scores: Annotated[list[_Score], Field(max_length=500)] = []
    comment: _Comment | None = None


def read_batch(body: bytes) -> dict[str, Any]:
    """Return a device's input for the operation; raise `InvalidInput` if it is none."""
    try:
        found = _Batch.model_validate_json(body)
    except ValidationError as error:
        raise InvalidInput(gettext("We couldn’t read this. Reload the page.")) from error
    return {
        "scores": [Typed(**one.model_dump()) for one in found.scores],
        "comment": found.comment and TypedComment(**found.comment.model_dump()),
    }
