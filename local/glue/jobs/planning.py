"""What a run will be: the job's definition under the request, the trigger or the earlier run that starts it.

Source: StartJobRun (AWS Glue API) and 'Parameter precedence' (AWS Glue developer guide).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.glue.errors import InvalidInput, Unsupported
from local.glue.jobs import arguments, definition
from local.glue.jobs.capacity import Capacity
from local.glue.jobs.definition import COMMANDS, GLUE_VERSION, Job, default_timeout
from local.glue.jobs.log_names import log_names
from local.glue.jobs.run import ENDED, JobRun, Plan, new_run_id
from local.glue.requests import Request

SIZE_MEMBERS = ("WorkerType", "NumberOfWorkers", "MaxCapacity")


@dataclass(frozen=True)
class Origin:
    """What started a run, if a trigger did."""

    trigger: str | None = None
    workflow: str | None = None
    workflow_run_id: str | None = None


def plan_run(job: Job, request: Request, origin: Origin) -> JobRun:
    """A run of `job` as `request` asks for it. Raises InvalidInput, Unsupported for what neither Glue takes."""
    described = job.describe()
    if request.get("AllocatedCapacity"):
        raise Unsupported(
            "AllocatedCapacity is not supported by the Glue on this machine: give WorkerType and NumberOfWorkers."
        )
    definition.check_timeout(request.get("Timeout"))
    given = request.get("Arguments", {})
    every = arguments.merged(
        non_overridable=described.get("NonOverridableArguments", {}),
        given=given,
        defaults=described.get("DefaultArguments", {}),
    )
    arguments.check(every)
    script = every.get("--scriptLocation") or described["Command"]["ScriptLocation"]
    definition.check_script(script)
    execution_class = _either("ExecutionClass", request, described)
    return _run(
        Plan(
            job=job.name,
            kind=job.kind,
            role=described["Role"],
            script=script,
            arguments=every,
            run_arguments=given,
            timeout_minutes=_either("Timeout", request, described),
            capacity=job.command.capacity(_size(job, request), execution_class=execution_class),
            glue_version=described["GlueVersion"],
            execution_class=execution_class,
            queues=_either("JobRunQueuingEnabled", request, described),
            security_configuration=_either("SecurityConfiguration", request, described),
            session_policy=request.get("ExecutionRoleSessionPolicy"),
            notification=_either("NotificationProperty", request, described) or {},
            max_retries=described["MaxRetries"],
            trigger=origin.trigger,
            workflow=origin.workflow,
            workflow_run_id=origin.workflow_run_id,
        )
    )


def plan_retry(job: Job, request: Request, origin: Origin, earlier: JobRun) -> JobRun:
    """The run that StartJobRun starts with the JobRunId of an earlier one, its PreviousRunId.

    AWS documents no more of it. Here it takes the earlier run's arguments where the request has none, has an id of its
    own, counts its attempts from 0, and the earlier run must have ended. Raises InvalidInput where it has not.
    """
    if earlier.state not in ENDED:
        raise InvalidInput(f"Job run {earlier.id} is {earlier.state}: a run can be retried when it has ended.")
    run = plan_run(job, {"Arguments": earlier.plan.run_arguments, **request}, origin)
    run.previous_run_id = earlier.id
    return run


def run_of_no_job(request: Request, origin: Origin) -> JobRun:
    """The run that a trigger could not start, since its job was deleted."""
    return _run(
        Plan(
            job=request["JobName"],
            kind="glueetl",
            role="",
            script="",
            arguments={},
            run_arguments=request.get("Arguments", {}),
            timeout_minutes=request.get("Timeout") or default_timeout(GLUE_VERSION),
            capacity=Capacity(0.0),
            glue_version=GLUE_VERSION,
            trigger=origin.trigger,
            workflow=origin.workflow,
            workflow_run_id=origin.workflow_run_id,
        )
    )


def _run(plan: Plan) -> JobRun:
    run_id = new_run_id()
    logs = log_names(
        COMMANDS[plan.kind].log_group,
        run_id=run_id,
        role=plan.role,
        security_configuration=plan.security_configuration,
        arguments=plan.arguments,
    )
    return JobRun(id=run_id, plan=plan, logs=logs)


def _either(member: str, request: Mapping[str, Any], described: Mapping[str, Any]) -> Any:
    """The request's value, else the job's."""
    return request[member] if member in request else described.get(member)


def _size(job: Job, request: Request) -> dict[str, Any]:
    """The members of size: the request's over those that the job was given, not over its defaults."""
    return {member: given[member] for given in (job.request, request) for member in SIZE_MEMBERS if member in given}
