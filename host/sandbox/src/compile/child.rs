//! Hands a component to a process that compiles it, and ends that process when its time is over.

use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::{ChildExit, CompileChild, CompileError};
use crate::process::Running;

/// The most that is read of what the process says on standard error.
const COMPLAINT_BYTES_MAX: u64 = 4 << 10;

/// How long a process that has said everything may take to end.
const ENDING: Duration = Duration::from_secs(2);

pub(super) fn compile(command: &CompileChild, component: &Arc<[u8]>) -> Result<Vec<u8>, CompileError> {
    let limits = command.limits;
    let timed_out = || CompileError::TimedOut { wall_s: limits.wall.as_secs() };
    let begun = Instant::now();
    let mut running = start(command).map_err(CompileError::crashed)?;
    let (answer, complaint) = converse(&mut running.0, component, limits.artefact_bytes_max as u64 + 1);
    let answer = match answer.recv_timeout(limits.wall) {
        Ok(answer) => answer,
        Err(RecvTimeoutError::Timeout) => return Err(timed_out()),
        Err(RecvTimeoutError::Disconnected) => return Err(CompileError::crashed("its output cannot be read")),
    };
    if answer.len() > limits.artefact_bytes_max {
        return Err(CompileError::crashed(format_args!(
            "its answer has more than {} bytes",
            limits.artefact_bytes_max
        )));
    }
    let left = limits.wall.saturating_sub(begun.elapsed()).min(ENDING);
    let status = running.wait(left).map_err(CompileError::crashed)?.ok_or_else(timed_out)?;
    let complaint = complaint.recv_timeout(ENDING).unwrap_or_default();
    judge(command, status, &String::from_utf8_lossy(&complaint)).map(|()| answer)
}

fn start(command: &CompileChild) -> std::io::Result<Running> {
    let seconds = command.limits.cpu.as_secs().max(1);
    let mut process = Command::new(&command.program);
    process.args(&command.arguments).args([command.limits.memory_bytes.to_string(), seconds.to_string()]);
    Running::start(process)
}

/// Threads of their own, which end with the process: none of its three ends can keep another waiting.
fn converse(process: &mut Child, component: &Arc<[u8]>, answer_bytes: u64) -> (Receiver<Vec<u8>>, Receiver<Vec<u8>>) {
    if let Some(mut input) = process.stdin.take() {
        let component = Arc::clone(component);
        // A process that stops reading says itself why.
        std::thread::spawn(move || drop(input.write_all(&component)));
    }
    (listen(process.stdout.take(), answer_bytes), listen(process.stderr.take(), COMPLAINT_BYTES_MAX))
}

fn listen(output: Option<impl Read + Send + 'static>, bytes_max: u64) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.map_or(Ok(0), |output| output.take(bytes_max).read_to_end(&mut bytes));
        // Whoever asked may have given up.
        read.is_ok().then(|| sender.send(bytes).ok())
    });
    receiver
}

fn judge(command: &CompileChild, status: ExitStatus, complaint: &str) -> Result<(), CompileError> {
    let limits = &command.limits;
    match (status.code(), signal(status)) {
        (Some(code), _) if code == ChildExit::Done as i32 => Ok(()),
        (Some(code), _) if code == ChildExit::Refused as i32 => Err(CompileError::Refused { reason: complaint.into() }),
        (_, Some(CPU_EXCEEDED)) => Err(CompileError::TimedOut { wall_s: limits.wall.as_secs() }),
        (None, _) if complaint.contains("memory allocation of") => {
            Err(CompileError::OutOfMemory { memory_mib: limits.memory_bytes >> 20 })
        }
        _ => {
            let last = complaint.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing");
            Err(CompileError::crashed(format_args!("{status}, {last}")))
        }
    }
}

#[cfg(unix)]
const CPU_EXCEEDED: i32 = rustix::process::Signal::XCPU.as_raw();
#[cfg(not(unix))]
const CPU_EXCEEDED: i32 = -1;

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    use std::os::unix::process::ExitStatusExt as _;
    status.signal()
}

#[cfg(not(unix))]
fn signal(_status: ExitStatus) -> Option<i32> {
    None
}
