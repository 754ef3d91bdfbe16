"""Lets Java trust the certificate authorities that Python trusts here; companies have their own."""

from __future__ import annotations

import os
import ssl
import warnings
from collections.abc import Mapping
from pathlib import Path

# Java's customary password for stores of public certificates: it guards nothing.
PASSWORD = "changeit"


def certificate_bundle(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the machine's bundle of certificate authorities (PEM), or None where there is none."""
    named = environ.get("SSL_CERT_FILE") or ssl.get_default_verify_paths().cafile
    return Path(named) if named and Path(named).is_file() else None


def write_truststore(bundle: Path, store: Path) -> int:
    """Write the bundle's certificates as a PKCS #12 store that Java reads; return how many they are."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
    from cryptography.utils import CryptographyDeprecationWarning

    with warnings.catch_warnings():
        # Bundles hold old roots, whose serial numbers a newer rule forbids; they stay trusted.
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        certificates = x509.load_pem_x509_certificates(bundle.read_bytes())
        entries = [
            pkcs12.PKCS12Certificate(certificate, str(number).encode())
            for number, certificate in enumerate(certificates)
        ]
        content = pkcs12.serialize_java_truststore(entries, BestAvailableEncryption(PASSWORD.encode()))
    store.write_bytes(content)
    return len(certificates)
