//! What people read, in their language. All of it stands in `locales/*.ftl`.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use http::{HeaderMap, header};
use unic_langid::LanguageIdentifier;

use super::locale;

/// A language of the console.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    /// English.
    #[default]
    English,
    /// Polish.
    Polish,
}

impl Language {
    /// All of them.
    pub(crate) const ALL: [Self; 2] = [Self::English, Self::Polish];

    /// Its tag (BCP 47).
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Polish => "pl",
        }
    }

    /// What it calls itself.
    pub(crate) const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Polish => "Polski",
        }
    }

    /// The language with a tag.
    pub(crate) fn tagged(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|one| primary.eq_ignore_ascii_case(one.tag()))
    }

    /// The first language that a browser asks for and that is here. Browsers name the most wanted first.
    pub(crate) fn wanted(headers: &HeaderMap) -> Self {
        let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let tags = asked.split(',').filter_map(|one| one.split(';').next());
        tags.filter_map(Self::tagged).next().unwrap_or_default()
    }

    const fn source(self) -> &'static str {
        match self {
            Self::English => include_str!("../../locales/en.ftl"),
            Self::Polish => include_str!("../../locales/pl.ftl"),
        }
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static BUNDLES: LazyLock<Vec<FluentBundle<FluentResource>>> =
            LazyLock::new(|| Language::ALL.into_iter().map(bundle).collect());
        &BUNDLES[usize::from(self == Self::Polish)]
    }

    /// The text of a key, if this language has it.
    pub(crate) fn find(self, key: &str, with: &[(&str, FluentValue<'_>)]) -> Option<String> {
        let bundle = self.bundle();
        let pattern = bundle.get_message(key)?.value()?;
        let args: FluentArgs<'_> = with.iter().cloned().collect();
        Some(bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned())
    }

    /// The text of a key. A key that no file has shows itself; a test looks that there is none.
    pub(crate) fn say(self, key: &str, with: &[(&str, FluentValue<'_>)]) -> String {
        self.find(key, with).or_else(|| Self::English.find(key, with)).unwrap_or_else(|| key.to_owned())
    }
}

fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let tag: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // The marks that separate directions of writing would be copied along with what is copied.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::English => |value, _| locale::shown(Language::English, value),
        Language::Polish => |value, _| locale::shown(Language::Polish, value),
    }));
    let resource = match FluentResource::try_new(language.source().to_owned()) {
        Ok(resource) => resource,
        Err((resource, errors)) => {
            tracing::error!(?errors, "a file of texts cannot be read whole");
            resource
        }
    };
    if let Err(errors) = bundle.add_resource(resource) {
        tracing::error!(?errors, "a text stands twice");
    }
    bundle
}

#[cfg(test)]
#[path = "../../tests/console/texts.rs"]
mod tests;
