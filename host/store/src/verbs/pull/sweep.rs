//! Drop pages that nobody may ask for any more, and what is left of services that are gone.

use weighbridge_model::id::{BlobId, TransferId};
use weighbridge_model::service::{PullPage, PullPlace, Turn};
use weighbridge_model::time::Timestamp;

use crate::error::{TxError, WriteError};
use crate::scope::{CustomerScope, HostScope};
use crate::store::Store;
use crate::tables::{Progresses, PullPages, Pulls, Services};
use crate::tx::Tx;

/// Where a page stands: whose it is, of which pull, and which.
type PageKey = (CustomerScope, (TransferId, PullPlace));

/// One step of a sweep.
#[derive(Debug)]
pub struct StalePages {
    /// Pages that nobody may ask for any more, with their blobs: these are dropped first, so that no blob is forgotten.
    pub pages: Vec<(PageKey, BlobId)>,
    /// Where the next step goes on; nothing after the last one.
    pub after: Option<PageKey>,
}

/// Looks at so many pages of everyone.
pub fn stale_pages(
    tx: &Tx<'_>,
    host: HostScope,
    after: Option<&PageKey>,
    limit: usize,
    now: Timestamp,
) -> Result<StalePages, TxError> {
    let keys = tx.keys::<PullPages>(host, after, limit)?;
    let mut pages = Vec::new();
    for (scope, (pull, place)) in &keys {
        let Some(page) = tx.get::<PullPages>(scope, &(*pull, *place))? else { continue };
        if is_stale(tx, *scope, (*pull, *place), &page, now)? {
            pages.push(((*scope, (*pull, *place)), page.blob));
        }
    }
    let after = keys.last().copied().filter(|_| keys.len() == limit);
    Ok(StalePages { pages, after })
}

fn is_stale(
    tx: &Tx<'_>,
    scope: CustomerScope,
    (pull, place): (TransferId, PullPlace),
    page: &PullPage,
    now: Timestamp,
) -> Result<bool, TxError> {
    let progress = tx.get::<Progresses>(&scope, &pull)?.unwrap_or_default();
    Ok(!page.is_kept(now) || place.turn(&progress) == Turn::Expired)
}

/// Removes the rows of pages whose blobs are dropped.
pub async fn drop_pages(store: &Store, pages: Vec<PageKey>) -> Result<(), WriteError> {
    let drop = move |tx: &mut Tx<'_>| pages.iter().try_for_each(|(scope, key)| tx.remove::<PullPages>(scope, key));
    store.write(drop).await.map(|_| ())
}

/// Forgets a pull of a service that is gone, so that its pages are stale. One with an open batch is abandoned first.
pub async fn forget_pull(store: &Store, scope: CustomerScope, pull: TransferId) -> Result<(), WriteError> {
    store.write(move |tx| forget_in(tx, scope, pull)).await.map(|_| ())
}

fn forget_in(tx: &mut Tx<'_>, scope: CustomerScope, id: TransferId) -> Result<(), TxError> {
    let Some(pull) = tx.get::<Pulls>(&scope, &id)? else { return Ok(()) };
    let progress = tx.get::<Progresses>(&scope, &id)?.unwrap_or_default();
    if tx.get::<Services>(&scope, &pull.service)?.is_some() || progress.run.is_some() || progress.open.is_some() {
        return Ok(());
    }
    tx.remove::<Pulls>(&scope, &id)?;
    tx.remove::<Progresses>(&scope, &id)
}
