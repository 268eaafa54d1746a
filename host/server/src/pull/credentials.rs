//! A Connection ID and a key, as they are sent: never in an address.

use data_encoding::BASE64;
use http::{HeaderMap, Uri, header};
use percent_encoding::percent_decode_str;
use weighbridge::model::problem::ProblemCode;
use weighbridge::model::service::ApiKey;
use zeroize::Zeroizing;

/// What somebody sends to say who they are.
pub(super) struct Credentials {
    pub(super) access_id: String,
    pub(super) key: Zeroizing<String>,
}

/// HTTP Basic (RFC 7617) with the Connection ID as the name, or `Bearer CONNECTION_ID:KEY`.
pub(super) fn read(headers: &HeaderMap) -> Result<Credentials, ProblemCode> {
    let mut sent = headers.get_all(header::AUTHORIZATION).iter();
    // Of two of them nobody knows which one was meant.
    let (Some(sent), None) = (sent.next(), sent.next()) else { return Err(ProblemCode::KeyAbsent) };
    let sent = sent.to_str().map_err(|_| ProblemCode::KeyAbsent)?;
    let (scheme, rest) = sent.split_once(' ').ok_or(ProblemCode::KeyAbsent)?;
    let rest = rest.trim_start_matches(' ');
    let pair = match scheme.to_ascii_lowercase().as_str() {
        "basic" => decoded(rest).ok_or(ProblemCode::KeyAbsent)?,
        "bearer" => Zeroizing::new(rest.to_owned()),
        _ => return Err(ProblemCode::KeyAbsent),
    };
    let (access_id, key) = pair.split_once(':').ok_or(ProblemCode::KeyAbsent)?;
    Ok(Credentials { access_id: access_id.to_owned(), key: Zeroizing::new(key.to_owned()) })
}

fn decoded(text: &str) -> Option<Zeroizing<String>> {
    let bytes = Zeroizing::new(BASE64.decode(text.as_bytes()).ok()?);
    std::str::from_utf8(&bytes).ok().map(|text| Zeroizing::new(text.to_owned()))
}

/// Whether a key stands anywhere in an address, by whatever name.
pub(super) fn stand_in_address(uri: &Uri) -> bool {
    let sent = uri.path_and_query().map_or("", |sent| sent.as_str());
    let text = percent_decode_str(sent).decode_utf8_lossy();
    text.match_indices("wb_").any(|(at, _)| {
        let end = text[at..].find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
        ApiKey::parse(&text[at..end.map_or(text.len(), |end| at + end)]).is_ok()
    })
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header};

    use super::{read, stand_in_address};

    fn sent(value: &str) -> Option<(String, String)> {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap());
        read(&headers).ok().map(|sent| (sent.access_id, sent.key.to_string()))
    }

    #[test]
    fn basic_and_bearer_are_read_whatever_the_case_of_their_names() {
        let both = Some(("wbc_a".to_owned(), "wb_b:c".to_owned()));
        for value in ["Basic d2JjX2E6d2JfYjpj", "basic  d2JjX2E6d2JfYjpj", "BEARER wbc_a:wb_b:c"] {
            assert_eq!(sent(value), both, "{value}");
        }
        for value in ["", "Basic", "Basic !", "Basic d2Jj", "Bearer wbc_a", "Digest a:b"] {
            assert_eq!(sent(value), None, "{value}");
        }
    }

    #[test]
    fn two_of_them_are_none() {
        let mut headers = HeaderMap::new();
        headers.append(header::AUTHORIZATION, HeaderValue::from_static("Bearer wbc_a:wb_b"));
        headers.append(header::AUTHORIZATION, HeaderValue::from_static("Bearer wbc_a:wb_b"));
        assert!(read(&headers).is_err());
    }

    #[test]
    fn a_key_in_an_address_is_seen_wherever_it_stands() {
        let key = weighbridge::model::service::ApiKey::new(&[7; 20]).reveal().to_owned();
        for place in ["/?key=KEY", "/pull/v1/ping?a=b&x=KEY&c=d", "/KEY/records", "/?k=%77b_REST"] {
            let address = place.replace("KEY", &key).replace("REST", &key[3..]);
            assert!(stand_in_address(&address.parse().unwrap()), "{address}");
        }
        assert!(!stand_in_address(&"/pull/v1/wb_orders/records?cursor=wb_abc".parse().unwrap()));
    }
}
