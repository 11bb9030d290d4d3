"""Free ports for servers of other processes, which nobody else gets before those listen."""

import socket

_HELD: list[socket.socket] = []  # to the end of this process


def free_port() -> int:
    """A port of 127.0.0.1 on which nothing listens, and on which a server may listen, also after a restart.

    A socket that does not listen stays bound to it: neither the server of another test nor a connection that
    somebody opens gets it then. A server gets it with SO_REUSEADDR, as servers have it.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    _HELD.append(held)
    port: int = held.getsockname()[1]
    return port
