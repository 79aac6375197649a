"""A certificate authority of a test's own, and a server certificate for the loopback address."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    """``ca``, ``certificate`` and ``key`` are PEM files in ``folder``; ``both`` is the last two in one."""

    def __init__(self, folder: Path) -> None:
        self.ca, self.certificate, self.key, self.both = (folder / name for name in ("ca.pem", "cert.pem", "key.pem", "both.pem"))
        ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "an authority of the tests")])
        ca = _built(name, name, ca_key, ca_key, x509.BasicConstraints(ca=True, path_length=None))
        server = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a server of the tests")])
        names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("localhost")])
        certificate = _built(server, name, key, ca_key, names)
        pem = serialization.Encoding.PEM
        secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        self.ca.write_bytes(ca.public_bytes(pem))
        self.certificate.write_bytes(certificate.public_bytes(pem))
        self.key.write_bytes(secret)
        self.both.write_bytes(certificate.public_bytes(pem) + secret)

    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.ca))


def _built(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signer: ec.EllipticCurvePrivateKey,
    extension: x509.ExtensionType,
) -> x509.Certificate:
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
    )
    return made.sign(signer, hashes.SHA256())
