//! Where a tenant is told of events: add an address, see it, change it, take it away.

use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge_egress::Reach;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::event::{EventAddress, EventAddressState, EventKind};
use weighbridge_model::id::EventAddressId;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::sealed::Sealed;
use weighbridge_model::tenant::Switch;
use weighbridge_store::TenantScope;
use weighbridge_store::tables::{EventAddressStates, EventAddresses};

use super::view::{EventAddressView, ShownSigningSecret};
use super::{EVENT_ADDRESSES_MAX, secret, texts};
use crate::account::{Page, if_match, inputs};
use crate::apply::named::seal_changed;
use crate::audit::{AuditDetail, FieldChange};
use crate::chance;
use crate::engine::Engine;
use crate::error::EngineError;

/// An address at which a tenant wants to be told of events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEventAddress {
    /// An `https` URL; nothing secret belongs in it, since signatures say who sends.
    pub url: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Of what it is told; everything where it is left out.
    #[serde(default)]
    pub kinds: Vec<EventKind>,
    /// Whether it is told at once; `on` where it is left out.
    #[serde(default)]
    pub switch: Switch,
}

/// What is to be changed; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChangeEventAddress {
    /// The URL.
    pub url: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Of what it is told: all of it; everything where it is empty.
    pub kinds: Option<Vec<EventKind>>,
    /// Whether it is told; switching on begins again with one that the host had suspended.
    pub switch: Option<Switch>,
}

/// The most bytes of a URL.
const URL_BYTES_MAX: usize = 2_000;

impl Engine {
    /// All addresses of a tenant, the oldest first.
    pub fn event_addresses(&self, may: &Permission<kinds::EventsRead>) -> Result<Page<EventAddressView>, Problem> {
        let scope = TenantScope::of(may);
        let rows = self.addresses_of(scope)?;
        let views = rows.iter().map(|(row, state)| self.event_address_view(scope, row, state));
        Ok(Page { items: views.collect::<Result<_, _>>()?, next: None })
    }

    /// One address.
    pub fn event_address(
        &self,
        may: &Permission<kinds::EventsRead>,
        id: EventAddressId,
    ) -> Result<EventAddressView, Problem> {
        self.event_address_shown(TenantScope::of(may), id)
    }

    pub(super) fn event_address_shown(
        &self,
        scope: TenantScope,
        id: EventAddressId,
    ) -> Result<EventAddressView, Problem> {
        let found = self.host.store.read(|tx| {
            Ok((tx.get::<EventAddresses>(&scope, &id)?, tx.get::<EventAddressStates>(&scope, &id)?.unwrap_or_default()))
        });
        let (row, state) = found.map_err(EngineError::from)?;
        Ok(self.event_address_view(scope, &row.ok_or(ProblemCode::NotThere)?, &state)?)
    }

    /// The rows of all addresses, the oldest first.
    pub(super) fn addresses_of(
        &self,
        scope: TenantScope,
    ) -> Result<Vec<(EventAddress, EventAddressState)>, EngineError> {
        Ok(self.host.store.read(|tx| {
            let rows = tx.scan::<EventAddresses>(&scope, None, EVENT_ADDRESSES_MAX)?;
            let with = rows
                .into_iter()
                .map(|(id, row)| Ok((row, tx.get::<EventAddressStates>(&scope, &id)?.unwrap_or_default())));
            with.collect()
        })?)
    }

    /// Adds an address. Its signing secret is in the answer, and nowhere else.
    pub async fn add_event_address(
        &self,
        may: &Permission<kinds::EventsChange>,
        new: &NewEventAddress,
    ) -> Result<ShownSigningSecret, Problem> {
        let scope = TenantScope::of(may);
        check_url(&new.url)?;
        inputs::text(&new.description, "description")?;
        let (secret, now) = (secret::new()?, self.host.now());
        let id = EventAddressId::new(now, chance::bytes().map_err(Problem::from)?);
        let texts = texts(&self.host, scope, &id);
        let row = EventAddress {
            id,
            url: texts.seal("url", &new.url)?,
            description: texts.seal("description", &new.description)?,
            kinds: ordered(&new.kinds),
            switch: new.switch,
            secret: texts.seal("secret", secret.as_bytes())?,
            retired: None,
            created_at: now,
        };
        self.edit(|edit| {
            edit.expect(move |tx| {
                Ok(tx.scan::<EventAddresses>(&scope, None, EVENT_ADDRESSES_MAX)?.len() < EVENT_ADDRESSES_MAX)
            });
            if self.addresses_of(scope)?.len() >= EVENT_ADDRESSES_MAX {
                return Err(ProblemCode::EventAddressesFull.into());
            }
            edit.put::<EventAddresses>(scope, id, row.clone());
            edit.audit(self.audit_in_tenant(scope, may.by(), "event_address.added", new.url.as_str().into())?);
            Ok(())
        })
        .await?;
        Ok(ShownSigningSecret { address: self.event_address_shown(scope, id)?, secret: secret.into() })
    }

