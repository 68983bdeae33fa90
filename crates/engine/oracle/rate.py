"""CREDIT, MEASURE and RATE: which facts count, what they are worth, what they earn before factors."""

import math
from fractions import Fraction

from formula import number, round_half_up
from place import METRICS, Credit, Payee, Place, is_of_fact
from world import is_below, period_of


class Missing(Exception):
    """A credit that a component would count but cannot."""


def rounded(amount, rounding):
    """Minor units, whole."""
    if rounding == "down":
        return math.trunc(amount)
    if rounding == "up":
        return math.ceil(abs(amount)) * (1 if amount >= 0 else -1)
    return int(round_half_up(amount))


class Line:
    """What a fact or a period earns. `raw` and `basis` in major units, `amount` in minor ones."""

    def __init__(self, component, kind="earning", fact=None, person=None, role="", status="earned", basis=None):
        self.component, self.kind, self.fact, self.person, self.role = component, kind, fact, person, role
        self.status, self.basis, self.raw, self.amount = status, basis, Fraction(0), 0
        self.paid = True  # money, and part of sums
        self.in_statement = self.in_earnings = True


class Counted:
    """A credit that counts for a component."""

    def __init__(self, place, value, credited, dated):
        self.place, self.credit, self.value, self.credited, self.dated = place, place.credit, value, credited, dated
        self.day, self.pending = self.credit.day, self.credit.fact.pending


