//! Hooks, as people see them: the address for platforms that are set up by hand, what came last, what waits, and why.

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::connection::Connection;
use weighbridge_model::hook::{Hook, HookOf, Waiting};
use weighbridge_model::id::{ConnectionId, TransferId};
use weighbridge_model::name::StreamName;
use weighbridge_model::package::HookSecret;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::tables::{Connections, Errands, HookHashes, Hooks, Marked, OpenHooks};
use weighbridge_store::{CustomerScope, HostScope};

use super::movement::{Taker, streams_of};
use super::registration::{Keys, PATH};
use crate::account::{At, Page, Whose};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::people::ShownOnce;

/// The hook of a connected system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HookView {
    /// The connected system.
    pub connection: ConnectionId,
    /// What that is called.
    pub label: String,
    /// Where the platform sends webhooks; without the host's own address where that is not known.
    pub address: String,
    /// When it, or its newest address, was made.
    pub made_at: At,
    /// When the newest delivery came.
    pub last_at: Option<At>,
    /// How many deliveries were taken.
    pub taken: u64,
    /// How many of them have not moved.
    pub waiting: u64,
    /// Those, by what they wait for.
    pub waits: Vec<HookWait>,
    /// How many calls did not prove to come from the platform.
    pub unverified: u64,
    /// When the last of them was noted.
    pub unverified_at: Option<At>,
    /// Why the connector could not set it up at the platform: the stable code.
    pub told_code: Option<String>,
}

/// Deliveries for one stream that wait, for one transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HookWait {
    /// The stream.
    pub stream: String,
    /// The transfer; none where no transfer takes it.
    pub transfer: Option<TransferId>,
    /// How many deliveries.
    pub deliveries: u64,
    /// How many records they have.
    pub records: u64,
    /// Why they wait: the stable code; nothing where they are about to move.
    pub code: Option<String>,
    /// What that means.
    pub sentence: Option<String>,
    /// When that changes by itself.
    pub until: Option<At>,
}

/// A hook with a new address and a new secret.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RotatedHook {
    /// Where the platform sends webhooks from now on.
    pub address: String,
    /// What it signs them with; it is shown this once. None where the platform signs with the secret of its OAuth client.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub secret: Option<ShownOnce>,
}

impl Engine {
    /// The hooks of a customer's own connected systems.
    pub fn hooks(&self, may: &Permission<kinds::ConnectionsRead>) -> Result<Page<HookView>, Problem> {
        let scope = CustomerScope::of(may);
        self.customer_and_zone(scope)?;
        let rows = self.host.store.read(|tx| {
            let mut rows = Vec::new();
            for (id, hook) in tx.scan::<Hooks>(&scope, None, HOOKS_MAX)? {
                rows.extend(tx.get::<Connections>(&scope.tenant(), &id)?.map(|connection| (connection, hook)));
            }
            Ok(rows)
        });
        let rows = rows.map_err(EngineError::from)?;
        let views = rows.into_iter().map(|(connection, hook)| self.hook_view(scope, &connection, &hook));
        let mut items = views.collect::<Result<Vec<_>, EngineError>>()?;
        items.sort_by(|one, other| one.label.cmp(&other.label));
        Ok(Page { items, next: None })
    }

    /// Gives a hook a new address and a new secret. What comes to the address of before is taken no longer.
    pub async fn rotate_hook(
        &self,
        may: &Permission<kinds::ConnectionsChange>,
        id: ConnectionId,
        confirm: bool,
    ) -> Result<RotatedHook, Problem> {
        let scope = CustomerScope::of(may);
        let (connection, offer) = self.own_connection(Whose::Customer(scope), id)?;
        let manifest = self.manifest_of(&offer).await?;
        let webhooks = self.host.webhooks_of(&connection, &manifest)?.ok_or(ProblemCode::HookAbsent)?;
        if !confirm {
            let what = "what the platform sends to the address of before is taken no longer".to_owned();
            return Err(Problem::from(ProblemCode::ConfirmationNeeded).with("consequences", vec![what]));
        }
        let keys = Keys::new(webhooks.secret)?;
        let (label, hash) = (self.hook_label(&connection)?, keys.hash());
        let of = HookOf { tenant: scope.tenant_id(), customer: scope.id(), connection: id };
        self.edit(|edit| {
            edit.need::<Connections>(scope.tenant(), id)?;
            let before = edit.read::<Hooks>(scope, id)?;
            if let Some(before) = &before {
                edit.remove::<HookHashes>(HostScope::new(), before.hash);
            }
            edit.put::<Hooks>(scope, id, keys.hook(&self.host, &connection, before)?);
            edit.put::<HookHashes>(HostScope::new(), hash, of);
            edit.put::<OpenHooks>(HostScope::new(), (of.tenant, of.customer, id), Marked {});
            edit.audit(self.audit_customer(scope, may.by(), "hook.rotated", label.as_str().into())?);
            Ok(())
        })
        .await?;
        self.keep_hook_if_any(scope, id).await;
        let public = self.public_address().unwrap_or_default();
        let address = format!("{public}{PATH}{}", *keys.address);
        let secret = (webhooks.secret != HookSecret::OauthClient).then(|| keys.secret.to_string().into());
        Ok(RotatedHook { address, secret })
    }

