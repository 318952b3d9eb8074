"""How each page of labels: schemes, their texts and versions is tried."""

from collections.abc import Callable

from django.db.models import Model

from proxeny.labels.models import Condition, Criterion, Indicator, Level, Quota, Round, Scheme
from tests.access.crowd import Crowd
from tests.access.labels import scheme
from tests.access.places import at, room
from tests.access.routes._route import Route, by_matrix, reason

KINDS: dict[str, type[Model]] = {
    "scheme": Scheme,
    "label-criterion": Criterion,
    "label-indicator": Indicator,
    "label-condition": Condition,
    "label-level": Level,
    "label-quota": Quota,
}


def _kind(name: str) -> Callable[[Crowd], dict]:
    return lambda crowd: room(crowd) | {"kind": name}


def _record(name: str, model: type[Model]) -> Callable[[Crowd], dict]:
    return lambda crowd: room(crowd) | {"kind": name, "record_id": model.objects.earliest("pk").pk}


def _words(name: str, model: type[Model]) -> Callable[[Crowd], dict]:
    """Return what is written of a record as it stands, and in which version."""

    def found(crowd: Crowd) -> dict:
        from proxeny.partnerships.kinds import KINDS as ALL

        one = model.objects.earliest("pk")
        values = {
            field: getattr(one, model._meta.get_field(field).attname) for field in ALL[name].fields
        }
        return {key: value for key, value in values.items() if value not in (None, False)} | {
            "version": one.version
        }

    return found


PAGES: dict[str, Route] = by_matrix(
    {
        "labels:list": Route(room),
        "labels:scheme": Route(at(scheme_id=scheme)),
        "labels:publication": Route(at(scheme_id=scheme)),
        "labels:version": Route(lambda crowd: at(scheme_id=scheme)(crowd) | {"number": 1}),
        "labels:texts": Route(at(scheme_id=scheme), query="?language=fr"),
        "labels:scheme-begin": Route(at(scheme_id=scheme), posts_only=True),
        "labels:scheme-take-back": Route(at(scheme_id=scheme), posts_only=True),
        "labels:publication-ask": Route(
            at(scheme_id=scheme), data=lambda _: {"seen": "0" * 64}, posts_only=True
        ),
        "labels:publication-withdraw": Route(at(scheme_id=scheme), data=reason, posts_only=True),
        "history:show scheme": Route(lambda _: {"kind": "scheme", "pk": scheme().pk}),
        "partnerships:record-add scheme": Route(
            _kind("scheme"),
            data=lambda crowd: _words("scheme", Scheme)(crowd) | {"slug": "atlas-two"},
        ),
        **{
            f"partnerships:record {name}": Route(_record(name, model), data=_words(name, model))
            for name, model in KINDS.items()
        },
        **{f"partnerships:record-export {name}": Route(_kind(name)) for name in KINDS},
        "partnerships:record label-round": Route(
            _record("label-round", Round), data=_words("label-round", Round)
        ),
        "partnerships:record-export label-round": Route(_kind("label-round")),
    }
)
