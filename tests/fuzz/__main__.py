"""`make fuzz`: every fault at every call, mixes, a lying supplier, strangers, people with roles, and an outage of an hour."""

import argparse
import asyncio

from tests.fuzz import own, vouchers
from tests.fuzz.campaign import campaign, play_outage
from tests.fuzz.faults import matrix


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--no-matrix", action="store_true")
    parser.add_argument(
        "--vouchers", type=int, default=0, help="cases of the second supplier; 0: all"
    )
    parser.add_argument("--own", type=int, default=0, help="cases of the own stock; 0: all")
    parser.add_argument("--mixes", type=int, default=60)
    parser.add_argument("--nonsense", type=int, default=100)
    parser.add_argument("--strangers", type=int, default=10, help="rounds of 400 acts")
    parser.add_argument("--staff", type=int, default=10, help="rounds of 400 acts")
    parser.add_argument("--outage", type=int, default=200, help="orders; 0: none")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    counts = {"matrix": 0 if asked.no_matrix else len(matrix())}
    counts["vouchers"] = asked.vouchers or len(vouchers.matrix())
    counts["own"] = asked.own or len(own.matrix())
    counts |= {"mixes": asked.mixes, "nonsense": asked.nonsense}
    counts |= {"strangers": asked.strangers, "staff": asked.staff}
    well = campaign({kind: count for kind, count in counts.items() if count}, asked.seed)
    if asked.outage:
        asyncio.run(play_outage(asked.outage))
    raise SystemExit(0 if well else 1)


if __name__ == "__main__":
    main()
