"""Who may use which route of boards, under /api/v1/insight."""

from tests.access.api.route import ApiRoute
from tests.access.places import by_program, room

_BOARD = "/api/v1/insight/partnerships/{partnership_id}/board"
ROUTES: dict[str, ApiRoute] = {
    "show_board": ApiRoute("GET", _BOARD, by_program(room)),
    "export_board": ApiRoute("GET", f"{_BOARD}/file", by_program(room)),
    "show_board_mail": ApiRoute("GET", f"{_BOARD}/mail", by_program(room)),
    "choose_board_mail": ApiRoute(
        "PUT", f"{_BOARD}/mail", by_program(room), lambda _: {"wanted": True}
    ),
}
