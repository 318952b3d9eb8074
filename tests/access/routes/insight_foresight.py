"""How each page of insight's foresight is tried."""

from collections.abc import Callable

from django.db.models import Model

from proxeny.insight.models import Trend, TrendEvidence
from tests.access.crowd import Crowd
from tests.access.insight import topic_of_both, trend
from tests.access.places import at, room
from tests.access.routes._route import Route, by_matrix

KINDS: dict[str, type[Model]] = {"trend": Trend, "trend-evidence": TrendEvidence}


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
        return {key: value for key, value in values.items() if value not in (None, "")} | {
            "version": one.version
        }

    return found


ROUTES: dict[str, Route] = by_matrix(
    {
        "insight:radar": Route(room),
        "insight:trend": Route(at(trend_id=trend)),
        "insight:needs": Route(room),
        "insight:cell": Route(at(trend_id=trend)),
        # Who has said something else meanwhile is shown the form again.
        "insight:trend-weigh": Route(
            at(trend_id=trend),
            data=lambda _: {"relevance": 4, "seen": ""},
            posts_only=True,
            statuses=(302, 422),
        ),
        "insight:topic-take": Route(
            room, data=lambda crowd: {"topic": topic_of_both(crowd)}, posts_only=True
        ),
        "partnerships:record-add trend": Route(_kind("trend"), data=_words("trend", Trend)),
        **{
            f"partnerships:record {name}": Route(_record(name, model), data=_words(name, model))
            for name, model in KINDS.items()
        },
        **{f"partnerships:record-export {name}": Route(_kind(name)) for name in KINDS},
        **{
            f"history:show {name}": Route(
                lambda _, name=name, model=model: {
                    "kind": name,
                    "pk": model.objects.earliest("pk").pk,
                }
            )
            for name, model in KINDS.items()
        },
    }
)
