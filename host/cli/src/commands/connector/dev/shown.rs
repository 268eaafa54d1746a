//! What an author reads after a save.

use std::time::SystemTime;

use serde_json::{Value, json};
use weighbridge::clock::{Clock as _, SystemClock};
use weighbridge_workshop::{Answered, Came, Exchange, Shaped, Standing};

use super::Seen;
use super::watched::Saved;
use crate::args::Args;
use crate::output;

/// So many records are shown; a script gets all of them.
const SHOWN: usize = 5;

pub(super) fn show(args: &Args, seen: &Seen, saved: Option<&Saved>) {
    if args.json {
        output::json(&value(seen, saved));
        return;
    }
    if let Some(saved) = saved {
        let files: Vec<String> = saved.files.iter().map(|file| file.display().to_string()).collect();
        output::line(format_args!("--- {}", files.join(" ")));
    }
    came(seen);
    for (level, line) in &seen.glance.log {
        output::line(format_args!("log      {}: {line}", format!("{level:?}").to_lowercase()));
    }
    for exchange in &seen.glance.exchanges {
        output::line(format_args!("request  {}", asked(exchange)));
    }
    seen.glance.absent.iter().for_each(|absent| output::line(format_args!("absent   {absent}")));
    let used = seen.glance.used;
    output::line(format_args!(
        "used     fuel {}, memory {} KiB, {:.1} ms of which {:.1} ms are the connector's",
        used.fuel,
        used.memory_bytes / 1024,
        seen.glance.wall.as_secs_f64() * 1e3,
        seen.glance.cpu.as_secs_f64() * 1e3,
    ));
    gate(&seen.standing);
    mapping(seen);
    output::line(format_args!(
        "time     built in {} ms, compiled in {} ms{}",
        seen.built_ms,
        seen.compiled_ms,
        since(saved)
    ));
}

/// The time from the save to this line.
fn since(saved: Option<&Saved>) -> String {
    since_ms(saved).map(|ms| format!(", shown {:.1} s after the save", ms as f64 / 1e3)).unwrap_or_default()
}

fn since_ms(saved: Option<&Saved>) -> Option<i64> {
    let at = saved?.at.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(SystemClock.now().as_millis() - i64::try_from(at.as_millis()).ok()?)
}

fn came(seen: &Seen) {
    match &seen.glance.came {
        Ok(Came::Page(page)) => {
            let (records, more) = (seen.records(), if page.more { "more to come" } else { "no more" });
            let bytes = page.records.len();
            output::line(format_args!("page     {}: {} records, {bytes} bytes, {more}", seen.case, records.len()));
            records.iter().take(SHOWN).for_each(|record| output::line(format_args!("  {record}")));
            if records.len() > SHOWN {
                output::line(format_args!("  and {} more", records.len() - SHOWN));
            }
        }
        Ok(Came::Receipt(receipt)) => output::line(format_args!(
            "receipt  {}: {} taken, {} rejected",
            seen.case,
            receipt.taken,
            receipt.rejected.len()
        )),
        Err(ended) => output::line(format_args!("ENDED    {}: {ended}", seen.case)),
    }
}

fn asked(exchange: &Exchange) -> String {
    let request = &exchange.request;
    let answer = match &exchange.answer {
        Answered::Response { status, body, .. } => format!("{status}, {} bytes", body.bytes().len()),
        Answered::Refused(refusal) => format!("refused: {refusal:?}"),
    };
    let auth = request.auth.as_ref().map(|auth| format!(" as `{auth}`")).unwrap_or_default();
    format!("{} {}{auth}: {answer}", request.method, request.url)
}

