//! What a connector's package says of itself, and who may be believed.
