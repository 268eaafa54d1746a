//! Workflows: a tenant's templates, what applying one would change for a customer, and the way a customer begins.

mod apply;
mod onboarding;
mod template;

pub use apply::{ApplyWorkflow, WorkflowPlan};
pub use onboarding::{OnboardingStep, OnboardingView};
pub use template::{SetWorkflow, WorkflowView};
