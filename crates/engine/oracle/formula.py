"""Formulas: read into a tree, computed with exact fractions. `None` is what is missing."""

import datetime
import functools
import math
import re
from fractions import Fraction

TOKEN = re.compile(
    r"""\s*(?:(?P<date>\d{4}-\d{2}-\d{2})|(?P<number>\d+(?:\.\d+)?%?)|'(?P<text>[^']*)'|"(?P<quoted>[^"]*)"
    |(?P<name>[^\W\d]\w*(?:\.\w+)*)|(?P<sign><=|>=|!=|[-+*/=<>(),]))""",
    re.X,
)
FIGURES = {"metric", "target", "attainment", "at_target", "headcount", "earned"}
WHOSE = {"payee", "team", "subtree", "company", "reports"}
LEVELS = {"base", "challenge", "stretch"}


@functools.lru_cache(maxsize=None)
def number(text):
    """`0.05`, `5%` or a number of a plan file, exactly."""
    text = str(text)
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def tokens(text):
    found, at = [], 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if not match:
            raise ValueError(f"{text!r}: cannot read at {at}")
        found.append((match.lastgroup, match.group(match.lastgroup)))
        at = match.end()
    return found + [("end", "")]


class Reader:
    """Recursive descent; each method reads what binds tighter than the one before."""

    def __init__(self, text):
        self.tokens, self.at = tokens(text), 0

    def next(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def takes(self, *signs):
        kind, text = self.tokens[self.at]
        if kind in ("sign", "name") and text in signs:
            self.at += 1
            return text
        return None

    def whole(self):
        tree = self.either()
        if self.tokens[self.at][0] != "end":
            raise ValueError(f"unexpected {self.tokens[self.at]}")
        return tree

    def either(self):
        tree = self.both()
        while self.takes("or"):
            tree = ("or", tree, self.both())
        return tree

    def both(self):
        tree = self.negated()
        while self.takes("and"):
            tree = ("and", tree, self.negated())
        return tree

    def negated(self):
        return ("not", self.negated()) if self.takes("not") else self.compared()

    def compared(self):
        tree = self.sum()
        if self.takes("in"):
            self.takes("(")
            among = [self.sum()]
            while self.takes(","):
                among.append(self.sum())
            self.takes(")")
            return ("in", tree, among)
        sign = self.takes("<=", ">=", "!=", "=", "<", ">")
        return (sign, tree, self.sum()) if sign else tree

    def sum(self):
        tree = self.product()
        while sign := self.takes("+", "-"):
            tree = (sign, tree, self.product())
        return tree

    def product(self):
        tree = self.signed()
        while sign := self.takes("*", "/"):
            tree = (sign, tree, self.signed())
        return tree

    def signed(self):
        return ("minus", self.signed()) if self.takes("-") else self.single()

    def single(self):
        kind, text = self.next()
        if kind == "number":
            return ("value", number(text))
        if kind == "date":
            return ("value", datetime.date.fromisoformat(text))
        if kind == "text":
            return ("value", text)
        if kind == "quoted":
            return ("name", text)
        if (kind, text) == ("sign", "("):
            tree = self.either()
            self.takes(")")
            return tree
        if kind != "name":
            raise ValueError(f"unexpected {text!r}")
        if not self.takes("("):
            return ("name", text)
        if text in FIGURES:
            words = []
            while not self.takes(")"):
                words.append(self.next()[1])
                self.takes(",")
            return ("figure", text, words)
        inside = [self.either()]
        while self.takes(","):
            inside.append(self.either())
        self.takes(")")
        return ("call", text, inside)


TREES = {}


def tree_of(text):
    if text not in TREES:
        TREES[text] = Reader(text).whole()
    return TREES[text]


def as_number(value):
    """A text that is written as a number is one, where a number is asked for."""
    if isinstance(value, str):
        return Fraction(value) if re.fullmatch(r"-?\d+(\.\d+)?", value) else None
    return value if isinstance(value, (Fraction, int)) and not isinstance(value, bool) else None


def as_date(value):
    if isinstance(value, str):
        return datetime.date.fromisoformat(value) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) else None
    return value if isinstance(value, datetime.date) else None


