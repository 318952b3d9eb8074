"""One edit, from the form to the saved record, whoever else saved in between."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, QueryDict
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.versions.comparing import Comparison, FindAuthor
from proxeny.kernel.versions.forms import VersionedForm
from proxeny.kernel.versions.merging import Choice, compare, merge, parts_of

#: Each try merges with a newer save; somebody who saves that often is waited for by hand.
TRIES = 3


@dataclass(slots=True)
class Editing[R, F: VersionedForm, T]:
    """How an edit stands: the record, the form to show, and what came of saving.

    Attributes
    ----------
    is_saved : bool
        Whether what the writer wants is what is saved now.
    value : object
        What the operation returned.
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
        """How the page with the form answers."""
        return self.form.status

    def say(self, sentence: str) -> None:
        """Tell the writer that it is saved, and what somebody else saved meanwhile."""
        if self.is_unchanged:
            sentence = _("The saved version stays. You had nothing else to save.")
        messages.success(self.request, sentence)
        if self.taken:
            fields = get_text_list([str(label) for label in self.taken], _("and"))
            messages.info(
                self.request,
                _("This changed meanwhile. Kept as it was saved: %(fields)s.") % {"fields": fields},
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
        """Save as the writer chose; on a refusal, show what was typed and the choice again."""
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
        """Save; merge with what somebody else saved, and save that, as long as nobody must decide."""
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
        crowded = _("Others are saving here right now. Save again.")
        edit.form.versions = Comparison(objections=[crowded])
        return edit

    def merge(self, edit: Editing[R, F, T]) -> bool:
        """Take in what somebody else saved; return whether somebody did."""
        edit.record = self.load()
        now = self.make(edit.record, None)
        if now.saved_number == edit.form.number:
            return False
        # Built anew: what the form offers may have changed with the record.
        form = self.make(edit.record, edit.form.data)  # type: ignore[arg-type]
        form.full_clean()
        merged = merge(form, now)
        edit.taken = tuple(dict.fromkeys((*edit.taken, *merged.taken)))
        edit.form = self.make(edit.record, merged.data)
        edit.form.full_clean()
        if not merged.is_clean:
            edit.form.versions = compare(
                edit.form, now, merged.clashes, self.find_author(edit.record),
                taken=edit.taken, objections=merged.objections,
            )  # fmt: skip
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
    """Show a record's form, or save what was posted without losing what somebody else saved.

    Where the operation says `Conflict` and the record has another version, both versions are
    merged field by field. What nobody has to decide is saved at once; else `form.versions` holds
    both versions to choose from, and the form what was typed.

    Parameters
    ----------
    load : callable
        Reads the record anew; raises where the reader may not see or change it.
    make : callable
        Builds the form of the record, bound to a post or (None) unbound.
    save : callable
        Calls the operation with the form's values and its `number`.
    authors : callable, optional
        Finds who saved a value, for the page that shows both versions.
    record : optional
        The record, where the view has just read it.

    Notes
    -----
    What `load` and the operation raise besides `InvalidInput` and `Conflict` goes on; a view that
    wears `keeping` then shows what was typed.
    """
    return _Edit(request, load, make, save, authors, record).begin()
