//! Keys that a guest uses without holding them.

use crate::answers::{SignRequest, VerifyRequest};
use crate::bindings::weighbridge::connector::secrets;
use crate::state::State;

impl secrets::Host for State {
    async fn sign(
        &mut self,
        scheme: String,
        algorithm: String,
        payload: Vec<u8>,
    ) -> wasmtime::Result<Result<Vec<u8>, String>> {
        let signing = self.answers.sign(SignRequest { scheme, algorithm, payload });
        Ok(self.cpu.on_account(signing).await)
    }

    async fn verify(
        &mut self,
        scheme: String,
        algorithm: String,
        payload: Vec<u8>,
        signature: Vec<u8>,
    ) -> wasmtime::Result<Result<bool, String>> {
        let signed = SignRequest { scheme, algorithm, payload };
        let verifying = self.answers.verify(VerifyRequest { signed, signature });
        Ok(self.cpu.on_account(verifying).await)
    }
}
