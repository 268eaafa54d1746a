//! Every code of a finding, how what has it may be, and what it means. An error of the way out keeps its own code.

use super::Health::{self, Failed, Ok, Warning};

/// A code, how what has it may be, and what it means.
pub type FindingCode = (&'static str, &'static [Health], &'static str);

/// Every code of a finding.
pub const CODES: &[FindingCode] = &[
    (
        "doctor.unusable",
        &[Failed],
        "Something could not be looked at, since the data folder or a part of it cannot be used.",
    ),
    (
        "doctor.versions",
        &[Ok],
        "Which versions are at work: the program, the store's format, the connectors' contract, zone data, kernel.",
    ),
    ("doctor.core_files", &[Ok, Warning, Failed], "Whether a crash would write keys into a core file."),
    (
        "doctor.space",
        &[Ok, Warning],
        "The free space on the disk of the data folder; a warning where the system does not say it.",
    ),
    ("doctor.space_soon_low", &[Warning], "Less than four times the space is free without which nothing begins."),
    ("doctor.space_low", &[Failed], "Nothing begins, since too little space is free."),
    ("doctor.folder_open", &[Warning], "Others on this machine may look into the data folder."),
    ("doctor.sync", &[Ok], "How long it takes until a write to the data folder is durable."),
    ("doctor.sync_slow", &[Warning], "It takes more than 50 ms, twice for each batch."),
    ("doctor.sync_unknown", &[Warning], "It could not be measured, since this process may not write there."),
    ("doctor.store", &[Ok], "How much of the store's file is in use."),
    ("doctor.store_sparse", &[Warning], "A large file of which less than a quarter is in use: it never shrinks."),
    ("doctor.keys", &[Ok, Failed], "Whether a file with keys is its owner's alone, and there."),
    ("doctor.keys_exposed", &[Failed], "Others than its owner may read a file with keys."),
    ("doctor.rotation", &[Ok], "No rotation of the master key is left over."),
    ("doctor.rotation_unfinished", &[Warning], "A rotation of the master key was cut off."),
    ("doctor.backup", &[Ok], "When the newest backup was taken."),
    ("doctor.backup_nowhere", &[Warning], "No folder for backups is configured, so none are taken."),
    ("doctor.backup_none", &[Warning], "No backup of this host is in that folder yet."),
    ("doctor.backup_old", &[Failed], "The newest backup is older than the schedule, or a week, allows."),
    ("doctor.backup_unreadable", &[Failed], "The folder for backups cannot be read."),
    ("doctor.sandbox", &[Ok, Failed], "Whether this machine lets connectors be compiled and run."),
    ("doctor.clock", &[Ok], "The clock is not behind anything in the store."),
    ("doctor.clock_back", &[Failed], "The clock is behind something in the store: it was set back."),
    ("doctor.zones", &[Ok], "The zone data are young enough, and know every zone in use."),
    ("doctor.zones_old", &[Warning], "The zone data are more than two years old."),
    ("doctor.certificate", &[Ok, Failed], "Until when a certificate is good, or that it cannot be read."),
    ("doctor.certificate_early", &[Failed], "A certificate is not good yet."),
    ("doctor.certificate_ends", &[Warning], "A certificate ends within thirty days."),
    ("doctor.certificate_over", &[Failed], "A certificate has ended."),
    ("doctor.client_certificate", &[Ok], "An integration's client certificate and its key belong together."),
    ("doctor.mail", &[Ok, Failed], "Whether the mail server answers, where there is one."),
    ("doctor.proxy", &[Ok, Failed], "Whether the proxy opens tunnels."),
    ("doctor.place", &[Ok], "A platform's address can be reached, or nothing is sent there."),
    ("doctor.standing", &[Ok], "Nothing is suspended, and nothing waits for a person."),
    ("doctor.transfers_suspended", &[Warning], "Transfers were suspended, since too many of their runs failed."),
    ("doctor.transfers_failing", &[Warning], "Transfers have failed at every run for a week."),
    ("doctor.systems_suspended", &[Warning], "Connected systems were suspended."),
    ("doctor.sign_ins_needed", &[Warning], "Connected systems whose platform wants a new sign-in."),
    ("doctor.systems_unconfigured", &[Warning], "Connected systems whose settings are not complete."),
    ("doctor.approvals_waiting", &[Warning], "Versions of connectors wait to be approved."),
    (
        "doctor.connectors_untrusted",
        &[Warning],
        "Connectors may not be used any more: their key or their package was revoked.",
    ),
];
