//! Why a request was not made, or its answer is not given.

use std::net::IpAddr;
use std::time::Duration;

/// What a guest is told instead of an answer. No message contains a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The rules forbid it.
    #[error(transparent)]
    Denied(#[from] Denial),
    /// Nobody answered at that address.
    #[error("{0}; see whether the platform is up and can be reached from this machine")]
    Unreachable(String),
    /// What came is not HTTP as it should be.
    #[error("{0}; ask whoever runs the platform, or what stands before it")]
    Malformed(String),
    /// No trusted encrypted connection came about.
    #[error("{0}; if the platform has a certificate of your own authority, add that to the configuration")]
    Tls(String),
    /// The proxy did not open a tunnel.
    #[error(transparent)]
    Proxy(#[from] ProxyRefusal),
    /// No answer in time.
    #[error("there was no whole answer in time; try again, or ask for less at once")]
    TimedOut,
    /// The answer is larger than so many bytes.
    #[error("the answer is larger than {0} bytes; ask for less at once")]
    TooLarge(u64),
    /// The answer to a request with a credential is compressed.
    #[error(
        "the answer is compressed in a way that is not unpacked here, so that a credential in it would not be seen; have \
         the platform answer without, or by gzip"
    )]
    Encoded,
    /// No more requests in this call.
    #[error("this call has made all the requests it may; go on in the next")]
    Budget,
    /// The platform allows no more requests for the time being.
    #[error(
        "the platform allows no further request of this connection for {} s; wait, or run fewer transfers at once",
        .retry_after.as_millis().div_ceil(1000)
    )]
    RateLimited {
        /// How long.
        retry_after: Duration,
    },
    /// The run is being stopped.
    #[error("the run is being stopped")]
    Cancelled,
    /// The answer carried the credential back.
    #[error(
        "the answer contains the credential that was sent, so it is not handed on; use another address of the platform"
    )]
    SecretEchoed,
}

impl Refusal {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Denied(denial) => denial.code(),
            Self::Unreachable(_) => "egress.unreachable",
            Self::Malformed(_) => "egress.malformed",
            Self::Encoded => "egress.encoded",
            Self::Tls(_) => "egress.tls",
            Self::Proxy(refusal) => refusal.code(),
            Self::TimedOut => "egress.timed_out",
            Self::TooLarge(_) => "egress.too_large",
            Self::Budget => "egress.budget",
            Self::RateLimited { .. } => "egress.rate_limited",
            Self::Cancelled => "egress.cancelled",
            Self::SecretEchoed => "egress.secret_echoed",
        }
    }
}

/// What came of asking the proxy for a tunnel.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxyRefusal {
    /// It cannot be reached, or does not speak HTTP.
    #[error(
        "the proxy of this host opens no tunnel: {why}; an operator sees whether it is up, and runs: weighbridge doctor"
    )]
    Unreachable {
        /// What happened; without a credential in it.
        why: String,
    },
    /// It wants another credential (407).
    #[error("the proxy of this host wants a credential, or another one; an operator corrects it in the configuration")]
    SignIn,
    /// Its rules forbid the tunnel.
    #[error(
        "the proxy of this host answers {status}: its rules forbid that place; ask whoever runs the proxy to allow it"
    )]
    Denied {
        /// The status code.
        status: u16,
    },
    /// It could not reach the place either.
    #[error(
        "the proxy of this host answers {status}: it does not reach that place; see whether the platform is up, and \
         whether the proxy knows its name"
    )]
    Gateway {
        /// The status code.
        status: u16,
    },
}

impl ProxyRefusal {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "egress.proxy_unreachable",
            Self::SignIn => "egress.proxy_sign_in",
            Self::Denied { .. } => "egress.proxy_denied",
            Self::Gateway { .. } => "egress.proxy_gateway",
        }
    }
}

