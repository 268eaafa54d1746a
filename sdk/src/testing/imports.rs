//! The imports of a guest, in the same shape, answered by the script of this thread.

/// As `clock` of the contract.
pub mod clock {
    use crate::testing::script::with;

    /// The time the script says.
    pub fn now_ms() -> u64 {
        with(|script| script.now_ms)
    }

    /// Time goes on without anybody waiting.
    pub fn sleep_ms(ms: u32) {
        with(|script| script.now_ms += u64::from(ms));
    }

    /// Bytes that are the same in every run, and no more than the host gives at once.
    pub fn random(count: u32) -> Vec<u8> {
        (0..count.min(4096)).map(|index| (index.wrapping_mul(167) >> 3) as u8).collect()
    }
}

/// As `config` of the contract.
pub mod config {
    use crate::testing::script::with;

    /// The script's configuration.
    pub fn get() -> String {
        with(|script| script.configuration.to_string())
    }
}

/// As `log` of the contract.
pub mod log {
    use crate::log::Level;
    use crate::testing::script::with;

    /// Keeps the line.
    pub fn write(_: Level, message: &str) {
        with(|script| script.log.push(message.to_owned()));
    }
}

/// As `secrets` of the contract.
pub mod secrets {
    use crate::testing::script::{Signed, with};

    /// The code that the script has for it.
    pub fn sign(scheme: &str, algorithm: &str, payload: &[u8]) -> Result<Vec<u8>, String> {
        known(scheme, algorithm)?;
        let find = |signed: &&Signed| signed.is_under(scheme, algorithm) && signed.payload == payload;
        let found = with(|script| script.signed.iter().find(find).map(|signed| signed.code.clone()));
        found.ok_or_else(|| "the script has no code for this payload; say it by `ScriptedHost::signs`".to_owned())
    }

    /// Whether the script has this code for it.
    pub fn verify(scheme: &str, algorithm: &str, payload: &[u8], signature: &[u8]) -> Result<bool, String> {
        known(scheme, algorithm)?;
        Ok(sign(scheme, algorithm, payload).is_ok_and(|code| code == signature))
    }

    fn known(scheme: &str, algorithm: &str) -> Result<(), String> {
        let known = with(|script| script.signed.iter().any(|signed| signed.is_under(scheme, algorithm)));
        if known { Ok(()) } else { Err(format!("the script has no key `{scheme}` for {algorithm}")) }
    }
}

/// As `run` of the contract.
pub mod run {
    use crate::testing::script::with;

    /// Whether the script was cancelled.
    pub fn cancelled() -> bool {
        with(|script| script.cancelled)
    }

    /// Nobody watches.
    pub fn progress(_: u64, _: Option<u64>, _: Option<&str>) {}
}

/// As `files` of the contract.
pub mod files {
    pub use crate::testing::folders::{Input, Output, create, list, move_, open};
}

/// As `http` of the contract.
pub mod http {
    use std::cell::RefCell;

    use crate::bindings::weighbridge::connector::http::{Refusal, Request};
    use crate::testing::script::{Scripted, Sent, answer};

    /// An answer of the script.
    pub struct Response {
        answer: Scripted,
        left: RefCell<Vec<u8>>,
    }

    impl Response {
        /// Its status.
        pub fn status(&self) -> u16 {
            self.answer.status
        }

        /// Its headers.
        pub fn headers(&self) -> Vec<(String, String)> {
            self.answer.headers.clone()
        }

        /// The next bytes, at most so many.
        pub fn read(&self, max: u32) -> Result<Vec<u8>, Refusal> {
            let mut left = self.left.borrow_mut();
            let taken = left.len().min(max as usize);
            let rest = left.split_off(taken);
            Ok(std::mem::replace(&mut *left, rest))
        }
    }

    /// Asks the script.
    pub fn send(request: &Request) -> Result<Response, Refusal> {
        let answer = answer(Sent {
            method: request.method.clone(),
            url: request.url.clone(),
            headers: request.headers.clone(),
            body: request.body.clone().unwrap_or_default(),
            auth: request.auth.clone(),
        });
        match answer.refusal {
            Some(refusal) => Err(refusal),
            None => Ok(Response { left: RefCell::new(answer.body.clone()), answer }),
        }
    }
}
