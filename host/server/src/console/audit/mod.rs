//! What was done, by whom and when: the organisation's log, a customer's, and the host's.

mod chain;
mod line;
mod search;

use maud::{Markup, html};
use weighbridge::account::{AuditFilter, AuditPage};
use weighbridge::model::access::{Population, kinds};
use weighbridge::model::problem::Problem;

use super::customer::Part;
use super::parts::{self, Column, Head};
use super::screen::{Drawn, Screen, Sheet, both};
use super::visit::Visit;

/// How many lines stand on a page.
const LIMIT: u32 = 50;
/// How many times that somebody opened a customer's account stand above the rest.
const OPENED: u32 = 5;

/// Every page of the audit log.
pub(super) fn screens() -> Vec<Screen> {
    let of_customer = both("/audit", |path| Screen::new(path, list).downloads("audit of-customer"));
    let all = [
        Screen::new("/console/audit", list).downloads("audit list"),
        Screen::new("/operate/audit", list)
            .downloads("audit host")
            .shows("audit verify", chain::verified)
            .shows("audit checkpoint", chain::checkpoint),
    ];
    of_customer.into_iter().chain(all).collect()
}

/// Whose log it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Log {
    Host,
    Organisation,
    Customer,
}

impl Log {
    fn of(v: &Visit) -> Self {
        match (v.me.population, v.customer()) {
            (Population::Operator, _) => Self::Host,
            (Population::Tenant, None) => Self::Organisation,
            (Population::Tenant | Population::Customer, _) => Self::Customer,
        }
    }

    fn read(self, v: &Visit, filter: &AuditFilter) -> Result<AuditPage, Problem> {
        match self {
            Self::Host => v.engine.audit_of_host(&v.may::<kinds::HostAuditRead>()?, filter),
            Self::Organisation => v.engine.audit_lines(&v.may::<kinds::AuditRead>()?, filter),
            Self::Customer => v.engine.audit_of_customer(&v.may::<kinds::CustomerAuditRead>()?, filter),
        }
    }
}

async fn list(v: Visit) -> Drawn {
    let log = Log::of(&v);
    let (page, wrong) = match log.read(&v, &search::filter(&v, LIMIT)) {
        Err(problem) if !problem.errors.is_empty() => (log.read(&v, &search::nothing(LIMIT))?, Some(problem)),
        read => (read?, None),
    };
    let body = html! {
        @if log == Log::Customer && v.is_customers() && v.query.is_empty() { (opened(&v, log)?) }
        (search::form(&v, log))
        @if let Some(problem) = &wrong { (parts::problem_notice(v.language, problem)) }
        @if page.items.is_empty() { div.card { (parts::empty("audit", &v.t("audit-none"), &v.t("audit-none-about"), &Markup::default())) } }
        @else { (lines(&v, log, &page)) }
        (parts::pager(&v, page.next.as_ref()))
        @if log == Log::Host { (chain::card(&v)) }
    };
    sheet(&v, log, &body)
}

fn lines(v: &Visit, log: Log, page: &AuditPage) -> Markup {
    let mut columns =
        vec![Column::new(v.t("audit-what")), Column::new(v.t("audit-when")), Column::new(v.t("audit-who"))];
    if log == Log::Organisation {
        columns.push(Column::new(v.t("grid-customer")));
    }
    columns.push(Column::new(v.t("audit-detail")));
    let lines: Vec<_> = page.items.iter().map(|one| line::cells(v, one, log == Log::Organisation)).collect();
    parts::table(&v.t("nav-audit"), &columns, &lines)
}

/// Who of the partner's opened the account, when, and why.
fn opened(v: &Visit, log: Log) -> Result<Markup, Problem> {
    let filter = AuditFilter { act: Some("customer.opened".to_owned()), limit: Some(OPENED), ..AuditFilter::default() };
    let page = log.read(v, &filter)?;
    let shown = html! {
        p.muted { (v.t("audit-opened-about")) }
        @if page.items.is_empty() { p { (v.t("audit-opened-none")) } }
        @else { ul.steps { @for one in &page.items { li {
            (parts::icon("open"))
            div { strong { (line::who(v, one)) } small { (one.line.detail) } }
            span.nowrap { (v.at(one.line.at)) }
        } } } }
        @if page.next.is_some() { p { a href={ (v.path) "?act=customer.opened" } { (v.t("audit-opened-all")) } } }
    };
    Ok(parts::card(&v.t("audit-opened"), &shown))
}

fn sheet(v: &Visit, log: Log, body: &Markup) -> Drawn {
    let (nav, about) = match log {
        Log::Host => ("host-audit", "audit-about-host"),
        Log::Organisation => ("audit", "audit-about-organisation"),
        Log::Customer if v.is_customers() => ("my-audit", "audit-about-own"),
        Log::Customer => ("my-audit", "audit-about-customer"),
    };
    let title = v.t(if log == Log::Customer && v.is_customers() { "nav-my-audit" } else { "nav-audit" });
    let actions = parts::link(&parts::address(v, &[("as", "csv")]), "audit", &v.t("audit-download"));
    if log == Log::Customer {
        return Part { about: Some(v.t(about)), actions, ..Part::new("audit", nav, title) }.sheet(v, body);
    }
    let head = Head { about: Some(&v.t(about)), actions, ..Head::new(&title) }.show(v);
    Ok(Sheet::new(nav, title, html! { (head) (body) }))
}
