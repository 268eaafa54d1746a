//! A function fits on a screen, and a file in a head.

use super::{Source, check_bites, check_rust};

const FUNCTION_LINES_MAX: usize = 70;
const FILE_LINES_MAX: usize = 500;

/// Whether a line begins a function; the code is formatted, so that its end stands under its beginning.
fn begins_function(line: &str) -> bool {
    let words = ["pub", "pub(crate)", "pub(super)", "const", "async", "unsafe", "extern", "\"C\""];
    line.split_whitespace().find(|word| !words.contains(word)) == Some("fn")
}

/// How many lines it has, if it has a body on lines of its own.
fn function_lines(lines: &[&str]) -> Option<usize> {
    let indent = lines[0].len() - lines[0].trim_start().len();
    let body = lines.iter().position(|line| line.ends_with(['{', ';', '}']))?;
    let end = format!("{}}}", &lines[0][..indent]);
    lines[body].ends_with('{').then(|| lines.iter().position(|line| **line == *end)).flatten().map(|last| last + 1)
}

/// The lines with their numbers, without the insides of raw strings: a document is as long as it is.
fn code_lines(source: &Source) -> (Vec<usize>, Vec<&str>) {
    let mut inside = false;
    let outside = source.lines().filter(|(_, line)| {
        let was_inside = inside;
        inside = if inside { !line.contains("\"#") } else { opens_raw(line) };
        !was_inside
    });
    outside.unzip()
}

fn opens_raw(line: &str) -> bool {
    line.rsplit_once("r#\"").is_some_and(|(_, rest)| !rest.contains("\"#"))
}

fn faults(source: &Source) -> Vec<String> {
    let (numbers, lines) = code_lines(source);
    let begins = lines.iter().enumerate().filter(|(_, line)| begins_function(line)).map(|(index, _)| index);
    let long = begins.filter_map(|index| Some((index, function_lines(&lines[index..])?)));
    let long = long.filter(|(_, length)| *length > FUNCTION_LINES_MAX);
    let mut faults: Vec<String> = long
        .map(|(index, length)| {
            source.fault(numbers[index], &format!("a function of {length} lines, over {FUNCTION_LINES_MAX}"))
        })
        .collect();
    let length = source.text.lines().count();
    if length > FILE_LINES_MAX {
        faults.push(source.fault(1, &format!("a file of {length} lines, over {FILE_LINES_MAX}")));
    }
    faults
}

#[test]
fn functions_and_files_are_short() {
    check_rust(faults);
}

/// A method of so many lines, its signature on three of them.
fn method(length: usize) -> String {
    let body = "        go_on();\n".repeat(length - 4);
    format!("impl It {{\n    pub(crate) async fn long(\n        at: u8,\n    ) -> u8 {{\n{body}    }}\n}}\n")
}

#[test]
fn a_long_function_is_caught() {
    check_bites(faults, "a.rs", &method(71), &["a.rs:2: a function of 71 lines, over 70"]);
}

#[test]
fn a_function_of_seventy_lines_is_let_be() {
    check_bites(faults, "a.rs", &method(70), &[]);
    let declared = format!("trait It {{\n    fn declared();\n{}    fn short() {{}}\n}}\n", "    // more\n".repeat(90));
    check_bites(faults, "a.rs", &declared, &[]);
}

#[test]
fn a_document_in_a_function_is_not_counted_and_what_comes_after_it_is() {
    let document = "line\n".repeat(100);
    let text = format!("fn document() {{\n    r#\"\n{document}\"#\n}}\n\n{}", method(71));
    check_bites(faults, "a.rs", &text, &["a.rs:107: a function of 71 lines, over 70"]);
}

#[test]
fn a_long_file_is_caught() {
    check_bites(faults, "a.rs", &"//\n".repeat(501), &["a.rs:1: a file of 501 lines, over 500"]);
    check_bites(faults, "a.rs", &"//\n".repeat(500), &[]);
}
