"""States, errors, history, logs and events of crawls."""

from tests.conformance.behaviour import CHOSEN, EVENTS, MODEL, OBSERVED, Behaviour, guide_2022

CRAWLS = (
    Behaviour(
        "crawl-last-status",
        "A crawler whose crawl has ended is READY, and LastCrawl.Status tells SUCCEEDED or FAILED, with ErrorMessage.",
        MODEL,
    ),
    Behaviour("crawl-stopping", "While its crawl is being stopped a crawler is STOPPING.", MODEL),
    Behaviour("crawl-cancelled", "A crawl that was stopped is CANCELLED in LastCrawl, STOPPED in ListCrawls.", MODEL),
    Behaviour("crawl-history", "ListCrawls has each crawl with a CrawlId and a State; a success is COMPLETED.", MODEL),
    Behaviour("crawl-history-filters", "ListCrawls filters by id, state, times in milliseconds and DPU hours.", MODEL),
    Behaviour("crawl-history-pages", "ListCrawls comes in pages.", MODEL),
    Behaviour("crawl-history-summary", "ListCrawls tells in Summary, as JSON, what was added and changed.", MODEL),
    Behaviour("crawl-start-empty", "StartCrawler answers with nothing: there is no run id.", MODEL),
    Behaviour("crawl-running-error", "A crawler that runs cannot be started: CrawlerRunningException.", MODEL),
    Behaviour(
        "crawl-running-unchanged",
        "A crawler that runs can be neither updated nor deleted: CrawlerRunningException.",
        MODEL,
    ),
    Behaviour(
        "crawl-stop-errors",
        "StopCrawler of one that does not run is CrawlerNotRunningException, of one that stops "
        "CrawlerStoppingException.",
        MODEL,
    ),
    Behaviour("crawl-unknown", "A crawler that there is not is EntityNotFoundException.", MODEL),
    Behaviour("crawl-exists", "CreateCrawler of a name that there is, is AlreadyExistsException.", MODEL),
    Behaviour(
        "crawl-metrics",
        "GetCrawlerMetrics tells run times, and how many tables were created, updated and deleted.",
        MODEL,
    ),
    Behaviour(
        "crawl-logs",
        "A crawl logs into /aws-glue/crawlers, stream of the crawler's name; lines carry its id.",
        f"{guide_2022('glue-troubleshooting-errors')}; form of the lines {OBSERVED}",
    ),
    Behaviour(
        "crawl-event-started", "A crawl that starts is an event `Glue Crawler State Change` with state Started.", EVENTS
    ),
    Behaviour(
        "crawl-event-ended",
        "One that succeeds or fails is an event with its counts or its error; all values are strings.",
        EVENTS,
    ),
    Behaviour("crawl-event-cancelled", "One that was cancelled is no event.", CHOSEN),
)
