//! Every endpoint, as every role, on own, team and foreign rows. An endpoint that is missing here fails the test.

use std::collections::BTreeSet;

use qiao_app::context::Role;
use qiao_testkit::BACKENDS;
use serde_json::{Value, json};
use uuid::Uuid;

use self::catalog::catalog_cases;
use self::desk::desk_cases;
use self::figures::cases;
use self::kinds::{Kind, around_records, id_of, kinds};
use self::organisation::organisation;
use self::records::record_cases;
use crate::world::World;

mod catalog;
mod desk;
mod figures;
mod kinds;
mod organisation;
mod records;
mod seeing;

/// What a row of the table expects of a role's request.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Expect {
    /// 2xx.
    Yes,
    /// 403.
    Forbidden,
    /// 404: not there or not yours to see.
    Hidden,
    /// 2xx with an empty list.
    Empty,
    /// 412: allowed, and of a version that was not read.
    Stale,
    /// 422: allowed, and wrong.
    Wrong,
}
use Expect::{Empty, Forbidden, Hidden, Stale, Wrong, Yes};

/// rep, manager, director, operations, finance, hr, auditor, administrator.
type Row = [Expect; 8];

const ALL: Row = [Yes; 8];
/// Whoever sees every row.
const SEES_ALL: Row = [Hidden, Hidden, Hidden, Yes, Yes, Yes, Yes, Yes];

struct Case {
    method: &'static str,
    /// The path in openapi.json.
    template: &'static str,
    /// The path that is asked.
    path: String,
    body: Option<Value>,
    /// The version of a PATCH.
    if_match: Option<&'static str>,
    expect: Row,
}

fn case(method: &'static str, template: &'static str, path: &str, body: Option<Value>, expect: Row) -> Case {
    Case { method, template, path: format!("/api/v1{path}"), body, if_match: None, expect }
}

/// What may be empty for who may ask: tokens that nobody made, news that nobody has, colleagues who do not see it.
const MAY_BE_EMPTY: &[&str] = &["/tokens", "/desk/waiting", "/notifications", "/records/{type}/{id}/readers"];

/// Endpoints that the table cannot ask in one request, and the test that covers them.
const ELSEWHERE: &[(&str, &str)] = &[
    ("POST", "/session"),       // access::a_session_begins_and_ends
    ("DELETE", "/session"),     // access::a_session_begins_and_ends
    ("POST", "/me/password"),   // access::a_changed_password_ends_every_session
    ("DELETE", "/me/sessions"), // ends the table's own sessions: see below
    ("PATCH", "/users/{id}"),   // needs If-Match: see below
    ("GET", "/events"),         // a stream: see below
    ("POST", "/imports"),       // a form of parts: imports::a_file_through_the_api
    // Steps of one run, each in its own state: import_runs::a_run_is_its_owners_and_the_administrators
    ("POST", "/import-runs"),
    ("GET", "/import-runs"),
    ("GET", "/import-runs/{id}"),
    ("PATCH", "/import-runs/{id}"),
    ("POST", "/import-runs/{id}/start"),
    ("POST", "/import-runs/{id}/cancellation"),
    ("POST", "/import-runs/{id}/mending"),
    ("GET", "/import-runs/{id}/rejected-rows"),
    ("GET", "/import-runs/{id}/rejected-file"),
    ("GET", "/import-runs/{id}/choices"),
    // Forms of parts, and files that were attached before: attachments::files_are_seen_as_their_records
    ("POST", "/records/{type}/{id}/attachments"),
    ("GET", "/records/{type}/{id}/attachments"),
    ("GET", "/attachments/{id}/content"),
    ("DELETE", "/attachments/{id}"),
    ("POST", "/attachments/{id}/restoration"),
    // One version for a pipeline and its stages: pipelines::who_may_edit
    ("DELETE", "/pipelines/{id}"),
    ("POST", "/pipelines/{id}/restoration"),
    ("PATCH", "/stages/{id}"),
    ("DELETE", "/stages/{id}"),
];

