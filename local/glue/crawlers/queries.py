"""What there is of crawlers and crawls: the actions that list."""

from collections.abc import Mapping
from threading import RLock

from local.glue.crawlers.history import listed
from local.glue.crawlers.state import Crawler
from local.glue.errors import EntityNotFound
from local.glue.paging import page as keyed_page
from local.glue.requests import Action, Request, Response, page
from local.glue.scope import Scope
from local.glue.tags import Tags

# ListCrawls: 'The default is 20, and maximum is 100' (AWS Glue API); more are asked for in vain.
CRAWLS_A_PAGE = 20
MOST_CRAWLS_A_PAGE = 100


class CrawlerQueries:
    """Reads the crawlers of one scope, under the lock under which they change."""

    def __init__(self, scope: Scope, crawlers: Mapping[str, Crawler], lock: RLock, tags: Tags) -> None:
        self._scope = scope
        self._crawlers = crawlers
        self._lock = lock
        self._tags = tags
        self.actions: dict[str, Action] = {
            "GetCrawler": self.get,
            "GetCrawlers": self.get_all,
            "BatchGetCrawlers": self.get_batch,
            "ListCrawlers": self.list_names,
            "ListCrawls": self.list_crawls,
            "GetCrawlerMetrics": self.metrics,
        }

    def get(self, request: Request) -> Response:
        """GetCrawler."""
        with self._lock:
            return {"Crawler": self._find(request["Name"]).describe()}

    def get_all(self, request: Request) -> Response:
        """GetCrawlers."""
        with self._lock:
            return page([crawler.describe() for crawler in self._crawlers.values()], request, key="Crawlers")

    def get_batch(self, request: Request) -> Response:
        """BatchGetCrawlers."""
        names = list(dict.fromkeys(request["CrawlerNames"]))
        with self._lock:
            return {
                "Crawlers": [self._crawlers[name].describe() for name in names if name in self._crawlers],
                "CrawlersNotFound": [name for name in names if name not in self._crawlers],
            }

    def list_names(self, request: Request) -> Response:
        """ListCrawlers: those that have every tag that is asked for."""
        wanted = (request.get("Tags") or {}).items()
        with self._lock:
            names = [name for name in self._crawlers if wanted <= self._tags_of(name).items()]
        return page(names, request, key="CrawlerNames")

    def list_crawls(self, request: Request) -> Response:
        """ListCrawls, newest first."""
        chosen = listed(request.get("Filters") or [])
        with self._lock:
            crawls = {-at: one.history() for at, one in enumerate(self._find(request["CrawlerName"]).crawls)}
        found = {at: crawl for at, crawl in crawls.items() if chosen(crawl)}
        size = min(request.get("MaxResults", CRAWLS_A_PAGE), MOST_CRAWLS_A_PAGE)
        return keyed_page(found, {**request, "MaxResults": size}, key="Crawls", size=size)

    def metrics(self, request: Request) -> Response:
        """GetCrawlerMetrics: of all crawlers where none is named; names of none are passed over (not documented)."""
        with self._lock:
            names = request.get("CrawlerNameList") or list(self._crawlers)
            found = [self._crawlers[name].metrics() for name in names if name in self._crawlers]
        return page(found, request, key="CrawlerMetricsList")

    def _tags_of(self, name: str) -> dict[str, str]:
        return self._tags.of(self._scope.arn(f"crawler/{name}"))

    def _find(self, name: str) -> Crawler:
        if name not in self._crawlers:
            raise EntityNotFound(f"Crawler with name {name} does not exist")
        return self._crawlers[name]
