"""The receiving server's verdict on a mail's sender (`Authentication-Results`, RFC 8601)."""

import re
from collections.abc import Iterable

_COMMENT = re.compile(r"\([^()]{0,500}\)")
_RESULT = re.compile(r"^(dmarc|dkim|spf)\s*=\s*([a-z]+)", re.IGNORECASE)
_SIGNER = re.compile(r"header\.(?:d\s*=\s*|i\s*=\s*[^\s;@]*@)([a-z0-9.-]+)", re.IGNORECASE)
#: More of such headers, or longer ones, no server writes.
_MOST, _LONGEST = 20, 4000


def is_forged(headers: Iterable[object], sender: str, *, judge: str) -> bool:
    """Return whether the named server reports that a mail's sender is not genuine.

    DMARC takes precedence: it covers the very domain that people see. Without it a valid signature
    (DKIM) of this domain is enough; otherwise any failure counts.

    Parameters
    ----------
    headers : iterable
        All `Authentication-Results`. Anybody can write one; only those that begin with the
        judge's name count, because its server removes them from external mail (RFC 8601 §5).
    sender : str
        The claimed From address.
    judge : str
        The server's name; without one no result counts, and nothing is treated as forged.
    """
    found = list(_results(headers, judge)) if judge else []
    dmarc = {verdict for method, verdict, _signer in found if method == "dmarc"}
    if dmarc & {"pass", "fail"}:
        return "fail" in dmarc
    domain = sender.rpartition("@")[2]
    if any(
        method == "dkim" and verdict == "pass" and _is_same(signer, domain)
        for method, verdict, signer in found
    ):
        return False
    return any(verdict in ("fail", "hardfail") for _method, verdict, _signer in found)


def _results(headers: Iterable[object], judge: str) -> Iterable[tuple[str, str, str]]:
    for header in list(headers)[:_MOST]:
        name, _, rest = " ".join(str(header)[:_LONGEST].split()).partition(";")
        # A version may stand behind the name.
        if _COMMENT.sub("", name).strip().split(" ")[0].lower() != judge.lower():
            continue
        for part in _COMMENT.sub("", rest).split(";"):
            if match := _RESULT.match(part.strip()):
                signer = _SIGNER.search(part)
                yield match[1].lower(), match[2].lower(), signer[1].lower() if signer else ""


def _is_same(signer: str, domain: str) -> bool:
    return bool(signer) and (
        signer == domain or domain.endswith(f".{signer}") or signer.endswith(f".{domain}")
    )
