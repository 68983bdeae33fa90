//! Messages: who is told of what, in whose words, and how they are read.

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use qiao_app::imports::Kind;
use qiao_app::inbox;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::world::{World, on_both};

async fn messages(world: &World, who: &str) -> Vec<Value> {
    let answer = world.get(who, "/api/v1/notifications").await;
    answer.body["items"].as_array().unwrap_or_else(|| panic!("{}", answer.text)).clone()
}

async fn of_kind(world: &World, who: &str, kind: &str) -> Vec<Value> {
    messages(world, who).await.into_iter().filter(|message| message["kind"] == kind).collect()
}

async fn unread(world: &World, who: &str) -> u64 {
    world.get(who, "/api/v1/notifications/count").await.body["unread"].as_u64().unwrap()
}

/// Whoever reads here reads English.
async fn english(world: &World) {
    for who in ["rep", "manager", "director", "paid", "operations"] {
        world.ask(who, "PATCH", "/api/v1/me", Some(json!({"locale": "en"}))).await;
    }
}

/// Everything that the making of the world told is read.
async fn clear(world: &World) {
    english(world).await;
    for who in ["rep", "manager", "director", "paid"] {
        world.ask(who, "POST", "/api/v1/notifications/reading", Some(json!({"read": true}))).await;
    }
}

async fn deal(world: &World, who: &str, name: &str) -> Value {
    world.made(who, "/api/v1/opportunities", json!({"name": name, "amount": {"amount": "5000.00"}})).await
}

#[tokio::test]
async fn a_comment_tells_the_owner_and_whom_it_names() {
    on_both(|world| async move {
        clear(&world).await;
        let id = deal(&world, "rep", "常熟明远二期").await["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/records/opportunity/{id}/comments");
        let readers = world.get("manager", &format!("/api/v1/records/opportunity/{id}/readers")).await;
        let names: Vec<&str> =
            readers.body["items"].as_array().unwrap().iter().filter_map(|p| p["name"].as_str()).collect();
        assert!(names.contains(&"陈一") && names.contains(&"吴六") && !names.contains(&"周五"), "{names:?}");
        assert_eq!(world.get("manager", &format!("/api/v1/records/opportunity/{id}/readers")).await.status, 200);
        world.made("manager", &path, json!({"text": "先约决策人"})).await;
        let (rep, director) = (world.person("rep").await, world.person("director").await);
        let text = "@陈一 @吴六 看一下报价";
        world.made("manager", &path, json!({"text": text, "mentions": [rep, director]})).await;
        // Named in the list only, not in the text: nobody is told.
        world.made("manager", &path, json!({"text": "再看看", "mentions": [director]})).await;
        let comments = of_kind(&world, "rep", "comment").await;
        assert_eq!(comments.len(), 2, "{comments:?}");
        assert_eq!(comments[1]["title"], "manager commented on 常熟明远二期");
        assert_eq!((&comments[1]["text"], &comments[1]["record"]["id"]), (&json!("先约决策人"), &json!(id)));
        let named = of_kind(&world, "rep", "mention").await;
        assert_eq!((named.len(), &named[0]["text"]), (1, &json!(text)), "who is named is told once");
        assert_eq!(of_kind(&world, "director", "mention").await.len(), 1);
        assert_eq!(unread(&world, "rep").await, 3);
        assert!(of_kind(&world, "manager", "comment").await.is_empty(), "own words are no news");
        // The same in the reader's language.
        world.ask("rep", "PATCH", "/api/v1/me", Some(json!({"locale": "zh-CN"}))).await;
        let zh = world.get("rep", "/api/v1/notifications").await;
        assert!(zh.text.contains("评论了商机「常熟明远二期」"), "{}", zh.text);
    })
    .await;
}

