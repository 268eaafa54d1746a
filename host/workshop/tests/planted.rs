//! Each planted fault is found under its own code, in recordings that the faulty connector made itself.

use weighbridge_workshop::conformance::{Verdict, conform};

use crate::shop::{bench, reading, recorded, writing};

/// The codes that fail where the connector has this fault.
async fn failed(fault: &str) -> Vec<&'static str> {
    let cassettes = [recorded(fault, reading()).await, recorded(fault, writing()).await];
    let report = conform(bench().await, &cassettes).await.unwrap();
    report.failed()
}

#[tokio::test]
async fn passes_a_sound_connector_and_leaves_nothing_untried() {
    let cassettes = [recorded("none", reading()).await, recorded("none", writing()).await];
    let report = conform(bench().await, &cassettes).await.unwrap();
    let untried: Vec<_> = report.not_tried().collect();
    assert!(report.is_good(true), "{:?}, {untried:?}", report.failed());
}

#[tokio::test]
async fn says_what_it_could_not_try_without_a_recording_and_fails_only_where_it_is_strict() {
    let report = conform(bench().await, &[recorded("none", reading()).await]).await.unwrap();
    assert!(report.is_good(false) && !report.is_good(true));
    let untried: Vec<_> = report.not_tried().map(|finding| finding.case.as_deref()).collect();
    assert!(untried.contains(&Some("writing orders")), "{untried:?}");
}

#[tokio::test]
async fn finds_each_planted_fault_under_its_own_code() {
    let planted: [(&str, &[&str]); 10] = [
        ("dropped_last", &["conformance.record_lost"]),
        ("cursor_off_by_one", &["conformance.resume_differs"]),
        ("ignored_limit", &["conformance.limit_ignored"]),
        ("ignored_until", &["conformance.until_ignored"]),
        // What it tries again by itself, it tries whatever the platform said.
        ("doubled_retry", &["conformance.write_doubled", "conformance.failure_class"]),
        ("auth_transient", &["conformance.failure_class"]),
        ("lying_schema", &["conformance.schema_untrue"]),
        // Whoever goes on in the middle of a walk throws other dice, too.
        ("nondeterministic", &["conformance.resume_differs", "conformance.not_deterministic"]),
        ("hoards", &["conformance.memory_exceeded"]),
        ("crashes", &["conformance.hostile_answer"]),
    ];
    for (fault, codes) in planted {
        assert_eq!(failed(fault).await, codes, "{fault}");
    }
}

#[tokio::test]
async fn the_report_of_a_fault_is_read_by_build_servers() {
    let cassette = recorded("lying_schema", reading()).await;
    let report = conform(bench().await, &[cassette]).await.unwrap();
    let xml = report.to_junit("weighbridge.planted");
    assert!(xml.contains("name=\"conformance.schema_untrue\"><failure"), "{xml}");
    let schema = report.findings.iter().find(|finding| finding.code == "conformance.schema_untrue").unwrap();
    assert!(matches!(&schema.verdict, Verdict::Failed(what) if what.contains("/total")), "{schema:?}");
}
