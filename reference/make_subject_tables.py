"""Tables of subjects laid out as Sleep-EDF's SC-subjects.xls and ST-subjects.xls are, with invented people, by xlwt.

    python reference/make_subject_tables.py
"""

from pathlib import Path

import xlwt

OUT = Path(__file__).parent.parent / "sleep-core/src/test/resources/org/eegvlm/core/night/subjects"

CASSETTE = [
    ["subject", "night", "age", "sex (F=1)", "LightsOff"],
    [0, 1, 33, 1, (0 * 60 + 38) / 1440],
    [0, 2, 33, 1, (21 * 60 + 57) / 1440],
    [36, 2, 37, 2, (23 * 60 + 30) / 1440],
]
TELEMETRY = [
    ["Subject - age - sex", "", "", "Placebo night", "", "Temazepam night", ""],
    ["Nr", "Age", "M1/F2", "night nr", "lights off", "night nr", "lights off"],
    [1, 60, 1, 1, (23 * 60 + 1) / 1440, 2, (23 * 60 + 48) / 1440],
    [2, 35, 2, 2, (23 * 60 + 59) / 1440, 1, (0 * 60 + 5) / 1440],
]


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    save("SC-subjects.xls", CASSETTE, clock=[4])
    save("ST-subjects.xls", TELEMETRY, clock=[4, 6], merged=[(0, 2), (3, 4), (5, 6)])
    save("other.xls", [["subject", "age"], [1, 20]])
    save("sex.xls", [CASSETTE[0], [0, 1, 33, 3, 0.5]])
    save("text.xls", [CASSETTE[0], ["0", 1, 33, 1, 0.5]])
    save("coloured.xls", [CASSETTE[0] + [""], CASSETTE[1] + [""], [""] * 6])


def save(name, rows, clock=(), merged=()):
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    time = xlwt.easyxf(num_format_str="h:mm")
    for first, last in merged:
        sheet.write_merge(0, 0, first, last, rows[0][first])
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            if not (merged and i == 0):
                sheet.write(i, j, value, *([time] if j in clock and i > 0 else []))
    book.save(OUT / name)


main()
