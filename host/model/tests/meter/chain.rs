//! A link of the ledger's chain vouches for every field of its entries, and for what comes before it.

use weighbridge_model::id::{BatchId, CustomerId, EntryId, ExternalServiceId, HostId, RunId, TenantId, TransferId};
use weighbridge_model::meter::{Amounts, Entry, EntryKind, EntryPlace, LedgerHead, ServicePeriod};
use weighbridge_model::time::Timestamp;

const AT: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn entry() -> Entry {
    Entry {
        id: EntryId::from_bytes([1; 16]),
        kind: EntryKind::Batch,
        customer: CustomerId::from_bytes([2; 16]),
        transfer: TransferId::from_bytes([3; 16]),
        run: RunId::from_bytes([4; 16]),
        batch: None,
        amounts: Amounts { records: 10, ..Amounts::ZERO },
        periods: [AT; 2],
        service: None,
        at: AT,
    }
}

const fn place() -> EntryPlace {
    EntryPlace {
        tenant: TenantId::from_bytes([5; 16]),
        customer: CustomerId::from_bytes([2; 16]),
        entry: EntryId::from_bytes([1; 16]),
    }
}

#[test]
fn a_link_follows_with_its_entries_as_they_were() {
    let (link, head) = LedgerHead::default().next(None, &[(place(), entry())]);
    assert!(link.follows(LedgerHead::default().hash, &[(place(), entry())]));
    assert_eq!((head.links, head.entries, head.hash), (1, 1, link.hash));
    let (next, head) = head.next(Some(HostId::from_bytes([6; 16])), &[]);
    assert!(next.follows(link.hash, &[]) && next.previous == link.hash && head.entries == 1);
}

#[test]
fn a_link_does_not_follow_with_any_field_of_an_entry_changed() {
    let changes: [fn(&mut Entry); 12] = [
        |one| one.id = EntryId::from_bytes([9; 16]),
        |one| one.kind = EntryKind::WrittenOff,
        |one| one.customer = CustomerId::from_bytes([9; 16]),
        |one| one.transfer = TransferId::from_bytes([9; 16]),
        |one| one.run = RunId::from_bytes([9; 16]),
        |one| one.batch = Some(BatchId::from_bytes([9; 16])),
        |one| one.amounts.records = 9,
        |one| one.amounts.pulls = 1,
        |one| one.periods[0] = AT.plus_millis(1),
        |one| one.periods[1] = AT.plus_millis(1),
        |one| one.service = Some(ServicePeriod { service: ExternalServiceId::from_bytes([9; 16]), period: AT }),
        |one| one.at = AT.plus_millis(1),
    ];
    let (link, head) = LedgerHead::default().next(None, &[(place(), entry())]);
    let start = LedgerHead::default().hash;
    for (number, change) in changes.iter().enumerate() {
        let mut changed = entry();
        change(&mut changed);
        assert!(!link.follows(start, &[(place(), changed)]), "the change {number}");
    }
    assert!(!link.follows(head.hash, &[(place(), entry())]), "after another link");
    assert!(!link.follows(start, &[]), "without its entry");
    let elsewhere = EntryPlace { tenant: TenantId::from_bytes([9; 16]), ..place() };
    assert!(!link.follows(start, &[(elsewhere, entry())]), "of another tenant");
}
