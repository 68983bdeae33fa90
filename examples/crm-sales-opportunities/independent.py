"""An independent calculation of plan.yaml from the files as they come: fractions, no shared code.

independent.py DATA_DIR [PERIOD]    prints person,amount for each sales agent, PERIOD like 2017-Q2
"""

import csv
import sys
from fractions import Fraction

RATES = {"GTX": Fraction(5, 100), "GTK": Fraction(3, 100), "MG": Fraction(4, 100)}


def cents(value):
    """Half up by magnitude, once for each line."""
    sign = -1 if value < 0 else 1
    return sign * int(abs(value) * 100 + Fraction(1, 2))


def main(folder, period):
    year, quarter = int(period[:4]), int(period[-1])
    with open(f"{folder}/products.csv", encoding="utf-8") as file:
        series = {row["product"]: row["series"] for row in csv.DictReader(file)}
    with open(f"{folder}/sales_teams.csv", encoding="utf-8") as file:
        agents = {row["sales_agent"]: [] for row in csv.DictReader(file)}
    with open(f"{folder}/sales_pipeline.csv", encoding="utf-8") as file:
        for position, row in enumerate(csv.DictReader(file)):
            if row["deal_stage"] != "Won":
                continue
            closed = row["close_date"]
            if int(closed[:4]) != year or (int(closed[5:7]) + 2) // 3 != quarter:
                continue
            product = row["product"].replace("GTXPro", "GTX Pro")
            agents[row["sales_agent"]].append((closed, position, series[product], Fraction(row["close_value"])))
    print("person,amount")
    for agent in sorted(agents):
        total, before = 0, Fraction(0)
        for _, _, line, amount in sorted(agents[agent]):
            total += cents(amount * RATES[line])
            after = before + amount
            above = max(after - 100000, 0) - max(before - 100000, 0)
            total += cents(above * Fraction(1, 100))
            before = after
        print(f"{agent},{total // 100}.{total % 100:02d}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "2017-Q2")
