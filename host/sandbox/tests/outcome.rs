//! Codes that people and programs read.

use std::collections::BTreeSet;

use weighbridge_sandbox::Stop;

#[test]
fn every_rule_has_a_code_of_its_own_a_sentence_and_a_next_step() {
    let codes: BTreeSet<_> = Stop::ALL.iter().map(|stop| stop.code()).collect();
    assert_eq!(codes.len(), Stop::ALL.len());
    for stop in Stop::ALL {
        assert!(stop.code().starts_with("connector."), "{stop:?}");
        assert!(stop.sentence().ends_with('.') && stop.next_step().ends_with('.'), "{stop:?}");
    }
}