class Rating:
    """Part of a run."""

    def effective(self, fact, at):
        """The day a fact counts on."""
        if at == "origin" and fact.takes_back and self.world.origin(fact):
            return self.effective(self.world.origin(fact), "own")
        if self.plan.get("late_facts") == "open" and fact.recorded > period_of(fact.day, self.kind).end:
            return fact.recorded
        return fact.day

    def dated(self, fact, day):
        """The day that decides whether plan and person count a fact."""
        kind = {"signing": "contract_signed", "first_payment": "payment_received"}.get(self.plan.get("dated_by"))
        first = self.world.first_of_contract(fact, kind) if kind else None
        return first.day if first else day

    def counts_for(self, of, payee, person, day):
        """True where a person's credit counts for the payee."""
        if of == "own":
            return person == payee.key
        if of == "company":
            return True
        if of == "reports":
            return self.world.reports_to(person, payee.key, day)
        own, other = payee.person.on(day), self.world.people[person].on(day)
        if not own or not other or not own["team"]:
            return False
        return other["team"] == own["team"] if of == "team" else is_below(other["team"], own["team"])

    def counted(self, payee, component, start, end):
        """The credits that count for a component in a range, in the order in which they are cumulated."""
        found = []
        for at, fact in enumerate(self.world.facts):
            day = self.effective(fact, component.get("clawback", {}).get("at", "own"))
            if not start <= day <= end:
                continue
            for index, (person, role, share) in enumerate(fact.credits):
                if not self.counts_for(component.get("of", "own"), payee, person, day):
                    continue
                place = Place(self, payee, Credit(fact, person, role, share, day))
                if not place.chosen(component["basis"], component.get("where"), component.get("roles", ["owner"])):
                    continue
                try:
                    value, credited = self.value(component, place)
                except Missing:
                    continue
                one = Counted(place, value, credited, self.dated(fact, day))
                found.append(((one.pending, day, at, index), one))
        return [one for _, one in sorted(found, key=lambda pair: pair[0])]

    def value(self, component, place):
        """What is rated of a credit."""
        fact = place.credit.fact
        if self.world.converted(fact, 0) is None:
            raise Missing
        credited = place.measured(component.get("measure", "amount"))
        if credited is None:
            raise Missing
        value = credited
        if fact.takes_back and "share" in component.get("clawback", {}):
            value *= self.there(place.value(component["clawback"]["share"]))
        for step in component.get("steps", []):
            if "if" in step and not place.holds(step["if"]):
                continue
            value *= self.there(place.value(step["times"]))
            if "rounding" in step:
                value = Fraction(rounded(value * 100, step["rounding"]), 100)
        return value, credited

    @staticmethod
    def there(value):
        if value is None:
            raise Missing
        return value

    def is_paid(self, payee, component, one):
        """True where a counted credit is paid: by the day that decides."""
        day = one.dated
        if "from" in component and day < self.date(component["from"]) or "to" in component and day > self.date(component["to"]):
            return False
        condition = self.plan["who"].get("if")
        on_plan = self.enrolled(payee.person, day) and (not condition or Place(self, payee).holds(condition))
        return on_plan and self.is_for(component.get("who"), payee, day)

    # Rates.

    @staticmethod
    def parts(rate):
        return rate if isinstance(rate, list) else [rate]

    def rated(self, payee, component, rate, start, end, widest):
        """The lines of the credits in a range. `widest`: what `over: period` means there."""
        parts = [Part(self, payee, component, part, start, widest) for part in self.parts(rate)]
        first = min([start] + [part.start for part in parts])
        counted = self.counted(payee, component, first, end)
        for part in parts:
            part.prepare([one for one in counted if part.has(one)])
        paid = [one for one in counted if one.day >= start and self.is_paid(payee, component, one)]
        if component.get("per") == "period":
            return self.for_period(payee, component, parts, counted, [one for one in paid if not one.pending], start)
        lines = []
        rewards = all("reward" in part.rate or "each" in part.rate for part in parts)
        for one in counted:
            try:
                raw, earns, forfeited = Fraction(0), False, False
                for part in parts:
                    if part.has(one):
                        pay = part.of_credit(one)
                        if pay is not None:
                            earns = True
                            raw += part.subtotal(pay)
                            forfeited = forfeited or part.forfeits(one)
            except Missing:
                continue
            if one not in paid or rewards and not earns:
                continue
            status = "held" if one.pending else "earned"
            kind = "clawback" if "clawback" in component and one.credit.fact.takes_back else "earning"
            credit = one.credit
            line = Line(component["id"], kind, credit.fact.id, credit.person, credit.role, status, None if rewards else one.value)
            line.paid = component.get("pays", "money") == "money"
            line.raw = raw
            line.amount = self.finished(payee, component, one.place, raw, line)
            if forfeited:
                line.status, line.amount = "forfeited", 0
            lines.append(line)
        return lines

    def for_period(self, payee, component, parts, counted, own, start):
        """The period's sum, rated once."""
        if not own:
            return []
        raw = Fraction(0)
        for part in parts:
            before = [one for one in counted if not one.pending and one.day < start and part.has(one)]
            raw += part.subtotal(part.of_period([one for one in own if part.has(one)], before))
        line = Line(component["id"], basis=sum(one.value for one in own))
        line.paid = component.get("pays", "money") == "money"
        line.raw = raw
        line.amount = self.finished(payee, component, Place(self, payee), raw, line)
        line.attributed = own
        return [line]

    def rate_at_signing(self, payee, component, one, other):
        """The rate that an earlier component gave to the signing of the contract."""
        signed = self.world.first_of_contract(one.credit.fact, "contract_signed")
        if signed is None:
            return Fraction(0)
        then = self.payee(payee.key, period_of(signed.day, self.kind))
        for line in self.given(then, self.component(other)):
            if line.fact == signed.id and line.role == one.credit.role:
                return line.raw / line.basis if line.basis else Fraction(0)
        return Fraction(0)

    def first_entry(self, fact):
        """None where a deal entered the stage before; else whether it stands lost."""
        own = [f for f in self.world.facts if f.text("opportunity") == fact.text("opportunity")]
        taken_back = {f.reverses for f in own if f.is_reversal}
        own = sorted((f for f in own if not f.is_reversal and f.id not in taken_back), key=lambda f: (f.day, f.id.encode()))
        entries = [f for f in own if f.kind == fact.kind and f.text("stage") == fact.text("stage")]
        if not entries or entries[0].id != fact.id:
            return None
        outcomes = [f.kind for f in own if f.kind in ("opportunity_won", "opportunity_lost")]
        return bool(outcomes) and outcomes[-1] == "opportunity_lost"

    # Measures.

    def measure(self, payee, name):
        key = ("measure", payee.key, payee.period, name)
        if key not in self.memory:
            at = next(at for at, measure in enumerate(self.measures) if measure["id"] == name)
            self.memory[key] = self.measured(payee, self.measures[at], Place(self, payee, measures=self.measures[:at]))
        return self.memory[key]

    def measured(self, payee, measure, place):
        if "formula" in measure:
            return place.value(measure["formula"])
        if "scorecard" in measure:
            return sum((self.score(place, row) for row in measure["scorecard"]), Fraction(0))
        if "baseline" in measure:
            return self.baseline(payee, measure["baseline"], place)
        group = self.group(payee, measure.get("whose", "payee"))
        if group is None:
            return Fraction(0)
        start, end = self.span(measure.get("over", "period"), payee.period)
        places = [place.on(credit) for credit in self.credits_in(group, start, end)]
        places = [p for p in places if p.chosen(measure["basis"], measure.get("where"), measure.get("roles", ["owner"]))]
        if "distinct" in measure:
            return self.distinct(places, measure["distinct"])
        found = [p.measured("count" if measure.get("count") else measure["sum"]) for p in places]
        return sum((one for one in found if one is not None), Fraction(0))

    @staticmethod
    def score(place, row):
        found = place.value(row["of"])
        if found is None or "from" in row and found < number(row["from"]):
            return Fraction(0)
        return number(row["weight"]) * (min(found, number(row["most"])) if "most" in row else found)

    def baseline(self, payee, baseline, place):
        found, period = [], payee.period
        for _ in range(baseline["periods"]):
            period = period.previous()
            then = self.payee(payee.key, period)
            if self.days_there(payee.person, period.start, period.end, False) == period.days():
                value = self.measure(then, baseline["of"])
                if value is not None:
                    found.append(value)
        if len(found) < max(1, baseline.get("least", 1)):
            return place.value(baseline["otherwise"]) if "otherwise" in baseline else None
        times = place.value(baseline["times"]) if "times" in baseline else Fraction(1)
        return None if times is None else sum(found) / len(found) * times

    def payee(self, key, period):
        name = ("payee", key, period)
        if name not in self.memory:
            self.memory[name] = Payee(self, self.world.people[key], period)
        return self.memory[name]


