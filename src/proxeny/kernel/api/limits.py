"""Rate limits of API tokens: fixed windows, counted in the database."""

import time
from dataclasses import dataclass

from django.db import connection
from django.http import HttpRequest, HttpResponse

#: Requests a minute; a program that imports, polls and writes stays far below.
PER_MINUTE = 600
WINDOW_S = 60
#: The largest body: of a form with files, and of all else. A little over what the largest member
#: list may be, whose own limit answers with a sentence about lists.
LARGEST_FORM = 21 * 1024 * 1024
LARGEST_BODY = 2 * 1024 * 1024
#: The media type for a piece of a larger file, whose body is streamed and never read into memory.
PIECE = "application/offset+octet-stream"
LARGEST_PIECE = 64 * 1024 * 1024

_COUNT = """
INSERT INTO kernel_ratewindow AS r (key, started, count) VALUES (%(key)s, %(window)s, 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN r.started = EXCLUDED.started THEN r.count + 1 ELSE 1 END,
    started = EXCLUDED.started
RETURNING count
"""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of the current minute."""

    limit: int
    used: int
    resets_in_s: int

    @property
    def is_spent(self) -> bool:
        """Whether this request is one too many."""
        return self.used > self.limit

    def show(self, response: HttpResponse) -> None:
        """Write the RateLimit headers, and Retry-After when nothing is left."""
        response["RateLimit-Limit"] = str(self.limit)
        response["RateLimit-Remaining"] = str(max(0, self.limit - self.used))
        response["RateLimit-Reset"] = str(self.resets_in_s)
        if self.is_spent:
            response["Retry-After"] = str(self.resets_in_s)


def is_too_large(request: HttpRequest) -> bool:
    """Whether a body is announced that will not be read. Without an announcement none is read."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not announced.isdecimal() or len(announced) > 18:
        return True
    most = {"multipart/form-data": LARGEST_FORM, PIECE: LARGEST_PIECE}
    return int(announced) > most.get(request.content_type or "", LARGEST_BODY)


def count_request(
    key: str, *, limit: int = PER_MINUTE, window_s: int = WINDOW_S, now: float | None = None
) -> Allowance:
    """Count one request of `key` and say what is left. Runs in the gate's role.

    `window_s` is a number of whole minutes, always the same for a key.

    The caller commits at once: a count that waited for its request's transaction would make all
    requests of one token wait for each other, and one that was rolled back would not count.
    """
    now = time.time() if now is None else now
    with connection.cursor() as cursor:
        # The minute in which the window began.
        started = int(now // window_s) * window_s // 60
        cursor.execute(_COUNT, {"key": key, "window": started})
        (used,) = cursor.fetchone()
    return Allowance(limit, used, window_s - int(now % window_s))
