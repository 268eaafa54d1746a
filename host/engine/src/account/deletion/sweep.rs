//! Remove the rows and blobs that nobody can open any more; what sums and chains rest on stays, with its plain fields.

use std::collections::BTreeSet;

use weighbridge_model::connection::Owner;
use weighbridge_model::deletion::DeletionStage;
use weighbridge_model::id::{BlobId, ConnectLinkId, ConnectionId, EventId};
use weighbridge_store::tables::{
    AccessIds, ConnectLinkHashes, ConnectLinks, Connections, Deletions, Due, DueEvents, EventDeliveries, EventTimes,
    Events, Grants, HookHashes, OneUseLinks, OpenHooks, Outbox, Promises, PullPages, Returning, Services, Sessions,
    TokenHashes, Tokens, Unfinished,
};
use weighbridge_store::verbs::{self, forget_where};
use weighbridge_store::{CustomerScope, HostScope, Tx, TxError};

use crate::engine::Engine;
use crate::error::EngineError;

/// The most rows of one kind that are looked at together.
const ROWS_MAX: usize = 1_000_000;

impl Engine {
    /// Whatever finds something goes before what it finds, so that a step that was cut off finds the rest again.
    pub(super) async fn sweep_customer(&self, scope: CustomerScope) -> Result<DeletionStage, EngineError> {
        let Some(_quiet) = self.quieten(scope).await? else { return Ok(DeletionStage::Sweeping) };
        self.forget_people(scope).await?;
        self.forget_times(scope).await?;
        self.forget_systems(scope).await?;
        self.forget_events(scope).await?;
        verbs::forget_runs(&self.host.store, scope).await?;
        self.drop_pages_of(scope).await?;
        self.empty_batches_of(scope).await?;
        verbs::sweep(&self.host.store, scope).await?;
        verbs::empty_audit(&self.host.store, scope).await?;
        self.sign_receipt(scope).await
    }

    async fn forget_people(&self, scope: CustomerScope) -> Result<(), EngineError> {
        let (store, host, tenant) = (&self.host.store, HostScope::new(), scope.tenant());
        let (tenant_id, customer) = (scope.tenant_id(), Some(scope.id()));
        forget_where::<Sessions>(store, scope, host, |_, row| {
            row.of.tenant == tenant_id && (row.of.customer == customer || row.opened == customer)
        })
        .await?;
        forget_where::<OneUseLinks>(store, scope, host, |_, row| {
            row.of.tenant == tenant_id && row.of.customer == customer
        })
        .await?;
        forget_where::<Promises>(store, scope, host, |_, row| row.customer == customer).await?;
        let tokens = store.read(|tx| tx.scan::<Tokens>(&tenant, None, ROWS_MAX))?;
        let own = tokens.into_iter().filter(|(_, row)| row.of.customer == customer).map(|(_, row)| row.hash);
        let hashes: BTreeSet<_> = own.collect();
        forget_where::<TokenHashes>(store, scope, host, |hash, _| hashes.contains(hash)).await?;
        forget_where::<Tokens>(store, scope, tenant, |_, row| row.of.customer == customer).await?;
        Ok(verbs::close_logins(store, scope).await?)
    }

    async fn forget_times(&self, scope: CustomerScope) -> Result<(), EngineError> {
        let (store, host) = (&self.host.store, HostScope::new());
        let (tenant, customer) = (scope.tenant_id(), scope.id());
        forget_where::<Due>(store, scope, host, |key, _| key.1 == tenant && key.2.0 == customer).await?;
        forget_where::<Unfinished>(store, scope, host, |key, _| key.0 == tenant && key.1 == customer).await?;
        forget_where::<Returning>(store, scope, host, |key, _| key.1 == tenant && key.2 == customer).await?;
        Ok(())
    }

