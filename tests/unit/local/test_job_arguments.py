import pytest

from local.glue.errors import InvalidInput, Unsupported
from local.glue.jobs.arguments import RESERVED, UNSUPPORTED, check, command_line, merged, special


def test_non_overridable_arguments_win_over_given_ones_and_these_over_defaults() -> None:
    every = merged(
        non_overridable={"--a": "fixed"},
        given={"--a": "given", "--b": "given", "--new": "given"},
        defaults={"--a": "default", "--b": "default", "--c": "default"},
    )
    assert every == {"--a": "fixed", "--b": "given", "--c": "default", "--new": "given"}


@pytest.mark.parametrize("name", RESERVED)
def test_glues_own_arguments_are_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match=name):
        check({name: "x"})


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_an_argument_that_is_not_served_is_refused_by_name(name: str) -> None:
    with pytest.raises(Unsupported, match=name):
        check({name: "x"})


def test_several_settings_are_chained_in_the_one_value_of_conf() -> None:
    settings = special({"--conf": "spark.a=1 --conf spark.b=x=y"}).spark_settings
    assert settings == [("spark.a", "1"), ("spark.b", "x=y")]


@pytest.mark.parametrize("value", ["a=1", "spark.a", "spark.a=1 --conf b"])
def test_a_conf_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(InvalidInput, match=r"--conf takes spark\.NAME=VALUE"):
        special({"--conf": value})


def test_lists_are_split_at_commas() -> None:
    assert special({"--extra-py-files": "s3://b/a.zip, s3://b/c.py"}).extra_py_files == ["s3://b/a.zip", "s3://b/c.py"]


def test_the_script_finds_its_arguments_and_those_that_glue_adds() -> None:
    line = command_line({"--X": "1"}, job="j", run_id="jr_1", workflow={"--WORKFLOW_NAME": "w"})
    pairs = dict(zip(line[::2], line[1::2], strict=True))
    assert pairs["--X"] == "1"
    assert pairs["--JOB_NAME"] == "j"
    assert pairs["--JOB_RUN_ID"] == "jr_1"
    assert pairs["--WORKFLOW_NAME"] == "w"