def compare(sign, a, b):
    if a is None or b is None:
        return False
    if isinstance(a, datetime.date) or isinstance(b, datetime.date):
        a, b = as_date(a), as_date(b)
    elif not (isinstance(a, str) and isinstance(b, str)):
        a, b = as_number(a), as_number(b)
    if a is None or b is None:
        return False
    return {
        "=": a == b,
        "!=": a != b,
        "<": a < b,
        "<=": a <= b,
        ">": a > b,
        ">=": a >= b,
    }[sign]


def round_half_up(x, decimals=0):
    """To so many decimals; a half goes away from zero."""
    scaled = abs(x) * 10**decimals
    whole = math.floor(scaled + Fraction(1, 2))
    return Fraction(whole if x >= 0 else -whole, 10**decimals)


def last_of_month(year, month):
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    return (following - datetime.timedelta(days=1)).day


def months_between(start, end):
    """Whole months: as many as can be added to `start` without passing `end`, the day cut to the month's length."""
    if end < start:
        return -months_between(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    day = min(start.day, last_of_month(end.year, end.month))
    return months if day <= end.day else months - 1


def call(name, given):
    if name == "coalesce":
        return next((value for value in given if value is not None), None)
    if name in ("days", "months"):
        start, end = as_date(given[0]), as_date(given[1])
        if start is None or end is None:
            return None
        return Fraction((end - start).days if name == "days" else months_between(start, end))
    if name in ("year", "month"):
        day = as_date(given[0])
        return None if day is None else Fraction(getattr(day, name))
    given = [as_number(value) for value in given]
    if None in given:
        return None
    if name == "min":
        return min(given)
    if name == "max":
        return max(given)
    if name == "abs":
        return abs(given[0])
    if name == "floor":
        return Fraction(math.floor(given[0]))
    if name == "ceil":
        return Fraction(math.ceil(given[0]))
    if name == "round":
        return round_half_up(given[0], int(given[1]) if len(given) > 1 else 0)
    if name == "clamp":
        return max(given[1], min(given[0], given[2]))
    raise ValueError(name)


def compute(tree, place):
    """The value of a tree at a place, which answers `name(name)` and `figure(kind, words)`."""
    kind = tree[0]
    if kind == "value":
        return tree[1]
    if kind == "name":
        return place.name(tree[1])
    if kind == "figure":
        return place.figure(tree[1], tree[2])
    if kind == "call":
        if tree[1] == "if":
            condition, then, otherwise = tree[2]
            return compute(then if compute(condition, place) is True else otherwise, place)
        return call(tree[1], [compute(part, place) for part in tree[2]])
    if kind == "and":
        return compute(tree[1], place) is True and compute(tree[2], place) is True
    if kind == "or":
        return compute(tree[1], place) is True or compute(tree[2], place) is True
    if kind == "not":
        return compute(tree[1], place) is not True
    if kind == "in":
        value = compute(tree[1], place)
        return any(compare("=", value, compute(one, place)) for one in tree[2])
    if kind == "minus":
        value = as_number(compute(tree[1], place))
        return None if value is None else -value
    a, b = compute(tree[1], place), compute(tree[2], place)
    if kind in ("=", "!=", "<", "<=", ">", ">="):
        return compare(kind, a, b)
    a, b = as_number(a), as_number(b)
    if a is None or b is None:
        return None
    if kind == "+":
        return a + b
    if kind == "-":
        return a - b
    if kind == "*":
        return a * b
    return None if b == 0 else a / b


def names_in(tree):
    """Every name that a tree reads."""
    if tree[0] == "name":
        return {tree[1]}
    found = set()
    for part in tree[1:]:
        for one in part if isinstance(part, list) else [part]:
            if isinstance(one, tuple):
                found |= names_in(one)
    return found
