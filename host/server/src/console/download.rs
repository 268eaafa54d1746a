//! All of a list as a table to be kept, by the same operation as its page.

use axum::body::Body;
use http::{HeaderValue, Response, header};
use serde_json::Map;
use weighbridge::model::problem::Problem;

use super::act;
use super::visit::Visit;
use crate::api::{Export, ParameterKind, export, typed};

/// The whole list as CSV, with the filters of the page's address.
pub(super) async fn download(visit: &Visit, name: &str) -> Result<Response<Body>, Problem> {
    let operation = act::operation(name).ok_or_else(act::unknown)?;
    let mut input = Map::new();
    for parameter in operation.parameters() {
        let text = visit.asks(&parameter.name).filter(|_| !matches!(parameter.kind, ParameterKind::Json));
        if let Some(text) = text {
            input.insert(parameter.name.clone(), typed(parameter, &[text.to_owned()])?);
        }
    }
    let mut asked = visit.asked(input);
    asked.input.retain(|name, _| operation.parameters().iter().any(|one| one.name == *name));
    visit.wants(operation.action);
    let mut response = export(&visit.engine, operation, asked, Export::Csv).await?;
    let file = format!("attachment; filename=\"{}.csv\"", name.replace(' ', "-"));
    if let Ok(file) = HeaderValue::try_from(file) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, file);
        response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
