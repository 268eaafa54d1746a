//! The key ring: seals and unseals what people and platforms wrote.
