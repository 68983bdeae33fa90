"""Random companies: people, facts, targets, rates, absences. Small, with figures that lie on boundaries."""

import datetime

DAY = datetime.timedelta(days=1)
TEAMS = ["East", "East/A", "East/B", "West"]
ROUND = ["100", "333.33", "5000", "9999.99", "10000", "10000.01", "20000", "50000", "0.01", "0.05", "1", "66.67"]
LINES, SOURCES = ["GTX", "MG", ""], ["web", "fair", ""]


def money(random, spread=40000):
    if random.random() < 0.4:
        return random.choice(ROUND)
    return f"{random.randrange(1, spread * 100) / 100:.2f}"


def day(random, first, last):
    return first + DAY * random.randrange((last - first).days + 1)


def people(random):
    """A manager for some teams, a handful of people who join, leave, change teams and name managers."""
    rows = []

    def add(key, team, role, start, end="", manager="", **attributes):
        row = dict(person=key, name="", team=team, manager=manager, role=role, start=start, end=end)
        rows.append({**row, **attributes})

    count = random.randrange(2, 6)
    keys = [f"p{at}" for at in range(count)]
    for key in keys:
        attributes = dict(
            grade=random.choice(["senior", "junior", ""]),
            level=random.choice(["0", "1", "2", "3", ""]),
            territory=random.choice(["1.1", "0.9", "1", ""]),
            mentor=random.choice([other for other in keys if other != key] + ["", ""]),
        )
        role = random.choice(["rep", "rep", "rep", "manager"])
        start = random.choice(["2024-05-10", "2025-10-01", "2025-12-31", "2026-01-01", "2026-01-15", "2026-02-10"])
        team, manager = random.choice(TEAMS), random.choice([other for other in keys if other != key] + [""] * 5)
        fate = random.random()
        if fate < 0.15:
            add(key, team, role, start, random.choice(["2026-02-28", "2026-03-15", "2026-04-30"]), manager, **attributes)
        elif fate < 0.35:
            last = datetime.date.fromisoformat(random.choice(["2026-02-14", "2026-02-28", "2026-03-31"]))
            gap = random.choice([1, 1, 1, 10])
            add(key, team, role, start, str(last), manager, **attributes)
            add(key, random.choice(TEAMS), random.choice(["rep", "manager"]), str(last + DAY * gap), **attributes)
        else:
            add(key, team, role, start, "", manager, **attributes)
    return rows


