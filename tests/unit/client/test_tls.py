"""Over TLS: a certificate that is not trusted is a failed look-up."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.unit.client.test_client import LIST, columns, reply, take

from havenwall.client import GuardClient
from havenwall.model import now


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine with its key, signed by itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now() - timedelta(hours=1))
        .not_valid_after(now() + timedelta(hours=1))
        .add_extension(here, critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, *plain))
    return file


def test_trusted_and_not(misbehaving, certificate: Path) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)

    def act(taken: socket.socket) -> None:
        with server.wrap_socket(taken, server_side=True) as secure:
            take(secure)
            secure.sendall(reply(columns()))

    url = misbehaving(act).replace("http:", "https:")
    trusting = ssl.create_default_context(cafile=certificate)
    with GuardClient(url, "k", timeout=10, context=trusting) as client:
        answer = client.filter(["account:a", "account:b"], LIST)
        assert answer.problem is None
        assert answer.keep == [0]
    with GuardClient(url, "k", timeout=10) as client:
        answer = client.filter(["account:a", "account:b"], LIST)
    assert (answer.keep, answer.answered) == ([], False)
    assert "CERTIFICATE_VERIFY_FAILED" in (answer.problem or "")
