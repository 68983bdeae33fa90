//! Sign-in, sessions, tokens, and what protects them.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use qiao_app::router::router;
use serde_json::json;

use crate::world::{Answer, PASSWORD, World, on_both};

async fn sign_in(world: &World, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password}).to_string();
    let request =
        Request::post("/api/v1/session").header(header::CONTENT_TYPE, "application/json").body(Body::from(body));
    world.send(request.unwrap()).await
}

fn cookie(answer: &Answer) -> String {
    let set = answer.headers.get(header::SET_COOKIE).unwrap().to_str().unwrap();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && !set.contains("Secure"), "{set}");
    set.split(';').next().unwrap().to_owned()
}

async fn me(world: &World, cookie: &str) -> Answer {
    world.send(Request::get("/api/v1/me").header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_session_begins_and_ends() {
    on_both(|world| async move {
        let begun = sign_in(&world, "REP@example.com ", PASSWORD).await;
        assert_eq!(begun.status, StatusCode::OK, "{}", begun.text);
        let cookie = cookie(&begun);
        let known = me(&world, &cookie).await;
        assert_eq!((known.status, known.body["role"].as_str()), (StatusCode::OK, Some("rep")));
        assert_eq!(known.body["team"]["path"], "East/One");
        assert_eq!(known.body["periods"]["month"], "2026-03");

        let out = Request::delete("/api/v1/session").header(header::COOKIE, &cookie).body(Body::empty()).unwrap();
        assert_eq!(world.send(out).await.status, StatusCode::NO_CONTENT);
        assert_eq!(me(&world, &cookie).await.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn an_idle_session_ends() {
    on_both(|world| async move {
        let cookie = cookie(&sign_in(&world, "rep@example.com", PASSWORD).await);
        world.pass(11 * 3_600_000);
        assert_eq!(me(&world, &cookie).await.status, StatusCode::OK);
        world.pass(11 * 3_600_000);
        assert_eq!(me(&world, &cookie).await.status, StatusCode::OK);
        world.pass(13 * 3_600_000);
        assert_eq!(me(&world, &cookie).await.body["code"], "session_ended");
    })
    .await;
}

#[tokio::test]
async fn guessing_is_slowed_down_and_locked() {
    on_both(|world| async move {
        // An address that nobody has is treated in the same way.
        for email in ["rep@example.com", "nobody@example.com"] {
            for _ in 0..5 {
                assert_eq!(sign_in(&world, email, "wrong").await.body["code"], "wrong_credentials");
            }
            let slowed = sign_in(&world, email, "wrong").await;
            assert_eq!(
                (slowed.status, slowed.body["code"].as_str()),
                (StatusCode::TOO_MANY_REQUESTS, Some("slow_down"))
            );
            assert!(slowed.headers.contains_key(header::RETRY_AFTER));
            for _ in 0..5 {
                world.pass(40_000);
                sign_in(&world, email, "wrong").await;
            }
            assert_eq!(sign_in(&world, email, PASSWORD).await.body["code"], "locked");
        }
        world.pass(16 * 60_000);
        assert_eq!(sign_in(&world, "rep@example.com", PASSWORD).await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn a_changed_password_ends_every_session() {
    on_both(|world| async move {
        let cookie = cookie(&sign_in(&world, "rep@example.com", PASSWORD).await);
        let change = |current: &str, new: &str| {
            let body = json!({"current": current, "new": new}).to_string();
            Request::post("/api/v1/me/password")
                .header(header::COOKIE, &cookie)
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(body))
                .unwrap()
        };
        assert_eq!(world.send(change("wrong", "another long one")).await.body["errors"][0]["code"], "password_wrong");
        assert_eq!(world.send(change(PASSWORD, "short")).await.body["errors"][0]["code"], "password_weak");
        assert_eq!(world.send(change(PASSWORD, "another long one")).await.status, StatusCode::NO_CONTENT);
        assert_eq!(me(&world, &cookie).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(sign_in(&world, "rep@example.com", "another long one").await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn a_write_from_another_site_is_refused() {
    on_both(|world| async move {
        let cookie = cookie(&sign_in(&world, "rep@example.com", PASSWORD).await);
        for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
            let request = Request::patch("/api/v1/me")
                .header(header::COOKIE, &cookie)
                .header(header::HOST, "127.0.0.1:7300")
                .header(name, value)
                .header(header::CONTENT_TYPE, "application/json")
                .body(Body::from(json!({"locale": "en"}).to_string()));
            assert_eq!(world.send(request.unwrap()).await.body["code"], "cross_origin");
        }
    })
    .await;
}

#[tokio::test]
async fn a_user_is_made_changed_and_kept_out() {
    on_both(|world| async move {
        let new = json!({"email": "new@example.com", "name": "新人", "role": "hr", "password": "a good password"});
        let made = world.ask("administrator", "POST", "/api/v1/users", Some(new.clone())).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let again = world.ask("administrator", "POST", "/api/v1/users", Some(new)).await;
        assert_eq!(again.body["errors"][0]["code"], "already_used");
        let path = format!("/api/v1/users/{}", made.body["id"].as_str().unwrap());
        let patch = |tag: Option<&str>, body: serde_json::Value| {
            let mut request = Request::patch(&path)
                .header(header::AUTHORIZATION, format!("Bearer {}", world.tokens["administrator"]))
                .header(header::CONTENT_TYPE, "application/json");
            if let Some(tag) = tag {
                request = request.header(header::IF_MATCH, tag);
            }
            request.body(Body::from(body.to_string())).unwrap()
        };
        assert_eq!(world.send(patch(None, json!({"disabled": true}))).await.status, StatusCode::PRECONDITION_REQUIRED);
        assert_eq!(
            world.send(patch(Some("\"7\""), json!({"disabled": true}))).await.status,
            StatusCode::PRECONDITION_FAILED
        );
        let begun = sign_in(&world, "new@example.com", "a good password").await;
        assert_eq!(begun.body["password_change_required"], true);
        let changed = world.send(patch(Some("\"1\""), json!({"disabled": true}))).await;
        assert_eq!(
            (changed.status, changed.body["disabled"].as_bool()),
            (StatusCode::OK, Some(true)),
            "{}",
            changed.text
        );
        assert_eq!(me(&world, &cookie(&begun)).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(sign_in(&world, "new@example.com", "a good password").await.status, StatusCode::UNAUTHORIZED);
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_stays() {
    on_both(|world| async move {
        let users = world.get("administrator", "/api/v1/users?limit=200").await;
        let items = users.body["items"].as_array().unwrap();
        let own = items.iter().find(|user| user["role"] == "administrator").unwrap();
        let request = Request::patch(format!("/api/v1/users/{}", own["id"].as_str().unwrap()))
            .header(header::AUTHORIZATION, format!("Bearer {}", world.tokens["administrator"]))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::IF_MATCH, "\"1\"")
            .body(Body::from(json!({"role": "hr"}).to_string()));
        assert_eq!(world.send(request.unwrap()).await.body["code"], "last_administrator");
    })
    .await;
}

#[tokio::test]
async fn a_repeated_request_is_done_once() {
    on_both(|world| async move {
        let post = |body: serde_json::Value| {
            Request::post("/api/v1/users")
                .header(header::AUTHORIZATION, format!("Bearer {}", world.tokens["administrator"]))
                .header(header::CONTENT_TYPE, "application/json")
                .header("idempotency-key", "k1")
                .body(Body::from(body.to_string()))
                .unwrap()
        };
        let body = json!({"email": "once@example.com", "name": "once", "role": "hr"});
        let first = world.send(post(body.clone())).await;
        assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
        let again = world.send(post(body)).await;
        assert_eq!((again.status, &again.text), (StatusCode::CREATED, &first.text));
        let other = world.send(post(json!({"email": "other@example.com", "name": "once", "role": "hr"}))).await;
        assert_eq!(other.body["code"], "idempotency_key_reused", "{}", other.text);
    })
    .await;
}

#[tokio::test]
async fn bad_requests_are_named() {
    on_both(|world| async move {
        let raw = |kind: &str, body: &str| {
            Request::post("/api/v1/users")
                .header(header::AUTHORIZATION, format!("Bearer {}", world.tokens["administrator"]))
                .header(header::ACCEPT_LANGUAGE, "en")
                .header(header::CONTENT_TYPE, kind)
                .body(Body::from(body.to_owned()))
                .unwrap()
        };
        let code = async |kind: &str, body: &str| {
            let answer = world.send(raw(kind, body)).await;
            let field = answer.body["errors"][0]["code"].as_str().unwrap_or_default().to_owned();
            (answer.status.as_u16(), answer.body["code"].as_str().unwrap_or_default().to_owned(), field)
        };
        let json = "application/json";
        let same = |status: u16, code: &str, field: &str| (status, code.to_owned(), field.to_owned());
        assert_eq!(code(json, "{").await, same(400, "unreadable_json", ""));
        assert_eq!(code("text/plain", "{}").await, same(415, "unsupported_media_type", ""));
        assert_eq!(code(json, r#"{"email":"a@b.c","name":"n","role":"king"}"#).await.0, 422);
        assert_eq!(code(json, r#"{"name":"n","role":"hr"}"#).await, same(422, "invalid", "required"));
        assert_eq!(code(json, r#"{"email":"a","name":"n","role":"hr"}"#).await, same(422, "invalid", "not_email"));
        assert_eq!(
            code(json, r#"{"email":"a@b.c","name":"n","role":"hr","x":1}"#).await,
            same(422, "invalid", "unknown_field")
        );
        let forged = r#"{"email":"a@b.c","name":"n","role":"hr","person_id":"'; drop table person"}"#;
        assert_eq!(code(json, forged).await, same(422, "invalid", "not_an_id"));
        let huge = format!(r#"{{"name":"{}"}}"#, "x".repeat(2 * 1024 * 1024));
        assert_eq!(code(json, &huge).await, same(413, "too_large", ""));
        let script = r#"{"email":"s@b.c","name":"<script>alert(1)</script>","role":"hr"}"#;
        assert_eq!(code(json, script).await.0, 201);
        assert_eq!(world.get("rep", "/api/v1/people?limit=500").await.body["errors"][0]["code"], "limit");
        assert_eq!(world.get("rep", "/api/v1/people?cursor=zz").await.body["errors"][0]["code"], "cursor");
        assert_eq!(world.get("rep", "/api/v1/people?nonsense=1").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(world.get("rep", "/api/v1/nothing").await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.ask("rep", "DELETE", "/api/v1/people", None).await.body["code"], "method_not_allowed");
    })
    .await;
}

#[tokio::test]
async fn what_one_node_takes_away_the_others_refuse_at_once() {
    on_both(|mut world| async move {
        let other = router(world.node().await, Router::new());
        let here = std::mem::replace(&mut world.app, other.clone());
        let bearer = |token: &str| {
            let request = Request::get("/api/v1/me").header(header::AUTHORIZATION, format!("Bearer {token}"));
            request.body(Body::empty()).unwrap()
        };
        // Both nodes know the session, the token and the role.
        let cookie = cookie(&sign_in(&world, "rep@example.com", PASSWORD).await);
        let made = world.ask("rep", "POST", "/api/v1/tokens", Some(json!({"name": "script"}))).await;
        let (token, id) =
            (made.body["token"].as_str().unwrap().to_owned(), made.body["id"].as_str().unwrap().to_owned());
        for app in [&here, &other] {
            world.app = app.clone();
            assert_eq!(me(&world, &cookie).await.body["role"], "rep");
            assert_eq!(world.send(bearer(&token)).await.status, StatusCode::OK);
            assert!(world.get("hr", "/api/v1/audit-entries").await.body["items"].as_array().unwrap().is_empty());
        }
        // What happens here ...
        world.app = here;
        let revoked = world.ask("rep", "DELETE", &format!("/api/v1/tokens/{id}"), None).await;
        assert_eq!(revoked.status, StatusCode::NO_CONTENT);
        let everywhere = Request::delete("/api/v1/me/sessions").header(header::COOKIE, &cookie);
        assert_eq!(world.send(everywhere.body(Body::empty()).unwrap()).await.status, StatusCode::NO_CONTENT);
        let users = world.get("administrator", "/api/v1/users?limit=200").await;
        let hr = users.body["items"].as_array().unwrap().iter().find(|user| user["role"] == "hr").unwrap().clone();
        let path = format!("/api/v1/users/{}", hr["id"].as_str().unwrap());
        let changed = world.patch("administrator", &path, 1, json!({"role": "administrator"})).await;
        assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
        // ... is so there.
        world.app = other;
        assert_eq!(me(&world, &cookie).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(world.send(bearer(&token)).await.status, StatusCode::UNAUTHORIZED);
        assert!(!world.get("hr", "/api/v1/audit-entries").await.body["items"].as_array().unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_administrator_gives_a_first_password_and_signs_out() {
    on_both(|world| async move {
        let rep = world.person("rep").await;
        let new = json!({"email": "second@work.example", "name": "second", "role": "rep", "person_id": rep});
        let taken = world.ask("administrator", "POST", "/api/v1/users", Some(new)).await;
        assert_eq!((&taken.body["errors"][0]["pointer"], &taken.body["errors"][0]["code"]), (&json!("/person_id"), &json!("already_used")));
        let new = json!({"email": "second@work.example", "name": "second", "role": "finance"});
        let made = world.made("administrator", "/api/v1/users", new).await;
        assert_eq!(made["has_password"], false);
        let path = format!("/api/v1/users/{}", made["id"].as_str().unwrap());
        let give = async || world.ask("administrator", "POST", &format!("{path}/password"), None).await.body["password"].as_str().unwrap().to_owned();
        let first = give().await;
        let begun = sign_in(&world, "second@work.example", &first).await;
        assert_eq!((begun.status, &begun.body["password_change_required"]), (StatusCode::OK, &json!(true)));
        // Another password: the old one and its sessions are over.
        let second = give().await;
        assert_ne!(first, second);
        assert_eq!(me(&world, &cookie(&begun)).await.status, StatusCode::UNAUTHORIZED);
        assert_eq!(sign_in(&world, "second@work.example", &first).await.status, StatusCode::UNAUTHORIZED);
        let again = cookie(&sign_in(&world, "second@work.example", &second).await);
        let out = world.ask("administrator", "DELETE", &format!("{path}/sessions"), None).await;
        assert_eq!(out.status, StatusCode::NO_CONTENT);
        assert_eq!(me(&world, &again).await.status, StatusCode::UNAUTHORIZED);
        // The log knows that it happened, not what it was.
        let log = world.get("auditor", "/api/v1/audit-entries?record_type=user&action=password_reset").await;
        assert_eq!(log.body["items"].as_array().unwrap().len(), 2);
        assert!(!log.text.contains(&second));
        let listed = world.get("administrator", "/api/v1/users?text=SECOND%40work&role=finance&disabled=false").await;
        assert_eq!(listed.body["items"].as_array().unwrap().len(), 1, "{}", listed.text);
        assert!(world.get("administrator", "/api/v1/users?text=second%40work&role=hr").await.body["items"].as_array().unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_roles_are_those_that_the_server_asks() {
    on_both(|world| async move {
        let roles = world.get("rep", "/api/v1/roles").await.body;
        assert_eq!(roles["roles"].as_array().unwrap().len(), 8);
        for role in roles["roles"].as_array().unwrap() {
            let name = role["role"].as_str().unwrap();
            assert_eq!(world.get(name, "/api/v1/me").await.body["permissions"], role["permissions"], "{name}");
            assert!(!role["name"]["zh"].as_str().unwrap().is_empty() && !role["name"]["en"].as_str().unwrap().is_empty());
        }
        // Every permission stands once, and only the grant comes without a role.
        let all = roles["permissions"].as_array().unwrap();
        let names: std::collections::BTreeSet<_> = all.iter().map(|one| one["permission"].as_str().unwrap()).collect();
        assert_eq!(names.len(), all.len());
        for one in all {
            let held = roles["roles"].as_array().unwrap().iter().any(|role| role["permissions"].as_array().unwrap().contains(&one["permission"]));
            assert_eq!(held, one["by_grant"] == false, "{one}");
        }
    })
    .await;
}
