"""Small real proxies on loopback: HTTP (CONNECT, and forwarding of http:// addresses) and SOCKS5, and a TLS front."""

import asyncio
import base64
import contextlib
import datetime as dt
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError, RuntimeError):
        writer.write_eof() if writer.can_write_eof() else writer.close()


async def join(reader, writer, there_reader, there_writer) -> None:
    """Carry bytes both ways until both sides have ended."""
    try:
        await asyncio.gather(_pump(reader, there_writer), _pump(there_reader, writer))
    finally:
        there_writer.close()


class Proxy:
    """`names` are the hosts that it knows, each with a port on loopback; `asked` is what it was asked for."""

    scheme = ""

    def __init__(self, names: dict[str, int], credentials: tuple[str, str] | None = None) -> None:
        self.names, self.credentials = names, credentials
        self.asked: list[str] = []
        self.refused_credentials = 0
        self.port = 0

    def url(self, credentials: str = "") -> str:
        return f"{self.scheme}://{credentials}{'@' if credentials else ''}127.0.0.1:{self.port}"

    @contextlib.asynccontextmanager
    async def running(self):
        tasks: set[asyncio.Task] = set()

        async def serve(reader, writer):
            task = asyncio.current_task()
            assert task is not None
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            try:
                await self.serve(reader, writer)
            except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def serve(self, reader, writer) -> None:
        raise NotImplementedError


class HttpProxy(Proxy):
    scheme = "http"

    async def serve(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *headers = head.rstrip("\r\n").split("\r\n")
        method, target, _ = line.split(" ")
        if not self._knows(headers):
            self.refused_credentials += 1
            await self._refuse(writer, "407 Proxy Authentication Required")
            return
        where = urlsplit(f"//{target}" if method == "CONNECT" else target)
        self.asked.append(f"{where.hostname}:{where.port or 80}")
        if where.hostname not in self.names:
            await self._refuse(writer, "502 Bad Gateway")
            return
        there = await asyncio.open_connection("127.0.0.1", self.names[where.hostname])
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await join(reader, writer, *there)
            return
        origin = f"{where.path or '/'}{'?' if where.query else ''}{where.query}"
        kept = [h for h in headers if not h.lower().startswith(("proxy-", "connection:"))]
        lines = [f"{method} {origin} HTTP/1.1", *kept, "Connection: close", "", ""]
        there[1].write("\r\n".join(lines).encode("latin-1"))
        await join(reader, writer, *there)

    def _knows(self, headers):
        if self.credentials is None:
            return True
        known = base64.b64encode(":".join(self.credentials).encode()).decode()
        return any(h.lower() == f"proxy-authorization: basic {known}".lower() for h in headers)

    async def _refuse(self, writer, status):
        writer.write(
            f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
        )
        await writer.drain()


class SocksProxy(Proxy):
    """RFC 1928 and RFC 1929: CONNECT alone."""

    scheme = "socks5h"

    async def serve(self, reader, writer):
        _, count = await reader.readexactly(2)
        offered = await reader.readexactly(count)
        wanted = 0 if self.credentials is None else 2
        if wanted not in offered:
            self.refused_credentials += 1
            writer.write(b"\x05\xff")
            return
        writer.write(bytes((5, wanted)))
        if wanted == 2 and not await self._greet(reader, writer):
            return
        _, _, _, kind = await reader.readexactly(4)
        if kind == 3:
            host = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        else:
            host = ".".join(map(str, await reader.readexactly(4)))
        port = int.from_bytes(await reader.readexactly(2))
        self.asked.append(f"{host}:{port}")
        if host not in self.names:
            writer.write(b"\x05\x04\x00\x01" + bytes(6))  # host unreachable
            return
        there = await asyncio.open_connection("127.0.0.1", self.names[host])
        writer.write(b"\x05\x00\x00\x01" + bytes(6))
        await join(reader, writer, *there)

    async def _greet(self, reader, writer):
        await reader.readexactly(1)
        user = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        password = (await reader.readexactly((await reader.readexactly(1))[0])).decode()
        is_known = (user, password) == self.credentials
        self.refused_credentials += not is_known
        writer.write(bytes((1, not is_known)))
        return is_known


def certificate_for(name: str, folder: Path) -> tuple[Path, Path]:
    """A certificate that nobody signed, and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    chain, secret = folder / f"{name}.pem", folder / f"{name}.key"
    chain.write_bytes(made.public_bytes(pem))
    secret.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return chain, secret


@contextlib.asynccontextmanager
async def tls_front(port: int, chain: Path, key: Path) -> AsyncIterator[int]:
    """Speaks TLS on a port of its own, and passes what it reads on to `port`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)

    async def serve(reader, writer):
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await join(reader, writer, *await asyncio.open_connection("127.0.0.1", port))
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
