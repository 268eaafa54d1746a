//! Every file says first what it is.

use super::{Source, check_bites, check_rust};

/// A file that is one command says which.
fn names_command(line: &str) -> bool {
    line.strip_prefix("`weighbridge ").is_some_and(|rest| rest.find('`') == Some(rest.len() - 1))
}

fn faults(source: &Source) -> Vec<String> {
    let first = source.text.lines().next().unwrap_or_default();
    let sentence = first.strip_prefix("//! ").unwrap_or_default();
    let begins_well =
        sentence.starts_with(|letter: char| letter.is_uppercase() || letter.is_numeric() || letter == '`');
    let paragraph = source.text.lines().map_while(|line| line.strip_prefix("//! "));
    let ends = paragraph.last().is_some_and(|line| line.contains(['.', ':', '?', '!']));
    let ends = ends || names_command(sentence);
    if begins_well && ends { Vec::new() } else { vec![source.fault(1, "a file begins with `//! ` and a sentence")] }
}

#[test]
fn files_begin_with_a_sentence() {
    check_rust(faults);
}

#[test]
fn a_file_without_a_sentence_is_caught() {
    for text in ["", "use std::fmt;\n", "/// Not of the file.\n", "//! lower case.\n", "//! \n", "//! No end\nuse x;\n"]
    {
        check_bites(faults, "a.rs", text, &["a.rs:1: a file begins with `//! ` and a sentence"]);
    }
}

#[test]
fn a_sentence_over_two_lines_and_a_command_are_let_be() {
    check_bites(faults, "a.rs", "//! `weighbridge apply FILE`\n", &[]);
    check_bites(faults, "a.rs", "//! One that\n//! goes on.\n//!\n//! More\n", &[]);
}
