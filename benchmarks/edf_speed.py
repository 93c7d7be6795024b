"""The others' side of edf_speed.sh: opens a recording, reads one channel whole, closes; one line a figure."""

import statistics
import sys
import time
import warnings

LABEL = "EEG Fpz-Cz"


def with_mne(file):
    return lambda: mne.io.read_raw_edf(file, preload=False, verbose="ERROR").get_data(picks=[LABEL])


def with_pyedflib(file):
    def read():
        with pyedflib.EdfReader(file) as reader:
            return reader.readSignal(reader.getSignalLabels().index(LABEL))
    return read


warnings.simplefilter("ignore")
who, file, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
if who == "mne":
    import mne
    read = with_mne(file)
else:
    import pyedflib
    read = with_pyedflib(file)
times = []
for _ in range(rounds):
    start = time.perf_counter()
    read()
    times.append((time.perf_counter() - start) * 1e3)
print(f"first\t{times[0]:.3f}\nmedian\t{statistics.median(times):.3f}")
for line in open("/proc/self/status"):
    if line.startswith("VmHWM:"):
        print(f"resident_mb\t{int(line.split()[1]) / 1e3:.3f}")
