#!/usr/bin/env python3
"""follow-syncs.py TRACE WRITES: reads strace's output of a write load on SQLite and checks the order of every write.

A write's name stands in the pages of the write-ahead log. The frames of a transaction end with a commit frame (its header
says how large the database is then). An answer may leave only after an fdatasync that began after that frame was written
has ended well."""
import re
import sys

CALL = re.compile(r"^(\d+)\s+(\w+)\((\d+)<([^>]*)>(.*)$", re.S)
RESUMED = re.compile(r"^(\d+)\s+<\.\.\. (\w+) resumed>.*= (-?\d+)")
ENDED = re.compile(r"\) += (-?\d+)[^=]*$")
NAME = re.compile(r"r\d+-\d{7}")
ESCAPE = re.compile(rb'\\([0-7]{1,3}|x[0-9a-f]{2}|[nrtvf\\"])')
PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v", b"f": b"\f", b"\\": b"\\", b'"': b'"'}


def unescape(text):
    def one(match):
        what = match.group(1)
        if what in PLAIN:
            return PLAIN[what]
        return bytes([int(what[1:], 16) if what[:1] == b"x" else int(what, 8)])

    return ESCAPE.sub(one, text.encode("latin-1"))


def is_commit(arguments):
    """True for the 24 bytes of a frame's header that ends a transaction."""
    match = re.match(r', "(.*)", 24, ', arguments, re.S)
    return bool(match) and int.from_bytes(unescape(match.group(1))[4:8], "big") > 0


class Log:
    def __init__(self):
        self.begun, self.ending = set(), False
        self.written, self.durable = {}, set()
        self.syncs = 0

    def wrote(self, arguments, moment):
        """A write to the log has ended."""
        if ", 24, " in arguments[-60:]:
            self.ending = is_commit(arguments)
            return
        self.begun.update(name for name in NAME.findall(arguments))
        if self.ending:
            for name in self.begun - self.durable:
                self.written.setdefault(name, moment)
            self.begun, self.ending = set(), False

    def synced(self, began):
        self.syncs += 1
        for name in [name for name, moment in self.written.items() if moment < began]:
            del self.written[name]
            self.durable.add(name)


def main(trace, writes):
    log, pending, acknowledged, early = Log(), {}, set(), []
    with open(trace, encoding="latin-1") as lines:
        for moment, line in enumerate(lines):
            resumed = RESUMED.match(line)
            if resumed:
                call, path, arguments, began = pending.pop(resumed.group(1), (None, "", "", 0))
                result = int(resumed.group(3))
            else:
                match = CALL.match(line)
                if not match:
                    continue
                pid, call, _, path, arguments = match.groups()
                began = moment
                # An answer counts from the moment it is handed over, not from when the system says so.
                if call in ("write", "writev", "sendto") and "qiao.db" not in path:
                    for name in NAME.findall(arguments):
                        acknowledged.add(name)
                        if name not in log.durable:
                            early.append(name)
                if "<unfinished ...>" in line:
                    pending[pid] = (call, path, arguments.replace(" <unfinished ...>\n", ", "), began)
                    continue
                ended = ENDED.search(line)
                result = int(ended.group(1)) if ended else -1
            if result < 0 or not path.endswith("-wal"):
                continue
            if call == "pwrite64":
                log.wrote(arguments, moment)
            elif call in ("fdatasync", "fsync"):
                log.synced(began)
    print(
        f"durability: {len(acknowledged)} acknowledged writes, {log.syncs} syncs of the log, "
        f"{len(early)} acknowledged before their sync"
    )
    if len(acknowledged) != writes:
        print(f"durability: {writes} were expected", file=sys.stderr)
        return 1
    return 1 if early else 0


sys.exit(main(sys.argv[1], int(sys.argv[2])))
