//! Templates for customers, and applying one with its plan.

use maud::{Markup, html};
use serde_json::Value;
use weighbridge::account::{ApplyWorkflow, WorkflowPlan, WorkflowView};
use weighbridge::model::access::kinds;
use weighbridge::model::id::WorkflowId;

use super::tabs::of_customer;
use crate::console::parts::{self, Ask, Column, Head, Tone};
use crate::console::screen::{Drawn, Screen, Sheet};
use crate::console::visit::Visit;

const LIST: &str = "/console/workflows";

pub(super) fn screens() -> Vec<Screen> {
    vec![
        Screen::new(LIST, list),
        Screen::new("/console/workflows/new", new).leads("workflow set", to_workflow, "workflow-made"),
        Screen::new("/console/workflows/{workflow}", show).does("workflow set", "workflow-made"),
        Screen::new("/console/customers/{customer}/workflow", apply).leads(
            "workflow apply",
            |v, _| v.home(),
            "workflow-applied",
        ),
    ]
}

fn to_workflow(_: &Visit, given: &Value) -> String {
    format!("{LIST}/{}", given["id"].as_str().unwrap_or_default())
}

async fn list(v: Visit) -> Drawn {
    let found = v.engine.workflows(&v.may::<kinds::WorkflowsRead>()?)?.items;
    let can = v.can::<kinds::WorkflowsChange>();
    let title = v.t("nav-workflows");
    let actions = html! { @if can { (parts::primary("/console/workflows/new", "add", &v.t("workflow-new"))) } };
    let columns = [
        Column::new(v.t("customers-name")),
        Column::number(v.t("workflow-version")),
        Column::new(v.t("workflow-parts")),
        Column::new(v.t("made-at")),
    ];
    let line = |one: &WorkflowView| {
        vec![
            html! { a href={ (LIST) "/" (one.id) } { (one.name) } },
            html! { (one.version) },
            html! { (parts_of(&v, &one.template)) },
            html! { (v.at(one.created_at)) },
        ]
    };
    let body = html! {
        (Head { about: Some(&v.t("workflows-about")), actions, ..Head::new(&title) }.show(&v))
        @if found.is_empty() { div.card { (parts::empty("workflow", &v.t("workflows-none"), &v.t("workflows-none-about"), &Markup::default())) } }
        @else { (parts::table(&title, &columns, &found.iter().map(line).collect::<Vec<_>>())) }
        @if !can { (parts::whom_to_ask(&v, "ask-tenant-admin")) }
    };
    Ok(Sheet::new("workflows", title, body))
}

/// How many endpoints, mappings and transfers a template has.
fn parts_of(v: &Visit, template: &Value) -> String {
    let count = |name: &str| template[name].as_array().map_or(0, Vec::len);
    v.say(
        "workflow-parts-of",
        &[
            ("endpoints", (count("endpoint") as i64).into()),
            ("mappings", (count("mapping") as i64).into()),
            ("transfers", (count("transfer") as i64).into()),
        ],
    )
}

const EXAMPLE: &str = r#"{
  "endpoint": [],
  "mapping": [],
  "transfer": []
}"#;

async fn new(v: Visit) -> Drawn {
    v.may::<kinds::WorkflowsChange>()?;
    let title = v.t("workflow-new");
    let ask = Ask::new(&v, "workflow set");
    let body = html! {
        (Head { above: &[(LIST.to_owned(), v.t("nav-workflows"))], about: Some(&v.t("workflow-new-about")), ..Head::new(&title) }.show(&v))
        (parts::card("", &ask.form_wide(&html! {
            (ask.field("name", "customers-name").required().text())
            (ask.field("template:json", "workflow-template").hint("workflow-template-hint").value(EXAMPLE).required().area(20))
            (ask.send_or_back("save", LIST))
        })))
    };
    Ok(Sheet::new("workflows", title, body))
}

