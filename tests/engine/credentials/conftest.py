"""An outside judge: the verifier of Digital Bazaar, run by node."""

import contextlib
import hashlib
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from tests.engine.credentials.world import NOW

ROOT = Path(__file__).resolve().parents[3]
JUDGES = ROOT / "tests" / "judges"
#: What npm says where there is no way to its registry. Any other failure is one.
UNREACHED = (b"ENOTFOUND", b"ECONNREFUSED", b"ETIMEDOUT", b"EAI_AGAIN", b"ENETUNREACH")


@pytest.fixture(scope="session")
def judges_folder():
    """Return a folder with the judge and its packages, installed once for each lock file."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("no node and npm here, which run the outside verifier")
    lock = JUDGES / "package-lock.json"
    told = hashlib.sha256(lock.read_bytes() + (JUDGES / "verify.mjs").read_bytes()).hexdigest()
    folder = ROOT / ".tools" / f"judges-{told[:16]}"
    if not folder.exists():
        _install(folder)
    return folder


def _install(folder):
    folder.parent.mkdir(exist_ok=True)
    # Beside it and then in its place, since several workers may begin at once.
    begun = Path(tempfile.mkdtemp(prefix="judges-new-", dir=folder.parent)) / "judges"
    shutil.copytree(JUDGES, begun, ignore=shutil.ignore_patterns("node_modules"))
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(install, cwd=begun, capture_output=True, timeout=300, check=False)
    if done.returncode and any(word in done.stderr for word in UNREACHED):
        shutil.rmtree(begun.parent)
        pytest.skip("npm's registry is out of reach, where the outside verifier comes from")
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    # Who comes second leaves what is there.
    with contextlib.suppress(OSError):
        begun.rename(folder)
    shutil.rmtree(begun.parent)


@pytest.fixture
def judge(judges_folder):
    """Return a function that has credentials judged, one verdict each."""

    def run(world, *credentials, now=NOW, status=False):
        published = world.published | {
            document["id"]: document for document in world.published.values()
        }
        job = {
            "published": published,
            "now": now.isoformat(),
            "status": status,
            "credentials": credentials,
        }
        done = subprocess.run(
            ["node", "verify.mjs"],
            cwd=judges_folder,
            input=json.dumps(job).encode(),
            check=True,
            capture_output=True,
            timeout=120,
        )
        return json.loads(done.stdout)

    return run
