"""SETTLE: what of it is paid now, and what is carried; RESTATE: the periods one after the other."""

from fractions import Fraction

from adjust import Adjusting
from formula import number
from place import Figures, Place
from rate import Rating, rounded
from world import DAY, World, date, period_of, within

COLUMNS = (
    "earning", "override", "pool_share", "guarantee", "true_up", "adjustment", "clawback", "hold", "release", "draw", "recovery",
)


class Run(Rating, Adjusting, Figures):
    """One plan on what is known on a day."""

    date = staticmethod(date)

    def __init__(self, plan, world):
        self.plan, self.world, self.memory = plan, world, {}
        self.kind, self.components, self.measures = plan.get("period", "month"), plan["components"], plan.get("measures", [])
        self.start, self.end = date(plan["from"]), date(plan.get("to"))

    def component(self, code):
        return next(component for component in self.components if component["id"] == code)


class Entry:
    def __init__(self, kind, amount, component="", fact=None, row=None):
        # `row`: how it stands among the earnings: the name and the status; None where a line stands for it.
        self.kind, self.amount, self.component, self.fact, self.row = kind, amount, component, fact, row


class Waiting:
    def __init__(self, component, fact, day, due, amount):
        self.component, self.fact, self.day, self.due, self.amount = component, fact, day, due, amount


class Balance:
    """What a person carries from one period to the next."""

    def __init__(self):
        self.owed, self.waiting, self.paid = 0, [], {}


