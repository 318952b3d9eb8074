"""Who may use which route of documents and steps of bids."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access.api.route import ApiRoute
from tests.access.bids import at
from tests.access.crowd import Crowd
from tests.access.places import by_program
from tests.access.routes.bid_papers import paper, version

ONE = "/api/v1/bids/{partnership_id}/{bid_id}"
PAPERS = f"{ONE}/papers"
VERSIONS = f"{PAPERS}/{{paper_id}}/versions"


def _file(crowd: Crowd) -> dict:
    return {"file": SimpleUploadedFile("Plan.txt", b"A plan")}


ROUTES: dict[str, ApiRoute] = {
    "list_bid_papers": ApiRoute("GET", PAPERS, by_program(at())),
    "bring_bid_paper": ApiRoute("POST", PAPERS, by_program(at()), data=_file, form=True),
    "bring_bid_paper_version": ApiRoute(
        "POST", VERSIONS, by_program(at(paper_id=paper)), data=_file, form=True
    ),
    "download_bid_paper": ApiRoute("GET", f"{VERSIONS}/{{number}}", by_program(version)),
    "list_bid_steps": ApiRoute("GET", f"{ONE}/steps", by_program(at())),
    "plan_bid_steps": ApiRoute("POST", f"{ONE}/steps/plan", by_program(at()), statuses=(201, 409)),
    "move_bid_steps": ApiRoute(
        "POST", f"{ONE}/steps/move", by_program(at()), data=lambda _: {}, statuses=(200, 409)
    ),
}
