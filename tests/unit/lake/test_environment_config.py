from pathlib import Path

import pytest

from lake.config import load_config
from lake.environment import Environment, endpoint_url, environment_names, load_environment
from lake.errors import ConfigError

LOCAL = load_environment("local")
DATASET = "name: {0}\nsource: {{prefix: raw/{0}/, format: csv}}\nworkers: {{count: {1}}}\n"


def test_every_environment_that_is_here_loads_with_every_dataset() -> None:
    for name in environment_names():
        config = load_config(name)
        assert config.environment.name == name
        assert config.environment.default_pipeline in [dataset.name for dataset in config.datasets]


def test_only_local_has_an_endpoint() -> None:
    assert [name for name in environment_names() if load_environment(name).is_local] == ["local"]


def test_local_names_account_region_and_endpoint_itself() -> None:
    assert (LOCAL.account, LOCAL.region) == ("000000000000", "us-east-1")
    assert endpoint_url(LOCAL, {}) == "http://127.0.0.1:4566"


def test_prod_keeps_its_data() -> None:
    assert load_environment("prod").removal_policy == "retain"


def test_an_unknown_environment_lists_the_known_ones() -> None:
    with pytest.raises(ConfigError) as caught:
        load_environment("prd")
    assert str(caught.value) == "unknown environment 'prd'; known: dev, local, prod, staging; did you mean 'prod'?"


@pytest.mark.parametrize("url", ["http://127.0.0.1:5000", "http://localhost:5000", "http://[::1]:5000"])
def test_an_endpoint_on_loopback_overrides_that_of_local(url: str) -> None:
    assert endpoint_url(LOCAL, {"AWS_ENDPOINT_URL": url}) == url


