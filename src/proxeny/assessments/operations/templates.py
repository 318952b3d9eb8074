"""The teams write their own way of working on a market question, and what they learned of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.assessments.models import Lesson, Question, Template, TemplateItem
from proxeny.assessments.operations.catalogue import Entered, enter_team
from proxeny.assessments.operations.work import tidy
from proxeny.assessments.queries.engagements import get_engagement
from proxeny.assessments.queries.templates import TemplateRead, get_item, get_lesson, read_default
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.operations.room import CHANGED, note, save_version

Kind = TemplateItem.Kind
#: So many items of a kind a template has at most.
MOST = 30
MOST_DAYS = 365


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """A question, a step or a chapter; `after_days` (after the brief is signed) for a step alone."""

    kind: str
    text: str
    after_days: int | None = None


@transaction.atomic
def begin_template(*, actor: Reader, partnership_id: int, question: str, now: datetime) -> Template:
    """Give a partnership its own template, begun as ours is, in the active language.

    Where it has one already, nothing happens.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        No such market question; else as of `catalogue.enter_team`.
    """
    entered = _enter(actor, partnership_id, question)
    own = _find(entered, question)
    if own is not None:
        return own
    own = _make(entered, question, _items_of(read_default(question)), now)
    _note(actor, "begin_template", entered, own)
    return own


@transaction.atomic
def write_template(
    *,
    actor: Reader,
    partnership_id: int,
    question: str,
    version: int,
    items: Sequence[ItemFacts],
    now: datetime,
) -> Template:
    """Replace all items of a template with these, in their order.

    Parameters
    ----------
    version : int
        The version of the template that was read; 0 for the default one.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput, Conflict
        As of `add_item`; somebody saved in between.
    """
    entered = _enter(actor, partnership_id, question)
    checked = [_checked(one) for one in items]
    for kind in Kind.values:
        _refuse_many(sum(one.kind == kind for one in checked))
    own = _find(entered, question)
    if (own.version if own else 0) != version:
        raise Conflict(CHANGED)
    if own is None:
        own = _make(entered, question, checked, now)
    else:
        own.items.all().delete()
        _add_all(own, checked)
        save_version(own, changed_at=now)
    _note(actor, "write_template", entered, own)
    return own


@transaction.atomic
def add_item(
    *,
    actor: Reader,
    partnership_id: int,
    question: str,
    item: ItemFacts,
    now: datetime,
    order: int | None = None,
) -> TemplateItem:
    """Add a question, a step or a chapter to an own template: at the end, or at a place.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `begin_template`; the partnership has no template of its own.
    InvalidInput
        Nothing written, too long, too many, a step without days or with too many.
    """
    entered, own = _enter_own(actor, partnership_id, question)
    facts = _checked(item)
    others = list(own.items.filter(kind=facts.kind))
    _refuse_many(len(others) + 1)
    made = TemplateItem(
        template=own,
        partnership_id=partnership_id,
        kind=facts.kind,
        text=facts.text,
        after_days=facts.after_days,
        order=0,
    )
    place = len(others) if order is None else min(max(order, 1), len(others) + 1) - 1
    _number([*others[:place], made, *others[place:]])
    save_version(own, changed_at=now)
    _note(actor, "change_template", entered, own, added=facts.text)
    return made


@transaction.atomic
def change_item(
    *,
    actor: Reader,
    partnership_id: int,
    question: str,
    item_id: int,
    version: int,
    text: str,
    after_days: int | None,
    now: datetime,
) -> TemplateItem:
    """Change an item of an own template; errors as of `add_item`, and for a newer version."""
    entered, own = _enter_own(actor, partnership_id, question)
    item = get_item(own, item_id)
    if own.version != version:
        raise Conflict(CHANGED)
    facts = _checked(ItemFacts(item.kind, text, after_days))
    if (facts.text, facts.after_days) == (item.text, item.after_days):
        return item
    before = item.text
    item.text, item.after_days = facts.text, facts.after_days
    item.save(update_fields=["text", "after_days"])
    save_version(own, changed_at=now)
    _note(actor, "change_template", entered, own, text=[before, facts.text])
    return item


@transaction.atomic
def move_item(
    *, actor: Reader, partnership_id: int, question: str, item_id: int, up: bool, now: datetime
) -> TemplateItem:
    """Let an item change places with its neighbour; at the end of its list nothing happens."""
    entered, own = _enter_own(actor, partnership_id, question)
    item = get_item(own, item_id)
    rows = list(own.items.filter(kind=item.kind))
    place = next(number for number, one in enumerate(rows) if one.pk == item.pk)
    other = place + (-1 if up else 1)
    if not 0 <= other < len(rows):
        return item
    rows[place], rows[other] = rows[other], rows[place]
    _number(rows)
    save_version(own, changed_at=now)
    _note(actor, "change_template", entered, own, moved=item.text)
    return rows[other]


@transaction.atomic
def drop_item(
    *, actor: Reader, partnership_id: int, question: str, item_id: int, now: datetime
) -> TemplateItem:
    """Remove an item from an own template; return it as it was, so that `add_item` restores it."""
    entered, own = _enter_own(actor, partnership_id, question)
    item = get_item(own, item_id)
    own.items.filter(pk=item.pk).delete()
    _number(list(own.items.filter(kind=item.kind)))
    save_version(own, changed_at=now)
    _note(actor, "change_template", entered, own, dropped=item.text)
    return item


@transaction.atomic
def reset_template(*, actor: Reader, partnership_id: int, question: str, now: datetime) -> None:
    """Drop a partnership's own template: ours is shown again. Errors as of `begin_template`."""
    entered = _enter(actor, partnership_id, question)
    own = _find(entered, question)
    if own is None:
        return
    _note(actor, "reset_template", entered, own)
    own.delete()