#[tokio::test]
async fn what_the_reader_no_longer_sees_is_told_without_name_and_amount() {
    on_both(|world| async move {
        clear(&world).await;
        let made = deal(&world, "rep", "绝密项目").await;
        let path = format!("/api/v1/opportunities/{}", made["id"].as_str().unwrap());
        let far = world.person("far").await;
        let moved = world.patch("operations", &path, 1, json!({"owner_id": far})).await;
        assert_eq!(moved.status, 200, "{}", moved.text);
        let told = of_kind(&world, "rep", "unassigned").await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0]["title"], "operations gave a record of yours to somebody else: Opportunity");
        assert!(told[0]["record"].is_null() && told[0]["name"].is_null());
        let all = world.get("rep", "/api/v1/notifications").await.text;
        assert!(!all.contains("绝密"), "{all}");
        // Who sees it is told its name.
        let back = world.patch("operations", &path, 2, json!({"owner_id": world.person("rep").await})).await;
        assert_eq!(back.status, 200, "{}", back.text);
        let given = of_kind(&world, "rep", "assigned").await;
        assert_eq!(given[0]["title"], "operations gave you 绝密项目");
    })
    .await;
}

#[tokio::test]
async fn a_file_of_many_is_one_message_for_each_person() {
    on_both(|world| async move {
        clear(&world).await;
        let rows: String = (0..450).map(|n| format!("B{n},批量 {n},rep,qualify,10.00,2026-03-01\n")).collect();
        let stage = world.get("rep", "/api/v1/pipelines").await.body["items"][0]["stages"][0]["code"].clone();
        let rows = rows.replace("qualify", stage.as_str().unwrap());
        let outcome =
            world.import(Kind::Opportunities, &format!("opportunity,name,owner,stage,amount,opened_on\n{rows}")).await;
        assert_eq!(outcome.created, 450, "{:?}", outcome.rejected.first());
        let told = of_kind(&world, "rep", "assigned").await;
        // The one deal that the making of the world gave is in the same bundle of the day.
        assert_eq!(told.iter().filter(|message| message["read"] == false).count(), 1, "{told:?}");
        assert!(told[0]["count"].as_i64().unwrap() >= 450, "{told:?}");
        assert_eq!(unread(&world, "rep").await, 1);
    })
    .await;
}

