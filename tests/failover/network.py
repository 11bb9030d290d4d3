"""A machine of its own in a network namespace: its links to the servers can lose every packet, silently.

A link is a pair of virtual interfaces between the machine's namespace and one in which the relays listen; neither has a
way to any other network. A link loses its packets when both ends write them to an address that nobody has.
"""

import ctypes
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

_NOBODY = "02:00:00:00:00:01"
_NEW_NETWORK = 0x40000000  # CLONE_NEWNET
_FOLDER = "/run/netns"


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def enter(namespace: str) -> None:
    """Move this thread into a namespace. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = os.open(f"{_FOLDER}/{namespace}", os.O_RDONLY)
    try:
        if libc.setns(descriptor, _NEW_NETWORK):
            raise OSError(ctypes.get_errno(), "setns")
    finally:
        os.close(descriptor)


class Network:
    """The links of one machine; `host` of a link is where its relay listens."""

    def __init__(self, name: str, links: tuple[str, ...]) -> None:
        self.inside, self.outside = f"{name}-in", f"{name}-out"
        self._links = links

    def make(self) -> None:
        for namespace in (self.inside, self.outside):
            _ip("netns", "add", namespace)
            _ip("-n", namespace, "link", "set", "lo", "up")
        for number, _ in enumerate(self._links):
            here, there = f"l{number}i", f"l{number}o"
            _ip(
                "-n",
                self.inside,
                "link",
                "add",
                here,
                "type",
                "veth",
                "peer",
                "name",
                there,
                "netns",
                self.outside,
            )
            for namespace, device, end in ((self.inside, here, 2), (self.outside, there, 1)):
                _ip("-n", namespace, "addr", "add", f"10.77.{number}.{end}/30", "dev", device)
                _ip("-n", namespace, "link", "set", device, "up")

    def remove(self) -> None:
        for namespace in (self.inside, self.outside):
            subprocess.run(["ip", "netns", "del", namespace], check=False, capture_output=True)

    def listen(self, link: str, port: int) -> socket.socket:
        """A listening socket at the other end of a link."""
        made: list[socket.socket] = []

        def listen() -> None:
            enter(self.outside)
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((f"10.77.{self._links.index(link)}.1", port))
            listener.listen(256)
            made.append(listener)

        thread = threading.Thread(target=listen)  # the namespace is the thread's
        thread.start()
        thread.join()
        return made[0]

    def cut(self, link: str) -> None:
        """Lose every packet of a link, in both directions."""
        number = self._links.index(link)
        for namespace, device, end in self._ends(number):
            _ip(
                "-n",
                namespace,
                "neigh",
                "replace",
                f"10.77.{number}.{end}",
                "lladdr",
                _NOBODY,
                "nud",
                "permanent",
                "dev",
                device,
            )

    def heal(self, link: str) -> None:
        number = self._links.index(link)
        for namespace, device, end in self._ends(number):
            _ip("-n", namespace, "neigh", "del", f"10.77.{number}.{end}", "dev", device)

    def _ends(self, number: int) -> tuple[tuple[str, str, int], tuple[str, str, int]]:
        """Each namespace, its device, and the last part of the other end's address."""
        return (self.inside, f"l{number}i", 1), (self.outside, f"l{number}o", 2)

    def entering(self) -> Callable[[], None]:
        """For a process that is to live on this machine, before it does anything."""
        return partial(enter, self.inside)


@contextmanager
def networks(count: int, links: tuple[str, ...]) -> Iterator[list[Network] | None]:
    """A network for each machine; None where namespaces cannot be made (no root, no `ip`, no such kernel)."""
    if os.geteuid() or shutil.which("ip") is None:
        yield None
        return
    made = [Network(f"hanout{os.getpid()}n{number}", links) for number in range(count)]
    try:
        try:
            for network in made:
                network.make()
        except subprocess.CalledProcessError:
            yield None
            return
        yield made
    finally:
        for network in made:
            network.remove()