fn gate(standing: &Standing) {
    match &standing.refusal {
        None => output::line("gate     a host here installs it"),
        Some(refusal) => {
            output::line(format_args!("gate     connector.{}: {refusal}", refusal.code()));
            output::line(format_args!("         {}", refusal.next_step()));
        }
    }
    output::line(format_args!("         it may reach {}", standing.hosts.join(" ")));
    for (url, denial) in &standing.denied {
        output::line(format_args!("DENIED   {url}: {denial} ({})", denial.code()));
    }
    standing.difference.additions.iter().for_each(|one| output::line(format_args!("         it {one}")));
    if let Some(capped) = standing.capped {
        let (memory, call) = (capped.memory_mib, capped.call_ms);
        output::line(format_args!(
            "         a host gives {memory} MiB and {call} ms a call where nobody says otherwise"
        ));
    }
}

fn mapping(seen: &Seen) {
    for one in seen.shaped.iter().flatten().take(SHOWN) {
        match one {
            Shaped::Written(record) => output::line(format_args!("mapping  {record}")),
            Shaped::Filtered(filter) => output::line(format_args!("mapping  left out by filter {}", filter + 1)),
            Shaped::Rejected { code, message, .. } => {
                output::line(format_args!("mapping  rejected: {code}: {message}"))
            }
        }
    }
}

fn value(seen: &Seen, saved: Option<&Saved>) -> Value {
    let (glance, standing) = (&seen.glance, &seen.standing);
    json!({
        "case": seen.case,
        "page": page(seen),
        "ended": glance.came.as_ref().err().map(ToString::to_string),
        "requests": glance.exchanges.iter().map(|one| json!({
            "method": one.request.method, "url": one.request.url, "auth": one.request.auth, "answer": answer(one),
        })).collect::<Vec<_>>(),
        "absent": glance.absent,
        "log": glance.log.iter().map(|(level, line)| json!({ "level": level, "line": line })).collect::<Vec<_>>(),
        "fuel": glance.used.fuel,
        "memory_bytes": glance.used.memory_bytes,
        "wall_us": glance.wall.as_micros(),
        "cpu_us": glance.cpu.as_micros(),
        "gate": {
            "installs": standing.refusal.is_none(),
            "code": standing.refusal.as_ref().map(|refusal| format!("connector.{}", refusal.code())),
            "message": standing.refusal.as_ref().map(ToString::to_string),
            "next_step": standing.refusal.as_ref().map(|refusal| refusal.next_step()),
            "hosts": standing.hosts,
            "denied": standing.denied.iter().map(|(url, denial)| json!({ "url": url, "code": denial.code() })).collect::<Vec<_>>(),
            "asks_for": output::additions(&standing.difference),
            "capped": standing.capped.map(|one| json!({ "memory_mib": one.memory_mib, "call_ms": one.call_ms })),
        },
        "mapping": seen.shaped.as_ref().map(|shaped| shaped.iter().map(shaped_value).collect::<Vec<_>>()),
        "saved": saved.map(|saved| &saved.files),
        "since_save_ms": since_ms(saved),
        "built_ms": seen.built_ms,
        "compiled_ms": seen.compiled_ms,
    })
}

fn page(seen: &Seen) -> Option<Value> {
    Some(match seen.glance.came.as_ref().ok()? {
        Came::Page(page) => json!({ "records": seen.records(), "more": page.more, "bytes": page.records.len() }),
        Came::Receipt(receipt) => json!({ "taken": receipt.taken, "rejected": receipt.rejected }),
    })
}

fn answer(exchange: &Exchange) -> Value {
    match &exchange.answer {
        Answered::Response { status, body, .. } => json!({ "status": status, "bytes": body.bytes().len() }),
        Answered::Refused(refusal) => json!({ "refused": refusal }),
    }
}

/// Records stay texts, since numbers in them may be longer than a reader's.
fn shaped_value(one: &Shaped) -> Value {
    match one {
        Shaped::Written(record) => json!({ "written": record }),
        Shaped::Filtered(filter) => json!({ "filtered": true, "at": format!("/filter/{filter}") }),
        Shaped::Rejected { code, at, message } => {
            json!({ "rejected": { "code": code, "at": at, "message": message } })
        }
    }
}

impl Seen {
    fn records(&self) -> Vec<&str> {
        self.glance.came.as_ref().map(Came::records).unwrap_or_default()
    }
}
