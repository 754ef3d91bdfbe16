"""Small jars that tests pin."""

import hashlib

from local.setup.jars import Jar, Use

CONTENTS = {"one": b"first archive", "two": b"second archive"}
EXAMPLES = [
    Jar("org.example", name, "1.0", hashlib.sha256(content).hexdigest(), Use.SPARK)
    for name, content in CONTENTS.items()
]
