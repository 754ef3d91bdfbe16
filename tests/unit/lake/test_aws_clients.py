import pytest

from lake.aws import client, process_environment, session_for
from lake.environment import load_environment
from lake.errors import ConfigError

LOCAL = load_environment("local")
PROD = load_environment("prod")


def test_local_clients_need_nothing_from_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "of-the-shell")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    glue = client(LOCAL, "glue", environ={})
    assert glue.meta.endpoint_url == "http://127.0.0.1:4566"
    assert glue.meta.region_name == "us-east-1"
    credentials = session_for(LOCAL).get_credentials()
    assert credentials is not None
    assert credentials.access_key == "test"


def test_local_clients_obey_an_endpoint_on_loopback_and_no_services_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://example.com")
    s3 = client(LOCAL, "s3", environ={"AWS_ENDPOINT_URL": "http://127.0.0.1:5000"})
    assert s3.meta.endpoint_url == "http://127.0.0.1:5000"


def test_local_clients_refuse_an_endpoint_off_this_machine() -> None:
    with pytest.raises(ConfigError, match="is not on loopback"):
        client(LOCAL, "s3", environ={"AWS_ENDPOINT_URL": "http://example.com"})


def test_local_buckets_stand_in_the_path_and_not_in_the_host_name() -> None:
    s3 = client(LOCAL, "s3", environ={"AWS_ENDPOINT_URL": "http://localhost:5000"})
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"})
    assert url.startswith("http://localhost:5000/b/k?")


def test_local_clients_use_no_proxy() -> None:
    assert client(LOCAL, "s3", environ={}).meta.config.proxies == {}


def test_clients_of_an_account_go_to_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    assert client(PROD, "glue").meta.endpoint_url == "https://glue.eu-west-1.amazonaws.com"


def test_local_processes_get_the_endpoint_and_lose_what_leads_elsewhere() -> None:
    shell = {
        "PATH": "/bin",
        "AWS_PROFILE": "work",
        "AWS_SESSION_TOKEN": "secret",
        "HTTPS_PROXY": "http://proxy",
        "AWS_ENDPOINT_URL_GLUE": "http://example.com",
    }
    variables = process_environment(LOCAL, shell)
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN", "HTTPS_PROXY", "AWS_ENDPOINT_URL_GLUE"} & variables.keys()
    assert variables["PATH"] == "/bin"
    assert variables["AWS_ENDPOINT_URL"] == variables["AWS_ENDPOINT_URL_S3"] == "http://127.0.0.1:4566"
    assert (variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"]) == ("test", "test")


def test_processes_of_an_account_keep_the_shells_settings() -> None:
    assert process_environment(PROD, {"AWS_PROFILE": "work"}) == {"AWS_PROFILE": "work"}
