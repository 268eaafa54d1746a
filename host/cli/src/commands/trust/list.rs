//! `weighbridge trust list`

use serde_json::{Value, json};
use weighbridge::model::time::Timestamp;
use weighbridge::{KeyView, RevokedView, TrustView};

use crate::args::Args;
use crate::commands::reading;
use crate::exit::Exit;
use crate::output;

pub(super) fn run(args: &Args) -> anyhow::Result<Exit> {
    let view = reading(args)?.trust_view()?;
    if args.json {
        output::json(&as_value(&view));
    } else {
        show(&view);
    }
    Ok(Exit::Done)
}

fn show(view: &TrustView) {
    let mut rows = Vec::new();
    for publisher in &view.publishers {
        for key in &publisher.keys {
            let edge = |at: Option<Timestamp>| at.map_or(String::new(), |at| at.to_string());
            let (from, until) = (edge(key.window.start), edge(key.window.end));
            rows.push([
                publisher.name.clone(),
                key.id.to_string(),
                status(key),
                from,
                until,
                publisher.names.join(" "),
            ]);
        }
    }
    output::table(["publisher", "key", "status", "installs from", "installs until", "may sign"], &rows);
    for (connector, publisher) in &view.pins {
        output::line(format_args!("{connector} is pinned to {publisher}"));
    }
    let revoked = view.keys_revoked.iter().map(|(key, why)| ("key", key.to_string(), why));
    let packages = view.packages_revoked.iter().map(|(digest, why)| ("package", digest.to_string(), why));
    for (what, id, why) in revoked.chain(packages) {
        output::line(format_args!("{what} {id} revoked {}: {}", why.at, why.reason));
    }
}

fn status(key: &KeyView) -> String {
    key.revoked.as_ref().map_or("active".into(), |why| format!("revoked {}: {}", why.at, why.reason))
}

fn as_value(view: &TrustView) -> Value {
    let why = |revoked: Option<&RevokedView>| {
        revoked.map(|revoked| json!({ "at": revoked.at.to_string(), "reason": revoked.reason }))
    };
    let publishers = view.publishers.iter().map(|publisher| {
        let keys = publisher.keys.iter().map(|key| {
            json!({
                "key": key.id,
                "public": key.public,
                "status": if key.revoked.is_some() { "revoked" } else { "active" },
                "from": key.window.start.map(|at| at.to_string()),
                "until": key.window.end.map(|at| at.to_string()),
                "revoked": why(key.revoked.as_ref()),
            })
        });
        json!({
            "publisher": publisher.name,
            "status": if publisher.revoked.is_some() { "revoked" } else { "active" },
            "names": publisher.names,
            "keys": keys.collect::<Vec<_>>(),
        })
    });
    let packages = view.packages_revoked.iter().map(|(id, one)| json!({ "digest": id, "revoked": why(Some(one)) }));
    let keys = view.keys_revoked.iter().map(|(id, one)| json!({ "key": id, "revoked": why(Some(one)) }));
    json!({
        "publishers": publishers.collect::<Vec<_>>(),
        "pins": view.pins,
        "packages_revoked": packages.collect::<Vec<_>>(),
        "keys_revoked": keys.collect::<Vec<_>>(),
    })
}
