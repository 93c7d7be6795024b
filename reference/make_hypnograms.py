"""Writes what SleepEdfHypnogramsTest expects: MNE's annotations of the 197 official hypnograms of Sleep-EDF Expanded.

For each file, how many epochs of 30 s each text lasts; what none covers, before the last one's end, counts as '?'.
Made with Python 3.11, mne 1.9.0 (pyEDFlib refuses ST7021JM for its recording field):

    python reference/make_hypnograms.py sleep-edf/hypnograms \
        > sleep-core/src/test/resources/org/eegvlm/core/night/sleep-edf-stages.json
"""

import json
import sys
from pathlib import Path

import mne

SHORT = {"Movement time": "Movement"} | {f"Sleep stage {s}": s for s in "W1234R?"}


def stages(file):
    counts = {}
    until = 0
    for annotation in mne.read_annotations(file):
        stage = SHORT[annotation["description"]]
        counts[stage] = counts.get(stage, 0) + annotation["duration"] / 30
        until = max(until, (annotation["onset"] + annotation["duration"]) / 30)
    unscored = until - sum(counts.values()) + counts.get("?", 0)
    return counts | ({"?": unscored} if unscored else {})


files = sorted(Path(sys.argv[1]).glob("*-Hypnogram.edf"))
lines = (f"{json.dumps(file.name)}: {json.dumps(stages(file))}" for file in files)
print("{\n" + ",\n".join(lines) + "\n}")
