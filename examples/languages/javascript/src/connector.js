// Orders of a shop.

import { Connector, Failure, Page, http, parse, decode, encode, recordTooLarge, stream } from "weighbridge-sdk";

/** A connection to the platform. */
export default class Shop extends Connector {
  /** @param {{base_url: string}} settings as `connector.toml` describes them */
  constructor(settings) {
    super();
    this.baseUrl = settings.base_url.replace(/\/+$/, "");
  }

  check() {
    http.get(`${this.baseUrl}/orders`).query("limit", 1).auth("token").send().ok();
  }

  discover() {
    return { streams: [stream.source("orders", ["full_refresh", "incremental"]).keyedBy(["id"])] };
  }

  /** @param {import("weighbridge-sdk").ReadRequest} request */
  read(request) {
    // A checkpoint comes back byte for byte: here, the id after which to go on.
    const after = request.start ? parse(decode(request.start)) : 0;
    return new Orders(this.baseUrl, after);
  }
}

class Orders {
  constructor(baseUrl, after) {
    this.baseUrl = baseUrl;
    this.after = after;
  }

  /** @param {import("weighbridge-sdk").Limit} limit */
  next(limit) {
    const asked = Math.min(limit.records, 500);
    const answer = http.get(`${this.baseUrl}/orders`).query("after", this.after).query("limit", asked).auth("token");
    const orders = answer.send().ok().records();
    const page = new Page();
    page.more = orders.length >= asked;
    for (const order of orders) {
      if (!limit.admits(page.records, order.raw)) {
        if (page.records.isEmpty) throw recordTooLarge(order.raw, limit);
        page.more = true;
        break;
      }
      if (!Number.isSafeInteger(order.value.id)) {
        throw Failure.system("shop.no_id", "an order has no id that is a whole number");
      }
      page.records.pushRaw(order.raw);
      this.after = order.value.id;
    }
    page.checkpoint = encode(JSON.stringify(this.after));
    return page;
  }
}
