//! Runs of a customer and of all customers: lists by any filter, and all there is to say of one.

use serde_json::{Value, json};

use crate::town::{Client, Host, Setting, Town};

fn items(listed: &Value) -> &Vec<Value> {
    listed["items"].as_array().unwrap()
}

fn states(listed: &Value) -> Vec<&str> {
    items(listed).iter().map(|run| run["state"].as_str().unwrap()).collect()
}

/// Two runs that moved something, one that was not let begin, and one of another customer.
fn busy() -> Town {
    let town = Town::settled(250, &Setting::default());
    town.works(&["run", "acme/orders"]);
    town.works(&["run", "acme/orders"]);
    let off = json!({ "switch": "off" });
    town.works(&["transfer", "change", "acme", "orders", "--switch", off["switch"].as_str().unwrap()]);
    town.fails(&["run", "acme/orders"], 3);
    town.works(&["customer", "add", "--name", "globex"]);
    town
}

#[test]
fn a_customers_runs_stand_in_one_list_the_newest_first_by_any_filter() {
    let town = busy();
    let all = town.works(&["run", "list", "acme"]);
    assert_eq!(states(&all), ["refused", "succeeded", "succeeded"]);
    assert_eq!(all["items"][0]["code"], "transfer.off");
    for run in items(&all) {
        assert_eq!((&run["transfer_name"], &run["wanted_by"]), (&json!("orders"), &json!("operator")));
    }
    let listed = |words: &[&str]| items(&town.works(&[&["run", "list", "acme"], words].concat())).len();
    assert_eq!((listed(&["--state", "succeeded"]), listed(&["--state", "failed"])), (2, 0));
    assert_eq!((listed(&["--cause", "manual"]), listed(&["--cause", "schedule"])), (3, 0));
    assert_eq!((listed(&["--since", "2020-01-01"]), listed(&["--since", "2999-01-01"])), (3, 0));
    let transfer = all["items"][0]["transfer"].as_str().unwrap();
    let nothing = "00000000000000000000000000";
    assert_eq!((listed(&["--transfer", transfer]), listed(&["--transfer", nothing])), (3, 0));
}

