"""Plays the steps of the Dockerfile where no container engine is: a stage is a layer over a root file system.

Every command runs in a mount namespace of its own, which ends with it, so nothing is left mounted. The base image is
replaced by a root file system that is there: this machine's, or one that debootstrap made.
"""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# What a command needs of this machine to reach the package index; a container engine provides the first.
FROM_HERE = ("/etc/resolv.conf", "/etc/pip.conf", "/etc/ssl/certs")
CAPABILITIES = {"all": "+all", "none": "-all"}


@dataclass(frozen=True)
class Step:
    """One instruction: `word` in capitals, its flags, the rest as one line."""

    word: str
    flags: Mapping[str, str]
    text: str


@dataclass
class Stage:
    """What the steps of a stage made: a layer of files, and how its processes run."""

    folder: Path
    base: Path
    env: dict[str, str] = field(default_factory=lambda: {"PATH": SEARCH_PATH})
    user: str = "0:0"
    workdir: str = "/"
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)
    other: dict[str, str] = field(default_factory=dict)  # LABEL, VOLUME, STOPSIGNAL

    def __post_init__(self) -> None:
        for name in ("files", "root"):
            (self.folder / name).mkdir(parents=True)

    def outside(self, path: str) -> Path:
        """Where a file of this layer is for other programs of this machine."""
        return self.folder / "files" / path.lstrip("/")


def read_steps(text: str) -> list[Step]:
    joined = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    steps = []
    for line in filter(None, map(str.strip, joined.splitlines())):
        word, rest = line.split(maxsplit=1)
        flags = {}
        while found := re.match(r"--([\w-]+)=(\S+)\s+", rest):
            flags[found[1]] = found[2]
            rest = rest[found.end() :]
        steps.append(Step(word, flags, rest))
    return steps


def mounting(stage: Stage, binds: Mapping[str, str], *, read_only: bool) -> str:
    """A script that lays the layer over its base, for the namespace that it runs in alone.

    Each mount has a working folder of its own: several processes run the image at once, and read only.
    """
    root, files = shlex.quote(str(stage.folder / "root")), shlex.quote(str(stage.folder / "files"))
    work = shlex.quote(f"{stage.folder / 'work'}.XXXXXX")
    lines = [
        "set -eu",
        f"work=$(mktemp -d {work})",
        f"mount -t overlay overlay -o lowerdir={stage.base},upperdir={files},workdir=$work {root}",
        f"mount -t proc proc {root}/proc",
        f"mount --rbind /dev {root}/dev",
        f"mount -t tmpfs tmpfs {root}/tmp",
    ]
    for inside, outside in binds.items():
        lines.append(f"mount --bind {shlex.quote(outside)} {root}{shlex.quote(inside)}")
    if read_only:
        lines.append(f"mount -o remount,bind,ro {root}")
    return "\n".join(lines)


def in_namespace(script: str) -> list[str]:
    return ["unshare", "--mount", "--propagation=private", "sh", "-c", script]


def starting(
    stage: Stage,
    command: Sequence[str],
    *,
    user: str | None = None,
    capabilities: str = "-all",
    binds: Mapping[str, str] | None = None,
    env: Mapping[str, str] | None = None,
) -> list[str]:
    """The words that start a process as a container engine would: read-only, /tmp its own, no capabilities.

    `capabilities`: those that root keeps, as setpriv names them; another user has none.
    """
    reuid, _, regid = (user or stage.user).partition(":")
    become = [f"--reuid={reuid}", f"--regid={regid}", "--clear-groups", "--no-new-privs"]
    become += [f"--bounding-set={capabilities}", "--inh-caps=-all"]
    words = ["env", "-i", *(f"{k}={v}" for k, v in {**stage.env, **(env or {})}.items())]
    inside = f"cd {shlex.quote(stage.workdir)} && exec {shlex.join([*words, *command])}"
    enter = ["chroot", str(stage.folder / "root"), "setpriv", *become, "sh", "-c", inside]
    script = mounting(stage, binds or {}, read_only=True) + f"\nexec {shlex.join(enter)}"
    return in_namespace(script)


