"""Job runs: how they start, their states, arguments, logs, retries and limits."""

from tests.conformance.behaviour import (
    CHOSEN,
    CLI,
    EVENTS,
    LIBRARY,
    MODEL,
    OBSERVED,
    Behaviour,
    guide,
    guide_2022,
    not_served,
    unshown,
)

ARGUMENTS = guide("aws-glue-programming-etl-glue-arguments")
ADD_JOB = guide("add-job")
STATUSES = guide("job-run-statuses")
LOGGING = guide("monitor-continuous-logging")
ICEBERG = guide("aws-glue-programming-etl-format-iceberg")

STARTING = (
    Behaviour(
        "job-argument-precedence",
        "Per key, a non-overridable argument goes before the run's own, and that before the job's default.",
        ARGUMENTS,
    ),
    Behaviour("job-argument-size", "Arguments of more than 260 KB together are refused.", ARGUMENTS),
    Behaviour("job-run-id", "StartJobRun answers JobRunId, `jr_` and 64 hexadecimal digits.", f"{MODEL}; {CLI}"),
    Behaviour("job-run-again", "JobRunId in StartJobRun names an earlier run to try again.", MODEL),
    Behaviour("job-run-overrides", "A run may have its own Timeout, workers and security configuration.", MODEL),
    Behaviour(
        "job-start-limit",
        "StartJobRun above MaxConcurrentRuns, 1 by default, is ConcurrentRunsExceededException.",
        MODEL,
    ),
    Behaviour("job-run-arguments", "A run's Arguments are those of its start only, without the job's.", CHOSEN),
    Behaviour("job-session-policy", "ExecutionRoleSessionPolicy takes from what the role may do.", MODEL),
    not_served("job-vpc", "Connections put a job into a VPC.", MODEL, "refused by its name"),
    Behaviour("job-update-resets", "UpdateJob replaces the whole definition: what it leaves out is reset.", MODEL),
    Behaviour("job-unknown", "Starting a job that there is not is EntityNotFoundException.", MODEL),
    Behaviour(
        "job-exists",
        "CreateJob of a name that there is, is AlreadyExistsException; with another definition it is "
        "IdempotentParameterMismatchException.",
        f"{MODEL}; which of the two: the second {OBSERVED}, the first {CHOSEN}",
    ),
    Behaviour("job-pythonshell", "A job may be a `pythonshell`.", MODEL),
    not_served("job-streaming-ray", "A job may be `gluestreaming` or `glueray`.", MODEL, "refused by its name"),
)

STATES = (
    Behaviour("job-succeeded", "A run whose script ends is SUCCEEDED.", STATUSES),
    Behaviour(
        "job-failed", "A run whose script raises is FAILED, and ErrorMessage tells the script's error.", STATUSES
    ),
    Behaviour(
        "job-error-message",
        "ErrorMessage has the form `Error Category: …; Failed Line Number: N; EXCEPTION`.",
        OBSERVED,
    ),
    Behaviour("job-exit-codes", "A script that ends by exit code 0 is SUCCEEDED, by another FAILED.", CHOSEN),
    Behaviour(
        "job-stopped",
        "BatchStopJobRun ends runs, which are STOPPED; each id that there is not is an error of its own.",
        f"{MODEL}; {STATUSES}",
    ),
    Behaviour(
        "job-timeout", "A run that is longer than its Timeout, in minutes, is TIMEOUT.", f"{STATUSES}; {ADD_JOB}"
    ),
    Behaviour("job-timeout-range", "Timeout is from 1 to 10,080 minutes.", ADD_JOB),
    Behaviour("job-timeout-not-retried", "A run that timed out is not tried again.", ADD_JOB),
    Behaviour(
        "job-timeout-default", "Timeout is 480 minutes where none is given (Glue 5.0 and later).", f"{MODEL}; {ADD_JOB}"
    ),
    Behaviour("job-deleted", "A trigger's run of a job that was deleted is ERROR.", STATUSES),
    Behaviour(
        "job-waiting", "A run that queues is WAITING, and starts when another has ended.", f"{MODEL}; {STATUSES}"
    ),
    Behaviour(
        "job-queuing-run-wins",
        "JobRunQueuingEnabled of the run goes before that of the job.",
        f"{MODEL}; {ADD_JOB}",
    ),
    Behaviour("job-triggered-limit", "A trigger's run of a job at its limit is FAILED.", f"{STATUSES}; {CHOSEN}"),
    Behaviour("job-retries", "A run that fails is tried again up to MaxRetries times.", ADD_JOB),
    Behaviour(
        "job-attempts",
        "Each attempt is a run of its own: `ID_attempt_N`, its Attempt N, and PreviousRunId the attempt before.",
        CLI,
    ),
    Behaviour("job-runs-order", "GetJobRuns lists the newest run first.", CLI),
    Behaviour("job-retries-range", "MaxRetries is from 0 to 10.", ADD_JOB),
    not_served("job-expired", "A run may be EXPIRED; what that means is not documented.", MODEL, "no run comes to it"),
    unshown("job-history", "Runs are remembered for 365 days.", MODEL),
    Behaviour("job-flex-workers", "FLEX is for jobs of `glueetl` on workers G.1X or G.2X.", ADD_JOB),
    not_served(
        "job-flex",
        "A run of ExecutionClass FLEX uses spare capacity.",
        ADD_JOB,
        "taken, and run like any other: here is no spare capacity",
    ),
)

