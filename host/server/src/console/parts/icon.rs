//! Signs, drawn as lines. Each stands beside a word that says the same.

use maud::{Markup, PreEscaped, html};

/// A sign by its name.
pub(crate) fn icon(name: &str) -> Markup {
    html! { svg.icon viewBox="0 0 24 24" aria-hidden="true" focusable="false" { (PreEscaped(strokes(name))) } }
}

fn strokes(name: &str) -> &'static str {
    match name {
        "sign" => r#"<path d="M3 17h18M5 17l2-4h10l2 4M12 13V7"/><circle cx="12" cy="5" r="2"/>"#,
        "customer" => r#"<path d="M4 20V9l8-5 8 5v11M9 20v-6h6v6"/>"#,
        "organisation" => r#"<path d="M4 20V5h9v15M13 20V10h7v10M3 20h18M7.5 9h2M7.5 13h2M16 14h1"/>"#,
        "grid" => r#"<path d="M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z"/>"#,
        "run" => r#"<path d="M4 7h13l-3-3M20 17H7l3 3"/>"#,
        "scale" => r#"<path d="M12 4v16M7 20h10M5 7h14M5 7l-2 6h4zM19 7l-2 6h4z"/>"#,
        "plug" => r#"<path d="M9 3v5M15 3v5M6 8h12v4a6 6 0 0 1-12 0zM12 18v3"/>"#,
        "server" => r#"<path d="M4 4h16v7H4zM4 13h16v7H4zM7 7.5h.5M7 16.5h.5"/>"#,
        "switch" => r#"<rect x="3" y="7" width="18" height="10" rx="5"/><circle cx="16" cy="12" r="2.5"/>"#,
        "workflow" => r#"<path d="M4 5h6v5H4zM14 14h6v5h-6zM7 10v6.500h7"/>"#,
        "people" => {
            r#"<circle cx="9" cy="8" r="3.500"/><path d="M3 20c0-4 2.500-6 6-6s6 2 6 6M16 5a3.500 3.500 0 0 1 0 6.500M18 14.500c2 .8 3 2.700 3 5.500"/>"#
        }
        "person" => r#"<circle cx="12" cy="8" r="4"/><path d="M4 21c0-5 3-7.500 8-7.500s8 2.500 8 7.500"/>"#,
        "audit" => r#"<path d="M6 3h9l4 4v14H6zM14 3v5h5M9 12h7M9 16h7"/>"#,
        "settings" => {
            r#"<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>"#
        }
        "archive" => r#"<path d="M3 4h18v5H3zM5 9v11h14V9M10 13h4"/>"#,
        "key" => r#"<circle cx="8" cy="15" r="4"/><path d="M11 12l9-9M16 7l3 3"/>"#,
        "health" => r#"<path d="M3 12h4l3-7 4 14 3-7h4"/>"#,
        "question" => {
            r#"<circle cx="12" cy="12" r="9"/><path d="M9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.7.300-1 .800-1 1.700M12 17h.01"/>"#
        }
        "shield" => r#"<path d="M12 3l8 3v6c0 5-3.500 8-8 9-4.500-1-8-4-8-9V6zM9 12l2 2 4-4"/>"#,
        "globe" => r#"<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18"/>"#,
        "add" => r#"<path d="M12 5v14M5 12h14"/>"#,
        "edit" => r#"<path d="M4 20l1-4L16 5l3 3L8 19zM14 7l3 3"/>"#,
        "remove" => r#"<path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13"/>"#,
        "next" => r#"<path d="M9 5l7 7-7 7"/>"#,
        "first" => r#"<path d="M15 5l-7 7 7 7M6 5v14"/>"#,
        "out" => r#"<path d="M14 4H5v16h9M10 12h10M17 8l4 4-4 4"/>"#,
        "open" => r#"<path d="M14 4h6v6M20 4l-9 9M18 14v6H4V6h6"/>"#,
        "copy" => r#"<path d="M9 9h11v11H9zM5 15H4V4h11v1"/>"#,
        "good" => r#"<circle cx="12" cy="12" r="9"/><path d="M8 12l3 3 5-6"/>"#,
        "warn" => r#"<path d="M12 4l9 16H3zM12 10v4M12 17h.01"/>"#,
        "denied" => r#"<circle cx="12" cy="12" r="9"/><path d="M6 6l12 12"/>"#,
        "menu" => r#"<path d="M4 6h16M4 12h16M4 18h16"/>"#,
        "search" => r#"<circle cx="11" cy="11" r="6"/><path d="M16 16l5 5"/>"#,
        "time" => r#"<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 2"/>"#,
        "play" => r#"<path d="M7 4l12 8-12 8z"/>"#,
        "stop" => r#"<path d="M6 6h12v12H6z"/>"#,
        "pause" => r#"<path d="M7 5h3v14H7zM14 5h3v14h-3z"/>"#,
        "reads" => r#"<path d="M12 4v12M7 11l5 5 5-5M5 20h14"/>"#,
        "writes" => r#"<path d="M12 16V4M7 9l5-5 5 5M5 20h14"/>"#,
        "link" => r#"<path d="M10 14l4-4M8 11l-3 3a4 4 0 0 0 5.500 5.500l3-3M16 13l3-3A4 4 0 0 0 13.500 4.500l-3 3"/>"#,
        "mail" => r#"<path d="M3 6h18v12H3zM3 7l9 7 9-7"/>"#,
        "light" => {
            r#"<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600L7 7M17 17l1.400 1.400M18.400 5.600L17 7M7 17l-1.400 1.400"/>"#
        }
        "dark" => r#"<path d="M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10z"/>"#,
        "system" => r#"<path d="M3 5h18v11H3zM9 20h6M12 16v4"/>"#,
        _ => r#"<circle cx="12" cy="12" r="9"/><path d="M12 11v5M12 8h.01"/>"#,
    }
}
