//! What the operator's pages tell people to type is typed, in order, by a stranger who has a release and a machine without a network.
//!
//! A session is the page itself with everything but its `sh` blocks blank, so that a line of the one is the same line of the other. Line 1,
//! which is the page's title, reads `setups/begin.sh` and the page's own file of that folder: what the page takes for granted. A block that
//! is fenced as `sh stays` stays in a terminal of its own, and `<!-- ctrl-c -->` ends the last one of those.

use super::markdown::Page;
use super::{FOLDER, check, operators, page, root};
use crate::stories::installed::{Stranger, downloads};
use crate::town::Host;

/// What cannot be typed as it is written: in which page, what stands there, and what is typed in its place.
const SUBSTITUTIONS: &[(&str, &str, &str)] = &[
    ("host/pages/first-hour.md", "CONNECTION_ID:KEY", "\"$(answered service.access_id):$(answered key)\""),
    ("host/pages/first-hour.md", "--to RECOVERY", "--to \"$(recovery_key)\""),
    ("host/pages/backup.md", "--to KEY", "--to \"$(recovery_key)\""),
    ("host/pages/backup.md", "backups/NAME", "\"$(newest_backup)\""),
    ("sdk/docs/src/pull.md", "CONNECTION_ID:KEY", "\"$(answered service.access_id):$(answered key)\""),
    ("sdk/docs/src/pull.md", "CONNECTION_ID KEY", "\"$(answered service.access_id)\" \"$(answered key)\""),
    ("host/pages/keys.md", "--to KEY", "--to \"$(recovery_key)\""),
];

/// Where a host, the shop and the warehouse answer where nobody says otherwise.
const USUAL: [&str; 3] = ["127.0.0.1:8686", "127.0.0.1:8701", "127.0.0.1:8702"];

/// Addresses that are free. A session without a network has the usual ones for itself; with one, others may answer there.
pub(super) struct Elsewhere(Option<[String; 3]>);

impl Elsewhere {
    pub(super) fn of(is_cut_off: bool) -> Self {
        Self((!is_cut_off).then(|| USUAL.map(|_| format!("127.0.0.1:{}", Host::free_port()))))
    }

    /// A text of the session with these in the place of the usual ones.
    pub(super) fn typed(&self, text: &str) -> String {
        let Some(free) = &self.0 else { return text.to_owned() };
        let named = USUAL.iter().zip(free).fold(text.to_owned(), |text, (usual, free)| text.replace(usual, free));
        let [_, shop, warehouse] = free;
        named.replace("platforms --calm", &format!("platforms --shop {shop} --warehouse {warehouse} --calm"))
    }

    /// What tells a host where it answers.
    pub(super) fn said(&self) -> String {
        self.0.as_ref().map_or_else(String::new, |[host, ..]| format!("export WEIGHBRIDGE_SETTING_LISTEN={host}\n"))
    }
}

/// A page as a session, line for line.
pub(super) fn session(page: &Page) -> String {
    let mut lines = vec![String::new(); page.text.lines().count() + 1];
    lines[0] = format!("source \"$HOME\"/begin.sh; source \"$HOME\"/setup.sh; at={:?}", page.path);
    for block in &page.blocks {
        let last = block.line + block.lines.len() + 1;
        match block.info.as_str() {
            "sh" => {}
            "sh stays" => {
                lines[block.line - 1] = "{".into();
                lines[last - 1] = format!("}} >\"$HOME\"/stays.{last} 2>&1 </dev/null & stays \"$HOME\"/stays.{last}");
            }
            _ => continue,
        }
        for (index, line) in block.lines.iter().enumerate() {
            lines[block.line + index].clone_from(line);
        }
    }
    for (index, line) in page.text.lines().enumerate().filter(|(_, line)| line.trim() == "<!-- ctrl-c -->") {
        assert!(lines[index].is_empty(), "{}:{}: {line} stands in a block", page.path, index + 1);
        lines[index] = "ctrl_c".into();
    }
    lines.join("\n") + "\nsource \"$HOME\"/after.sh\n"
}

