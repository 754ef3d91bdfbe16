import re

import pytest
from awsglue.utils import getResolvedOptions

from local.glue.errors import InvalidInput, Unsupported
from local.glue.jobs.arguments import MOST_BYTES, RESERVED, UNSUPPORTED, check, command_line, merged, special


@pytest.mark.shows("job-argument-precedence")
def test_non_overridable_arguments_win_over_given_ones_and_these_over_defaults() -> None:
    every = merged(
        non_overridable={"--a": "fixed"},
        given={"--a": "given", "--b": "given", "--new": "given"},
        defaults={"--a": "default", "--b": "default", "--c": "default"},
    )
    assert every == {"--a": "fixed", "--b": "given", "--c": "default", "--new": "given"}


@pytest.mark.shows("job-reserved")
@pytest.mark.parametrize("name", RESERVED)
def test_glues_own_arguments_are_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match=name):
        check({name: "x"})


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_an_argument_that_is_not_served_is_refused_by_name(name: str) -> None:
    with pytest.raises(Unsupported, match=name):
        check({name: "x"})


@pytest.mark.shows("job-conf")
def test_several_settings_are_chained_in_the_one_value_of_conf() -> None:
    settings = special({"--conf": "spark.a=1 --conf spark.b=x=y"}).spark_settings
    assert settings == [("spark.a", "1"), ("spark.b", "x=y")]


@pytest.mark.parametrize("value", ["a=1", "spark.a", "spark.a=1 --conf b"])
def test_a_conf_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(InvalidInput, match=r"--conf takes spark\.NAME=VALUE"):
        special({"--conf": value})


def test_lists_are_split_at_commas() -> None:
    assert special({"--extra-py-files": "s3://b/a.zip, s3://b/c.py"}).extra_py_files == ["s3://b/a.zip", "s3://b/c.py"]


@pytest.mark.shows("job-added-arguments", "job-id-argument")
def test_the_script_finds_its_arguments_and_those_that_glue_adds() -> None:
    given = {"--X": "1", "--JOB_RUN_ID": "one's own"}
    line = command_line(given, job="j", run_id="jr_1", added={"--WORKFLOW_NAME": "w"})
    pairs = dict(zip(line[::2], line[1::2], strict=True))
    assert re.fullmatch("j_[0-9a-f]{64}", pairs.pop("--JOB_ID"))
    assert pairs == {"--X": "1", "--JOB_NAME": "j", "--JOB_RUN_ID": "jr_1", "--WORKFLOW_NAME": "w"}


@pytest.mark.shows("job-resolved-options")
def test_awsglues_reader_understands_what_the_script_is_given() -> None:
    line = command_line({"--RUN_ID": "r 1"}, job="j", run_id="jr_1", added={"--SECURITY_CONFIGURATION": "s"})
    options = getResolvedOptions(["script.py", *line], ["JOB_NAME", "RUN_ID"])
    assert (options["JOB_NAME"], options["RUN_ID"]) == ("j", "r 1")
    assert (options["JOB_RUN_ID"], options["SECURITY_CONFIGURATION"]) == ("jr_1", "s")


@pytest.mark.shows("job-argument-size")
def test_arguments_of_more_than_260_kib_together_are_refused() -> None:
    check({"--a": "x" * (MOST_BYTES - 3)})
    with pytest.raises(InvalidInput, match=f"more than {MOST_BYTES} bytes"):
        check({"--a": "x" * (MOST_BYTES - 5), "--b": "y"})


@pytest.mark.parametrize("name", ["--extra-py-files", "--extra-jars"])
def test_a_folder_among_what_takes_files_only_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match=f"{name} takes files.* s3://b/folder/"):
        check({name: "s3://b/a.zip,s3://b/folder/"})


@pytest.mark.parametrize("value", ["a:b", "a*", "x" * 401])
def test_a_log_prefix_that_cloudwatch_would_not_take_is_refused(value: str) -> None:
    with pytest.raises(InvalidInput, match="--custom-logGroup-prefix takes at most 400 characters"):
        check({"--custom-logGroup-prefix": value})


def test_an_argument_that_turns_something_unserved_off_is_taken() -> None:
    check({"--enable-glue-datacatalog": "false", "--enable-metrics": "", "--enable-observability-metrics": "true"})
