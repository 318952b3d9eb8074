"""How each route is tried, one file an area. Who may open it is said in the access matrix alone."""

from tests.access.routes import (
    alliances,
    bid_papers,
    bid_partners,
    bid_searches,
    bid_submission,
    bid_work,
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
)
from tests.access.routes._route import (
    EVERYBODY,
    MANAGERS,
    SEATED,
    SIGNED_IN,
    A,
    Route,
    name_of,
    readers_of,
)
from tests.access.routes.agenda import AGENDA
from tests.access.routes.assess_catalogue import CATALOGUE
from tests.access.routes.assess_engagements import ENGAGEMENTS
from tests.access.routes.assess_figures import FIGURES
from tests.access.routes.assess_reports import REPORTS
from tests.access.routes.assess_work import WORK_OF_ASSESSMENTS
from tests.access.routes.bids import BIDS
from tests.access.routes.call_bids import CALL_BIDS
from tests.access.routes.calls import CALLS
from tests.access.routes.desk import DESK, INTRODUCED
from tests.access.routes.directory import DIRECTORY
from tests.access.routes.events import EVENTS
from tests.access.routes.notices import NOTICES
from tests.access.routes.notices import PUBLIC as PUBLIC_NOTICES
from tests.access.routes.partnerships import PARTNERSHIPS
from tests.access.routes.people import PEOPLE
from tests.access.routes.public import PUBLIC as PUBLIC_PAGES
from tests.access.routes.research_advice import ADVICE
from tests.access.routes.research_packages import PACKAGES
from tests.access.routes.research_public import PUBLIC_STUDIES
from tests.access.routes.research_publication import PUBLICATIONS
from tests.access.routes.research_studies import STUDIES
from tests.access.routes.room import ROOM
from tests.access.routes.webhooks import WEBHOOKS
from tests.access.routes.work import MEETINGS, WORK

PUBLIC: dict[str, Route] = {
    **PUBLIC_PAGES,
    **PUBLIC_STUDIES,
    **alliances.PUBLIC,
    **label_public.PUBLIC,
    **PUBLIC_NOTICES,
}

CAPABILITIES: dict[str, dict[str, Route]] = {
    "work": WORK,
    "directory": DIRECTORY,
    "people": PEOPLE,
    "notices": NOTICES,
    "partnerships": PARTNERSHIPS,
    "room": ROOM,
    "events": EVENTS,
    "agenda": AGENDA,
    "desk": DESK,
    "introduced": INTRODUCED,
    "catalogue": CATALOGUE,
    "work of assessments": WORK_OF_ASSESSMENTS,
    "engagements": ENGAGEMENTS,
    "figures": FIGURES,
    "reports": REPORTS,
    "recommendations of studies": ADVICE,
    "data packages": PACKAGES,
    "publications": PUBLICATIONS,
    "studies": STUDIES,
    "calls": CALLS,
    "what is done with calls": CALL_BIDS,
    "bids": BIDS,
    "partners of bids": bid_partners.PAGES,
    "searches for partners": bid_searches.PAGES,
    "work of bids": bid_work.PAGES,
    "documents of bids": bid_papers.PAGES,
    "submission of bids": bid_submission.PAGES,
    "alliances": alliances.PAGES,
    "labels: schemes, their texts and versions": label_schemes.PAGES,
    "applications for a label": label_applications.PAGES,
    "rounds and juries": label_jury.PAGES,
    "scores": label_scores.PAGES,
    "selections, results and appeals": label_selection.PAGES,
    "networks": insight_networks.ROUTES,
    "foresight": insight_foresight.ROUTES,
    "outcomes": insight_outcomes.ROUTES,
    "boards": insight_boards.ROUTES,
    "keys, awards and revocations": label_awards.PAGES,
    "what becomes of awards": label_life.PAGES,
    "meetings": MEETINGS,
    "webhooks": WEBHOOKS,
}

ROUTES: dict[str, Route] = {
    key: route for routes in CAPABILITIES.values() for key, route in routes.items()
}

__all__ = [
    "ADVICE",
    "AGENDA",
    "CALLS",
    "CALL_BIDS",
    "CAPABILITIES",
    "CATALOGUE",
    "DESK",
    "DIRECTORY",
    "ENGAGEMENTS",
    "EVENTS",
    "EVERYBODY",
    "FIGURES",
    "INTRODUCED",
    "MANAGERS",
    "MEETINGS",
    "NOTICES",
    "PACKAGES",
    "PARTNERSHIPS",
    "PEOPLE",
    "PUBLIC",
    "PUBLICATIONS",
    "PUBLIC_STUDIES",
    "REPORTS",
    "ROOM",
    "ROUTES",
    "SEATED",
    "SIGNED_IN",
    "STUDIES",
    "WEBHOOKS",
    "WORK",
    "WORK_OF_ASSESSMENTS",
    "A",
    "Route",
    "name_of",
    "readers_of",
]