#[tokio::test]
async fn every_endpoint_as_every_role() {
    for backend in BACKENDS {
        let world = World::new(backend).await;
        let mut cases = cases(&world).await;
        cases.extend(desk_cases(&world).await);
        cases.extend(record_cases(&world).await);
        let mut wrong = Vec::new();
        for case in &cases {
            for (role, expect) in Role::ALL.into_iter().zip(case.expect) {
                let mut body = case.body.clone();
                if let Some(email) = body.as_mut().and_then(|body| body.get_mut("email")) {
                    *email = json!(format!("made-{}@example.com", role.as_str()));
                }
                if let Some(number) = body.as_mut().and_then(|body| body.get_mut("number")) {
                    *number = json!(format!("made-{}-{}", case.template, role.as_str()));
                }
                if case.template == "/teams" && case.method == "POST" {
                    body.as_mut().unwrap()["name"] = json!(format!("made-{}", role.as_str()));
                }
                // Codes and names of the catalog are unique in the same way.
                let word = match case.template {
                    "/products" | "/product-lines" => Some("code"),
                    "/pipelines" => Some("name"),
                    _ => None,
                };
                if let (Some(word), Some(fields)) = (word, body.as_mut().and_then(Value::as_object_mut))
                    && let Some(number) = fields.remove("number")
                {
                    fields.insert(word.to_owned(), number);
                }
                if case.template == "/targets" && case.method == "POST" {
                    let period = format!("2027-{:02}", 1 + Role::ALL.iter().position(|r| *r == role).unwrap());
                    body.as_mut().unwrap()["period"] = json!(period);
                }
                let headers: Vec<_> = case.if_match.iter().map(|tag| ("if-match", *tag)).collect();
                let answer = world.ask_with(role.as_str(), case.method, &case.path, body, &headers).await;
                let status = answer.status.as_u16();
                let empty = answer.body["items"].as_array().is_some_and(Vec::is_empty);
                let right = match expect {
                    // Only the first who may convert a lead finds one to convert.
                    Yes if case.template == "/leads/{id}/conversion" && status == 409 => true,
                    // Only the first who may put it away finds the version that is named.
                    Yes if case.method == "DELETE" && case.if_match.is_some() && status == 412 => true,
                    // What is put away is not changed.
                    Yes if case.template.starts_with("/product") && case.method == "PATCH" && status == 412 => true,
                    Yes if case.template == "/target-changes" && status == 200 => true,
                    Yes => answer.status.is_success() && (!empty || MAY_BE_EMPTY.contains(&case.template)),
                    Empty => answer.status.is_success() && empty,
                    Forbidden => status == 403,
                    Hidden => status == 404,
                    Stale => status == 412,
                    Wrong => status == 422,
                };
                if !right {
                    wrong.push(format!(
                        "{} {} as {}: {status}, expected {expect:?}",
                        case.method,
                        case.path,
                        role.as_str()
                    ));
                }
            }
            let nobody = world.ask("nobody", case.method, &case.path, case.body.clone()).await;
            if nobody.status.as_u16() != 401 {
                wrong.push(format!("{} {} without a token: {}", case.method, case.path, nobody.status));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        all_are_covered(&cases);
        others(&world).await;
    }
}

fn all_are_covered(cases: &[Case]) {
    let description: Value = serde_json::from_str(&qiao_app::router::openapi().to_json().unwrap()).unwrap();
    let mut known: BTreeSet<(String, String)> =
        cases.iter().map(|case| (case.method.to_owned(), format!("/api/v1{}", case.template))).collect();
    known.extend(ELSEWHERE.iter().map(|(method, path)| ((*method).to_owned(), format!("/api/v1{path}"))));
    for (path, methods) in description["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let method = method.to_uppercase();
            assert!(known.remove(&(method.clone(), path.clone())), "{method} {path} has no row in the permission test");
        }
    }
    assert!(known.is_empty(), "rows of endpoints that are not there: {known:?}");
}

async fn others(world: &World) {
    let users = world.get("administrator", "/api/v1/users?limit=200").await;
    let user = users.body["items"][0]["id"].as_str().unwrap().to_owned();
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Administrator) {
        let request = axum::http::Request::patch(format!("/api/v1/users/{user}"))
            .header("authorization", format!("Bearer {}", world.tokens[role.as_str()]))
            .header("content-type", "application/json")
            .header("if-match", "\"1\"")
            .body(axum::body::Body::from("{}"));
        assert_eq!(world.send(request.unwrap()).await.status.as_u16(), 403, "{role:?}");
    }
    for (method, path) in [("DELETE", "/api/v1/me/sessions"), ("GET", "/api/v1/events"), ("DELETE", "/api/v1/session")]
    {
        assert_eq!(world.ask("nobody", method, path, None).await.status.as_u16(), 401, "{method} {path}");
    }
    for role in Role::ALL {
        assert_eq!(world.ask(role.as_str(), "DELETE", "/api/v1/me/sessions", None).await.status.as_u16(), 204);
    }
}

#[test]
fn the_committed_description_is_the_one_of_the_handlers() {
    let committed = include_str!("../../../openapi.json");
    let made = qiao_app::router::openapi().to_pretty_json().unwrap();
    assert!(committed.trim() == made.trim(), "crates/app/openapi.json is old; run: make openapi");
}