/// With what cannot be typed literally in its place.
pub(super) fn substituted(page: &Page, text: String) -> String {
    let of_page = SUBSTITUTIONS.iter().filter(|(path, _, _)| *path == page.path);
    of_page.fold(text, |text, (_, written, typed)| {
        assert!(text.contains(written), "{}: a substitution for {written} is not needed", page.path);
        text.replace(written, typed)
    })
}

/// A file of what pages take for granted, if there is one.
pub(super) fn setup(part: &str) -> String {
    std::fs::read_to_string(root().join("tests/pages/setups").join(part)).unwrap_or_default()
}

/// Types a page, and fails by the page and line of what does not do what it should.
pub(super) fn types(folder: &str, name: &str) {
    let page = page(&format!("{folder}/{name}.md"));
    let stranger = Stranger::with(downloads());
    let elsewhere = Elsewhere::of(stranger.is_cut_off());
    let gets = |name: &str, text: &str| stranger.gets(name, &elsewhere.typed(text));
    gets("acme.toml", &setup("acme.toml"));
    gets("begin.sh", &(setup("begin.sh") + &elsewhere.said()));
    gets("setup.sh", &setup(&format!("{name}.sh")));
    gets("after.sh", &setup(&format!("{name}.after.sh")));
    let said = stranger.runs("session.sh", &elsewhere.typed(&substituted(&page, session(&page))));
    if let Err(said) = said {
        panic!("{} does not do what it says:\n{said}", page.path);
    }
}

/// The pages with something to type, each a test of its own.
macro_rules! typed {
    ($($test:ident: $name:literal,)*) => {
        $(
            #[test]
            fn $test() {
                types(FOLDER, $name);
            }
        )*
        const TYPED: &[&str] = &[$($name),*];
    };
}

typed! {
    the_index_is_typed: "index",
    the_installation_is_typed: "install",
    the_first_hour_is_typed: "first-hour",
    backup_and_restore_are_typed: "backup",
    the_upgrade_is_typed: "upgrade",
    the_keys_are_typed: "keys",
    the_network_is_typed: "network",
    the_runbook_is_typed: "runbook",
    the_security_model_is_typed: "security",
}

#[test]
fn every_page_with_something_to_type_has_its_session() {
    assert_are_typed(operators(), FOLDER, TYPED);
}

/// Whatever has something to type is among these, and these are there.
#[track_caller]
pub(super) fn assert_are_typed(pages: Vec<Page>, folder: &str, typed: &[&str]) {
    let has_shell = |page: &Page| page.blocks.iter().any(|block| matches!(block.info.as_str(), "sh" | "sh stays"));
    let mut wanted: Vec<String> = pages.into_iter().filter(has_shell).map(|page| page.path).collect();
    let mut typed: Vec<String> = typed.iter().map(|name| format!("{folder}/{name}.md")).collect();
    wanted.sort();
    typed.sort();
    assert_eq!(typed, wanted);
}

#[test]
fn every_block_says_whether_it_is_typed() {
    let kinds = ["sh", "sh stays", "sh root", "toml", "yaml", "text"];
    check(&operators().iter().flat_map(|page| of_another_kind(page, &kinds)).collect::<Vec<_>>());
}

/// Its blocks that are none of these.
pub(super) fn of_another_kind(page: &Page, kinds: &[&str]) -> Vec<String> {
    let others = page.blocks.iter().filter(|block| !kinds.contains(&block.info.as_str()));
    others.map(|block| page.fault(block.line, format_args!("`{}` is no kind of block", block.info))).collect()
}

#[test]
fn a_session_has_each_line_where_its_page_has_it() {
    let text = "# A page\n\n```sh\none\n```\n\n```sh root\nnot this\n```\n\n```sh stays\ntwo\n```\n<!-- ctrl-c -->\n";
    let session = session(&Page::of("a.md", text));
    let lines: Vec<&str> = session.lines().collect();
    assert_eq!((lines[3], lines[11], lines[13]), ("one", "two", "ctrl_c"));
    assert!(lines[10] == "{" && lines[12].starts_with('}') && !session.contains("not this"), "{session}");
}
