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
        (("found", "most"), _("The file has %(found)s; at most %(most)s are taken.")),
        (("found", "expected"), _("It should have %(expected)s and has %(found)s.")),
        ((), _("It is not known how large the file is.")),
    ),
    "sha256": _one(_("This is no SHA-256 checksum. Write 64 digits and letters from a to f.")),
    "checksum": (
        (
            ("expected", "found"),
            _("The bytes are not those that were announced: the checksum should be %(expected)s and "
              "is %(found)s. Send the file again."),
        ),
        ((), _("The checksum of the file is missing or not the file’s.")),
    ),
    "too_long": _one(_("More came than was announced (%(expected)s). Send the file again.")),
    "empty": _one(_("There is nothing in it.")),
}  # fmt: skip

_KINDS: dict[str, Sentences] = {
    "executable": _one(
        _("This is a program, a script or a document with macros; nothing of that kind is taken.")
    ),
    "markup": _one(_("This is a web page or a script, not data.")),
    "kind": _one(
        _("Files that end in “%(found)s” are not taken. CSV, TSV, text, JSON, GeoJSON, PDF, PNG, "
          "JPEG, WebP, Parquet, XLSX and ZIP are.")
    ),
    "mismatch": (
        (("expected", "found"), _("Its name says %(expected)s, its content says otherwise "
                                  "(%(found)s). Give it the name of what it is.")),
        ((), _("It is not what its name says.")),
    ),
    "damaged": (
        (("kind",), _("This %(kind)s file is cut off or damaged. Send it again.")),
        ((), _("The file is cut off or damaged. Send it again.")),
    ),
    "media_type": _one(_("It is not known what kind of file this is.")),
}  # fmt: skip

_NAMES: dict[str, Sentences] = {
    "absolute": _one(_("The path begins at the root of a disk; write it from the folder on.")),
    "climbs_out": _one(_("The path leads out of its folder.")),
    "device_name": _one(_("Some systems keep this name for a device. Choose another name.")),
    "name": _one(_("There is a sign in this name that some systems do not take. Letters, digits, "
                   "spaces, dots and dashes are fine.")),
    "path_too_long": _one(_("The path is too long. Shorten it.")),
    "twice": (
        (("first",), _("This is there twice; “%(first)s” has the same name on some system.")),
        ((), _("This is there twice.")),
    ),
    "file_and_folder": _one(_("A file and a folder have the same name.")),
    "reserved": _one(_("This name is kept for the description of the study. Choose another one.")),
    "outside": _one(_("The file does not lie in its folder, “%(folder)s”.")),
}  # fmt: skip

_ARCHIVES: dict[str, Sentences] = {
    "bomb": _one(_("Unpacked, it would grow to more than %(ratio)s times its size. That is not "
                   "taken.")),
    "unpacked": _one(_("Unpacked, the archive has more than %(most)s.")),
    "entries": _one(_("There are more files in the archive than %(most)s.")),
    "locked": _one(_("It is locked with a password. Pack it without one.")),
    "method": _one(_("It is packed in a way that is not read here. Pack it as an ordinary ZIP.")),
    "symlink": _one(_("It is a link to another place, not a file.")),
    "special": _one(_("It is neither a file nor a folder.")),
    "nested_archive": _one(_("An archive inside an archive is not taken. Unpack it first.")),
}  # fmt: skip