class Player:
    """Plays a Dockerfile with `base` in place of its base image.

    `leave_out`: RUN lines with these words are left out, since the base has what they install.
    """

    def __init__(
        self, context: Path, base: Path, folder: Path, *, leave_out: Sequence[str] = ()
    ) -> None:
        self._context = context
        self._base = base
        self._folder = folder
        self._leave_out = leave_out
        self.stages: dict[str, Stage] = {}

    def play(self, steps: Sequence[Step], arguments: Mapping[str, str] | None = None) -> Stage:
        """The last stage. Raises CalledProcessError where a step fails, KeyError where it is unknown."""
        known = dict(arguments or {})
        stage = None
        for step in steps:
            if step.word == "ARG":
                name, _, value = step.text.partition("=")
                known.setdefault(name, value)
            elif step.word == "FROM":
                name = step.text.partition(" AS ")[2] or f"stage{len(self.stages)}"
                stage = self.stages[name] = Stage(self._folder / name, self._base)
            else:
                assert stage is not None, f"{step.word} before FROM"
                self._play(stage, step, known)
        assert stage is not None
        return stage

    def _play(self, stage: Stage, step: Step, arguments: Mapping[str, str]) -> None:
        match step.word:
            case "ENV":
                for word in shlex.split(step.text):
                    name, _, value = word.partition("=")
                    stage.env[name] = value.replace("$PATH", stage.env["PATH"])
            case "WORKDIR":
                stage.workdir = step.text
                self._do(stage, f'mkdir -p "$ROOT{step.text}"')
            case "USER":
                stage.user = step.text
            case "CMD":
                stage.command = _words(step.text)
            case "HEALTHCHECK":
                stage.health = _words(step.text.removeprefix("CMD "))
            case "LABEL" | "VOLUME" | "STOPSIGNAL":
                stage.other[step.word] = step.text
            case "COPY":
                self._copy(stage, step)
            case "RUN":
                if not any(words in step.text for words in self._leave_out):
                    self._run(stage, step, arguments)
            case _:
                raise KeyError(step.word)

    def _do(self, stage: Stage, script: str) -> None:
        root = f"ROOT={shlex.quote(str(stage.folder / 'root'))}\n"
        command = in_namespace(root + mounting(stage, {}, read_only=False) + "\n" + script)
        subprocess.run(command, check=True)

    def _copy(self, stage: Stage, step: Step) -> None:
        *sources, target = step.text.split()
        where = self._context
        if "from" in step.flags:
            where = self.stages[step.flags["from"]].folder / "files"
        target = os.path.join(stage.workdir, target)  # noqa: PTH118 - keeps the slash at its end
        script = []
        for source in sources:
            path = where / source.lstrip("/")
            # As Docker does: a folder's content goes into the target, a file becomes it or goes into it.
            from_, into = (f"{path}/.", target) if path.is_dir() else (str(path), target)
            folder = target if path.is_dir() or target.endswith("/") else os.path.dirname(target)  # noqa: PTH120
            script.append(f'mkdir -p "$ROOT{folder}"')
            script.append(f'cp -RP --no-preserve=ownership {shlex.quote(from_)} "$ROOT{into}"')
            if "chmod" in step.flags:
                script.append(f'chmod {step.flags["chmod"]} "$ROOT{into}/{path.name}"')
        self._do(stage, "\n".join(script))

    def _run(self, stage: Stage, step: Step, arguments: Mapping[str, str]) -> None:
        binds = {path: path for path in FROM_HERE if Path(path).exists()}
        cache = Path.home() / ".cache/pip"
        if "type=cache" in step.flags.get("mount", "") and cache.is_dir():
            target = step.flags["mount"].rpartition("target=")[2]
            self._do(stage, f'mkdir -p "$ROOT{target}"')
            binds[target] = str(cache)
        for path in binds if self._base != Path("/") else ():
            make = f'touch "$ROOT{path}"' if Path(path).is_file() else f'mkdir -p "$ROOT{path}"'
            self._do(stage, make)
        env = {**stage.env, **arguments, "HOME": "/root"}
        env |= {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        words = ["env", "-i", *(f"{name}={value}" for name, value in env.items())]
        inside = f"cd {shlex.quote(stage.workdir)}\n{step.text}"
        enter = ["chroot", str(stage.folder / "root"), *words, "sh", "-euc", inside]
        script = mounting(stage, binds, read_only=False) + f"\nexec {shlex.join(enter)}"
        subprocess.run(in_namespace(script), check=True)


def _words(text: str) -> list[str]:
    return re.findall(r'"([^"]*)"', text)


def why_not_here() -> str:
    """Why steps cannot be played on this machine; empty where they can."""
    if os.geteuid() != 0:
        return "only root may lay one file system over another"
    if not all(shutil.which(tool) for tool in ("unshare", "setpriv", "chroot")):
        return "unshare, setpriv or chroot is missing (util-linux, coreutils)"
    probe = "d=$(mktemp -d) && mount -t tmpfs t $d && mkdir $d/u $d/w $d/m && mount -t overlay o -o lowerdir=/,upperdir=$d/u,workdir=$d/w $d/m"
    if subprocess.run(in_namespace(probe), capture_output=True, check=False).returncode:
        return "this machine does not let overlays be mounted"
    return ""
