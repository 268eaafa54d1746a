//! A Shopify shop, in the words of its documentation, under its own name and over TLS: installed, read, written and heard.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use url::Url;
use weighbridge_simulators::Way;
use weighbridge_simulators::shopify::{App, Shop, Told, goods, instant};

use super::oidc::submit;
use crate::town::{Answered, Host, Town, ask};

const SECRET: &str = "canary-app-secret-0123456789abcdef";

/// A host that is connected to a shop.
struct Scene {
    town: Town,
    way: Way<Shop>,
    host: Host,
    /// By how much the shop's clock is ahead, in milliseconds.
    ahead: Arc<AtomicI64>,
}

#[expect(clippy::disallowed_methods, reason = "the host of this test lives by this clock too")]
fn now() -> i64 {
    let passed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(passed.as_millis()).unwrap()
}

impl Scene {
    fn set(orders: u64, fill: impl FnOnce(&mut Shop, &str)) -> Self {
        let ahead = Arc::<AtomicI64>::default();
        let clock = Arc::clone(&ahead);
        let app = App { id: "app-of-the-partner".into(), secret: SECRET.into() };
        let mut shop = Shop::new("example-shop", app, Box::new(move || now() + clock.load(Ordering::SeqCst)));
        fill(&mut shop, &instant(now() - 86_400_000));
        let (town, way) = (Town::bare(orders), Way::to("*.myshopify.com", shop));
        town.works(&["init"]);
        town.works(&["trust", "add", "weighbridge", town.public_key().to_str().unwrap()]);
        ["rest", "shopify"].iter().for_each(|plugin| town.install(plugin));
        let filled = [
            ("@CLIENT@", "app-of-the-partner"),
            ("@SECRET@", SECRET),
            ("@SHOP@", &town.platforms.shop),
            ("@WAREHOUSE@", &town.platforms.warehouse),
        ];
        let text = include_str!("document.toml").to_owned();
        town.apply(&filled.iter().fold(text, |text, (place, value)| text.replace(place, value)));
        std::fs::write(town.path("authority.pem"), &way.authority).unwrap();
        let lines = format!("[egress]\nproxy = \"{}\"\nca = \"authority.pem\"\nno_proxy = [\"127.0.0.1\"]", way.proxy);
        let host = Host::start_public(&town, &lines);
        let scene = Self { town, way, host, ahead };
        scene.authorise();
        scene
    }

    /// The merchant opens the address that they were given, and agrees.
    fn authorise(&self) {
        let file = self.town.path("weighbridge.toml");
        let words = ["connection", "authorise", "acme/shopify", "--config", file.to_str().unwrap(), "--no-wait"];
        let begun = self.town.works(&words);
        let address = begun["address"].as_str().unwrap();
        assert!(address.starts_with("https://example-shop.myshopify.com/admin/oauth/authorize?"), "{address}");
        let back = self.way.with(|shop| shop.tokens.agree(address));
        let done = submit(&Url::parse(&back).unwrap(), begun["code"].as_str().unwrap());
        assert_eq!(done.status, 200, "{}", done.body);
    }

    /// Runs a transfer to its end: what was read, delivered and rejected.
    fn run(&self, transfer: &str) -> (u64, u64, u64) {
        let ran = self.town.works(&["run", &format!("acme/{transfer}")]);
        let count = |name: &str| ran["counts"][name].as_u64().unwrap();
        let is_whole = count("dead_lettered") == 0;
        assert_eq!(ran["state"], if is_whole { "succeeded" } else { "partially_succeeded" }, "{ran}");
        (count("read"), count("delivered"), count("dead_lettered"))
    }

    fn lines(&self) -> Vec<Value> {
        self.town.platforms.lines()
    }

    fn tell(&self, told: &Told, secret_is_right: bool) -> Answered {
        let path = &told.address[told.address.find("/hooks/").unwrap()..];
        let headers: Vec<String> = told.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
        let body = String::from_utf8(told.body.clone()).unwrap();
        let body = if secret_is_right { body } else { body.replace("EUR", "USD") };
        ask(&self.host.address, "POST", path, &headers, &body)
    }
}

#[track_caller]
fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn orders(shop: &mut Shop, numbers: std::ops::RangeInclusive<u64>, now: &str) {
    let made = numbers.map(|number| goods::order(number, if number == 7 { 23 } else { 2 }, now));
    shop.nodes.get_mut("orders").unwrap().extend(made);
}

