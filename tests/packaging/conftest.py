"""The wheel, built once from what git knows of this tree, in an environment of its own."""

import shutil
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def known_to_git(*under: str) -> list[str]:
    """Files that a clone of this tree would have, new ones that are not ignored among them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *under],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted(one for one in listed.stdout.split("\0") if one and (ROOT / one).is_file())


@pytest.fixture(scope="package")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel made of a clean copy: nothing that was compiled or collected here can get into it."""
    clean = tmp_path_factory.mktemp("clean")
    build = ("pyproject.toml", "hatch_build.py", ".gitignore", "README.md", "LICENSE")
    for name in known_to_git("src", "deploy", *build):
        target = clean / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel"],
        cwd=clean,
        capture_output=True,
        check=True,
    )
    (built,) = (clean / "dist").glob("proxeny-*.whl")
    return built


@dataclass(frozen=True)
class Installed:
    """An environment that has the wheel, and what it needs from the environment of the tests."""

    python: Path
    package: Path

    @property
    def command(self) -> Path:
        """The command that it put there."""
        return self.python.with_name("proxeny")


@pytest.fixture(scope="package")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel as an installer lays it out, without the checkout within reach."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = folder / "lib" / version / "site-packages"
    # A line of our own file is put on the path as it is: the checkout's own `.pth` beside what it
    # names, which would lead to the source, is not read.
    (packages / "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    python = folder / "bin" / "python"
    command = python.with_name("proxeny")
    command.write_text(f"#!{python}\nfrom proxeny.cli import main\n\nmain()\n")
    command.chmod(0o755)
    return Installed(python=python, package=packages / "proxeny")
