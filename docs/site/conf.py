"""How `make docs` builds the documentation: Sphinx over the Markdown as it lies in the repository."""

import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).parent))

from contents import INDEX, read_contents  # noqa: E402

project = "Proxeny"
version = release = metadata.version("proxeny")
language = "en"

extensions = ["myst_parser"]
root_doc = INDEX
include_patterns = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/*.md", "docs/**/*.md"]
# Not even looked into.
exclude_patterns = [one.name for one in ROOT.iterdir() if one.is_dir() and one.name != "docs"]
nitpicky = True

myst_heading_anchors = 4
# Code hosts know none of these: what they would show as it is, the site shows as it is.
myst_disable_syntax = ["myst_line_comment", "myst_block_break", "myst_target", "myst_role"]

html_theme = "furo"
html_title = "Proxeny"
html_static_path = [
    "site.css",
    "site.js",
    "../../src/proxeny/web/static/css/tokens.css",
    "../../src/proxeny/web/static/img/mark.svg",
    "../../src/proxeny/web/static/vendor/noto",
]
html_css_files = ["noto.css", "tokens.css", "site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
# From the root, unlike the other files: Sphinx reads it itself.
html_search_scorer = "docs/site/scorer.js"
html_favicon = "../../src/proxeny/web/static/img/mark.svg"
html_sidebars = {
    "**": [
        "brand.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "contents.html",
        "sidebar/scroll-end.html",
    ]
}
templates_path = ["templates"]
html_copy_source = False
html_show_copyright = False
html_use_index = False

CONTENTS = read_contents(ROOT)


def _add_contents(_app, name: str, text: list[str]) -> None:
    """Give the index, unseen, what Sphinx needs of a table of contents: order, previous, next."""
    if name == INDEX:
        groups = [group for section in CONTENTS for group in section.groups]
        pages = [f"{page.title} </{page.name}>" for group in groups for page in group.pages]
        text[0] += "\n\n```{toctree}\n:hidden:\n\nAbout Proxeny </README>\n"
        text[0] += "\n".join(pages) + "\n```\n"


def _show_contents(_app, _page: str, _template: str, context: dict, _doctree) -> None:
    context["contents"] = CONTENTS


def setup(app) -> None:
    app.connect("source-read", _add_contents)
    app.connect("html-page-context", _show_contents)