@transaction.atomic
def write_lesson(
    *,
    actor: Reader,
    partnership_id: int,
    question: str,
    text: str,
    now: datetime,
    engagement_id: int | None = None,
) -> Lesson:
    """Keep what was learned about working on a market question; it names no client.

    Parameters
    ----------
    engagement_id : int, optional
        The engagement in which it was learned.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `begin_template`; the actor does not see the engagement.
    InvalidInput
        Nothing written, or too much.
    """
    entered = _enter(actor, partnership_id, question)
    text = _clean(text, 1000)
    if engagement_id is not None:
        get_engagement(engagement_id, partnership_id)
    lesson = Lesson.objects.create(
        partnership=entered.partnership,
        engagement_id=engagement_id,
        question=question,
        text=text,
        written_by_id=actor.person,
        created_at=now,
    )
    _note(actor, "write_lesson", entered, lesson)
    return lesson


@transaction.atomic
def apply_lesson(*, actor: Reader, partnership_id: int, lesson_id: int, now: datetime) -> Lesson:
    """Say that a lesson is in the template now. Errors as of `catalogue.enter_team`."""
    return _mark(actor, "apply_lesson", (partnership_id, lesson_id), now)


@transaction.atomic
def open_lesson(*, actor: Reader, partnership_id: int, lesson_id: int, now: datetime) -> Lesson:
    """Say that a lesson is not in the template yet. Errors as of `catalogue.enter_team`."""
    return _mark(actor, "open_lesson", (partnership_id, lesson_id), None)


def _mark(actor: Reader, verb: str, which: tuple[int, int], at: datetime | None) -> Lesson:
    partnership_id, lesson_id = which
    entered = enter_team(actor, partnership_id)
    lesson = get_lesson(partnership_id, lesson_id)
    if (lesson.applied_at is None) != (at is None):
        lesson.applied_at = at
        lesson.save(update_fields=["applied_at"])
        _note(actor, verb, entered, lesson)
    return lesson


def _enter(actor: Reader, partnership_id: int, question: str) -> Entered:
    if question not in Question.values:
        raise NotFound(_("We couldn’t find this market question."))
    return enter_team(actor, partnership_id)


def _enter_own(actor: Reader, partnership_id: int, question: str) -> tuple[Entered, Template]:
    entered = _enter(actor, partnership_id, question)
    own = _find(entered, question)
    if own is None:
        raise Conflict(
            _("This is Proxeny’s own template. Create your own copy before you change it.")
        )
    return entered, own


def _find(entered: Entered, question: str) -> Template | None:
    return Template.objects.filter(partnership=entered.partnership, question=question).first()


def _make(entered: Entered, question: str, items: Sequence[ItemFacts], now: datetime) -> Template:
    own = Template.objects.create(
        partnership=entered.partnership, question=question, changed_at=now
    )
    _add_all(own, items)
    return own


def _items_of(read: TemplateRead) -> list[ItemFacts]:
    return [
        *(ItemFacts(Kind.QUESTION, text) for text in read.questions),
        *(ItemFacts(Kind.STEP, text, days) for text, days in read.steps),
        *(ItemFacts(Kind.CHAPTER, text) for text in read.chapters),
    ]


def _add_all(own: Template, items: Sequence[ItemFacts]) -> None:
    number = dict.fromkeys(Kind.values, 0)
    rows = []
    for one in items:
        number[one.kind] += 1
        rows.append(
            TemplateItem(
                template=own,
                partnership_id=own.partnership_id,
                kind=one.kind,
                text=one.text,
                after_days=one.after_days,
                order=number[one.kind],
            )
        )
    TemplateItem.objects.bulk_create(rows)


def _number(rows: Sequence[TemplateItem]) -> None:
    """Write items in this order, from one."""
    for number, one in enumerate(rows, 1):
        if one.order != number:
            one.order = number
            one.save()


def _checked(item: ItemFacts) -> ItemFacts:
    if item.kind not in Kind.values:
        raise InvalidInput(_("Choose an option from the list."), field="kind")
    text = _clean(item.text, 300)
    if item.kind != Kind.STEP:
        return ItemFacts(item.kind, text)
    if item.after_days is None or not 0 <= item.after_days <= MOST_DAYS:
        raise InvalidInput(
            _("Enter the number of days after the brief, from 0 to %(most)s.")
            % {"most": MOST_DAYS},
            field="after_days",
        )
    return ItemFacts(item.kind, text, item.after_days)


def _clean(text: str, most: int) -> str:
    text = tidy(text)
    if not text:
        raise InvalidInput(_("Enter a sentence."), field="text")
    if len(text) > most:
        raise InvalidInput(_("Use %(most)s characters or fewer.") % {"most": most}, field="text")
    return text


def _refuse_many(count: int) -> None:
    if count > MOST:
        raise InvalidInput(
            _("A template can have up to %(most)s of each kind. Remove one first.")
            % {"most": MOST},
            field="text",
        )


def _note(
    actor: Reader, verb: str, entered: Entered, one: Template | Lesson, **changes: str | list[str]
) -> None:
    note(actor, verb, entered, one, changes={"question": str(one.question), **changes})
