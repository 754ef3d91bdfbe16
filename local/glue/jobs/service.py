"""Jobs and their runs: the API's actions, the limit of runs at once, and the queue behind it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from local.glue.errors import AlreadyExists, ConcurrentRunsExceeded, EntityNotFound, GlueError, Unsupported
from local.glue.jobs import arguments
from local.glue.jobs.definition import GLUE_VERSION, TIMEOUT_MINUTES, WORKER_TYPE, WORKERS, Job
from local.glue.jobs.execution import RunFailed, RunStopped, RunTimedOut, execute
from local.glue.jobs.run import ENDED, LIVE, JobRun, log_group, new_run_id
from local.glue.platform import Platform
from local.glue.requests import Action, Request, Response, page

QUEUED = "Waiting for another run of this job to end."


@dataclass(frozen=True)
class Origin:
    """What started a run, if a trigger did."""

    trigger: str | None = None
    workflow: str | None = None
    workflow_run_id: str | None = None


def _nobody(run: JobRun) -> None:
    """Told of the end of a run that nobody waits for."""


def _run_of_no_job(request: Request, origin: Origin) -> JobRun:
    return JobRun(
        id=new_run_id(),
        job=request["JobName"],
        role="",
        arguments={},
        run_arguments=request.get("Arguments", {}),
        script="",
        timeout_minutes=request.get("Timeout", TIMEOUT_MINUTES),
        worker_type=WORKER_TYPE,
        workers=WORKERS,
        glue_version=GLUE_VERSION,
        log_group=log_group("", None),
        trigger=origin.trigger,
        workflow=origin.workflow,
        workflow_run_id=origin.workflow_run_id,
    )


class Jobs:
    """The jobs of one scope. Every change happens under one lock; runs have a thread each."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._lock = threading.RLock()
        self._jobs: dict[str, Job] = {}
        self._runs: dict[str, list[JobRun]] = {}
        self.actions: dict[str, Action] = {
            "CreateJob": self.create,
            "UpdateJob": self.update,
            "DeleteJob": self.delete,
            "GetJob": self.get,
            "GetJobs": self.get_all,
            "ListJobs": self.list_names,
            "StartJobRun": self.start,
            "GetJobRun": self.get_run,
            "GetJobRuns": self.get_runs,
            "BatchStopJobRun": self.stop,
        }

    def create(self, request: Request) -> Response:
        """CreateJob."""
        with self._lock:
            name = request["Name"]
            if name in self._jobs:
                raise AlreadyExists(f"Job with name {name} already exists.")
            self._jobs[name] = Job(name, request)
            self._runs.setdefault(name, [])
        return {"Name": name}

    def update(self, request: Request) -> Response:
        """UpdateJob: the whole definition is replaced."""
        with self._lock:
            self._find(request["JobName"]).replace(request["JobUpdate"])
        return {"JobName": request["JobName"]}

    def delete(self, request: Request) -> Response:
        """DeleteJob: of a job that is not there, too."""
        with self._lock:
            self._jobs.pop(request["JobName"], None)
        return {"JobName": request["JobName"]}

    def get(self, request: Request) -> Response:
        """GetJob."""
        with self._lock:
            return {"Job": self._find(request["JobName"]).describe()}

    def get_all(self, request: Request) -> Response:
        """GetJobs."""
        with self._lock:
            return page([job.describe() for job in self._jobs.values()], request, key="Jobs")

    def list_names(self, request: Request) -> Response:
        """ListJobs."""
        if request.get("Tags"):
            raise Unsupported("ListJobs by Tags is not supported by the Glue on this machine.")
        with self._lock:
            return page(list(self._jobs), request, key="JobNames")

    def start(self, request: Request) -> Response:
        """StartJobRun."""
        return {"JobRunId": self.begin(request).id}

    def get_run(self, request: Request) -> Response:
        """GetJobRun."""
        with self._lock:
            return {"JobRun": self._find_run(request["JobName"], request["RunId"]).describe()}

    def get_runs(self, request: Request) -> Response:
        """GetJobRuns, newest first."""
        with self._lock:
            self._find(request["JobName"])
            runs = [run.describe() for run in reversed(self._runs[request["JobName"]])]
        return page(runs, request, key="JobRuns", default=200)

    def stop(self, request: Request) -> Response:
        """BatchStopJobRun."""
        stopped, errors = [], []
        for run_id in request["JobRunIds"]:
            try:
                with self._lock:
                    run = self._find_run(request["JobName"], run_id)
                self.stop_run(run)
                stopped.append({"JobName": run.job, "JobRunId": run.id})
            except GlueError as problem:
                detail = {"ErrorCode": problem.code, "ErrorMessage": problem.message}
                errors.append({"JobName": request["JobName"], "JobRunId": run_id, "ErrorDetail": detail})
        return {"SuccessfulSubmissions": stopped, "Errors": errors}

    def stop_run(self, run: JobRun) -> None:
        """End a run before its time; one that has ended stays as it is."""
        with self._lock:
            waiting = run.state == "WAITING"
            if run.state in LIVE:
                run.move("STOPPED" if waiting else "STOPPING")
                run.stop.set()
        if waiting:
            run.ended(run)

    def begin(
        self,
        request: Request,
        origin: Origin | None = None,
        ended: Callable[[JobRun], None] = _nobody,
        retried: Callable[[JobRun], None] = _nobody,
    ) -> JobRun:
        """Start a run, or queue it, and return at once.

        `retried` is called with each attempt that follows, `ended` with the last one when it has ended.

        Raises ConcurrentRunsExceeded at the job's limit where neither job nor run queues.
        """
        with self._lock:
            job = self._find(request["JobName"])
            run = self._new_run(job, request, origin or Origin())
            run.ended, run.retried = ended, retried
            queues = request.get("JobRunQueuingEnabled", job.describe()["JobRunQueuingEnabled"])
            if self._active(job.name) >= job.max_concurrent_runs:
                if not queues:
                    raise ConcurrentRunsExceeded(
                        f"Concurrent runs exceeded for {job.name}: at most {job.max_concurrent_runs} at once."
                    )
                run.move("WAITING", detail=QUEUED)
            self._runs[job.name].append(run)
            if run.state == "STARTING":
                self._launch(run)
        return run

    def begin_triggered(
        self,
        request: Request,
        origin: Origin,
        ended: Callable[[JobRun], None],
        retried: Callable[[JobRun], None],
    ) -> JobRun:
        """As `begin`, for a trigger's action: what prevents the start is a run that has ended, FAILED or ERROR.

        ERROR is for a job that was deleted, FAILED for a limit that was reached ('AWS Glue job run statuses').
        """
        with self._lock:
            try:
                return self.begin(request, origin, ended, retried)
            except GlueError as problem:
                job = self._jobs.get(request["JobName"])
                run = self._new_run(job, request, origin) if job else _run_of_no_job(request, origin)
                run.move("FAILED" if job else "ERROR", error=problem.message)
                self._runs.setdefault(request["JobName"], []).append(run)
                return run

    def _new_run(self, job: Job, request: Request, origin: Origin) -> JobRun:
        given = request.get("Arguments", {})
        definition = job.describe()
        if request.get("JobRunId"):
            raise Unsupported("Retrying a run by JobRunId is not supported by the Glue on this machine.")
        every = arguments.merged(
            non_overridable=definition.get("NonOverridableArguments", {}),
            given=given,
            defaults=definition.get("DefaultArguments", {}),
        )
        arguments.check(every)
        arguments.special(every)
        security = request.get("SecurityConfiguration", definition.get("SecurityConfiguration"))
        return JobRun(
            id=new_run_id(),
            job=job.name,
            role=definition["Role"],
            arguments=every,
            run_arguments=given,
            script=definition["Command"]["ScriptLocation"],
            timeout_minutes=request.get("Timeout") or definition["Timeout"],
            worker_type=request.get("WorkerType") or definition["WorkerType"],
            workers=request.get("NumberOfWorkers") or definition["NumberOfWorkers"],
            glue_version=definition["GlueVersion"],
            log_group=log_group(definition["Role"], security),
            security_configuration=security,
            max_retries=definition["MaxRetries"],
            trigger=origin.trigger,
            workflow=origin.workflow,
            workflow_run_id=origin.workflow_run_id,
            moved=self._platform.events.job_run_moved,
            notify_delay_after={**definition, **request}.get("NotificationProperty", {}).get("NotifyDelayAfter"),
        )

    def _launch(self, run: JobRun) -> None:
        self._platform.events.job_run_started(run)
        threading.Thread(target=self._run, args=(run,), name=f"job {run.id}", daemon=True).start()

    def _run(self, run: JobRun) -> None:
        state, error = "SUCCEEDED", None
        try:
            execute(run, self._platform, running=lambda: self._move(run, "RUNNING"))
        except RunStopped:
            state = "STOPPED"
        except RunTimedOut:
            state, error = "TIMEOUT", f"Timed out after {run.timeout_minutes} minutes."
        except RunFailed as problem:
            state, error = "FAILED", str(problem)
        except Exception as problem:
            state, error = "FAILED", f"Internal service error: {type(problem).__name__}: {problem}"
            raise
        finally:
            self._move(run, state, error)
            retry = self._retry(run)
            self._start_next(run.job)
            if retry is None:
                run.ended(run)

    def _retry(self, run: JobRun) -> JobRun | None:
        """Start the next attempt, if there is one; it keeps its run's place among the runs at once.

        Whoever waits for the run is told of the attempt, and of the end only when the last one has ended.
        """
        with self._lock:
            if run.job not in self._jobs:
                run.max_retries = run.attempt  # the job was deleted meanwhile
            attempt = run.next_attempt()
            if attempt is None:
                return None
            self._runs[run.job].append(attempt)
        # Outside the lock: who is told takes a lock of its own.
        run.retried(attempt)
        self._launch(attempt)
        return attempt

    def _move(self, run: JobRun, state: str, error: str | None = None) -> None:
        with self._lock:
            if not (state == "RUNNING" and run.state == "STOPPING"):
                run.move(state, error=error)

    def _start_next(self, job: str) -> None:
        with self._lock:
            if job not in self._jobs:
                return
            free = self._jobs[job].max_concurrent_runs - self._active(job)
            waiting = [run for run in self._runs[job] if run.state == "WAITING"]
            for run in waiting[: max(free, 0)]:
                run.move("STARTING")
                self._launch(run)

    def _active(self, job: str) -> int:
        return sum(run.state not in ENDED and run.state != "WAITING" for run in self._runs[job])

    def _find(self, name: str) -> Job:
        if name not in self._jobs:
            raise EntityNotFound(f"Job with name: {name} not found.")
        return self._jobs[name]

    def _find_run(self, job: str, run_id: str) -> JobRun:
        for run in self._runs.get(job, []):
            if run.id == run_id:
                return run
        raise EntityNotFound(f"Job run with id {run_id} of job {job} not found.")
