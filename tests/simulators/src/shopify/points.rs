//! What queries cost, and points that come back at a steady rate.

use serde_json::{Value, json};

/// The most that one query may cost.
pub const QUERY_MAX: f64 = 1_000.0;

/// A bucket of points.
#[derive(Debug)]
pub struct Points {
    /// How many there are at most.
    pub most: f64,
    /// How many come back in a second.
    pub restored: f64,
    left: f64,
    at: i64,
}

impl Default for Points {
    fn default() -> Self {
        Self { most: 2_000.0, restored: 100.0, left: 2_000.0, at: 0 }
    }
}

impl Points {
    /// Takes the points of a query; the refusal where there are too few, or where it costs more than one may.
    #[expect(clippy::cast_precision_loss, reason = "a few seconds in milliseconds")]
    pub fn spend(&mut self, cost: f64, now: i64) -> Result<Value, Value> {
        let passed = if self.at == 0 { 0.0 } else { (now - self.at) as f64 / 1_000.0 };
        (self.left, self.at) = ((self.left + passed * self.restored).min(self.most), now);
        if cost > QUERY_MAX {
            let message = format!("Query cost is {cost}, which exceeds the single query max cost limit ({QUERY_MAX}).");
            let extensions = json!({ "code": "MAX_COST_EXCEEDED", "cost": cost, "maxCost": QUERY_MAX });
            return Err(json!({ "errors": [{ "message": message, "extensions": extensions }] }));
        }
        if cost > self.left {
            let error = json!({ "message": "Throttled", "extensions": { "code": "THROTTLED",
                "documentation": "https://shopify.dev/api/usage/rate-limits" } });
            return Err(json!({ "errors": [error], "extensions": self.said(cost, &Value::Null) }));
        }
        self.left -= cost;
        Ok(self.said(cost, &json!(cost)))
    }

    fn said(&self, requested: f64, actual: &Value) -> Value {
        let throttle = json!({ "maximumAvailable": self.most, "currentlyAvailable": self.left.floor(), "restoreRate": self.restored });
        json!({ "cost": { "requestedQueryCost": requested, "actualQueryCost": actual, "throttleStatus": throttle } })
    }
}
