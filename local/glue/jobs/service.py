"""The runs of jobs: the API's actions, the limit of runs at once, and the queue behind it."""

import threading
from collections.abc import Callable

from local.glue.errors import ConcurrentRunsExceeded, EntityNotFound, GlueError
from local.glue.jobs.definitions import Definitions
from local.glue.jobs.execution import RunFailed, RunStopped, RunTimedOut, execute
from local.glue.jobs.planning import Origin as Origin  # what triggers say who they are with
from local.glue.jobs.planning import plan_retry, plan_run, run_of_no_job
from local.glue.jobs.run import ENDED, LIVE, JobRun
from local.glue.platform import Platform
from local.glue.requests import Action, Request, Response, page
from local.glue.security_configurations import SecurityConfigurations
from local.glue.tags import Tags

QUEUED = "Waiting for another run of this job to end."


def _nobody(run: JobRun) -> None:
    """Told of the end of a run that nobody waits for."""


class Jobs:
    """The jobs of one scope and their runs. Every change happens under one lock; runs have a thread each."""

    def __init__(self, platform: Platform, security: SecurityConfigurations, tags: Tags) -> None:
        self._platform = platform
        self._security = security
        self._lock = threading.RLock()
        self._definitions = Definitions(self._lock, platform.scope, tags)
        self._runs: dict[str, list[JobRun]] = {}
        self.actions: dict[str, Action] = {
            **self._definitions.actions,
            "DeleteJob": self.delete,
            "StartJobRun": self.start,
            "GetJobRun": self.get_run,
            "GetJobRuns": self.get_runs,
            "BatchStopJobRun": self.stop,
        }

    def update(self, request: Request) -> Response:
        """UpdateJob, for CloudFormation."""
        return self._definitions.update(request)

    def delete(self, request: Request) -> Response:
        """DeleteJob: of a job that is not there, too. Runs that have started go on; those that wait never start."""
        with self._lock:
            self._definitions.remove(request["JobName"])
            waiting = [run for run in self._runs_of(request["JobName"]) if run.state == "WAITING"]
            for run in waiting:
                run.move("ERROR", error=f"Job {run.job} was deleted before this run of it could start.")
        for run in waiting:
            run.ended(run)
        return {"JobName": request["JobName"]}

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
            self._definitions.find(request["JobName"])
            runs = [run.describe() for run in reversed(self._runs_of(request["JobName"]))]
        return page(runs, request, key="JobRuns", default=200)

    def stop(self, request: Request) -> Response:
        """BatchStopJobRun. A run that has ended is no error, as far as AWS documents: it stays as it is."""
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

        Raises ConcurrentRunsExceeded at the job's limit where neither job nor run queues; EntityNotFound where there
        is no such job, no such earlier run to retry, or no such security configuration.
        """
        with self._lock:
            run = self._plan(request, origin or Origin())
            run.ended, run.retried, run.moved = ended, retried, self._platform.events.job_run_moved
            limit = self._definitions.find(run.job).max_concurrent_runs
            if self._active(run.job) >= limit:
                if not run.plan.queues:
                    raise ConcurrentRunsExceeded(f"Concurrent runs exceeded for {run.job}: at most {limit} at once.")
                run.move("WAITING", detail=QUEUED)
            self._runs.setdefault(run.job, []).append(run)
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
                run = self._unstarted(request, origin)
                run.moved = self._platform.events.job_run_moved
                run.give_up()
                run.move("FAILED" if run.job in self._definitions else "ERROR", error=problem.message)
                self._runs.setdefault(run.job, []).append(run)
                return run

    def _unstarted(self, request: Request, origin: Origin) -> JobRun:
        """What a run that could not start shows: its job's values, if that can be."""
        try:
            return self._plan(request, origin)
        except GlueError:
            return run_of_no_job(request, origin)

    def _plan(self, request: Request, origin: Origin) -> JobRun:
        job = self._definitions.find(request["JobName"])
        if "JobRunId" in request:
            run = plan_retry(job, request, origin, self._find_run(job.name, request["JobRunId"]))
        else:
            run = plan_run(job, request, origin)
        if run.plan.security_configuration:
            self._security.find(run.plan.security_configuration)
        return run

    def _launch(self, run: JobRun) -> None:
        self._platform.events.job_run_started(run)
        threading.Thread(target=self._run, args=(run,), name=f"job {run.id}", daemon=True).start()

    def _run(self, run: JobRun) -> None:
        state, error = "SUCCEEDED", None
        try:
            log_key = self._security.log_key(run.plan.security_configuration)
            execute(run, self._platform, log_key=log_key, running=lambda: self._move(run, "RUNNING"))
        except RunStopped:
            state = "STOPPED"
        except RunTimedOut:
            state, error = "TIMEOUT", f"Timed out after {run.plan.timeout_minutes} minutes."
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
            if run.job not in self._definitions:
                run.give_up()  # the job was deleted meanwhile
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
            if job not in self._definitions:
                return
            free = self._definitions.find(job).max_concurrent_runs - self._active(job)
            waiting = [run for run in self._runs_of(job) if run.state == "WAITING"]
            for run in waiting[: max(free, 0)]:
                run.move("STARTING")
                self._launch(run)

    def _active(self, job: str) -> int:
        return sum(run.state not in ENDED and run.state != "WAITING" for run in self._runs_of(job))

    def _runs_of(self, job: str) -> list[JobRun]:
        """The runs of a job, oldest first: also of one that was deleted."""
        return self._runs.get(job, [])

    def _find_run(self, job: str, run_id: str) -> JobRun:
        for run in self._runs_of(job):
            if run.id == run_id:
                return run
        raise EntityNotFound(f"Job run with id {run_id} of job {job} not found.")
