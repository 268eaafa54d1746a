//! Hands records to a process that runs expressions on them, and ends that process when one takes too long.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::process::{ChildStdin, Command};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use weighbridge_model::mapping::Evaluated;

use super::inside::{READY, parse_answer};
use super::{ExpressionChild, ExpressionFailure};
use crate::process::Running;

/// How long a process may take to begin.
const BEGINNING: Duration = Duration::from_secs(20);
/// Answers that are read before they are asked for.
const AHEAD: usize = 64;

/// What a record is rejected with on which the process had to be ended.
const STOPPED: &str = "it took too long or too much memory on this record, and was stopped";

pub(super) fn evaluate(
    command: &ExpressionChild,
    expressions: &[String],
    questions: &[(usize, String)],
) -> Result<Vec<Evaluated>, ExpressionFailure> {
    let limits = &command.limits;
    let lines: Arc<[String]> = questions.iter().map(|(number, record)| format!("{number} {record}\n")).collect();
    let (mut answers, mut stops, mut bytes) = (Vec::with_capacity(questions.len()), 0, 0);
    while answers.len() < questions.len() {
        let process = Process::start(command, expressions, (Arc::clone(&lines), answers.len()))?;
        while let Some(answer) = process.next(limits.record) {
            bytes += answer.len();
            if bytes > limits.answers_bytes_max {
                return Err(ExpressionFailure::TooLarge(limits.answers_bytes_max));
            }
            answers.push(parse_answer(&answer));
            if answers.len() == questions.len() {
                return Ok(answers);
            }
        }
        stops += 1;
        if stops > limits.stops_max {
            return Err(ExpressionFailure::RunsAway(stops));
        }
        answers.push(Evaluated::Failed(STOPPED.to_owned()));
    }
    Ok(answers)
}

/// A process that answers line by line, for as long as this value lives.
struct Process {
    _running: Running,
    answers: Receiver<String>,
}

impl Process {
    fn start(
        command: &ExpressionChild,
        expressions: &[String],
        lines: (Arc<[String]>, usize),
    ) -> Result<Self, ExpressionFailure> {
        let broken = |error: &dyn std::fmt::Display| ExpressionFailure::Broken(error.to_string());
        let (limits, seconds) = (command.limits, command.limits.cpu.as_secs().max(1));
        let mut process = Command::new(&command.program);
        process.args(&command.arguments).args([limits.memory_bytes.to_string(), seconds.to_string()]);
        let mut running = Running::start(process).map_err(|error| broken(&error))?;
        let (stdin, stdout) = (running.0.stdin.take(), running.0.stdout.take());
        // What it complains of is read away by nobody: it never says so much that a pipe is full.
        drop(running.0.stderr.take());
        let expressions = serde_json::to_string(expressions).map_err(|error| broken(&error))?;
        let (sender, answers) = sync_channel(AHEAD);
        std::thread::spawn(move || {
            let said = stdout.into_iter().flat_map(|stdout| BufReader::new(stdout).lines().map_while(Result::ok));
            // Whoever asked may have given up.
            said.take_while(|line| sender.send(line.clone()).is_ok()).for_each(drop);
        });
        // A process that stops reading has ended, and is missed at its answers.
        std::thread::spawn(move || stdin.and_then(|stdin| tell(stdin, &expressions, &lines.0[lines.1..]).ok()));
        let process = Self { _running: running, answers };
        match process.next(BEGINNING) {
            Some(line) if line == READY => Ok(process),
            said => Err(broken(&said.unwrap_or_else(|| "it said nothing".to_owned()))),
        }
    }

    /// Its next answer, unless it is gone or takes too long.
    fn next(&self, patience: Duration) -> Option<String> {
        self.answers.recv_timeout(patience).ok()
    }
}

fn tell(stdin: ChildStdin, expressions: &str, lines: &[String]) -> std::io::Result<()> {
    let mut stdin = BufWriter::new(stdin);
    writeln!(stdin, "{expressions}")?;
    lines.iter().try_for_each(|line| stdin.write_all(line.as_bytes()))?;
    stdin.flush()
}
