//! What axe-core finds: whether people who see, hear or move otherwise can use a page.

use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::{Value, json};

use super::Browser;

const PACKAGE: &str = "axe-core@4.14.1";

/// The program, installed once, into a folder that later runs find again.
static PROGRAM: LazyLock<String> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("platforms").join(PACKAGE.replace('@', "-"));
    let program = folder.join("node_modules/axe-core/axe.min.js");
    if !program.exists() {
        println!("installing {PACKAGE} into {}", folder.display());
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("package.json"), "{}").unwrap();
        let installed = Command::new("npm").args(["install", "--silent", PACKAGE]).current_dir(&folder).output();
        let installed = installed.unwrap();
        assert!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));
    }
    fs::read_to_string(program).unwrap()
});

const RUN: &str = "
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ['violations'] }).then((found) => done(found.violations), (error) => done(`${error}`));
";

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::console) struct Findings {
    /// Serious and critical ones: the rule, what it says, and where.
    pub(in crate::console) serious: Vec<String>,
    /// How many of all kinds, by how bad they are: minor, moderate, serious, critical.
    pub(in crate::console) counts: [usize; 4],
}

const IMPACTS: [&str; 4] = ["minor", "moderate", "serious", "critical"];

impl Findings {
    fn read(violations: &Value) -> Self {
        let mut findings = Self::default();
        for violation in violations.as_array().unwrap() {
            let impact = violation["impact"].as_str().unwrap_or("serious");
            let nodes = violation["nodes"].as_array().unwrap();
            let place = IMPACTS.iter().position(|known| *known == impact).unwrap_or(2);
            findings.counts[place] += nodes.len();
            if place >= 2 {
                let at: Vec<_> = nodes.iter().map(|node| node["target"].to_string()).collect();
                let (rule, help) = (violation["id"].as_str().unwrap(), violation["help"].as_str().unwrap());
                findings.serious.push(format!("{impact}: {rule}: {help}: {}", at.join(" ")));
            }
        }
        findings
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = IMPACTS.iter().zip(self.counts).filter(|(_, count)| *count > 0);
        let counted: Vec<_> = counted.map(|(impact, count)| format!("{count} {impact}")).collect();
        f.write_str(if counted.is_empty() { "none" } else { "" })?;
        f.write_str(&counted.join(", "))
    }
}

impl Browser {
    /// What is wrong with the page that is open; scripts have to be on.
    #[track_caller]
    pub(in crate::console) fn axe(&self) -> Findings {
        if self.script("return typeof axe") == "undefined" {
            self.script(&PROGRAM);
        }
        let found = self.wait(self.client().execute_async(RUN, Vec::new()));
        let found = found.unwrap_or_else(|error| self.fail(&format!("axe to run: {error}")));
        if !found.is_array() {
            self.fail(&format!("axe to run: {found}"));
        }
        Findings::read(&found)
    }

    /// Nothing serious and nothing critical is wrong with the page.
    #[track_caller]
    pub(in crate::console) fn is_accessible(&self) {
        let found = self.axe();
        if !found.serious.is_empty() {
            self.fail(&format!("axe to find nothing serious: {}", found.serious.join("\n")));
        }
    }
}

#[test]
fn findings_are_counted_by_element_and_only_serious_ones_are_told() {
    let node = |target: &str| json!({ "target": [target] });
    let found = Findings::read(&json!([
        { "id": "region", "impact": "moderate", "help": "All content in landmarks", "nodes": [node("p"), node("b")] },
        { "id": "label", "impact": "critical", "help": "Form elements have labels", "nodes": [node("#name")] },
    ]));
    assert_eq!(found.to_string(), "2 moderate, 1 critical");
    assert_eq!(found.serious, ["critical: label: Form elements have labels: [\"#name\"]"]);
    assert_eq!(Findings::read(&json!([])).to_string(), "none");
}
