"""Who may use which route under /api/v1/work."""

from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd


def _job(crowd: Crowd) -> dict:
    return {"job_id": crowd.job.pk}


def _failed(crowd: Crowd) -> dict:
    return {"job_id": crowd.failed.pk}


ROUTES: dict[str, ApiRoute] = {
    "list_jobs": ApiRoute("GET", "/api/v1/work/jobs"),
    "show_job": ApiRoute("GET", "/api/v1/work/jobs/{job_id}", _job),
    # Each sees the failed work of their own, which may be none.
    "list_failed_jobs": ApiRoute("GET", "/api/v1/work/failed"),
    "retry_job": ApiRoute("POST", "/api/v1/work/jobs/{job_id}/retry", _failed),
    "dismiss_job": ApiRoute("POST", "/api/v1/work/jobs/{job_id}/dismiss", _failed),
    "stop_job": ApiRoute("POST", "/api/v1/work/jobs/{job_id}/stop", _job),
}
