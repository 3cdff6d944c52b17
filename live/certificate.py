"""A certificate made by ourselves, for a hall without a name on the internet: ``jaring serve --self-signed``.

Browsers warn about it once for each device, because nobody vouches for it; after that nobody on the network reads or
changes what is sent. It is kept beside the data, so that a device which accepted it is not asked again.
"""

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAYS = 397
"""The longest time that browsers accept."""

LEAST = timedelta(days=14)
"""One that ends sooner is made anew at the start, so that none ends during a forum."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """Where certificate and key lie, and the fingerprint that a careful person compares with what the browser shows."""

    path: Path
    key: Path
    fingerprint: str


def kept(folder: Path, hosts: Sequence[str], now: datetime) -> Certificate:
    """The certificate in ``folder`` if it names all these hosts for some time yet, else a new one."""
    path, key = folder / "certificate.pem", folder / "certificate.key"
    known = x509.load_pem_x509_certificate(path.read_bytes()) if path.exists() and key.exists() else None
    if known is None or known.not_valid_after_utc - now < LEAST or not set(hosts) <= _named(known):
        folder.mkdir(parents=True, exist_ok=True)
        known = _make(path, key, hosts, now)
    digest = known.fingerprint(SHA256()).hex().upper()
    return Certificate(path, key, ":".join(digest[at : at + 2] for at in range(0, len(digest), 2)))


def _make(path: Path, key: Path, hosts: Sequence[str], now: datetime) -> x509.Certificate:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Jaring")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=DAYS - 1))
        .add_extension(x509.SubjectAlternativeName([_host(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(private, SHA256())
    )
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    key.unlink(missing_ok=True)
    with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secret)
    path.write_bytes(made.public_bytes(Encoding.PEM))
    return made


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _named(certificate: x509.Certificate) -> set[str]:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {str(name.value) for name in names}
