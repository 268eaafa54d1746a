//! Workflows, and a customer's beginning.

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge::account::{ApplyWorkflow, SetWorkflow};
use weighbridge::model::access::authorize;
use weighbridge::model::access::kinds::{
    ConnectionsChange, CustomerRead, CustomerSwitch, TransfersChange, WorkflowsChange, WorkflowsRead,
};
use weighbridge::model::id::WorkflowId;

use super::Nothing;
use crate::api::asked::Context;
use crate::api::operation::Operation;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    workflow: WorkflowId,
}

pub(super) fn all() -> Vec<Operation> {
    vec![
        Operation::new(
            ("workflow list", Method::GET, "/workflows"),
            "Show the organisation's workflows, each in its newest version.",
            async |it: Context<WorkflowsRead>, _: Nothing| it.engine.workflows(&it.may),
        )
        .columns(&["name", "version", "created_at", "id"]),
        Operation::new(
            ("workflow set", Method::POST, "/workflows"),
            "Make a workflow, or a new version of one; no customer is touched by it.",
            async |it: Context<WorkflowsChange>, set: SetWorkflow| it.engine.set_workflow(&it.may, &set).await,
        )
        .audits("workflow.changed"),
        Operation::new(
            ("workflow show", Method::GET, "/workflows/{workflow}"),
            "Show a workflow.",
            async |it: Context<WorkflowsRead>, which: Which| it.engine.workflow(&it.may, which.workflow),
        ),
        Operation::new(
            ("workflow apply", Method::POST, "/customers/{customer}/workflow"),
            "Apply a workflow to a customer, or say what that would change; what holds progress has to be named.",
            async |it: Context<TransfersChange>, apply: ApplyWorkflow| it.engine.apply_workflow(&it.may, &apply).await,
        )
        .audits("workflow.applied"),
        Operation::new(
            ("onboarding show", Method::GET, "/customers/{customer}/onboarding"),
            "Show how far a customer's beginning has come, and what to do next.",
            async |it: Context<CustomerRead>, _: Nothing| it.engine.onboarding(&it.may).await,
        )
        .followed(),
        Operation::new(
            ("onboarding finish", Method::POST, "/customers/{customer}/onboarding/finish"),
            "Ask every connected system, and activate the customer where nothing is missing.",
            async |it: Context<CustomerSwitch>, _: Nothing| {
                let check = authorize::<ConnectionsChange>(it.may.actor(), it.may.place())?;
                it.engine.finish_onboarding(&it.may, &check).await
            },
        )
        .audits("customer.activated"),
    ]
}
