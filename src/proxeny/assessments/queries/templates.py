"""A partnership's templates for market questions, and the lessons learned."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext as _

from proxeny.assessments.defaults import DEFAULTS
from proxeny.assessments.models import Lesson, Question, Template, TemplateItem
from proxeny.kernel.errors import NotFound

Kind = TemplateItem.Kind


@dataclass(frozen=True, slots=True)
class TemplateRead:
    """A current template: a partnership's own, or the default one in the active language.

    Attributes
    ----------
    steps : list of (str, int)
        The tasks, and their days after the signature of the brief.
    """

    questions: list[str]
    steps: list[tuple[str, int]]
    chapters: list[str]
    is_own: bool


def read_template(partnership_id: int, question: str) -> TemplateRead:
    """Return a partnership's template for a market question. At most two queries.

    Readers outside the teams read the default one: the policy hides the partnership's own. Callers
    that need it on a client's behalf read in the service role.
    """
    own = Template.objects.filter(partnership_id=partnership_id, question=question).first()
    return read_default(question) if own is None else _read(own)


def read_default(question: str) -> TemplateRead:
    """Return our own template of a market question, in the active language."""
    ours = DEFAULTS[question]
    return TemplateRead(
        questions=[str(one) for one in ours.questions],
        steps=[(str(text), days) for text, days in ours.steps],
        chapters=[str(one) for one in ours.chapters],
        is_own=False,
    )


def _read(own: Template) -> TemplateRead:
    items = list(own.items.order_by("kind", "order", "pk"))
    return TemplateRead(
        questions=[one.text for one in items if one.kind == Kind.QUESTION],
        steps=[(one.text, one.after_days or 0) for one in items if one.kind == Kind.STEP],
        chapters=[one.text for one in items if one.kind == Kind.CHAPTER],
        is_own=True,
    )


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a template; `pk` is None in ours, where nothing can be changed."""

    pk: int | None
    kind: str
    text: str
    after_days: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A template as its page shows it: the lines by kind, and its last change."""

    question: str
    version: int
    items: dict[str, list[Item]]
    changed_at: datetime | None

    @property
    def is_own(self) -> bool:
        """Whether the partnership has written its own."""
        return self.version > 0


def read_sheet(partnership_id: int, question: str) -> Sheet:
    """Return a template with all that its page shows. At most two queries.

    Raises
    ------
    NotFound
        There is no such market question.
    """
    if question not in Question.values:
        raise NotFound(_("We couldn’t find this market question."))
    own = Template.objects.filter(partnership_id=partnership_id, question=question).first()
    if own is None:
        return Sheet(question, 0, _ours(question), None)
    items: dict[str, list[Item]] = {kind: [] for kind in Kind.values}
    for one in own.items.order_by("kind", "order", "pk"):
        items[one.kind].append(Item(one.pk, one.kind, one.text, one.after_days))
    return Sheet(question, own.version, items, own.changed_at)


def _ours(question: str) -> dict[str, list[Item]]:
    read = read_default(question)
    return {
        Kind.QUESTION: [Item(None, Kind.QUESTION, text, None) for text in read.questions],
        Kind.STEP: [Item(None, Kind.STEP, text, days) for text, days in read.steps],
        Kind.CHAPTER: [Item(None, Kind.CHAPTER, text, None) for text in read.chapters],
    }


def list_own(partnership_id: int) -> dict[str, Template]:
    """Return the templates that a partnership has written, by market question. One query."""
    return {one.question: one for one in Template.objects.filter(partnership_id=partnership_id)}


def get_own(partnership_id: int, question: str) -> Template:
    """Return a partnership's own template; `NotFound` if it has none or the reader sees none."""
    found = Template.objects.filter(partnership_id=partnership_id, question=question).first()
    if found is None:
        raise NotFound(_("We couldn’t find this template."))
    return found


def get_item(own: Template, item_id: int) -> TemplateItem:
    """Return an item of a template; `NotFound` if it was dropped or is another's."""
    found = own.items.filter(pk=item_id).first()
    if found is None:
        raise NotFound(_("This line is no longer in the template."))
    return found


def find_lessons(partnership_id: int, question: str = "") -> QuerySet[Lesson]:
    """Return the lessons on one question or all: the open ones first, then the newest."""
    found = Lesson.objects.filter(partnership_id=partnership_id).select_related("written_by")
    if question:
        found = found.filter(question=question)
    return found.order_by(F("applied_at").desc(nulls_first=True), "-created_at", "-pk")


def count_open(partnership_id: int) -> dict[str, int]:
    """Return the numbers of lessons not in the template yet, by market question. One query."""
    found = Lesson.objects.filter(partnership_id=partnership_id, applied_at=None)
    return dict(found.values_list("question").annotate(count=Count("pk")))


def get_lesson(partnership_id: int, lesson_id: int) -> Lesson:
    """Return a lesson; `NotFound` if there is none or the reader sees none."""
    found = Lesson.objects.filter(pk=lesson_id, partnership_id=partnership_id).first()
    if found is None:
        raise NotFound(_("We couldn’t find this lesson."))
    return found
