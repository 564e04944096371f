"""The same work for every side: durable debits of wallets, in one file that all of them read.

A line is a debit: its number, the wallet's, the seconds. Some wallets are busier than others (Zipf) or none is (uniform); some
lines come again as they were (replays), some come again with other seconds (conflicts), and some wallets were given too little,
so that they run dry on the way.
"""
import bisect
import dataclasses
import itertools
import random

SECONDS_MOST = 240
REPLAY_SHARE, CONFLICT_SHARE, DRY_SHARE = 0.02, 0.005, 0.05
# A line comes again after so many others: with several batches under way at once nobody could say which of two came first.
LOOK_BACK = range(50_000, 150_000)
FUNDED_SECONDS = 1_000_000_000
DRY_SECONDS = 600
ZIPF = 0.99


@dataclasses.dataclass
class Workload:
    """Where the file is, and what must have come of it. `left` has each wallet's seconds in the end."""
    path: str
    wallets: int
    lines: int
    funded: list
    left: list
    replays: int = 0
    conflicts: int = 0

    def __post_init__(self):
        self.debits = self.lines - self.replays - self.conflicts


def chooser(dice, wallets, spread):
    if spread == "uniform":
        return lambda: dice.randrange(wallets)
    sums = list(itertools.accumulate(1 / rank ** ZIPF for rank in range(1, wallets + 1)))
    places = list(range(wallets))
    dice.shuffle(places)
    return lambda: places[bisect.bisect(sums, dice.random() * sums[-1])]


def write(path, lines, wallets, spread, seed):
    """Writes the file and works out its end with nothing but a list."""
    dice = random.Random(seed)
    choose = chooser(dice, wallets, spread)
    funded = [DRY_SECONDS if dice.random() < DRY_SHARE else FUNDED_SECONDS for _ in range(wallets)]
    left, past, replays, conflicts = list(funded), [], 0, 0
    with open(path, "w", encoding="ascii") as file:
        for _ in range(lines):
            fate = dice.random()
            back = dice.choice(LOOK_BACK) if fate < REPLAY_SHARE + CONFLICT_SHARE else len(past) + 1
            if back <= len(past):
                number, wallet, seconds = past[-back]
                if fate < REPLAY_SHARE:
                    replays += 1
                else:
                    seconds, conflicts = seconds + 1, conflicts + 1
            else:
                number, wallet, seconds = len(past) + 1, choose(), dice.randint(1, SECONDS_MOST)
                past.append((number, wallet, seconds))
                left[wallet] -= seconds
            file.write(f"{number} {wallet} {seconds}\n")
    return Workload(str(path), wallets, lines, funded, left, replays, conflicts)


def batches(workload, size):
    """The lines as triples of numbers, `size` at a time."""
    with open(workload.path, encoding="ascii") as file:
        while batch := [tuple(map(int, line.split())) for line in itertools.islice(file, size)]:
            yield batch
