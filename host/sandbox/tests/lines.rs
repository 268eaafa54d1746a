//! The line check agrees with a parser, and says where a line goes wrong.

use weighbridge_sandbox::{Stop, check_lines};

fn check(text: &str, expected: Result<u64, Stop>) {
    assert_eq!(check_lines(text.as_bytes(), "records").map_err(|stopped| stopped.stop), expected, "{text:?}");
}

#[test]
fn counts_lines_that_are_objects() {
    check("", Ok(0));
    check("{}\n", Ok(1));
    check("{}\n{ \"a\" : [1, -0.5e+3, true, false, null, \"é\\n\\u00e9\\ud83d\\ude00\"] }\r\n", Ok(2));
    check("{\"a\":\"\\\\u0000\"}\n", Ok(1));
    check("{\"a\":[1e308,-1e-999,0E0]}\n", Ok(1));
}

#[test]
fn refuses_lines_that_are_not() {
    check("\n", Err(Stop::JsonInvalid));
    check("{}\n\n", Err(Stop::JsonInvalid));
    check("{}", Err(Stop::LineUnended));
    check("{}\n{}", Err(Stop::LineUnended));
    check("{} {}\n", Err(Stop::JsonInvalid));
    check("{\"a\":1e309}\n", Err(Stop::JsonInvalid));
    check(&format!("{{\"a\":{}}}\n", "9".repeat(400)), Err(Stop::JsonInvalid));
    check("1\n", Err(Stop::JsonInvalid));
    check("\u{feff}{}\n", Err(Stop::JsonInvalid));
    check("{\"a\":\"\\u0000\"}\n", Err(Stop::NulRefused));
    check("{\"\\u0000\":1}\n", Err(Stop::NulRefused));
    check("{\"a\":\"\0\"}\n", Err(Stop::NulRefused));
    check("{\"a\":\"\\ud83d\"}\n", Err(Stop::JsonInvalid));
    check("{\"a\":\"\\ud83d\\u0041\"}\n", Err(Stop::JsonInvalid));
    check("{\"a\":\"\\ude00\"}\n", Err(Stop::JsonInvalid));
}

#[test]
fn refuses_nesting_that_parsers_refuse() {
    let nested = |depth: usize| format!("{{\"a\":{}{}}}\n", "[".repeat(depth), "]".repeat(depth));
    check(&nested(100), Ok(1));
    check(&nested(100_000), Err(Stop::JsonInvalid));
}

#[test]
fn refuses_bytes_that_are_not_utf8() {
    let stopped = check_lines(b"{}\n{\"a\":\"\xff\"}\n", "records").unwrap_err();
    assert_eq!(stopped.stop, Stop::Utf8Invalid);
    assert!(stopped.message.contains("line 2 of `records`"), "{}", stopped.message);
}

#[test]
fn says_in_which_line_it_stopped() {
    let stopped = check_lines(b"{}\n{}\n{\"a\":tru}\n", "removed").unwrap_err();
    assert!(stopped.message.ends_with("See line 3 of `removed`, byte 5."), "{}", stopped.message);
}

/// A parser that meets a number out of range says so before it has read the rest: of such a line it knows nothing.
fn agreed(parsed: Result<(), serde_json::Error>) -> Result<bool, ()> {
    match parsed {
        Err(error) if error.to_string().contains("out of range") => Err(()),
        parsed => Ok(parsed.is_ok()),
    }
}

/// Takes pieces of JSON in a pseudo-random order, and asks a parser what came of them.
#[test]
fn agrees_with_a_parser_on_a_hundred_thousand_made_up_lines() {
    const PIECES: &[&str] = &[
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"a\"",
        "\"",
        "\\",
        "\\n",
        "\\u00e9",
        "\\ud83d",
        "\\ude00",
        "0",
        "1",
        "-",
        ".",
        "e",
        "+",
        "12",
        "true",
        "null",
        "fals",
        " ",
        "\t",
        "é",
        "{\"a\":1}",
        "\"b\":",
        "[]",
        "1.5e3",
        "\\x",
        "01",
    ];
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below as u64) as usize
    };
    let mut objects = 0;
    for _ in 0..100_000 {
        let mut line = String::from("{\"k\":");
        (0..random(6)).for_each(|_| line.push_str(PIECES[random(PIECES.len())]));
        line.push('}');
        let parsed = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&line);
        let Ok(expected) = agreed(parsed.map(drop)) else { continue };
        objects += u32::from(expected);
        line.push('\n');
        assert_eq!(check_lines(line.as_bytes(), "records").is_ok(), expected, "{line}");
    }
    assert!(objects > 1000, "{objects}");
}