SPECIAL = (
    Behaviour("job-reserved", "--debug, --mode, --JOB_NAME and --endpoint must not be set.", ARGUMENTS),
    Behaviour("job-conf", "--conf takes Spark settings; several are chained as `k=v --conf k2=v2`.", ARGUMENTS),
    Behaviour("job-iceberg", "--datalake-formats iceberg brings Iceberg, and its GlueCatalog works.", ICEBERG),
    Behaviour("job-iceberg-locks", "Writers that commit to one Iceberg table at once lose no commit.", ICEBERG),
    Behaviour("job-added-arguments", "A script gets --JOB_NAME and --JOB_RUN_ID.", f"{ARGUMENTS}; {LIBRARY}"),
    Behaviour("job-id-argument", "A script gets --JOB_ID.", LIBRARY),
    Behaviour(
        "job-workflow-arguments",
        "In a workflow a script gets --WORKFLOW_NAME and --WORKFLOW_RUN_ID.",
        guide_2022("workflow-run-properties-code"),
    ),
    Behaviour(
        "job-security-argument", "With a security configuration a script gets --SECURITY_CONFIGURATION.", LIBRARY
    ),
    Behaviour("job-resolved-options", "getResolvedOptions gives a script the arguments of its run.", LIBRARY),
    Behaviour("job-extra-py-files", "--extra-py-files are on the driver's Python path.", ARGUMENTS),
    Behaviour("job-extra-files", "--extra-files lie in the script's working folder.", ARGUMENTS),
    Behaviour(
        "job-extra-jars", "--extra-jars are on the class path, before Glue's own with --user-jars-first.", ARGUMENTS
    ),
    Behaviour("job-temp-dir", "--TempDir is handed to the script.", ARGUMENTS),
    not_served(
        "job-metrics",
        "--enable-metrics and --enable-observability-metrics write metrics.",
        ARGUMENTS,
        "taken, and nothing is written",
    ),
    Behaviour("job-spark-ui", "--enable-spark-ui writes event logs to --spark-event-logs-path.", ARGUMENTS),
    not_served(
        "job-python-modules",
        "--additional-python-modules installs Python packages for a run.",
        ARGUMENTS,
        "refused by its name: a run downloads nothing",
    ),
    not_served(
        "job-bookmarks",
        "--job-bookmark-option lets a run go on where the last one ended.",
        ARGUMENTS,
        "refused by its name",
    ),
    not_served("job-hudi-delta", "--datalake-formats takes hudi and delta.", ARGUMENTS, "refused by its name"),
    not_served(
        "job-hive-metastore",
        "--enable-glue-datacatalog makes the Data Catalog Spark's metastore.",
        ARGUMENTS,
        "refused by its name",
    ),
    not_served("job-scala", "--job-language scala with --class runs Scala.", ARGUMENTS, "refused by its name"),
    Behaviour("job-script-location", "--scriptLocation goes before Command.ScriptLocation.", ARGUMENTS),
    not_served(
        "job-auto-scaling",
        "--enable-auto-scaling makes workers come and go.",
        ARGUMENTS,
        "taken, and a run keeps its size",
    ),
)

LOGS_AND_EVENTS = (
    Behaviour(
        "job-logs",
        "What a script prints goes to /aws-glue/jobs/output; LogGroupName has the beginning, /aws-glue/jobs.",
        f"{LOGGING}; {CLI}",
    ),
    Behaviour("job-live-logs", "Lines come into the log while the run goes on.", LOGGING),
    Behaviour("job-log-stream", "A run's stream begins with its id.", guide_2022("reduced-start-times-spark-etl-jobs")),
    unshown("job-error-logs", "What Spark itself logs goes to /aws-glue/jobs/error.", LOGGING),
    Behaviour(
        "job-logs-security",
        "With a security configuration the group is /aws-glue/jobs/CONFIGURATION-role/ROLE/output.",
        LOGGING,
    ),
    Behaviour("job-log-stream-prefix", "--custom-logStream-prefix begins the names of the streams.", LOGGING),
    Behaviour("job-log-prefix", "--custom-logGroup-prefix replaces /aws-glue/jobs.", LOGGING),
    Behaviour(
        "job-event", "A run that ends is an event `Glue Job State Change`, with a severity by its state.", EVENTS
    ),
    Behaviour(
        "job-event-delay", "One that takes longer than NotifyDelayAfter is an event `Glue Job Run Status`.", EVENTS
    ),
    Behaviour("job-execution-time", "ExecutionTime is the seconds that a run took.", MODEL),
    Behaviour("job-dpu-seconds", "DPUSeconds is there for FLEX and scaled runs only.", MODEL),
)

VERSIONS = (
    Behaviour(
        "job-glue-version",
        "GlueVersion is 5.1 where none is given.",
        f"{ADD_JOB}; {guide('migrating-version-51')}",
    ),
    not_served("job-older-versions", "Spark jobs of Glue 4.0 and older run.", ADD_JOB, "refused by its name"),
    Behaviour("job-max-capacity", "MaxCapacity is refused: WorkerType and NumberOfWorkers are given.", ADD_JOB),
    Behaviour(
        "job-capacity", "A run's MaxCapacity is the DPUs of its workers: G.1X one each, G.2X two, up to G.16X.", ADD_JOB
    ),
    Behaviour("job-workers", "WorkerType and NumberOfWorkers say how much a run may use.", ADD_JOB),
)

JOBS = (*STARTING, *STATES, *SPECIAL, *LOGS_AND_EVENTS, *VERSIONS)
