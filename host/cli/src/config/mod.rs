//! The configuration of a serving host: a file, and above it the environment. Unknown settings are errors.

mod again;
mod backup;
pub(crate) mod example;
pub(crate) mod known;
pub(crate) mod layers;
mod mail;
mod metrics;
mod shown;

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge::{INBOX_DAYS, Outward, Proxy, REJECTED_DAYS, Retention, RunLimits, SPACE_MIN, Secret, TracesAddress};
use weighbridge_server::{Callback, PublicUrlError, Settings, Tls};
use zeroize::Zeroizing;

use crate::logs;
use backup::BackupConfig;
use mail::MailConfig;

pub(crate) use again::{Again, Contents};

/// `weighbridge.toml`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// Where the console, the API, `/healthz`, `/readyz` and people who come back from a sign-in are answered.
    pub(crate) listen: SocketAddr,
    /// The address at which browsers reach this host; `http://` and `listen` where it is left out. Platforms send people back
    /// to `/oauth/callback` under it.
    #[schemars(example = "https://weighbridge.example.com")]
    pub(crate) public_url: Option<String>,
    /// Log lines at least this important: `error`, `warn`, `info`, `debug`, `trace`, or a filter such as `weighbridge=debug`.
    #[schemars(extend("x-reload" = true))]
    pub(crate) log: String,
    /// Log lines as JSON.
    pub(crate) log_json: bool,
    /// Transfers that run at once.
    #[schemars(extend("x-reload" = true))]
    transfers_max: usize,
    /// Transfers of one tenant that run at once; as many as of all where it is left out.
    #[schemars(example = 32, extend("x-reload" = true))]
    tenant_transfers_max: Option<usize>,
    /// Transfers of one customer that run at once; as many as of all where it is left out.
    #[schemars(example = 8, extend("x-reload" = true))]
    customer_transfers_max: Option<usize>,
    /// Transfers over one connected system that run at once.
    #[schemars(extend("x-reload" = true))]
    connection_transfers_max: usize,
    /// How long a stopping host waits for running batches, in seconds.
    #[schemars(extend("x-reload" = true))]
    pub(crate) drain_s: u64,
    /// For so many days rejected records are kept.
    #[schemars(extend("x-reload" = true))]
    pub(crate) rejected_days: u32,
    /// For so many days deliveries of webhooks wait that may not move yet.
    #[schemars(extend("x-reload" = true))]
    pub(crate) inbox_days: u32,
    /// For so many days runs, and the times of schedules, are kept.
    #[schemars(extend("x-reload" = true))]
    history_days: u32,
    /// For so many days it is kept what connectors said in runs.
    #[schemars(extend("x-reload" = true))]
    run_log_days: u32,
    /// With fewer MiB left on the disk of the data folder nothing begins.
    #[schemars(extend("x-reload" = true))]
    space_min_mib: u64,
    /// A file with the certificate chain that this host shows, PEM; without one it speaks plain HTTP.
    #[schemars(example = "certificate.pem", extend("x-reload" = true))]
    tls_certificate: Option<PathBuf>,
    /// A file with the certificate's key, PEM.
    #[schemars(example = "certificate.key", extend("x-reload" = true))]
    tls_key: Option<PathBuf>,
    /// The networks of the proxies in front of this host, which do TLS for it and say where a request comes from.
    #[schemars(extend("x-reload" = true))]
    behind_proxy: Vec<String>,
    /// Connections at once.
    connections_max: usize,
    /// Requests in a minute of one person or token.
    #[schemars(extend("x-reload" = true))]
    requests_per_minute: NonZeroU32,
    /// Requests in a minute from one address of whoever is not signed in.
    #[schemars(extend("x-reload" = true))]
    stranger_requests_per_minute: NonZeroU32,
    /// Webhooks in a minute that one connected system sends.
    #[schemars(extend("x-reload" = true))]
    hook_calls_per_minute: NonZeroU32,
    /// Where `/metrics` is answered, and nothing else is; nowhere where it is left out.
    #[schemars(example = &"127.0.0.1:9464")]
    metrics: Option<SocketAddr>,
    /// A file with the key on its only line that whoever reads them shows; needed where others reach that address.
    #[schemars(example = "metrics.key", extend("x-reload" = true))]
    metrics_key: Option<PathBuf>,
    /// Where spans are sent: a collector of OpenTelemetry that takes OTLP over HTTP, on this machine or by `https`. They go nowhere
    /// where it is left out.
    #[schemars(example = "http://127.0.0.1:4318", extend("x-reload" = true))]
    traces: Option<String>,
    /// How requests leave.
    egress: EgressConfig,
    /// How mail is sent; none is where this is left out.
    mail: Option<MailConfig>,
    /// Where backups go, and when; none are taken where this is left out.
    backup: Option<BackupConfig>,
    /// Where the file is, to which its paths are relative.
    #[serde(skip)]
    path: PathBuf,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8686)),
            public_url: None,
            log: "info".into(),
            log_json: false,
            transfers_max: 64,
            tenant_transfers_max: None,
            customer_transfers_max: None,
            connection_transfers_max: RunLimits::default().connection,
            drain_s: 30,
            rejected_days: REJECTED_DAYS,
            inbox_days: INBOX_DAYS,
            history_days: Retention::default().history_days,
            run_log_days: Retention::default().run_log_days,
            space_min_mib: SPACE_MIN >> 20,
            tls_certificate: None,
            tls_key: None,
            behind_proxy: Vec::new(),
            connections_max: Settings::default().connections_max,
            requests_per_minute: Settings::default().requests_per_minute,
            stranger_requests_per_minute: Settings::default().stranger_requests_per_minute,
            hook_calls_per_minute: Settings::default().hook_calls_per_minute,
            metrics: None,
            metrics_key: None,
            traces: None,
            egress: EgressConfig::default(),
            mail: None,
            backup: None,
            path: PathBuf::new(),
        }
    }
}

