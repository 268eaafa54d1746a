//! A declarative REST connector.
struct C;
impl weighbridge_sdk::Connector for C {
    type Config = weighbridge_sdk::serde_json::Value;
    fn new(_: Self::Config) -> Result<Self, weighbridge_sdk::Failure> {
        Ok(C)
    }
}
weighbridge_sdk::export_connector!(C);
