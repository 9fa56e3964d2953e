"""What a plan costs before anything is made."""

import json

import pytest
import yaml

from causalmix_core.cli.main import main
from causalmix_core.errors import StudyError
from causalmix_core.study.cost import cost_of
from causalmix_core.study.plan import PLANS, parse_plan, read_plan


def test_every_round_of_training_is_counted_from_the_plan():
    plain = yaml.safe_load((PLANS / "flagship.yaml").read_bytes())
    plain["pools"]["count"], plain["replicates"] = 10, 3
    plain["verification"] |= {
        "orders": 2,
        "groups": {"ordinary": {"pools": 5}},
        "methods": ["equal", "weights"],
    }
    plain["oracle"] |= {"pools": {"ordinary": 1}, "rounds": 2, "candidates": 3}
    case = {"windows": 1_000, "size": "3M", "pools": {"ordinary": 2}, "orders": 1}
    plain["scale"] = {"methods": ["equal", "weights"], "cases": {"large": case}}
    plan = parse_plan(yaml.safe_dump(plain).encode(), "small.yaml")
    costs = {cost.stage: cost for cost in cost_of(plan, tokens_per_second=256.0)}
    assert {stage: cost.runs for stage, cost in costs.items()} == {
        "runs": 10 * 2 + 3, "verification": 5 * 2 * 2, "own order": 5 * 1 * 1, "search": 2 * 3 + 2, "large": 2 * 2,
    }  # fmt: skip
    assert costs["runs"].tokens == 23 * 500 * 256
    assert costs["runs"].hours == pytest.approx(23 * 500 / 3600)
    assert costs["runs"].flop == pytest.approx(6 * 1e5 * 23 * 500 * 256)
    assert costs["large"].params == pytest.approx(3e6)
    assert costs["large"].hours == pytest.approx(30 * 4 * 1_000 / 3600)


def test_documents_are_counted_by_their_mean_length():
    own, *_ = cost_of(read_plan("sft"), params=135e6, document_tokens=300.0)
    assert own.tokens == own.runs * 600 * 300
    assert own.hours is None


@pytest.mark.parametrize(
    ("name", "asked", "said"),
    [
        ("sft", {"document_tokens": 300.0}, "--params 135M"),
        ("sft", {"params": 135e6}, "--document-tokens"),
        ("flagship", {"tokens_per_second": 0.0}, "--speed is 0; give a number above 0"),
    ],
)
def test_what_the_plan_does_not_say_must_be_given(name, asked, said):
    with pytest.raises(StudyError, match=said):
        cost_of(read_plan(name), **asked)


def test_the_command_prints_a_row_a_round(capsys):
    assert main(["study", "cost", "flagship-gpu", "--speed", "5e5", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["runs"] for row in told] == [cost.runs for cost in cost_of(read_plan("flagship-gpu"))]
    assert main(["study", "cost", "flagship-gpu"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(told)
    assert lines[1].split()[-1] == "-"
