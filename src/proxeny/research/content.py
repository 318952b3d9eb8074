"""A study as plain data: what a publication keeps, and what is shown of one that comes in.

The one shape is `engine.package.Study`; here it becomes JSON and comes back.
"""

from typing import Any

from pydantic import TypeAdapter

from proxeny.engine.package import Study

_STUDY = TypeAdapter(Study)


def to_content(study: Study) -> dict[str, Any]:
    """Return a study as JSON holds it."""
    content: dict[str, Any] = _STUDY.dump_python(study, mode="json")
    return content


def from_content(content: dict[str, Any]) -> Study:
    """Return the study that was kept as JSON."""
    return _STUDY.validate_python(content)
