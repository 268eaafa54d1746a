//! What each policy makes of a record, and what is learnt.

use serde_json::json;
use weighbridge_model::drift::{Accepted, DriftPolicy, FieldType, Learnt, StreamSchema, Verdict, judge};
use weighbridge_model::id::RunId;
use weighbridge_model::record::Fields;
use weighbridge_model::time::Timestamp;

fn accepted() -> Accepted {
    let schema = json!({
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": { "type": "integer" },
            "total": { "type": ["number", "null"] },
            "note": { "type": "string" },
            "extra": { "description": "Anything." },
        },
    });
    Accepted::described(&schema).unwrap()
}

/// The verdict in words.
fn check(accepted: &Accepted, policy: DriftPolicy, record: &str) -> String {
    let fields = Fields::parse(record).unwrap();
    let (word, drifts) = match judge(accepted, policy, &fields) {
        Verdict::Moves => ("moves", vec![]),
        Verdict::Teaches(drifts) => ("teaches", drifts),
        Verdict::Freezes(drifts) => ("freezes", drifts),
        Verdict::RowDiscarded(drifts) => ("row", drifts),
        Verdict::ValuesDiscarded(drifts) => ("values", drifts),
    };
    let said: Vec<_> = drifts.iter().map(|one| format!("{}:{}", one.field, one.found.word())).collect();
    format!("{word} {}", said.join(" ")).trim().to_owned()
}

#[test]
fn moves_a_record_that_fits_under_every_policy() {
    let fitting = [
        "{}",
        r#"{"id":1}"#,
        r#"{"id":1.0,"total":2,"note":"a"}"#,
        r#"{"note":null,"total":null,"id":7}"#,
        r#"{"extra":[1],"total":0.5}"#,
        r#"{"extra":{"a":1}}"#,
    ];
    for policy in DriftPolicy::ALL {
        for record in fitting {
            assert_eq!(check(&accepted(), policy, record), "moves", "{policy:?} {record}");
        }
    }
}

#[test]
fn decides_by_the_policy_about_a_record_that_does_not_fit() {
    let cases = [
        (r#"{"id":1,"new":"a"}"#, "new:string"),
        (r#"{"id":1,"new":null}"#, "new:null"),
        (r#"{"id":"1"}"#, "id:string"),
        (r#"{"id":null}"#, "id:null"),
        (r#"{"id":1.5}"#, "id:number"),
        (r#"{"note":{},"total":true,"id":1}"#, "note:object total:boolean"),
    ];
    let words = [
        (DriftPolicy::Evolve, "teaches"),
        (DriftPolicy::Freeze, "freezes"),
        (DriftPolicy::DiscardRow, "row"),
        (DriftPolicy::DiscardValue, "values"),
    ];
    for (record, what) in cases {
        for (policy, word) in words {
            assert_eq!(check(&accepted(), policy, record), format!("{word} {what}"), "{record}");
        }
    }
}

#[test]
fn fits_whatever_was_learnt_of_it() {
    let records = [
        r#"{"a":1,"b":"x","c":null}"#,
        r#"{"c":[1],"b":2,"d":{"e":1}}"#,
        r#"{"a":false,"a":"twice","\u0061b":1e9}"#,
        r#"{"d":null,"a":-0.5,"":true}"#,
    ];
    let mut accepted = Accepted::default();
    for (index, record) in records.iter().enumerate() {
        let fields = Fields::parse(record).unwrap();
        let differences = accepted.differences(&fields);
        for drift in differences {
            accepted.learn(drift.field, drift.found, None);
        }
        for seen in &records[..=index] {
            for policy in DriftPolicy::ALL {
                assert_eq!(check(&accepted, policy, seen), "moves", "{seen} after {record}");
            }
        }
        let kept: Accepted = serde_json::from_str(&serde_json::to_string(&accepted).unwrap()).unwrap();
        assert_eq!(kept, accepted);
    }
}

#[test]
fn takes_the_first_value_of_a_field_for_its_type_and_no_second_one() {
    let mut accepted = Accepted::default();
    accepted.learn("late", FieldType::Null, None);
    for policy in DriftPolicy::ALL {
        assert_eq!(check(&accepted, policy, r#"{"late":5}"#), "teaches late:integer");
    }
    assert!(accepted.learn("late", FieldType::Integer, None));
    assert_eq!(check(&accepted, DriftPolicy::Freeze, r#"{"late":5.5}"#), "moves");
    assert_eq!(check(&accepted, DriftPolicy::Freeze, r#"{"late":"5"}"#), "freezes late:string");
}

#[test]
fn accepts_what_was_found_and_forgets_what_fits_meanwhile() {
    let run = RunId::from_bytes([1; 16]);
    let learnt = Learnt { at: Timestamp::from_millis(1), run };
    let mut schema = StreamSchema { accepted: accepted(), found: Accepted::default() };
    for (name, found) in [("id", FieldType::Null), ("new", FieldType::Integer), ("note", FieldType::Array)] {
        assert!(schema.found.note(name, found, Some(learnt)));
        assert!(!schema.found.note(name, found, Some(learnt)), "the same is found once");
    }
    schema.accepted.learn("note", FieldType::Array, None);
    schema.forget_accepted();
    assert_eq!(schema.found.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["id", "new"]);
    let now = Timestamp::from_millis(2);
    let names: Vec<_> = schema.accept_found(now).into_iter().map(|one| one.name).collect();
    assert_eq!((names, schema.found.is_empty()), (vec!["id".to_owned(), "new".to_owned()], true));
    assert_eq!(check(&schema.accepted, DriftPolicy::Freeze, r#"{"id":null,"new":2.5}"#), "moves");
    assert_eq!(check(&schema.accepted, DriftPolicy::Freeze, r#"{"id":"x"}"#), "freezes id:string");
    assert_eq!(schema.accepted.get("new").unwrap().learnt, Some(Learnt { at: now, run }));
}

#[test]
fn remembers_no_end_of_fields_and_moves_records_still() {
    let mut accepted = Accepted::default();
    let learnt = (0..2_000).filter(|number| accepted.learn(&format!("f{number}"), FieldType::String, None)).count();
    assert_eq!(learnt, 1_000);
    assert_eq!(check(&accepted, DriftPolicy::Evolve, r#"{"f1999":"a"}"#), "teaches f1999:string");
}

#[test]
fn says_what_was_expected_and_found_and_no_value() {
    let (accepted, fields) = (accepted(), Fields::parse(r#"{"id":"kanarek","new":true}"#).unwrap());
    let said: Vec<_> = accepted.differences(&fields).iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        ["the field `id` is to hold integer, and holds string", "the field `new` is new, and holds boolean"]
    );
}

#[test]
fn takes_nothing_from_a_description_without_fields() {
    for schema in [json!({}), json!({ "properties": {} }), json!({ "type": "object" }), json!(null)] {
        assert_eq!(Accepted::described(&schema), None, "{schema}");
    }
}
