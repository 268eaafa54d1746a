//! The Weighbridge engine as a library: intake, pipeline, scheduler, recovery.
