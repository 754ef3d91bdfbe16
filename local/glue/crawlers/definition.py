"""A crawler as CreateCrawler and UpdateCrawler describe it: checked once, frozen, free of what cannot be done here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from local.glue.crawlers.configuration import Configuration, parse_configuration
from local.glue.crawlers.errors import InvalidDefinition, Unsupported
from local.glue.crawlers.exclusions import Exclusion

UPDATE_BEHAVIORS = ("UPDATE_IN_DATABASE", "LOG")
DELETE_BEHAVIORS = ("DEPRECATE_IN_DATABASE", "DELETE_FROM_DATABASE", "LOG")
RECRAWL_BEHAVIORS = ("CRAWL_EVERYTHING", "CRAWL_NEW_FOLDERS_ONLY", "CRAWL_EVENT_MODE")
DEFAULT_DATABASE = "default"
TARGETS = ("S3Targets",)
MAX_TABLE_PREFIX = 128
MAX_SAMPLE_SIZE = 249
UNSUPPORTED_TARGET_SETTINGS = ("ConnectionName", "EventQueueArn", "DlqEventQueueArn")


@dataclass(frozen=True)
class S3Target:
    """One include path: every object of `bucket` that `folder` (no slash at its ends) holds or names.

    `prefix` is the folder as the path has it: a role may list what lies under `raw/flights/` and not `raw/flights`.
    """

    bucket: str
    prefix: str
    exclusions: tuple[Exclusion, ...] = ()
    sample_size: int | None = None

    @property
    def folder(self) -> str:
        """The folder or the object that the path names."""
        return self.prefix.strip("/")

    @property
    def uri(self) -> str:
        """The include path, without a slash at its end."""
        return f"s3://{self.bucket}/{self.folder}".rstrip("/")

    @classmethod
    def from_request(cls, request: Mapping[str, Any]) -> Self:
        """Read one member of Targets.S3Targets."""
        for setting in UNSUPPORTED_TARGET_SETTINGS:
            if request.get(setting):
                raise Unsupported(f"Targets.S3Targets.{setting} is not supported here")
        path = str(request.get("Path") or "")
        scheme, separator, rest = path.rpartition("://")
        if separator and scheme != "s3":
            raise InvalidDefinition(f"Targets.S3Targets.Path must be an s3:// path, not {path!r}")
        bucket, _, prefix = rest.partition("/")
        if not bucket:
            raise InvalidDefinition(f"Targets.S3Targets.Path names no bucket: {path!r}")
        size = request.get("SampleSize")
        if size is not None and not 1 <= size <= MAX_SAMPLE_SIZE:
            raise InvalidDefinition(f"Targets.S3Targets.SampleSize must be from 1 to {MAX_SAMPLE_SIZE}, not {size}")
        exclusions = tuple(Exclusion.parse(glob) for glob in request.get("Exclusions") or ())
        return cls(bucket, prefix.lstrip("/"), exclusions, size)


@dataclass(frozen=True)
class SchemaChangePolicy:
    """What happens to what the catalog already holds; the defaults are AWS's."""

    update: str = "UPDATE_IN_DATABASE"
    delete: str = "DEPRECATE_IN_DATABASE"

    @classmethod
    def from_request(cls, request: Mapping[str, Any]) -> Self:
        """Read SchemaChangePolicy; an absent half has its default."""
        update = _one_of("SchemaChangePolicy.UpdateBehavior", request.get("UpdateBehavior"), UPDATE_BEHAVIORS)
        delete = _one_of("SchemaChangePolicy.DeleteBehavior", request.get("DeleteBehavior"), DELETE_BEHAVIORS)
        return cls(update, delete)


@dataclass(frozen=True)
class CrawlerDefinition:
    """What one crawl needs to know of its crawler. Schedule, tags and description are the API's, not the crawl's."""

    name: str
    role: str
    targets: tuple[S3Target, ...]
    database: str = DEFAULT_DATABASE
    table_prefix: str = ""
    schema_change_policy: SchemaChangePolicy = SchemaChangePolicy()
    configuration: Configuration = Configuration.model_validate({})  # noqa: RUF009 - the value is frozen
    security_configuration: str | None = None
    classifiers: tuple[str, ...] = ()

    @classmethod
    def from_request(cls, request: Mapping[str, Any]) -> Self:
        """Read a CreateCrawler request, or the same shape after an UpdateCrawler was laid over it.

        Raises Unsupported for what AWS Glue can do and this cannot, InvalidDefinition for what AWS would refuse.
        """
        for field in ("Name", "Role", "Targets"):
            if not request.get(field):
                raise InvalidDefinition(f"{field} is required")
        _refuse_unsupported_modes(request)
        prefix = request.get("TablePrefix") or ""
        if len(prefix) > MAX_TABLE_PREFIX:
            raise InvalidDefinition(f"TablePrefix is longer than {MAX_TABLE_PREFIX} characters")
        return cls(
            name=request["Name"],
            role=request["Role"],
            targets=_s3_targets(request["Targets"]),
            database=request.get("DatabaseName") or DEFAULT_DATABASE,
            table_prefix=prefix,
            schema_change_policy=SchemaChangePolicy.from_request(request.get("SchemaChangePolicy") or {}),
            configuration=parse_configuration(request.get("Configuration")),
            security_configuration=request.get("CrawlerSecurityConfiguration") or None,
            classifiers=tuple(request.get("Classifiers") or ()),
        )


def _s3_targets(targets: Mapping[str, Any]) -> tuple[S3Target, ...]:
    for kind, members in targets.items():
        if members and kind not in TARGETS:
            raise Unsupported(f"Targets.{kind} are not supported here: only {', '.join(TARGETS)} are")
    if not targets.get("S3Targets"):
        raise InvalidDefinition("Targets must hold at least one target")
    return tuple(S3Target.from_request(target) for target in targets["S3Targets"])


def _refuse_unsupported_modes(request: Mapping[str, Any]) -> None:
    recrawl = (request.get("RecrawlPolicy") or {}).get("RecrawlBehavior")
    if _one_of("RecrawlPolicy.RecrawlBehavior", recrawl, RECRAWL_BEHAVIORS) != "CRAWL_EVERYTHING":
        raise Unsupported(f"RecrawlPolicy.RecrawlBehavior {recrawl} is not supported here: only CRAWL_EVERYTHING is")
    if (request.get("LineageConfiguration") or {}).get("CrawlerLineageSettings") == "ENABLE":
        raise Unsupported("LineageConfiguration.CrawlerLineageSettings ENABLE is not supported here")
    if (request.get("LakeFormationConfiguration") or {}).get("UseLakeFormationCredentials"):
        raise Unsupported("LakeFormationConfiguration.UseLakeFormationCredentials is not supported here")


def _one_of(setting: str, value: str | None, allowed: Sequence[str]) -> str:
    if value is None:
        return allowed[0]
    if value not in allowed:
        raise InvalidDefinition(f"{setting} must be one of {', '.join(allowed)}, not {value!r}")
    return value
