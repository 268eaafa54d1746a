//! A simulated Shopify shop of a few things, in this process.

use weighbridge_sandbox::Answer;
use weighbridge_simulators::shopify::{App, Shop, goods, instant};
use weighbridge_simulators::{Asked as Request, Platform as _, Said};
use weighbridge_workshop::{Answered, Asked, Body, Platform, Venue};

/// The shop's clock stands still.
const NOW_MS: i64 = 1_774_746_000_000;

/// Seven orders, the fifth with more lines than come with it, and the stock of seven items but the second.
pub struct Shops;

struct Running {
    shop: Shop,
    token: String,
}

impl Venue for Shops {
    fn open(&self) -> Box<dyn Platform> {
        let app = App { id: "app".into(), secret: "secret".into() };
        let mut shop = Shop::new("example-shop", app, Box::new(|| NOW_MS));
        let changed = |number: u64| instant(NOW_MS - 100_000 + i64::try_from(number).unwrap() * 10_000);
        let orders = (1..=7).map(|number| goods::order(number, if number == 5 { 14 } else { 1 }, &changed(number)));
        let orders = orders.collect();
        let levels = (1..=7).filter(|number| *number != 2).map(|number| goods::level(number, 0, &changed(number)));
        let levels = levels.collect();
        shop.nodes.insert("orders", orders);
        shop.nodes.get_mut("locations").unwrap()[0]["inventoryLevels"] = levels;
        let token = shop.tokens.custom("read_orders,read_products,write_products,read_locations,write_inventory");
        Box::new(Running { shop, token })
    }
}

impl Platform for Running {
    fn answer<'a>(&'a mut self, asked: &'a Asked) -> Answer<'a, Option<Answered>> {
        let mut headers: Vec<(String, String)> = asked.headers.clone();
        headers.push(("x-shopify-access-token".into(), self.token.clone()));
        let body = asked.body.as_ref().map(|body| body.bytes()).unwrap_or_default();
        let request = Request { method: asked.method.clone(), path: asked.url.clone(), headers, body };
        let Said { status, headers, body } = self.shop.answer(&request);
        let body = Body::Text(String::from_utf8(body).unwrap());
        Box::pin(std::future::ready(Some(Answered::Response { status, headers, body })))
    }
}