@pytest.mark.parametrize(
    "url",
    [
        "https://s3.amazonaws.com",
        "http://10.0.0.1:4566",
        "http://0.0.0.0:4566",
        "http://127.0.0.1.example.com:4566",
        "http://127.0.0.1@example.com:4566",
        "127.0.0.1:4566",
        "ftp://127.0.0.1",
        "http://",
    ],
)
def test_local_refuses_an_endpoint_that_is_not_on_loopback(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        endpoint_url(LOCAL, {"AWS_ENDPOINT_URL": url})
    assert str(caught.value) == (
        f"environment 'local': AWS_ENDPOINT_URL: '{url}' is not on loopback; "
        "allowed: http://127.0.0.1:PORT or http://localhost:PORT"
    )


def test_an_environment_in_an_account_has_no_endpoint_whatever_the_shell_says() -> None:
    assert endpoint_url(load_environment("prod"), {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}) is None


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "account: 123456789012",
            "account: input should be a valid string, not 123456789012; allowed is text: '123456789012' in quotes",
        ),
        ("region: mars", "region: string should match pattern '^[a-z]{2}(-[a-z]+)+-\\d$', not \"mars\""),
        ("removal_policy: keep", "removal_policy: input should be 'retain' or 'destroy', not \"keep\""),
        (
            "removal_policy: destory",
            "removal_policy: input should be 'retain' or 'destroy', not \"destory\"; did you mean 'destroy'?",
        ),
        (
            "removal-policy: retain",
            "removal-policy: unknown field; allowed: account, region, endpoint, removal_policy, "
            "termination_protection, permissions_boundary, log_retention_days, "
            "raw_bucket, raw_bucket_key, schedules, alarm_emails, dashboards, "
            "max_query_gigabytes, max_workers, price_per_dpu_hour, default_pipeline, upkeep, tags; "
            "did you mean 'removal_policy'?",
        ),
        (
            "log_retention_days: 10",
            "log_retention_days: input should be 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, "
            "1827, 2192, 2557, 2922, 3288 or 3653, not 10",
        ),
        ("tags: [a]", 'tags: must be a mapping of fields, not ["a"]; allowed: any name: any text'),
        ("tags: {stage: 1}", "tags.stage: input should be a valid string, not 1; allowed is text: '1' in quotes"),
        ("tags: {'aws:a': b}", "tags.aws:a: begins with aws:, which is AWS's own; allowed is any other name"),
        (
            "tags: {a: 'b;c'}",
            "tags.a: 'b;c' is no tag's value; allowed: at most 256 letters, digits, blanks and + - = . _ : / @",
        ),
        ("tags: {'a*': b}", "tags.a*: is no tag; allowed: 1 to 128 letters, digits, blanks and + - = . _ : / @"),
        ("alarm_emails: [nobody]", "alarm_emails[0]: 'nobody' is no e-mail address; allowed: NAME@DOMAIN"),
        (
            "permissions_boundary: 'arn:aws:iam::aws:policy/X'",
            "permissions_boundary: 'arn:aws:iam::aws:policy/X' is no name of a policy; "
            "allowed: 1 to 128 letters, digits and _ + = , . @ -",
        ),
        (
            "raw_bucket: Landing",
            "raw_bucket: 'Landing' is no name of a bucket; allowed: 3 to 63 of a to z, 0 to 9 and -; "
            "did you mean 'landing'?",
        ),
        (
            "raw_bucket_key: arn:aws:kms:eu-central-1:111122223333:key/0a-1b",
            "raw_bucket_key: is the key of an existing bucket; allowed is it with raw_bucket",
        ),
        ("max_workers: 1", "max_workers: input should be greater than or equal to 2, not 1"),
        ("name: other", "name: is not given here; it is the file's name"),
        (
            "endpoint: http://example.com",
            "endpoint: 'http://example.com' is not on loopback; allowed: http://127.0.0.1:PORT or http://localhost:PORT",
        ),
    ],
)
def test_a_mistake_in_an_environment_is_named_with_its_line(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "dev.yaml"
    path.write_text(f"default_pipeline: trips\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_environment("dev", tmp_path)
    assert str(caught.value) == f"{path}:2: {message}"


def test_a_file_whose_name_is_no_environments_says_so(tmp_path: Path) -> None:
    path = tmp_path / "My-Env.yaml"
    path.write_text("default_pipeline: trips\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_environment("My-Env", tmp_path)
    assert str(caught.value) == (
        f"{path}:1: name: the file's name is none for it: 'My-Env' is no name of an environment; "
        "allowed: a to z and 0 to 9, a letter first, at most 10; did you mean 'myenv'?"
    )


def test_an_environment_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        LOCAL.region = "eu-west-1"  # type: ignore[misc] # the plugin knows it too


def config_folders(tmp_path: Path, environment: str, workers: int) -> tuple[Path, Path]:
    (tmp_path / "environments").mkdir()
    (tmp_path / "datasets").mkdir()
    (tmp_path / "environments" / "dev.yaml").write_text(environment, encoding="utf-8")
    (tmp_path / "datasets" / "trips.yaml").write_text(DATASET.format("trips", workers), encoding="utf-8")
    return tmp_path / "environments", tmp_path / "datasets"


def test_a_default_pipeline_that_is_no_dataset_is_refused(tmp_path: Path) -> None:
    environments, datasets = config_folders(tmp_path, "default_pipeline: trip\n", 2)
    with pytest.raises(ConfigError) as caught:
        load_config("dev", environments=environments, datasets=datasets)
    assert str(caught.value) == (
        f"{environments / 'dev.yaml'}:1: default_pipeline: unknown dataset 'trip'; known: trips; did you mean 'trips'?"
    )


def test_mistakes_in_an_environment_and_in_datasets_are_told_at_once(tmp_path: Path) -> None:
    environments, datasets = config_folders(tmp_path, "default_pipeline: trips\nmax_workers: 1\n", 1)
    with pytest.raises(ConfigError) as caught:
        load_config("dev", environments=environments, datasets=datasets)
    assert str(caught.value) == (
        f"{environments / 'dev.yaml'}:2: max_workers: input should be greater than or equal to 2, not 1\n"
        f"{datasets / 'trips.yaml'}:3: workers.count: input should be greater than or equal to 2, not 1"
    )


def test_more_workers_than_the_environment_allows_are_refused(tmp_path: Path) -> None:
    environments, datasets = config_folders(tmp_path, "default_pipeline: trips\nmax_workers: 4\n", 5)
    with pytest.raises(ConfigError) as caught:
        load_config("dev", environments=environments, datasets=datasets)
    assert str(caught.value) == (
        f"{datasets / 'trips.yaml'}:3: workers.count: is 5; "
        "allowed in environment 'dev' are at most 4 (its max_workers)"
    )


def test_retention_is_one_that_cloudwatch_takes() -> None:
    with pytest.raises(ValueError, match="log_retention_days"):
        Environment(name="dev", default_pipeline="trips", log_retention_days=10)
