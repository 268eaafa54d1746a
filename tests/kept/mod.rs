//! Connectors that were built for a contract once go on working on every later host: the packages of `tests/packages`, each as it was signed
//! then, move what the stories move. Whatever is added to the contract is added beside; what they were built against stays.

mod contract;

use std::path::PathBuf;

use crate::platforms::shopify;
use crate::stories::{folders, main_job, webhooks};
use crate::tidy::root;
use crate::town::with_kept;

/// The packages of the first frozen contract.
fn first() -> PathBuf {
    root().join("tests/packages/0.1.0")
}

#[test]
fn one_built_for_0_1_0_moves_every_record_and_bills_it_once() {
    with_kept(&first(), main_job::moves_every_record_and_bills_it_once);
}

#[test]
fn one_built_for_0_1_0_reads_files_and_files_them_away() {
    with_kept(&first(), folders::files_are_delivered_once_and_filed_away_when_that_is_settled);
}

#[test]
fn one_built_for_0_1_0_writes_files() {
    with_kept(&first(), folders::records_are_put_into_whole_files_of_so_many);
}

#[test]
fn one_built_for_0_1_0_verifies_webhooks_and_takes_each_once() {
    with_kept(
        &first(),
        webhooks::a_delivery_moves_when_it_is_signed_with_the_secret_of_its_hook_and_once_however_often_it_comes,
    );
    with_kept(&first(), webhooks::nothing_moves_when_a_signature_is_not_of_this_hooks_secret);
}

#[test]
fn one_built_for_0_1_0_signs_in_reads_and_is_told() {
    with_kept(&first(), shopify::a_shop_is_read_whole_and_then_what_changed_under_tokens_that_end);
    with_kept(&first(), shopify::what_the_shop_tells_by_itself_moves_once_and_only_when_the_app_signed_it);
}

#[test]
fn one_built_for_0_1_0_writes_and_what_is_rejected_is_rejected_alone() {
    with_kept(&first(), shopify::stock_and_products_are_set_once_and_what_is_unknown_is_rejected_alone);
}
