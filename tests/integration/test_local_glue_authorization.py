"""IAM on local Glue, as a role with few permissions meets it."""

import pytest
from botocore.exceptions import ClientError

from tests.integration.aws import ALLOW_ALL, USER_TRUST, Aws

pytestmark = pytest.mark.integration

ARN = "arn:aws:glue:us-east-1:000000000000"


@pytest.fixture(scope="module")
def two_tables(aws: Aws) -> None:
    glue = aws.client("glue")
    glue.create_database(DatabaseInput={"Name": "guarded"})
    for name in ("open", "closed"):
        glue.create_table(DatabaseName="guarded", TableInput={"Name": name})


@pytest.mark.usefixtures("two_tables")
@pytest.mark.shows("iam-one-table", "iam-refusal-named")
def test_a_role_that_may_read_one_table_is_refused_another(aws: Aws) -> None:
    resources = [f"{ARN}:catalog", f"{ARN}:database/guarded", f"{ARN}:table/guarded/open"]
    role = aws.role(
        "one-table", {"Effect": "Allow", "Action": "glue:GetTable", "Resource": resources}, trust=USER_TRUST
    )
    glue = aws.client_of(role, "glue")
    assert glue.get_table(DatabaseName="guarded", Name="open")["Table"]["Name"] == "open"
    with pytest.raises(glue.exceptions.ClientError) as refusal:
        glue.get_table(DatabaseName="guarded", Name="closed")
    error = refusal.value.response["Error"]
    assert error["Code"] == "AccessDeniedException"
    assert error["Message"] == (
        "User: arn:aws:sts::000000000000:assumed-role/one-table/test is not authorized to perform: glue:GetTable "
        f"on resource: {ARN}:table/guarded/closed because no identity-based policy allows the glue:GetTable action"
    )


@pytest.mark.usefixtures("two_tables")
@pytest.mark.shows("iam-table-needs-all")
def test_a_table_without_its_database_or_the_catalog_is_refused(aws: Aws) -> None:
    resources = [f"{ARN}:catalog", f"{ARN}:database/guarded", f"{ARN}:table/guarded/open"]
    for number, left_out in enumerate(resources[:2]):
        kept = [resource for resource in resources if resource != left_out]
        role = aws.role(
            f"partial-{number}", {"Effect": "Allow", "Action": "glue:*", "Resource": kept}, trust=USER_TRUST
        )
        with pytest.raises(ClientError, match=f"on resource: {left_out} "):
            aws.client_of(role, "glue").get_table(DatabaseName="guarded", Name="open")


@pytest.mark.shows("iam-workflow")
def test_an_exact_grant_on_a_workflow_lets_it_be_read_and_no_other(aws: Aws) -> None:
    for name in ("mine", "yours"):
        aws.client("glue").create_workflow(Name=name)
    grant = {"Effect": "Allow", "Action": "glue:GetWorkflow", "Resource": f"{ARN}:workflow/mine"}
    glue = aws.client_of(aws.role("one-workflow", grant, trust=USER_TRUST), "glue")
    assert glue.get_workflow(Name="mine")["Workflow"]["Name"] == "mine"
    with pytest.raises(ClientError, match="AccessDenied"):
        glue.get_workflow(Name="yours")


@pytest.mark.shows("iam-pass-role")
def test_creating_a_job_with_a_role_needs_the_permission_to_pass_it(aws: Aws) -> None:
    worker = aws.role("worker", ALLOW_ALL)
    command = {"Name": "glueetl", "ScriptLocation": "s3://scripts/x.py"}
    create = {"Effect": "Allow", "Action": "glue:CreateJob", "Resource": "*"}
    without = aws.client_of(aws.role("may-not-pass", create, trust=USER_TRUST), "glue")
    with pytest.raises(ClientError, match="is not authorized to perform: iam:PassRole on resource: " + worker):
        without.create_job(Name="passed", Role=worker, Command=command)
    passing = {"Effect": "Allow", "Action": "iam:PassRole", "Resource": worker}
    allowed = aws.client_of(aws.role("may-pass", create, passing, trust=USER_TRUST), "glue")
    assert allowed.create_job(Name="passed", Role=worker, Command=command)["Name"] == "passed"


def test_the_url_of_role_credentials_opens_to_no_token_of_a_strangers(aws: Aws) -> None:
    import urllib.error
    import urllib.request

    request = urllib.request.Request(aws.endpoint + "/_glue/credentials", headers={"Authorization": "guess"})
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(request, timeout=5)