/// Which rule forbids a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Denial {
    /// The URL cannot be read in only one way.
    #[error("the URL is refused: {reason}; write it as `https://host/path`")]
    Url {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The manifest does not list the host.
    #[error("`{place}` is not among the hosts of the connector's manifest; the connector's author must add it")]
    NotInManifest {
        /// Scheme, host and port.
        place: String,
    },
    /// The integration does not grant the host.
    #[error("`{place}` is not among the allowed addresses of this integration; an operator can add it")]
    NotGranted {
        /// Scheme, host and port.
        place: String,
    },
    /// The host's address is not a public one, and nobody granted it.
    #[error(
        "`{host}` has the address {address}, which is not public; an operator can allow its network for this integration"
    )]
    Address {
        /// The host's name, or its address again.
        host: String,
        /// The address.
        address: IpAddr,
    },
    /// The name can only be one of an inner network, and a proxy would resolve it there unseen.
    #[error(
        "`{host}` is a name of an inner network, whose address cannot be checked behind a proxy; an operator can add it to \
         `no_proxy`, or let this integration go out directly"
    )]
    InsideName {
        /// The name.
        host: String,
    },
    /// The method is no method, or one that opens a tunnel.
    #[error("the method `{method}` is refused; use GET, POST, PUT, PATCH, DELETE or HEAD")]
    Method {
        /// The method.
        method: String,
    },
    /// A header that only the host may set.
    #[error("the header `{name}` is set by the host alone; leave it out, or name an auth scheme")]
    Header {
        /// The header's name.
        name: String,
    },
    /// A header that cannot be sent.
    #[error("the header `{name}` is malformed; names are tokens and values have no line breaks")]
    HeaderMalformed {
        /// The header's name, as it was written.
        name: String,
    },
    /// More headers than are sent.
    #[error("a request may have {headers_max} headers of {bytes_max} bytes together; send fewer")]
    HeadersTooMany {
        /// How many are sent.
        headers_max: usize,
        /// How many bytes.
        bytes_max: usize,
    },
    /// A larger body than is sent.
    #[error("the request has {bytes} bytes and at most {bytes_max} are sent; send less at once")]
    RequestTooLarge {
        /// What it has.
        bytes: u64,
        /// What is sent.
        bytes_max: u64,
    },
    /// No credential of this name.
    #[error("this connection has no credential for the auth scheme `{scheme}`; sign in again")]
    SchemeUnknown {
        /// The scheme.
        scheme: String,
    },
    /// A scheme that says nothing of requests.
    #[error(
        "the auth scheme `{scheme}` puts nothing on requests; sign through `secrets`, or say in the manifest what is sent"
    )]
    SchemeUnsupported {
        /// The scheme.
        scheme: String,
    },
    /// A scheme of another kind than `hmac`.
    #[error("the auth scheme `{scheme}` has no key to sign with; name one of kind `hmac`")]
    SchemeSignsNothing {
        /// The scheme.
        scheme: String,
    },
    /// No algorithm of this name.
    #[error("the algorithm `{algorithm}` is not known; use `hmac-sha256`, `hmac-sha512` or `hmac-sha1`")]
    AlgorithmUnknown {
        /// The name.
        algorithm: String,
    },
    /// More bytes to sign or verify than a request may have.
    #[error("the payload has {bytes} bytes and at most {bytes_max} are signed; sign a digest of it")]
    PayloadTooLarge {
        /// What it has.
        bytes: u64,
        /// What is signed.
        bytes_max: u64,
    },
    /// A host that this credential does not belong to.
    #[error(
        "the credential `{scheme}` may not be sent to `{place}`; the connector's author must list that host for it"
    )]
    CredentialPlace {
        /// The scheme.
        scheme: String,
        /// Scheme, host and port.
        place: String,
    },
    /// The credential cannot be put on a request.
    #[error("the credential `{scheme}` cannot be used: {reason}; check the settings of this connection")]
    Credential {
        /// The scheme.
        scheme: String,
        /// Why; without a value in it.
        reason: String,
    },
    /// The platform did not take the credential.
    #[error("the platform refused the sign-in ({reason}); check the credential of this connection")]
    SignIn {
        /// By which rule.
        reason: String,
    },
}

impl Denial {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Url { .. } => "egress.url",
            Self::NotInManifest { .. } => "egress.not_in_manifest",
            Self::NotGranted { .. } => "egress.not_granted",
            Self::Address { .. } => "egress.address",
            Self::InsideName { .. } => "egress.inside_name",
            Self::Method { .. } => "egress.method",
            Self::Header { .. } => "egress.header",
            Self::HeaderMalformed { .. } => "egress.header_malformed",
            Self::HeadersTooMany { .. } => "egress.headers_too_many",
            Self::RequestTooLarge { .. } => "egress.request_too_large",
            Self::SchemeUnknown { .. } => "egress.scheme_unknown",
            Self::SchemeUnsupported { .. } => "egress.scheme_unsupported",
            Self::SchemeSignsNothing { .. } => "egress.scheme_signs_nothing",
            Self::AlgorithmUnknown { .. } => "egress.algorithm_unknown",
            Self::PayloadTooLarge { .. } => "egress.payload_too_large",
            Self::CredentialPlace { .. } => "egress.credential_place",
            Self::Credential { .. } => "egress.credential",
            Self::SignIn { .. } => "egress.sign_in_refused",
        }
    }

    /// Whether a person must sign in again before it is worth asking.
    pub const fn needs_sign_in(&self) -> bool {
        matches!(self, Self::SignIn { .. } | Self::SchemeUnknown { .. })
    }
}
