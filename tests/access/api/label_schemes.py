"""Who may use which route of labels: schemes, their texts and versions, under /api/v1/labels."""

from tests.access.api.route import ApiRoute
from tests.access.labels import scheme
from tests.access.places import at, by_program, room

ALL = "/api/v1/labels/partnerships/{partnership_id}"

ONE = f"{ALL}/schemes/{{scheme_id}}"
_of_scheme = by_program(at(scheme_id=scheme))
_of_version = by_program(lambda crowd: at(scheme_id=scheme)(crowd) | {"number": 1})
_in_french = by_program(lambda crowd: at(scheme_id=scheme)(crowd) | {"language": "fr"})

ROUTES = {
    "list_labels": ApiRoute("GET", f"{ALL}/schemes", by_program(room)),
    "show_label": ApiRoute("GET", ONE, _of_scheme),
    "list_label_texts": ApiRoute("GET", f"{ONE}/wordings/{{language}}", _in_french),
    "write_label_texts": ApiRoute(
        "PUT", f"{ONE}/wordings/{{language}}", _in_french, lambda _: {"texts": []}
    ),
    "list_label_versions": ApiRoute("GET", f"{ONE}/versions", _of_scheme),
    "show_label_version": ApiRoute("GET", f"{ONE}/versions/{{number}}", _of_version),
    # Something is written already.
    "begin_label": ApiRoute("POST", f"{ONE}/example", _of_scheme, statuses=(409,)),
    "take_back_label_example": ApiRoute(
        "POST", f"{ONE}/example/take-back", _of_scheme, lambda _: {"keys": []}
    ),
    # It is not what was read; its texts are missing in French.
    "ask_label": ApiRoute(
        "POST",
        f"{ONE}/publication",
        _of_scheme,
        lambda _: {"checksum": "0" * 64},
        statuses=(422,),
    ),
    "withdraw_label": ApiRoute(
        "POST", f"{ONE}/withdraw", _of_scheme, lambda _: {"reason": "It does not fit."}
    ),
}