    /// Changes an address. What waits for one that is switched off is not sent any more; it can be replayed.
    pub async fn change_event_address(
        &self,
        may: &Permission<kinds::EventsChange>,
        id: EventAddressId,
        change: &ChangeEventAddress,
        seen: Option<&str>,
    ) -> Result<EventAddressView, Problem> {
        let scope = TenantScope::of(may);
        change.url.as_deref().map_or(Ok(()), check_url)?;
        inputs::text(change.description.as_deref().unwrap_or_default(), "description")?;
        let row = self
            .edit(|edit| {
                let before = edit.need::<EventAddresses>(scope, id)?;
                if_match(seen, &before)?;
                let (row, detail) = self.changed_address(scope, &before, change)?;
                if change.switch == Some(Switch::On) {
                    let state = edit.read::<EventAddressStates>(scope, id)?.unwrap_or_default();
                    let state = EventAddressState { halt: None, failing_since: None, ..state };
                    edit.put::<EventAddressStates>(scope, id, state);
                }
                edit.put::<EventAddresses>(scope, id, row.clone());
                edit.audit(self.audit_in_tenant(scope, may.by(), "event_address.changed", detail)?);
                Ok(row)
            })
            .await?;
        if row.switch == Switch::Off {
            self.stop_deliveries(scope, id).await?;
        }
        self.event_address_shown(scope, id)
    }

    fn changed_address(
        &self,
        scope: TenantScope,
        before: &EventAddress,
        change: &ChangeEventAddress,
    ) -> Result<(EventAddress, AuditDetail), Problem> {
        let texts = texts(&self.host, scope, &before.id);
        let sealed = |field, before: &Sealed, text: Option<&String>| match text {
            Some(text) => seal_changed(&texts, field, Some(before), text.as_bytes()).map_err(Problem::from),
            None => Ok(before.clone()),
        };
        let row = EventAddress {
            url: sealed("url", &before.url, change.url.as_ref())?,
            description: sealed("description", &before.description, change.description.as_ref())?,
            kinds: change.kinds.as_deref().map_or_else(|| before.kinds.clone(), ordered),
            switch: change.switch.unwrap_or(before.switch),
            ..before.clone()
        };
        let (was, is) = (texts.open_text("url", &before.url)?, texts.open_text("url", &row.url)?);
        let old = texts.open_text("description", &before.description)?;
        let changes = [
            FieldChange::asked("url", &was, change.url.as_ref()),
            FieldChange::asked("description", &old, change.description.as_ref()),
            FieldChange::asked("kinds", &before.kinds, change.kinds.as_ref()),
            FieldChange::asked("switch", &before.switch, change.switch.as_ref()),
        ];
        Ok((row, AuditDetail { text: is, changes: changes.into_iter().flatten().collect() }))
    }

    /// Takes an address away, after it was confirmed. What waits for it is not sent.
    pub async fn delete_event_address(
        &self,
        may: &Permission<kinds::EventsChange>,
        id: EventAddressId,
        confirm: bool,
        seen: Option<&str>,
    ) -> Result<(), Problem> {
        let scope = TenantScope::of(may);
        self.edit(|edit| {
            let row = edit.need::<EventAddresses>(scope, id)?;
            if_match(seen, &row)?;
            let url = texts(&self.host, scope, &id).open_text("url", &row.url)?;
            if !confirm {
                let what = format!("{url} is told of nothing any more, and its signing secret is gone");
                return Err(Problem::from(ProblemCode::ConfirmationNeeded).with("consequences", vec![what]));
            }
            edit.remove::<EventAddresses>(scope, id);
            edit.remove::<EventAddressStates>(scope, id);
            edit.audit(self.audit_in_tenant(scope, may.by(), "event_address.deleted", url.as_str().into())?);
            Ok(())
        })
        .await?;
        Ok(self.stop_deliveries(scope, id).await?)
    }
}

/// Refuses what events are never sent to. Whether its host may be reached is asked at each try.
fn check_url(url: &str) -> Result<(), Problem> {
    if url.len() > URL_BYTES_MAX {
        return Err(Problem::invalid("url", format!("it is longer than {URL_BYTES_MAX} bytes")));
    }
    let reach = Reach::endpoint(url, Vec::new());
    reach.map(|_| ()).map_err(|denial| Problem::invalid("url", denial.to_string()))
}

fn ordered(kinds: &[EventKind]) -> Vec<EventKind> {
    let unique: std::collections::BTreeSet<EventKind> = kinds.iter().copied().collect();
    unique.into_iter().collect()
}
