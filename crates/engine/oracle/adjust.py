"""ADJUST: factors, limits and the one rounding; and SHARE: what is paid on the pay of others."""

from fractions import Fraction

from formula import number
from place import Credit, Place
from rate import Line, rounded
from world import is_below, largest_remainder, all_teams, period_of, within


class Adjusting:
    """Part of a run."""

    def rounding(self, component=None):
        return (component or {}).get("rounding", self.plan.get("rounding", "half_up"))

    def finished(self, payee, component, place, raw, line):
        """The amount of a line in minor units: gate, multipliers, proration, the line's cap, and then the one rounding."""
        exact = raw
        if "gate" in component and not place.holds(component["gate"]):
            exact = Fraction(0)
        multipliers = component.get("multiplier", [])
        for multiplier in multipliers if isinstance(multipliers, list) else [multipliers]:
            exact *= place.or_zero(multiplier)
        if component.get("prorate"):
            exact *= self.proration_over(payee.person, payee.period.start, payee.period.end)
        cap = component.get("cap", {})
        if "line" in cap:
            most = place.or_zero(cap["line"])
            if abs(exact) > most:
                limited = most + self.above(cap) * (abs(exact) - most)
                exact = limited if exact >= 0 else -limited
        return rounded(exact * 100, self.rounding(component))

    @staticmethod
    def above(cap):
        return number(cap.get("above", 0))

    @staticmethod
    def total(lines, unpaid=False):
        """Minor units. What is only an attribution to facts does not count twice; points are no money."""
        return sum(line.amount for line in lines if line.in_statement and (unpaid or line.paid))

    def given(self, payee, component):
        """What a component gives a payee, after ADJUST."""
        key = ("given", payee.key, payee.period, component["id"])
        if key not in self.memory:
            lines = []
            if "rate" in component:
                lines = self.rated(payee, component, component["rate"], payee.period.start, payee.period.end, "period")
            elif "amount" in component:
                lines = self.amount(payee, component)
            lines = lines + self.limits(payee, component, lines)
            self.memory[key] = self.shared_out(component, lines)
        return self.memory[key]

    def in_force(self, payee, component):
        """True where a component without facts is there for a payee's period: by the last day on the plan."""
        if not payee.on_plan():
            return False
        last = payee.days[-1]
        if "from" in component and self.date(component["from"]) > last:
            return False
        if "to" in component and self.date(component["to"]) < payee.period.start:
            return False
        return self.is_for(component.get("who"), payee, last)

    def amount(self, payee, component):
        if not self.in_force(payee, component):
            return []
        place = Place(self, payee)
        line = Line(component["id"])
        line.paid = component.get("pays", "money") == "money"
        line.raw = place.or_zero(component["amount"])
        line.amount = self.finished(payee, component, place, line.raw, line)
        return [line]

    def limit_line(self, component, amount, kind="earning"):
        line = Line(component["id"], kind)
        line.paid = component.get("pays", "money") == "money"
        line.amount = amount
        return line

    def over_cap(self, total, most, above, rounding):
        """What a cap takes away: signed minor units, 0 where it is not reached."""
        if Fraction(total, 100) <= most:
            return 0
        return rounded((most + above * (Fraction(total, 100) - most)) * 100, rounding) - total

    def limits(self, payee, component, lines):
        """The lines of a component's period cap, year cap and floor."""
        place, found, cap = Place(self, payee), [], component.get("cap", {})
        rounding = self.rounding(component)

        def add(amount):
            if amount:
                found.append(self.limit_line(component, amount))

        def so_far():
            return self.total(lines + found, unpaid=True)

        if "period" in cap:
            add(self.over_cap(so_far(), place.or_zero(cap["period"]), self.above(cap), rounding))
        if "year" in cap:
            earlier = self.earlier_in_year(payee, lambda then: self.total(self.given(then, component), unpaid=True))
            left = max(Fraction(0), place.or_zero(cap["year"]) - Fraction(earlier, 100))
            add(self.over_cap(so_far(), left, self.above(cap), rounding))
        if "floor" in component and self.in_force(payee, component):
            add(max(0, rounded(place.or_zero(component["floor"]["period"]) * 100, rounding) - so_far()))
        return found

    def earlier_in_year(self, payee, of):
        """The sum over the plan's earlier periods of the year in which the payee was on the plan."""
        year = period_of(payee.period.end, "year")
        earlier = [period for period in within(self.kind, year.start, year.end) if period.end < payee.period.start]
        payees = [self.payee(payee.key, period) for period in earlier]
        return sum(of(then) for then in payees if then.on_plan())

    def shared_out(self, component, lines):
        """A period's pay, shared out to its facts by what each of them counted."""
        attributed = next((line.attributed for line in lines if hasattr(line, "attributed")), [])
        weights = [one.value for one in attributed]
        if "share_out" not in component or not weights or sum(weights) == 0:
            return lines
        total = self.total(lines, unpaid=True)
        exactly = component["share_out"] == "exact"
        if exactly:
            shares = largest_remainder(total, weights)
            lines = []
        else:
            shares = [rounded(Fraction(total) * weight / sum(weights), "down") for weight in weights]
            for line in lines:
                line.in_earnings = False
        for one, share in zip(attributed, shares):
            line = self.limit_line(component, share)
            line.fact, line.person, line.role = one.credit.fact.id, one.credit.person, one.credit.role
            line.basis, line.raw, line.in_statement = one.value, Fraction(share, 100), exactly
            lines = lines + [line]
        return lines

    def own(self, payee):
        """The components that read nobody else's pay, with the plan's own limits."""
        key = ("own", payee.key, payee.period)
        if key in self.memory:
            return self.memory[key]
        lines = []
        for component in self.components:
            if "rate" in component or "amount" in component:
                lines = lines + self.given(payee, component)
        caps = self.plan.get("caps", [])
        if payee.on_plan():
            for at, cap in enumerate(caps):
                lines = lines + self.group_cap(payee, cap, "cap" if len(caps) == 1 else f"cap_{at + 1}", lines)
            lines = lines + self.guarantee(payee, lines)
        self.memory[key] = lines
        return lines

    def group_cap(self, payee, cap, name, lines):
        place, found = Place(self, payee), []

        def total(lines):
            return self.total([line for line in lines if line.component in cap["components"] + [name]])

        if "period" in cap:
            amount = self.over_cap(total(lines), place.or_zero(cap["period"]), self.above(cap), self.rounding())
            found += [self.limit_line({"id": name}, amount)] if amount else []
        if "year" in cap:
            earlier = self.earlier_in_year(payee, lambda then: total(self.own(then)))
            left = max(Fraction(0), place.or_zero(cap["year"]) - Fraction(earlier, 100))
            amount = self.over_cap(total(lines + found), left, self.above(cap), self.rounding())
            found += [self.limit_line({"id": name}, amount)] if amount else []
        return found

    def guarantee(self, payee, lines):
        guarantee, place = self.plan.get("guarantee"), Place(self, payee)
        if not guarantee or "if" in guarantee and not place.holds(guarantee["if"]):
            return []
        least = place.or_zero(guarantee["amount"])
        if guarantee.get("prorate"):
            least *= self.proration_over(payee.person, payee.period.start, payee.period.end)
        amount = rounded(least * 100, self.rounding()) - self.total(lines)
        return [self.limit_line({"id": "guarantee"}, amount, "guarantee")] if amount > 0 else []

    # SHARE.

    def everything(self, payee):
        """All lines before SETTLE."""
        lines = self.own(payee)
        for component in self.components:
            own = None
            if "override" in component:
                own = self.override(payee, component)
            elif "difference" in component:
                own = self.difference(payee, component)
            elif "pool" in component or "rank" in component:
                own = self.of_subject(payee, component)
            elif "budget" in component:
                lines = lines + self.of_subject(payee, component)
            if own is not None:
                lines = lines + own + self.limits(payee, component, own)
        return lines

    def earned(self, payee, code):
        return self.total(self.given(payee, self.component(code)), unpaid=True)

    def earned_under(self, payee, codes):
        return sum(self.earned(payee, code) for code in codes)

    def share_line(self, payee, component, place, kind, raw):
        line = Line(component["id"], kind)
        line.paid = component.get("pays", "money") == "money"
        line.raw = raw
        line.amount = self.finished(payee, component, place, raw, line)
        return line

    def override(self, payee, component):
        if not self.in_force(payee, component):
            return []
        rule, place, end = component["override"], Place(self, payee, earned=True), payee.period.end
        people = self.world.people
        if rule["of"] == "mentees":
            keys = [key for key, person in people.items() if person.attributes.get("mentor") == payee.key]
        elif rule["of"] == "reports":
            keys = [key for key in people if self.world.reports_to(key, payee.key, end)]
        else:
            keys = self.people_of((rule["of"], payee.team), payee.period) if payee.team else []
        lines = []
        for key in keys:
            basis = self.earned_under(self.payee(key, payee.period), rule["components"])
            if key != payee.key and basis:
                raw = Fraction(basis, 100) * place.or_zero(rule["rate"])
                lines.append(self.share_line(payee, component, place, "override", raw))
        return lines

    def difference(self, payee, component):
        rule, lines = component["difference"], []
        for fact in self.world.facts:
            day = self.effective(fact, "own")
            if not payee.period.start <= day <= payee.period.end:
                continue
            for person, role, share in fact.credits:
                credit = Credit(fact, person, role, share, day)
                place = Place(self, payee, credit)
                if person == payee.key or not self.is_paid_on(payee, component, day):
                    continue
                chain = self.chain(person, payee.key, day)
                if chain is None or not place.chosen(rule["basis"], rule.get("where"), ["owner"]):
                    continue
                value = place.measured(rule.get("measure", "amount"))
                if value is None:
                    continue
                rates = {key: Place(self, self.payee(key, payee.period)).or_zero(rule["rates"]) for key in chain + [payee.key]}
                rate = rates[payee.key] - max([Fraction(0)] + [rates[key] for key in chain])
                line = self.share_line(payee, component, place, "override", value * max(Fraction(0), rate))
                line.fact, line.status = fact.id, "held" if fact.pending else "earned"
                lines.append(line)
        return lines

    def is_paid_on(self, payee, component, day):
        if "from" in component and day < self.date(component["from"]) or "to" in component and day > self.date(component["to"]):
            return False
        return day in payee.days and self.is_for(component.get("who"), payee, day)

    def chain(self, person, manager, day):
        """Everybody from a person up to below a manager; None where the manager is not above."""
        chain = [person]
        while True:
            above = self.world.manager_of(chain[-1], day)
            if above is None or above in chain:
                return None
            if above == manager:
                return chain
            chain.append(above)

    def of_subject(self, payee, component):
        """The payee's part of what many share."""
        key = ("shared", payee.period, component["id"])
        if key not in self.memory:
            rule = component.get("pool") or component.get("rank") or component.get("budget")
            how = self.pool if "pool" in component else self.rank if "rank" in component else self.budget
            shares = {}
            for subject, people in self.subjects(payee.period, component, rule.get("each", "company")):
                how(payee.period, component, rule, subject, people, shares)
            self.memory[key] = shares
        kind = "earning" if "budget" in component else "pool_share"
        return [self.limit_line(component, amount, kind) for amount in self.memory[key].get(payee.key, [])]

    def subjects(self, period, component, each):
        """The people who take part, by key, for each subject that they belong to."""
        payees = [self.payee(key, period) for key in self.world.people]
        payees = [payee for payee in payees if self.in_force(payee, component)]
        if each == "company":
            return [(("company", None), payees)]
        found = []
        for team in all_teams(self.world):
            inside = [p for p in payees if p.team == team or each == "subtree" and is_below(p.team, team)]
            if inside:
                found.append(((each, team), inside))
        return found

    def size(self, period, component, rule, subject):
        place = Place(self, subject=(subject, period), measures=[])
        return max(0, rounded(place.or_zero(rule["size"]) * 100, self.rounding(component)))

    def is_released(self, period, rule, subject):
        return "release" not in rule or Place(self, subject=(subject, period), measures=[]).holds(rule["release"])

    def pool(self, period, component, rule, subject, people, shares):
        if not self.is_released(period, rule, subject):
            return
        size, earlier = self.size(period, component, rule, subject), period.previous()
        while rule.get("unreleased") == "carry" and earlier.end >= self.start and not self.is_released(earlier, rule, subject):
            size += self.size(earlier, component, rule, subject)
            earlier = earlier.previous()
        places = [(payee, Place(self, payee, earned=True)) for payee in people]
        places = [(payee, place) for payee, place in places if "members" not in rule or place.holds(rule["members"])]
        by = rule.get("by", "equal")
        weights = [Fraction(1) if by == "equal" else max(Fraction(0), place.or_zero(by)) for _, place in places]
        if sum(weights) == 0:
            return
        for (payee, _), part in zip(places, largest_remainder(size, weights)):
            shares.setdefault(payee.key, []).append(part)

    def rank(self, period, component, rule, subject, people, shares):
        figures = []
        for payee in people:
            place = Place(self, payee, earned=True)
            if "minimum" in rule and not place.holds(rule["minimum"]):
                continue
            figure = place.value(rule["by"])
            if figure is not None:
                figures.append((figure, payee.key))
        prizes = [rounded(number(prize) * 100, self.rounding(component)) for prize in rule["prizes"]]
        lowest = rule.get("order") == "lowest"
        for figure in sorted({figure for figure, _ in figures}, reverse=not lowest):
            better = sum(other < figure if lowest else other > figure for other, _ in figures)
            tied = [key for other, key in figures if other == figure]
            won = prizes[better : better + len(tied)]
            if rule.get("ties") == "same":
                parts = [prizes[better] if better < len(prizes) else 0] * len(tied)
            else:
                parts = largest_remainder(sum(won), [1] * len(tied))
            for key, part in zip(tied, parts):
                if part:
                    shares.setdefault(key, []).append(part)

    def budget(self, period, component, rule, subject, people, shares):
        place = Place(self, subject=(subject, period), measures=[])
        limit = max(0, rounded(place.or_zero(rule["limit"]) * 100, self.rounding(component)))
        sums = [(payee.key, self.earned_under(payee, rule["components"])) for payee in people]
        if sum(amount for _, amount in sums) <= limit:
            return
        sums = [(key, amount) for key, amount in sums if amount > 0]
        for (key, before), part in zip(sums, largest_remainder(limit, [Fraction(amount) for _, amount in sums])):
            if part != before:
                shares.setdefault(key, []).append(part - before)
