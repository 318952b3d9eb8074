"""The form that merges two entries: which is kept, and which facts are taken from the other."""

from collections.abc import Mapping
from typing import Any

from django import forms

from proxeny.directory.merging import SCALARS, suggest
from proxeny.directory.models import Organisation

KEPT, GONE = "kept", "gone"


class MergeForm(forms.Form):
    """Of each fact in which two entries differ: that of the kept one, or that of the other."""

    def __init__(
        self,
        data: Any = None,
        *,
        kept: Organisation,
        gone: Organisation,
        mine: Mapping[str, Any],
        theirs: Mapping[str, Any],
    ) -> None:
        super().__init__(data)
        suggested = suggest(mine, theirs)
        for name in SCALARS:
            if mine[name] != theirs[name]:
                self.fields[name] = forms.ChoiceField(
                    choices=[(KEPT, kept.name), (GONE, gone.name)],
                    required=False,
                    initial=GONE if name in suggested else KEPT,
                )

    def chosen(self) -> list[str]:
        """Return the facts to take from the entry that goes; unanswered ones are kept."""
        return [name for name, value in self.cleaned_data.items() if value == GONE]
