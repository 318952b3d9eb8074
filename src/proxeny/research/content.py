"""A study as plain data: what a publication keeps, and what is shown of one that comes in.

The one shape is `engine.package.Study`; here it becomes JSON and comes back.
"""

import json
import re
from typing import Any

from pydantic import TypeAdapter

from proxeny.engine.package import Study

_STUDY = TypeAdapter(Study)
#: NUL as JSON writes it; after another backslash it is a text of six signs.
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


def to_content(study: Study) -> dict[str, Any]:
    """Return a study as JSON holds it."""
    content: dict[str, Any] = _STUDY.dump_python(study, mode="json")
    return content


def without_nul(said: Any) -> Any:
    """Return JSON data with NUL replaced by the replacement character: no database stores NUL.

    Examples
    --------
    >>> without_nul(["a\\0", "\\\\u0000"]) == ["a\\ufffd", "\\\\u0000"]
    True
    """
    return json.loads(_NUL.sub(r"\1\\ufffd", json.dumps(said)))


def from_content(content: dict[str, Any]) -> Study:
    """Return a study from its stored JSON."""
    return _STUDY.validate_python(content)
