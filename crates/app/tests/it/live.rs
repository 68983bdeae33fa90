//! Live updates: who listens hears at once what this process wrote.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use http_body_util::BodyExt;
use qiao_app::imports::Kind;
use qiao_app::router::router;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::world::{World, on_both};

/// The next event of a stream.
async fn next(body: &mut Body) -> Value {
    loop {
        let frame = tokio::time::timeout(Duration::from_secs(5), body.frame()).await.unwrap().unwrap().unwrap();
        let bytes = frame.into_data().unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some(data) = text.lines().find_map(|line| line.strip_prefix("data:")) {
            return serde_json::from_str(data.trim()).unwrap();
        }
    }
}

async fn listen(world: &World, who: &str) -> Body {
    let request = Request::get("/api/v1/events").header("authorization", format!("Bearer {}", world.tokens[who]));
    world.app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap().into_body()
}

#[tokio::test]
async fn a_commit_of_the_same_process_wakes_the_listeners() {
    on_both(|world| async move {
        let mut stream = listen(&world, "rep").await;
        let person = world.person("rep").await;
        let mut quickest = Duration::MAX;
        // The clock would find it within half a second; the commit tells at once. The quickest of three: the machine
        // may be busy.
        for number in 1..=3 {
            // Past the look that the stream began with, and not in step with the next ones.
            tokio::time::sleep(Duration::from_millis(60)).await;
            let row = format!("opportunity,name,owner,stage,amount,closed_on\nL{number},新,rep,won,10.00,2026-03-09\n");
            world.import(Kind::Opportunities, &row).await;
            let committed = Instant::now();
            let event = next(&mut stream).await;
            quickest = quickest.min(committed.elapsed());
            assert_eq!(event["people"][0], person.to_string());
        }
        assert!(quickest < Duration::from_millis(200), "{quickest:?}");
    })
    .await;
}

#[tokio::test]
async fn many_commits_in_a_row_are_told_together() {
    on_both(|world| async move {
        let mut stream = listen(&world, "manager").await;
        let (rep, mate) = (world.person("rep").await.to_string(), world.person("mate").await.to_string());
        tokio::time::sleep(Duration::from_millis(60)).await;
        let write = async |number: i32, owner: &str| {
            let row =
                format!("opportunity,name,owner,stage,amount,closed_on\nM{number},新,{owner},won,10.00,2026-03-09\n");
            world.import(Kind::Opportunities, &row).await;
        };
        write(0, "rep").await;
        assert_eq!(next(&mut stream).await["people"], json!([rep.clone()]), "the first at once");
        for number in 1..=5 {
            write(number, if number == 3 { "mate" } else { "rep" }).await;
        }
        let (mut people, mut events) = (BTreeSet::new(), 0);
        while people.len() < 2 {
            let event = next(&mut stream).await;
            people.extend(event["people"].as_array().unwrap().iter().map(|person| person.as_str().unwrap().to_owned()));
            events += 1;
        }
        assert_eq!(people, BTreeSet::from([rep, mate]));
        assert!(events < 5, "not one for each commit");
        while let Ok(frame) = tokio::time::timeout(Duration::from_millis(1300), stream.frame()).await {
            assert!(frame.is_some(), "the stream goes on");
            events += 1;
        }
        assert!(events < 5, "nor afterwards: {events}");
    })
    .await;
}

#[tokio::test]
async fn what_another_node_writes_is_found_by_the_clock() {
    on_both(|world| async move {
        let mut stream = listen(&world, "rep").await;
        let other = world.node().await;
        let csv = "opportunity,name,owner,stage,amount,closed_on\nN1,新,rep,won,10.00,2026-03-09\n";
        let table = qiao_app::imports::read(csv.as_bytes()).unwrap();
        let mapping = qiao_app::imports::Mapping::plain(&table);
        let kind = Kind::Opportunities;
        qiao_app::imports::run(&other, &world.operator, kind, &table, &mapping, false, |_, _| {}).await.unwrap();
        let event = next(&mut stream).await;
        assert_eq!(event["people"][0], world.person("rep").await.to_string());
    })
    .await;
}

#[tokio::test]
async fn a_deal_renamed_on_one_node_is_called_so_on_all() {
    on_both(|mut world| async move {
        let other = router(world.node().await, Router::new());
        let here = std::mem::replace(&mut world.app, other.clone());
        let path = "/api/v1/people/me/estimate?period=2026-03";
        for app in [&here, &other] {
            world.app = app.clone();
            let shown = world.get("rep", path).await;
            assert_eq!(shown.body["lines"][0]["source"]["name"], "甲公司一期", "{}", shown.text);
        }
        let deals = world.get("rep", "/api/v1/opportunities?external_id=D1").await;
        let deal = format!("/api/v1/opportunities/{}", deals.body["items"][0]["id"].as_str().unwrap());
        world.app = here;
        let renamed = world.patch("rep", &deal, 1, json!({"name": "甲公司二期"})).await;
        assert_eq!(renamed.status, StatusCode::OK, "{}", renamed.text);
        assert_eq!(world.get("rep", path).await.body["lines"][0]["source"]["name"], "甲公司二期");
        world.app = other;
        assert_eq!(world.get("rep", path).await.body["lines"][0]["source"]["name"], "甲公司二期");
    })
    .await;
}

#[tokio::test]
async fn a_customer_renamed_on_one_node_is_called_so_on_the_pages_of_all() {
    on_both(|mut world| async move {
        let other = router(world.node().await, Router::new());
        let customer = world.made("rep", "/api/v1/accounts", json!({"name": "甲公司"})).await;
        let deal = json!({"name": "一期", "account_id": customer["id"]});
        let deal = world.made("rep", "/api/v1/opportunities", deal).await;
        let path = format!("/api/v1/records/opportunity/{}", deal["id"].as_str().unwrap());
        let here = std::mem::replace(&mut world.app, other.clone());
        assert_eq!(world.get("rep", &path).await.body["fields"][0]["value"], "甲公司");
        world.app = here;
        let address = format!("/api/v1/accounts/{}", customer["id"].as_str().unwrap());
        let renamed = world.patch("rep", &address, 1, json!({"name": "甲集团"})).await;
        assert_eq!(renamed.status, StatusCode::OK, "{}", renamed.text);
        assert_eq!(world.get("rep", &path).await.body["fields"][0]["value"], "甲集团");
        world.app = other;
        assert_eq!(world.get("rep", &path).await.body["fields"][0]["value"], "甲集团");
    })
    .await;
}
