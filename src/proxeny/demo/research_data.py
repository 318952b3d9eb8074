"""Data of the demo's studies: tables that are checked, described and released in versions."""

import io
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from proxeny.demo.in_room import InRoom
from proxeny.demo.texts import read_content
from proxeny.kernel import jobs
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.research.models import PackageFile
from proxeny.research.operations.packages import describe_file, release_version
from proxeny.research.operations.tables import change_columns, check_key
from proxeny.research.operations.uploads import bring_small_file

type Told = Mapping[str, Any]


def bring_data(room: InRoom, study: int, told: Told) -> None:
    """Open the data packages of a study, upload their tables, have them checked, release them."""
    for one in read_content("research_data").get(told["key"], ()):
        _bring_package(room, study, one)


def _bring_package(room: InRoom, study: int, told: Told) -> None:
    names = ("title", "details", "keywords", "licence", "access", "terms")
    who, on = told["who"], told["on"]
    package = room.add(
        who, on, "package", study=study, **{name: told[name] for name in names if name in told}
    ).pk
    file = _bring(room, told, package, (who, on), _write(told, told.get("rows", 0)))
    room.act(who, on, describe_file, file_id=file.pk, title=told["about"], details="")
    if "columns" in told:
        room.act(
            who,
            on,
            change_columns,
            file_id=file.pk,
            revision=file.revision,
            table=_describe(file, told["columns"]),
        )
        _check(file)
    room.act(who, on, release_version, package_id=package, note_=told["note"])
    if draft := told.get("draft"):
        content = _write(told, draft["rows"], wrong=draft["wrong"])
        _bring(room, told, package, (draft["who"], draft["on"]), content)


def _bring(
    room: InRoom, told: Told, package: int, when: tuple[str, int], content: bytes
) -> PackageFile:
    outcome = room.act(
        *when,
        bring_small_file,
        package_id=package,
        name=told["file"],
        size=len(content),
        stream=io.BytesIO(content),
        replace=True,
    )
    file: PackageFile = outcome.made
    _check(file)
    return file


def _check(file: PackageFile) -> None:
    """Have all rows checked now: nobody waits for a worker while the demo is loaded."""
    with acting_as(SERVICE):
        file.refresh_from_db()
        job = Job.objects.get(key=check_key(file))
    jobs.run(job.pk)


def _describe(file: PackageFile, columns: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the table's columns with their descriptions."""
    found = {one["name"]: one for one in (file.table or {})["fields"]}
    fields = []
    for one in columns:
        rules = {name: True for name in ("required", "unique") if one.get(name)}
        rules |= {"enum": one["of"]} if "of" in one else {}
        fields.append(
            {
                **found[one["name"]],
                "title": one["title"],
                "type": one["type"],
                **({"constraints": rules} if rules else {}),
            }
        )
    key = [one["name"] for one in columns if one.get("key")]
    return {**(file.table or {}), "fields": fields, "primaryKey": key}


def _write(told: Told, rows: int, *, wrong: str = "") -> bytes:
    """Return a table as CSV; `wrong` is put in the last column of its last row."""
    if "text" in told:
        return str(told["text"]).lstrip().encode()
    dice = Random(told["title"])  # noqa: S311
    lines = [",".join(one["name"] for one in told["columns"])]
    lines += [",".join(_cells(told["columns"], number, dice)) for number in range(1, rows + 1)]
    if wrong:
        lines[-1] = f"{lines[-1].rpartition(',')[0]},{wrong}"
    return "\n".join([*lines, ""]).encode()


def _cells(columns: list[dict[str, Any]], number: int, dice: Random) -> Iterator[str]:
    for one in columns:
        if "count" in one:
            yield one["count"].format(n=number)
        elif "of" in one:
            yield dice.choice(one["of"])
        elif "until" in one:
            last, before, after = one["until"]
            yield before if number <= last else after
        elif "among" in one:
            yield "yes" if any(first <= number <= last for first, last in one["among"]) else "no"
        else:
            yield str(dice.randint(one["from"], one["to"]))
