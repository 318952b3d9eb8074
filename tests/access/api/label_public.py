"""Who may use which route of what everybody reads of labels, under /api/v1/labels."""

from tests.access.api.route import ApiRoute

PUBLISHED = "/api/v1/labels/published"

ROUTES: dict[str, ApiRoute] = {
    "list_published_labels": ApiRoute("GET", PUBLISHED),
    "show_published_label": ApiRoute("GET", f"{PUBLISHED}/{{slug}}", lambda _: {"slug": "atlas"}),
    "show_published_label_version": ApiRoute(
        "GET",
        f"{PUBLISHED}/{{slug}}/versions/{{number}}",
        lambda _: {"slug": "atlas", "number": 1},
    ),
    "show_public_award": ApiRoute(
        "GET", "/api/v1/labels/awards/{code}", lambda _: {"code": "awardofamember"}
    ),
    "check_award": ApiRoute(
        "POST", "/api/v1/labels/verify", data=lambda _: {"address": "awardofamember"}
    ),
}