_TABLES: dict[str, Sentences] = {
    "no_rows": _one(_("There is no row in this table.")),
    "fields": (
        (("found", "most"), _("There are %(found)s columns; at most %(most)s are taken.")),
        (("most",), _("There must be at least one column, and at most %(most)s.")),
    ),
    "row_too_long": _one(
        _("This row has no end: mostly a quotation mark was opened that nobody closed.")
    ),
    "schema": _one(_("There is no list of columns.")),
    "field": _one(_("This column has no name.")),
    "constraints": _one(_("The rules of this column cannot be read.")),
    "constraint": (
        (("found",), _("“%(found)s” is no value of this column’s type.")),
        (("type",), _("A column of this type has no such rule.")),
    ),
    "pattern": _one(_("This pattern cannot be read.")),
    "number_signs": _one(
        _("Numbers need one sign for decimals, and another one or none between thousands.")
    ),
    "unknown_type": _one(_("There is no type of columns called “%(found)s”.")),
    "unknown_field": _one(_("There is no column called “%(found)s”.")),
    "unknown_constraint": _one(_("There is no such rule for columns.")),
    "type": _one(_("Something of another kind belongs here.")),
    "dialect": _one(_("It is not said in a way that can be read how the rows are written.")),
    "encoding": _one(_("No such encoding of texts is known: “%(found)s”.")),
    "resources": _one(_("No files are listed.")),
    "path": _one(_("It is not said where the file lies.")),
    "table": _one(_("A report is a document, not a table.")),
    "day_or_month": _one(_("Days and months could be the other way round. Have a look.")),
    "decimal_or_group": _one(_("A sign in the numbers could mean decimals or thousands. Have a look.")),
    "outliers": _one(_("Some values are of another kind than the rest. Have a look.")),
}  # fmt: skip

_CRATES: dict[str, Sentences] = {
    "json": (
        (("line", "column"),
         _("This is not JSON: it breaks in line %(line)s, at sign %(column)s.")),
        ((), _("A sign in this JSON is none, or a figure has no end: it cannot be kept.")),
    ),
    "json_too_deep": _one(_("Too many brackets lie inside each other.")),
    "json_too_long": _one(_("The description is longer than %(most)s.")),
    "no_descriptor": (
        (("found",), _("The description of a research package, “ro-crate-metadata.json”, is "
                       "not in the archive’s first folder.")),
        ((), _("There is no description of a research package in it.")),
    ),
    "no_graph": _one(_("The description lists nothing, or more than %(most)s things.")),
    "no_id": _one(_("Something is described without saying what it is called.")),
    "no_root": _one(_("The description does not say what the package as a whole is.")),
    "no_type": _one(_("It is not said what kind of thing this is.")),
    "no_version": _one(_("The description does not say by which version of RO-Crate it is written.")),
    "version": _one(_("It is written by RO-Crate %(found)s, which is not known here; it was read as "
                      "1.2.")),
    "missing": _one(_("This is missing.")),
    "unknown": _one(_("It names “%(found)s”, and there is no such thing in the package.")),
    "cycle": _one(_("It is a part of itself, by way of “%(found)s”.")),
    "missing_file": _one(_("The file is described, but not in the archive.")),
    "missing_folder": _one(_("The folder is described, but not in the archive.")),
    "not_described": _one(_("The file is in the archive, but nothing is said about it.")),
    "id": _one(_("This is no name by which something can be found again.")),
    "keyword": _one(_("A keyword has no comma in it. Make two of it.")),
    "unused": _one(_("This licence is named, but nothing is under it.")),
}  # fmt: skip

#: By code: sentences with the figures that each of them needs.
PROBLEMS: dict[str, Sentences] = _UPLOADS | _KINDS | _NAMES | _ARCHIVES | _TABLES | _CRATES

_CELLS_FOUND = ngettext_lazy(
    "The row has %(found)s cell; the header has %(expected)s.",
    "The row has %(found)s cells; the header has %(expected)s.",
    "found",
)

