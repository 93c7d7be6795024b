"""Writes a TensorBoard event file with TensorBoard's own protocol buffers and record writer, and reads it with its own
reader. Ours must have the same bytes.

Made with Python 3.11, tensorboard 2.19.0, protobuf 5.29.5:

    python reference/make_events.py finetune/src/test/resources/org/eegvlm/finetune/output
"""

import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

WALL_TIME = 1_700_000_000.25


def event(**fields) -> bytes:
    return Event(wall_time=WALL_TIME, **fields).SerializeToString()


def scalars(step: int, **values: float) -> bytes:
    tags = {name.replace("_", "/", 1): value for name, value in values.items()}
    return event(step=step, summary=Summary(value=[Summary.Value(tag=t, simple_value=v) for t, v in tags.items()]))


def main(folder: Path) -> None:
    file = folder / "events.tfevents"
    with open(file, "wb") as out:
        writer = RecordWriter(out)
        writer.write(event(file_version="brain.Event:2"))
        writer.write(event(step=301, session_log=SessionLog(status=SessionLog.START)))
        writer.write(scalars(301, train_loss=0.75, train_learning_rate=2e-4))
        writer.write(scalars(70_000, eval_kappa=-0.125))
        writer.flush()
    reader = EventAccumulator(str(file)).Reload()
    assert [(e.step, e.value) for e in reader.Scalars("train/loss")] == [(301, 0.75)]
    assert [(e.step, e.value) for e in reader.Scalars("eval/kappa")] == [(70_000, -0.125)]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
