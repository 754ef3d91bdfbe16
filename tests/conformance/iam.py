"""What a caller, and the roles of crawlers and jobs, must be allowed."""

from tests.conformance.behaviour import AUTHORIZATION, CHOSEN, Behaviour, guide, guide_2022, unshown

ARNS = guide_2022("glue-specifying-resource-arns")
ROLES = guide_2022("create-an-iam-role")
LOGGING = guide("monitor-continuous-logging")

IAM = (
    Behaviour(
        "iam-table-needs-all",
        "An action on a table needs to be allowed on the table, its database and the catalog.",
        f"{ARNS}; {AUTHORIZATION}",
    ),
    Behaviour("iam-every-action", "Every action needs exactly the ARNs that AWS names for it.", AUTHORIZATION),
    Behaviour(
        "iam-deny", "What is denied is refused, also where it is allowed too.", "IAM User Guide, policy evaluation"
    ),
    Behaviour("iam-tags", "Tags of the request and of the resource are condition keys.", AUTHORIZATION),
    Behaviour(
        "iam-passed-to-service", "iam:PassRole may be bound to glue.amazonaws.com by iam:PassedToService.", ROLES
    ),
    Behaviour("iam-one-table", "A role that may read one table is refused another.", ARNS),
    Behaviour("iam-workflow", "An action on a workflow needs to be allowed on exactly that workflow.", AUTHORIZATION),
    Behaviour("iam-job", "Starting a run needs to be allowed on exactly that job.", f"{AUTHORIZATION}; {CHOSEN}"),
    Behaviour("iam-crawler", "Starting a crawl needs to be allowed on exactly that crawler.", AUTHORIZATION),
    Behaviour("iam-trigger", "An action on a trigger needs to be allowed on exactly that trigger.", AUTHORIZATION),
    Behaviour("iam-no-resource", "What has no ARN of its own needs to be allowed on every resource.", AUTHORIZATION),
    Behaviour("iam-batch-tables", "Deleting tables needs to be allowed on each of them.", ARNS),
    Behaviour("iam-pass-role", "Creating a job needs iam:PassRole on its role.", ROLES),
    Behaviour("iam-pass-role-crawler", "Creating a crawler needs iam:PassRole on its role.", ROLES),
    Behaviour("iam-trust", "A role must trust glue.amazonaws.com; else the run fails.", ROLES),
    Behaviour(
        "iam-refusal-named",
        "A refusal is AccessDeniedException that names caller, action and resource.",
        "IAM User Guide, page `troubleshoot_access-denied`",
    ),
    Behaviour(
        "iam-script", "A job's role must be able to read the script; else the run fails with the refused call.", ROLES
    ),
    Behaviour(
        "iam-log-key",
        "With a security configuration logs need logs:AssociateKmsKey, too: without it there are none.",
        LOGGING,
    ),
    Behaviour(
        "iam-logs",
        "Logs are written with the role of the run: without logs:PutLogEvents there are none.",
        guide_2022("create-service-policy"),
    ),
    Behaviour(
        "iam-crawler-s3",
        "A crawler's role must be able to list and read its target; else the crawl fails.",
        guide_2022("crawler-prereqs"),
    ),
    Behaviour(
        "iam-crawler-catalog", "It must be allowed to write the tables and partitions; else the crawl fails.", ARNS
    ),
    unshown("iam-job-kms", "A job's role needs kms:Decrypt for encrypted data.", ROLES),
    Behaviour("iam-credentials-renewed", "The credentials of a run expire and are renewed while it runs.", CHOSEN),
    Behaviour(
        "iam-notify-event",
        "A rule's role needs glue:notifyEvent on the workflow.",
        guide("starting-workflow-eventbridge"),
    ),
)
