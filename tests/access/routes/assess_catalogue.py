"""How each page of services, templates and lessons is tried."""

from collections.abc import Callable

from proxeny.assessments.models import Lesson, Service, Template, TemplateItem
from proxeny.partnerships.models import Agreement
from tests.access.crowd import Crowd
from tests.access.routes._route import Route, by_matrix
from tests.factories.assessments import (
    LessonFactory,
    TemplateFactory,
    TemplateItemFactory,
    make_service,
)
from tests.factories.partnerships import AgreementFactory

Arguments = Callable[[Crowd], dict]
State = Service.State


def room(crowd: Crowd) -> dict:
    """Return the room of A and B."""
    return {"pk": crowd.world.partnership.pk}


def service(crowd: Crowd, state: str = State.OFFERED) -> Service:
    """Return a service of A and B as it stands in a state, on terms that both have signed."""
    found = Service.objects.filter(partnership=crowd.world.partnership).order_by("pk").first()
    one = found or make_service(crowd.world)
    Service.objects.filter(pk=one.pk).exclude(state=state).update(state=state)
    values = {
        "partnership": one.partnership,
        "kind": Agreement.Kind.SERVICE,
        "subject": str(one.pk),
    }
    if state != State.DRAFT and not Agreement.objects.filter(**values).exists():
        AgreementFactory(**values, completed_at=one.created_at, text="Terms of the service.")
    return one


def at(state: str = State.OFFERED) -> Arguments:
    """Return what finds a service in a state."""
    return lambda crowd: room(crowd) | {"service_id": service(crowd, state).pk}


def offer(crowd: Crowd) -> dict:
    """Return a service on offer, as companies find it."""
    return {"service_id": service(crowd).pk}


def own_template(crowd: Crowd) -> Template:
    """Return the template of A and B about demand, with a line."""
    found = Template.objects.filter(partnership=crowd.world.partnership, question="demand").first()
    one = found or TemplateFactory(partnership=crowd.world.partnership)
    if not one.items.exists():
        TemplateItemFactory(template=one, after_days=9)
    return one


def question(crowd: Crowd) -> dict:
    """Return the question of the template."""
    return room(crowd) | {"question": own_template(crowd).question}


def line(crowd: Crowd) -> dict:
    """Return a line of the template."""
    found = TemplateItem.objects.filter(template=own_template(crowd)).earliest("pk")
    return question(crowd) | {"item_id": found.pk}


def lesson(crowd: Crowd) -> dict:
    """Return a lesson of A and B."""
    found = Lesson.objects.filter(partnership=crowd.world.partnership).order_by("pk").first()
    return room(crowd) | {
        "lesson_id": (found or LessonFactory(partnership=crowd.world.partnership)).pk
    }


def _text(crowd: Crowd) -> dict:
    return {"text": "Ask at once.", "chapter-text": "Ports", "version": 1, "after_days": 9}


def _words(crowd: Crowd) -> dict:
    return {
        "question": "demand",
        "price": "100",
        "currency": "EUR",
        "payer": "client",
        "capacity": "2",
        "promised_days": "30",
        "name_en": "A check",
        "summary_en": "Short.",
        "version": 1,
    }


CATALOGUE = by_matrix(
    {
        "assessments:catalogue": Route(room),
        "assessments:service-new": Route(room, data=_words),
        "assessments:service": Route(at(State.DRAFT)),
        "history:show service": Route(
            lambda crowd: {"kind": "service", "pk": service(crowd, State.DRAFT).pk}
        ),
        "assessments:service-edit": Route(at(), data=_words),
        "assessments:service-deliverer": Route(
            at(), data=lambda crowd: {"person": crowd.world.a.manager.pk}, posts_only=True
        ),
        "assessments:service-terms": Route(
            at(State.DRAFT), data=lambda _: {"seen": 1}, posts_only=True
        ),
        "assessments:service-pause": Route(at(), posts_only=True),
        "assessments:service-resume": Route(at(State.PAUSED), posts_only=True),
        "assessments:service-retire": Route(at(), posts_only=True),
        "assessments:service-reopen": Route(at(State.RETIRED), posts_only=True),
        "assessments:templates": Route(room),
        "assessments:template": Route(question),
        "assessments:template-begin": Route(question, posts_only=True),
        "assessments:template-add": Route(
            lambda crowd: question(crowd) | {"kind": "chapter"}, data=_text, posts_only=True
        ),
        "assessments:template-line": Route(line, data=_text),
        "assessments:template-line-move": Route(line, data=lambda _: {"to": "up"}, posts_only=True),
        "assessments:template-line-drop": Route(line, posts_only=True),
        "assessments:template-restore": Route(
            question, query="?kind=chapter&text=Ports", posts_only=True
        ),
        "assessments:template-reset": Route(question),
        "assessments:lessons": Route(question),
        "assessments:lesson-write": Route(question, data=_text, posts_only=True),
        "assessments:lesson-apply": Route(lesson, posts_only=True),
        "assessments:lesson-open": Route(lesson, posts_only=True),
        "assessments:services": Route(),
        "assessments:offer": Route(offer),
    }
)
