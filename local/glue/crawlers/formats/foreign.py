"""Formats that AWS Glue's built-in classifiers know and this crawler does not: named, never guessed at.

They are told by their first bytes. Log formats (apache, squid and the like) have none: they look like text that is no
CSV.
"""

FOREIGN_SIGNATURES: tuple[tuple[str, tuple[bytes, ...]], ...] = (
    ("avro", (b"Obj\x01",)),
    ("orc", (b"ORC",)),
    ("encrypted parquet", (b"PARE",)),
    ("xml", (b"<",)),
    ("ion", (b"\xe0\x01\x00\xea",)),
)
FOREIGN_COMPRESSIONS: tuple[tuple[str, tuple[bytes, ...]], ...] = (
    ("zip", (b"PK\x03\x04",)),
    ("lz4", (b"\x04\x22\x4d\x18",)),
    ("snappy", (b"\xff\x06\x00\x00sNaPpY",)),
    ("zstd", (b"\x28\xb5\x2f\xfd",)),
)


def foreign_kind(data: bytes) -> str | None:
    """Give the name of the format or compression that `data` begins like, None where it is none of them."""
    start = data[:16]
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    for kinds in (FOREIGN_COMPRESSIONS, FOREIGN_SIGNATURES):
        for kind, signatures in kinds:
            if start.startswith(signatures) or text.startswith(signatures):
                return kind
    return None
