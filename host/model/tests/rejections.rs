//! How many rejected records a run may have.

use weighbridge_model::run::Counts;
use weighbridge_model::transfer::Rejections;

fn check(rejections: Rejections, cases: &[(u64, u64, bool)]) {
    for (read, dead_lettered, exceeded) in cases {
        let counts = Counts { read: *read, dead_lettered: *dead_lettered, ..Counts::default() };
        assert_eq!(rejections.are_exceeded(&counts), *exceeded, "{rejections:?}: {dead_lettered} of {read}");
    }
}

#[test]
fn are_a_thousand_or_half_of_those_read_where_nothing_else_is_said() {
    let cases = [(19, 19, false), (20, 10, false), (20, 11, true), (1_000_000, 1_000, false), (1_000_000, 1_001, true)];
    check(Rejections::default(), &cases);
}

#[test]
fn are_none_where_none_may_be() {
    check(Rejections { count: 0, share: 1_000 }, &[(1, 0, false), (1, 1, true)]);
    check(Rejections { count: 1_000, share: 0 }, &[(19, 1, false), (20, 0, false), (20, 1, true)]);
}

#[test]
fn are_not_exceeded_by_a_share_that_allows_all() {
    check(Rejections { count: u64::MAX, share: 1_000 }, &[(u64::MAX, u64::MAX, false)]);
}