#[tokio::test]
async fn reading_is_marked_and_taken_back() {
    on_both(|world| async move {
        clear(&world).await;
        let id = deal(&world, "rep", "甲").await["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/records/opportunity/{id}/comments");
        for text in ["一", "二", "三"] {
            world.pass(1_000);
            world.made("manager", &path, json!({"text": text})).await;
        }
        assert_eq!(unread(&world, "rep").await, 3);
        let reading = "/api/v1/notifications/reading";
        let first = of_kind(&world, "rep", "comment").await[0]["id"].clone();
        let one = world.ask("rep", "POST", reading, Some(json!({"read": true, "ids": [first]}))).await;
        assert_eq!(one.body["count"], 1, "{}", one.text);
        world.pass(1_000);
        // Another's message is not there.
        let foreign = world.ask("manager", "POST", reading, Some(json!({"read": false, "ids": [first]}))).await;
        assert_eq!(foreign.body["count"], 0);
        let all = world.ask("rep", "POST", reading, Some(json!({"read": true, "kind": "comment"}))).await;
        assert_eq!((&all.body["count"], unread(&world, "rep").await), (&json!(2), 0));
        let undo = json!({"read": false, "marked_at": all.body["marked_at"]});
        assert_eq!(world.ask("rep", "POST", reading, Some(undo)).await.body["count"], 2, "the first one stays read");
        assert_eq!(unread(&world, "rep").await, 2);
        let page = world.get("rep", "/api/v1/notifications?unread=true&limit=1").await;
        let next = page.body["next_cursor"].as_str().unwrap();
        let rest = world.get("rep", &format!("/api/v1/notifications?unread=true&limit=1&cursor={next}")).await;
        assert_ne!(page.body["items"][0]["id"], rest.body["items"][0]["id"]);
        assert!(rest.body["next_cursor"].is_null());
        assert_eq!(world.get("rep", "/api/v1/notifications?limit=0").await.status, 422);
        assert_eq!(world.ask("rep", "POST", reading, Some(json!({"read": true, "marked_at": "x"}))).await.status, 422);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_wanted_is_not_told() {
    on_both(|world| async move {
        clear(&world).await;
        let off = world
            .ask("manager", "PATCH", "/api/v1/notification-settings", Some(json!({"kinds": {"deal_closed": false}})))
            .await;
        assert_eq!(off.status, 200, "{}", off.text);
        let made = deal(&world, "rep", "赢单").await;
        let path = format!("/api/v1/opportunities/{}", made["id"].as_str().unwrap());
        let won = world.patch("rep", &path, 1, json!({"stage_id": "won"})).await;
        assert_eq!(won.status, 200, "{}", won.text);
        let unread = |all: Vec<Value>| all.into_iter().filter(|message| message["read"] == false).count();
        assert_eq!(unread(of_kind(&world, "manager", "deal_closed").await), 0);
        // The second leader of the team wants it.
        let told = of_kind(&world, "paid", "deal_closed").await;
        let fresh: Vec<&Value> = told.iter().filter(|message| message["read"] == false).collect();
        assert_eq!((fresh.len(), &fresh[0]["title"]), (1, &json!("陈一 won 赢单")), "{told:?}");
        assert_eq!(fresh[0]["amount"]["amount"], "5000.00");
        let again =
            world.ask("manager", "PATCH", "/api/v1/notification-settings", Some(json!({"kinds": {"x": true}}))).await;
        assert!(again.status.is_client_error(), "{}", again.text);
    })
    .await;
}

#[tokio::test]
async fn a_payment_says_what_it_did_to_the_estimate() {
    on_both(|world| async move {
        english(&world).await;
        let plan = "id: paid\nname: {zh: 回款提成, en: Collections}\ncurrency: CNY\nperiod: month\nfrom: 2026-01-01\nwho: {roles: [rep]}\ncomponents:\n  - id: c\n    name: 提成\n    basis: payment_received\n    rate: {flat: 3%}\n";
        let published = world.ask("operations", "POST", "/api/v1/plans", Some(json!({"source": plan}))).await;
        assert!(published.status.is_success(), "{}", published.text);
        assert_eq!(of_kind(&world, "rep", "plan").await[0]["title"], "operations published version 1 of the plan Collections");
        // Whoever reads Chinese reads its Chinese name, whatever the publisher speaks.
        world.ask("rep", "PATCH", "/api/v1/me", Some(json!({"locale": "zh-CN"}))).await;
        let told = of_kind(&world, "rep", "plan").await;
        assert_eq!(told[0]["title"], "operations 发布了激励方案「回款提成」第 1 版");
        world.ask("rep", "PATCH", "/api/v1/me", Some(json!({"locale": "en"}))).await;
        let account = world.made("rep", "/api/v1/accounts", json!({"name": "甲公司"})).await;
        let contract = json!({"number": "HT-1", "account_id": account["id"], "amount": {"amount": "10000.00"}, "status": "signed"});
        let contract = world.made("rep", "/api/v1/contracts", contract).await;
        clear(&world).await;
        world.pass(1_000);
        let payment = json!({"contract_id": contract["id"], "amount": {"amount": "1234.00"}});
        world.made("finance", "/api/v1/payments", payment).await;
        let told = of_kind(&world, "rep", "payment").await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0]["amount"]["amount"], "1234.00");
        assert_eq!(told[0]["estimate"]["value"], "37.02", "3 % of it");
        assert!(told[0]["estimate"]["why"].as_str().unwrap().contains("/estimate/explanation"));
        // A second one does not change what the first did.
        world.pass(1_000);
        world.made("finance", "/api/v1/payments", json!({"contract_id": contract["id"], "amount": {"amount": "100.00"}})).await;
        let told = of_kind(&world, "rep", "payment").await;
        let values: Vec<&Value> = told.iter().map(|message| &message["estimate"]["value"]).collect();
        assert_eq!(values, [&json!("3.00"), &json!("37.02")]);
    })
    .await;
}

#[tokio::test]
async fn a_target_is_told_once_it_is_another() {
    on_both(|world| async move {
        let rep = world.person("rep").await;
        let form =
            json!({"metric": "won_amount", "subject": format!("person:{rep}"), "period": "2026-03", "base": "5000.00"});
        let made = world.made("manager", "/api/v1/targets", form).await;
        let path = format!("/api/v1/targets/{}", made["id"].as_str().unwrap());
        assert_eq!(world.patch("manager", &path, 1, json!({"stretch": "9000.00"})).await.status, 200);
        assert_eq!(world.patch("manager", &path, 2, json!({"base": "6000.00"})).await.status, 200);
        let told = of_kind(&world, "rep", "target").await;
        let titles: Vec<&str> = told.iter().filter_map(|message| message["title"].as_str()).collect();
        assert_eq!(titles.len(), 2, "{titles:?}");
        assert!(titles.iter().any(|title| title.ends_with("5000.00 → 6000.00")), "{titles:?}");
    })
    .await;
}

#[tokio::test]
async fn the_end_of_an_import_is_told_to_who_began_it_and_old_messages_go() {
    on_both(|world| async move {
        english(&world).await;
        let id = deal(&world, "rep", "甲").await["id"].as_str().unwrap().to_owned();
        let named = json!({"text": "@周五 看看", "mentions": [world.person("manager").await]});
        world.made("rep", &format!("/api/v1/records/opportunity/{id}/comments"), named).await;
        let context = world.operator.clone();
        let me = world.get("operations", "/api/v1/me").await;
        let user = uuid::Uuid::try_parse(me.body["user_id"].as_str().unwrap()).unwrap();
        let input = (context.clone(), user);
        let who = context.write();
        let written = world.db.store.write(&who, input, |tx, (context, user)| {
            Box::pin(async move {
                inbox::import_finished(tx, context, *user, uuid::Uuid::now_v7(), "deals.csv", [3, 2, 1, 0]).await
            })
        });
        assert!(written.await.is_ok());
        let told = of_kind(&world, "operations", "import").await;
        assert_eq!(told[0]["text"], "3 created, 2 updated, 1 unchanged, 0 rejected");
        world.ask("operations", "POST", "/api/v1/notifications/reading", Some(json!({"read": true}))).await;
        let days = |days: i64| world.state.now_ms() + days * 86_400_000;
        inbox::sweep(&world.db.store, days(80)).await.unwrap();
        assert_eq!(messages(&world, "operations").await.len(), 1);
        inbox::sweep(&world.db.store, days(100)).await.unwrap();
        assert!(messages(&world, "operations").await.is_empty());
        assert!(!messages(&world, "manager").await.is_empty(), "what was not read stays");
        inbox::sweep(&world.db.store, days(400)).await.unwrap();
        assert!(messages(&world, "manager").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_listens_hears_of_the_own_inbox_only() {
    on_both(|world| async move {
        let id = deal(&world, "rep", "甲").await["id"].as_str().unwrap().to_owned();
        world.state.view(&world.operator).await.unwrap();
        let listen = async |who: &str| {
            let token = format!("Bearer {}", world.tokens[who]);
            let request = Request::get("/api/v1/events").header("authorization", token).body(Body::empty()).unwrap();
            world.app.clone().oneshot(request).await.unwrap().into_body()
        };
        let (mut rep, mut manager) = (listen("rep").await, listen("manager").await);
        let path = format!("/api/v1/records/opportunity/{id}/comments");
        world.made("manager", &path, json!({"text": "看看"})).await;
        let frame =
            tokio::time::timeout(std::time::Duration::from_secs(5), rep.frame()).await.unwrap().unwrap().unwrap();
        let text = String::from_utf8_lossy(&frame.into_data().unwrap()).into_owned();
        assert!(text.contains("\"inbox\":true"), "{text}");
        let quiet = tokio::time::timeout(std::time::Duration::from_millis(300), manager.frame()).await;
        assert!(quiet.is_err(), "the manager's own comment is no news to the manager");
    })
    .await;
}
