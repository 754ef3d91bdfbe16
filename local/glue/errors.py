"""The errors of the Glue API: each carries the code that botocore's model names and a message for a reader."""


class GlueError(Exception):
    """An answer other than success. `code` is one of the error shapes of botocore's `glue` model."""

    code = "InternalServiceException"
    status = 400

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidInput(GlueError):
    """The request is not one that Glue, or this Glue, can take."""

    code = "InvalidInputException"


class InvalidRequest(GlueError):
    """The request does not fit the action's shape: what AWS finds before the action is asked."""

    code = "ValidationException"


class EntityNotFound(GlueError):
    """The thing that the request names is not there."""

    code = "EntityNotFoundException"


class AlreadyExists(GlueError):
    """A thing of that name is there already."""

    code = "AlreadyExistsException"


class ConcurrentModification(GlueError):
    """Another has changed the thing since the caller read it."""

    code = "ConcurrentModificationException"


class ResourceNumberLimitExceeded(GlueError):
    """There are as many of these as there may be."""

    code = "ResourceNumberLimitExceededException"


class IdempotentParameterMismatch(GlueError):
    """A thing of that name is there already, with another definition."""

    code = "IdempotentParameterMismatchException"


class ConcurrentRunsExceeded(GlueError):
    """The limit of runs at once is reached."""

    code = "ConcurrentRunsExceededException"


class CrawlerRunning(GlueError):
    """The crawler runs, so it can be neither started nor changed."""

    code = "CrawlerRunningException"


class CrawlerNotRunning(GlueError):
    """There is no crawl to stop."""

    code = "CrawlerNotRunningException"


class CrawlerStopping(GlueError):
    """The crawl is being stopped already."""

    code = "CrawlerStoppingException"


class SchedulerRunning(GlueError):
    """The schedule is on already."""

    code = "SchedulerRunningException"


class SchedulerNotRunning(GlueError):
    """The schedule is off already."""

    code = "SchedulerNotRunningException"


class NoSchedule(GlueError):
    """There is no schedule to switch on."""

    code = "NoScheduleException"


class IllegalWorkflowState(GlueError):
    """The workflow run is in a state in which this cannot be done."""

    code = "IllegalWorkflowStateException"


class InternalService(GlueError):
    """This Glue failed: a defect of its own, never the caller's."""

    status = 500


class UnknownOperation(GlueError):
    """An action of Glue that is not served on this machine."""

    code = "UnknownOperationException"


class Unsupported(InvalidInput):
    """A setting of Glue that is not served on this machine; the message names it."""
