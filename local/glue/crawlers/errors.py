"""Every way in which a crawler can be refused or a crawl can end early has one exception here."""


class InvalidDefinition(ValueError):
    """A setting that AWS Glue itself would refuse; the message names the setting and what is allowed."""


class Unsupported(ValueError):
    """A setting that AWS Glue knows and this crawler does not; the message names the setting."""


class CrawlError(Exception):
    """The crawl failed; the message says what happened in words a user can act on."""


class CrawlDenied(CrawlError):
    """AWS refused the crawler's role a call; the message names the call and holds AWS's own."""


class CrawlCancelled(Exception):
    """The crawl was asked to stop and did, between two steps; what it had written stays."""