/// How requests leave this host. `HTTP_PROXY` and its like are never asked.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct EgressConfig {
    /// The proxy: `http://host:port`.
    #[schemars(example = "http://proxy.example.com:3128", extend("x-reload" = true))]
    proxy: Option<String>,
    /// A file with `user:password` for the proxy on its only line.
    #[schemars(example = "proxy.credential", extend("x-reload" = true))]
    proxy_credential: Option<PathBuf>,
    /// What does not go by the proxy: names, `*.name`, networks.
    #[schemars(extend("x-reload" = true))]
    no_proxy: Vec<String>,
    /// A file of certificate authorities, PEM, that are believed beside the public ones.
    #[schemars(example = "authorities.pem", extend("x-reload" = true))]
    ca: Option<PathBuf>,
}

/// A configuration, and where its settings come from.
pub(crate) struct Layers {
    /// All of them together.
    pub(crate) config: Config,
    /// What the file says.
    pub(crate) file: toml::Table,
    /// What the environment says above it.
    pub(crate) variables: Vec<layers::Variable>,
}

/// The file is not a configuration.
#[derive(Debug, thiserror::Error)]
#[error("config.malformed: {path}: {what}")]
pub(crate) struct ConfigError {
    path: PathBuf,
    what: String,
}

impl Config {
    /// Reads a file, or takes the defaults where none is named; above either stands the environment.
    pub(crate) fn read(path: Option<&Path>) -> Result<Self, ConfigError> {
        Ok(Self::layers(path)?.config)
    }

    /// The same, and what is written where.
    pub(crate) fn layers(path: Option<&Path>) -> Result<Layers, ConfigError> {
        let malformed = |what: String| ConfigError { path: path.unwrap_or(Path::new("no file")).to_owned(), what };
        let text = match path {
            Some(path) => std::fs::read_to_string(path).map_err(|error| malformed(error.to_string()))?,
            None => String::new(),
        };
        let variables = layers::variables(std::env::vars_os()).map_err(malformed)?;
        let (mut config, file) = layers::read(&text, &variables).map_err(malformed)?;
        path.unwrap_or(Path::new("")).clone_into(&mut config.path);
        config.callback(config.listen).map_err(|error| malformed(error.to_string()))?;
        config.check_limits().map_err(malformed)?;
        Ok(Layers { config, file, variables })
    }

    /// The same file and the environment of this process, as they are now.
    pub(crate) fn read_again(&self) -> Result<Layers, ConfigError> {
        Self::layers(Some(self.path.as_path()).filter(|path| !path.as_os_str().is_empty()))
    }

    /// Everything else that keeps a host from serving with this: files that are not there, settings that do not go together.
    pub(crate) fn faults(&self) -> Vec<String> {
        let listens = self.settings().map(|settings| settings.protects(self.listen).map_err(|error| error.to_string()));
        let listens = listens.map_err(|error| error.to_string()).flatten();
        let told = logs::filter(&self.log).map(|_| ()).map_err(|error| error.to_string());
        let outward = self.outward().map_err(|error| error.to_string()).and_then(|outward| {
            outward.check().map_err(|error| self.malformed(format!("egress.ca: {error}")).to_string())
        });
        let mail = self.mail().map(|_| ()).map_err(|error| error.to_string());
        let metrics = self.metrics().map(|_| ()).map_err(|error| error.to_string());
        let traces = self.traces().map(|_| ()).map_err(|error| error.to_string());
        let backups = self.backups().map(|_| ()).map_err(|error| error.to_string());
        let parts = [listens, metrics, traces, told, outward, mail, backups];
        let mut faults: Vec<_> = parts.into_iter().filter_map(Result::err).collect();
        // Figures are shown under the same certificate.
        faults.dedup();
        faults
    }

    /// For how long history is kept.
    pub(crate) const fn retention(&self) -> Retention {
        Retention { history_days: self.history_days, run_log_days: self.run_log_days }
    }

    /// With fewer bytes left on the disk nothing begins.
    pub(crate) const fn space_min(&self) -> u64 {
        self.space_min_mib.saturating_mul(1 << 20)
    }

