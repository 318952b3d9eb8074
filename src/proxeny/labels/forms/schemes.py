"""Forms of labels: texts in another language, many at once, and why a label is withdrawn."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from proxeny.labels.gaps import name_language
from proxeny.labels.operations.wording import Wanted
from proxeny.labels.scheme_texts import Group, Worded


class WithdrawLabelForm(forms.Form):
    """The reason for withdrawing a label."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everyone can read this where the label was shown."),
    )


class ChooseLanguageForm(forms.Form):
    """The language to show."""

    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, data: Any, *, languages: Iterable[str], first: str = "") -> None:
        super().__init__(data)
        self.codes = list(languages)
        self.first = first or (self.codes[0] if self.codes else "")
        field: Any = self.fields["language"]
        field.choices = [(code, name_language(code)) for code in self.codes]

    @property
    def chosen(self) -> str:
        """The chosen language; the first one by default."""
        asked = self.data.get("language", "")
        return asked if asked in self.codes else self.first


class TextsForm(forms.Form):
    """Texts of a label, each with a field for its translation.

    A field knows which text was read (`of-…`) and the previous translation (`was-…`), so that
    nobody overwrites another person's work. Unchanged texts are not submitted.
    """

    use_required_attribute = False

    def __init__(
        self,
        data: Mapping[str, str] | None = None,
        *,
        groups: Iterable[Group],
        language: str,
        only_open: bool = False,
    ) -> None:
        info = get_language_info(language)
        self.direction = "rtl" if info["bidi"] else "ltr"
        self.language = language
        self.rows: list[tuple[Group, list[dict[str, Any]]]] = []
        known: dict[str, Worded] = {}
        super().__init__(data)
        for group in groups:
            texts = [
                one
                for one in group.texts
                if not only_open or one.is_missing or one.is_changed or _is_sent(data, one.key)
            ]
            known |= {one.key: one for one in texts}
            if texts:
                self.rows.append((group, [self._add(one) for one in texts]))
        self.known = known

    def _add(self, one: Worded) -> dict[str, Any]:
        widget: Any = forms.Textarea if one.is_long else forms.TextInput
        attrs = {"lang": self.language, "dir": self.direction}
        if one.is_long:
            attrs["rows"] = str(min(10, 2 + len(one.source) // 60))
        self.fields[one.key] = forms.CharField(
            label=one.label,
            required=False,
            initial=one.text,
            widget=widget(attrs=attrs),
            max_length=one.most,
        )
        fits = None
        if one.is_changed:
            self.fields[f"fits-{one.key}"] = forms.BooleanField(
                label=_("Translation still correct"), required=False
            )
            fits = self[f"fits-{one.key}"]
        return {
            "one": one,
            "field": self[one.key],
            "fits": fits,
            # What was read, also where somebody changed it since: so it is marked again.
            "of": self.data.get(f"of-{one.key}", one.hash),
            "was": self.data.get(f"was-{one.key}", one.was),
        }

    @cached_property
    def count(self) -> int:
        """The number of texts in the form."""
        return len(self.known)

    def wanted(self) -> list[Wanted]:
        """Return the translations, and those confirmed as still valid."""
        found = []
        for key, one in self.known.items():
            if not _is_sent(self.data, key):
                continue
            text, fits = self.cleaned_data[key], self.cleaned_data.get(f"fits-{key}", False)
            was = self.data.get(f"was-{key}", one.was)[:64]
            if fits or _clean(text) != _clean(one.text) or was != one.was:
                of_hash = self.data.get(f"of-{key}", one.hash)[:64]
                found.append(Wanted(key, text, of_hash, was))
        return found


def _is_sent(data: Mapping[str, str] | None, key: str) -> bool:
    return data is not None and key in data


def _clean(text: str) -> str:
    return " ".join(text.split())
