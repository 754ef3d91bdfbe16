"""Triggers: their types and states, what they watch, and when they fire."""

from tests.conformance.behaviour import CHOSEN, MODEL, QUOTAS, Behaviour, guide, guide_2022

ABOUT = guide("about-triggers")

TRIGGERS = (
    Behaviour("trigger-on-demand", "A workflow's ON_DEMAND trigger fires when the workflow is started.", ABOUT),
    Behaviour("trigger-on-demand-created", "An ON_DEMAND trigger stays CREATED.", ABOUT),
    Behaviour("trigger-on-demand-alone", "StartTrigger fires an ON_DEMAND trigger.", guide_2022("activate-triggers")),
    Behaviour("trigger-scheduled", "A SCHEDULED trigger fires by an AWS cron expression.", f"{MODEL}; {ABOUT}"),
    Behaviour("trigger-schedule-inactive", "A SCHEDULED trigger fires only while it is activated.", ABOUT),
    Behaviour(
        "trigger-schedule-interval",
        "A schedule that fires more often than every 5 minutes is refused.",
        guide_2022("monitor-data-warehouse-schedule"),
    ),
    Behaviour(
        "trigger-event", "An EVENT trigger fires on EventBridge events.", f"{MODEL}; {guide('workflows_overview')}"
    ),
    Behaviour(
        "trigger-batch-size",
        "It fires after BatchSize events; without a condition after one.",
        f"{MODEL}; {guide('workflows_overview')}",
    ),
    Behaviour(
        "trigger-batch-window",
        "Or when BatchWindow seconds, 900 by default, have gone since the first of them.",
        f"{MODEL}; {guide('workflows_overview')}",
    ),
    Behaviour(
        "trigger-batch-reset",
        "Whichever of the two limits is reached first fires, and both begin anew.",
        guide("workflows_overview"),
    ),
    Behaviour("trigger-batch-range", "BatchSize is from 1 to 100, BatchWindow from 1 to 900 seconds.", MODEL),
    Behaviour(
        "trigger-conditional", "A CONDITIONAL trigger fires when what it watches has come to the state it names.", ABOUT
    ),
    Behaviour("trigger-and", "With AND it fires when every condition holds.", MODEL),
    Behaviour("trigger-any", "With ANY it fires when one condition holds.", MODEL),
    Behaviour("trigger-any-once", "With ANY it fires once in a run.", CHOSEN),
    Behaviour("trigger-logical-required", "More than one condition needs Logical; there are at most 500.", MODEL),
    Behaviour("trigger-watches-failure", "It may watch a job for FAILED.", f"{MODEL}; {ABOUT}"),
    Behaviour("trigger-watches-job", "It may watch a job for SUCCEEDED, STOPPED and TIMEOUT.", f"{MODEL}; {ABOUT}"),
    Behaviour("trigger-watches-crawl", "It may watch a crawler for SUCCEEDED.", f"{MODEL}; {ABOUT}"),
    Behaviour("trigger-watches-crawl-end", "It may watch a crawler for FAILED and CANCELLED.", f"{MODEL}; {ABOUT}"),
    Behaviour("trigger-unwatchable", "ERROR and EXPIRED cannot be watched.", ABOUT),
    Behaviour("trigger-last-attempt", "A condition sees the last attempt of a run that is tried again.", CHOSEN),
    Behaviour(
        "trigger-not-activated",
        "A CONDITIONAL trigger that was not activated stays CREATED and does not fire.",
        f"{MODEL}; that it does not fire is inferred",
    ),
    Behaviour(
        "trigger-start-on-creation", "StartOnCreation activates a CONDITIONAL trigger when it is created.", MODEL
    ),
    Behaviour("trigger-start-on-creation-on-demand", "StartOnCreation is refused for an ON_DEMAND trigger.", MODEL),
    Behaviour(
        "trigger-start-stop", "StartTrigger and StopTrigger activate and deactivate.", guide_2022("activate-triggers")
    ),
    Behaviour(
        "trigger-chain",
        "A run that was started by hand wakes no trigger: a chain begins at a schedule or on demand.",
        ABOUT,
    ),
    Behaviour(
        "trigger-action-arguments", "The Arguments of an action go to the run that it starts.", f"{MODEL}; {ABOUT}"
    ),
    Behaviour("trigger-two-crawlers", "A trigger starts at most 2 crawlers.", ABOUT),
    Behaviour("trigger-fifty-jobs", "A trigger starts at most 50 jobs.", QUOTAS),
    Behaviour("trigger-delete-silent", "DeleteTrigger of a name that there is not is no error.", MODEL),
    Behaviour(
        "trigger-cloudformation",
        "CloudFormation creates, updates and deletes triggers.",
        "CloudFormation reference, `aws-resource-glue-trigger`",
    ),
)
