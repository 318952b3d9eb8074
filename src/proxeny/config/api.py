"""The API: every capability's routes under /api/v1, over the same operations as the pages."""

import json
from typing import Any

from django.urls import URLPattern, URLResolver

from proxeny.accounts.api import router as people
from proxeny.alliances.api import router as alliances
from proxeny.ambassadors.api import router as desk
from proxeny.assessments.api import router as assessments
from proxeny.bids.api import router as bids
from proxeny.calls.api import router as calls
from proxeny.directory.api import router as directory
from proxeny.events.api import router as events
from proxeny.insight.api import router as insight
from proxeny.kernel.api.jobs import router as work
from proxeny.kernel.api.problems import teach
from proxeny.kernel.api.schema import Api, ShallowParser
from proxeny.kernel.api.waiting import router as waiting
from proxeny.labels.api import router as labels
from proxeny.meetings.api import router as meetings
from proxeny.notices.api import router as notices
from proxeny.partnerships.api import router as partnerships
from proxeny.research.api import router as research
from proxeny.webhooks.api import router as webhooks

api = Api(
    title="Proxeny",
    version="1",
    description=(
        "Everything you can do on Proxeny's pages, for programs. A token acts for one seat of one "
        "person and never exceeds its rights. Errors are problem documents (RFC 9457) with a "
        "sentence for people."
    ),
    docs_url=None,
    urls_namespace="api",
    parser=ShallowParser(),
)
teach(api)
api.add_router("/people", people)
api.add_router("/notices", notices)
api.add_router("/waiting", waiting)
api.add_router("/directory", directory)
api.add_router("/work", work)
api.add_router("/events", events)
api.add_router("/meetings", meetings)
api.add_router("/partnerships", partnerships)
api.add_router("/desk", desk)
api.add_router("/assessments", assessments)
api.add_router("/calls", calls)
api.add_router("/research", research)
api.add_router("/bids", bids)
api.add_router("/alliances", alliances)
api.add_router("/labels", labels)
api.add_router("/insight", insight)
api.add_router("/webhooks", webhooks)


def describe_api() -> str:
    """Return the API's description as JSON, the same text each time."""
    return json.dumps(api.get_openapi_schema(), indent=1, ensure_ascii=False) + "\n"


def _without_session(patterns: list[Any]) -> list[URLPattern | URLResolver]:
    # Each router's token identifies the caller; the pages' sign-in does not apply here.
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            view: Any = pattern.callback
            view.login_required = False
    return patterns


def api_urls() -> tuple[list[Any], str, str]:
    """Return the routes in the form that `path` takes."""
    patterns, app_name, namespace = api.urls
    return _without_session(patterns), app_name, namespace
