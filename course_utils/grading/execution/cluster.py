"""Who may be reached as a cluster: whoever reaches a Dask scheduler can have its workers run anything, as whoever started them."""

import ipaddress
import socket
import ssl
from urllib.parse import urlsplit

from course_utils.errors import CourseError

CONNECT = 20  # seconds to find a cluster
PAGE = "docs/cluster.md"
RISK = "anybody who reaches it could read the answers and change the marks"


def reach(address: str, *, unprotected: bool = False) -> tuple[str, object | None]:
    """How to reach a cluster, looked at before anything is sent: Dask's address of it, and its ``Security``.

    Whoever reaches a scheduler can have its workers run anything. So both sides must show certificates, which stand in
    Dask's own settings; ``unprotected`` does without, for a scheduler on this machine, and gives None for them.

    Raises
    ------
    CourseError
        If Dask is not installed, the address has no meaning, or the cluster is not protected and has to be.
    """
    try:
        from distributed import Security
    except ImportError:
        raise CourseError(
            "Dask is not installed: python -m pip install --require-hashes -r requirements-cluster.lock, here and on the workers."
        ) from None
    kind, _, place = address.partition("://")
    try:
        parts = urlsplit(f"//{place}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if kind not in ("dask", "tcp", "tls") or not host or not port:
        raise CourseError(f"--cluster must look like dask://HOST:PORT, and is {address}.")
    if unprotected and kind != "tls":
        if not is_this_machine(host):
            raise CourseError(
                f"--unprotected-cluster is for a scheduler on this machine alone, and {host} is not: {RISK}. "
                f"Start it with certificates, as {PAGE} says, and leave the flag out."
            )
        return f"tcp://{place}", None
    if kind == "tcp":
        raise CourseError(
            f"The cluster at {address} is not protected, and {RISK}: start it with "
            f"certificates, as {PAGE} says, and write tls://{place}."
        )
    try:
        security = Security(require_encryption=True)
        protected = security.get_connection_args("client")["ssl_context"] is not None
    except (OSError, ValueError) as problem:
        raise CourseError(
            f"The certificates for the cluster cannot be read ({problem}): {PAGE} says which files Dask's settings must name."
        ) from None
    if not protected:
        raise CourseError(
            f"There are no certificates for the cluster, and without them {RISK}: make them, and name them in Dask's "
            f"settings, as {PAGE} says."
        )
    return f"tls://{place}", security


def is_this_machine(host: str) -> bool:
    """Whether a name or number leads to this machine's own loopback, and nowhere else."""
    try:
        found = {entry[4][0].partition("%")[0] for entry in socket.getaddrinfo(host, None)}
    except OSError:
        return False
    return bool(found) and all(ipaddress.ip_address(number).is_loopback for number in found)


def knock(address: str, security) -> None:
    """Say in a sentence why a scheduler does not take our certificates, or we not its: Dask would wait, and say less."""
    parts = urlsplit(address)
    context = security.get_connection_args("client")["ssl_context"]
    try:
        with (
            socket.create_connection((parts.hostname, parts.port), timeout=CONNECT) as line,
            context.wrap_socket(line) as talk,
        ):
            # A scheduler that does not take our certificate says so only now.
            talk.recv(1)
    except ssl.SSLCertVerificationError as problem:
        raise CourseError(
            f"The scheduler at {address} shows a certificate that is not from your authority ({problem.verify_message}): "
            f"give both sides certificates from the same one, as {PAGE} says."
        ) from None
    except ssl.SSLError as problem:
        if problem.reason == "WRONG_VERSION_NUMBER":
            said = "speaks without encryption, so nothing was sent to it: start it with certificates"
        else:
            said = f"does not take your certificate ({problem.reason}): give both sides certificates from the same authority"
        raise CourseError(f"The scheduler at {address} {said}, as {PAGE} says.") from None
    except OSError as problem:
        raise CourseError(f"No Dask scheduler answers at {address}: {problem.strerror or problem}.") from None