    /// How many transfers run at once.
    pub(crate) fn run_limits(&self) -> RunLimits {
        let host = self.transfers_max;
        RunLimits {
            host,
            tenant: self.tenant_transfers_max.unwrap_or(host),
            customer: self.customer_transfers_max.unwrap_or(host),
            connection: self.connection_transfers_max,
        }
    }

    fn check_limits(&self) -> Result<(), String> {
        let RunLimits { host, tenant, customer, connection } = self.run_limits();
        let limits = [
            ("transfers_max", host),
            ("tenant_transfers_max", tenant),
            ("customer_transfers_max", customer),
            ("connection_transfers_max", connection),
        ];
        match limits.into_iter().find(|(_, limit)| *limit == 0) {
            Some((name, _)) => Err(format!("`{name}` is 0, so nothing would ever run; write at least 1")),
            None => Ok(()),
        }
    }

    /// How requests leave.
    pub(crate) fn outward(&self) -> Result<Outward, ConfigError> {
        let egress = &self.egress;
        let credential = egress.proxy_credential.as_ref().map(|file| self.file(file)).transpose()?;
        let credential = credential.map(|bytes| self.line(bytes, "the proxy's credential")).transpose()?;
        let proxy = match &egress.proxy {
            Some(url) => {
                let proxy = Proxy::new(url, credential, &egress.no_proxy);
                Some(proxy.map_err(|error| self.malformed(format!("egress.proxy: {error}")))?)
            }
            None if credential.is_some() || !egress.no_proxy.is_empty() => {
                return Err(self.malformed("`egress.proxy` is missing, which its other settings are for".into()));
            }
            None => None,
        };
        Ok(Outward { proxy, authorities: egress.ca.as_ref().map(|file| self.file(file)).transpose()? })
    }

    /// Where spans are sent, where they are.
    pub(crate) fn traces(&self) -> Result<Option<TracesAddress>, ConfigError> {
        let traces = self.traces.as_deref().map(TracesAddress::parse).transpose();
        traces.map_err(|error| self.malformed(format!("traces: {error}")))
    }

    /// Whether spans are sent anywhere.
    pub(crate) const fn is_traced(&self) -> bool {
        self.traces.is_some()
    }

    /// The file of the certificate chain that this host shows.
    pub(crate) fn shown_certificate(&self) -> Option<PathBuf> {
        self.tls_certificate.as_ref().map(|file| self.path.parent().unwrap_or(Path::new("")).join(file))
    }

    /// How this host listens.
    pub(crate) fn settings(&self) -> Result<Settings, ConfigError> {
        let tls = match (&self.tls_certificate, &self.tls_key) {
            (Some(certificate), Some(key)) => Some(
                Tls::read(self.beside(certificate), self.beside(key))
                    .map_err(|error| self.malformed(error.to_string()))?,
            ),
            (None, None) => None,
            _ => return Err(self.malformed("of `tls_certificate` and `tls_key` one is missing; write both".into())),
        };
        let networks = self.behind_proxy.iter().map(|text| {
            let network = text.parse().map_err(|_| format!("behind_proxy: `{text}` is no network such as 10.0.0.0/8"));
            network.map_err(|what| self.malformed(what))
        });
        Ok(Settings {
            requests_per_minute: self.requests_per_minute,
            stranger_requests_per_minute: self.stranger_requests_per_minute,
            hook_calls_per_minute: self.hook_calls_per_minute,
            connections_max: self.connections_max,
            behind_proxy: networks.collect::<Result<_, _>>()?,
            tls,
            ..Settings::default()
        })
    }

    fn malformed(&self, what: String) -> ConfigError {
        ConfigError { path: self.path.clone(), what }
    }

    /// A path as the configuration means it: beside itself.
    fn beside(&self, path: &Path) -> PathBuf {
        self.path.parent().unwrap_or(Path::new("")).join(path)
    }

    /// A file beside the configuration.
    fn file(&self, file: &Path) -> Result<Vec<u8>, ConfigError> {
        let file = self.beside(file);
        std::fs::read(&file).map_err(|error| self.malformed(format!("{}: {error}", file.display())))
    }

    /// The only line of a file that has a secret in it.
    fn line(&self, bytes: Vec<u8>, what: &str) -> Result<Secret, ConfigError> {
        Ok(Secret::new(self.text(bytes, what)?.as_str()))
    }

    fn text(&self, bytes: Vec<u8>, what: &str) -> Result<Zeroizing<String>, ConfigError> {
        let bytes = Zeroizing::new(bytes);
        let text = std::str::from_utf8(&bytes).map_err(|_| self.malformed(format!("{what} is no text")))?;
        Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
    }

    /// Where browsers reach a host that listens where this says.
    pub(crate) fn origin(&self) -> Result<String, PublicUrlError> {
        Ok(self.callback(self.listen)?.origin().to_owned())
    }

    /// Where platforms send people back to, at a host that listens here.
    pub(crate) fn callback(&self, listens: SocketAddr) -> Result<Callback, PublicUrlError> {
        let scheme = if self.tls_certificate.is_some() { "https" } else { "http" };
        Callback::under(self.public_url.as_ref().unwrap_or(&format!("{scheme}://{listens}")))
    }
}