def facts(random, rows, features):
    """Facts of the first months of 2026, a few of the year before; some taken back, some late, some waiting."""
    keys = sorted({row["person"] for row in rows})
    first, last = datetime.date(2025, 10, 1), datetime.date(2026, 7, 10)
    core = datetime.date(2026, 1, 1), datetime.date(2026, 5, 31)
    kinds = ["contract_signed"] * 4 + ["payment_received"] * 4 + ["opportunity_won"] * 3
    kinds += ["sale_recorded"] * 3 + ["opportunity_lost", "stage_entered", "stage_entered", "agreement_filed", "write_off"]
    has_recognized, has_late, foreign = random.random() < 0.4, random.random() < 0.6, "currency" in features
    found = []

    def add(kind, on, amount, deal, credits, reverses="", of=None):
        own = of or {}
        scale = 1 if not of else abs(float(amount)) / max(0.01, abs(float(of["amount"])))
        excl = own.get("amount_excl_tax", random.choice([f"{float(amount) / 1.13:.2f}", amount, ""]))
        margin = own.get("margin", random.choice([f"{float(amount) * 0.3:.2f}", f"{float(amount) * 0.1:.2f}", "0", ""]))
        if of:
            excl, margin = (f"{-float(x) * scale:.2f}" if x else "" for x in (excl, margin))
        row = dict(
            id=f"f{len({r['id'] for r in found}):03}", kind=kind, date=str(on), amount=amount, margin=margin,
            amount_excl_tax=excl, reverses=reverses, account=f"a{deal % 3}", opportunity=f"o{deal}", contract=f"c{deal}",
            quantity=own.get("quantity", random.choice(["1", "2", "10", "2.5", ""])),
            score=own.get("score", random.choice(["80", "95", ""])),
            customer_kind=own.get("customer_kind", random.choice(["new", "existing", ""])),
            contract_kind=own.get("contract_kind", random.choice(["new", "renewal"])),
            product=own.get("product", random.choice(["p1", "p2"])), product_line=own.get("product_line", random.choice(LINES)),
            region=own.get("region", random.choice(["North", "South"])), tier=own.get("tier", random.choice(["A", "B"])),
            source=own.get("source", random.choice(SOURCES)), channel=own.get("channel", random.choice(["web", "shop", ""])),
            price=own.get("price", random.choice(["80", "90", "95", "100", ""])), list_price=own.get("list_price", "100"),
            stage=own.get("stage", random.choice(["quote", "trial"]) if kind == "stage_entered" else ""),
            complete=random.choice(["yes", "no"]), currency=own.get("currency", ""),
            due_date=random.choice([str(on - DAY * 20), str(on), ""]), recognized=str(on), recorded="",
        )
        if foreign and not of and random.random() < 0.5:
            row["currency"] = random.choice(["USD", "EUR"])
        if has_recognized and not foreign:
            late = random.choice([str(on), str(on), str(on + DAY * random.randrange(1, 40)), ""])
            row["recognized"] = late
        if not has_recognized:
            del row["recognized"]
        if has_late and random.random() < 0.25:
            row["recorded"] = str(on + DAY * random.randrange(0, 100))
        if of and of.get("recorded"):
            row["recorded"] = str(max(on, datetime.date.fromisoformat(of["recorded"])))
        for person, role, share in credits:
            found.append({**row, "person": person, "role": role, "share": share})

    for _ in range(random.randrange(5, 16)):
        on = day(random, *core) if random.random() < 0.85 else day(random, first, last)
        if random.random() < 0.15:
            on = random.choice([datetime.date(2026, 2, 28), datetime.date(2026, 3, 31), datetime.date(2026, 4, 1), on])
        add(random.choice(kinds), on, money(random), random.randrange(6), credits(random, keys))
    for of in [row for row in found if random.random() < 0.2]:
        if any(row["reverses"] == of["id"] for row in found) or of["reverses"]:
            continue
        kind = "refund" if of["kind"] == "payment_received" else of["kind"]
        part = of["amount"] if random.random() < 0.5 else f"{float(of['amount']) / 3:.2f}"
        on = datetime.date.fromisoformat(of["date"]) + DAY * random.randrange(0, 80)
        same = [(row["person"], row["role"], row["share"]) for row in found if row["id"] == of["id"]]
        if float(part):
            add(kind, on, f"-{part}", int(of["contract"][1:]), same, of["id"], of)
    random.shuffle(found)
    return found


def credits(random, keys):
    """Who is credited, as what, with which share."""
    fate = random.random()
    if fate < 0.6 or len(keys) < 2:
        return [(random.choice(keys), "owner", random.choice(["", "", "1", "0.5", "0.333333"]))]
    who = random.sample(keys, 2)
    if fate < 0.8:
        return list(zip(who, ["owner", "owner"], random.choice([("0.6", "0.4"), ("0.5", "0.5"), ("0.333333", "0.666666")])))
    if fate < 0.9:
        return [(who[0], "owner", "1"), (who[1], "helper", random.choice(["0.3", "1"]))]
    return [(who[0], "owner", "0.7"), (who[0], "helper", "0.5"), (who[1], "helper", "0.8")]


def targets(random, rows):
    found = []
    subjects = sorted({row["person"] for row in rows}) + sorted({"team:" + row["team"] for row in rows}) + ["company"]
    periods = [f"2026-{month:02}" for month in range(1, 7)] + ["2026-Q1", "2026-Q2", "2026", "2025-12"]
    for metric in ("contract_amount", "payment_amount", "won_amount"):
        for subject in subjects:
            if random.random() < 0.6:
                base = random.choice(["1000", "10000", "20000", "33333.33", "50000"])
                for period in periods:
                    if random.random() < 0.8:
                        more = [random.choice([str(float(base) * by), ""]) for by in (1.2, 1.5)]
                        found.append(dict(metric=metric, subject=subject, period=period, base=base, challenge=more[0], stretch=more[1]))
    return found


def rates(random):
    found = []
    for currency, rate in (("USD", "7.1234"), ("EUR", "7.81")):
        for on in ("2025-01-01", "2026-02-11", "2026-03-31"):
            found.append({"date": on, "from": currency, "to": "CNY", "rate": f"{float(rate) + random.randrange(100) / 1000:.4f}"})
    return found


def absences(random, rows):
    found = []
    for key in sorted({row["person"] for row in rows}):
        if random.random() < 0.5:
            start = day(random, datetime.date(2026, 1, 1), datetime.date(2026, 4, 30))
            found.append(dict(person=key, start=str(start), end=str(start + DAY * random.randrange(0, 20))))
    return found
