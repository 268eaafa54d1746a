//! How a page is written, by what the third party accepts.

use http::{HeaderMap, header};

/// The three ways of writing a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// One object with everything.
    Json,
    /// One line for each record.
    Lines,
    /// A table.
    Csv,
}

impl Format {
    const ALL: [(Self, &'static [&'static str]); 3] = [
        (Self::Json, &["application/json", "application/*", "*/*"]),
        (
            Self::Lines,
            &["application/x-ndjson", "application/jsonl", "application/x-jsonlines", "application/json-seq"],
        ),
        (Self::Csv, &["text/csv", "text/*"]),
    ];

    /// The media type of the answer.
    pub(super) const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Lines => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8; header=present",
        }
    }

    /// What is wanted most of what there is; JSON where nothing of it is.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let ranges = accepted.flat_map(|value| value.split(',')).filter_map(range);
        // Of equals the first one counts.
        let best = ranges.reduce(|best, one| if one.1 > best.1 { one } else { best });
        best.map_or(Self::Json, |(format, _)| format)
    }
}

/// One range with its weight in thousandths, where it is one of ours.
fn range(text: &str) -> Option<(Format, u32)> {
    let mut parts = text.split(';').map(str::trim);
    let kind = parts.next()?.to_ascii_lowercase();
    let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
    let (format, _) = Format::ALL.into_iter().find(|(_, kinds)| kinds.contains(&kind.as_str()))?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a weight lies between 0 and 1")]
    let weight = (weight.clamp(0.0, 1.0) * 1_000.0) as u32;
    (weight > 0).then_some((format, weight))
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header};

    use super::Format;

    #[test]
    fn what_is_wanted_most_is_written() {
        for (accept, wanted) in [
            ("*/*", Format::Json),
            ("text/html, */*;q=0.1", Format::Json),
            ("text/csv", Format::Csv),
            ("application/json;q=0.5, text/csv", Format::Csv),
            ("Application/X-NDJSON; q=1.0, application/json;q=0.9", Format::Lines),
            ("image/png", Format::Json),
            ("text/csv;q=0", Format::Json),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(Format::of(&headers), wanted, "{accept}");
        }
        assert_eq!(Format::of(&HeaderMap::new()), Format::Json);
    }
}
