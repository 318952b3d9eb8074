"""Forms of offers, needs and interest. They parse; operations decide."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from proxeny.directory.countries import country_choices
from proxeny.directory.forms import ManyWidget, language_choices
from proxeny.directory.models import IPR, Interest, Kind, Listing, Organisation, Size, Stage
from proxeny.directory.operations.interests import MAX_CONTACT, MAX_NOTE, NEEDED, QUESTIONS
from proxeny.directory.operations.listings import MAX_KEYWORDS, ListingText
from proxeny.kernel.lists import join_items
from proxeny.kernel.versions import Standing, VersionedForm

_WIDE = {"class": "segmented"}
#: How the number of characters that are left is shown while one types.
_LEFT = _("Left: %s")


def _counted(most: int, **attrs: Any) -> dict[str, Any]:
    return {"dir": "auto", "data-count": most, "data-count-text": _LEFT, **attrs}


def _area(label: Any, most: int, rows: int, help_text: Any = "", **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=False, help_text=help_text,
        widget=forms.Textarea(attrs=_counted(most, rows=rows)), **more,
    )  # fmt: skip


class KeywordsField(forms.CharField):
    """Up to five words or short phrases, separated by commas of any script, or lines."""

    def __init__(self, **values: Any) -> None:
        super().__init__(required=False, max_length=500, **values)

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """Return the words."""
        if isinstance(value, list | tuple):
            return list(value)
        text = super().to_python(value)
        for mark in "،,;؛\n":
            text = text.replace(mark, ",")
        words = [" ".join(word.split()) for word in text.split(",")]
        return list(dict.fromkeys(word for word in words if word))

    def validate(self, value: Any) -> None:
        """Refuse more than five, and what is a sentence rather than a word."""
        if len(value) > MAX_KEYWORDS:
            raise ValidationError(gettext("Choose the five words that matter most."))
        if long := next((word for word in value if len(word) > 80), ""):
            raise ValidationError(
                gettext("“%(word)s…” is too long for a keyword.") % {"word": long[:40]}
            )

    def run_validators(self, value: Any) -> None:
        """Leave the length of the whole to `validate`."""

    def prepare_value(self, value: Any) -> Any:
        """Return the words as they are typed."""
        return join_items(value) if isinstance(value, list | tuple) else value


class ListingForm(VersionedForm):
    """An offer or a need."""

    direction = forms.ChoiceField(
        label=_("This is"), choices=[("offer", _("an offer")), ("need", _("a need"))],
        widget=forms.RadioSelect(attrs=_WIDE), initial="offer",
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=_("Of what kind"), choices=Listing.Kind.choices,
        widget=forms.RadioSelect(attrs=_WIDE), initial="business",
    )  # fmt: skip
    title = forms.CharField(
        label=_("In one line"), max_length=256,
        widget=forms.TextInput(attrs=_counted(256)),
        help_text=_("For instance: virtual tours for museums, in four languages."),
    )  # fmt: skip
    summary = _area(
        _("In a few sentences"), 500, 4,
        _("For whom, what is special, what a first step could be. Up to 500 characters."),
    )  # fmt: skip
    description = _area(
        _("The whole story"), 4000, 7,
        _("How it works, what you have done with it, for whom. Up to 4,000 characters."),
    )  # fmt: skip
    partner_role = _area(
        _("What the partner does"), 4000, 4,
        _("Test, sell, build together, pay, teach? And what they get. Up to 4,000 characters."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of the text"))
    technologies = KeywordsField(
        label=_("Technologies"), help_text=_("Up to five, separated by commas.")
    )
    markets = KeywordsField(label=_("Markets"), help_text=_("Up to five, separated by commas."))
    stage = forms.ChoiceField(
        label=_("How far it has come"), required=False, choices=[("", "—"), *Stage.choices]
    )
    ipr = forms.ChoiceField(
        label=_("How it is protected"), required=False, choices=[("", "—"), *IPR.choices]
    )
    partner_kinds = forms.MultipleChoiceField(
        label=_("Partners sought"), required=False, choices=Kind.choices,
        widget=forms.CheckboxSelectMultiple(attrs=_WIDE),
        help_text=_("None ticked: any kind is welcome."),
    )  # fmt: skip
    partner_sizes = forms.MultipleChoiceField(
        label=_("Their size"), required=False, choices=Size.choices,
        widget=forms.CheckboxSelectMultiple(attrs=_WIDE),
    )  # fmt: skip
    partner_countries = forms.MultipleChoiceField(
        label=_("Their countries"), required=False, widget=ManyWidget,
        help_text=_("None chosen: from anywhere."),
    )  # fmt: skip
    is_open = forms.BooleanField(
        label=_("Partners may express their interest here"), required=False, initial=True
    )
    expires_on = forms.DateField(
        label=_("Shown until"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    is_anonymous = forms.BooleanField(label=_("Without our name"), required=False)
    is_draft = forms.BooleanField(
        label=_("Keep it as a draft that only we and our cluster see"), required=False
    )

    def __init__(
        self, data: Any = None, *, listing: Listing | None = None, owner: Organisation,
        days: int, is_adviser: bool = False, **values: Any,
    ) -> None:  # fmt: skip
        if listing is not None:
            values["initial"] = _initial_of(listing)
        super().__init__(data, **values)
        self.fields["language"].choices = language_choices([listing.language] if listing else ())
        self.fields["partner_countries"].choices = country_choices()
        self.initial.setdefault("language", translation.get_language())
        self.stands = listing.status if listing else ""
        self.fields["expires_on"].help_text = ngettext(
            "Empty: %(days)d day from its publication on. You are told before it ends.",
            "Empty: %(days)d days from its publication on. You are told before it ends.",
            days,
        ) % {"days": days}
        self._say_who_publishes(owner, is_adviser=is_adviser)

    def _say_who_publishes(self, owner: Organisation, *, is_adviser: bool) -> None:
        if is_adviser:
            # Both are for who wrote it to decide.
            del self.fields["is_anonymous"], self.fields["is_draft"]
        elif owner.steward_id is None:
            del self.fields["is_anonymous"]
        else:
            cluster = owner.steward.name if owner.steward else gettext("your cluster")
            self.fields["is_anonymous"].help_text = gettext(
                "It is published by %(cluster)s, and seen by whoever sees %(cluster)s. Who is behind"
                " it, only you and the cluster's team know; leave your name out of the text too."
            ) % {"cluster": cluster}

    def standings(self) -> dict[str, Standing]:
        """Return whether the text is in the archive: saving it publishes it."""
        if self.stands != Listing.Status.ARCHIVED:
            return {"archive": Standing("")}
        sentence = gettext("It was put into the archive; saving it brings it back.")
        return {"archive": Standing("archived", sentence)}

    def to_text(self, known: Listing | None = None) -> ListingText:
        """Return what was typed; what the form does not offer stays as it is."""
        typed = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("version", "is_draft")
        }
        if known is not None and "is_anonymous" not in typed:
            typed["is_anonymous"] = known.is_anonymous
        return ListingText(**typed)

    @property
    def keeps_draft(self) -> bool:
        """Whether it shall stay a draft."""
        return bool(self.cleaned_data.get("is_draft"))


def _initial_of(listing: Listing) -> dict[str, Any]:
    names = [name for name in ListingForm.base_fields if name != "is_draft"]
    return {name: getattr(listing, name) for name in names} | {
        "is_draft": listing.status == Listing.Status.DRAFT
    }


class NoteForm(forms.Form):
    """Why a text goes back to its writers."""

    note = forms.CharField(
        label=_("What should change"), max_length=2000,
        widget=forms.Textarea(attrs=_counted(2000, rows=3)),
        help_text=_("Its writers read this by mail and above their text."),
    )  # fmt: skip


def _answer(name: str) -> forms.CharField:
    question, most = QUESTIONS[name]
    is_long = most > 500
    return forms.CharField(
        label=question, max_length=most, required=name in NEEDED,
        widget=forms.Textarea(_counted(most, rows=3)) if is_long else forms.TextInput(_counted(most)),
    )  # fmt: skip


class AnswersForm(VersionedForm):
    """The fixed questions to who is interested in an offer or need."""

    organisation = forms.TypedChoiceField(label=_("For"), coerce=int)
    who = _answer("who")
    why = _answer("why")
    brings = _answer("brings")
    next_step = _answer("next_step")
    by_when = _answer("by_when")
    met = _answer("met")

    def __init__(
        self, data: Any = None, *, interest: Interest | None = None,
        organisations: Sequence[Organisation] = (), **values: Any,
    ) -> None:  # fmt: skip
        if interest is not None:
            values["initial"] = {**interest.answers, "version": interest.version}
        super().__init__(data, **values)
        if interest is not None:
            del self.fields["organisation"]
            return
        self.fields["organisation"].choices = [(one.pk, one.name) for one in organisations]
        if len(organisations) == 1:
            self.fields["organisation"].widget = forms.HiddenInput()
            self.initial["organisation"] = organisations[0].pk

    def to_answers(self) -> dict[str, str]:
        """Return the answers by question."""
        return {name: self.cleaned_data[name] for name in QUESTIONS}


class PassForm(forms.Form):
    """What the own adviser adds for the other side."""

    note = forms.CharField(
        label=_("A word to the other adviser"), required=False, max_length=MAX_NOTE,
        widget=forms.Textarea(attrs=_counted(MAX_NOTE, rows=2)),
        help_text=_("Whoever it is meant for reads it too."),
    )  # fmt: skip


class QuestionForm(forms.Form):
    """What the own adviser wants to know before passing it on."""

    note = forms.CharField(
        label=_("Your question"), max_length=MAX_NOTE,
        widget=forms.Textarea(attrs=_counted(MAX_NOTE, rows=2)),
    )  # fmt: skip


class AcceptForm(forms.Form):
    """Yes, and how the other side gets in touch."""

    reply = forms.CharField(
        label=_("Your answer"), required=False, max_length=MAX_NOTE,
        widget=forms.Textarea(attrs=_counted(MAX_NOTE, rows=3)),
    )  # fmt: skip
    contact = forms.CharField(
        label=_("How they reach you"), max_length=MAX_CONTACT,
        widget=forms.TextInput(attrs=_counted(MAX_CONTACT)),
        help_text=_("A name and an address or a number. They get this, and nothing else of you."),
    )  # fmt: skip


class DeclineForm(forms.Form):
    """No, and why."""

    reply = forms.CharField(
        label=_("Why not"), max_length=MAX_NOTE,
        widget=forms.Textarea(attrs=_counted(MAX_NOTE, rows=2)),
        help_text=_("They read this. A short reason is kinder than none."),
    )  # fmt: skip


class InterestFilter(forms.Form):
    """What narrows the list of interest."""

    q = forms.CharField(
        label=_("Search in who asks and about what"), required=False, max_length=200,
        widget=forms.SearchInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )  # fmt: skip
    side = forms.ChoiceField(
        label=_("Which"), required=False,
        choices=[("", _("All")), ("waiting", _("Waits for you")), ("given", _("Given")),
                 ("received", _("Received"))],
    )  # fmt: skip
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), *Interest.State.choices]
    )

    def to_values(self) -> dict[str, str]:
        """Return what was asked; what cannot be read is left out."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("side", "state")}
