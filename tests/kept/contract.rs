//! A contract that is frozen is added to, and never changed: every line of it that says something stands in today's.

use std::collections::BTreeSet;

use super::first;
use crate::tidy::root;

/// What a file says, without what it explains.
fn said(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.map(str::to_owned).collect()
}

/// What of a kept file is another one today.
fn fault(name: &str, kept: &str, today: &str) -> Option<String> {
    let (kept, today) = (said(kept), said(today));
    // The world gets more to import; a component that does not ask for it does not see that.
    let stands = match name {
        "world.wit" => kept.iter().collect::<BTreeSet<_>>().is_subset(&today.iter().collect()),
        _ => kept == today,
    };
    (!stands)
        .then(|| format!("{name} is not what connectors for it were built against; add an interface beside it instead"))
}

#[test]
fn what_connectors_were_built_against_is_what_hosts_offer() {
    let folder = first().join("wit");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let today = std::fs::read_to_string(root().join("schemas/wit").join(&name)).unwrap_or_default();
        assert_eq!(fault(&name, &std::fs::read_to_string(&path).unwrap(), &today), None);
        count += 1;
    }
    assert!(count > 10, "the walk lost its way");
}

#[test]
fn a_changed_interface_is_said_and_a_new_explanation_or_import_is_let_be() {
    let kept = "/// One.\ninterface a {\n  b: func();\n}\n";
    assert_eq!(fault("a.wit", kept, "/// Two.\ninterface a {\n  /// Three.\n  b: func();\n}\n"), None);
    assert!(fault("a.wit", kept, "interface a {\n  b: func() -> u32;\n}\n").is_some());
    assert!(fault("a.wit", kept, "interface a {\n  b: func();\n  c: func();\n}\n").is_some());
    let world = "world w {\n  import a;\n}\n";
    assert_eq!(fault("world.wit", world, "world w {\n  import a;\n  import c;\n}\n"), None);
    assert!(fault("world.wit", world, "world w {\n  import c;\n}\n").is_some());
}
