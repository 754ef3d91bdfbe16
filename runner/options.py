"""What options may say, where it is one of a few words."""

from typing import Literal

IfBusy = Literal["wait", "refuse"]
"""Where another run of the pipeline goes on: wait for its end and then start, or fail."""

Only = Literal["crawl", "job"]
"""The one node of a pipeline that is to run by itself."""

OnInterrupt = Literal["leave", "stop"]
"""What Ctrl-C does with runs that go on: leave them running, or stop them."""
