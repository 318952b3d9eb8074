"""JSON nested thousands of levels deep: refused with a sentence, wherever it is read."""

import json

import pytest
from django.http import QueryDict

from proxeny.kernel.shallow_json import MOST_LEVELS, ShallowDecoder, TooDeep

pytestmark = pytest.mark.django_db


def nested(levels: int, *, opens: str = "[", closes: str = "]") -> str:
    return opens * levels + closes * levels


@pytest.mark.parametrize("levels", [MOST_LEVELS + 10, 5_000, 100_000])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "/people/profile"),
        ("POST", "/people/invitations"),
        ("POST", "/webhooks"),
    ],
)
def test_a_deep_body_is_refused_with_a_sentence(world, call, method, path, levels):
    program = call(world.a.manager)
    for body in (nested(levels), nested(levels, opens='{"a":', closes="}").replace(":}", ":1}")):
        answer = program._client.generic(
            method, f"/api/v1{path}", body, content_type="application/json"
        )
        assert answer.status_code == 400, path
        assert "levels deep" in answer.json()["detail"]


def test_a_deep_field_of_a_form_is_refused(world):
    from proxeny.calls.forms.rules import rows_of

    post = QueryDict(mutable=True)
    post.update({"own_rules": "0", "own_rules-0-kept": nested(5_000), "own_rules-0-text": ""})
    [row] = rows_of(post, (), "EUR")
    assert "can’t be read" in str(row.non_field_errors())


def test_what_is_nested_as_deep_as_anything_of_ours_is_read():
    assert json.loads(nested(MOST_LEVELS), cls=ShallowDecoder)
    with pytest.raises(TooDeep):
        json.loads(nested(MOST_LEVELS + 2), cls=ShallowDecoder)
