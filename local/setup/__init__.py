"""Set-up: brings everything that the project needs into its own folder, and only what is missing.

The modules that `__main__` imports run before anything is installed: standard library only.
"""

import sys

if sys.version_info[:2] != (3, 11):
    sys.exit(
        "error: this project needs Python 3.11, the Python of AWS Glue 5.1; this is Python "
        + ".".join(map(str, sys.version_info[:3]))
        + " ("
        + sys.executable
        + ").\nInstall Python 3.11, or name it: make PYTHON=/path/to/python3.11 ..."
    )
