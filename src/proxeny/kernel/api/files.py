"""Files as responses, and their description in the API's schema."""

from typing import Any, Literal

from proxeny.kernel.spreadsheet import MEDIA_TYPES

#: In which form a list comes as a file.
FileFormat = Literal["csv", "xlsx"]


def file_of(*media_types: str) -> dict[str, Any]:
    """Return `openapi_extra` for a route that answers with a file of one of these kinds."""
    content = {kind.partition(";")[0]: _BYTES for kind in media_types}
    return {"responses": {200: {"description": "The file", "content": content}}}


_BYTES = {"schema": {"type": "string", "format": "binary"}}
TABLE_FILE = file_of(*MEDIA_TYPES.values())
