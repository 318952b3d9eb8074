from tests.access import test_api_routes as t
from tests.access.api import label_applications
from tests.access.api_routes import AREAS

AREAS["mine_b"] = {k: AREAS["labels"][k] for k in label_applications.ROUTES}


def test_refuses(crowd, call):
    t.test_api_route_refuses_everybody_else(crowd, call, "mine_b")


def test_answers(crowd, call):
    t.test_api_route_answers_its_readers(crowd, call, "mine_b")


def test_scope(crowd, call):
    t.test_api_route_needs_a_token_with_its_scope(crowd, call, "mine_b")
