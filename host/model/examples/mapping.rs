//! What shaping a record costs: records of about 350 bytes through rules of each kind, on one thread.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement for a person at a terminal")]

use std::time::{Duration, Instant};

use weighbridge_model::mapping::{Answers, Expression, Mapping, Questions};
use weighbridge_model::record::Fields;

const RECORDS: usize = 20_000;
const GROUND: &str = r#"{"rules":[{"copy":"/id"},{"copy":"/number"},{"copy":"/customer/id","to":"/customer","cast":"string"},
    {"copy":"/total"},{"copy":"/status","table":{"open":"O","paid":"P"}},{"constant":"EUR","to":"/currency"}]}"#;
const SINGLE: [(&str, &str); 6] = [
    ("copy", r#"{"copy":"/id"}"#),
    ("concat", r#"{"concat":{"parts":[{"copy":"/number"},{"copy":"/customer/name"}]},"to":"/t"}"#),
    ("split", r#"{"copy":"/number","split":{"separator":"-","part":1}}"#),
    ("date", r#"{"copy":"/at","date":{"read":"%d.%m.%Y %H:%M","zone":"Europe/Warsaw"}}"#),
    ("number", r#"{"copy":"/total","number":{"read":{"decimal":",","group":"."},"decimals":2}}"#),
    ("lookup", r#"{"copy":"/customer/id","lookup":{"endpoint":"parties"}}"#),
];
const JQ: &str = "[.lines[] | .quantity * .price] | add";

fn records() -> Vec<String> {
    let record = |n: usize| {
        let (customer, cents) = (n % 97, n % 1000);
        format!(
            r#"{{"id":{n},"number":"SO-{n:06}","customer":{{"id":{customer},"name":"Customer {n}"}},"total":"1.{cents:03},50","status":"open","at":"01.07.2026 12:00","lines":[{{"sku":"A-{n}","quantity":2,"price":3.25}},{{"sku":"B-{n}","quantity":1,"price":4}}],"note":"as agreed by telephone on the same day"}}"#
        )
    };
    (0..RECORDS).map(record).collect()
}

/// The best of seven runs, in records a second.
fn best(mut work: impl FnMut()) -> f64 {
    let mut once = || {
        let begun = Instant::now();
        work();
        begun.elapsed()
    };
    let best = (0..7).map(|_| once()).min().unwrap_or(Duration::ZERO);
    RECORDS as f64 / best.as_secs_f64()
}

fn measure(name: &str, rules: &str, records: &[String]) {
    let mapping = Mapping::compile(&serde_json::from_str(rules).unwrap()).unwrap();
    let (mut questions, mut answers) = (Questions::default(), Answers::none());
    records.iter().for_each(|record| mapping.ask(&Fields::parse(record).unwrap(), &mut questions));
    questions.links.into_iter().for_each(|question| answers.give_link(question, "dest".to_owned()));
    let mut out = Vec::with_capacity(8 << 20);
    let speed = best(|| {
        out.clear();
        for record in records {
            mapping.apply(&Fields::parse(record).unwrap(), &mut answers, &mut out).unwrap();
        }
    });
    println!("{name:32} {speed:>10.0} records/s");
}

fn main() {
    let records = records();
    measure("six ground rules", GROUND, &records);
    for (name, rule) in SINGLE {
        measure(name, &format!("{{\"rules\":[{rule}]}}"), &records);
    }
    let expression = Expression::compile(JQ).unwrap();
    let speed = best(|| records.iter().for_each(|record| drop(expression.run(record))));
    println!("{:32} {speed:>10.0} records/s", "jq, the expression alone");
}
