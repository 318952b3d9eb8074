"""The words for the codes of `engine.package`.

A code may have several sentences: the first is said whose figures are known.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

type Sentences = tuple[tuple[tuple[str, ...], Promise], ...]


def _one(sentence: Promise) -> Sentences:
    return (((), sentence),)


_UPLOADS: dict[str, Sentences] = {
    "size": (
        (("found", "most"), _("The file is %(found)s; the maximum is %(most)s.")),
        (("found", "expected"), _("It should be %(expected)s but is %(found)s.")),
        ((), _("The size of the file is unknown.")),
    ),
    "sha256": _one(_("This isn’t a SHA-256 checksum. Enter 64 digits and letters from a to f.")),
    "checksum": (
        (
            ("expected", "found"),
            _(
                "The checksum doesn’t match: it should be %(expected)s but is %(found)s. Upload "
                "the file again."
            ),
        ),
        ((), _("The file’s checksum is missing or doesn’t match.")),
    ),
    "too_long": _one(_("More data arrived than announced (%(expected)s). Upload the file again.")),
    "empty": _one(_("The file is empty.")),
}

_KINDS: dict[str, Sentences] = {
    "executable": _one(_("Programs, scripts and documents with macros aren’t accepted.")),
    "markup": _one(_("This is a web page or a script, not data.")),
    "kind": _one(
        _(
            "Files ending in “%(found)s” aren’t accepted. Use CSV, TSV, text, JSON, GeoJSON, "
            "PDF, PNG, JPEG, WebP, Parquet, XLSX or ZIP."
        )
    ),
    "mismatch": (
        (
            ("expected", "found"),
            _(
                "Its name says %(expected)s, but its content is different (%(found)s). Rename it "
                "to match its content."
            ),
        ),
        ((), _("It isn’t the type its name says.")),
    ),
    "damaged": (
        (("kind",), _("This %(kind)s file is incomplete or damaged. Upload it again.")),
        ((), _("The file is incomplete or damaged. Upload it again.")),
    ),
    "media_type": _one(_("The type of this file is unknown.")),
}

# As `kernel.sandbox` says it.
_TOO_MUCH = _one(
    _(
        "We couldn’t read this file because it takes too much memory. Save it again in the "
        "program it comes from, or split it into smaller files."
    )
)
_READINGS: dict[str, Sentences] = {
    "reading_time": _one(
        _(
            "We couldn’t read this file because it takes too long. Save it again in the program "
            "it comes from, or split it into smaller files."
        )
    ),
    "reading_memory": _TOO_MUCH,
    "reading_size": _TOO_MUCH,
    "reading_fault": _one(
        _(
            "We couldn’t read this file: it’s damaged, or isn’t the type its name says. Save it "
            "again in the program it comes from."
        )
    ),
}

_NAMES: dict[str, Sentences] = {
    "absolute": _one(
        _("The path starts at the root of a drive. Use a path relative to the folder.")
    ),
    "climbs_out": _one(_("The path leads outside its folder.")),
    "device_name": _one(_("Some systems reserve this name for a device. Choose another name.")),
    "name": _one(
        _(
            "This name contains a character that some systems don’t accept. Use letters, digits, "
            "spaces, dots and dashes."
        )
    ),
    "path_too_long": _one(_("The path is too long. Shorten it.")),
    "twice": (
        (("first",), _("This is a duplicate: on some systems, “%(first)s” is the same name.")),
        ((), _("This is a duplicate.")),
    ),
    "file_and_folder": _one(_("A file and a folder have the same name.")),
    "reserved": _one(
        _("This name is reserved for the description of the study. Choose another one.")
    ),
    "outside": _one(_("The file isn’t in its folder, “%(folder)s”.")),
}

_ARCHIVES: dict[str, Sentences] = {
    "bomb": _one(
        _("Unpacked, it would be more than %(ratio)s times its size. That isn’t accepted.")
    ),
    "unpacked": _one(_("Unpacked, the archive is larger than %(most)s.")),
    "entries": _one(_("The archive contains more than %(most)s files.")),
    "locked": _one(_("It’s protected by a password. Pack it without one.")),
    "method": _one(_("Its compression method isn’t supported. Pack it as a standard ZIP.")),
    "symlink": _one(_("It’s a link to another place, not a file.")),
    "special": _one(_("It’s neither a file nor a folder.")),
    "nested_archive": _one(_("An archive inside an archive isn’t accepted. Unpack it first.")),
}

_TABLES: dict[str, Sentences] = {
    "no_rows": _one(_("This table has no rows.")),
    "fields": (
        (("found", "most"), _("There are %(found)s columns; the maximum is %(most)s.")),
        (("most",), _("There must be at least one column, and at most %(most)s.")),
    ),
    "row_too_long": _one(
        _("This row never ends, most likely because of an unclosed quotation mark.")
    ),
    "schema": _one(_("There’s no list of columns.")),
    "field": _one(_("This column has no name.")),
    "constraints": _one(_("The rules of this column can’t be read.")),
    "constraint": (
        (("found",), _("“%(found)s” isn’t a value of this column’s type.")),
        (("type",), _("This rule doesn’t apply to columns of this type.")),
    ),
    "pattern": _one(_("This pattern isn’t valid.")),
    "number_signs": _one(
        _("Numbers need a decimal separator, and a different thousands separator or none.")
    ),
    "unknown_type": _one(_("There’s no column type named “%(found)s”.")),
    "unknown_field": _one(_("There’s no column named “%(found)s”.")),
    "unknown_constraint": _one(_("There’s no such rule for columns.")),
    "type": _one(_("Another kind of value is expected here.")),
    "dialect": _one(_("The format of the rows isn’t described in a readable way.")),
    "encoding": _one(_("Unknown text encoding: “%(found)s”.")),
    "resources": _one(_("No files are listed.")),
    "path": _one(_("The location of the file isn’t given.")),
    "table": _one(_("A report is a document, not a table.")),
    "day_or_month": _one(_("Days and months could be swapped. Please check.")),
    "decimal_or_group": _one(
        _("A separator in the numbers could mean decimals or thousands. Please check.")
    ),
    "outliers": _one(_("Some values are of a different kind from the rest. Please check.")),
}

_CRATES: dict[str, Sentences] = {
    "json": (
        (
            ("line", "column"),
            _("This isn’t valid JSON: there’s an error in line %(line)s, at character %(column)s."),
        ),
        (
            (),
            _(
                "This JSON contains an invalid character or an infinite number, so it can’t be saved."
            ),
        ),
    ),
    "json_too_deep": _one(_("Too many levels of nested brackets.")),
    "json_too_long": _one(_("The description is longer than %(most)s.")),
    "no_descriptor": (
        (
            ("found",),
            _(
                "The description of a research package, “ro-crate-metadata.json”, isn’t in the "
                "top folder of the archive."
            ),
        ),
        ((), _("It doesn’t contain the description of a research package.")),
    ),
    "no_graph": _one(_("The description lists nothing, or more than %(most)s items.")),
    "no_id": _one(_("Something is described without a name.")),
    "no_root": _one(_("The description doesn’t say what the package as a whole is.")),
    "no_type": _one(_("The type of this item isn’t given.")),
    "no_version": _one(_("The description doesn’t say which version of RO-Crate it follows.")),
    "version": _one(
        _("It follows RO-Crate %(found)s, which isn’t supported here, so it was read as 1.2.")
    ),
    "missing": _one(_("This is missing.")),
    "unknown": _one(_("It refers to “%(found)s”, which isn’t in the package.")),
    "cycle": _one(_("It’s part of itself, through “%(found)s”.")),
    "missing_file": _one(_("The file is described but isn’t in the archive.")),
    "missing_folder": _one(_("The folder is described but isn’t in the archive.")),
    "not_described": _one(_("The file is in the archive but isn’t described.")),
    "id": _one(_("This isn’t a valid identifier.")),
    "keyword": _one(_("A keyword can’t contain a comma. Split it into two.")),
    "unused": _one(_("This licence is named, but nothing uses it.")),
}

#: By code: sentences with the figures that each of them needs.
PROBLEMS: dict[str, Sentences] = (
    _UPLOADS | _KINDS | _READINGS | _NAMES | _ARCHIVES | _TABLES | _CRATES
)

_CELLS_FOUND = ngettext_lazy(
    "The row has %(found)s cell; the header has %(expected)s.",
    "The row has %(found)s cells; the header has %(expected)s.",
    "found",
)

#: What may be wrong with a row or a cell, by the engine's code.
CELLS: dict[str, Promise] = {
    "type-error": _("“%(value)s” is of a different type."),
    "constraint-error": _("“%(value)s” breaks a rule of this column."),
    "missing-cell": _CELLS_FOUND,
    "extra-cell": _CELLS_FOUND,
    "blank-row": _("The row is empty."),
    "unique-error": _(
        "“%(value)s” is already in row %(first)s, and duplicates aren’t allowed here."
    ),
    "primary-key": _(
        "“%(value)s” already identifies row %(first)s. Each row needs its own identifier."
    ),
    "encoding-error": _("It contains characters that can’t be read: another encoding, or damage."),
    "missing-label": _("The header is missing the column “%(expected)s”."),
    "extra-label": _("The header has an extra column, “%(value)s”, that isn’t described."),
    "incorrect-label": _("The header says “%(value)s” where “%(expected)s” is expected."),
    "duplicate-label": _("The header has “%(value)s” twice."),
    "blank-label": _("Column %(position)s has no name in the header."),
    "source-error": _(
        "Nothing can be read from here on, most likely because of an unclosed quotation mark."
    ),
}

#: A column's rules, in a few words each.
RULES: dict[str, Promise] = {
    "required": _("required in every row"),
    "unique": _("no duplicates"),
    "minimum": _("at least %(limit)s"),
    "maximum": _("at most %(limit)s"),
    "minLength": ngettext_lazy(
        "at least %(limit)s character", "at least %(limit)s characters", "limit"
    ),
    "maxLength": ngettext_lazy(
        "at most %(limit)s character", "at most %(limit)s characters", "limit"
    ),
    "pattern": _("matches %(limit)s"),
    "enum": _("one of %(limit)s"),
}

#: Which rule of its column a value breaks.
CONSTRAINTS: dict[str, Promise] = {
    "required": _("A value is missing. This column requires one in every row."),
    "minimum": _("“%(value)s” is less than %(limit)s."),
    "maximum": _("“%(value)s” is more than %(limit)s."),
    "minLength": ngettext_lazy(
        "“%(value)s” is shorter than %(limit)s character.",
        "“%(value)s” is shorter than %(limit)s characters.",
        "limit",
    ),
    "maxLength": ngettext_lazy(
        "“%(value)s” is longer than %(limit)s character.",
        "“%(value)s” is longer than %(limit)s characters.",
        "limit",
    ),
    "pattern": _("“%(value)s” does not match %(limit)s."),
    "enum": _("“%(value)s” isn’t one of: %(limit)s."),
}

#: A value of a type, as it stands after “is not”.
TYPE_WORDS: dict[str, Promise] = {
    "string": _("a text in this format"),
    "integer": _("a whole number"),
    "number": _("a number"),
    "boolean": _("a yes or no value"),
    "date": _("a date in this format"),
    "datetime": _("a date and time in this format"),
    "year": _("a year"),
    "time": _("a time in this format"),
    "yearmonth": _("a month such as 2026-11"),
    "duration": _("a duration such as P1D"),
    "object": _("a JSON object"),
    "array": _("a JSON list"),
    "geopoint": _("a point such as 48.85, 2.35"),
    "geojson": _("a GeoJSON shape"),
    "any": _("a value"),
}

#: What may be said of a column, by its name in a Table Schema.
PROPERTIES: dict[str, Promise] = {
    "name": _("name"),
    "type": _("type"),
    "format": _("format"),
    "title": _("title"),
    "required": _("required in every row"),
    "unique": _("no duplicates"),
    "minimum": _("minimum value"),
    "maximum": _("maximum value"),
    "minLength": _("minimum length"),
    "maxLength": _("maximum length"),
    "pattern": _("pattern"),
    "enum": _("allowed values"),
    "decimalChar": _("decimal separator"),
}

#: Kinds of faults in a table, by the engine's code.
CODE_LABELS: dict[str, Promise] = {
    "type-error": _("wrong type"),
    "constraint-error": _("breaks a rule"),
    "missing-cell": _("too few cells"),
    "extra-cell": _("too many cells"),
    "blank-row": _("empty rows"),
    "unique-error": _("duplicate value"),
    "primary-key": _("duplicate identifier"),
    "encoding-error": _("unreadable characters"),
    "missing-label": _("missing columns"),
    "extra-label": _("extra columns"),
    "incorrect-label": _("misnamed columns"),
    "duplicate-label": _("duplicate column names"),
    "blank-label": _("unnamed columns"),
    "source-error": _("unreadable from here on"),
}
