"""One edit, from the form to the saved record, including concurrent changes by others."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from proxeny.kernel.edit_conflicts.comparing import Comparison, FindAuthor
from proxeny.kernel.edit_conflicts.forms import VersionedForm
from proxeny.kernel.edit_conflicts.merging import Choice, compare, merge, parts_of
from proxeny.kernel.errors import Conflict, InvalidInput

#: Each try merges with a newer save; after that many, the person has to save again.
TRIES = 3


@dataclass(slots=True)
class Editing[R, F: VersionedForm, T]:
    """The state of an edit: the record, the form to show, and the result of saving.

    Attributes
    ----------
    is_saved : bool
        Whether the record now holds what the writer wants.
    value : object
        The operation's return value.
    is_unchanged : bool
        Whether nothing of the writer's was left to save, so that no operation was called.
    """

    request: HttpRequest
    record: R
    form: F
    is_saved: bool = False
    value: T | None = None
    is_unchanged: bool = False
    taken: tuple[Any, ...] = ()

    @property
    def status(self) -> int:
        """The HTTP status of the page with the form."""
        return self.form.status

    def say(self, sentence: str) -> None:
        """Tell the writer that it is saved, and which changes of others were merged."""
        if self.is_unchanged:
            sentence = _("The saved version stays. You had nothing else to save.")
        messages.success(self.request, sentence)
        if self.taken:
            fields = get_text_list([str(label) for label in self.taken], _("and"))
            messages.info(
                self.request,
                _("This has changed since you opened it. Kept as saved: %(fields)s.")
                % {"fields": fields},
            )


@dataclass(frozen=True, slots=True)
class _Edit[R, F: VersionedForm, T]:
    request: HttpRequest
    load: Callable[[], R]
    make: Callable[[R, QueryDict | None], F]
    save: Callable[[F], T]
    authors: Callable[[R], FindAuthor] | None
    record: R | None = None

    def begin(self) -> Editing[R, F, T]:
        record = self.load() if self.record is None else self.record
        if self.request.method != "POST":
            return Editing(self.request, record, self.make(record, None))
        form = self.make(record, self.request.POST)
        choice = Choice.of(self.request.POST)
        if not choice.typed:
            return self.attempt(Editing(self.request, record, form))
        return self.decide(record, form, choice)

    def decide(self, record: R, form: F, choice: Choice) -> Editing[R, F, T]:
        """Save the writer's choice; on a refusal, show the typed data and the choice again."""
        now = self.make(record, None)
        edit = Editing[R, F, T](self.request, record, form)
        form.full_clean()
        if not choice.refuse_both(form):
            edit.form = self.make(record, choice.apply(form, now))
            if choice.taken and edit.form.is_valid() and self.has_nothing_left(edit.form, now):
                edit.is_saved = edit.is_unchanged = True
                return edit
            edit = self.attempt(edit)
            if edit.is_saved or edit.form.versions:
                return edit
            refused, edit.form = edit.form, form
            form.errors.clear()
            form.errors.update(refused.errors)
        open_again = [part for part in form.parts() if part.name in choice.typed]
        form.versions = compare(form, now, open_again, self.find_author(record))
        return edit

    def has_nothing_left(self, form: F, now: F) -> bool:
        return form.number == now.saved_number and all(
            now.saved_key(part) == form.typed_key(part) for part in parts_of(form, now)
        )

    def find_author(self, record: R) -> FindAuthor | None:
        return self.authors(record) if self.authors else None

    def attempt(self, edit: Editing[R, F, T]) -> Editing[R, F, T]:
        """Save; merge another person's changes and save again, as long as no decision is needed."""
        for _number in range(TRIES):
            if not edit.form.is_valid():
                return edit
            try:
                edit.value = self.save(edit.form)
            except InvalidInput as error:
                edit.form.refuse(error)
                return edit
            except Conflict as error:
                if not self.merge(edit):
                    edit.form.refuse(error)
                    return edit
                if edit.form.versions:
                    return edit
            else:
                edit.is_saved = True
                return edit
        crowded = _("Others are saving here right now. Try saving again.")
        edit.form.versions = Comparison(objections=[crowded])
        return edit

    def merge(self, edit: Editing[R, F, T]) -> bool:
        """Merge another person's changes; return whether there were any."""
        edit.record = self.load()
        now = self.make(edit.record, None)
        if now.saved_number == edit.form.number:
            return False
        # Rebuilt, because the form's choices may have changed with the record.
        form = self.make(edit.record, edit.form.data)  # type: ignore[arg-type]
        form.full_clean()
        merged = merge(form, now)
        edit.taken = tuple(dict.fromkeys((*edit.taken, *merged.taken)))
        edit.form = self.make(edit.record, merged.data)
        edit.form.full_clean()
        if not merged.is_clean:
            edit.form.versions = compare(
                edit.form,
                now,
                merged.clashes,
                self.find_author(edit.record),
                taken=edit.taken,
                objections=merged.objections,
            )
        return True


def edit_record[R, F: VersionedForm, T](
    request: HttpRequest,
    *,
    load: Callable[[], R],
    make: Callable[[R, QueryDict | None], F],
    save: Callable[[F], T],
    authors: Callable[[R], FindAuthor] | None = None,
    record: R | None = None,
) -> Editing[R, F, T]:
    """Show a record's form, or save what was posted without losing another person's changes.

    Where the operation raises `Conflict` and the record has another version, both versions are
    merged field by field. Fields without a conflict are saved at once; otherwise `form.versions`
    holds both versions to choose from, and the form keeps what was typed.

    Parameters
    ----------
    load : callable
        Reloads the record; raises where the reader may not see or change it.
    make : callable
        Builds the form of the record, bound to a post or (None) unbound.
    save : callable
        Calls the operation with the form's values and its `number`.
    authors : callable, optional
        Finds the author of a saved value, for the page that shows both versions.
    record : optional
        The record, where the view has just read it.

    Notes
    -----
    Exceptions of `load` and the operation other than `InvalidInput` and `Conflict` are passed on; a
    view decorated with `keeping` then shows what was typed.
    """
    return _Edit(request, load, make, save, authors, record).begin()
