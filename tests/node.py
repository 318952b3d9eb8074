"""Judges that node runs: their packages, installed once for each lock file."""

import contextlib
import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[1] / ".tools"
#: What npm says where there is no way to its registry. Any other failure is one.
UNREACHED = (b"ENOTFOUND", b"ECONNREFUSED", b"ETIMEDOUT", b"EAI_AGAIN", b"ENETUNREACH")


def installed(source: Path) -> Path:
    """Return a copy of a judge's folder with its packages; a test without node is left out."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("no node and npm here, which run the outside judge")
    files = sorted(path for path in source.iterdir() if path.is_file())
    told = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    folder = TOOLS / f"{source.name}-{told[:16]}"
    if not folder.exists():
        _install(source, folder)
    return folder


def _install(source: Path, folder: Path) -> None:
    folder.parent.mkdir(exist_ok=True)
    # Beside it and then in its place, since several workers may begin at once.
    begun = Path(tempfile.mkdtemp(prefix=f"{source.name}-new-", dir=folder.parent)) / source.name
    shutil.copytree(source, begun, ignore=shutil.ignore_patterns("node_modules"))
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(install, cwd=begun, capture_output=True, timeout=300, check=False)
    if done.returncode and any(word in done.stderr for word in UNREACHED):
        shutil.rmtree(begun.parent)
        pytest.skip("npm's registry is out of reach, where the outside judge comes from")
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    # Who comes second leaves what is there.
    with contextlib.suppress(OSError):
        begun.rename(folder)
    shutil.rmtree(begun.parent)
