//! Live updates: who listens hears at once what this process wrote.

use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use qiao_app::imports::Kind;
use serde_json::Value;
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
async fn what_another_node_writes_is_found_by_the_clock() {
    on_both(|world| async move {
        let mut stream = listen(&world, "rep").await;
        let store = world.db.open_again().await;
        let books = qiao_store::books::Follower::start(store.clone()).await.unwrap();
        let clock = world.state.now_ms();
        let config = qiao_app::state::Config::default();
        let other = qiao_app::state::AppState::new(store, books, config, std::sync::Arc::new(move || clock));
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
