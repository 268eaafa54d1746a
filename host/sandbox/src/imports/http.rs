//! Requests that the host makes for a guest.

use wasmtime::component::Resource;

use crate::answers::{HttpRefusal, HttpRequest};
use crate::bindings::weighbridge::connector::http;
use crate::state::{Spent, State};

/// The most that one call gives.
const READ_BYTES_MAX: u32 = 1024 * 1024;

/// A response whose body may not have come yet.
#[expect(unreachable_pub, reason = "the generated bindings re-export it")]
pub struct Response {
    status: u16,
    headers: Vec<(String, String)>,
    body: u32,
}

impl http::Host for State {
    async fn send(&mut self, request: http::Request) -> wasmtime::Result<Result<Resource<Response>, http::Refusal>> {
        if let Err(refusal) = self.spend_request::<http::Refusal>() {
            return Ok(Err(refusal));
        }
        match self.answers.send(request.into()).await {
            Ok(head) => {
                let response = Response { status: head.status, headers: head.headers, body: head.body };
                Ok(Ok(self.table.push(response)?))
            }
            Err(refusal) => Ok(Err(refusal.into())),
        }
    }
}

impl http::HostResponse for State {
    async fn status(&mut self, response: Resource<Response>) -> wasmtime::Result<u16> {
        Ok(self.table.get(&response)?.status)
    }

    async fn headers(&mut self, response: Resource<Response>) -> wasmtime::Result<Vec<(String, String)>> {
        Ok(self.table.get(&response)?.headers.clone())
    }

    async fn read(
        &mut self,
        response: Resource<Response>,
        max: u32,
    ) -> wasmtime::Result<Result<Vec<u8>, http::Refusal>> {
        let body = self.table.get(&response)?.body;
        let read = self.answers.read(body, max.min(READ_BYTES_MAX)).await;
        Ok(read.map_err(http::Refusal::from))
    }

    async fn drop(&mut self, response: Resource<Response>) -> wasmtime::Result<()> {
        let response = self.table.delete(response)?;
        self.answers.close(response.body);
        Ok(())
    }
}

impl From<Spent> for http::Refusal {
    fn from(spent: Spent) -> Self {
        match spent {
            Spent::Budget => Self::Budget,
            Spent::Closed => Self::Denied("a webhook is received without requests of its own".into()),
        }
    }
}

impl From<http::Request> for HttpRequest {
    fn from(request: http::Request) -> Self {
        let http::Request { method, url, headers, body, auth, timeout_ms } = request;
        Self { method, url, headers, body, auth, timeout_ms }
    }
}

impl From<HttpRefusal> for http::Refusal {
    fn from(refusal: HttpRefusal) -> Self {
        match refusal {
            HttpRefusal::Denied(why) => Self::Denied(why),
            HttpRefusal::Unreachable(why) => Self::Unreachable(why),
            HttpRefusal::Tls(why) => Self::Tls(why),
            HttpRefusal::TimedOut => Self::TimedOut,
            HttpRefusal::TooLarge(bytes_max) => Self::TooLarge(bytes_max),
            HttpRefusal::Budget => Self::Budget,
            HttpRefusal::Cancelled => Self::Cancelled,
            HttpRefusal::SecretEchoed => Self::SecretEchoed,
        }
    }
}
