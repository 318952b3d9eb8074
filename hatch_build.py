"""Compiles the texts of all languages into the wheel; git keeps the catalogues alone."""

import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTexts(BuildHookInterface):
    """Adds `django.mo` of each language; what lies in the source tree stays as it is."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile into a folder that is gone after the build; does nothing for editable ones."""
        if version == "editable":
            return
        self.folder = tempfile.TemporaryDirectory()
        for catalogue in sorted(Path(self.root, "src", "proxeny", "locale").glob("*/*/django.po")):
            inside = catalogue.relative_to(Path(self.root, "src")).with_suffix(".mo")
            language = catalogue.parents[1].name
            compiled = Path(self.folder.name, f"{language}.mo")
            with catalogue.open("rb") as source, compiled.open("wb") as target:
                write_mo(target, read_po(source, locale=language))
            build_data["force_include"][str(compiled)] = inside.as_posix()

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the folder."""
        if version != "editable":
            self.folder.cleanup()
