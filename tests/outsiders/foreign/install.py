"""Installs telegram-test-api (npm, MIT) under the virtual environment, once, from its lock file.

`make clean` removes it with the environment. Nothing runs at installation: packages' own scripts are not started.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
_SECONDS = 120
_FILES = ("package.json", "package-lock.json", "server.js")


class NotInstalled(Exception):
    """Why it could not be installed, in words."""


def install() -> Path:
    """The folder in which `node server.js` runs. Raises NotInstalled."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise NotInstalled("node and npm are not here: on Debian `apt install nodejs npm`")
    content = b"".join((HERE / name).read_bytes() for name in _FILES)
    folder = Path(sys.prefix) / "outsiders" / hashlib.sha256(content).hexdigest()[:12]
    done = folder / "installed"
    if done.exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    for name in _FILES:
        shutil.copy(HERE / name, folder / name)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        raise NotInstalled(f"npm did not install telegram-test-api within {_SECONDS} s") from None
    except subprocess.CalledProcessError as failed:
        last = failed.stderr.decode(errors="replace").strip().splitlines()[:1]
        raise NotInstalled(f"npm could not install telegram-test-api: {last}") from None
    done.touch()
    return folder
