#!/usr/bin/env python3
"""Whether the campaigns find faults: each is put into a copy of the tree, and the campaign that must find it is run.

    python3 tests/campaign/calibrate.py [--record] [CAMPAIGN|NAME ...]

All faults are built at once; the variable WEIGHBRIDGE_MUTANT says which of them is awake, and only the copy knows it. The last line says
whether all were found, and so does the exit code. `--record` writes what was found, and how fast, into `RELIABILITY.md`. It builds the
engine once more, which is why it is no part of `.ci/run`; CALIBRATION_TARGET_DIR names a folder that is kept for the next time.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS = 120

HOOK = '''
/// Whether a fault is awake.
pub fn mutant(name: &str) -> bool {
    static AWAKE: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    AWAKE.get_or_init(|| std::env::var("WEIGHBRIDGE_MUTANT").unwrap_or_default()) == name
}
'''
AWAKE = "weighbridge_model::mutant"

# Name, campaigns, what is wrong, file, what stands there, what is put there.
MUTANTS = [
    (
        "hold-kept", ["model", "faults"], "a hold that is released is not given back", "host/store/src/verbs/release.rs",
        "meter::release(&batch.reservation, &mut accounts)?;",
        'if !@("hold-kept") { meter::release(&batch.reservation, &mut accounts)?; }',
    ),
    (
        "cursor-stays", ["model"], "a settlement leaves the cursor where it was", "host/store/src/verbs/settle.rs",
        "if let Some(checkpoint) = checkpoint {",
        'if let Some(checkpoint) = checkpoint.filter(|_| !@("cursor-stays")) {',
    ),
    (
        "one-more-billed", ["model"], "a batch is billed with one record less where it has two",
        "host/store/src/verbs/settle.rs",
        "let amounts = Amounts { records: counts.delivered,",
        'let amounts = Amounts { records: counts.delivered - u64::from(@("one-more-billed") && counts.delivered == 2),',
    ),
    (
        "key-of-attempt", ["edges", "kill"], "the key under which lines are sent is another one in each attempt",
        "host/engine/src/pipeline/deliver.rs",
        "let key = key::delivery(held.batch.id, verb, lines);",
        'let mut key = key::delivery(held.batch.id, verb, lines);\n'
        '    if @("key-of-attempt") { key.replace_range(..4, &format!("{:04}", held.batch.reservation.attempt())); }',
    ),
    (
        "released-though-sent", ["faults"], "a batch that may have arrived counts as unsent when its attempt ends",
        "host/engine/src/pipeline/deliver.rs",
        "*unsent &= load.is_empty();",
        '*unsent &= load.is_empty() || @("released-though-sent");',
    ),
    (
        "again-is-new", ["faults"], "a batch that an earlier attempt held counts as one that nobody sent",
        "host/engine/src/pipeline/mod.rs",
        "*unsent = !held.again;\n        let moved",
        '*unsent = !held.again || @("again-is-new");\n        let moved',
    ),
    (
        "append-not-kept", ["kill"], "the lines of an `append` are not kept before they are sent",
        "host/engine/src/pipeline/dispatch.rs",
        "if write != WriteMode::Append ||",
        'if write != WriteMode::Append || @("append-not-kept") ||',
    ),
    (
        "second-of-two", ["zones"], "a civil time in an overlap falls on the second of its two instants",
        "host/model/src/schedule/zone.rs",
        "AmbiguousOffset::Fold { before, .. } => timestamp(before, time),",
        'AmbiguousOffset::Fold { before, after } => timestamp(if crate::mutant("second-of-two") { after } else { before }, time),',
    ),
    (
        "piece-too-long", ["zones"], "the instant of a transition belongs to the piece before it",
        "host/model/src/schedule/cron.rs",
        "Some(end) if next >= end => {",
        'Some(end) if next > end || (next == end && !crate::mutant("piece-too-long")) => {',
    ),
    (
        "either-is-both", ["zones"], "of two restricted day fields only the day of the month counts",
        "host/model/src/schedule/civil.rs",
        "vec![fields.wording(Some(&fields.day), None), fields.wording(None, Some(&fields.weekday))]",
        'if crate::mutant("either-is-both") { vec![fields.wording(Some(&fields.day), None)] } else { '
        "vec![fields.wording(Some(&fields.day), None), fields.wording(None, Some(&fields.weekday))] }",
    ),
]


def copy(to):
    """The tree as it is committed, with every fault in it and none awake."""
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", to], input=archive, check=True)
    library = to / "host/model/src/lib.rs"
    library.write_text(library.read_text() + HOOK)
    for name, _, _, path, stands, put in MUTANTS:
        file = to / path
        text = file.read_text()
        if text.count(stands) != 1:
            sys.exit(f"{name}: {path} has {text.count(stands)} places for it")
        file.write_text(text.replace(stands, put.replace("@(", AWAKE + "(")))


def run(place, campaign, name, seconds=SECONDS):
    """Whether a campaign fails, after how many seconds, and its first words."""
    begun = time.monotonic()
    command = [place / "weighbridge-campaign", campaign, "--seconds", str(seconds), "--seed", "1"]
    done = subprocess.run(command, env={**os.environ, "WEIGHBRIDGE_MUTANT": name}, capture_output=True, text=True)
    said = [line for line in (done.stdout + done.stderr).splitlines() if line.startswith(campaign + ":")]
    return done.returncode != 0, time.monotonic() - begun, said[-1] if said else "it said nothing"


def main():
    words = sys.argv[1:]
    names = [word for word in words if not word.startswith("-")]
    wanted = [one for one in MUTANTS if not names or one[0] in names or set(one[1]) & set(names)]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        tree = pathlib.Path(folder)
        copy(tree)
        target = pathlib.Path(os.environ.get("CALIBRATION_TARGET_DIR", tree / "target"))
        env = {**os.environ, "CARGO_TARGET_DIR": str(target), "CARGO_INCREMENTAL": "0"}
        built = ["weighbridge-campaign"]
        campaigns = sorted({campaign for _, of_it, *_ in wanted for campaign in of_it})
        if {"kill", "faults"} & set(campaigns):
            built.append("weighbridge")
        packages = ["-p", "weighbridge-campaign", "-p", "weighbridge-cli"][: 2 * len(built)]
        subprocess.run(["cargo", "build", "--quiet", *packages], cwd=tree, env=env, check=True)
        # A target folder that is shared may get others meanwhile.
        place = tree / "built"
        place.mkdir()
        for binary in built:
            shutil.copy2(target / "debug" / binary, place)
        # A campaign that fails of itself finds nothing.
        for campaign in campaigns:
            failed, _, said = run(place, campaign, "none", 15)
            if failed:
                sys.exit(f"without a fault awake: {said}")
        for name, of_it, what, *_ in wanted:
            for campaign in of_it:
                found, seconds, said = run(place, campaign, name)
                rows.append((campaign, what, f"{seconds:.0f} s" if found else f"not in {SECONDS} s"))
                print(f"{campaign}: {name}: {rows[-1][2]}: {said[:300]}", flush=True)
    if "--record" in words:
        record(rows)
    missed = [row for row in rows if row[2].startswith("not")]
    print(f"calibration: {len(rows) - len(missed)} of {len(rows)} found", flush=True)
    return 1 if missed or not rows else 0


def record(rows):
    """Puts the part `calibration` in the place of the one before."""
    path = ROOT / "RELIABILITY.md"
    table = "".join(f"| {campaign} | {what} | {found} |\n" for campaign, what, found in rows)
    part = (
        "\n## calibration\n\nFaults that were put into a copy of the tree by `tests/campaign/calibrate.py`, one awake at a time, from seed 1 on, in a dev"
        f" build.\n\n| campaign | fault | found after |\n|---|---|---|\n{table}"
    )
    text = re.sub(r"\n## calibration\n.*?(?=\n## |\Z)", "", path.read_text(), flags=re.S)
    path.write_text(text + part)


sys.exit(main())
