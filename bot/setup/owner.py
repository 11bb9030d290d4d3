"""Whose shop it is: root sets it up for the user that runs it, and leaves nothing that this user cannot use."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from grp import getgrgid
from pathlib import Path
from pwd import getpwuid


@dataclass(frozen=True, slots=True)
class Owner:
    uid: int
    gid: int

    @property
    def user(self) -> str:
        try:
            return getpwuid(self.uid).pw_name
        except KeyError:  # a user of another machine, as in a container
            return str(self.uid)

    @property
    def group(self) -> str:
        try:
            return getgrgid(self.gid).gr_name
        except KeyError:
            return str(self.gid)


def owner_of(folder: Path) -> Owner:
    """The user of the shop in a folder: whoever `.env` belongs to, else its data, else the folder.

    `make install` gives the first two to the shop's user, and the folder to root.
    """
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid())
    for place in (folder / ".env", folder / "data", folder):
        try:
            found = place.lstat()
        except OSError:
            continue
        return Owner(found.st_uid, found.st_gid)
    return Owner(0, 0)


@contextmanager
def acting_as(owner: Owner) -> Iterator[None]:
    """Root acts as the shop's user meanwhile; everybody else stays who they are."""
    if os.geteuid() != 0 or owner.uid == 0:
        yield
        return
    os.setgroups([owner.gid])
    os.setegid(owner.gid)
    os.seteuid(owner.uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


def become(owner: Owner) -> None:
    """Root is the shop's user from here on."""
    if os.geteuid() == 0 and owner.uid != 0:
        os.setgroups([owner.gid])
        os.setresgid(owner.gid, owner.gid, owner.gid)
        os.setresuid(owner.uid, owner.uid, owner.uid)