class Part:
    """A part of a rate for a payee's period."""

    def __init__(self, run, payee, component, rate, start, widest):
        self.run, self.payee, self.component, self.rate = run, payee, component, rate
        self.table = rate.get("tiers") or rate.get("curve")
        self.over = self.table.get("over", "period") if self.table else "period"
        if self.over == "period":
            self.over = widest
        self.start = min(start, run.span("period" if self.over == "fact" else self.over, payee.period)[0])
        self.position = Fraction(0)

    def has(self, one):
        return self.start <= one.day and ("where" not in self.rate or one.place.meets(self.rate["where"]))

    def subtotal(self, pay):
        return Fraction(rounded(pay * 100, self.rate["rounding"]), 100) if "rounding" in self.rate else pay

    # Tables.

    def prepare(self, counted):
        """The boundaries, and the place reached by what counts in the span."""
        if not self.table:
            return
        rows = self.table.get("rows") or self.table["points"]
        self.starts = [number(row.get("from", row.get("at"))) for row in rows]
        self.rates = [number(row["rate"]) for row in rows]
        self.on = self.table.get("on", "amount")
        self.figure = None  # of tables that do not go by the line
        place = Place(self.run, self.payee)
        if isinstance(self.on, dict):
            code, over = self.on["attainment"], "period" if self.over == "fact" else self.over
            group = ("person", self.payee.key)
            target = self.run.target(group, code, over, "base", self.payee.period, True)
            value = self.run.attainment(group, code, over, "base", self.payee.period, True)
            if target and value is not None:
                self.starts = [start * target for start in self.starts]
                self.reached = value * target
            else:
                self.starts, self.rates, self.reached = self.starts[:1], self.rates[:1], None
            self.figure = True
        elif self.on != "amount" and not is_of_fact(self.on, self.run):
            self.reached, self.figure = place.value(self.on), True
        else:
            self.reached = sum((self.along(one) for one in counted if not one.pending), Fraction(0))

    def along(self, one):
        """How far a credit moves along the axis."""
        if self.on == "amount" or isinstance(self.on, dict):
            return one.value
        found = one.place.measured(self.on)
        return Fraction(0) if found is None else found

    def band(self, x):
        """The first band reaches down without end."""
        return max([0] + [at for at, start in enumerate(self.starts) if start <= x])

    def rate_at(self, reached):
        """Of whole-amount tiers and curves."""
        if "tiers" in self.rate:
            return self.rates[0 if reached is None else self.band(reached)]
        if reached is None or reached <= self.starts[0]:
            return self.rates[0]
        for at in range(1, len(self.starts)):
            if reached <= self.starts[at]:
                x0, x1, y0, y1 = self.starts[at - 1], self.starts[at], self.rates[at - 1], self.rates[at]
                return y0 + (y1 - y0) * (reached - x0) / (x1 - x0)
        return self.rates[-1]

    def average_rate(self, start, way):
        """Of marginal tiers: the mean over the way that lies in each band."""
        if way == 0:
            return self.rates[self.band(start)]
        low, high = min(start, start + way), max(start, start + way)
        found = Fraction(0)
        for at, rate in enumerate(self.rates):
            lower = low if at == 0 else max(low, self.starts[at])
            upper = min(high, self.starts[at + 1]) if at + 1 < len(self.starts) else high
            found += rate * max(Fraction(0), upper - lower)
        return found / (high - low)

    def is_marginal(self):
        return "tiers" in self.rate and self.rate["tiers"]["mode"] == "marginal"

    # Pay.

    def of_credit(self, one):
        """What a credit earns; None where it earns nothing and needs no line. The position moves on."""
        if self.table and self.is_marginal():
            way = self.along(one)
            start = Fraction(0) if self.over == "fact" else self.position
            self.position += way
            return one.value * self.average_rate(start, way)
        if self.table:
            alone = self.over == "fact" and not self.figure
            return one.value * self.rate_at(self.along(one) if alone else self.reached)
        if "flat" in self.rate:
            return one.value * self.run.there(one.place.value(self.rate["flat"]))
        if "reward" in self.rate:
            return self.reward(one)
        return self.plain(one)

    def plain(self, one):
        if "lookup" in self.rate:
            return one.value * self.looked_up(one)
        if "each" in self.rate:
            sign = -1 if one.credit.fact.is_reversal else 1
            return sign * one.credit.share * self.run.there(one.place.value(self.rate["each"]))
        return one.value * self.run.rate_at_signing(self.payee, self.component, one, self.rate["as"])

    def reward(self, one):
        fact = one.credit.fact
        if fact.is_reversal or not fact.text("opportunity"):
            return None
        if self.run.first_entry(fact) is None:
            return None
        return one.credit.share * self.run.there(one.place.value(self.rate["reward"]["amount"]))

    def forfeits(self, one):
        reward = self.rate.get("reward", {})
        return reward.get("if_lost") == "forfeit" and self.run.first_entry(one.credit.fact) is True

    def looked_up(self, one):
        lookup = self.rate["lookup"]
        best = None
        for at, row in enumerate(lookup["rows"]):
            dimensions = {name: value for name, value in row.items() if name not in ("rate", "priority")}
            if one.place.meets(dimensions):
                rank = (row.get("priority", 0), len(dimensions), -at)
                if best is None or rank > best[0]:
                    best = (rank, row["rate"])
        if best is None:
            return number(lookup.get("default", 0))
        return Fraction(0) if best[1] == "none" else number(best[1])

    def of_period(self, own, before):
        """What the credits of a period earn together."""
        value = sum((one.value for one in own), Fraction(0))
        place = Place(self.run, self.payee)
        if self.table and self.is_marginal():
            start = sum((self.along(one) for one in before), Fraction(0)) if self.over != "fact" else Fraction(0)
            return value * self.average_rate(start, sum((self.along(one) for one in own), Fraction(0)))
        if self.table:
            return value * self.rate_at(self.reached)
        if "flat" in self.rate:
            return value * place.or_zero(self.rate["flat"])
        if "each" in self.rate:
            count = sum((one.credit.share * (-1 if one.credit.fact.is_reversal else 1) for one in own), Fraction(0))
            return count * place.or_zero(self.rate["each"])
        return sum((self.plain(one) for one in own), Fraction(0))
