"""What formulas see: a fact, a payee's period, or the subject of a pool; and the figures they ask for."""

from fractions import Fraction

from formula import LEVELS, WHOSE, as_number, compare, compute, months_between, names_in, number, tree_of
from world import DAY, is_below, period_of, within

MONEY = ("amount", "amount_excl_tax", "margin")
PLAIN = ("quantity", "score")
FACT_NAMES = set(MONEY + PLAIN) | {
    "count", "share", "date", "due_date", "days_overdue", "kind", "role", "customer_kind", "contract_kind", "product",
    "product_line", "region", "tier", "source", "currency", "account", "opportunity", "contract", "signed_on", "paid_on",
    "origin.date", "origin.amount",
}
# The metrics of a new company that cases use: how, of what, of which kinds, under which condition.
METRICS = {
    "contract_amount": ("sum", "amount", ["contract_signed"], {}),
    "payment_amount": ("sum", "amount", ["payment_received", "refund"], {}),
    "won_amount": ("sum", "amount", ["opportunity_won"], {}),
    "margin": ("sum", "margin", ["contract_signed"], {}),
    "won_deals": ("count", None, ["opportunity_won"], {}),
    "new_customers": ("distinct", "account", ["contract_signed"], {"customer_kind": "new"}),
    "win_rate": ("ratio", None, None, None),
}


def kinds_of(basis):
    """The kinds of fact of a basis, with the conditions that metrics bring."""
    kinds, conditions = [], []
    for name in [basis] if isinstance(basis, str) else basis:
        if name in METRICS:
            kinds += METRICS[name][2]
            conditions.append(METRICS[name][3])
        elif name == "payment_received":
            kinds += ["payment_received", "refund"]
        else:
            kinds.append(name)
    return kinds, conditions


def major(minor):
    return None if minor is None else Fraction(minor, 100)


class Credit:
    """A person's part of a fact, on the day it counts."""

    def __init__(self, fact, person, role, share, day):
        self.fact, self.person, self.role, self.share, self.day = fact, person, role, share, day


