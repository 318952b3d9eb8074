"""How a published study is registered: its metadata for DataCite."""

from typing import Any

from proxeny.engine.package import Refused, Study, dump_datacite
from proxeny.kernel.errors import NotFound
from proxeny.research.telling import tell_all


def write_datacite(study: Study, url: str) -> dict[str, Any]:
    """Return a study's metadata as DataCite takes it, with its address.

    Raises
    ------
    NotFound
        It lacks what DataCite cannot do without.
    """
    try:
        return {**dump_datacite(study), "url": url}
    except Refused as refused:
        raise NotFound(tell_all(refused.problems)) from refused
