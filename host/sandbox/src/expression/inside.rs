//! What the process does that runs expressions: bounds itself, reads records, writes what becomes of each.

use std::io::{self, BufRead, Write};

use weighbridge_model::mapping::{Evaluated, Expression};

use crate::process::set_limits;

/// The line that says that all expressions can be run.
pub(super) const READY: &str = "ready";

/// The stack on which expressions are run: they may call themselves.
const STACK_BYTES: usize = 128 << 20;

/// Runs expressions for the program that started this one, and ends when there are no more records. Sets its own limits before
/// it reads anything. Answers whether all went well.
pub fn evaluate_expressions(memory_bytes: u64, cpu_s: u64) -> bool {
    let begun = set_limits(memory_bytes, cpu_s).and_then(|()| {
        std::thread::Builder::new().stack_size(STACK_BYTES).spawn(|| converse(io::stdin().lock(), io::stdout().lock()))
    });
    begun.is_ok_and(|thread| matches!(thread.join(), Ok(Ok(()))))
}

fn converse(input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let mut lines = input.lines();
    let texts: Vec<String> = serde_json::from_str(&lines.next().transpose()?.unwrap_or_default())?;
    let expressions: Vec<Expression> =
        texts.iter().map(|text| Expression::compile(text)).collect::<Result<_, _>>().map_err(io::Error::other)?;
    writeln!(output, "{READY}")?;
    output.flush()?;
    for line in lines {
        let line = line?;
        let (number, record) = line.split_once(' ').unwrap_or_default();
        let expression = number.parse().ok().and_then(|number: usize| expressions.get(number));
        let evaluated = expression.map_or(Evaluated::Nothing, |expression| expression.run(record));
        writeln!(output, "{}", written(&evaluated))?;
        output.flush()?;
    }
    Ok(())
}

/// One line: a value is JSON without line breaks, and so is a reason.
fn written(evaluated: &Evaluated) -> String {
    match evaluated {
        Evaluated::Value(json) => format!("={json}"),
        Evaluated::Nothing => "-".to_owned(),
        Evaluated::Failed(why) => format!("!{}", serde_json::Value::from(why.as_str())),
    }
}

/// What such a line says. A value is looked at again: the process that wrote it ran what a stranger wrote.
pub(super) fn parse_answer(line: &str) -> Evaluated {
    let is_json = |text: &str| serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok();
    match line.split_at_checked(1) {
        Some(("=", json)) if is_json(json) => Evaluated::Value(json.to_owned()),
        Some(("-", "")) => Evaluated::Nothing,
        Some(("!", why)) => Evaluated::Failed(serde_json::from_str(why).unwrap_or_default()),
        _ => Evaluated::Failed("it gives what cannot be read".to_owned()),
    }
}
