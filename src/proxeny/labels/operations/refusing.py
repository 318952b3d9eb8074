"""What is refused for good reason is told in the log too: somebody may be trying."""

import logging

logger = logging.getLogger("proxeny.security")


def log_refusal(kind: str, **what: int | str) -> None:
    """Write down that something was refused; the request's own line says who asked.

    `kind` is such as `score_own_company`; `what` are numbers of rows, never names or words.
    """
    logger.info("security", extra={"kind": kind, "outcome": "refused", **what})
