//! Mappings beyond ground: tried before they are applied, and a record that cannot be shaped holds up no other.
#![expect(clippy::unwrap_used, reason = "a story that cannot be told is a failed test")]

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::town::{Setting, Town};

const RULES: &str = r#"
filter = [{ field = "/status", differs = "void" }]
rules = [
    { concat = { parts = [{ copy = "/number" }, { copy = "/customer/name" }], separator = " / " }, to = "/title" },
    { copy = "/at", date = { read = "%d.%m.%Y", write = "%Y-%m-%d" } },
    { copy = "/total", number = { read = { decimal = ",", group = "." }, decimals = 2 } },
    { jq = "[.lines[]? | .quantity] | add", to = "/pieces", default = 0 },
]
"#;

const SAMPLES: &str = r#"{"number":"A1","customer":{"name":"Ada"},"at":"31.12.2026","total":"1.234,5","lines":[{"quantity":2},{"quantity":3}]}
{"status":"void"}
{"number":"A2","customer":{"name":"Bo"},"at":"tomorrow","total":1}
{"number":"A3","customer":{"name":"Cy"},"at":"01.01.2027","total":12345678901234567890.123}
[]
"#;

fn preview(town: &Town, rules: &str, samples: &str) -> Value {
    std::fs::write(town.path("rules.toml"), rules).unwrap();
    std::fs::write(town.path("samples"), samples).unwrap();
    let (rules, samples) = (town.path("rules.toml"), town.path("samples"));
    let words =
        ["mapping", "preview", "acme", "--rules", rules.to_str().unwrap(), "--samples", samples.to_str().unwrap()];
    town.works(&words)["previewed"].take()
}

#[test]
fn rules_are_tried_on_samples_before_anything_moves() {
    let town = Town::settled(0, &Setting::default());
    let previewed = preview(&town, RULES, SAMPLES);
    assert_eq!(previewed[0]["written"], r#"{"title":"A1 / Ada","at":"2026-12-31","total":1234.50,"pieces":5}"#);
    assert_eq!(previewed[1], json!({ "filtered": true, "at": "/filter/0" }));
    assert_eq!(previewed[2]["rejected"]["code"], "mapping.date_malformed");
    assert_eq!(previewed[2]["rejected"]["at"], "/rules/1");
    assert_eq!(
        previewed[3]["written"],
        r#"{"title":"A3 / Cy","at":"2027-01-01","total":12345678901234567890.12,"pieces":0}"#
    );
    assert_eq!(previewed[4]["rejected"]["code"], "mapping.not_an_object");
}

#[test]
fn an_expression_that_runs_away_rejects_its_record_and_nothing_else() {
    let town = Town::settled(0, &Setting::default());
    let begun = Instant::now();
    for away in [
        "last(range(1e15))",
        "[range(1e12)] | length",
        "\"x\" * 1e12",
        "def f: 1 + f; f",
        "reduce range(60) as $i (\"x\"; . + .)",
        "reduce range(60) as $i (7; . * .)",
        "reduce range(1e7) as $i (0; [.])",
    ] {
        let rules = format!("rules = [{{ jq = {:?}, to = \"/v\" }}]", format!("if .away then {away} else .a end"));
        let previewed = preview(&town, &rules, "{\"a\":1}\n{\"away\":true}\n{\"a\":2}\n");
        assert_eq!(previewed[0]["written"], r#"{"v":1}"#, "{away}");
        assert_eq!(previewed[1]["rejected"]["code"], "mapping.expression_failed", "{away}: {previewed}");
        assert_eq!(previewed[2]["written"], r#"{"v":2}"#, "{away}");
    }
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}

#[test]
fn an_expression_that_always_runs_away_is_given_up() {
    let town = Town::settled(0, &Setting::default());
    let rules = "rules = [{ jq = \"last(range(1e15))\", to = \"/v\" }]";
    std::fs::write(town.path("rules.toml"), rules).unwrap();
    std::fs::write(town.path("samples"), (0..20).map(|n| format!("{{\"n\":{n}}}\n")).collect::<String>()).unwrap();
    let (rules, samples) = (town.path("rules.toml"), town.path("samples"));
    let words =
        ["mapping", "preview", "acme", "--rules", rules.to_str().unwrap(), "--samples", samples.to_str().unwrap()];
    let errors = town.run(&words).errors;
    assert!(errors.contains("mapping.expression_runs_away"), "{errors}");
}

#[test]
fn a_record_that_cannot_be_shaped_is_kept_and_the_others_go_on() {
    for write in ["upsert", "append"] {
        let town = Town::settled(150, &Setting::transfer(&format!("write = \"{write}\"")));
        let whole = Setting::transfer(&format!("write = \"{write}\"")).document(&town.platforms);
        let rule = "{ jq = \"if (.id % 50 == 7) then error(\\\"no\\\") else .number end\", to = \"/number\" },";
        town.apply(&whole.replace("{ copy = \"/number\" },", rule));
        let ran = town.works(&["run", "acme/orders"]);
        let counts = &ran["counts"];
        assert_eq!((counts["read"].as_u64(), counts["dead_lettered"].as_u64()), (Some(150), Some(3)), "{ran}");
        assert_eq!((counts["delivered"].as_u64(), town.platforms.lines().len()), (Some(147), 147));
        let kept = town.works(&["rejected", "list", "acme", "--transfer", "orders"]);
        let kept = kept["items"].as_array().unwrap();
        assert_eq!(kept.len(), 3);
        for one in kept {
            assert_eq!(one["code"], "mapping.expression_failed");
            assert!(one["message"].as_str().unwrap().contains("/rules/1"), "{one}");
            let record: Value = serde_json::from_str(one["record"].as_str().unwrap()).unwrap();
            assert_eq!(record["id"].as_u64().unwrap() % 50, 7);
        }
    }
}

#[test]
fn a_new_version_of_a_mapping_needs_no_full_resync() {
    let town = Town::settled(150, &Setting::default());
    let whole = Setting::default().document(&town.platforms);
    let read = "pointer = \"/next\" }";
    let ordered = format!("{read}, incremental = {{ parameter = \"since\", field = \"id\", ordered = true }}");
    let whole = whole.replace(read, &ordered).replace("sync = \"full_refresh\"", "sync = \"incremental\"");
    town.apply(&whole);
    assert_eq!(town.works(&["run", "acme/orders"])["counts"]["delivered"], 150);
    town.apply(&whole.replace("constant = \"EUR\"", "constant = \"PLN\""));
    let ran = town.works(&["run", "acme/orders"]);
    assert_eq!(ran["counts"]["delivered"], 1, "only what a walk from its cursor gives again: {ran}");
    let shapes: Vec<_> = town.platforms.lines().into_iter().map(|line| line["currency"].clone()).collect();
    assert_eq!(shapes.iter().filter(|one| *one == "PLN").count(), 1);
}

#[test]
fn what_a_rule_looks_up_has_to_be_there_when_it_is_applied() {
    let town = Town::settled(0, &Setting::default());
    let whole = Setting::default().document(&town.platforms);
    for (endpoint, fits) in [("nowhere", false), ("orders", false), ("lines", true)] {
        let rule = format!("{{ copy = \"/number\", lookup = {{ endpoint = \"{endpoint}\" }} }},");
        let changed = whole.replace("{ copy = \"/number\" },", &rule);
        if fits {
            town.apply(&changed);
        } else {
            let errors = town.apply_fails(&changed);
            assert!(errors.contains(&format!("no destination endpoint `{endpoint}`")), "{errors}");
        }
    }
}
