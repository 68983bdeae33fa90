"""What the files say: people, facts, targets, rates, days. Money is whole minor units (two decimals)."""

import datetime
from fractions import Fraction

from formula import last_of_month, round_half_up

DAY = datetime.timedelta(days=1)
FIRST, LAST = datetime.date(1900, 1, 1), datetime.date(2999, 12, 31)


def date(text):
    return datetime.date.fromisoformat(text) if text else None


def minor(text):
    """Money as it is written, in minor units; None for an empty cell."""
    return None if text in (None, "") else int(Fraction(text) * 100)


class Period:
    """A month, quarter or year."""

    def __init__(self, kind, year, number):
        self.kind, self.year, self.number = kind, year, number
        months = {"month": 1, "quarter": 3, "year": 12}[kind]
        last = number * months
        self.start = datetime.date(year, last - months + 1, 1)
        self.end = datetime.date(year, last, last_of_month(year, last))
        self.own = (kind, year, number)
        self.text = {"month": f"{year}-{number:02}", "quarter": f"{year}-Q{number}", "year": f"{year}"}[kind]

    def __eq__(self, other):
        return self.own == other.own

    def __hash__(self):
        return hash(self.own)

    def days(self):
        return (self.end - self.start).days + 1

    def previous(self):
        if self.number > 1:
            return Period(self.kind, self.year, self.number - 1)
        return Period(self.kind, self.year - 1, {"month": 12, "quarter": 4, "year": 1}[self.kind])

    def next(self):
        if self.number < {"month": 12, "quarter": 4, "year": 1}[self.kind]:
            return Period(self.kind, self.year, self.number + 1)
        return Period(self.kind, self.year + 1, 1)