    fn hook_view(&self, scope: CustomerScope, connection: &Connection, hook: &Hook) -> Result<HookView, EngineError> {
        let id = connection.id;
        Ok(HookView {
            connection: id,
            label: self.hook_label(connection)?,
            address: self.host.shown_address(connection, hook)?,
            made_at: At(hook.made_at),
            last_at: hook.last_at.map(At),
            taken: hook.taken,
            waiting: hook.waiting,
            waits: self.waits(scope, id)?,
            unverified: hook.unverified + self.host.unverified.of(scope, id),
            unverified_at: hook.unverified_at.map(At),
            told_code: hook.told.code.as_ref().map(ToString::to_string),
        })
    }

    fn waits(&self, scope: CustomerScope, connection: ConnectionId) -> Result<Vec<HookWait>, EngineError> {
        let waiting = self.waiting(scope, connection)?;
        let takers = self.takers(scope, connection)?;
        let mut waits = Vec::new();
        for taker in &takers {
            waits.extend(self.wait_of(scope, taker, &waiting)?);
        }
        let taken = streams_of(&takers);
        let mut streams: Vec<&StreamName> =
            waiting.iter().map(|(_, row)| &row.stream).filter(|stream| !taken.contains(stream)).collect();
        streams.sort();
        streams.dedup();
        for stream in streams {
            let own = waiting.iter().filter(|(_, row)| row.stream == *stream);
            let untaken = ProblemCode::HookUntaken;
            let (code, sentence) = (Some(untaken.as_str().to_owned()), Some(untaken.sentence().to_owned()));
            waits.push(HookWait { code, sentence, ..counted(stream, own.map(|(_, row)| row.lines)) });
        }
        Ok(waits)
    }

    fn wait_of(
        &self,
        scope: CustomerScope,
        taker: &Taker,
        waiting: &[(u64, Waiting)],
    ) -> Result<Option<HookWait>, EngineError> {
        let place = self.inbox_place(scope, taker.errand)?;
        let own = waiting.iter().filter(|(number, row)| row.stream == taker.stream && *number >= place.delivery);
        let wait = counted(
            &taker.stream,
            own.map(
                |(number, row)| {
                    if *number == place.delivery { row.lines - place.line.min(row.lines) } else { row.lines }
                },
            ),
        );
        if wait.records == 0 {
            return Ok(None);
        }
        let has_begun = self.host.store.read(|tx| tx.get::<Errands>(&scope, &taker.errand))?.is_some();
        let refusal = if has_begun { self.refusal_of(scope, taker.errand)? } else { None };
        Ok(Some(HookWait {
            transfer: Some(taker.transfer),
            code: refusal.as_ref().map(|refusal| refusal.code.as_str().to_owned()),
            sentence: refusal.as_ref().map(|refusal| refusal.code.sentence().to_owned()),
            until: refusal.and_then(|refusal| refusal.until).map(At),
            ..wait
        }))
    }
}

/// The most hooks of one customer.
const HOOKS_MAX: usize = 10_000;

fn counted(stream: &StreamName, lines: impl Iterator<Item = u64>) -> HookWait {
    let lines: Vec<u64> = lines.collect();
    HookWait {
        stream: stream.to_string(),
        transfer: None,
        deliveries: lines.len() as u64,
        records: lines.iter().sum(),
        code: None,
        sentence: None,
        until: None,
    }
}
