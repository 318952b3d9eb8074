"""Who may use which route of studies, under /api/v1/research."""

from proxeny.research.models import Study
from tests.access.api.route import ApiRoute
from tests.access.places import by_program, room
from tests.access.research import at

ALL = "/api/v1/research/{partnership_id}/studies"
ONE = f"{ALL}/{{study_id}}"
PLANNING, CONCLUDED = Study.State.PLANNING, Study.State.CONCLUDED

ROUTES = {
    "list_studies": ApiRoute("GET", ALL, by_program(room)),
    "show_study": ApiRoute("GET", ONE, by_program(at())),
    # Not all is thought of, and no outcome is noted: it is theirs to be told so.
    "begin_study": ApiRoute("POST", f"{ONE}/begin", by_program(at(PLANNING)), statuses=(409,)),
    "conclude_study": ApiRoute(
        "POST",
        f"{ONE}/conclude",
        by_program(at()),
        lambda _: {"summary": "They earn more."},
        statuses=(409,),
    ),
    "reopen_study": ApiRoute(
        "POST", f"{ONE}/reopen", by_program(at(CONCLUDED)), lambda _: {"reason": "More came."}
    ),
}
