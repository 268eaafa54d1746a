//! What keeps a host from being begun.

use std::path::PathBuf;

use weighbridge::model::time::UnknownZone;

/// Nothing was made, or what was made on the way is gone again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InitError {
    /// The data folder.
    #[error("init.folder: {path} cannot be made: {source}; name another one with --data")]
    Folder { path: PathBuf, source: std::io::Error },
    /// A file beside it.
    #[error("init.file_unwritable: {path}: {source}; name a new file in a folder that is there")]
    File { path: PathBuf, source: std::io::Error },
    /// Settings without a place.
    #[error("init.no_configuration: say with --config FILE where the configuration goes that has these settings")]
    NoConfiguration,
    /// Somebody wrote one already.
    #[error(
        "init.configuration_present: {path} is there already and is left as it is; write `{setting}` into it and leave the \
         flags for settings out, or name another file with --config"
    )]
    ConfigurationPresent { path: PathBuf, setting: &'static str },
    /// A host could not serve with it.
    #[error("init.configuration_unfit: {0}. Nothing was made; correct it, and begin again")]
    ConfigurationUnfit(String),
    /// The first tenant's.
    #[error("init.zone: {0}")]
    Zone(#[from] UnknownZone),
    /// The user that the host runs as.
    #[error("init.no_such_user: this machine has no user `{0}`; make one, or leave --owner out")]
    NoSuchUser(String),
    /// No certificate for such a name.
    #[error("init.certificate: no certificate can be made for `{name}`: {said}; write a host's name or an IP address")]
    Certificate { name: String, said: String },
    /// Whoever answered is gone.
    #[error("init.cut_off: the answers ended, and nothing was made; begin again, or say everything by flags")]
    CutOff,
}
