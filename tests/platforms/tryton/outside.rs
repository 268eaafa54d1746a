//! The host as the connector sees it: the manifest's own hosts and sign-in, and the egress that applies them.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use weighbridge_egress::{Bodies, Client, Credential, Parts, Reach, Request, Secret, Secrets, Trusted};
use weighbridge_model::package::Manifest;
use weighbridge_model::time::Timestamp;
use weighbridge_sandbox::{
    Answer, Answers, HttpHead, HttpRefusal, HttpRequest, LogLevel, Progress, SignRequest, VerifyRequest,
};

use super::install::{PASSWORD, USER};

pub(super) struct Outside {
    client: Client,
    bodies: Bodies,
    configuration: Map<String, Value>,
}

impl Outside {
    /// A connection so configured, signed in by the manifest's scheme `session`. Loopback is granted; nothing else is.
    pub(super) fn new(manifest: &Manifest, configuration: &Value) -> Self {
        let configuration = manifest.with_defaults(configuration.as_object().unwrap());
        let hosts = manifest.hosts.iter().map(|host| host.expand(&configuration).unwrap()).collect();
        let reach = Reach { manifest: hosts, granted: None, networks: vec!["127.0.0.1/32".parse().unwrap()] };
        let mut parts = Parts::new(reach, Trusted::new(None).unwrap(), Arc::new(|| Timestamp::from_millis(0)));
        let secrets: Secrets = [("username", USER), ("password", PASSWORD)]
            .map(|(name, text)| (name, Secret::new(text)))
            .into_iter()
            .collect();
        let scheme = manifest.scheme("session").unwrap().clone();
        parts.credentials = vec![Credential::new(scheme, secrets, configuration.clone())];
        Self { client: Client::new(parts), bodies: Bodies::default(), configuration }
    }
}

impl Answers for Outside {
    fn config(&mut self) -> Answer<'_, String> {
        Box::pin(async { serde_json::to_string(&self.configuration).unwrap() })
    }

    fn send(&mut self, request: HttpRequest) -> Answer<'_, Result<HttpHead, HttpRefusal>> {
        Box::pin(async move {
            let HttpRequest { method, url, headers, body, auth, timeout_ms } = request;
            let request = Request {
                method,
                url,
                headers,
                body: body.map(Into::into),
                auth,
                timeout_ms,
                until: None,
                delay_until: None,
            };
            let response =
                self.client.send(request).await.map_err(|refusal| HttpRefusal::Denied(refusal.to_string()))?;
            Ok(HttpHead { status: response.status, headers: response.headers, body: self.bodies.keep(response.body) })
        })
    }

    fn read(&mut self, body: u32, max: u32) -> Answer<'_, Result<Vec<u8>, HttpRefusal>> {
        Box::pin(async move {
            let read = self.bodies.read(body, max).await;
            read.map(Vec::from).map_err(|refusal| HttpRefusal::Denied(refusal.to_string()))
        })
    }

    fn close(&mut self, body: u32) {
        self.bodies.close(body);
    }

    fn sign(&mut self, _: SignRequest) -> Answer<'_, Result<Vec<u8>, String>> {
        Box::pin(async { Err("this connector signs nothing".into()) })
    }

    fn verify(&mut self, _: VerifyRequest) -> Answer<'_, Result<bool, String>> {
        Box::pin(async { Err("this connector signs nothing".into()) })
    }

    fn now_ms(&mut self) -> Answer<'_, u64> {
        Box::pin(async { 0 })
    }

    fn sleep_ms(&mut self, ms: u32) -> Answer<'_, ()> {
        Box::pin(tokio::time::sleep(Duration::from_millis(ms.into())))
    }

    fn random(&mut self, count: u32) -> Answer<'_, Vec<u8>> {
        Box::pin(async move { vec![4; count as usize] })
    }

    fn log(&mut self, _: LogLevel, message: String) {
        println!("the connector says: {message}");
    }

    fn cancelled(&mut self) -> Answer<'_, bool> {
        Box::pin(async { false })
    }

    fn progress(&mut self, _: Progress) {}
}
