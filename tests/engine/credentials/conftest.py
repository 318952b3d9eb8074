"""An outside judge: the verifier of Digital Bazaar, run by node."""

import json
import subprocess
from pathlib import Path

import pytest
from tests.engine.credentials.world import NOW
from tests.node import installed

ROOT = Path(__file__).resolve().parents[3]
JUDGES = ROOT / "tests" / "judges"


@pytest.fixture(scope="session")
def judges_folder():
    """Return a folder with the judge and its packages, installed once for each lock file."""
    return installed(JUDGES)


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
