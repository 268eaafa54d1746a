//! What a service manager such as systemd is told of a serving host. Where none listens, nothing happens.

use std::fmt::Display;

use sd_notify::NotifyState;

/// It answers here from now on.
pub(crate) fn ready(address: impl Display) {
    tell(&[NotifyState::Ready, NotifyState::Status(&format!("answers at {address}"))]);
}

/// It reads its configuration again; `ready` follows.
pub(crate) fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => tell(&[NotifyState::Reloading, now]),
        Err(error) => tracing::warn!(%error, "the service manager could not be told of the reload"),
    }
}

/// It begins nothing more, and ends when running batches are settled.
pub(crate) fn stopping() {
    tell(&[NotifyState::Stopping, NotifyState::Status("running batches settle")]);
}

/// Says again and again that it is at work, where the manager starts it anew otherwise: a process that stands still says nothing.
pub(crate) async fn keep_watched() {
    let Some(patience) = sd_notify::watchdog_enabled() else { return };
    let mut beat = tokio::time::interval(patience / 2);
    loop {
        beat.tick().await;
        tell(&[NotifyState::Watchdog]);
    }
}

fn tell(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(%error, "the service manager could not be told");
    }
}
