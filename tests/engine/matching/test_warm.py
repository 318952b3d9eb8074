"""Compiling ahead of time leaves nothing to compile for the first user."""

import os
import subprocess
import sys

from proxeny.engine.matching import _kernels


def test_warm_up_fills_the_cache_and_the_next_run_finds_it(tmp_path):
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "proxeny.engine.matching.warm"]
    kept = []
    for _ in range(2):
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=True, timeout=300
        )
        assert (done.stdout, done.stderr) == ("", "")
        kept.append({path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.nbc")})
    compiled = {path.name.split("-")[0].removeprefix("_kernels.") for path in kept[0]}
    assert {name for name in compiled if not name.startswith("_")} == set(_kernels.__all__)
    assert kept[0] == kept[1]
