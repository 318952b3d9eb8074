"""Forms of recommendations: looking through the register, taking a step, naming evidence."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.form_fields import choice_field
from proxeny.partnerships.advice_queries import Wanted
from proxeny.partnerships.models import Evidence, Party, Recommendation

State = Recommendation.State


class AdviceFilter(forms.Form):
    """Filter of the register."""

    q = forms.CharField(label=_("Search"), required=False, widget=forms.SearchInput)
    state = forms.ChoiceField(label=_("State"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    side = forms.ChoiceField(label=_("Who should act"), required=False)
    review = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, parties: Sequence[Party]) -> None:
        super().__init__(data)
        every = [("", _("all"))]
        choices: dict[str, Sequence[tuple[str, Any]]] = {
            "state": [*every, *State.choices],
            "source": [*every, *Recommendation.Source.choices],
            "side": [
                *every,
                ("all", _("all parties")),
                *((one.side, one.organisation.name) for one in parties),
                (Recommendation.Addressee.COMPANY, _("a company")),
            ],
        }
        for name, offered in choices.items():
            choice_field(self, name).choices = offered

    def wanted(self) -> Wanted:
        """Return what is looked for; what does not hold is left out."""
        self.is_valid()
        found = self.cleaned_data
        return Wanted(
            q=found.get("q") or "",
            state=found.get("state") or "",
            source=found.get("source") or "",
            side=found.get("side") or "",
            review=found.get("review"),
        )


class StepForm(forms.Form):
    """Step of a recommendation, with the text sent with it.

    It is an act, like a signature, and no edit: `seen` names the version read, and a later version
    must be read again first.
    """

    state = forms.ChoiceField(choices=State.choices, widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    reason = forms.CharField(
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "maxlength": "2000"}),
    )

    #: Label of the reason for each step, and whether it is required.
    ASKED = {
        State.ADOPTED: (_("How it’s implemented and where to see it"), True),
        State.DROPPED: (_("Reason for dropping it"), True),
        State.DOING: (_("In a few words"), False),
        State.PROPOSED: (_("In a few words"), False),
    }

    def __init__(self, data: Any = None, *, state: str, version: int) -> None:
        super().__init__(data, initial={"state": state, "seen": version}, auto_id=f"id_{state}_%s")
        #: Which of the page's forms it is.
        self.name = state
        label, is_needed = self.ASKED.get(State(state), (_("In a few words"), False))
        self.fields["reason"].label = label
        self.fields["reason"].required = is_needed

    def to_step(self) -> dict[str, Any]:
        """Return what was chosen, by the operation's parameter names."""
        found = self.cleaned_data
        return {"state": found["state"], "reason": found["reason"], "version": found["seen"]}


class DecideForm(StepForm):
    """Yes, yes with changes, or no; the last two with words."""

    DECISIONS = (
        (State.ACCEPTED, _("Accept")),
        (State.AMENDED, _("Accept with changes")),
        (State.REFUSED, _("Decline")),
    )
    state = forms.ChoiceField(
        label=_("Your decision"),
        choices=DECISIONS,
        widget=forms.RadioSelect(attrs={"class": "segmented"}),
    )

    def __init__(self, data: Any = None, *, version: int) -> None:
        super().__init__(data, state=State.ACCEPTED, version=version)
        self.name = "decide"
        self.initial.pop("state")
        self.fields["reason"].label = _("Your changes, or your reason for declining")
        self.fields["reason"].help_text = _(
            "All sides can read this. Required unless you accept it as is."
        )


class EvidenceForm(forms.Form):
    """Evidence for a recommendation."""

    kind = forms.ChoiceField(label=_("What it is"), choices=Evidence.Kind.choices)
    text = forms.CharField(
        label=_("What it shows"), max_length=500, help_text=_("A figure with its unit and date.")
    )
    url = forms.CharField(
        label=_("Where it stands"),
        max_length=500,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