class Books:
    """All periods of a run."""

    def __init__(self, case):
        self.plan, self.world = case["plan"], World(case)
        self.kind = self.plan.get("period", "month")
        self.balances = {key: Balance() for key in self.world.people}
        self.done, self.statements, self.earnings, self.points = [], {}, [], []

    def settle(self, first, last):
        for period in within(self.kind, first.start, last.end):
            run = Run(self.plan, self.world.known(period.end))
            restated = self.restated(run, period)
            for key in run.world.people:
                self.person(run, run.payee(key, period), restated.get(key, []))
            self.done.append(period)

    # What became known of earlier periods.

    def restated(self, run, period):
        found = {}
        for earlier in self.done:
            only_reversals = self.only_reversals(run, earlier, period)
            for key, balance in self.balances.items():
                before = {code: amount for (then, code), amount in balance.paid.items() if then == earlier}
                after = {}
                for line in run.everything(run.payee(key, earlier)):
                    if line.paid and line.in_statement:
                        after[line.component] = after.get(line.component, 0) + line.amount
                for code in sorted(set(before) | set(after)):
                    change = after.get(code, 0) - before.get(code, 0)
                    if change:
                        kind = "clawback" if only_reversals else "adjustment"
                        found.setdefault(key, []).append(Entry(kind, change, code, row=(code, "earned")))
                        balance.paid[earlier, code] = after.get(code, 0)
        return found

    def only_reversals(self, run, earlier, period):
        """True where all facts that became known in a period and lie in an earlier one are reversals."""
        late = [fact for fact in run.world.facts if period.start <= fact.recorded <= period.end]
        at_origin = any(component.get("clawback", {}).get("at") == "origin" for component in run.components)
        kinds = []
        for fact in late:
            # Open plans have nothing late: it counts when it becomes known.
            days = [run.effective(fact, "own")]
            if at_origin and fact.takes_back and run.world.origin(fact):
                days.append(run.effective(fact, "origin"))
            kinds += [fact.takes_back for day in days if earlier.start <= day <= earlier.end]
        return bool(kinds) and all(kinds)

    # One person's period.

    def person(self, run, payee, restated):
        balance = self.balances[payee.key]
        lines = run.everything(payee)
        if not payee.on_plan() and not restated and not lines and not balance.waiting:
            return
        entries = []
        leaving = bool(payee.person.end) and payee.period.start <= payee.person.end <= payee.period.end
        self.release(run, payee, balance, leaving, entries)
        for line in lines:
            if line.paid and line.in_statement:
                self.enter(run, payee, balance, line, entries)
        self.retain(run, payee, balance, leaving, lines, entries)
        entries += restated
        if payee.on_plan():
            self.true_up(run, payee, entries)
        for line in lines:
            if line.paid and line.in_statement:
                key = (payee.period, line.component)
                balance.paid[key] = balance.paid.get(key, 0) + line.amount
        self.lend(run, payee, balance, leaving, entries)
        self.write(payee, lines, entries)

    def write(self, payee, lines, entries):
        entries = [entry for entry in entries if entry.amount or entry.kind == "earning"]
        if not payee.on_plan() and not entries:
            return
        sums = [sum(entry.amount for entry in entries if entry.kind == column) for column in COLUMNS]
        self.statements[payee.key, payee.period.text] = sums
        order = {component["id"]: component for component in self.plan["components"]}
        for line in lines:
            pays = order.get(line.component, {}).get("pays", "money")
            row = (payee.key, payee.period.text, line.component, line.fact or "", line.amount, line.status)
            if line.in_earnings and pays != "nothing":
                (self.earnings if pays == "money" else self.points).append(row)
        for entry in entries:
            if entry.row:
                self.earnings.append((payee.key, payee.period.text, entry.row[0], entry.fact or "", entry.amount, entry.row[1]))

    def enter(self, run, payee, balance, line, entries):
        entries.append(Entry(line.kind, line.amount, line.component, line.fact))
        if line.status == "forfeited" or not line.amount:
            return
        component = next((one for one in run.components if one["id"] == line.component), {})
        recognition = component.get("recognition") if line.fact else None
        if line.status == "earned" and recognition:
            if not self.recognized(run, recognition, run.world.by_id[line.fact], payee.period.end):
                line.status = "held"
        if line.status == "held":
            entries.append(Entry("hold", -line.amount, line.component, line.fact))
            day = run.effective(run.world.by_id[line.fact], component.get("clawback", {}).get("at", "own"))
            balance.waiting.append(Waiting(line.component, line.fact, day, None, line.amount))

    @staticmethod
    def recognized(run, recognition, fact, day):
        of = recognition.get("of", "contract")
        name = fact.text(of)
        same = [f for f in run.world.facts if name and f.text(of) == name and not f.pending and f.day <= day]
        taken_back = {f.reverses for f in same if f.is_reversal}

        def is_there(need):
            kind, where = (need, None) if isinstance(need, str) else (need["kind"], need.get("where"))
            for other in same:
                if other.kind == kind and not other.is_reversal and other.id not in taken_back:
                    if any(Place(run).on(credit).meets(where) for credit in credits_of(other)):
                        return True
            return False

        return all(is_there(need) for need in recognition["needs"])

    def release(self, run, payee, balance, leaving, entries):
        on_leaving = run.plan.get("leavers", {}).get("held", "keep") if payee.on_plan() else "keep"
        still = []
        for waiting in balance.waiting:
            component = run.component(waiting.component)
            if leaving and on_leaving != "keep":
                kind = on_leaving
            elif waiting.due:
                kind = self.on_due(run, payee, component, waiting) if waiting.due <= payee.period.end else None
            else:
                kind = self.on_needs(run, payee, component, waiting)
            if kind is None:
                still.append(waiting)
            else:
                row = (waiting.component, "released" if kind == "release" else "forfeited")
                entries.append(Entry(kind, waiting.amount, waiting.component, waiting.fact, row))
        balance.waiting = still

    @staticmethod
    def on_due(run, payee, component, waiting):
        condition = component.get("retention", {}).get("if")
        if condition:
            return "release" if Place(run, payee).holds(condition) else "forfeit"
        end = payee.person.end
        return "release" if end is None or end >= waiting.due else "forfeit"

    def on_needs(self, run, payee, component, waiting):
        fact, recognition = run.world.by_id[waiting.fact], component.get("recognition")
        if fact.pending:
            return None
        if not recognition or self.recognized(run, recognition, fact, payee.period.end):
            return "release"
        within_days = recognition.get("within_days")
        if within_days is not None and payee.period.end > waiting.day + within_days * DAY:
            return "forfeit"
        return None

    def retain(self, run, payee, balance, leaving, lines, entries):
        for component in run.components:
            rule = component.get("retention")
            own = [line for line in lines if line.component == component["id"] and line.status == "earned"]
            total = run.total(own)
            if not rule or total <= 0 or leaving:
                continue
            end = payee.period.end
            due = period_of(end, "year").end if rule["until"] == "year_end" else end + rule["until"] * DAY
            if due <= end:
                continue
            amount = rounded(total * number(rule["share"]), run.rounding(component))
            entries.append(Entry("hold", -amount, component["id"], row=(component["id"], "held")))
            balance.waiting.append(Waiting(component["id"], None, end, due, amount))

    def true_up(self, run, payee, entries):
        for component in run.components:
            rule = component.get("true_up")
            if not rule:
                continue
            span = period_of(payee.period.end, rule["over"])
            if span.end != payee.period.end:
                continue
            whole = run.rated(payee, component, rule.get("rate", component["rate"]), span.start, span.end, rule["over"])
            capped = {name: value for name, value in component.items() if name not in ("cap", "floor")}
            capped["cap"] = rule.get("cap", {})
            whole = whole + run.limits(payee, capped, whole)
            paid = [run.payee(payee.key, period) for period in within(self.kind, span.start, span.end)]
            change = run.total(whole) - sum(run.total(run.given(then, component)) for then in paid)
            entries.append(Entry("true_up", change, component["id"], row=(component["id"], "earned")))

    def lend(self, run, payee, balance, leaving, entries):
        """Draw, recovery and forgiveness."""
        plan, place = (run.plan if payee.on_plan() else {}), Place(run, payee)
        held = sum(entry.amount for entry in entries if entry.kind == "hold" and entry.amount < 0)
        freed = sum(entry.amount for entry in entries if entry.kind == "hold" and entry.amount > 0)
        moving = [entry.amount for entry in entries if entry.kind not in ("hold", "forfeit")]
        positive = sum(amount for amount in moving if amount > 0) + held
        negative = max(0, -sum(amount for amount in moving if amount < 0) - freed)
        draw, deductions = plan.get("draw"), plan.get("deductions", {})
        least = 0
        if draw and ("if" not in draw or place.holds(draw["if"])):
            least = max(0, rounded(place.or_zero(draw["amount"]) * 100, run.rounding()))
        floor = max(0, rounded(place.or_zero(deductions["floor"]) * 100, run.rounding())) if "floor" in deductions else 0
        floor = max(floor, least)
        if positive < least:
            entries.append(Entry("draw", negative + least - positive))
            balance.owed += negative + (least - positive if draw.get("recoverable") else 0)
        else:
            limit = max(0, positive - floor)
            if "most" in deductions:
                limit = min(limit, rounded(Fraction(positive) * number(deductions["most"]), "down"))
            moved = negative - min(negative + balance.owed, limit)
            entries.append(Entry("draw" if moved > 0 else "recovery", moved))
            balance.owed += moved
        if balance.owed > 0 and self.forgives(plan, payee, leaving):
            entries.append(Entry("forgiveness", balance.owed, row=("forgiveness", "forgiven")))
            balance.owed = 0

    @staticmethod
    def forgives(plan, payee, leaving):
        if leaving and plan.get("leavers", {}).get("owed") == "forgive":
            return True
        rule = plan.get("draw", {}).get("forgive", "never")
        if rule == "plan_end":
            return bool(plan.get("to")) and payee.period.start <= date(plan["to"]) <= payee.period.end
        return rule == "year_end" and period_of(payee.period.end, "year").end == payee.period.end


def credits_of(fact):
    from place import Credit

    return [Credit(fact, person, role, share, fact.day) for person, role, share in fact.credits]


def answer(case):
    """What a case must give: statements by person and period (minor units, in the order of COLUMNS), and earnings."""
    from world import period_from

    books = Books(case)
    books.settle(period_from(case["first"]), period_from(case["last"]))
    statements = [[*key, *sums] for key, sums in sorted(books.statements.items())]
    rows = {"earnings": books.earnings, "points": books.points}
    return {"statements": statements, **{name: sorted(list(row) for row in of) for name, of in rows.items()}}
