"""Packages of research data: a store, kinds of file, tables, data packages and RO-Crates."""

from proxeny.engine.package._folder import FolderStore
from proxeny.engine.package._s3 import S3Store
from proxeny.engine.package.archive import Entry, Limits, look_into, open_archive, unpack
from proxeny.engine.package.cite import cite_apa, cite_bibtex, cite_cff
from proxeny.engine.package.crate import check_study, crate_metadata, write_crate
from proxeny.engine.package.crate_read import Crate, check_crate, read_crate, unpack_crate
from proxeny.engine.package.datacite import dump_datacite
from proxeny.engine.package.datapackage import dump_package, load_package
from proxeny.engine.package.detect import detect_dialect
from proxeny.engine.package.excerpt import Excerpt, take_rows
from proxeny.engine.package.infer import Inferred, infer_schema
from proxeny.engine.package.kinds import KINDS, Kind, identify, kind_of
from proxeny.engine.package.problems import Problem, Refused, Severity
from proxeny.engine.package.schema import TYPES, Constraints, Dialect, Field, Schema
from proxeny.engine.package.schema_json import (
    dump_dialect,
    dump_schema,
    load_dialect,
    load_schema,
)
from proxeny.engine.package.store import (
    MOST_BYTES,
    Readable,
    Store,
    Upload,
    UploadConflict,
    UploadUnknown,
    keep,
)
from proxeny.engine.package.study import (
    Action,
    DataFile,
    Dataset,
    Evidence,
    Funding,
    Licence,
    Organisation,
    Person,
    Recommendation,
    Report,
    Study,
)
from proxeny.engine.package.validate import CellProblem, TableReport, validate_table

__all__ = [
    "KINDS",
    "MOST_BYTES",
    "TYPES",
    "Action",
    "CellProblem",
    "Constraints",
    "Crate",
    "DataFile",
    "Dataset",
    "Dialect",
    "Entry",
    "Evidence",
    "Excerpt",
    "Field",
    "FolderStore",
    "Funding",
    "Inferred",
    "Kind",
    "Licence",
    "Limits",
    "Organisation",
    "Person",
    "Problem",
    "Readable",
    "Recommendation",
    "Refused",
    "Report",
    "S3Store",
    "Schema",
    "Severity",
    "Store",
    "Study",
    "TableReport",
    "Upload",
    "UploadConflict",
    "UploadUnknown",
    "check_crate",
    "check_study",
    "cite_apa",
    "cite_bibtex",
    "cite_cff",
    "crate_metadata",
    "detect_dialect",
    "dump_datacite",
    "dump_dialect",
    "dump_package",
    "dump_schema",
    "identify",
    "infer_schema",
    "keep",
    "kind_of",
    "load_dialect",
    "load_package",
    "load_schema",
    "look_into",
    "open_archive",
    "read_crate",
    "take_rows",
    "unpack",
    "unpack_crate",
    "validate_table",
    "write_crate",
]
