//! What people complain of in other engines of this kind, and the tests here that would fail on those.

use std::collections::BTreeSet;
use std::path::Path;

/// A complaint in a few words, and by which tests it is none here.
const COMPLAINTS: &[(&str, &[&str])] = &[
    (
        "a time zone or a cron expression is taken and then misread",
        &["new_york_has_an_hour_twice", "refuses_expressions_and_says_where", "fires_as_the_brute_force_walk_does"],
    ),
    (
        "missed runs vanish, or a wrong clock makes them wait for years",
        &[
            "a_host_that_was_away_runs_the_latest_time_or_none_as_its_policy_says",
            "every_missed_time_runs_one_after_the_other_where_all_are_wanted",
            "an_occurrence_runs_once_however_often_its_instant_comes",
        ],
    ),
    ("a deleted schedule goes on firing", &["a_schedule_that_was_taken_away_fires_no_more"]),
    (
        "there are no quiet hours and no days off",
        &["are_none_on_the_days_of_a_blackout", "refuses_outside_of_allowed_hours"],
    ),
    (
        "a run that goes on cannot be stopped",
        &[
            "a_paused_run_holds_no_further_batch_and_goes_on_when_it_is_resumed",
            "a_run_that_is_cancelled_at_once_leaves_what_hangs_and_what_arrived_is_not_sent_twice",
        ],
    ),
    (
        "two runs at once spoil each other's progress, or a dead one bars the next",
        &["what_came_due_runs_once_where_a_person_runs_it_too", "a_run_that_nobody_works_on_ends_where_it_stands"],
    ),
    (
        "a run succeeds over records that were lost",
        &[
            "a_run_whose_counts_do_not_balance_never_succeeds",
            "a_poisoned_record_is_kept_at_every_place_of_a_batch_and_the_others_move",
        ],
    ),
    (
        "one bad record stops everything",
        &[
            "keeps_a_record_that_the_destination_rejects_and_goes_on_with_the_others",
            "are_delivered_and_billed_once_and_gone_from_the_list",
        ],
    ),
    (
        "a long walk begins from nothing after a failure",
        &[
            "an_append_goes_on_after_kill_9",
            "an_upsert_goes_on_after_kill_9",
            "a_backfill_whose_process_dies_goes_on_after_its_last_batch",
        ],
    ),
    (
        "state and data tell different stories after a crash",
        &[
            "what_was_taken_without_an_answer_is_billed_once",
            "what_was_taken_and_answered_with_a_failure_is_billed_once",
        ],
    ),
    (
        "refresh tokens that are used once get lost",
        &[
            "one_renews_and_the_others_wait",
            "a_pair_that_was_lost_between_answer_and_commit_needs_a_sign_in_and_the_grant_stays",
        ],
    ),
    ("deleting deletes nothing", &["nothing_of_a_deleted_customer_can_be_read_here_or_in_a_backup"]),
    (
        "a connector changes under the customer, and there is no way back",
        &["goes_back_to_a_version_that_was_used_and_to_no_other"],
    ),
    (
        "code of others owns the host",
        &[
            "ends_what_takes_too_much_memory",
            "stops_a_guest_that_takes_all_memory",
            "refuses_requests_beyond_the_budget_of_each_call",
        ],
    ),
    (
        "retries burn the platform's allowance, for ever",
        &[
            "two_runs_of_one_connection_share_its_budget",
            "a_platform_that_fails_again_and_again_is_left_alone",
            "a_transfer_that_fails_for_a_day_is_suspended_until_somebody_lets_it_go_on",
        ],
    ),
    (
        "what was used is not counted, or twice",
        &["finds_a_balance_that_was_changed", "are_delivered_once_where_the_process_dies_around_one"],
    ),
    ("nothing can be made switched off", &["whatever_is_made_can_be_made_switched_off"]),
    ("another mapping reads everything again", &["a_new_version_of_a_mapping_needs_no_full_resync"]),
    ("the key of all keys can never be another one", &["the_master_key_is_rotated_under_a_running_host_which_goes_on"]),
];

fn functions(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") {
            functions(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let names =
                text.lines().filter_map(|line| line.trim_start().trim_start_matches("async ").strip_prefix("fn "));
            found.extend(names.filter_map(|name| Some(name.split_once('(')?.0.to_owned())));
        }
    }
}

#[test]
fn each_of_them_has_its_tests() {
    let mut found = BTreeSet::new();
    ["host", "tests"].iter().for_each(|folder| functions(&super::file(folder), &mut found));
    for (complaint, tests) in COMPLAINTS {
        for test in *tests {
            assert!(found.contains(*test), "`{complaint}`: there is no test `{test}`");
        }
    }
}
