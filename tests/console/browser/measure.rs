//! How a page is seen and what it weighs: sizes, themes, pictures and numbers, over the browser's own protocol.

use data_encoding::BASE64;
use fantoccini::wd::WebDriverCompatibleCommand;
use serde_json::{Value, json};

use super::Browser;

/// A command of the Chrome DevTools Protocol, by way of the driver.
#[derive(Debug)]
struct Protocol(Value);

impl WebDriverCompatibleCommand for Protocol {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.0.to_string()))
    }
}

/// What a page costs whoever opens it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::console) struct Measured {
    /// Document, styles and scripts, as they came over the wire.
    pub(in crate::console) bytes: u64,
    /// Milliseconds until something was painted; none where nothing was.
    pub(in crate::console) first_paint_ms: Option<f64>,
    /// How much jumped about while it loaded.
    pub(in crate::console) layout_shift: f64,
    /// By how many pixels it is wider than the window.
    pub(in crate::console) sticks_out_px: i64,
}

const MEASURE: &str = r"
const done = arguments[arguments.length - 1];
const of = (kind) => performance.getEntriesByType(kind);
const counted = of('resource').filter((one) => ['link', 'css', 'script'].includes(one.initiatorType));
const bytes = of('navigation').concat(counted).reduce((sum, one) => sum + one.encodedBodySize, 0);
const begun = performance.now();
const painted = () => of('paint').find((one) => one.name === 'first-contentful-paint');
let shift = 0;
const add = (list) => list.getEntries().forEach((one) => { if (!one.hadRecentInput) shift += one.value; });
new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true });
const page = document.documentElement;
const end = () => {
  const [paint, waited] = [painted(), performance.now() - begun];
  if (waited < 100 || (!paint && waited < 3000)) return setTimeout(end, 25);
  done({ bytes, shift, paint: paint ? paint.startTime : null, out: page.scrollWidth - window.innerWidth });
};
end();
";

impl Browser {
    #[track_caller]
    fn protocol(&self, command: &str, parameters: &Value) -> Value {
        let asked = self.wait(self.client().issue_cmd(Protocol(json!({ "cmd": command, "params": parameters }))));
        asked.unwrap_or_else(|error| self.fail(&format!("{command} to work: {error}")))
    }

    /// A window of exactly this size: a real one cannot be as narrow as a telephone.
    pub(in crate::console) fn resize(&self, (width, height): (u32, u32)) {
        let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.protocol("Emulation.setDeviceMetricsOverride", &size);
    }

    /// What pages are told that the person likes better.
    pub(in crate::console) fn prefer_dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        self.protocol("Emulation.setEmulatedMedia", &features);
    }

    /// Every page is fetched anew from now on.
    pub(in crate::console) fn forget_pages(&self) {
        self.protocol("Network.setCacheDisabled", &json!({ "cacheDisabled": true }));
    }

    /// The whole page, PNG.
    pub(in crate::console) fn picture(&self) -> Vec<u8> {
        let taken = json!({ "format": "png", "captureBeyondViewport": true });
        let taken = self.protocol("Page.captureScreenshot", &taken);
        BASE64.decode(taken["data"].as_str().unwrap().as_bytes()).unwrap()
    }

    /// The numbers of the page that is open; scripts have to be on.
    #[track_caller]
    pub(in crate::console) fn measure(&self) -> Measured {
        let said = self.wait(self.client().execute_async(MEASURE, Vec::new()));
        let said = said.unwrap_or_else(|error| self.fail(&format!("a page that can be measured: {error}")));
        Measured {
            bytes: said["bytes"].as_u64().unwrap_or_default(),
            first_paint_ms: said["paint"].as_f64(),
            layout_shift: said["shift"].as_f64().unwrap_or_default(),
            sticks_out_px: said["out"].as_i64().unwrap_or_default(),
        }
    }
}