async fn show(v: Visit) -> Drawn {
    let id: WorkflowId = v.id("workflow")?;
    let one = v.engine.workflow(&v.may::<kinds::WorkflowsRead>()?, id)?;
    let template = serde_json::to_string_pretty(&one.template).unwrap_or_default();
    let ask = Ask::new(&v, "workflow set").with("name", &one.name);
    let about = format!(
        "{} · {}",
        v.say("workflow-version-of", &[("version", one.version.into())]),
        parts_of(&v, &one.template)
    );
    let body = html! {
        (Head { above: &[(LIST.to_owned(), v.t("nav-workflows"))], about: Some(&about), ..Head::new(&one.name) }.show(&v))
        @if v.can::<kinds::WorkflowsChange>() {
            (parts::card(&v.t("workflow-template"), &ask.form_wide(&html! {
                (ask.field("template:json", "workflow-template").hint("workflow-change-hint").value(&template).required().area(24))
                (ask.send_or_back("workflow-save", LIST))
            })))
        } @else { (parts::card(&v.t("workflow-template"), &html! { pre { (template) } })) (parts::whom_to_ask(&v, "ask-tenant-admin")) }
    };
    Ok(Sheet::new("workflows", one.name.clone(), body))
}

/// A workflow is chosen, its plan is shown, and what holds progress is picked before it is touched.
async fn apply(v: Visit) -> Drawn {
    let may = v.may::<kinds::TransfersChange>()?;
    let (one, head) = of_customer(&v, "overview")?;
    let found = v.engine.workflows(&v.may::<kinds::WorkflowsRead>()?)?.items;
    let chosen = v.asks("workflow").and_then(|id| found.iter().find(|one| one.id.to_string() == id));
    let plan = match chosen {
        Some(chosen) => {
            let dry = ApplyWorkflow { workflow: chosen.id, touch: Vec::new(), dry_run: true };
            Some((chosen, v.engine.apply_workflow(&may, &dry).await?))
        }
        None => None,
    };
    let title = v.t("workflow-apply");
    let now = one.workflow.map(|id| id.to_string()).unwrap_or_default();
    let body = html! {
        (head)
        (Head { about: Some(&v.t("workflow-apply-about")), ..Head::new(&title) }.second(&v))
        @if found.is_empty() { div.card { (parts::empty("workflow", &v.t("workflows-none"), &v.t("workflows-none-about"), &Markup::default())) } }
        @else {
            form.card.line method="get" {
                div.field { label for="workflow" { (v.t("customers-filter-workflow")) } select #workflow name="workflow" {
                    @for one in &found { option value=(one.id) selected[v.asks("workflow").unwrap_or(&now) == one.id.to_string()] { (one.name) } }
                } }
                button.button { (v.t("workflow-show-plan")) }
            }
        }
        @if let Some((chosen, plan)) = &plan { (planned(&v, chosen, plan)) }
    };
    Ok(Sheet::new("customers", format!("{title} · {}", one.name), body))
}

fn planned(v: &Visit, chosen: &WorkflowView, plan: &WorkflowPlan) -> Markup {
    let ask = Ask::new(v, "workflow apply").with("workflow", chosen.id);
    let part = |key: &str, what: &[String]| {
        html! {
            @if !what.is_empty() { div.stack { h3 { (v.t(key)) } ul.functions { @for one in what { li { (v.language.said(one)) } } } } }
        }
    };
    let is_nothing = plan.added.is_empty() && plan.changed.is_empty() && plan.detached.is_empty();
    parts::card(
        &v.say("workflow-plan", &[("name", chosen.name.as_str().into())]),
        &html! {
            @if is_nothing { (parts::notice(Tone::Good, &html! { p { (v.t("workflow-nothing")) } })) }
            (part("workflow-added", &plan.added)) (part("workflow-changed", &plan.changed))
            (part("workflow-detached", &plan.detached)) (part("workflow-waiting", &plan.waiting))
            (ask.form(&html! {
                @if !plan.holds_progress.is_empty() {
                    fieldset.field.radios {
                        legend { (v.t("workflow-touch")) }
                        p.hint { (v.t("workflow-touch-hint")) }
                        @for one in &plan.holds_progress { label { input type="checkbox" name="touch:several" value=(one); span { (one) } } }
                    }
                }
                @if !is_nothing { (ask.send_or_back("workflow-apply", &v.home())) }
            }))
        },
    )
}
