//! The document of a town: one customer whose orders become lines.

use super::Platforms;

const TOWN: &str = include_str!("town.toml");

/// What differs between towns.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Lines about the customer.
    pub customer: String,
    /// Lines about the transfer.
    pub transfer: String,
    /// Records a page and a request.
    pub page: u32,
    /// The shop's token.
    pub token: String,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            customer: "status = \"active\"".into(),
            transfer: String::new(),
            page: 100,
            token: "demo-token-that-no-connector-sees".into(),
        }
    }
}

impl Setting {
    pub fn transfer(transfer: &str) -> Self {
        Self { transfer: transfer.into(), ..Self::default() }
    }

    pub fn document(&self, platforms: &Platforms) -> String {
        let filled = [
            ("@CUSTOMER@", self.customer.clone()),
            ("@TRANSFER@", self.transfer.clone()),
            ("@PAGE@", self.page.to_string()),
            ("@TOKEN@", self.token.clone()),
            ("@SHOP@", platforms.shop.clone()),
            ("@WAREHOUSE@", platforms.warehouse.clone()),
        ];
        filled.iter().fold(TOWN.to_owned(), |text, (place, value)| text.replace(place, value))
    }
}
