//! What a process that holds keys gives up: being dumped, and being looked into.

use anyhow::Context as _;
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};

/// No core file is ever written, and no other process of the same user may attach to this one or read its memory.
pub(crate) fn process() -> anyhow::Result<()> {
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })
        .context("system.not_hardened: the limit for core files cannot be set to 0")?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable).context("system.not_hardened: the process stays dumpable")
}

#[cfg(test)]
mod tests {
    use rustix::process::{DumpableBehavior, Resource, dumpable_behavior, getrlimit};

    #[test]
    fn a_hardened_process_is_not_dumpable_and_cannot_raise_its_core_limit() {
        super::process().expect("this system lets a process give these up");
        assert!(matches!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable)));
        assert_eq!(getrlimit(Resource::Core).maximum, Some(0));
    }
}