class Place:
    """A place where a figure is computed. Without a payee: that of a pool's subject."""

    def __init__(self, run, payee=None, credit=None, subject=None, measures=None, earned=False):
        self.run, self.payee, self.credit, self.subject, self.earned = run, payee, credit, subject, earned
        self.measures = run.measures if measures is None else measures

    def on(self, credit):
        return Place(self.run, self.payee, credit, self.subject, self.measures, self.earned)

    # Names.

    def name(self, name):
        if name.startswith("payee."):
            return self.payee.name(name[6:]) if self.payee else None
        if name.startswith("period.") or name == "proration":
            return self.run.of_period(self.payee, name) if self.payee else None
        if name in FACT_NAMES:
            return self.of_fact(name) if self.credit else None
        if self.payee and any(measure["id"] == name for measure in self.measures):
            return self.run.measure(self.payee, name)
        return self.credit.fact.text(name) if self.credit else None

    def of_fact(self, name):
        credit, fact, world = self.credit, self.credit.fact, self.run.world
        if name in MONEY:
            return major(world.money_of(fact, name))
        if name in PLAIN:
            return fact.plain[name]
        if name == "count":
            return Fraction(-1 if fact.is_reversal else 1)
        if name == "share":
            return credit.share
        if name == "date":
            return credit.day
        if name in ("kind", "role"):
            return fact.kind if name == "kind" else credit.role
        if name == "due_date":
            return self.due(fact)
        if name == "days_overdue":
            due = self.due(fact)
            return None if due is None else Fraction(max(0, (credit.day - due).days))
        if name in ("signed_on", "paid_on"):
            first = world.first_of_contract(fact, "contract_signed" if name == "signed_on" else "payment_received")
            return first.day if first else None
        if name.startswith("origin."):
            origin = world.origin(fact)
            if origin is None:
                return None
            return origin.day if name == "origin.date" else major(world.money_of(origin, "amount"))
        if name == "currency":
            return fact.currency or world.currency
        return fact.text(name)

    @staticmethod
    def due(fact):
        from world import date

        return date(fact.text("due_date"))

    def figure(self, kind, words):
        if kind == "earned":
            return major(self.run.earned(self.payee, words[0])) if self.earned and self.payee else None
        return self.run.figure(self, kind, words)

    # Figures of a plan: a number, a formula, a table.

    def holds(self, text):
        return compute(tree_of(text), self) is True

    def value(self, figure):
        """The number of a figure; None where it is missing."""
        if isinstance(figure, dict):
            return self.in_table(figure)
        try:
            return number(figure)
        except ValueError:
            return as_number(compute(tree_of(figure), self))

    def or_zero(self, figure):
        found = self.value(figure)
        return Fraction(0) if found is None else found

    def in_table(self, table):
        x = as_number(compute(tree_of(table["on"]), self))
        rows = [(number(row["from"]), number(row["value"])) for row in table["rows"]]
        if x is None or x < rows[0][0]:
            return Fraction(0)
        at = max(at for at, (start, _) in enumerate(rows) if start <= x)
        if table.get("between") == "linear" and at + 1 < len(rows):
            (x0, y0), (x1, y1) = rows[at], rows[at + 1]
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
        return rows[at][1]

    # Conditions.

    def meets(self, where):
        if not where:
            return True
        if isinstance(where, str):
            return self.holds(where)
        return all(self.meets_one(field, wanted) for field, wanted in where.items())

    def meets_one(self, field, wanted):
        if field == "if":
            return self.holds(wanted)
        if field == "any":
            return any(self.meets(one) for one in wanted)
        if field == "all":
            return all(self.meets(one) for one in wanted)
        if field == "not":
            return not self.meets(wanted)
        found = self.name(field)
        if isinstance(wanted, str) and wanted[0] in "<>":
            sign, limit = wanted.split()
            return compare(sign, as_number(found), Fraction(limit))
        wanted = wanted if isinstance(wanted, list) else [wanted]
        return found is not None and found in wanted

    def chosen(self, basis, where, roles):
        """True where the credit at hand is one that a basis counts."""
        kinds, conditions = kinds_of(basis)
        return (
            self.credit.fact.kind in kinds
            and self.credit.role in roles
            and all(self.meets(one) for one in conditions)
            and self.meets(where)
        )

    def measured(self, measure):
        """The number of the credited part of the fact, major units; None where it is not there."""
        fact, credit = self.credit.fact, self.credit
        if measure in MONEY:
            whole = self.run.world.money_of(fact, measure)
            from world import credited

            return None if whole is None else major(credited(whole, fact, credit.person, credit.role))
        whole = as_number(compute(tree_of(measure), self))
        return None if whole is None else whole * credit.share


def is_of_fact(formula, run):
    """True where a formula reads a fact."""
    measures = {measure["id"] for measure in run.measures}
    own = {name for name in names_in(tree_of(formula)) if not name.startswith(("payee.", "period."))}
    return bool(own - measures - {"proration"})


class Payee:
    """A person in a period of the plan."""

    def __init__(self, run, person, period):
        self.run, self.person, self.key, self.period = run, person, person.key, period
        inside = [own for own in person.memberships if own["from"] <= period.end and period.start <= own["to"]]
        self.at_end = person.on(period.end) or (max(inside, key=lambda own: own["from"]) if inside else None)
        self.team = self.at_end["team"] if self.at_end else None
        self.membership = self.at_end
        days = [period.start + DAY * n for n in range(period.days())]
        self.days = [day for day in days if run.enrolled(person, day)]
        if self.days and run.plan["who"].get("if") and not Place(run, self).holds(run.plan["who"]["if"]):
            self.days = []
        if self.days:
            self.membership = person.on(self.days[-1]) or self.at_end

    def on_plan(self):
        return bool(self.days)

    def name(self, name):
        if name == "key":
            return self.key
        if name in ("role", "team"):
            return self.membership[name] if self.membership else None
        if name in ("start", "end"):
            return getattr(self.person, name)
        if name == "tenure_months":
            start = self.person.start
            return None if start is None else Fraction(months_between(start, self.period.end))
        return self.person.attributes.get(name)


