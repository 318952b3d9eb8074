"""Who may use which route under /api/v1/work."""

from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd


def _job(crowd: Crowd) -> dict:
    return {"job_id": crowd.job.pk}


ROUTES: dict[str, ApiRoute] = {
    "list_jobs": ApiRoute("GET", "/api/v1/work/jobs"),
    "show_job": ApiRoute("GET", "/api/v1/work/jobs/{job_id}", _job),
    "stop_job": ApiRoute("POST", "/api/v1/work/jobs/{job_id}/stop", _job),
}
