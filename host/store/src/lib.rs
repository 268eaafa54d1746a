//! The only room that knows a table or an engine.
