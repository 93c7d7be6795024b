"""What three readers say about the odd EDF and BDF files of three worlds: header fields, samples, annotations.

    python reference/make_edf.py FOLDER

FOLDER holds edf-fixtures/ (test files of edfio, pyEDFlib, MNE, EDF.jl, edfReader, edfize, EDF4J and EEGLAB), psg/ and
sleep-edf/, as the tests' property eegvlm.testData. edfio is written down, since it reads most; pyEDFlib and MNE must say the
same, or NOTES tells in what they differ and whom we follow. Anything else ends the script.
"""

import hashlib
import importlib.metadata
import json
import pathlib
import sys
import warnings

import edfio
import mne
import numpy
import pyedflib

warnings.simplefilter("ignore")
mne.set_log_level("ERROR")

OUT = pathlib.Path(__file__).parent.parent / "sleep-core/src/test/resources/org/eegvlm/core/edf/readers.json"

NOTES = {
    # file: {what: (reader that differs, why we do not follow it)}
    "edf4j-invalid.edf": {"all": "all three refuse it: its version is blank, and so is its number of signals"},
    "edfize-zero-data-records.edf": {"pyedflib": "refuses a file without records; edfio and MNE open it"},
    "edfjl-bdf_test.edf": {"pyedflib": "refuses EDF+ without a signal for annotations; edfio and MNE read its samples"},
    "mne-test.bdf": {"pyedflib": "refuses a number of records that is not at the left of its field; edfio and MNE do not"},
    "edfreader-edfPlusD.edf": {"pyedflib": "refuses gaps; edfio and MNE read the samples as if there were none, we keep them"},
    "edfreader-bdfPlusD.bdf": {
        "pyedflib": "reads the annotations as samples, since a BDF file says 'EDF+D'; edfio and MNE do not"
    },
    # MNE leaves out what lies beyond the last sample; the others keep it, and so do we.
    "edfjl-evt.bdf": {"mne annotations": "drops those after the recording's end"},
    "edfreader-bdfPlusC.bdf": {"mne annotations": "drops the one after the recording's end"},
    "edfreader-edfPlusC.edf": {"mne annotations": "drops the one after the recording's end"},
    # pyEDFlib 0.1.40 takes units of 100 ns for microseconds divided by a hundred; edfio's fraction is the file's.
    "edfio-test_subsecond.edf": {"pyedflib start": "misplaces the fraction of a second"},
    "pyedflib-test_subsecond.edf": {"pyedflib start": "misplaces the fraction of a second"},
    "mne-testing-subsecond_starttime.edf": {"pyedflib start": "misplaces the fraction of a second"},
    "edfreader-edfAnnonC.edf": {"pyedflib start": "misplaces the fraction of a second"},
}

# Nights that began after midnight: the recording field tells the evening's date, the start date the morning's.
for name in ("ST7021JM", "ST7071JA", "ST7092JE", "ST7131JR", "ST7132JR", "ST7141JE", "ST7142JE"):
    NOTES[f"{name}-Hypnogram.edf"] = {"pyedflib": "refuses two start dates; edfio and MNE take the recording field's"}


def sha(samples):
    return hashlib.sha256(numpy.ascontiguousarray(samples).astype("<i4").tobytes()).hexdigest()


def annotation_lines(annotations):
    """Onset and duration in whole microseconds, so that every language prints them alike."""
    rows = sorted(
        (round(onset * 1e6), -1 if duration is None else round(duration * 1e6), text)
        for onset, duration, text in annotations
        if text
    )
    return "".join(f"{onset}\t{duration}\t{text}\n" for onset, duration, text in rows)


