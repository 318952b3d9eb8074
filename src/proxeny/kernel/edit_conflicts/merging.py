"""Merging of typed data with another person's saved changes, field by field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django.http import QueryDict
from django.utils.translation import gettext as _

from proxeny.kernel.edit_conflicts.comparing import Comparison, Difference, FindAuthor
from proxeny.kernel.edit_conflicts.forms import MARKS, STANDING, TYPED, Part, VersionedForm
from proxeny.kernel.edit_conflicts.marks import mark, read_marks, write_marks

#: `version-take` on a button decides all fields, `version-take-<name>` one; "saved" or "typed".
TAKE = "version-take"


@dataclass(slots=True)
class Merge:
    """A post in which fields that only the other changed hold the other's value."""

    data: QueryDict
    clashes: list[Part] = field(default_factory=list)
    taken: list[Any] = field(default_factory=list)
    objections: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nobody has to decide anything."""
        return not self.clashes and not self.objections


def merge(form: VersionedForm, now: VersionedForm) -> Merge:
    """Merge the data typed into `form` with the saved data, as the unbound form `now` shows it.

    For each part: where only one side changed it, that side's value is used; where both did, it is
    a clash. Without a fingerprint of the values the writer saw, any difference is a clash.
    """
    shown = form.marks()
    merged = Merge(_copy(form))
    for part in parts_of(form, now):
        saved, typed = now.saved_key(part), form.typed_key(part)
        before = shown.get(part.name)
        was_added = bool(shown) and before is None and not form.was_posted(part)
        if saved == typed or before == mark(part.name, saved):
            continue
        if was_added or before == mark(part.name, typed):
            now.write_raw(merged.data, part)
            merged.taken.append(part.label)
        else:
            merged.clashes.append(part)
    merged.objections = list(_objections(now, shown))
    renew(merged.data, now)
    return merged


def parts_of(form: VersionedForm, now: VersionedForm) -> list[Part]:
    """Return the parts of the saved data, and after them those only in the typed data."""
    found = list(now.parts())
    names = {part.name for part in found}
    return [*found, *(part for part in form.parts() if part.name not in names)]


def _objections(now: VersionedForm, shown: Mapping[str, str]) -> Iterable[str]:
    for name, standing in now.standings().items():
        before = shown.get(f"{STANDING}{name}")
        is_known = before is not None or not standing.if_seen
        if is_known and before != mark(f"{STANDING}{name}", standing.value) and standing.objection:
            yield standing.objection


def _copy(form: VersionedForm) -> QueryDict:
    # A form is bound to what a browser posted; the copy may be written to.
    return cast("QueryDict", form.data).copy()


def renew(data: QueryDict, now: VersionedForm) -> None:
    """Mark a post as based on the data saved now."""
    data["version"] = str(now.saved_number)
    data[MARKS] = write_marks(now.saved_marks())
    data.pop(TYPED, None)


def compare(
    form: VersionedForm,
    now: VersionedForm,
    parts: Iterable[Part],
    find_author: FindAuthor | None,
    *,
    taken: Iterable[Any] = (),
    objections: Iterable[str] = (),
) -> Comparison:
    """Return both versions of some parts, as the page shows them."""
    differences = [
        Difference.between(
            part.name,
            part.label,
            now.tell(part, is_typed=False),
            form.tell(part, is_typed=True),
            author=find_author(part.name, now.saved(part.fields[0])) if find_author else None,
            is_taken=form.data.get(f"{TAKE}-{part.name}") == "saved",
        )
        for part in parts
    ]
    return Comparison(differences, list(taken), list(objections))


@dataclass(frozen=True, slots=True)
class Choice:
    """The writer's decision when both versions were shown."""

    #: Fingerprints of what was typed then, by part.
    typed: dict[str, str]
    #: Parts that shall hold what is saved.
    taken: frozenset[str]

    @classmethod
    def of(cls, data: QueryDict) -> "Choice":
        """Return the choice in a post; an empty one when nothing was asked."""
        typed = read_marks(data.get(TYPED, ""))
        for_all = data.get(TAKE)
        taken = {
            name
            for name in typed
            if for_all == "saved" or (not for_all and data.get(f"{TAKE}-{name}") == "saved")
        }
        return cls(typed, frozenset(taken))

    def apply(self, form: VersionedForm, now: VersionedForm) -> QueryDict:
        """Return the post with the saved values in the parts chosen for them."""
        data = _copy(form)
        for part in parts_of(form, now):
            if part.name in self.taken:
                now.write_raw(data, part)
        return data

    def refuse_both(self, form: VersionedForm) -> bool:
        """Return whether a part was changed by hand and given up at once; say so at the part."""
        both = [
            part
            for part in form.parts()
            if part.name in self.taken
            and self.typed[part.name] != mark(part.name, form.typed_key(part))
        ]
        for part in both:
            form.add_error(
                part.fields[0] if part.fields[0] in form.fields else None,
                _("You changed this but also chose the saved version. Choose one of the two."),
            )
        return bool(both)
