#!/usr/bin/env python3
"""Made-up organisations for the bench: whole numbers only, so that any language repeats them bit for bit.

    python3 organizations.py 1000 > organizations.csv
    python3 organizations.py 1000 20 > organizations.csv    # 20 % of the cells are empty
"""
import sys

import numpy as np

SEED = 20210618
REVENUE = [(30, 0, 2_000_000), (55, 2_000_000, 10_000_000), (75, 10_000_000, 50_000_000),
           (88, 50_000_000, 200_000_000), (97, 200_000_000, 1_000_000_000),
           (99, 1_000_000_000, 5_000_000_000), (100, 5_000_000_000, 50_000_000_000)]
RD_PERMILLE = [(35, 0, 1), (75, 1, 40), (90, 40, 100), (98, 100, 300), (100, 300, 900)]
HEADCOUNT = [(45, 1, 20), (75, 20, 100), (92, 100, 400), (98, 400, 1000), (100, 1000, 10000)]
YEAR = [(10, 1990, 2000), (30, 2000, 2010), (60, 2010, 2018), (90, 2018, 2024), (100, 2024, 2026)]
PATENTS = [(60, 0, 1), (85, 1, 4), (95, 4, 11), (100, 11, 200)]
PARK = [(70, 0, 1), (100, 1, 13)]
RENT_AREA = [(40, 0, 1), (75, 20, 500), (92, 500, 2000), (100, 2000, 12000)]
REGIONS = [120101, 120102, 120103, 120103, 120103, 120104, 120105, 120106, 120110, 120111, 120112, 120113,
           120114, 120115, 120116, 120116, 120116, 120116, 120117, 120118, 120119, 110108, 110115, 130102,
           130602, 440307, 440310]
INDUSTRIES = [6511, 6512, 6513, 6519, 6520, 6531, 6540, 6550, 6560, 6429, 6432, 6421, 6450, 8621, 8622, 8625,
              3911, 3913, 3921, 3973, 3974, 3464, 3491, 2770, 3610, 5193, 5292, 7320, 7340, 7513, 7241, 6611]
FACTS = ["annual_revenue", "prev_revenue", "rd_spend", "prev_rd_spend", "headcount", "rd_headcount", "founded",
         "region", "industry", "is_high_tech", "patents_invention", "park_id", "tax_paid", "listed", "rent_area",
         "rent_paid"]


def draw(i, slot):
    x = np.uint64(SEED) + (i * np.uint64(64) + np.uint64(slot)) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def between(i, slot, low, high):
    return low + (draw(i, slot) % np.uint64(high - low)).astype(np.int64)


def bucket(i, slot, table):
    percent = draw(i, slot) % np.uint64(100)
    values, before = np.zeros(len(i), np.int64), 0
    for most, low, high in table:
        here = (percent >= before) & (percent < most)
        values[here] = between(i[here], slot + 1, low, high)
        before = most
    return values


def organizations(i):
    revenue, head, area = bucket(i, 0, REVENUE), bucket(i, 6, HEADCOUNT), bucket(i, 22, RENT_AREA)
    rd = revenue * bucket(i, 3, RD_PERMILLE) // 1000
    founded = bucket(i, 9, YEAR) * 10000 + between(i, 11, 1, 13) * 100 + between(i, 12, 1, 29)
    return [revenue, revenue * between(i, 2, 400, 1400) // 1000, rd, rd * between(i, 5, 500, 1300) // 1000, head,
            head * between(i, 8, 0, 500) // 1000, founded, np.array(REGIONS)[between(i, 13, 0, len(REGIONS))],
            np.array(INDUSTRIES)[between(i, 14, 0, len(INDUSTRIES))], (between(i, 15, 0, 100) < 15).astype(np.int64),
            bucket(i, 16, PATENTS), bucket(i, 18, PARK), revenue * between(i, 20, 0, 120) // 1000,
            (between(i, 21, 0, 100) < 1).astype(np.int64), area, area * between(i, 24, 200, 1500)]


def main():
    count, holes = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    print(",".join(FACTS))
    for start in range(0, count, 65536):
        i = np.arange(start, min(start + 65536, count), dtype=np.uint64)
        columns = [values.astype(str) for values in organizations(i)]
        if holes:
            columns = [np.where(draw(i, 40 + at) % np.uint64(100) < holes, "", values)
                       for at, values in enumerate(columns)]
        print("\n".join(map(",".join, zip(*columns))))


if __name__ == "__main__":
    main()
