//! A process that does a dangerous piece of work, and is ended when it takes too much.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How often a process that is about to end is looked at.
const GLANCE: Duration = Duration::from_millis(2);

/// A process that does not outlive this value, nor does anything of its group.
pub(crate) struct Running(pub(crate) Child);

impl Running {
    /// Starts a process that is given no environment, and whose three ends are ours.
    pub(crate) fn start(mut process: Command) -> std::io::Result<Self> {
        process.env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        lead_a_group(&mut process);
        process.spawn().map(Self)
    }

    /// How it ended, if it does so in time.
    pub(crate) fn wait(&mut self, patience: Duration) -> std::io::Result<Option<ExitStatus>> {
        let begun = Instant::now();
        loop {
            match self.0.try_wait()? {
                Some(status) => return Ok(Some(status)),
                None if begun.elapsed() > patience => return Ok(None),
                None => std::thread::sleep(GLANCE),
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // What has ended already needs no end, and its number may be another's by now.
        if !matches!(self.0.try_wait(), Ok(Some(_))) {
            end_group(&mut self.0);
            let _ = self.0.wait();
        }
    }
}

#[cfg(unix)]
fn lead_a_group(process: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    process.process_group(0);
}

#[cfg(unix)]
fn end_group(process: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let leader = i32::try_from(process.id()).ok().and_then(Pid::from_raw);
    if leader.is_none_or(|leader| kill_process_group(leader, Signal::KILL).is_err()) {
        let _ = process.kill();
    }
}

#[cfg(not(unix))]
fn lead_a_group(_process: &mut Command) {}

#[cfg(not(unix))]
fn end_group(process: &mut Child) {
    let _ = process.kill();
}

/// Memory is bounded as *data*: what the compiler's threads reserve and never write to costs nothing.
#[cfg(unix)]
pub(crate) fn set_limits(memory_bytes: u64, cpu_s: u64) -> std::io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limits = [
        (Resource::Data, memory_bytes),
        (Resource::Cpu, cpu_s),
        (Resource::Core, 0),
        // It writes no file and opens few.
        (Resource::Fsize, 0),
        (Resource::Nofile, 32),
    ];
    for (resource, most) in limits {
        // One more as the hard limit, so that CPU time ends with the signal that says so; never more than there is.
        let maximum = most.saturating_add(1).min(getrlimit(resource).maximum.unwrap_or(u64::MAX));
        setrlimit(resource, Rlimit { current: Some(most.min(maximum)), maximum: Some(maximum) })?;
    }
    die_with_parent()
}

#[cfg(not(unix))]
pub(crate) fn set_limits(_memory_bytes: u64, _cpu_s: u64) -> std::io::Result<()> {
    Ok(())
}

#[cfg(target_os = "linux")]
fn die_with_parent() -> std::io::Result<()> {
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    Ok(())
}

#[cfg(all(unix, not(target_os = "linux")))]
fn die_with_parent() -> std::io::Result<()> {
    Ok(())
}
