//! How an offer leaves is the operator's to say, and stands in the audit log before and after, without a key.

use std::fs;

use rcgen::{CertificateParams, KeyPair};

use crate::town::{Setting, Town};

/// A certificate that names somebody, and its key, in files.
fn certificate(town: &Town, name: &str) -> [String; 2] {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap().self_signed(&key).unwrap();
    [("pem", certificate.pem()), ("key", key.serialize_pem())].map(|(kind, text)| {
        let file = town.path(&format!("{name}.{kind}"));
        fs::write(&file, text).unwrap();
        format!("@{}", file.display())
    })
}

#[test]
fn grants_networks_and_certificates_by_name_and_keeps_both_sides_of_the_change() {
    let town = Town::settled(0, &Setting::default());
    let [pem, key] = certificate(&town, "here.example");
    let allow = ["integration", "allow", "Partner", "shop"];
    let allowed = |words: &[&str]| town.works(&[&allow[..], words].concat());
    let shown = allowed(&["--ca", &pem, "--certificate", &pem, "--key", &key, "--proxy", "direct"]);
    let read = town.works(&["integration", "show", "shop"]);
    for view in [&shown, &read] {
        assert!(view["ca"].as_str().unwrap().contains("sha256"), "{view}");
        assert!(view["client_certificate"].as_str().unwrap().contains("sha256"), "{view}");
        assert_eq!((&view["proxy"], &view["grant"]["networks"][0]), (&"direct".into(), &"127.0.0.1/32".into()));
        assert!(!view.to_string().contains("PRIVATE KEY"), "{view}");
    }
    let more = allowed(&["--networks", "127.0.0.1/32", "--networks", "10.1.0.0/16", "--certificate", "", "--key", ""]);
    assert_eq!((&more["client_certificate"], &more["grant"]["networks"][1]), (&().into(), &"10.1.0.0/16".into()));
    let audit = town.works(&["audit", "list"]).to_string();
    assert!(audit.contains("integration.addresses_allowed") && audit.contains("integration.egress_changed"), "{audit}");
    assert!(audit.contains("networks 127.0.0.1/32 → 127.0.0.1/32, 10.1.0.0/16"), "{audit}");
    let folders = ["inbox:read=/srv/in", "done:write=/srv/done"];
    let granted = allowed(&["--folders", folders[0], "--folders", folders[1]]);
    assert_eq!(granted["grant"]["folders"], serde_json::json!(folders));
    let listed = town.works(&["address", "list"]);
    assert_eq!(listed["items"][0]["folders"], serde_json::json!(folders));
    let audit = town.works(&["audit", "list"]).to_string();
    assert!(audit.contains("folders none → inbox:read=/srv/in, done:write=/srv/done"), "{audit}");
    assert!(audit.contains("proxy configured → direct") && !audit.contains("PRIVATE KEY"), "{audit}");
}

#[test]
fn refuses_what_is_no_network_no_certificate_or_half_of_one() {
    let town = Town::settled(0, &Setting::default());
    let [pem, _] = certificate(&town, "here.example");
    let [_, others] = certificate(&town, "there.example");
    let allow = ["integration", "allow", "Partner", "shop"];
    for (words, place) in [
        (vec!["--networks", "10.1.0.0/77"], "networks[0]"),
        (vec!["--folders", "inbox=/srv/in"], "folders[0]"),
        (vec!["--folders", "inbox:read=/srv/in", "--folders", "done:write=../done"], "folders[1]"),
        (vec!["--ca", "no certificate"], "ca"),
        (vec!["--certificate", pem.as_str()], "key"),
        (vec!["--certificate", pem.as_str(), "--key", others.as_str()], "client_certificate"),
    ] {
        let errors = town.fails(&[&allow[..], &words].concat(), 2).errors;
        assert!(errors.contains("request.invalid") && errors.contains(place), "{words:?}: {errors}");
    }
}
