"""How long the state machines look. The ordinary run is short and the same every time; a long run looks elsewhere each time.

MODEL_EXAMPLES=50 tries fifty times as many examples, chosen at random, and remembers those that failed."""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

FACTOR = int(os.environ.get("MODEL_EXAMPLES", "1"))

_common: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck), "report_multiple_bugs": False}


def budget(examples: int, steps: int = 30) -> settings:
    """The settings of one machine: `examples` runs of up to `steps` rules each, times MODEL_EXAMPLES."""
    return settings(max_examples=examples * FACTOR, stateful_step_count=steps, derandomize=FACTOR == 1, **_common)


def one_look(examples: int, steps: int = 30) -> settings:
    """The ordinary budget, always the same, and no further look at what was found: for bugs that were planted."""
    return settings(
        max_examples=examples, stateful_step_count=steps, derandomize=True, phases=[Phase.generate], database=None, **_common
    )


def must_find(machine: type[RuleBasedStateMachine], examples: int, steps: int = 30) -> None:
    """A bug was planted: within the ordinary budget the machine has to notice."""
    with pytest.raises(AssertionError):
        run_state_machine_as_test(machine, settings=one_look(examples, steps))
