"""Writes cases with their answers, a line of JSON each: run.py --from 0 --count 100 [--seed 1]"""

import argparse
import json
import random
import sys

import companies
from plans import Planner
from settle import answer

RANGES = {
    "month": [("2026-01", "2026-03"), ("2026-02", "2026-02"), ("2026-01", "2026-02"), ("2026-03", "2026-05"), ("2025-12", "2026-02")],
    "quarter": [("2026-Q1", "2026-Q2"), ("2026-Q1", "2026-Q1"), ("2025-Q4", "2026-Q1")],
    "year": [("2026", "2026"), ("2025", "2026")],
}


def case(seed, number):
    """A case: everything that the engine reads, and what it must answer."""
    dice = random.Random(f"{seed}/{number}")
    period = dice.choice(["month"] * 6 + ["quarter"] * 2 + ["year"])
    features = {"period": period}
    if dice.random() < 0.08:
        features["currency"] = True
    planner = Planner(dice, features)
    plan = planner.plan()
    people = companies.people(dice)
    made = {
        "number": number,
        "plan": plan,
        "people": people,
        "facts": companies.facts(dice, people, features),
        "targets": companies.targets(dice, people) if dice.random() < 0.8 else [],
        "rates": companies.rates(dice) if planner.foreign else [],
        "absences": companies.absences(dice, people) if plan.get("proration", {}).get("absences") else [],
    }
    made["first"], made["last"] = dice.choice(RANGES[period])
    made["used"] = sorted(planner.used | {"period " + period})
    return {**made, **answer(made)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", default="1")
    parser.add_argument("--from", dest="first", type=int, default=0)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--count", type=int, default=1)
    given = parser.parse_args()
    for at in range(given.count):
        sys.stdout.write(json.dumps(case(given.seed, given.first + at * given.step), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
