"""How each route of the API is tried. Who may use it is said in the access matrix alone.

A key is a route's operation id, with a word after it where the same route is tried on another
object. One file an area: `tests/access/api/<area>.py`. A token needs a seat, so that `nobody` and
`stranger` of the crowd have none: they are the calls without a token.
"""

from dataclasses import replace

from tests.access import matrix
from tests.access.api import (
    alliances,
    assess_catalogue,
    assess_engagements,
    assess_figures,
    assess_reports,
    assess_work,
    bid_papers,
    bid_partners,
    bid_searches,
    bid_submission,
    bid_work,
    bids,
    call_bids,
    calls,
    desk,
    directory,
    events,
    insight_boards,
    insight_foresight,
    insight_networks,
    insight_outcomes,
    label_applications,
    label_awards,
    label_jury,
    label_life,
    label_public,
    label_schemes,
    label_scores,
    label_selection,
    meetings,
    notices,
    partnerships,
    people,
    research_advice,
    research_packages,
    research_publication,
    research_studies,
    webhooks,
    work,
)
from tests.access.api.route import ApiRoute
from tests.access.routes import SEATED, readers_of

_AREAS: dict[str, dict[str, ApiRoute]] = {
    "people": people.ROUTES,
    "notices": notices.ROUTES,
    "directory": directory.ROUTES,
    "work": work.ROUTES,
    "partnerships": partnerships.ROUTES,
    "desk": desk.ROUTES,
    "assessments": {
        **assess_catalogue.ROUTES,
        **assess_engagements.ROUTES,
        **assess_figures.ROUTES,
        **assess_reports.ROUTES,
        **assess_work.ROUTES,
    },
    "research": {
        **research_advice.ROUTES,
        **research_packages.ROUTES,
        **research_publication.ROUTES,
        **research_studies.ROUTES,
    },
    "bids": {
        **bids.ROUTES,
        **bid_papers.ROUTES,
        **bid_partners.ROUTES,
        **bid_searches.ROUTES,
        **bid_submission.ROUTES,
        **bid_work.ROUTES,
    },
    "alliances": alliances.ROUTES,
    "labels": {
        **label_applications.ROUTES,
        **label_awards.ROUTES,
        **label_jury.ROUTES,
        **label_life.ROUTES,
        **label_public.ROUTES,
        **label_schemes.ROUTES,
        **label_scores.ROUTES,
        **label_selection.ROUTES,
    },
    "insight": {
        **insight_boards.ROUTES,
        **insight_foresight.ROUTES,
        **insight_networks.ROUTES,
        **insight_outcomes.ROUTES,
    },
    "calls": {**calls.ROUTES, **call_bids.ROUTES},
    "meetings": meetings.ROUTES,
    "events": events.ROUTES,
    "webhooks": webhooks.ROUTES,
}


def _by_matrix(routes: dict[str, ApiRoute]) -> dict[str, ApiRoute]:
    found = {key: readers_of(key, matrix.programs()) for key in routes}
    return {
        key: replace(one, readers=tuple(who for who in found[key] if who in SEATED))
        for key, one in routes.items()
    }


AREAS = {area: _by_matrix(routes) for area, routes in _AREAS.items()}

API_ROUTES: dict[str, ApiRoute] = {
    key: route for routes in AREAS.values() for key, route in routes.items()
}
