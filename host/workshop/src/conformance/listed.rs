//! The list of streams is what the manifest promises.

use serde_json::Value;
use weighbridge_model::package::{Capability, Manifest};

use super::case::Case;
use super::{Check, Verdict};
use crate::cassette::Outcome;

pub(super) const CHECK: Check = Check {
    code: "conformance.manifest_untrue",
    rule: "lists the streams that its manifest promises, with the same keys and modes",
    next_step: "Make `discover` and `connector.toml` say the same.",
    run: |case| Box::pin(std::future::ready(Ok(judged(case)))),
};

fn judged(case: &Case<'_>) -> Verdict {
    let listed = case.usual.outcomes.iter().find_map(|outcome| match outcome {
        Outcome::Catalog(json) => Some(json),
        _ => None,
    });
    match listed {
        Some(json) => Verdict::of(fault(case.bench.manifest(), json)),
        None => Verdict::NotTried("it lists no streams".into()),
    }
}

fn fault(manifest: &Manifest, json: &str) -> Option<String> {
    let streams =
        serde_json::from_str::<Value>(json).ok().and_then(|mut listed| listed.get_mut("streams").map(Value::take));
    let Some(Ok(streams)) = streams.map(serde_json::from_value::<Vec<Capability>>) else {
        return Some("its list of streams cannot be read; `schemas/catalog.schema.json` says how it looks".into());
    };
    let broken = streams.iter().find_map(|one| promised(manifest, one));
    broken.or_else(|| {
        let is_listed = |capability: &&Capability| {
            let is_it = |one: &Capability| one.stream == capability.stream && one.direction == capability.direction;
            capability.stream == "*" || streams.iter().any(is_it)
        };
        let lacks = manifest.capabilities.iter().find(|capability| !is_listed(capability))?;
        Some(format!("the manifest promises `{}` ({:?}), which is not listed", lacks.stream, lacks.direction))
    })
}

fn promised(manifest: &Manifest, one: &Capability) -> Option<String> {
    let Some(capability) = manifest.capability(&one.stream, one.direction) else {
        return Some(format!("it lists `{}` ({:?}), which the manifest does not have", one.stream, one.direction));
    };
    if let Some(mode) = one.modes.iter().find(|mode| !capability.modes.contains(mode)) {
        return Some(format!("it lists `{}` as {}, which the manifest does not have", one.stream, mode.word()));
    }
    let keys_differ = capability.stream != "*" && capability.primary_key != one.primary_key;
    keys_differ.then(|| format!("`{}` has another primary key in the list than in the manifest", one.stream))
}