def period_of(day, kind):
    """The period of a kind that holds a day."""
    number = {"month": day.month, "quarter": (day.month + 2) // 3, "year": 1}[kind]
    return Period(kind, day.year, number)


def period_from(text):
    if len(text) == 4:
        return Period("year", int(text), 1)
    if "Q" in text:
        return Period("quarter", int(text[:4]), int(text[-1]))
    return Period("month", int(text[:4]), int(text[-2:]))


def within(kind, start, end):
    """The periods of a kind whose last day lies between two days, in order."""
    found, one = [], period_of(start, kind)
    while one.end <= end:
        if one.end >= start:
            found.append(one)
        one = one.next()
    return found


class Person:
    KNOWN = ("person", "name", "team", "manager", "role", "start", "end")

    def __init__(self, key, rows):
        self.key = key
        starts, ends = [date(row.get("start")) for row in rows], [date(row.get("end")) for row in rows]
        self.start = None if None in starts else min(starts)
        self.end = None if None in ends else max(ends)
        self.attributes = {}
        for row in rows:
            for column, cell in row.items():
                if column not in self.KNOWN and cell:
                    self.attributes.setdefault(column, cell)
        self.memberships = [
            {
                "team": row.get("team") or None,
                "role": row.get("role") or "rep",
                "manager": row.get("manager") or None,
                "from": date(row.get("start")) or FIRST,
                "to": date(row.get("end")) or LAST,
            }
            for row in rows
        ]

    def on(self, day):
        """The membership of a day."""
        return next((own for own in self.memberships if own["from"] <= day <= own["to"]), None)


class Fact:
    OWN = ("id", "date", "person", "role", "share", "amount", "margin", "amount_excl_tax", "quantity", "score")

    def __init__(self, rows, has_recognized):
        first = rows[0]
        self.id, self.kind, self.row = first["id"], first["kind"], first
        self.date = date(first["date"])
        recognized = date(first.get("recognized")) if has_recognized else self.date
        self.pending = recognized is None
        self.day = recognized or self.date
        self.recorded = date(first.get("recorded")) or max(self.date, self.day)
        self.reverses = first.get("reverses") or None
        self.credits = [(row["person"], row.get("role") or "owner", Fraction(row.get("share") or 1)) for row in rows]
        self.money = {name: minor(first.get(name)) for name in ("amount", "amount_excl_tax", "margin")}
        self.plain = {name: Fraction(first[name]) if first.get(name) else None for name in ("quantity", "score")}
        self.currency = first.get("currency") or None
        # A refund or write-off gives money back and undoes nothing; everything else that names another fact reverses it.
        self.takes_back = self.reverses is not None
        self.is_reversal = self.takes_back and self.kind not in ("refund", "write_off")

    def text(self, column):
        return self.row.get(column) or None


class World:
    """The files of a case, and what is known of them on a day."""

    def __init__(self, case):
        plan = case["plan"]
        self.currency = plan["currency"]
        self.currency_rates = plan.get("currency_rates", {})
        grouped = {}
        for row in case["people"]:
            grouped.setdefault(row["person"], []).append(row)
        self.people = {key: Person(key, rows) for key, rows in sorted(grouped.items())}
        grouped = {}
        for row in case["facts"]:
            grouped.setdefault(row["id"], []).append(row)
        has_recognized = any("recognized" in row for row in case["facts"])
        self.all_facts = [Fact(rows, has_recognized) for _, rows in sorted(grouped.items(), key=lambda one: one[0].encode())]
        self.facts = self.all_facts
        self.targets = {}
        for row in case.get("targets", []):
            self.targets[row["metric"], row["subject"], row["period"]] = row
        self.rates = sorted((date(row["date"]), row["from"], row["to"], Fraction(row["rate"])) for row in case.get("rates", []))
        self.absences = {}
        for row in case.get("absences", []):
            day = date(row["start"])
            while day <= date(row["end"]):
                self.absences.setdefault(row["person"], set()).add(day)
                day += DAY
        self.by_id = {fact.id: fact for fact in self.all_facts}

    def known(self, day):
        """The world as it was known at the end of a day."""
        world = World.__new__(World)
        world.__dict__.update(self.__dict__)
        world.facts = [fact for fact in self.all_facts if fact.recorded <= day]
        world.by_id = {fact.id: fact for fact in world.facts}
        return world

    def origin(self, fact):
        """What a reversal takes back."""
        return self.by_id.get(fact.reverses) if fact.reverses else None

    def first_of_contract(self, fact, kind):
        contract = fact.text("contract")
        if not contract:
            return None
        own = [f for f in self.facts if f.kind == kind and f.text("contract") == contract and not f.is_reversal and not f.pending]
        return min(own, key=lambda f: (f.day, f.id.encode()), default=None)

    def target(self, code, subject, period, level):
        """A target; that of a longer period is the sum of its months where it has none of its own."""
        row = self.targets.get((code, subject, period.text))
        if row or period.kind == "month":
            return Fraction(row[level]) if row and row.get(level) else None
        months = [self.targets.get((code, subject, month.text)) for month in within("month", period.start, period.end)]
        if not all(months) or not all(row.get(level) for row in months):
            return None
        return sum(Fraction(row[level]) for row in months)

    # Money in the plan's currency.

    def rate_on(self, currency, day):
        """What one unit of a currency is worth in the plan's from the last given day on."""
        known = [rate for since, source, to, rate in self.rates if (source, to) == (currency, self.currency) and since <= day]
        return known[-1] if known else None

    def exchange(self, fact):
        fixed = self.currency_rates.get("fixed", {})
        if fact.currency in fixed:
            return Fraction(fixed[fact.currency])
        on = self.currency_rates.get("on", "date")
        if on == "signing":
            signed = self.first_of_contract(fact, "contract_signed")
            return self.rate_on(fact.currency, signed.day if signed else fact.day)
        if on == "month_average":
            month = period_of(fact.day, "month")
            given = [r for on, source, to, r in self.rates if (source, to) == (fact.currency, self.currency) and month.start <= on <= month.end]
            return sum(given) / len(given) if given else self.rate_on(fact.currency, month.start)
        return self.rate_on(fact.currency, fact.day)

    def converted(self, fact, amount):
        """An amount of a fact in the plan's minor units; None where it is empty or has no rate."""
        if amount is None or fact.currency in (None, self.currency):
            return amount
        rate = self.exchange(fact)
        return None if rate is None else int(round_half_up(amount * rate))

    def money_of(self, fact, column):
        return self.converted(fact, fact.money[column])

    # Who is where.

    def reports_to(self, person, manager, day):
        """3.1: named by the membership; else led by the manager of the own team, a manager by that of the team above."""
        own = self.people[person].on(day) if person in self.people else None
        if own is None or person == manager:
            return False
        if own["manager"]:
            return own["manager"] == manager
        above = self.people[manager].on(day)
        if above is None or above["role"] != "manager" or above["team"] is None or own["team"] is None:
            return False
        if own["role"] == "manager":
            return "/" in own["team"] and own["team"].rsplit("/", 1)[0] == above["team"]
        return own["team"] == above["team"]

    def manager_of(self, person, day):
        """The manager on a day: named, else who leads the team (for a manager: the nearest above), the lowest key."""
        own = self.people[person].on(day)
        if own is None:
            return None
        if own["manager"]:
            return own["manager"]
        team = own["team"]
        if own["role"] == "manager" and team:
            team = team.rsplit("/", 1)[0] if "/" in team else None
        while team:
            for key, other in self.people.items():
                there = other.on(day)
                if key != person and there and there["team"] == team and there["role"] == "manager":
                    return key
            team = team.rsplit("/", 1)[0] if "/" in team else None
        return None


def is_below(team, above):
    """True for a team and all below it."""
    return team is not None and (team == above or team.startswith(above + "/"))


def all_teams(world):
    """Every team and all above it."""
    found = set()
    for person in world.people.values():
        for own in person.memberships:
            team = own["team"]
            while team:
                found.add(team)
                team = team.rsplit("/", 1)[0] if "/" in team else None
    return sorted(found)


def largest_remainder(whole, weights):
    """Shares of a whole number that sum to it: rounded down, the rest to the largest remainders, of equals the first."""
    if whole < 0:
        return [-part for part in largest_remainder(-whole, weights)]
    total = sum(weights)
    exact = [Fraction(whole) * weight / total for weight in weights]
    parts = [int(one // 1) for one in exact]
    order = sorted(range(len(exact)), key=lambda at: (-(exact[at] - parts[at]), at))
    for at in order[: whole - sum(parts)]:
        parts[at] += 1
    return parts


def credited(whole, fact, person, role):
    """The part of a fact's money that one credit has. Among the credits of a role, and nobody's rest, to the cent."""
    own = [(who, share) for who, as_role, share in fact.credits if as_role == role]
    shares = [share for _, share in own]
    mine = next(at for at, (who, _) in enumerate(own) if who == person)
    if sum(shares) > 1:
        return int(round_half_up(whole * shares[mine]))
    return largest_remainder(whole, shares + [1 - sum(shares)])[mine]
