//! The only room that knows HTTP and JSON bodies: health, readiness and metrics.