    async fn forget_systems(&self, scope: CustomerScope) -> Result<(), EngineError> {
        let (store, host, tenant) = (&self.host.store, HostScope::new(), scope.tenant());
        let (tenant_id, customer) = (scope.tenant_id(), scope.id());
        forget_where::<AccessIds>(store, scope, host, |_, row| row.tenant == tenant_id && row.customer == customer)
            .await?;
        forget_where::<HookHashes>(store, scope, host, |_, row| row.tenant == tenant_id && row.customer == customer)
            .await?;
        forget_where::<OpenHooks>(store, scope, host, |key, _| key.0 == tenant_id && key.1 == customer).await?;
        for (id, _) in store.read(|tx| tx.scan::<Services>(&scope, None, ROWS_MAX))? {
            self.host.callers.forget(id);
        }
        let links: BTreeSet<ConnectLinkId> = {
            let rows = store.read(|tx| tx.scan::<ConnectLinks>(&tenant, None, ROWS_MAX))?;
            rows.into_iter().filter(|(_, row)| row.customer == customer).map(|(id, _)| id).collect()
        };
        forget_where::<ConnectLinkHashes>(store, scope, host, |_, row| {
            row.tenant == tenant_id && links.contains(&row.link)
        })
        .await?;
        forget_where::<ConnectLinks>(store, scope, tenant, |_, row| row.customer == customer).await?;
        let connections: BTreeSet<ConnectionId> = {
            let rows = store.read(|tx| tx.scan::<Connections>(&tenant, None, ROWS_MAX))?;
            rows.into_iter().filter(|(_, row)| row.owner == Owner::Customer(customer)).map(|(id, _)| id).collect()
        };
        forget_where::<Grants>(store, scope, tenant, |id, _| connections.contains(id)).await?;
        forget_where::<Connections>(store, scope, tenant, |_, row| row.owner == Owner::Customer(customer)).await?;
        Ok(())
    }

    /// What its tenant was told of it, wherever that is on its way.
    async fn forget_events(&self, scope: CustomerScope) -> Result<(), EngineError> {
        let (store, host, tenant) = (&self.host.store, HostScope::new(), scope.tenant());
        let (tenant_id, customer) = (scope.tenant_id(), Some(scope.id()));
        let events: BTreeSet<EventId> = {
            let rows = store.read(|tx| tx.scan::<Events>(&tenant, None, ROWS_MAX))?;
            rows.into_iter().filter(|(_, row)| row.about.customer == customer).map(|(id, _)| id).collect()
        };
        forget_where::<Outbox>(store, scope, host, |key, _| key.0 == tenant_id && events.contains(&key.1)).await?;
        forget_where::<DueEvents>(store, scope, host, |key, _| key.0 == tenant_id && events.contains(&key.2)).await?;
        forget_where::<EventDeliveries>(store, scope, tenant, |key, _| events.contains(&key.0)).await?;
        forget_where::<EventTimes>(store, scope, tenant, |_, row| row.customer == customer).await?;
        forget_where::<Events>(store, scope, tenant, |_, row| row.about.customer == customer).await?;
        Ok(())
    }

    /// Blobs of pages that third parties could have asked for again; the rows go with the others.
    async fn drop_pages_of(&self, scope: CustomerScope) -> Result<(), EngineError> {
        let pages = self.host.store.read(|tx| tx.scan::<PullPages>(&scope, None, ROWS_MAX))?;
        self.drop_counted(scope, pages.into_iter().map(|(_, page)| page.blob).collect()).await
    }

    async fn empty_batches_of(&self, scope: CustomerScope) -> Result<(), EngineError> {
        let mut after = None;
        loop {
            let step = self.host.store.read(|tx| verbs::full_batches(tx, scope, after))?;
            self.drop_counted(scope, step.blobs).await?;
            if !step.ids.is_empty() {
                verbs::empty_batches(&self.host.store, scope, step.ids).await?;
            }
            after = step.after;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    /// Drops blobs that are there, and counts them; one that is gone already was counted.
    async fn drop_counted(&self, scope: CustomerScope, blobs: Vec<BlobId>) -> Result<(), EngineError> {
        let (store, mut dropped) = (&self.host.store, 0);
        for blob in blobs {
            if store.get_blob(blob).await.map_err(TxError::from)?.is_some() {
                store.drop_blob(blob).await.map_err(TxError::from)?;
                dropped += 1;
            }
        }
        if dropped == 0 {
            return Ok(());
        }
        let count = move |tx: &mut Tx<'_>| {
            let mut row = tx.need::<Deletions>(&scope.tenant(), &scope.id())?;
            row.blobs += dropped;
            tx.put::<Deletions>(&scope.tenant(), &scope.id(), &row)
        };
        store.write(count).await?;
        Ok(())
    }
}
