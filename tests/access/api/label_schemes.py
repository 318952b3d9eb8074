"""Who may use which route of labels: schemes, their texts and versions, under /api/v1/labels."""

from tests.access.api.route import ApiRoute
from tests.access.labels import by_program, room

ALL = "/api/v1/labels/partnerships/{partnership_id}"

ROUTES = {
    "list_labels": ApiRoute("GET", f"{ALL}/schemes", by_program(room)),
}
