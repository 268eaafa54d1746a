//! Shells complete every verb, those of the operations' table among them.

use std::process::Command;

use crate::town::BINARY;

fn script(shell: &str) -> String {
    let output = Command::new(BINARY).args(["completions", shell]).output().unwrap();
    assert!(output.status.success(), "{shell}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn names_verbs_of_the_table_in_the_words_of_each_shell() {
    for (shell, verb, option) in [
        ("bash", "weighbridge__subcmd__customer__subcmd__deactivate)", "--until"),
        ("zsh", "'deactivate:Switch a customer off", "--until"),
        ("fish", "-a \"deactivate\" -d 'Switch a customer off", "-l until"),
    ] {
        let script = script(shell);
        assert!(script.contains(verb) && script.contains(option), "{shell}: {verb} or {option} is missing");
    }
}

#[test]
fn refuses_a_shell_that_it_does_not_know() {
    let output = Command::new(BINARY).args(["completions", "tcsh"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("bash, zsh, fish"), "{output:?}");
}
