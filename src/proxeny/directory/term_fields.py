"""Form fields for codes of the vocabularies: several sectors, or one region of a country."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from proxeny.directory import queries
from proxeny.directory.countries import country_name
from proxeny.directory.vocabularies import (
    NUTS,
    choices,
    country_of,
    looks_like_code,
    own_label,
    read_code,
    regions_of,
)
from proxeny.folding import fold
from proxeny.kernel.lists import join_items

#: So many codes may be chosen, and so many are proposed for what somebody types.
MOST, PROPOSED = 20, 8


class TermsWidget(forms.Widget):
    """Check boxes of the chosen terms, and a text input for codes or words.

    With JavaScript the input adds more boxes to tick; without, the browser suggests the upper
    levels, and the input is read when the form is sent. All inputs have the same name.
    """

    template_name = "directory/_terms_field.html"

    def __init__(self, scheme: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.scheme = scheme

    def format_value(self, value: Any) -> list[str]:
        """Return codes, and texts that are none yet."""
        return [one for one in value or () if one.strip()]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """Return all that was ticked and typed."""
        found: list[str] = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return found

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the context of the template."""
        context = super().get_context(name, value, attrs)
        chosen, typed = part(self.scheme, context["widget"]["value"])
        context["terms"] = terms_shown(self.scheme, name, chosen, "")
        context["widget"] |= {"typed": ", ".join(typed), "scheme": self.scheme}
        context["groups"] = choices(self.scheme)
        return context


def part(scheme: str, texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the codes among texts, in the vocabulary's notation, and the texts without one."""
    codes, others = [], []
    for text in texts:
        try:
            codes.append(read_code(scheme, text))
        except ValueError:
            others.append(text)
    return list(dict.fromkeys(codes)), others


def terms_shown(scheme: str, name: str, chosen: list[str], words: str) -> dict[str, Any]:
    """Return the boxes to draw: chosen ones, and those that match the words.

    Two queries at most.
    """
    labels = queries.labels_of(scheme, chosen)
    fitting = queries.search_terms(scheme, words, limit=PROPOSED + len(chosen)) if words else []
    return {
        "name": name,
        "chosen": [(code, labels[code]) for code in chosen],
        "proposed": [pair for pair in fitting if pair[0] not in labels][:PROPOSED],
        "found_nothing": bool(words.strip()) and not fitting,
        "words": words,
    }


class TermsField(forms.Field):
    """Several codes of a vocabulary, ticked or written as codes or as words of their labels."""

    def __init__(self, scheme: str, **values: Any) -> None:
        values.setdefault("required", False)
        super().__init__(widget=TermsWidget(scheme), **values)
        self.scheme = scheme

    def clean(self, value: Any) -> list[str]:
        """Return the codes, each once; an error names possible ones."""
        ticked, typed = part(self.scheme, self._texts(value or ()))
        found = [
            code for text in typed if not self._is_ticked(text, ticked) for code in self._read(text)
        ]
        codes = list(dict.fromkeys([*ticked, *found]))
        super().clean(codes)
        if len(codes) > MOST:
            raise ValidationError(
                _("You can keep up to %(limit)s. Choose the main ones.") % {"limit": MOST}
            )
        return codes

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether other codes were chosen, in whatever order."""
        return sorted(initial or ()) != sorted(text for text in data or () if text.strip())

    def _texts(self, values: Iterable[str]) -> list[str]:
        return [text.strip() for text in values if text.strip()]

    def _is_ticked(self, text: str, ticked: list[str]) -> bool:
        """Whether a typed text only led to the box that was then ticked."""
        found = queries.search_terms(self.scheme, text, limit=500) if ticked else []
        return any(code in ticked for code, _label in found)

    def _read(self, text: str) -> list[str]:
        # The name of one thing may hold a comma, so the whole is tried first.
        if code := self._named(text):
            return [code]
        parts = [one.strip() for one in text.replace(";", ",").replace("\n", ",").split(",")]
        return [self._read_one(one) for one in parts if one]

    def _read_one(self, text: str) -> str:
        if looks_like_code(self.scheme, text):
            try:
                return read_code(self.scheme, text)
            except ValueError as error:
                raise ValidationError(str(error)) from None
        if code := self._named(text):
            return code
        found = queries.search_terms(self.scheme, text, limit=4)
        if len(found) == 1:
            return found[0][0]
        if not found:
            raise ValidationError(_("Nothing here is called “%(text)s”.") % {"text": text})
        proposals = join_items(f"{code} {label}" for code, label in found)
        raise ValidationError(
            _("“%(text)s” could be %(proposals)s. Enter the code.")
            % {"text": text, "proposals": proposals}
        )

    def _named(self, text: str) -> str:
        """Return the code of the label that is written; nothing where it is no label."""
        wanted = fold(text)
        found = queries.search_terms(self.scheme, text, limit=50) if wanted else []
        return next((code for code, label in found if fold(label) == wanted), "")


class RegionField(forms.ChoiceField):
    """A field for one NUTS region of the form's country, of any level.

    The form calls `offer` with its country. When another country is chosen, htmx loads its regions;
    without JavaScript they appear once the country is saved.
    """

    def __init__(self, **values: Any) -> None:
        values.setdefault("required", False)
        super().__init__(**values)
        self.widget.attrs |= {
            "hx-get": reverse_lazy("directory:regions"),
            "hx-trigger": "change from:[name=country]",
            "hx-include": "[name=country]",
            "hx-target": "this",
            "hx-swap": "innerHTML",
        }
        self.country = ""

    def offer(self, country: str, *, kept: str = "") -> None:
        """Offer the regions of a country, and the one that is kept whatever it is."""
        self.country = country
        offered: list[tuple[Any, Any]] = list(region_choices(country))
        if kept and kept not in {code for _name, group in offered[1:] for code, _label in group}:
            offered.append((gettext_lazy("Kept"), [(kept, _told(kept))]))
        self.choices = offered

    def to_python(self, value: Any) -> str:
        """Return the code as the classification writes it."""
        text = super().to_python(value)
        try:
            return read_code(NUTS, text) if text else ""
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def validate(self, value: str) -> None:
        """Refuse a region of another country."""
        if value and self.country and country_of(value) != self.country:
            raise ValidationError(
                _("%(region)s is in %(there)s, but the country above is %(here)s.")
                % {
                    "region": _told(value),
                    "there": country_name(country_of(value)),
                    "here": country_name(self.country),
                }
            )


def region_choices(country: str) -> list[tuple[str, Any]]:
    """Return the regions of a country for a select: "none", then groups by region of level 1."""
    language = get_language() or "en"
    groups: dict[str, list[tuple[str, str]]] = {}
    for one in regions_of(country, level=3):
        indent = "\u2003" * max(0, one.level - 2)
        groups.setdefault(one.code[:3], []).append(
            (one.code, f"{indent}{one.code} {one.name_in(language)}")
        )
    return [("", _("None")), *((group[0][1], group) for group in groups.values())]


def _told(code: str) -> str:
    return f"{code} {own_label(NUTS, code) or ''}".strip()
