"""The call of A in the crowd's world: a row of every table of calls.

A's member watches it, and A's adviser has brought a file of calls that was not taken yet.
"""

import zlib
from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.utils import timezone

from proxeny.calls.models import Call, CallImport, CallWatch
from tests.factories import calls as made
from tests.factories.world import World

Arguments = Callable[[Any], dict]
#: What is in the file.
FILE = b"reference,title,closes\r\nBLUE-7,Nets that last,2030-05-01\r\n"


def fill(world: World) -> None:
    """Give A a call with a row of every table."""
    call = made.CallFactory(steward=world.a.cluster, reference="BLUE-OF-A")
    made.CallWatchFactory(call=call, person=world.a.representatives[0])
    made.CallImportFactory(cluster=world.a.cluster, content=zlib.compress(FILE), size=len(FILE))


def main() -> Call:
    """Return the call, as one that is not put away."""
    one = Call.objects.earliest("pk")
    Call.objects.filter(pk=one.pk).exclude(put_away_at=None).update(put_away_at=None)
    return Call.objects.get(pk=one.pk)


def away() -> Call:
    """Return the call, put away."""
    one = Call.objects.earliest("pk")
    Call.objects.filter(pk=one.pk, put_away_at=None).update(put_away_at=timezone.now())
    return Call.objects.get(pk=one.pk)


def brought() -> CallImport:
    """Return the file of calls, not taken yet."""
    CallImport.objects.exclude(state="shown").update(state="shown", taken_at=None)
    return CallImport.objects.earliest("pk")


def held() -> dict[str, list[Model]]:
    """Return the rows that hold each record, one a table."""
    return {
        "a call of A": [Call.objects.earliest("pk")],
        "a call that A's member watches": [CallWatch.objects.earliest("pk")],
        "a file of calls that A brought": [CallImport.objects.earliest("pk")],
    }


#: What a page tells of each, marked; see `records.MARKED`.
MARKED: dict[str, str] = {
    "a call of A": "title",
    "a file of calls that A brought": "file_name",
}
