"""Runs our half and the peers' of the speed benchmark in turns and prints the medians. Started by speed.sh.

    python speed.py FOLDER_OF_MODELS PAIRS THREADS
"""

import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
JAVA = os.environ.get("JAVA_HOME", "") and os.environ["JAVA_HOME"] + "/bin/"
OURS = [JAVA + "java", *os.environ["SPEED_JAVA_OPTS"].split(), "-cp", os.environ["SPEED_CLASS_PATH"], str(HERE / "LlamaSpeed.java")]
PEER = [sys.executable, str(HERE / "peer_speed.py")]


def main():
    models, pairs, threads = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    print_machine(threads, pairs)
    types = os.environ.get("TYPES", "fp32 bf16").split()
    for type in types:
        folder = models / f"llama-{type}"
        rows = alternate(pairs, threads, type, ["llama", folder], ["llama", folder])
        report(f"SmolLM2-135M shape, {type}", rows)
        llama_cpp(models / f"gguf-{type}" / "model.gguf", type, threads, pairs, rows)
        if os.environ.get("COMPILE"):
            compiled(folder, type, threads, rows)
    for type in types:
        folder = models / f"llava-{type}"
        report(f"LLaVA shape, 576 picture tokens, {type}",
               alternate(pairs, threads, type, ["llava", folder / "original"], ["llava", folder / "hf"]))
    print(f"\nload average at the end: {os.getloadavg()[0]:.1f}")


def alternate(pairs, threads, type, ours, peer):
    """Ours, peer, ours, peer, ...: what disturbs the machine disturbs both. A list of figures for each."""
    rows = {"ours": [], "transformers": []}
    for pair in range(pairs):
        first = figures(OURS + [*map(str, ours), type, threads], ours_environment(threads))
        rows["ours"].append(first)
        length = [str(first["prompt_tokens"])] if "prompt_tokens" in first else []
        rows["transformers"].append(figures(PEER + [*map(str, peer), type, threads, *length], environment(threads)))
        print(f"{type} pair {pair + 1}: {first} {rows['transformers'][-1]}", file=sys.stderr)
    return rows


def figures(command, environment):
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def environment(threads):
    return {**{key: value for key, value in os.environ.items() if key not in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT")}, "OMP_NUM_THREADS": threads}


def ours_environment(threads):
    """As a user with a machine of their own sets it: waiting threads spin as long as the peer's do, libgomp's own measure."""
    waiting = {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "300000"}
    return {**environment(threads), **{key: os.environ.get(key, value) for key, value in waiting.items()}}


def report(title, rows):
    ours, peer = rows["ours"], rows["transformers"]
    tokens = f", prompt of {ours[0]['prompt_tokens']} tokens" if "prompt_tokens" in ours[0] else ""
    print(f"\n## {title}{tokens}\n")
    print(f"floor: {median(ours, 'bandwidth') / 1e9:.1f} GB/s, {ours[0]['weight_bytes'] / 1e6:.0f} MB of weights and the keys "
          f"and values before it a token; peer: {peer[0]['versions']}\n")
    print("| tokens/s | ours | transformers | ratio | of the floor |\n|---|---|---|---|---|")
    for key in [key for key in ours[0] if key.startswith(("prefill", "decode"))]:
        mine, its = median(ours, key), median(peer, key)
        share = f"{100 * shares(ours, key):.0f} %" if key.startswith("decode") else ""
        print(f"| {key} | {mine:.4g} | {its:.4g} | {mine / its:.2f} | {share} |", flush=True)


def shares(rows, key):
    """Each process against the floor that it measured itself."""
    return statistics.median(row[key] / floor(row, key) for row in rows)


def floor(row, key):
    """Tokens a second: a token reads every weight, and the keys and values of all that stands before it."""
    context = int(key.partition("_")[2] or row["prompt_tokens"])
    return row["bandwidth"] / (row["weight_bytes"] + context * row["cache_bytes_a_token"])


def median(rows, key):
    return statistics.median(row[key] for row in rows)


def llama_cpp(gguf, type, threads, pairs, rows):
    bench = os.environ.get("LLAMA_BENCH")
    if not bench or not gguf.exists():
        print("\nllama.cpp: skipped; name its llama-bench in LLAMA_BENCH and put its gguf-py on PYTHONPATH")
        return
    command = [bench, "-m", gguf, "-t", threads, "-r", str(pairs), "-o", "jsonl"]
    lines = []
    for tests in (["-p", "512", "-n", "0"], ["-p", "0", "-n", "128", "-d", "32,640"]):
        done = subprocess.run(command + tests, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True)
        lines += [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    print(f"\nllama.cpp build {lines[0]['build_commit']}, {lines[0]['model_type']}, cache {lines[0]['type_k']}\n")
    print("| tokens/s | ours | llama.cpp | ratio |\n|---|---|---|---|")
    for line in lines:
        key = "prefill" if line["n_prompt"] else f"decode_{line['n_depth']}"
        mine, its = median(rows["ours"], key), statistics.median(line["samples_ts"])
        print(f"| {key} | {mine:.4g} | {its:.4g} | {mine / its:.2f} |", flush=True)


def compiled(folder, type, threads, rows):
    try:
        its = figures(PEER + ["llama", str(folder), type, threads, "--compile"], environment(threads))
    except subprocess.CalledProcessError as error:
        print(f"\ntorch.compile: did not run here (exit {error.returncode})")
        return
    print("\n| tokens/s | ours | transformers, step by torch.compile | ratio |\n|---|---|---|---|")
    for key in [key for key in its if key.startswith("decode")]:
        mine = median(rows["ours"], key)
        print(f"| {key} | {mine:.4g} | {its[key]:.4g} | {mine / its[key]:.2f} |", flush=True)


def print_machine(threads, pairs):
    names = [line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    java = subprocess.run([OURS[0], "-version"], stderr=subprocess.PIPE, text=True).stderr.splitlines()[0]
    print(f"{names[0]}, {os.cpu_count()} cores, {threads} threads, {pairs} pairs in turns, medians; "
          f"load average at the start: {os.getloadavg()[0]:.1f}; {java}; Python {platform.python_version()}", flush=True)


if __name__ == "__main__":
    main()
