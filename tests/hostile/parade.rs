//! Every guest of the folders beside this file, what it is asked, and how it ends.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use weighbridge_sandbox::{Connector, Ended, Limits, StartError, Stop};

use super::call::Call::{self, *};
use super::frame::{connector, sandbox};
use super::host::Host;
use super::{apart, check_serving};

type Case = (&'static str, &'static [Call], &'static [Stop]);

/// Which of the two comes first depends on how fast the machine is.
const OUT_OF_TIME: &[Stop] = &[Stop::CpuExhausted, Stop::DeadlinePassed];
const TRAPPED: &[Stop] = &[Stop::Trapped];
const METHODS: &[Call] = &[Check, Discover, Receive, On, Next, Acknowledge, Write, Remove, Finish, Abandon];
const OPENS: &[Call] = &[OpenReader, OpenWriter];

const LOOPS: &[Case] = &[
    ("loops/calls", METHODS, &[Stop::CpuExhausted]),
    ("loops/opens", OPENS, &[Stop::CpuExhausted]),
    ("loops/post_return", &[Discover], &[Stop::CpuExhausted]),
    ("loops/dropped", &[OpenReaderAgain], &[Stop::CpuExhausted]),
    ("loops/realloc_of_answer", &[Check], &[Stop::CpuExhausted]),
    ("loops/fill", &[Check], &[Stop::CpuExhausted]),
];

const FLOODS: &[Case] = &[
    ("floods/cancelled", &[Check], OUT_OF_TIME),
    ("floods/clock", &[Check], OUT_OF_TIME),
    ("floods/config", &[Check], OUT_OF_TIME),
    ("floods/files", &[Check], OUT_OF_TIME),
    ("floods/headers", &[Check], OUT_OF_TIME),
    ("floods/log", &[Check], OUT_OF_TIME),
    ("floods/progress", &[Check], OUT_OF_TIME),
    ("floods/random", &[Check], OUT_OF_TIME),
    ("floods/read", &[Check], OUT_OF_TIME),
    ("floods/send", &[Check], OUT_OF_TIME),
    ("floods/send_and_drop", &[Check], OUT_OF_TIME),
    ("floods/sign", &[Check], OUT_OF_TIME),
    ("floods/sleep", &[Check], OUT_OF_TIME),
    ("floods/sleep_longest", &[Check], &[Stop::DeadlinePassed]),
];

const BOMBS: &[Case] = &[
    ("bombs/catalog", &[Discover], &[Stop::AnswerTooLarge]),
    ("bombs/cursor", &[Next], TRAPPED),
    ("bombs/deliveries", &[Receive], &[Stop::AnswerTooLarge]),
    ("bombs/grow_by_one", &[Check], &[Stop::MemoryExhausted]),
    ("bombs/headers", &[Check], &[Stop::AnswerTooLarge]),
    ("bombs/recurse_indirect", &[Check], TRAPPED),
    ("bombs/rejections", &[Write], &[Stop::AnswerTooLarge]),
    ("bombs/request", &[Check], &[Stop::AnswerTooLarge]),
    ("bombs/table_born", &[Start], &[Stop::TableTooLarge]),
];

const POINTERS: &[Case] = &[
    ("pointers/answer_misaligned", &[Discover], TRAPPED),
    ("pointers/answer_outside", &[Discover], TRAPPED),
    ("pointers/list_misaligned", &[Write], TRAPPED),
    ("pointers/list_wraps", &[Write], TRAPPED),
    ("pointers/overlapping", &[Next], &[Stop::JsonInvalid, Stop::LineUnended, Stop::NulRefused]),
    ("pointers/realloc_misaligned", &[Receive], TRAPPED),
    ("pointers/realloc_outside", &[OpenReader, OpenWriter, Receive, Abandon], TRAPPED),
    ("pointers/realloc_traps", &[OpenReader, OpenWriter, Receive, Abandon], TRAPPED),
    ("pointers/text_outside", &[Discover], TRAPPED),
    ("pointers/text_to_the_end", &[Discover], TRAPPED),
    ("pointers/text_wraps", &[Discover], TRAPPED),
    ("texts/beyond", &[Discover], &[Stop::TextInvalid]),
    ("texts/cut", &[Discover], &[Stop::TextInvalid]),
    ("texts/overlong", &[Discover], &[Stop::TextInvalid]),
    ("texts/surrogate", &[Discover], &[Stop::TextInvalid]),
    ("variants/argument", &[Check], TRAPPED),
    ("variants/checkpoint", &[Next], TRAPPED),
    ("variants/failure_class", &[Check], TRAPPED),
    ("variants/failure_option", &[Check], TRAPPED),
    ("variants/log_level", &[Check], TRAPPED),
    ("variants/result", &[Check], TRAPPED),
];

const HANDLES: &[Case] = &[
    ("handles/another_kind", &[Check], TRAPPED),
    ("handles/dropped_twice", &[Check], TRAPPED),
    ("handles/dropping_traps", &[OpenReaderAgain], TRAPPED),
    ("handles/file_forged", &[Check], TRAPPED),
    ("handles/forged", &[Check], TRAPPED),
    ("handles/open_again", &[OpenReaderAgain], TRAPPED),
    ("handles/open_another_kind", &[OpenWriter], TRAPPED),
    ("handles/open_dropped", &[OpenReader], TRAPPED),
    ("handles/open_forged", &[OpenReader], TRAPPED),
    ("handles/used_after_drop", &[Check], TRAPPED),
    ("handles/zero", &[Check], TRAPPED),
    ("reentry/post_return", &[Discover], TRAPPED),
    ("reentry/realloc", &[OpenReader], TRAPPED),
];

const TRAPS: &[Case] = &[
    ("traps/calls", METHODS, TRAPPED),
    ("traps/divide", &[Check], TRAPPED),
    ("traps/null", &[Check], TRAPPED),
    ("traps/opens", OPENS, TRAPPED),
    ("traps/outside", &[Check], TRAPPED),
    ("traps/start", &[Start], TRAPPED),
];

const LIES: &[Case] = &[
    ("lies/assigned_repeated", &[Write], &[Stop::AssignedRepeated]),
    ("lies/blank_lines", &[Next], &[Stop::JsonInvalid]),
    ("lies/brackets", &[Next], &[Stop::JsonInvalid]),
    ("lies/delivery", &[Receive], &[Stop::LineUnended]),
    ("lies/escapes", &[Next], &[Stop::JsonInvalid]),
    ("lies/more_for_ever", &[NextForEver], &[Stop::ReaderStuck]),
    ("lies/nul", &[Next], &[Stop::NulRefused]),
    ("lies/rejected_last", &[Write], &[Stop::RejectionOutside]),
    ("lies/removed_not_json", &[Next], &[Stop::JsonInvalid]),
    ("lies/taken", &[Write], &[Stop::ReceiptTooLarge]),
    ("lies/wait_for_nothing", &[NextForEver], &[Stop::ReaderStuck]),
];

/// Guests that are allowed what they do, or that the tests beside these look at.
const ELSEWHERE: &[&str] = &[
    "bombs/failure",
    "bombs/memory_beyond",
    "bombs/rejection_texts",
    "bombs/table_beyond",
    "lies/fell_behind_a_key",
    "lies/fell_later",
    "lies/filtered",
    "lies/long_line",
    "lies/remaining",
    "lies/wait_longest",
    "pointers/shared",
    "reentry/start",
    "traps/after_failure",
    "wasi/exit",
    "wasi/print",
    "wasi/random",
    "wasi/sockets",
    "wasi/wait",
];

const GROUPS: [&[Case]; 7] = [LOOPS, FLOODS, BOMBS, POINTERS, HANDLES, TRAPS, LIES];

/// Far longer than a guest has, for machines that are busy.
const PATIENCE: Duration = Duration::from_secs(20);

/// What all bombs together may add to this program's memory: the most that one guest may have, and room for the host.
const GROWTH_KIB_MAX: u64 = 96 << 10;

fn limits() -> Limits {
    Limits { call_wall: Duration::from_millis(600), call_cpu: Duration::from_millis(100), ..Limits::default() }
}

async fn ask(connector: &Connector, call: Call) -> Result<(), Ended> {
    match sandbox().start(connector, limits(), Box::new(Host::default())).await {
        Ok(mut guest) => {
            let outcome = call.ask(&mut guest).await;
            if let Err(Ended::Stopped(stopped)) = &outcome {
                let again = guest.check().await;
                assert_eq!(again, Err(Ended::Stopped(stopped.clone())), "a stopped guest answers every call the same");
            }
            outcome
        }
        Err(StartError::Stopped(stopped)) => Err(Ended::Stopped(stopped)),
        Err(full @ StartError::Full { .. }) => panic!("{full}"),
    }
}

/// A guest of the same connector works that is asked something harmless, and so does one of another.
async fn check_sibling(connector: &Connector, calls: &[Call]) {
    let harmless = if calls.contains(&On) { OpenReader } else { On };
    if !calls.contains(&Start) {
        ask(connector, harmless).await.unwrap();
    }
    check_serving().await;
}

async fn check(cases: &[Case]) {
    for (name, calls, stops) in cases {
        let connector = connector(name).await;
        for call in *calls {
            let begun = Instant::now();
            let outcome = ask(&connector, *call).await;
            let Err(Ended::Stopped(stopped)) = outcome else { panic!("{name} {call:?}: {outcome:?}") };
            assert!(stops.contains(&stopped.stop), "{name} {call:?}: {stopped}");
            assert!(begun.elapsed() < PATIENCE, "{name} {call:?} took {:?}", begun.elapsed());
            check_sibling(&connector, calls).await;
        }
    }
}

#[tokio::test]
async fn ends_what_never_ends() {
    check(LOOPS).await;
}

#[tokio::test]
async fn ends_what_asks_the_host_for_ever() {
    check(FLOODS).await;
}

#[test]
fn ends_what_wants_too_much_and_stays_small() {
    let grown = apart::growth_kib(&apart::run("hostile::parade::bombs_alone", 6 * PATIENCE));
    assert!(grown < GROWTH_KIB_MAX, "the bombs took {grown} KiB");
}

#[tokio::test]
#[ignore = "run in a process of its own, whose memory is measured"]
async fn bombs_alone() {
    check_serving().await;
    for (name, ..) in BOMBS {
        connector(name).await;
    }
    apart::measured(check(BOMBS)).await;
}

#[tokio::test]
async fn ends_what_points_where_nothing_is() {
    check(POINTERS).await;
}

#[tokio::test]
async fn ends_what_holds_things_it_does_not_have() {
    check(HANDLES).await;
}

#[tokio::test]
async fn ends_what_crashes() {
    check(TRAPS).await;
}

#[tokio::test]
async fn ends_what_does_not_tell_the_truth() {
    check(LIES).await;
}

#[test]
fn every_guest_of_the_folders_is_asked_something() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/hostile");
    let folders = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let files = folders.flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    let name = |path: &Path| {
        let folder = path.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
        format!("{folder}/{}", path.file_stem().unwrap().to_str().unwrap())
    };
    let guests = files.filter(|path| path.extension().is_some_and(|extension| extension == "wat"));
    let found: BTreeSet<String> = guests.map(|path| name(&path)).collect();
    let asked = GROUPS.concat().into_iter().map(|(name, ..)| name.to_owned());
    let asked: BTreeSet<String> = asked.chain(ELSEWHERE.iter().map(|name| (*name).to_owned())).collect();
    assert_eq!(found, asked);
}
