"""One crawl: list, sample, classify, group, write. The whole way of an object into a table stands here."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from local.glue.crawlers.catalog import Catalog
from local.glue.crawlers.classification import classify, describe
from local.glue.crawlers.definition import CrawlerDefinition, S3Target
from local.glue.crawlers.discovery import DiscoveredTable, FolderTotals, discover
from local.glue.crawlers.errors import CrawlError
from local.glue.crawlers.formats import FORMATS
from local.glue.crawlers.formats.base import Finding, Format
from local.glue.crawlers.grouping import Group, by_level, by_likeness, lone, split
from local.glue.crawlers.layout import Folder, folder_of, folder_uri
from local.glue.crawlers.listing import folder_totals, list_objects, sampled
from local.glue.crawlers.summary import CrawlSummary
from local.glue.crawlers.writing import Writer

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_s3 import S3Client

__all__ = ["CrawlSummary", "crawl"]

Log = Callable[[str, str], None]
NAMED_IN_LOG = 20
_FORMATS = {format_.classification: format_ for format_ in FORMATS}


@dataclass
class Scan:
    """What the targets hold: findings by target, every folder with objects, totals of folders read in part."""

    formats: Sequence[Format]
    findings: list[tuple[S3Target, list[Finding]]] = field(default_factory=list)
    folders: set[str] = field(default_factory=set)
    totals: dict[tuple[str, Folder], FolderTotals] = field(default_factory=dict)


def crawl(
    definition: CrawlerDefinition,
    *,
    s3: "S3Client",
    glue: "GlueClient",
    log: Log,
    cancelled: Callable[[], bool],
    classifiers: Sequence[Format] = (),
    crawl_id: str | None = None,
) -> CrawlSummary:
    """Bring the catalog's tables to what the targets hold; a crawl that finds nothing new writes nothing.

    The clients carry the crawler role's credentials. `log(level, text)` takes the crawl's lines. `classifiers`
    are asked in their order, before the built-in formats. `crawl_id` is the crawl's UUID, which the tables that are
    written name; without one it gets its own.

    Raises CrawlError where the crawl fails, before anything is written unless the catalog itself refuses a write, and
    CrawlCancelled soon after `cancelled()` turns true.
    """
    log("BENCHMARK", f"Running crawl of crawler {definition.name}")
    policy = definition.schema_change_policy
    log("INFO", f"Schema change policy: UpdateBehavior {policy.update}, DeleteBehavior {policy.delete}")
    catalog = Catalog(glue, definition.database, cancelled)
    catalog.require_database()
    scan = Scan(formats=(*classifiers, *FORMATS))
    one_table = definition.configuration.grouping.table_level is not None
    for target in definition.targets:
        _scan(target, scan, one_table=one_table, s3=s3, log=log, cancelled=cancelled)
    tables = [_table(definition, group, scan, log) for group in _groups(definition, scan, log)]
    threshold = definition.configuration.output.tables.threshold
    if threshold is not None and len(tables) > threshold:
        names = ", ".join(table.location for table in tables)
        raise CrawlError(f"{len(tables)} tables were detected, TableThreshold allows {threshold}: {names}")
    log("BENCHMARK", f"Classification complete, writing results to database {definition.database}")
    writer = Writer(definition, catalog, crawl_id or str(uuid.uuid4()), log, scan.folders)
    summary = writer.write(tables)
    log("BENCHMARK", "Finished writing to the catalog")
    log("INFO", f"Run summary: {summary}")
    return summary


def _scan(
    target: S3Target, scan: Scan, *, one_table: bool, s3: "S3Client", log: Log, cancelled: Callable[[], bool]
) -> None:
    objects = list(list_objects(s3, target, cancelled))
    if not objects:
        log("WARN", f"{target.uri} holds no objects")
        return
    findings, rejected = classify(s3, sampled(objects, target.sample_size), scan.formats, cancelled)
    for line in describe(rejected, limit=NAMED_IN_LOG):
        log("WARN", line)
    if not findings:
        ref, rejection = rejected[0]
        raise CrawlError(f"No object of {target.uri} was recognised. The first, {ref.uri}: {rejection.reason}")
    foreign = [(ref, rejection) for ref, rejection in rejected if rejection.foreign]
    # In a table of a given place, AWS too skips the objects that are of another format than most.
    if foreign and not (one_table and len(foreign) < len(findings)):
        ref, rejection = foreign[0]
        raise CrawlError(f"{ref.uri}: {rejection.reason}. Leave such objects out with the target's Exclusions.")
    scan.findings.append((target, findings))
    scan.folders.update(folder_uri(ref.bucket, folder_of(ref)) for ref in objects)
    if target.sample_size:
        scan.totals.update(folder_totals(objects))


def _groups(definition: CrawlerDefinition, scan: Scan, log: Log) -> list[Group]:
    level = definition.configuration.grouping.table_level
    if level is None:
        return [group for target, findings in scan.findings for group in _groups_of(definition, target, findings)]
    # Targets may share a table, and an object may lie in two of them.
    findings = {finding.ref: finding for _, found in scan.findings for finding in found}
    groups, above = by_level(findings.values(), level)
    for finding in above[:NAMED_IN_LOG]:
        log("WARN", f"{finding.ref.uri} lies above the table level {level} and is in no table")
    return groups


def _groups_of(definition: CrawlerDefinition, target: S3Target, findings: Sequence[Finding]) -> list[Group]:
    if findings[0].ref.key == target.folder:
        return [lone(findings[0])]
    root = tuple(target.folder.split("/")) if target.folder else ()
    return by_likeness(findings, root, combine=definition.configuration.combines_compatible)


def _table(definition: CrawlerDefinition, group: Group, scan: Scan, log: Log) -> DiscoveredTable:
    parts = split(group, combine=definition.configuration.combines_compatible)
    _log_skipped(parts.others, group, log)
    storage = _FORMATS[parts.fitting[0].classification].storage(parts.fitting)
    return discover(group, parts.fitting, storage, scan.totals)


def _log_skipped(others: Sequence[Finding], group: Group, log: Log) -> None:
    for finding in others[:NAMED_IN_LOG]:
        log(
            "WARN",
            f"{finding.ref.uri} is not added to the table of {folder_uri(group.bucket, group.folder)}: its format, "
            "compression, delimiter, header, folders or columns differ from those of most objects there",
        )
    if len(others) > NAMED_IN_LOG:
        log("WARN", f"{len(others) - NAMED_IN_LOG} more objects differ")
