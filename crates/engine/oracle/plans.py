"""Random plans: every kind of component, with every ornament that the language knows."""

RATES = ["1%", "3%", "5%", "7.5%", "0.08", "10%", "0"]
FACT_WHERE = [
    {"customer_kind": "new"}, {"product_line": ["GTX", "MG"]}, {"amount": ">= 10000"}, {"amount": "< 10000.01"},
    {"channel": "web"}, {"not": {"source": "fair"}}, {"any": [{"region": "North"}, {"tier": "B"}]},
    {"all": [{"contract_kind": "new"}, {"region": "South"}]}, {"region": "North", "if": "margin / amount >= 20%"},
    "margin / amount >= 10%", "days_overdue <= 10", "days(signed_on, date) <= 45 or channel in ('web', 'shop')",
    "coalesce(price, 0) / list_price >= 90%", {"quantity": ">= 2"}, "month(date) != 2 and not (tier = 'A')",
]
PAYEE_FIGURES = [
    "1", "0.5", "1.2", "if(payee.grade = 'senior', 1.1, 1)", "coalesce(payee.territory, 1)",
    "min(coalesce(attainment(contract_amount), 0), 2)", "clamp(coalesce(attainment(payment_amount), 0.8), 0.5, 1.5)",
    "coalesce(attainment(won_amount, quarter, challenge), 1)", "headcount(team) / 4", "coalesce(at_target(contract_amount, reports), 0.5)",
    "round(coalesce(metric(payment_amount, team), 0) / 30000, 2)", "max(payee.tenure_months, 0) / 12", "proration",
    "if(attainment(contract_amount, team) >= 1, 1.2, 0.9)", "abs(coalesce(metric(won_deals, company, last_2), 1)) / 3",
    "attainment(contract_amount, year)", "floor(coalesce(metric(new_customers, company), 0)) / 2 + 0.5",
    {"on": "coalesce(attainment(payment_amount, previous), 0)", "rows": [{"from": 0, "value": "0.8"}, {"from": "90%", "value": 1}]},
    {"on": "metric(win_rate)", "rows": [{"from": 0, "value": "50%"}, {"from": "50%", "value": 1}, {"from": 1, "value": "1.5"}], "between": "linear"},
]
FACT_FIGURES = [
    "5%", "if(customer_kind = 'new', 8%, 4%)", "coalesce(margin / amount, 2%)", "min(coalesce(price / list_price, 50%), 1) * 5%",
    {"on": "days_overdue", "rows": [{"from": 0, "value": "5%"}, {"from": 15, "value": "1%"}]}, "share * 6%", "if(payee.level >= 2, 6%, 3%)",
]
GATES = [
    "attainment(contract_amount) >= 50%", "metric(win_rate) >= 30%", "payee.tenure_months >= 2", "headcount(team) > 1",
    "metric(payment_amount, company, quarter) > 20000", "target(contract_amount) > 5000 or payee.grade = 'junior'",
]
AMOUNTS = [
    "1000", "333.33", "3000 * min(coalesce(attainment(contract_amount), 0), 120%)", "payee.level * 500", "period.days_on * 10",
    "0.5% * metric(won_amount, subtree)", "200 * ceil(coalesce(metric(won_deals, quarter), 0))", "-250.5",
    "months(payee.start, period.end) * 10", "if(year(period.start) = 2026, 100 / 3, 1)",
]
BASES = [
    "contract_signed", "payment_received", "opportunity_won", "sale_recorded", ["contract_signed", "sale_recorded"],
    "contract_amount", "payment_amount", ["payment_received", "write_off"],
]


