"""The beginning of a short process: limits itself, then runs a module. See `short_processes`.

Run as a file by `python -I`, which looks for modules neither in the present folder nor in PYTHONPATH; the
first argument is where the parent has its code from.
"""

import resource
import runpy
import signal
import sys

_MIB = 1024 * 1024
_MARGIN_SECONDS = 5  # the parent ends it first; this is for one whose parent was killed


def main() -> None:
    root, module, seconds, mebibytes = sys.argv[1:]
    limit = int(mebibytes) * _MIB
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    signal.alarm(int(seconds) + _MARGIN_SECONDS)
    sys.path.insert(0, root)
    sys.argv[1:] = []
    runpy.run_module(module, run_name="__main__")


if __name__ == "__main__":
    main()
