"""Who may use which route of alliances, under /api/v1/alliances."""

from tests.access.alliances import by_program
from tests.access.api.route import ApiRoute

PAGE = "/api/v1/alliances/{partnership_id}/page"
PUBLISHED = "/api/v1/alliances/published"

ROUTES: dict[str, ApiRoute] = {
    "list_published_pages": ApiRoute("GET", PUBLISHED),
    "show_published_page": ApiRoute("GET", f"{PUBLISHED}/{{slug}}", lambda _: {"slug": "ports"}),
    "show_page": ApiRoute("GET", PAGE, by_program),
    "write_page": ApiRoute("PATCH", PAGE, by_program, lambda _: {"headline": "Clean ports"}),
    "preview_page": ApiRoute("GET", f"{PAGE}/preview", by_program),
    "list_page_versions": ApiRoute("GET", f"{PAGE}/versions", by_program),
    # It is not what was read.
    "ask_page": ApiRoute(
        "POST",
        f"{PAGE}/publication",
        by_program,
        lambda _: {"checksum": "0" * 64},
        statuses=(409,),
    ),
    "withdraw_page": ApiRoute(
        "POST", f"{PAGE}/withdraw", by_program, lambda _: {"reason": "It does not fit."}
    ),
}