def by_edfio(path, wide):
    file = (edfio.read_bdf if wide else edfio.read_edf)(str(path))
    signals = []
    for s in file.signals:
        picks = sorted({0, len(s.digital) // 3, len(s.digital) - 1}) if len(s.digital) else []
        signals.append({
            "label": s.label, "unit": s.physical_dimension, "rateHz": s.sampling_frequency,
            "samplesPerRecord": s.samples_per_data_record, "samples": len(s.digital),
            "digitalMin": s.digital_min, "digitalMax": s.digital_max,
            "physicalMin": s.physical_min, "physicalMax": s.physical_max,
            "sha256": sha(s.digital), "physical": [[i, float(s.data[i])] for i in picks],
        })
    lines = annotation_lines([(a.onset, a.duration, a.text) for a in file.annotations])
    return {
        "start": f"{file.startdate}T{file.starttime}", "recordCount": file.num_data_records,
        "recordSeconds": file.data_record_duration, "signals": signals, "annotations": lines,
    }


def differences_of_pyedflib(path, golden):
    try:
        file = pyedflib.EdfReader(str(path))
    except OSError as refusal:
        return {"pyedflib"} if refusal else set()
    found = set()
    with file:
        start = file.getStartdatetime()
        if start.isoformat() != golden["start"]:
            found.add("pyedflib start")
        if file.signals_in_file != len(golden["signals"]):
            return found | {"pyedflib"}
        if golden["signals"] and file.datarecords_in_file != golden["recordCount"]:
            found.add("pyedflib records")
        for i, signal in enumerate(golden["signals"]):
            mine = [file.getLabel(i), file.getPhysicalDimension(i), file.getDigitalMinimum(i), file.getDigitalMaximum(i),
                    file.getPhysicalMinimum(i), file.getPhysicalMaximum(i), sha(file.readSignal(i, digital=True))]
            theirs = [signal[k].strip() if isinstance(signal[k], str) else signal[k] for k in
                      ("label", "unit", "digitalMin", "digitalMax", "physicalMin", "physicalMax", "sha256")]
            if mine != theirs:
                found.add("pyedflib signal")
            span = abs(signal["physicalMax"] - signal["physicalMin"])
            if any(abs(file.readSignal(i, n, 1)[0] - value) > span * 2**-50 for n, value in signal["physical"]):
                found.add("pyedflib physical")
        onsets, durations, texts = file.readAnnotations()
        lines = annotation_lines([(o, None if d < 0 else d, t) for o, d, t in zip(onsets, durations, texts)])
        if lines != golden["annotations"]:
            found.add("pyedflib annotations")
    return found


def differences_of_mne(path, wide, golden):
    raw = (mne.io.read_raw_bdf if wide else mne.io.read_raw_edf)(str(path), stim_channel=False)
    found = set()
    if raw.info["meas_date"].replace(tzinfo=None).isoformat() != golden["start"][:19]:
        found.add("mne start")
    if len(raw.ch_names) != len(golden["signals"]):
        return found | {"mne"}
    if not golden["signals"]:
        return found  # it knows no recording without signals, and cuts their annotations at its end
    # A moment has duration 0 there, and onsets are rounded to the microsecond.
    no_moments = lambda lines: sorted(line.replace("\t-1\t", "\t0\t") for line in lines.splitlines())
    mine = annotation_lines([(a["onset"], a["duration"], a["description"]) for a in raw.annotations])
    if [l.split("\t")[1:] for l in no_moments(mine)] != [l.split("\t")[1:] for l in no_moments(golden["annotations"])]:
        found.add("mne annotations")
    fastest = max((s["rateHz"] for s in golden["signals"]), default=0)
    volts = {"uV": 1e-6, "mV": 1e-3, "V": 1.0}
    for i, signal in enumerate(golden["signals"]):
        if signal["rateHz"] == fastest and signal["unit"] in volts and signal["samples"]: # others are resampled, or no volts
            span = abs(signal["physicalMax"] - signal["physicalMin"])
            for n, value in signal["physical"]:
                if abs(raw[i, n:n + 1][0][0, 0] / volts[signal["unit"]] - value) > span * 1e-9:
                    found.add("mne physical")
    return found


def describe(path):
    wide = path.read_bytes()[:1] == b"\xff"
    notes = NOTES.get(path.name, {})
    if "all" in notes:
        for reader in (lambda: by_edfio(path, wide), lambda: pyedflib.EdfReader(str(path)),
                       lambda: mne.io.read_raw_edf(str(path))):
            try:
                reader()
            except Exception:
                continue
            sys.exit(f"{path.name}: one reader takes it")
        return {"refused": notes["all"]}
    golden = by_edfio(path, wide)
    found = differences_of_pyedflib(path, golden) | differences_of_mne(path, wide, golden)
    if found != set(notes):
        sys.exit(f"{path.name}: differences {sorted(found)}, notes {sorted(notes)}")
    lines = golden["annotations"]
    golden["annotations"] = {"count": lines.count("\n"), "sha256": hashlib.sha256(lines.encode()).hexdigest()}
    return golden | {"notes": [f"{who}: {why}" for who, why in notes.items()]}


def main(folder):
    files = sorted((folder / "edf-fixtures").iterdir())
    files += [folder / "psg/Osas2002plusQRS.edf", folder / "sleep-edf/SC4001E0-PSG-first5min.edf"]
    hypnograms = sorted((folder / "sleep-edf/hypnograms").glob("*.edf"))
    golden = {
        "readers": {name: importlib.metadata.version(name) for name in ("pyedflib", "edfio", "mne")},
        "files": {str(f.relative_to(folder)): describe(f) for f in files},
        "hypnograms": {f.name: [g["start"], *g["annotations"].values()] for f in hypnograms for g in [describe(f)]},
    }
    OUT.write_text(json.dumps(golden, separators=(",", ":"), ensure_ascii=False) + "\n")
    print(f"{OUT}: {len(files)} files, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
