//! Cutting a batch into requests.

use weighbridge_sdk::Failure;
use weighbridge_sdk::destination::{Batch, ChunkSize, Outcome};

const LINES: &[u8] = b"{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n{\"a\":4}\n{\"a\":5}\n";

fn keys(first: u32, lines: &[u8], size: ChunkSize) -> Vec<String> {
    Batch { key: "K", first, lines }.chunks(size).map(|chunk| chunk.key).collect()
}

#[test]
fn keys_one_line_by_its_index() {
    assert_eq!(keys(7, LINES, ChunkSize::ONE), ["K-7", "K-8", "K-9", "K-10", "K-11"]);
}

#[test]
fn keys_several_lines_by_index_and_count() {
    let size = ChunkSize { records: 2, bytes: 1000 };
    assert_eq!(keys(0, LINES, size), ["K-0-2", "K-2-2", "K-4"]);
}

#[test]
fn cuts_at_the_same_places_when_it_goes_on_from_a_cut() {
    for size in [ChunkSize { records: 2, bytes: 1000 }, ChunkSize { records: 3, bytes: 16 }] {
        let all = keys(0, LINES, size);
        let rest = keys(2, &LINES[16..], size);
        assert_eq!(all[1..], rest[..], "{size:?}");
    }
}

#[test]
fn cuts_where_the_bytes_are_too_many_and_never_inside_a_line() {
    assert_eq!(keys(0, LINES, ChunkSize { records: 100, bytes: 17 }), ["K-0-2", "K-2-2", "K-4"]);
    assert_eq!(keys(0, LINES, ChunkSize { records: 100, bytes: 1 }).len(), 5);
}

#[test]
fn gives_bodies_of_both_kinds() {
    let batch = Batch { key: "K", first: 0, lines: &LINES[..16] };
    let chunk = batch.chunks(ChunkSize { records: 9, bytes: 99 }).next().unwrap();
    assert_eq!(chunk.to_json_array(), b"[{\"a\":1},{\"a\":2}]");
    assert_eq!(chunk.lines, &LINES[..16]);
}

#[test]
fn says_how_many_lines_were_taken_before_a_failure() {
    let batch = Batch { key: "K", first: 10, lines: LINES };
    let failing_at = |index| {
        batch.send(ChunkSize::ONE, |chunk| {
            if chunk.first == index { Err(Failure::transient("x", "x")) } else { Ok(Outcome::default()) }
        })
    };
    assert_eq!(failing_at(12).unwrap().taken, 2);
    assert_eq!(failing_at(99).unwrap().taken, 5);
    assert_eq!(failing_at(10).unwrap_err().code, "x");
}
