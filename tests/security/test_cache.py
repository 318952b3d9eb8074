"""The cache lies in a table that every role may write to: nothing in it runs, or is believed."""

import base64
import json
import pickle
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.serializers import JSONSerializer
from django.core.cache import cache
from django.db import connection

from proxeny.kernel.json_cache import JsonDatabaseCache
from proxeny.kernel.tenancy import WEB, acting_as

pytestmark = pytest.mark.django_db


class Bomb:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def plant(key: str, text: str) -> None:
    """Write an entry as SQL in a web request can."""
    with acting_as(WEB), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kernel_cache VALUES (%s, %s, now() + interval '1 day')"
            " ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value",
            [cache.make_key(key), text],
        )


def test_a_pickle_in_the_cache_does_not_run(tmp_path):
    mark = tmp_path / "ran"
    pickle.loads(pickle.dumps(Bomb(mark)))  # noqa: S301 - it works where pickles are read
    mark.unlink()
    plant("planted", base64.b64encode(pickle.dumps(Bomb(mark))).decode())
    assert cache.get("planted", "absent") == "absent"
    assert cache.get_many(["planted"]) == {}
    assert not mark.exists()


def test_a_value_without_its_digest_is_absent():
    plant("planted", json.dumps({"issuer": "https://elsewhere.example"}))
    assert cache.get("planted") is None
    cache.set("one", {"issuer": "https://here.example"})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT value FROM kernel_cache WHERE cache_key = %s", [cache.make_key("one")]
        )
        kept = cursor.fetchone()[0]
    # What belongs to one name is nothing under another, and nothing when it was changed.
    plant("another", kept)
    assert cache.get("another") is None
    plant("one", kept.replace("here", "elsewhere"))
    assert cache.get("one") is None


def test_the_cache_keeps_values_and_lets_them_end():
    cache.set("a", [1.5, "é", None], 60)
    assert cache.get("a") == [1.5, "é", None]
    assert not cache.add("a", 2)
    assert cache.add("b", 2, 60)
    assert cache.get_many(["a", "b", "c"]) == {"a": [1.5, "é", None], "b": 2}
    assert cache.touch("b", -1)
    assert cache.get("b", "gone") == "gone"
    assert not cache.touch("b", 60)
    assert cache.add("b", 3, None)
    assert cache.has_key("b")
    assert cache.incr("b") == 4
    assert cache.delete("b")
    assert not cache.delete("b")
    cache.clear()
    assert cache.get("a") is None


def test_beyond_its_size_those_that_end_first_go():
    cache = JsonDatabaseCache("kernel_cache", {"OPTIONS": {"MAX_ENTRIES": 10}})
    cache.clear()
    for number in range(10):
        cache.set(f"n{number}", number, 1000 + number)
    cache.set("ended", 0, -1)
    cache.set("last", 1, 5000)
    kept = cache.get_many([f"n{number}" for number in range(10)])
    assert 0 not in kept.values()
    assert kept["n9"] == 9
    assert cache.get("last") == 1


def test_sessions_are_json():
    from django.contrib.sessions.backends.base import SessionBase

    assert SessionBase().serializer is JSONSerializer
    assert settings.SESSION_SERIALIZER.endswith("JSONSerializer")
