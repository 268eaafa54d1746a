//! A line of a shell as words, as far as the pages need it: quotes, comments, and where a command ends.

/// A line of a block, with what follows a backslash at its end, and its number.
pub(super) fn whole_lines(lines: &[String], first: usize) -> Vec<(usize, String)> {
    let mut whole: Vec<(usize, String)> = Vec::new();
    let mut goes_on = false;
    for (index, line) in lines.iter().enumerate() {
        let (text, continues) = match line.strip_suffix('\\') {
            Some(text) => (text, true),
            None => (line.as_str(), false),
        };
        match whole.last_mut() {
            Some((_, last)) if goes_on => last.push_str(text),
            _ => whole.push((first + index, text.to_owned())),
        }
        goes_on = continues;
    }
    whole
}

/// The commands of a line: each as its words, without what it reads or writes.
pub(super) fn commands(line: &str) -> Vec<Vec<String>> {
    let (mut all, mut words, mut word) = (Vec::new(), Vec::new(), None::<String>);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' | '"' => {
                let inside: String = letters.by_ref().take_while(|one| *one != letter).collect();
                word.get_or_insert_default().push_str(&inside);
            }
            '#' if word.is_none() => break,
            ' ' | '\t' => words.extend(word.take()),
            '|' | '&' | ';' | '(' | ')' => {
                words.extend(word.take());
                all.push(std::mem::take(&mut words));
            }
            '>' | '<' => {
                words.extend(word.take());
                words.push(letter.to_string());
            }
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    all.push(words);
    all.into_iter().map(without_files).filter(|words| !words.is_empty()).collect()
}

/// `a > b c` is `a c`.
fn without_files(words: Vec<String>) -> Vec<String> {
    let mut kept = Vec::new();
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        if word == ">" || word == "<" {
            while words.next_if(|next| next == ">" || next == "<").is_some() {}
            words.next();
        } else {
            kept.push(word);
        }
    }
    kept
}

/// What is said to our program, if a command is ours: all after its name.
pub(super) fn ours(words: &[String]) -> Option<&[String]> {
    let settings = words.iter().take_while(|word| word.contains('=')).count();
    let (first, rest) = words[settings..].split_first()?;
    (first == "weighbridge" || first.ends_with("/weighbridge")).then_some(rest)
}

#[test]
fn a_line_is_split_as_a_shell_does_it() {
    let line = "weighbridge run 'a b'/c --x=\"d e\" >>f 2>g | cat && weighbridge list # not this";
    let found = commands(line);
    assert_eq!(found[0], ["weighbridge", "run", "a b/c", "--x=d e", "2"]);
    assert_eq!(ours(&found[2]).unwrap(), ["list"]);
    assert_eq!((found.len(), ours(&found[1])), (3, None));
    assert_eq!(ours(&commands("A=b/weighbridge ./new/weighbridge list")[0]).unwrap(), ["list"]);
    assert_eq!(ours(&commands("A=b/weighbridge")[0]), None);
    let lines = ["a \\".to_owned(), "  b".into(), "c".into()];
    assert_eq!(whole_lines(&lines, 4), [(4, "a   b".to_owned()), (6, "c".to_owned())]);
}
