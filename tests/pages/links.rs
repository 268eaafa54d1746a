//! Every link within the repository leads somewhere.

use super::markdown::Page;
use super::{FOLDER, check, root};
use crate::tidy::sources;

/// What of a page's links leads nowhere. What leads out of the repository is not asked.
fn faults(one: &Page) -> Vec<String> {
    let within = one.links.iter().filter(|link| !link.target.contains("://") && !link.target.starts_with("mailto:"));
    let dead = within.filter(|link| !leads(one, &link.target));
    dead.map(|link| one.fault(link.line, format_args!("{} leads nowhere", link.target))).collect()
}

fn leads(from: &Page, target: &str) -> bool {
    let (path, anchor) = target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
    let folder = from.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let to = root().join(folder).join(path);
    match anchor {
        None => to.exists(),
        Some(anchor) if path.is_empty() => from.anchors.iter().any(|one| one == anchor),
        Some(anchor) => std::fs::read_to_string(&to)
            .is_ok_and(|text| Page::of(target, &text).anchors.iter().any(|one| one == anchor)),
    }
}

#[test]
fn every_link_of_every_page_of_the_repository_leads_somewhere() {
    let found: Vec<Page> = sources(&[".md"]).iter().map(|one| Page::of(&one.path, &one.text)).collect();
    assert!(found.len() > 15, "the walk lost its way");
    check(&found.iter().flat_map(faults).collect::<Vec<_>>());
}

#[test]
fn the_operators_pages_link_to_each_other_only_since_elsewhere_they_lie_alone() {
    let out = |one: Page| {
        let away = one.links.iter().filter(|link| link.target.contains('/') && !link.target.contains("://"));
        away.map(|link| one.fault(link.line, format_args!("{} is not beside it", link.target))).collect::<Vec<_>>()
    };
    check(&super::operators().into_iter().flat_map(out).collect::<Vec<_>>());
}

#[test]
fn a_dead_link_and_a_dead_anchor_are_said_and_good_ones_are_let_be() {
    let text =
        "# Here\n[a](index.md) [b](gone.md) [c](#here) [d](#there)\n[e](https://example.com/x) [f](index.md#gone)\n";
    let found = faults(&Page::of(&format!("{FOLDER}/example.md"), text));
    let wanted = ["2: gone.md", "2: #there", "3: index.md#gone"]
        .map(|fault| format!("{FOLDER}/example.md:{fault} leads nowhere"));
    assert_eq!(found, wanted);
}
