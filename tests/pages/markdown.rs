//! What a page consists of, as far as these tests ask: blocks, words in backticks, links and headings, each with its line.

use std::collections::BTreeMap;

/// A page, read.
pub(super) struct Page {
    /// From the root of the repository.
    pub(super) path: String,
    pub(super) text: String,
    pub(super) blocks: Vec<Block>,
    pub(super) spans: Vec<Span>,
    pub(super) links: Vec<Link>,
    /// What of it can be linked to.
    pub(super) anchors: Vec<String>,
}

/// What stands between two fences.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// What is said behind the fence: `sh`, `sh root`, `toml`.
    pub(super) info: String,
    /// The line of its first fence.
    pub(super) line: usize,
    pub(super) lines: Vec<String>,
}

impl Block {
    pub(super) fn text(&self) -> String {
        self.lines.iter().map(|line| format!("{line}\n")).collect()
    }
}

/// Words in backticks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) line: usize,
    pub(super) text: String,
}

/// `[…](target)`
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) line: usize,
    pub(super) target: String,
}

impl Page {
    pub(super) fn of(path: &str, text: &str) -> Self {
        let mut page = Self {
            path: path.to_owned(),
            text: text.to_owned(),
            blocks: Vec::new(),
            spans: Vec::new(),
            links: Vec::new(),
            anchors: Vec::new(),
        };
        let mut open: Option<(Block, usize)> = None;
        let (mut prose, mut headings) = (Vec::new(), BTreeMap::new());
        for (index, line) in text.lines().enumerate() {
            let (number, inner) = (index + 1, line.trim_start());
            open = match (open, inner.strip_prefix("```")) {
                (None, Some(info)) => {
                    let block = Block { info: info.trim().to_owned(), line: number, lines: Vec::new() };
                    Some((block, line.len() - inner.len()))
                }
                (Some((block, _)), Some("")) => {
                    page.blocks.push(block);
                    None
                }
                (Some((mut block, indent)), _) => {
                    block.lines.push(line.get(indent..).unwrap_or_default().to_owned());
                    Some((block, indent))
                }
                (None, None) => {
                    page.heading(line, &mut headings);
                    prose.push((number, line));
                    None
                }
            };
        }
        assert!(open.is_none(), "{path}: a fence is never closed");
        page.spans = spans(&prose);
        page.links = links(&prose);
        page
    }

    /// A heading as GitHub and mdBook anchor it: the second of the same words gets a number.
    fn heading(&mut self, line: &str, seen: &mut BTreeMap<String, usize>) {
        let level = line.bytes().take_while(|byte| *byte == b'#').count();
        let Some(words) = line[level..].strip_prefix(' ').filter(|_| (1..=6).contains(&level)) else { return };
        let kept = words.trim().chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
        let anchor: String = kept.collect::<String>().to_lowercase().replace(' ', "-");
        let count = seen.entry(anchor.clone()).or_insert(0);
        self.anchors.push(if *count == 0 { anchor.clone() } else { format!("{anchor}-{count}") });
        *count += 1;
    }

    /// A fault at one of its lines.
    pub(super) fn fault(&self, line: usize, what: impl std::fmt::Display) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}

/// A span may go on in the next line of its paragraph.
fn spans(prose: &[(usize, &str)]) -> Vec<Span> {
    let mut found = Vec::new();
    for paragraph in paragraphs(prose) {
        let mut open: Option<(usize, String)> = None;
        for (number, line) in paragraph {
            let mut parts = line.split('`').peekable();
            while let Some(part) = parts.next() {
                let is_last = parts.peek().is_none();
                open = match open {
                    Some((begun, text)) if is_last => Some((begun, format!("{text}{part} "))),
                    Some((begun, text)) => {
                        found.push(Span { line: begun, text: format!("{text}{part}") });
                        None
                    }
                    None if is_last => None,
                    None => Some((*number, String::new())),
                };
            }
        }
    }
    found
}

fn paragraphs<'a, 'b>(prose: &'a [(usize, &'b str)]) -> impl Iterator<Item = &'a [(usize, &'b str)]> {
    prose.split(|(_, line)| line.trim().is_empty()).filter(|paragraph| !paragraph.is_empty())
}

fn links(prose: &[(usize, &str)]) -> Vec<Link> {
    let of_line = |(number, line): &(usize, &str)| {
        // What is in backticks is no link.
        let outside: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        let targets = outside.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0.to_owned()));
        targets.map(|target| Link { line: *number, target }).collect::<Vec<_>>()
    };
    prose.iter().flat_map(of_line).collect()
}

#[test]
fn blocks_spans_links_and_anchors_are_found_with_their_lines() {
    let text = "# One: a `b`\n\nSee [it](x.md#y), `a\nb` and `c`.\n\n   ```sh root\n   ls\n   ```\n\n# One: a `b`\n[no end](\n`[a](b)`\n";
    let page = Page::of("a.md", text);
    assert_eq!(page.blocks, [Block { info: "sh root".into(), line: 6, lines: vec!["ls".into()] }]);
    let spans: Vec<_> = page.spans.iter().map(|span| (span.line, span.text.as_str())).collect();
    assert_eq!(spans, [(1, "b"), (3, "a b"), (4, "c"), (10, "b"), (12, "[a](b)")]);
    assert_eq!(page.links, [Link { line: 3, target: "x.md#y".into() }]);
    assert_eq!(page.anchors, ["one-a-b", "one-a-b-1"]);
}
