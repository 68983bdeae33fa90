//! The interface, as it was built into the program. A leaf: it knows nothing of the rest.
//!
//! Files under `/assets/` carry a hash of their content in their name and are kept for ever; every other address is the
//! one page, with a nonce of its own for the style library. Texts lie beside their copies in brotli, which go to whoever takes them.

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};
use uuid::Uuid;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// The placeholder of the nonce in index.html.
const NONCE: &str = "__CSP_NONCE__";

/// The routes of the pages.
pub fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    // The description of the API is a page like the others, at an address beside the API.
    Router::new().route("/", get(page)).route("/api/docs", get(page)).route("/{*path}", get(file_or_page))
}

/// True where the program was built with its pages.
#[must_use]
pub fn is_built() -> bool {
    Files::get("index.html").is_some()
}

async fn file_or_page(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let name = path.trim_start_matches('/');
    match Files::get(name).filter(|_| name != "index.html") {
        Some(file) => match Files::get(&format!("{name}.br")).filter(|_| takes_brotli(&headers)) {
            Some(packed) => packed_response(name, &packed, &headers),
            None => file_response(name, &file, &headers),
        },
        None if name.starts_with("assets/") => StatusCode::NOT_FOUND.into_response(),
        None => page().await,
    }
}

/// True for who says so and does not give it the weight nought.
fn takes_brotli(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|one| {
        let mut parts = one.split(';').map(str::trim);
        let is_brotli = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("br"));
        let weight = parts.find_map(|part| part.strip_prefix("q=")?.parse::<f32>().ok());
        is_brotli && weight.is_none_or(|weight| weight > 0.0)
    })
}

fn packed_response(name: &str, file: &EmbeddedFile, headers: &HeaderMap) -> Response {
    let mut response = file_response(name, file, headers);
    let out = response.headers_mut();
    out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    response
}

fn file_response(name: &str, file: &EmbeddedFile, headers: &HeaderMap) -> Response {
    let digest = file.metadata.sha256_hash();
    let tag: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == tag.as_bytes());
    let cache =
        if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(file.data.clone().into_owned()).into_response()
    };
    let out = response.headers_mut();
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(header::ETAG, tag);
    }
    response
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" => "image/jpeg",
        "json" | "map" => "application/json",
        "woff2" => "font/woff2",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

async fn page() -> Response {
    let Some(index) = Files::get("index.html") else {
        let text = "This program was built without its pages; the API is under /api/v1. Build it with: make build\n";
        return (StatusCode::NOT_FOUND, text).into_response();
    };
    let nonce = Uuid::new_v4().simple().to_string();
    let html = String::from_utf8_lossy(&index.data).replace(NONCE, &nonce);
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'"
    );
    let mut response = html.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_goes_to_who_takes_it() {
        let takes = |accepted: &str| {
            let value = HeaderValue::from_str(accepted).map(|value| (header::ACCEPT_ENCODING, value));
            takes_brotli(&HeaderMap::from_iter(value))
        };
        assert!(takes("gzip, deflate, br") && takes("gzip;q=1, BR;q=0.5") && takes("br"));
        assert!(!takes("gzip") && !takes("br;q=0, gzip") && !takes("") && !takes("brotli"));
        assert!(!takes_brotli(&HeaderMap::new()));
    }
}