#: What may be wrong with a row or a cell, by the engine's code.
CELLS: dict[str, Promise] = {
    "type-error": _("“%(value)s” is of another type."),
    "constraint-error": _("“%(value)s” breaks a rule of this column."),
    "missing-cell": _CELLS_FOUND,
    "extra-cell": _CELLS_FOUND,
    "blank-row": _("The row is empty."),
    "unique-error": _("“%(value)s” stands in row %(first)s already; here it may stand once."),
    "primary-key": _("“%(value)s” names row %(first)s already; each row has its own name."),
    "encoding-error": _("There are signs in it that cannot be read: another encoding, or damage."),
    "missing-label": _("The header lacks the column “%(expected)s”."),
    "extra-label": _("The header has one more column, “%(value)s”, that is not described."),
    "incorrect-label": _("The header says “%(value)s” where “%(expected)s” belongs."),
    "duplicate-label": _("The header has “%(value)s” twice."),
    "blank-label": _("Column %(position)s has no name in the header."),
    "source-error": _(
        "Nothing can be read from here on: mostly a quotation mark was opened that nobody closed."
    ),
}

#: A column's rules, in a few words each.
RULES: dict[str, Promise] = {
    "required": _("needed in each row"),
    "unique": _("never twice"),
    "minimum": _("at least %(limit)s"),
    "maximum": _("at most %(limit)s"),
    "minLength": ngettext_lazy("at least %(limit)s sign", "at least %(limit)s signs", "limit"),
    "maxLength": ngettext_lazy("at most %(limit)s sign", "at most %(limit)s signs", "limit"),
    "pattern": _("matches %(limit)s"),
    "enum": _("one of %(limit)s"),
}

#: Which rule of its column a value breaks.
CONSTRAINTS: dict[str, Promise] = {
    "required": _("A value is missing; this column needs one in each row."),
    "minimum": _("“%(value)s” is less than %(limit)s."),
    "maximum": _("“%(value)s” is more than %(limit)s."),
    "minLength": ngettext_lazy(
        "“%(value)s” is shorter than %(limit)s sign.",
        "“%(value)s” is shorter than %(limit)s signs.",
        "limit",
    ),
    "maxLength": ngettext_lazy(
        "“%(value)s” is longer than %(limit)s sign.",
        "“%(value)s” is longer than %(limit)s signs.",
        "limit",
    ),
    "pattern": _("“%(value)s” does not match %(limit)s."),
    "enum": _("“%(value)s” is none of: %(limit)s."),
}

#: A value of a type, as it stands after “is not”.
TYPE_WORDS: dict[str, Promise] = {
    "string": _("a text of this form"),
    "integer": _("a whole number"),
    "number": _("a number"),
    "boolean": _("a yes or no"),
    "date": _("a date of this form"),
    "datetime": _("a date with a time of this form"),
    "year": _("a year"),
    "time": _("a time of this form"),
    "yearmonth": _("a month like 2026-11"),
    "duration": _("a duration like P1D"),
    "object": _("an object of JSON"),
    "array": _("a list of JSON"),
    "geopoint": _("a point like 48.85, 2.35"),
    "geojson": _("a shape of GeoJSON"),
    "any": _("a value"),
}

#: What may be said of a column, by its name in a Table Schema.
PROPERTIES: dict[str, Promise] = {
    "name": _("name"),
    "type": _("type"),
    "format": _("form"),
    "title": _("what it is called"),
    "required": _("needed in each row"),
    "unique": _("never twice"),
    "minimum": _("smallest value"),
    "maximum": _("largest value"),
    "minLength": _("fewest signs"),
    "maxLength": _("most signs"),
    "pattern": _("pattern"),
    "enum": _("only these values"),
    "decimalChar": _("sign for decimals"),
}

#: Kinds of faults in a table, by the engine's code.
CODE_LABELS: dict[str, Promise] = {
    "type-error": _("of another type"),
    "constraint-error": _("breaks a rule"),
    "missing-cell": _("too few cells"),
    "extra-cell": _("too many cells"),
    "blank-row": _("empty rows"),
    "unique-error": _("there twice"),
    "primary-key": _("named twice"),
    "encoding-error": _("signs that cannot be read"),
    "missing-label": _("columns that are missing"),
    "extra-label": _("columns more"),
    "incorrect-label": _("columns of another name"),
    "duplicate-label": _("columns named twice"),
    "blank-label": _("columns without a name"),
    "source-error": _("cannot be read on"),
}
