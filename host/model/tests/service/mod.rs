//! A third party's access: what it shows, how fast it asks, and which pages it may have again.

mod access_id;
mod api_key;
mod bucket;
mod keys;
mod pull;

use weighbridge_model::time::Timestamp;

const NOW: Timestamp = Timestamp::from_millis(1_767_605_400_000);
