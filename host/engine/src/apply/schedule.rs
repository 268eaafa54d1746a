//! The schedule of a transfer in a document.

use weighbridge_model::id::TransferId;
use weighbridge_model::schedule::{Schedule, Wording};
use weighbridge_model::time::{Timestamp, Zone};
use weighbridge_store::tables::{Schedules, Tenants};
use weighbridge_store::{CustomerScope, verbs};

use super::error::ApplyError;
use super::plan::Plan;
use crate::document::ScheduleDocument;

/// Plans the schedule, and answers whether anything changes. One that names no time takes away what was there.
pub(super) fn plan(
    plan: &mut Plan<'_>,
    scope: CustomerScope,
    transfer: TransferId,
    document: &ScheduleDocument,
    at: &str,
) -> Result<bool, ApplyError> {
    let at = format!("{at}.schedule");
    let zone = plan.get::<Tenants>(plan.tenant_scope(scope), ())?.map_or(Zone::UTC, |tenant| tenant.zone);
    let schedule = if document.is_none() { None } else { Some(schedule(document, &zone, &at)?) };
    // When it is due goes on by itself, and is no part of what a document says.
    let before = plan.host.store.read(|tx| tx.get::<Schedules>(&scope, &transfer))?;
    let pause = pause(document, &zone, &at)?;
    if let Some(row) = &before {
        let said = (&row.schedule, row.paused, row.paused_until);
        plan.saw("schedule", transfer.to_string(), &serde_json::to_vec(&said).unwrap_or_default());
    }
    let is_same = match (&before, &schedule) {
        (Some(row), Some(schedule)) => {
            row.schedule == *schedule && pause == (verbs::Pause { paused: row.paused, until: row.paused_until })
        }
        (before, schedule) => before.is_none() && schedule.is_none(),
    };
    if is_same {
        return Ok(false);
    }
    let now = plan.host.now();
    plan.act(move |tx| verbs::set_schedule(tx, scope, transfer, schedule.as_ref().map(|one| (one, pause)), now));
    Ok(true)
}

/// Whether it stands still, and until when.
fn pause(document: &ScheduleDocument, tenant_zone: &Zone, at: &str) -> Result<verbs::Pause, ApplyError> {
    let named = document.zone.as_deref().and_then(|name| Zone::named(name).ok());
    let zone = named.as_ref().unwrap_or(tenant_zone);
    let until = instant(document.paused_until.as_deref(), zone, &format!("{at}.paused_until"))?;
    Ok(verbs::Pause { paused: document.paused, until })
}

/// A schedule as it was written, in the organisation's zone where it names none.
pub(crate) fn written_schedule(document: &ScheduleDocument, zone: &Zone) -> Result<Schedule, ApplyError> {
    schedule(document, zone, "schedule")
}

fn schedule(document: &ScheduleDocument, tenant_zone: &Zone, at: &str) -> Result<Schedule, ApplyError> {
    let name = document.zone.clone().unwrap_or_else(|| tenant_zone.name().to_owned());
    let zone = Zone::named(&name).map_err(|error| ApplyError::at(format!("{at}.zone"), error.to_string()))?;
    let wording = Wording {
        cron: document.cron.clone(),
        every: document.every.clone(),
        zone: Some(name),
        not_before: instant(document.not_before.as_deref(), &zone, &format!("{at}.not_before"))?,
        not_after: instant(document.not_after.as_deref(), &zone, &format!("{at}.not_after"))?,
        hours: document.hours.clone(),
        blackout: document.blackout.clone(),
        jitter_ms: document.jitter_ms,
        overlap: document.overlap,
        catch_up: document.catch_up,
    };
    Schedule::parse(wording).map_err(|error| ApplyError::at(at, error.to_string()))
}

fn instant(text: Option<&str>, zone: &Zone, at: &str) -> Result<Option<Timestamp>, ApplyError> {
    let Some(text) = text else { return Ok(None) };
    zone.instant(text).map(Some).ok_or_else(|| {
        ApplyError::at(
            at,
            format!("`{text}` is no date or instant; write one such as 2026-03-31 or 2026-03-31T08:00:00Z"),
        )
    })
}
