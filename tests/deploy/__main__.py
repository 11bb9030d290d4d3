"""`make image`: the tests of the image on a Debian of its own, which debootstrap makes, with PostgreSQL's client tools.

Needs root, debootstrap and a server of Debian's packages. The everyday form of these tests uses this machine's files.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

# The releases, and the version of PostgreSQL that each of them has.
POSTGRESQL: Final = {"bookworm": "15", "trixie": "17"}
PACKAGES: Final = "ca-certificates,python3,python3-venv"


def mirror() -> str:
    """Where this machine has its packages of Debian from."""
    wanted = [
        "--format",
        "$(REPO_URI)",
        "Created-By: Packages",
        "Origin: Debian",
        "Component: main",
    ]
    done = subprocess.run(
        ["apt-get", "indextargets", *wanted], capture_output=True, text=True, check=True
    )
    return done.stdout.split()[0]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.deploy")
    mine = platform.freedesktop_os_release().get("VERSION_CODENAME", "trixie")
    parser.add_argument("--suite", choices=sorted(POSTGRESQL), default=mine)
    suite = parser.parse_args().suite
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        base = Path(folder) / suite
        make = [
            "debootstrap",
            "--variant=minbase",
            f"--include={PACKAGES}",
            suite,
            str(base),
            mirror(),
        ]
        subprocess.run(make, check=True, stdout=subprocess.DEVNULL)
        env = {**os.environ, "IMAGE_BASE": str(base), "IMAGE_POSTGRESQL": POSTGRESQL[suite]}
        tests = [
            sys.executable,
            "-m",
            "pytest",
            "tests/deploy/test_image.py",
            "-p",
            "no:cacheprovider",
        ]
        return subprocess.run(tests, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
