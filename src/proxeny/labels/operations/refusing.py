"""Security log of refused actions: they may be attempts at misuse."""

import logging

logger = logging.getLogger("proxeny.security")


def log_refusal(kind: str, **what: int | str) -> None:
    """Log a refusal; the log line of the request names the person.

    `kind` is such as `score_own_company`; `what` are ids of rows, never names or words.
    """
    logger.info("security", extra={"kind": kind, "outcome": "refused", **what})
