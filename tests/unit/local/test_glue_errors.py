"""Every error that an action of local Glue can raise is one that AWS's model names for it."""

from contextlib import suppress

import pytest

from local.glue import errors, model
from local.glue.errors import AlreadyExists, EntityNotFound, GlueError, NoSchedule
from local.glue.platform import Platform
from local.glue.scope import Scope
from local.glue.service import Glue
from tests.integration.conforming import COMMON_ERRORS
from tests.unit.local.raised import raised_by

GLUE = Glue(Platform(Scope("123456789012", "eu-west-1"), "http://127.0.0.1:1", None, None, None))  # type: ignore[arg-type] # nothing is run


@pytest.mark.parametrize("action", sorted(GLUE.actions))
def test_an_action_raises_only_errors_that_the_model_names_for_it(action: str) -> None:
    named = {shape.name for shape in model.operation(action).error_shapes} | set(COMMON_ERRORS)
    wrong = {error.__name__: error.code for error in raised_by(GLUE.actions[action]) if error.code not in named}
    assert not wrong, f"{action} may give {sorted(named)}"


def test_every_error_has_a_code_of_the_models_or_a_common_one() -> None:
    shapes = set(model.service_model().shape_names)
    for one in vars(errors).values():
        if isinstance(one, type) and issubclass(one, GlueError):
            assert one.code in shapes | set(COMMON_ERRORS)


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("GetCrawler", {EntityNotFound}),
        ("StartCrawlerSchedule", {EntityNotFound, NoSchedule, errors.SchedulerRunning}),
        ("BatchDeleteTable", {EntityNotFound}),
        ("CreateDatabase", {AlreadyExists, errors.Unsupported}),
    ],
)
def test_what_an_action_raises_is_found_through_what_it_calls(action: str, expected: set[type[GlueError]]) -> None:
    assert raised_by(GLUE.actions[action]) == expected


class _Sample:
    def caught(self) -> None:
        with suppress(AlreadyExists):
            self._raising()

    def left(self) -> None:
        try:
            self._raising()
        except EntityNotFound as problem:
            raise NoSchedule("x") from problem

    def _raising(self) -> None:
        raise AlreadyExists("x")


def test_what_is_caught_does_not_leave() -> None:
    for function in (_Sample._raising, _Sample.caught, _Sample.left):
        function.__module__ = "local.sample"  # else it is no function of local Glue's
    assert raised_by(_Sample().caught) == set()
    assert raised_by(_Sample().left) == {AlreadyExists, NoSchedule}
