"""Formula injection: no file that we hand out has a cell that a spreadsheet would run.

Seen in the field wherever a list is exported: a company calls itself `=HYPERLINK(…)`, and the
partner's manager opens the list.
"""

import csv
import io
import re
import zipfile

from django.db import models

from proxeny.kernel.policies import tenant_models
from proxeny.labels.models.shares import ShareField
from tests.access.probes import Clients, address_of
from tests.access.routes import ROUTES

#: Each way in which a spreadsheet program begins a formula.
STARTS = ("=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0")
_TEXT = (models.CharField, models.TextField)
#: What has a form of its own, in which no formula is written.
_READ = (models.EmailField, models.URLField, models.SlugField, ShareField)
#: What is chosen from a list, or written by Proxeny: nobody types it.
_KEPT = {
    "period",
    "password",
    "language",
    "languages",
    "time_zone",
    "timezone",
    "zone",
    "country",
    "visibility",
    "verb",
    "target",
}


def _poison() -> None:
    for model, _ in tenant_models():
        for field in model._meta.concrete_fields:
            is_free = isinstance(field, _TEXT) and not field.choices and not field.unique
            if not is_free or field.name in _KEPT or field.name.endswith(("hash", "256", "digest")):
                continue
            if isinstance(field, _READ):
                continue
            for number, row in enumerate(model._base_manager.all()):
                value = f"{STARTS[number % len(STARTS)]} {number}"[: field.max_length]
                model._base_manager.filter(pk=row.pk).update(**{field.name: value})


def _cells_of_csv(content: bytes) -> list[str]:
    text = content.decode("utf-8-sig")
    return [cell for row in csv.reader(io.StringIO(text)) for cell in row]


def _cells_of_workbook(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "sheet" in name]
        texts = [book.read(name).decode() for name in book.namelist() if "sharedStrings" in name]
    assert not [sheet for sheet in sheets if re.search(r"<f[ >]", sheet)], "a formula cell"
    inside = [*sheets, *texts]
    return [cell for text in inside for cell in re.findall(r"<t[^>]*>([^<]*)</t>", text)]


def _exports(crowd):
    """Yield a name and the bytes of each file that the pages hand out, in both forms."""
    clients = Clients(crowd)
    for key, route in ROUTES.items():
        if route.posts_only:
            continue
        for who in ("a_manager", "b_manager"):
            if who not in route.readers:
                continue
            address = address_of(key, route, crowd)
            joint = "&" if "?" in address else "?"
            for form in ("csv", "xlsx"):
                answer = clients[who].get(f"{address}{joint}export={form}&format={form}")
                kind = answer.headers.get("Content-Type", "")
                if "text/csv" in kind or "spreadsheetml" in kind:
                    yield key, kind, answer.content


def test_no_export_holds_a_cell_that_runs(crowd):
    _poison()
    wrong, read, disarmed = [], set(), 0
    for key, kind, content in _exports(crowd):
        read.add(key.partition(" ")[0])
        cells = _cells_of_csv(content) if "csv" in kind else _cells_of_workbook(content)
        disarmed += sum(cell.startswith(("'", "&#39;")) for cell in cells)
        wrong += [
            f"{key} {kind.split(';')[0]}: {cell!r}"
            for cell in cells
            if cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not _is_number(cell)
        ]
    assert not wrong, "\n".join(wrong)
    assert {
        "directory:export",
        "events:export",
        "events:participants-export",
        "people:list",
        "partnerships:list",
        "history:show",
        "webhooks:detail",
    } <= read
    assert disarmed > 20, "the payload was not there to be disarmed"


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"[-+]?\d+([.,]\d+)?", cell) is not None
