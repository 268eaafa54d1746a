//! What the doctor found within the last minute.

use serde_json::{Value, json};

use super::pretty;
use crate::doctor::Finding;
use crate::engine::Engine;
use crate::error::EngineError;

pub(super) async fn text(engine: &Engine) -> Result<String, EngineError> {
    let (looked_at, findings) = engine.last_look().await;
    let findings: Vec<Value> = findings.iter().map(shown).collect();
    Ok(pretty(&json!({ "looked_at": looked_at.to_string(), "findings": findings })))
}

/// Names and addresses of what organisations set up stay here.
fn shown(finding: &Finding) -> Value {
    let Finding { code, health, about, sentence, next_step, is_of_tenant } = finding;
    if *is_of_tenant {
        return json!({ "code": code, "health": health.word() });
    }
    json!({ "code": code, "health": health.word(), "about": about, "sentence": sentence, "next_step": next_step })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_a_tenant_set_up_the_code_alone_is_told() {
        let own =
            Finding::ok("doctor.place", "https://erp.example.com of integration Shop", "it is reached at 10.0.0.1");
        assert_eq!(shown(&own.of_tenant()), json!({ "code": "doctor.place", "health": "ok" }));
        let host = Finding::ok("doctor.clock", "clock", "it is right");
        assert_eq!(shown(&host)["sentence"], "it is right");
    }
}