class Planner:
    def __init__(self, random, features):
        self.random, self.features, self.used = random, features, set()
        self.foreign = "currency" in features
        self.measures = []

    def chance(self, share):
        return self.random.random() < share

    def pick(self, among):
        return self.random.choice(among)

    def use(self, *names):
        self.used.update(names)

    def figure(self):
        return self.pick(PAYEE_FIGURES[:5] if self.foreign else PAYEE_FIGURES + [f"coalesce({m['id']}, 0) / 10000" for m in self.measures])

    def gate(self):
        return self.pick(GATES[2:4] if self.foreign else GATES)

    def amount(self):
        return self.pick(AMOUNTS[:2] if self.foreign else AMOUNTS + [f"2% * coalesce({m['id']}, 0)" for m in self.measures])

    def limit(self):
        return self.pick(["500", "1000", "2000.5", "333.333"] + ([] if self.foreign else ["30% * target(contract_amount)", "100 * payee.level"]))

    def where(self):
        return self.pick([{"customer_kind": "new"}, {"channel": "web"}] if self.foreign else FACT_WHERE)

    def basis(self):
        return self.pick(BASES[:5] if self.foreign else BASES)

    # Measures.

    def add_measures(self):
        for at in range(self.pick([0, 0, 1, 2, 3]) if not self.foreign else 0):
            name = f"m{at}"
            kinds = ["sum", "count", "distinct", "formula", "scorecard"] + (["baseline"] if self.measures else [])
            kind = self.pick(kinds)
            self.use("measure " + kind)
            measure = {"id": name}
            if kind in ("sum", "count", "distinct"):
                measure["basis"] = self.basis()
                measure[kind] = {"sum": self.pick(["amount", "margin", "amount * 0.5", "quantity"]), "count": True, "distinct": self.pick(["account", "contract", "opportunity"])}[kind]
                if self.chance(0.4):
                    measure["where"] = self.where()
                if self.chance(0.3):
                    measure["roles"] = ["owner", "helper"]
                if self.chance(0.5):
                    measure["whose"] = self.pick(["team", "subtree", "company", "reports"])
                    self.use("whose " + measure["whose"])
                if self.chance(0.4):
                    measure["over"] = self.pick(["quarter", "year", "previous", "last_2", "month"])
            elif kind == "formula":
                measure["formula"] = self.pick(["60% * coalesce(attainment(contract_amount), 0) + 1", "metric(payment_amount) - 5000", "payee.tenure_months * 100"])
            elif kind == "scorecard":
                measure["scorecard"] = [
                    {"of": "attainment(contract_amount)", "weight": "60%", "from": "60%", "most": "120%"},
                    {"of": "coalesce(metric(won_deals), 0) / 3", "weight": "40%", "most": 1},
                ]
            else:
                measure["baseline"] = {"of": self.measures[0]["id"], "periods": self.pick([2, 3]), "least": self.pick([1, 2])}
                if self.chance(0.5):
                    measure["baseline"]["times"] = "coalesce(payee.territory, 1)"
                if self.chance(0.7):
                    measure["baseline"]["otherwise"] = "2000"
            self.measures.append(measure)

    # Rates.

    def axis(self, marginal):
        choice = self.random.random()
        if choice < 0.45 or self.foreign:
            return None, "amount", [0, "10000", "20000", "50000.5"]
        if choice < 0.65:
            return {"attainment": self.pick(["contract_amount", "payment_amount"])}, "attainment", [0, "50%", "100%", "1.2"]
        if choice < 0.8 or marginal:
            return self.pick(["quantity", "count"]), "quantity", [0, "1.5", "2", "5"]
        if choice < 0.9:
            return "price / list_price", "fact figure", [0, "80%", "90%", 1]
        return self.pick(["payee.tenure_months", "attainment(contract_amount, team)", "coalesce(metric(win_rate), 0)"]), "payee figure", [0, "0.5", 1, 3]

    def over(self, figure):
        return self.pick(["period", "period", "quarter", "year", "month"] + ([] if figure == "payee figure" else ["fact"]))

    def tiers(self, per):
        mode = self.pick(["marginal", "marginal", "whole"])
        on, name, starts = self.axis(mode == "marginal")
        table = {"mode": mode, "rows": [{"from": start, "rate": self.pick(RATES)} for start in starts[: self.random.randrange(1, 5)]]}
        if on:
            table["on"] = on
        if name == "fact figure":
            table["over"] = "fact"
        elif self.chance(0.6):
            table["over"] = self.over(name)
        if per == "period" and table.get("over") == "fact":
            table["over"] = "period"
        if per == "period" and name == "fact figure":
            del table["on"], table["over"]
            table["rows"] = table["rows"][:1]
        self.use(f"{mode} tiers", "axis " + name, "over " + table.get("over", "period"))
        return {"tiers": table}

    def curve(self):
        on, name, starts = self.axis(False)
        if name == "fact figure":
            on, name, starts = None, "amount", [0, "10000", "20000", "50000.5"]
        table = {"points": [{"at": start, "rate": self.pick(RATES)} for start in starts[: self.random.randrange(2, 5)]]}
        table["on"] = on or "amount"
        if self.chance(0.4):
            table["over"] = self.pick(["period", "quarter", "year"])
        self.use("curve")
        return {"curve": table}

    def lookup(self):
        self.use("lookup")
        rows = [
            {"customer_kind": "new", "rate": self.pick(RATES)},
            {"customer_kind": "new", "product_line": ["GTX", "MG"], "rate": self.pick(RATES)},
            {"product_line": "MG", "rate": self.pick(["none", "2%"]), "priority": self.pick([0, 1])},
            {"channel": ["web", "shop"], "rate": self.pick(RATES)},
        ]
        lookup = {"by": ["customer_kind", "product_line", "channel"], "rows": self.random.sample(rows, self.random.randrange(1, 5))}
        if self.chance(0.6):
            lookup["default"] = self.pick(RATES)
        return {"lookup": lookup}

    def part(self, per, earlier):
        choices = ["flat"] * 3 + ["tiers"] * 4 + ["lookup", "curve", "each"] + (["as"] if earlier else [])
        kind = self.pick(choices)
        if kind == "tiers":
            part = self.tiers(per)
        elif kind == "curve":
            part = self.curve()
        elif kind == "lookup":
            part = self.lookup()
        elif kind == "as":
            part = {"as": self.pick(earlier)}
        elif kind == "each":
            part = {"each": self.pick(["50", "99.995", "10 * coalesce(payee.level, 1)"])}
        else:
            figures = RATES if per == "period" or self.foreign else RATES + FACT_FIGURES
            part = {"flat": self.pick(figures)}
        self.use(kind)
        if self.chance(0.15):
            part["where"] = self.where()
        if self.chance(0.15):
            part["rounding"] = self.pick(["half_up", "down", "up"])
            self.use("rounded part")
        return part

    def component(self, at, earlier):
        """A component on facts or for the period, with ornaments."""
        component = {"id": f"c{at}", "name": f"C{at}"}
        kind = self.pick(["facts"] * 6 + ["amount", "reward"])
        if kind == "amount":
            component["amount"] = self.amount()
            self.use("amount")
        elif kind == "reward":
            component["basis"], component["where"] = "stage_entered", {"stage": self.pick(["quote", "trial"])}
            component["rate"] = {"reward": {"amount": self.pick(["300", "100.05"]), "if_lost": self.pick(["keep", "forfeit"])}}
            self.use("reward " + component["rate"]["reward"]["if_lost"])
        else:
            self.on_facts(component, earlier)
        self.ornaments(component, kind)
        return component

    def on_facts(self, component, earlier):
        component["basis"] = self.basis()
        per = "period" if self.chance(0.2) else "fact"
        if per == "period":
            component["per"] = per
            self.use("per period")
            if self.chance(0.4):
                component["share_out"] = self.pick(["exact", "down"])
                self.use("share out " + component["share_out"])
        parts = [self.part(per, earlier) for _ in range(self.pick([1, 1, 1, 2]))]
        component["rate"] = parts[0] if len(parts) == 1 else parts
        if self.chance(0.3):
            component["where"] = self.where()
        if self.chance(0.25):
            component["roles"] = self.pick([["owner", "helper"], ["helper"]])
        if self.chance(0.2):
            component["of"] = self.pick(["reports", "team", "subtree", "company"])
            self.use("of " + component["of"])
        if self.chance(0.25):
            component["measure"] = self.pick(["amount_excl_tax", "margin", "quantity", "score", "count", "amount - coalesce(margin, 0)"])
            self.use("measure of fact")
        if self.chance(0.15):
            component["steps"] = [{"times": self.pick(["80%", "if(product_line = 'GTX', 120%, 100%)"]), "rounding": self.pick(["down", "half_up", "up"])}]
            if self.chance(0.5):
                component["steps"].append({"times": "1/3", "if": "region = 'North'"})
            self.use("steps")
        if self.chance(0.2):
            component["clawback"] = {"at": self.pick(["own", "origin"])}
            self.use("clawback " + component["clawback"]["at"])
            if self.chance(0.4):
                component["clawback"]["share"] = self.pick(["50%", "1 - min(months(origin.date, date), 12) / 12"])
                self.use("clawback share")
        if self.chance(0.15) and per == "fact":
            component["recognition"] = {"needs": self.pick([["payment_received"], ["payment_received", "agreement_filed"], [{"kind": "agreement_filed", "where": {"complete": "yes"}}]])}
            if self.chance(0.5):
                component["recognition"]["of"] = self.pick(["contract", "opportunity", "account"])
            if self.chance(0.6):
                component["recognition"]["within_days"] = self.pick([20, 45])
            self.use("recognition")
        if self.chance(0.12) and self.features["period"] != "year":
            over = "year" if self.features["period"] == "quarter" else self.pick(["quarter", "quarter", "year"])
            component["true_up"] = {"over": over}
            if self.chance(0.6):
                component["true_up"]["rate"] = self.part(per, [])
            if self.chance(0.3):
                component["true_up"]["cap"] = {"period": self.limit()}
            self.use("true-up")

    def ornaments(self, component, kind):
        if self.chance(0.15):
            component["gate"] = self.gate()
            self.use("gate")
        if self.chance(0.25):
            component["multiplier"] = self.figure() if self.chance(0.7) else [self.figure(), self.figure()]
            self.use("multiplier")
        if self.chance(0.15):
            component["prorate"] = True
            self.use("prorate")
        if self.chance(0.2):
            names = self.random.sample(["line", "period", "year"], self.pick([1, 1, 2]))
            component["cap"] = {name: self.limit() for name in names}
            self.use(*("cap " + name for name in names))
            if self.chance(0.4):
                component["cap"]["above"] = "50%"
                self.use("cap above")
        if self.chance(0.08):
            component["floor"] = {"period": self.pick(["500", "100.005"])}
            self.use("floor")
        if self.chance(0.12):
            component["rounding"] = self.pick(["down", "up", "half_up"])
            self.use("rounding " + component["rounding"])
        if self.chance(0.1):
            component["from"] = self.pick(["2026-02-01", "2026-03-15"])
            self.use("dates")
        if self.chance(0.1):
            component["to"] = self.pick(["2026-04-30", "2026-03-20"])
        if self.chance(0.12):
            component["who"] = self.pick([{"roles": ["rep"]}, {"teams": ["East"]}, {"people": ["p0", "p1"]}, {"if": "payee.grade = 'senior'"}, {"roles": ["manager"], "if": "payee.tenure_months >= 1"}])
            self.use("who")
        if self.chance(0.06) and kind == "facts" and "true_up" not in component:
            component["pays"] = self.pick(["points", "nothing"])
            self.use("pays " + component["pays"])
        if self.chance(0.12) and kind != "reward":
            component["retention"] = {"share": self.pick(["20%", "1/3"][:1]), "until": self.pick(["year_end", 40, 95])}
            if self.chance(0.3):
                component["retention"]["if"] = "payee.grade = 'senior'" if self.foreign else "metric(payment_amount, company) > 10000"
            self.use("retention")

    # Share.

    def shared(self, at, own):
        component = {"id": f"s{at}", "name": f"S{at}"}
        kinds = ["override", "pool", "rank", "budget"] if self.foreign else ["override", "difference", "pool", "pool", "rank", "budget"]
        kind = self.pick(kinds)
        some = self.random.sample(own, self.random.randrange(1, len(own) + 1))
        if kind == "override":
            component["override"] = {"of": self.pick(["reports", "team", "subtree", "mentees"]), "components": some, "rate": self.pick(["10%", "0.333", "5% * coalesce(payee.level, 1)"])}
            self.use("override " + component["override"]["of"])
        elif kind == "difference":
            rows = [{"from": 1, "value": "3%"}, {"from": 2, "value": "5.5%"}, {"from": 3, "value": "8%"}]
            component["difference"] = {"basis": self.basis(), "rates": {"on": "coalesce(payee.level, 0)", "rows": rows}}
            if self.chance(0.3):
                component["difference"]["measure"] = "margin"
            if self.chance(0.3):
                component["difference"]["where"] = {"region": "North"}
            self.use("difference")
        elif kind == "pool":
            self.pool(component, own)
        elif kind == "rank":
            by = self.pick(["payee.tenure_months", f"earned({own[0]})"] + ([] if self.foreign else ["attainment(contract_amount)", "metric(won_deals)"]))
            component["rank"] = {"by": by, "prizes": self.pick([["1000", "500", "333.33"], ["100.01"], ["500", "500"]])}
            if self.chance(0.4):
                component["rank"]["each"] = "team"
            if self.chance(0.3):
                component["rank"]["order"] = "lowest"
            if self.chance(0.4):
                component["rank"]["minimum"] = "payee.tenure_months >= 1" if self.foreign else "coalesce(metric(payment_amount), 0) > 0"
            if self.chance(0.5):
                component["rank"]["ties"] = self.pick(["share", "same"])
            self.use("rank", "ties " + component["rank"].get("ties", "share"))
        else:
            component["budget"] = {"components": some, "limit": self.pick(["500", "1000.01"] + ([] if self.foreign else ["2% * metric(payment_amount)"]))}
            if self.chance(0.4):
                component["budget"]["each"] = "team"
            self.use("budget")
        if kind in ("override", "difference"):
            if self.chance(0.2):
                component["gate"] = self.gate()
            if self.chance(0.2):
                component["multiplier"] = self.figure()
        if kind != "budget" and self.chance(0.2):
            component["cap"] = {"period": self.limit()}
        if self.chance(0.2):
            component["who"] = self.pick([{"roles": ["rep"]}, {"roles": ["manager"]}, {"teams": ["East"]}])
        if kind == "difference" and self.chance(0.3):
            component["from"] = "2026-02-15"
        return component

    def pool(self, component, own):
        pool = {"size": self.pick(["1000", "333.34"])}
        if not self.foreign:
            pool["size"] = self.pick(["1000", "333.34", "3% * metric(contract_amount)", "100 * headcount()" if False else "50 * metric(won_deals)", "1% * metric(payment_amount, quarter)"])
            if self.chance(0.4):
                pool["release"] = self.pick(["metric(payment_amount) > 10000", "attainment(contract_amount) >= 50%"])
                if self.chance(0.6):
                    pool["unreleased"] = "carry"
                    self.use("pool carry")
        if self.chance(0.5):
            pool["each"] = self.pick(["team", "subtree", "company"])
        if self.chance(0.4):
            pool["members"] = "payee.tenure_months >= 1" if self.foreign else self.pick(["payee.grade = 'senior'", "coalesce(metric(contract_amount), 0) > 0"])
        if self.chance(0.6):
            pool["by"] = self.pick(["equal", "payee.level", f"earned({own[0]})", "1 / 3"])
        component["pool"] = pool
        self.use("pool " + pool.get("each", "company"), "pool by " + ("equal" if pool.get("by", "equal") == "equal" else "weight"))

    # The plan.

    def plan(self):
        self.add_measures()
        plan = {"id": "p", "name": "P", "currency": "CNY", "period": self.features["period"], "from": self.pick(["2026-01-01", "2026-01-01", "2025-10-01", "2026-02-10"])}
        if self.chance(0.2):
            plan["to"] = self.pick(["2026-03-31", "2026-04-20", "2026-12-31"])
        plan["who"] = self.pick([{"roles": ["rep", "manager"]}, {"roles": ["rep", "manager"]}, {"roles": ["rep"]}, {"teams": ["East"]}, {"roles": ["rep"], "people": ["p0"]}, {"roles": ["rep", "manager"], "if": "payee.grade != 'junior' or payee.level >= 1"}])
        if self.measures:
            plan["measures"] = self.measures
        own = []
        components = []
        for at in range(self.pick([1, 1, 2, 2, 3])):
            rated = [c["id"] for c in components if "rate" in c and c.get("basis") == "contract_signed" and c.get("per") != "period"]
            component = self.component(at, rated)
            components.append(component)
            if component.get("pays", "money") == "money":
                own.append(component["id"])
        if own:
            for at in range(self.pick([0, 0, 1, 1, 2])):
                components.append(self.shared(at, own))
        plan["components"] = components
        self.of_plan(plan, own)
        return plan

    def of_plan(self, plan, own):
        if self.chance(0.2):
            plan["rounding"] = self.pick(["half_up", "down", "up"])
        if self.chance(0.3):
            plan["late_facts"] = self.pick(["origin", "open"])
        self.use("late " + plan.get("late_facts", "origin"))
        if self.chance(0.2):
            plan["dated_by"] = self.pick(["signing", "first_payment"])
            self.use("dated by " + plan["dated_by"])
        if self.chance(0.3):
            plan["proration"] = {"by": self.pick(["days", "months"]), "absences": self.chance(0.5), "targets": self.chance(0.5)}
            self.use("proration by " + plan["proration"]["by"])
        if self.chance(0.15) and own:
            plan["caps"] = [{"components": own, self.pick(["period", "year"]): self.limit()}]
            if self.chance(0.4):
                plan["caps"].append({"components": own[:1], "period": "700", "above": "25%"})
            self.use("caps of the plan")
        if self.chance(0.2):
            plan["guarantee"] = {"amount": self.pick(["800", "1500.5"]), "prorate": self.chance(0.5)}
            if self.chance(0.5):
                plan["guarantee"]["if"] = "payee.tenure_months < 6"
            self.use("guarantee")
        if self.chance(0.25):
            plan["draw"] = {"amount": self.pick(["500", "1000"]), "recoverable": self.chance(0.7), "forgive": self.pick(["never", "year_end", "plan_end"])}
            if self.chance(0.4):
                plan["draw"]["if"] = "payee.tenure_months < 4"
            self.use("draw", "forgive " + plan["draw"]["forgive"])
        if self.chance(0.2):
            plan["deductions"] = {"most": self.pick(["30%", "50%"]), "floor": "200"}
            self.use("deductions")
        if self.chance(0.2):
            plan["leavers"] = {"held": self.pick(["forfeit", "release", "keep"]), "owed": self.pick(["forgive", "keep"])}
            self.use("leavers")
        if self.foreign:
            plan["currency_rates"] = {"on": self.pick(["date", "signing", "month_average"])}
            if self.chance(0.3):
                plan["currency_rates"]["fixed"] = {"EUR": "7.5"}
            self.use("currency " + plan["currency_rates"]["on"])
