"""The certificate authorities that Java is given."""

import datetime
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from local.setup.installed import java
from local.setup.truststore import PASSWORD, certificate_bundle, write_truststore


def authority(name: str) -> bytes:
    """Return a new certificate authority's certificate, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def test_java_reads_every_authority_of_the_bundle(tmp_path: Path) -> None:
    bundle, store = tmp_path / "bundle.pem", tmp_path / "trust.p12"
    bundle.write_bytes(authority("First") + authority("Second"))
    assert write_truststore(bundle, store) == 2
    keytool = [java().with_name("keytool"), "-list", "-v", "-keystore", store, "-storepass", PASSWORD]
    shown = subprocess.run([str(part) for part in keytool], capture_output=True, text=True, check=True).stdout
    assert "Your keystore contains 2 entries" in shown
    assert shown.count("Entry type: trustedCertEntry") == 2
    assert {"Owner: CN=First", "Owner: CN=Second"} <= set(shown.splitlines())


def test_the_bundle_that_the_environment_names_comes_first(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(authority("Named"))
    assert certificate_bundle({"SSL_CERT_FILE": str(bundle)}) == bundle


def test_without_a_bundle_java_keeps_its_own(tmp_path: Path) -> None:
    assert certificate_bundle({"SSL_CERT_FILE": str(tmp_path / "absent.pem")}) is None


@pytest.mark.parametrize("environ", [{}, {"SSL_CERT_FILE": ""}])
def test_else_it_is_pythons_own_bundle(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    found = certificate_bundle(environ)
    assert found is None or b"BEGIN CERTIFICATE" in found.read_bytes()
