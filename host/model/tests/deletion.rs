//! How often a platform is asked to let a customer go.

use weighbridge_model::access::ActorRef;
use weighbridge_model::deletion::{Deletion, Farewell, Parting};
use weighbridge_model::id::{ConnectionId, CustomerId, IntegrationId};
use weighbridge_model::time::Timestamp;

const NOW: Timestamp = Timestamp::from_millis(1_768_478_400_000);

fn deletion(grant: Parting) -> Deletion {
    let farewell = Farewell {
        connection: ConnectionId::from_bytes([1; 16]),
        integration: IntegrationId::from_bytes([2; 16]),
        notice: Parting::Done,
        grant,
    };
    let new = Deletion::new(CustomerId::from_bytes([3; 16]), ActorRef::OWNER, NOW);
    Deletion { farewells: Some(vec![farewell]), ..new }
}

#[test]
fn what_failed_is_tried_five_times_more_and_ever_later() {
    let mut row = deletion(Parting::Failed("oauth.revocation_unanswered".parse().unwrap()));
    let mut waits = Vec::new();
    while row.try_again(NOW) {
        waits.push(row.again_at.unwrap().as_millis() - NOW.as_millis());
    }
    assert_eq!(waits.len(), 5);
    assert!(waits.is_sorted_by(|one, next| one < next), "{waits:?}");
    assert!(!row.try_again(NOW), "and then no more");
}

#[test]
fn what_is_done_or_has_to_be_done_by_hand_is_not_tried_again() {
    for parting in [Parting::Done, Parting::Nothing, Parting::ByHand] {
        assert!(!deletion(parting).try_again(NOW));
    }
}
