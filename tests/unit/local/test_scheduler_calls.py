"""Which API call a schedule's target is."""

from typing import Any

import pytest

from local.events.invocation import Call, call

ENDPOINT = "http://127.0.0.1:1"
CONTEXT = {
    "schedule-arn": "arn:s",
    "scheduled-time": "2026-11-23T12:00:00Z",
    "execution-id": "e",
    "attempt-number": "1",
}


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:us-east-1:000000000000:{resource}"


FUNCTION, MACHINE, BUS = arn("lambda", "function:f"), arn("states", "stateMachine:m"), arn("events", "event-bus/b")


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (
            {"Arn": "arn:aws:scheduler:::aws-sdk:glue:startWorkflowRun", "Input": '{"Name": "w"}'},
            Call("glue", "start_workflow_run", {"Name": "w"}),
        ),
        (
            {
                "Arn": "arn:aws:scheduler:::aws-sdk:glue:startJobRun",
                "Input": '{"JobName": "j", "Arguments": {"--at": "<aws.scheduler.scheduled-time>"}}',
            },
            Call("glue", "start_job_run", {"JobName": "j", "Arguments": {"--at": "2026-11-23T12:00:00Z"}}),
        ),
        (
            {"Arn": "arn:aws:scheduler:::aws-sdk:glue:startCrawler", "Input": '{"Name": "c"}'},
            Call("glue", "start_crawler", {"Name": "c"}),
        ),
        (
            {"Arn": arn("sqs", "q.fifo"), "Input": "hello", "SqsParameters": {"MessageGroupId": "g"}},
            Call(
                "sqs",
                "send_message",
                {"QueueUrl": f"{ENDPOINT}/000000000000/q.fifo", "MessageBody": "hello", "MessageGroupId": "g"},
            ),
        ),
        (
            {"Arn": arn("sns", "t"), "Input": "by <aws.scheduler.execution-id>"},
            Call("sns", "publish", {"TopicArn": arn("sns", "t"), "Message": "by e"}),
        ),
        (
            {"Arn": FUNCTION},
            Call(
                "lambda",
                "invoke",
                {"FunctionName": FUNCTION, "InvocationType": "Event", "Payload": b"{}"},
            ),
        ),
        (
            {"Arn": MACHINE, "Input": '{"a": 1}'},
            Call(
                "stepfunctions",
                "start_execution",
                {"stateMachineArn": MACHINE, "input": '{"a": 1}'},
            ),
        ),
        (
            {
                "Arn": BUS,
                "Input": '{"a": 1}',
                "EventBridgeParameters": {"DetailType": "T", "Source": "s"},
            },
            Call(
                "events",
                "put_events",
                {
                    "Entries": [
                        {
                            "DetailType": "T",
                            "Source": "s",
                            "Detail": '{"a": 1}',
                            "EventBusName": BUS,
                        }
                    ]
                },
            ),
        ),
    ],
)
def test_a_target_is_one_api_call(target: dict[str, Any], expected: Call) -> None:
    assert call(target, ENDPOINT, CONTEXT) == expected