class Figures:
    """Metrics, targets and attainment. Part of a run."""

    def words(self, words):
        """CODE, whose, over, level; in any order after the code."""
        code = words[0] if words else None
        whose, over, level = None, "period", "base"
        for word in words[0:] if words and words[0] in WHOSE else words[1:]:
            if word in WHOSE:
                whose = word
            elif word in LEVELS:
                level = word
            else:
                over = word
        return code, whose, over, level

    def group(self, payee, whose):
        """Whose figure a word means: a kind of group and who it is."""
        if whose == "company":
            return ("company", None)
        if whose == "reports":
            end = payee.period.end
            return ("people", [key for key in self.world.people if self.world.reports_to(key, payee.key, end)])
        if whose in ("team", "subtree"):
            return (whose, payee.team) if payee.team else None
        return ("person", payee.key)

    def figure(self, place, kind, words):
        code, whose, over, level = self.words(words)
        if place.payee:
            period, group = place.payee.period, self.group(place.payee, whose)
        else:
            subject, period = place.subject
            group = subject if whose in (None, "payee") else ("company", None) if whose == "company" else None
            if whose in ("team", "subtree") and subject[0] != "company":
                group = (whose, subject[1])
        if group is None:
            return None
        prorated = bool(place.payee) and whose in (None, "payee")
        if kind == "metric":
            return self.metric(group, code, over, period)
        if kind == "target":
            return self.target(group, code, over, level, period, prorated)
        if kind == "attainment":
            return self.attainment(group, code, over, level, period, prorated)
        people = self.people_of(group, period)
        if kind == "headcount":
            return Fraction(len(people))
        reached = [self.attainment(("person", key), code, over, level, period, True) for key in people]
        reached = [one for one in reached if one is not None]
        return Fraction(sum(one >= 1 for one in reached), len(reached)) if reached else None

    def people_of(self, group, period):
        """Who is in a group on the last day."""
        kind, who = group
        if kind == "person":
            return [who]
        if kind == "people":
            return who
        there = {key: person.on(period.end) for key, person in self.world.people.items()}
        return [key for key, own in there.items() if own and self.is_in(group, key, own["team"])]

    @staticmethod
    def is_in(group, person, team):
        kind, who = group
        if kind == "company":
            return True
        if kind == "person":
            return person == who
        if kind == "people":
            return person in who
        return team == who if kind == "team" else is_below(team, who)

    def span(self, over, period):
        """First and last day."""
        if over in ("month", "quarter", "year"):
            return period_of(period.end, over).start, period.end
        if over == "previous":
            over = "last_1"
        if over.startswith("last_"):
            first = period.previous()
            last = first
            for _ in range(int(over[5:]) - 1):
                first = first.previous()
            return first.start, last.end
        return period.start, period.end

    def credits_in(self, group, start, end):
        """The credits of a group on facts that count in a range, by the plan's rule for late facts."""
        for fact in self.world.facts:
            day = self.effective(fact, "own")
            if fact.pending or not start <= day <= end:
                continue
            for person, role, share in fact.credits:
                own = self.world.people[person].on(day)
                if self.is_in(group, person, own["team"] if own else None) and (own or group[0] in ("person", "people", "company")):
                    yield Credit(fact, person, role, share, day)

    def metric(self, group, code, over, period):
        start, end = self.span(over, period)
        credits = [credit for credit in self.credits_in(group, start, end) if credit.role == "owner"]
        if code == "win_rate":
            won = self.net([credit for credit in credits if credit.fact.kind == "opportunity_won"])
            both = self.net([credit for credit in credits if credit.fact.kind in ("opportunity_won", "opportunity_lost")])
            return won / both if both else None
        how, of, kinds, where = METRICS[code]
        places = [Place(self).on(credit) for credit in credits if credit.fact.kind in kinds]
        places = [place for place in places if place.meets(where)]
        if how == "count":
            return self.net([place.credit for place in places])
        if how == "distinct":
            return self.distinct(places, of)
        found = [place.measured(of) for place in places]
        return sum((one for one in found if one is not None), Fraction(0))

    @staticmethod
    def net(credits):
        return sum((credit.share * (-1 if credit.fact.is_reversal else 1) for credit in credits), Fraction(0))

    @staticmethod
    def distinct(places, of):
        net = {}
        for place in places:
            key = place.credit.fact.text(of)
            if key:
                net[key] = net.get(key, 0) + (-1 if place.credit.fact.is_reversal else 1)
        return Fraction(sum(one > 0 for one in net.values()))

    def target_periods(self, over, period):
        if over in ("month", "quarter", "year"):
            return [period_of(period.end, over)]
        if over == "previous":
            return [period.previous()]
        if over.startswith("last_"):
            found = [period.previous()]
            while len(found) < int(over[5:]):
                found.append(found[-1].previous())
            return found
        return [period]

    def target(self, group, code, over, level, period, prorated):
        kind, who = group
        subjects = {"person": [who], "people": who, "company": ["company"]}.get(kind, [f"team:{who}"])
        found = []
        for one in self.target_periods(over, period):
            for subject in subjects:
                target = self.world.target(code, subject, one, level)
                if target is not None and prorated and kind == "person" and self.plan.get("proration", {}).get("targets"):
                    target *= self.proration_over(self.world.people[who], one.start, one.end)
                if target is not None:
                    found.append(target)
                elif kind != "people":
                    return None
        return sum(found) if found else None

    def attainment(self, group, code, over, level, period, prorated):
        target = self.target(group, code, over, level, period, prorated)
        if not target:
            return None
        value = self.metric(group, code, over, period)
        return None if value is None else value / target

    # Days.

    def enrolled(self, person, day):
        """True where a person is on the plan on a day, but for its condition."""
        if day < self.start or (self.end and day > self.end):
            return False
        key = ("enrolled", person.key, day)
        if key not in self.memory:
            self.memory[key] = self.fits(self.plan["who"], person, day)
        return self.memory[key]

    @staticmethod
    def fits(who, person, day):
        if person.key in who.get("people", []):
            return True
        roles, teams, own = who.get("roles", []), who.get("teams", []), person.on(day)
        if own is None or not (roles or teams):
            return False
        return (not roles or own["role"] in roles) and (not teams or any(is_below(own["team"], team) for team in teams))

    def is_for(self, who, payee, day):
        """True where a component is for a payee on a day."""
        if not who:
            return True
        named = who.get("roles") or who.get("teams") or who.get("people")
        if named and not self.fits(who, payee.person, day):
            return False
        return "if" not in who or Place(self, payee).holds(who["if"])

    def days_there(self, person, start, end, absences):
        days = [start + DAY * n for n in range((end - start).days + 1)]
        away = self.world.absences.get(person.key, set()) if absences else set()
        return sum(self.enrolled(person, day) and day not in away for day in days)

    def proration_over(self, person, start, end):
        rule = self.plan.get("proration", {})

        def share(start, end):
            return Fraction(self.days_there(person, start, end, rule.get("absences")), (end - start).days + 1)

        if rule.get("by") == "months":
            months = within("month", start, end)
            return sum(share(month.start, month.end) for month in months) / len(months)
        return share(start, end)

    def of_period(self, payee, name):
        period = payee.period
        if name == "proration":
            return self.proration_over(payee.person, period.start, period.end)
        if name == "period.days_on":
            absences = self.plan.get("proration", {}).get("absences")
            return Fraction(self.days_there(payee.person, period.start, period.end, absences))
        return {"period.start": period.start, "period.end": period.end, "period.days": Fraction(period.days())}[name]