#[test]
fn pages_of_runs_come_one_after_the_other_and_a_cursor_of_another_list_is_refused() {
    let town = busy();
    let wanted: Vec<_> = items(&town.works(&["run", "list", "acme"])).iter().map(|run| run["id"].clone()).collect();
    let (mut seen, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let mut words = vec!["run", "list-all", "--limit", "1"];
        words.extend(cursor.iter().flat_map(|cursor| ["--cursor", cursor]));
        let page = town.works(&words);
        assert!(items(&page).len() <= 1);
        seen.extend(items(&page).iter().map(|run| run["id"].clone()));
        match page["next"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
    }
    assert_eq!(seen, wanted);
    let refused = town.fails(&["run", "list", "acme", "--cursor", "transfer:a/b"], 2).errors;
    assert!(refused.contains("no cursor of this list"), "{refused}");
}

#[test]
fn runs_of_all_customers_are_in_one_list_and_of_one_where_it_is_asked_for() {
    let town = busy();
    let all = town.works(&["run", "list-all"]);
    assert_eq!(items(&all).len(), 3);
    assert!(items(&all).iter().all(|run| run["customer_name"] == "acme"));
    assert_eq!(items(&town.works(&["run", "list-all", "--of", "acme", "--state", "refused"])).len(), 1);
    assert!(items(&town.works(&["run", "list-all", "--of", "globex"])).is_empty());
    assert_eq!(items(&town.works(&["run", "list-all", "--name", "ACM"])).len(), 3);
    assert!(items(&town.works(&["run", "list-all", "--name", "glo"])).is_empty());
}

#[test]
fn a_run_shows_its_batches_its_attempts_and_why_it_stands_where_it_stands() {
    let town = busy();
    let all = town.works(&["run", "list", "acme"]);
    let run = town.works(&["run", "show", "acme", all["items"][1]["id"].as_str().unwrap()]);
    let batches = items(&run["batches_shown"]);
    let seen: Vec<_> = batches.iter().map(|one| (one["number"].clone(), one["delivered"].clone())).collect();
    assert_eq!(seen, [(json!(3), json!(50)), (json!(2), json!(100)), (json!(1), json!(100))]);
    assert!(batches.iter().all(|one| one["state"] == "settled" && one["bytes_held"] == 0), "{batches:?}");
    assert_eq!(run["attempts_ended"][0]["number"], 1);
    assert!(run["attempts_ended"][0]["requests"].as_u64().unwrap() >= 6, "{run}");
    assert_eq!((&run["sentence"], &run["next_step"]), (&Value::Null, &Value::Null));
    let id = run["id"].as_str().unwrap();
    let last = town.works(&["run", "show", "acme", id, "--limit", "2"]);
    assert_eq!(last["batches_shown"]["next"], "2");
    let first = town.works(&["run", "show", "acme", id, "--limit", "2", "--cursor", "2"]);
    assert_eq!((items(&first["batches_shown"]).len(), &first["batches_shown"]["next"]), (1, &Value::Null));
    let refused = town.works(&["run", "show", "acme", all["items"][0]["id"].as_str().unwrap()]);
    assert_eq!((&refused["code"], refused["next_step"].is_string()), (&json!("transfer.off"), true));
    assert!(items(&refused["batches_shown"]).is_empty());
    assert!(!run.to_string().contains("cursor\":"), "{run}");
    assert_eq!(town.fails(&["run", "show", "globex", id], 2).code, 2);
}

#[test]
fn a_run_that_failed_says_of_every_attempt_what_it_failed_of() {
    let town = Town::bare(1);
    town.works(&["init"]);
    town.works(&["trust", "add", "weighbridge", town.public_key().to_str().unwrap()]);
    town.install("rest");
    town.apply(&Setting::default().document(&town.platforms).replace("path = \"/orders\"", "path = \"/nothing\""));
    town.fails(&["run", "acme/orders"], 1);
    let id = town.works(&["run", "list", "acme"])["items"][0]["id"].as_str().unwrap().to_owned();
    let run = town.works(&["run", "show", "acme", &id]);
    assert_eq!((&run["state"], &run["class"]), (&json!("failed"), &run["attempts_ended"][0]["class"]));
    assert_eq!(run["attempts_ended"][0]["code"], run["code"]);
    assert!(run["next_step"].as_str().unwrap().ends_with('.'), "{run}");
    assert!(run["attempts_ended"][0]["message"].is_string(), "{run}");
}

#[test]
fn who_wanted_a_run_is_named_to_who_may_know_them_and_by_the_organisation_to_others() {
    let town = Town::settled(1, &Setting::default());
    let host = Host::start(&town);
    let join = |words: &[&str]| host.joined(&town.works(words)).secret.unwrap();
    let invite = ["staff", "invite", "--email", "anna@example.com", "--name", "Anna", "--role", "tenant_admin"];
    let anna = join(&invite);
    let user = |email: &str, role: &str| join(&["user", "invite", "acme", "--email", email, "--role", role]);
    let (admin, viewer) = (user("eva@example.org", "customer_admin"), user("jan@example.org", "customer_viewer"));
    let client = |secret: &str| Client::with(&host.address, secret);
    let customer = town.works(&["customer", "list"])["items"][0]["id"].as_str().unwrap().to_owned();
    let transfer = town.works(&["transfer", "list", "acme"])["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/customers/{customer}");
    client(&anna).post(&format!("{path}/transfers/{transfer}/start"), &json!({})).worked();
    let named = |secret: &str| loop {
        let listed = client(secret).get(&format!("{path}/runs")).worked();
        if let Some(run) = listed["items"].get(0) {
            return (run["wanted_by_name"].clone(), run["wanted_by_removed"].clone());
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    assert_eq!(named(&anna), (json!("Anna"), json!(false)));
    assert_eq!(named(&admin), (json!("Anna (Partner)"), json!(false)));
    assert_eq!(named(&viewer), (json!("Partner"), json!(false)));
    town.works(&["staff", "invite", "--email", "other@example.com", "--role", "tenant_admin"]);
    let second = town.works(&["staff", "list"]);
    let other =
        host.joined(&town.works(&["staff", "invite", "--email", "third@example.com", "--role", "tenant_admin"]));
    let anna_id = items(&second).iter().find(|one| one["name"] == "Anna").unwrap()["id"].as_str().unwrap().to_owned();
    other.ask("DELETE", &format!("/staff/{anna_id}"), None).worked();
    assert_eq!(named(&admin), (Value::Null, json!(true)));
}

#[test]
fn what_connectors_said_is_kept_with_their_run_attempt_by_attempt() {
    let town = busy();
    let all = town.works(&["run", "list", "acme"]);
    let log = |nth: usize, words: &[&str]| {
        let id = all["items"][nth]["id"].as_str().unwrap();
        town.works(&[&["run", "log", "acme", id], words].concat())
    };
    let first = log(2, &[]);
    let texts: Vec<_> = items(&first).iter().map(|line| line["text"].as_str().unwrap()).collect();
    assert!(texts.iter().any(|text| text.contains("100 records")), "{first}");
    assert!(texts.iter().any(|text| text.contains("records taken")), "{first}");
    let is_whole =
        |line: &Value| line["attempt"] == 1 && line["level"] == "info" && line["connector"] == "weighbridge.rest";
    assert!(items(&first).iter().all(is_whole), "{first}");
    assert!(items(&log(2, &["--level", "warn"])).is_empty());
    assert!(items(&log(2, &["--attempt", "2"])).is_empty());
    assert!(items(&log(0, &[])).is_empty(), "a run that did not begin said nothing");
    assert_eq!(town.fails(&["run", "log", "globex", all["items"][2]["id"].as_str().unwrap()], 2).code, 2);
}

#[test]
fn a_run_is_paused_resumed_and_cancelled_by_verbs_and_each_of_them_is_in_the_audit_log() {
    let town = Town::settled(100_000, &Setting::default());
    let _host = Host::start(&town);
    let transfer = town.works(&["transfer", "list", "acme"])["items"][0]["id"].as_str().unwrap().to_owned();
    town.works(&["transfer", "start", "acme", &transfer]);
    let newest = || town.works(&["run", "list", "acme", "--limit", "1"])["items"][0].clone();
    let until = |state: &str| loop {
        let run = newest();
        if run["state"] == state {
            return run;
        }
        assert!(run["state"] != "succeeded", "it ended before it was {state}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    let id = until("running")["id"].as_str().unwrap().to_owned();
    assert_eq!(town.works(&["run", "pause", "acme", &id])["wish"], "pause");
    let paused = until("paused");
    let listed = |state: &str| items(&town.works(&["run", "list", "acme", "--state", state])).len();
    assert_eq!((listed("paused"), listed("running")), (1, 0));
    assert!(paused["delivered"].as_u64().unwrap() < 100_000 && paused["ended_at"].is_null(), "{paused}");
    assert_eq!(town.works(&["run", "resume", "acme", &id])["wish"], Value::Null);
    assert!(town.fails(&["run", "resume", "acme", &id], 2).errors.contains("run.not_paused"));
    town.works(&["run", "cancel", "acme", &id]);
    let cancelled = until("cancelled");
    assert_eq!((&cancelled["id"], &cancelled["cancelled_by"]), (&json!(id), &json!("operator")));
    assert!(town.fails(&["run", "cancel", "acme", &id], 2).errors.contains("run.ended"));
    let acts = town.works(&["audit", "list", "--customer", "acme", "--act", "run.*"]);
    let acts: Vec<_> = items(&acts).iter().map(|line| line["act"].as_str().unwrap().to_owned()).collect();
    assert_eq!(acts, ["run.cancelled", "run.resumed", "run.paused"]);
}