#[test]
pub(crate) fn a_shop_is_read_whole_and_then_what_changed_under_tokens_that_end() {
    let scene = Scene::set(0, |shop, now| orders(shop, 1..=64, now));
    assert_eq!(scene.run("orders"), (64, 64, 0));
    let lines = scene.lines();
    let long = lines.iter().find(|line| line["id"] == "gid://shopify/Order/7").unwrap();
    assert_eq!(long["lines"].as_array().unwrap().len(), 23, "more lines than come with an order");
    assert_eq!((&long["total"], &long["financial_status"]), (&json!("276.00"), &json!("paid")));
    // An hour later the token has ended, and three orders are new or changed.
    scene.ahead.store(3_600_000, Ordering::SeqCst);
    let issued = scene.way.with(|shop| {
        let now = shop.instant();
        orders(shop, 65..=66, &now);
        let first = &mut shop.nodes.get_mut("orders").unwrap()[0];
        (first["updatedAt"], first["displayFulfillmentStatus"]) = (json!(now), json!("FULFILLED"));
        shop.tokens.issued
    });
    assert_eq!(scene.run("orders"), (3, 3, 0));
    assert_eq!(scene.run("orders"), (0, 0, 0), "nothing twice from the overlap");
    assert_eq!(scene.way.with(|shop| shop.tokens.issued), issued + 1, "one refresh");
    let first = scene.lines().into_iter().find(|line| line["id"] == "gid://shopify/Order/1").unwrap();
    assert_eq!(first["fulfillment_status"], "fulfilled");
    assert_eq!(scene.town.billed()["records"], 67);
}

#[test]
fn a_shop_with_few_points_left_is_read_all_the_same_only_later() {
    let scene = Scene::set(0, |shop, now| {
        orders(shop, 1..=40, now);
        // A page of orders costs 502, and the many lines of one of them 402.
        (shop.points.most, shop.points.restored) = (1_000.0, 400.0);
    });
    let begun = Instant::now();
    assert_eq!(scene.run("orders"), (40, 40, 0));
    assert!(begun.elapsed() > Duration::from_secs(3), "four pages at 400 points a second");
}

#[test]
pub(crate) fn stock_and_products_are_set_once_and_what_is_unknown_is_rejected_alone() {
    let scene = Scene::set(30, |shop, now| {
        let levels = (1..=30).filter(|number| *number != 13).map(|number| goods::level(number, 0, now)).collect();
        shop.nodes.get_mut("locations").unwrap()[0]["inventoryLevels"] = levels;
    });
    assert_eq!(scene.run("stock"), (30, 29, 1));
    assert_eq!(scene.run("products"), (30, 30, 0));
    assert_eq!(scene.run("levels"), (29, 29, 0));
    assert!(scene.lines().iter().all(|line| line["available"] == 5 && line["on_hand"] == 1), "{:?}", scene.lines()[0]);
    scene.way.with(|shop| {
        let products = &shop.nodes["products"];
        assert!(products.len() == 30 && products.iter().all(|product| product["status"] == "DRAFT"), "{products:?}");
    });
    assert_eq!(scene.run("products"), (30, 30, 0));
    assert_eq!(scene.way.with(|shop| shop.nodes["products"].len()), 30, "found by their handle");
}

#[test]
pub(crate) fn what_the_shop_tells_by_itself_moves_once_and_only_when_the_app_signed_it() {
    let scene = Scene::set(0, |_, _| {});
    let subscribed = || scene.way.with(|shop| shop.nodes["webhookSubscriptions"].len());
    until("the connector has subscribed", || subscribed() == 4);
    let told = scene.way.with(|shop| {
        let now = shop.instant();
        shop.tell("orders/updated", &goods::order(5, 3, &now))
    });
    assert_eq!(told.len(), 1);
    assert_eq!(scene.tell(&told[0], false).code(), "hook.unverified");
    for _ in 0..3 {
        assert_eq!(scene.tell(&told[0], true).status, 200);
    }
    until("the order has moved", || scene.lines().len() == 1);
    assert_eq!(scene.lines()[0]["lines"].as_array().unwrap().len(), 3);
    scene.town.works(&["connection", "switch", "acme", "shopify", "--switch", "off", "--confirm"]);
    until("the connector has unsubscribed", || subscribed() == 0);
}
