//! What stands above a page about a customer: its parts for the partner's staff, only the page's own name for its people.

use maud::{Markup, html};
use weighbridge::model::problem::Problem;

use crate::console::parts::Head;
use crate::console::screen::Sheet;
use crate::console::staff::tabs::of_customer;
use crate::console::visit::Visit;

/// A part of what there is of a customer.
pub(crate) struct Part<'a> {
    /// The part, as staff find it.
    pub(crate) tab: &'static str,
    /// The same in a customer's own navigation.
    pub(crate) nav: &'static str,
    pub(crate) title: String,
    pub(crate) about: Option<String>,
    /// Pages between the part and this one: address and name.
    pub(crate) above: &'a [(String, String)],
    pub(crate) badge: Option<Markup>,
    pub(crate) actions: Markup,
}

impl Part<'_> {
    pub(crate) fn new(tab: &'static str, nav: &'static str, title: String) -> Self {
        Self { tab, nav, title, about: None, above: &[], badge: None, actions: Markup::default() }
    }

    /// The page, under what stands above it.
    pub(crate) fn sheet(&self, v: &Visit, body: &Markup) -> Result<Sheet, Problem> {
        let head = Head {
            above: self.above,
            about: self.about.as_deref(),
            badge: self.badge.clone(),
            actions: self.actions.clone(),
            ..Head::new(&self.title)
        };
        if v.is_customers() || v.customer().is_none() {
            return Ok(Sheet::new(self.nav, self.title.clone(), html! { (head.show(v)) (body) }));
        }
        let (customer, above) = of_customer(v, self.tab)?;
        let title = format!("{} · {}", self.title, customer.name);
        Ok(Sheet::new("customers", title, html! { (above) (head.second(v)) (body) }))
    }
}
