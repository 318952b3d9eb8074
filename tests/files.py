"""Files that the product hands out."""

import re

from django.http import HttpResponse


def is_table_file(answer: HttpResponse, name: str, form: str) -> bool:
    """Whether an answer is a download of that name, with the day it was made on."""
    told = rf'attachment; filename="{re.escape(name)}-\d{{4}}-\d\d-\d\d\.{form}"'
    return re.fullmatch(told, answer["Content-Disposition"]) is not None
