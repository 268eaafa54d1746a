// Why something did not work, by what the host should do about it.

export class Failure extends Error {
  constructor(failureClass, code, message, retryAfterMs = null) {
    super(message);
    this.name = "Failure";
    this.class = failureClass;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  static config(code, message) {
    return new Failure("config", code, message);
  }

  static auth(code, message) {
    return new Failure("auth", code, message);
  }

  static transient(code, message) {
    return new Failure("transient", code, message);
  }

  static system(code, message) {
    return new Failure("system", code, message);
  }

  static unsupported(what) {
    return new Failure("unsupported", "unsupported", `this connector does not ${what}`);
  }

  /** Whether the host refused because this call has made all the requests it may. What was taken so far counts. */
  get isBudget() {
    return this.code === "http.budget";
  }
}

/** What a refusal of the host to send a request means. */
export function ofRefusal({ tag, val }) {
  switch (tag) {
    case "denied":
      return new Failure("denied", "http.denied", val);
    case "unreachable":
      return Failure.transient("http.unreachable", val);
    case "tls":
      return Failure.config("http.tls", val);
    case "timed-out":
      return Failure.transient("http.timed_out", "the platform did not answer in time");
    case "too-large":
      return Failure.system("http.too_large", `the platform's answer has more than ${val} bytes`);
    case "budget":
      return Failure.transient("http.budget", "this call has made all the requests it may");
    case "cancelled":
      return new Failure("cancelled", "http.cancelled", "the run was cancelled");
    default:
      return new Failure("denied", "http.secret_echoed", "the platform's answer repeats the credential");
  }
}
