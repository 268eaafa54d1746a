//! Which names a pattern means.

/// Whether a name is meant: `*` stands for any letters, also none, and `?` for one.
pub(crate) fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) = (pattern.chars().collect(), name.chars().collect());
    let (mut at, mut seen) = (0, 0);
    // Where the last star stood, and how far the name was then: it takes one letter more whenever the rest does not fit.
    let mut star = None;
    while seen < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, seen));
                at += 1;
            }
            Some(letter) if *letter == '?' || *letter == name[seen] => {
                at += 1;
                seen += 1;
            }
            _ => {
                let Some((star_at, taken)) = star else { return false };
                star = Some((star_at, taken + 1));
                at = star_at + 1;
                seen = taken + 1;
            }
        }
    }
    pattern[at..].iter().all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_is_any_letters_and_a_question_mark_one() {
        for (pattern, name) in [
            ("*", ""),
            ("*", "a.csv"),
            ("orders-*.csv*", "orders-.csv"),
            ("orders-*.csv*", "orders-2026.csv.csv.gz"),
            ("a?c", "aąc"),
            ("*a*b", "aab"),
        ] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn everything_else_is_itself_and_the_whole_name_is_meant() {
        for (pattern, name) in
            [("", "a"), ("a?c", "ac"), ("*.csv", "a.csv.gz"), ("[ab]", "a"), ("A*", "a"), ("*a*b", "aba")]
        {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }
}
